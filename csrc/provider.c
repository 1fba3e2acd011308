/* provider.c - a host's name -> provider. */
#include "provider.h"

/* Whether the host is the suffix, or lies below it. */
static int is_below(const char *host, size_t size, const char *suffix) {
  size_t length = strlen(suffix);
  if (size < length || !replycode__is_word(host + size - length, length, suffix)) return 0;
  return size == length || host[size - length - 1] == '.';
}

int replycode__provider_of(const char *host, size_t size) {
  if (size > 0 && host[size - 1] == '.') size--;
#define HOST(NAME, suffix) if (is_below(host, size, suffix)) return REPLYCODE__PROVIDER_##NAME;
#include "each_provider.h"
  return REPLYCODE__NO_PROVIDER;
}
