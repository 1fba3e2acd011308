/* provider.h - who runs a server. Internal. */
#ifndef REPLYCODE_PROVIDER_H
#define REPLYCODE_PROVIDER_H

#include <stddef.h>

#include "bytes.h"

#define PROVIDER(NAME, slug, title, help, confirmed, meaning) REPLYCODE__PROVIDER_##NAME,
enum replycode__provider_number {
  REPLYCODE__NO_PROVIDER,
#include "each_provider.h"
  REPLYCODE__PROVIDERS
};

#define BLOCKLIST(NAME, slug, lists, state, zone, page, source, title, meaning, remedy) REPLYCODE__BLOCKLIST_##NAME,
#define LISTED(NAME, slug, cause, pattern, example)
enum replycode__blocklist_number {
  REPLYCODE__NO_BLOCKLIST,
#include "data/blocklists.def"
  REPLYCODE__BLOCKLISTS
};
#undef BLOCKLIST
#undef LISTED

/* The provider whose servers bear such a name ("mx.google.com", a dot behind allowed); 0 when none is known. */
REPLYCODE__INTERNAL int replycode__provider_of(const char *host, size_t size);

#endif
