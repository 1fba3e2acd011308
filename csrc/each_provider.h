/* each_provider.h - every row of data/providers. Define some of PROVIDER, HOST, MARK, REMEDY, PROVIDER_REPLY and PROVIDER_SELF
 * before; what is not defined is left out, and all are undefined behind. May be included any number of times. Internal. */
#ifndef PROVIDER
#define PROVIDER(NAME, slug, title, help, confirmed, meaning)
#endif
#ifndef HOST
#define HOST(NAME, suffix)
#endif
#ifndef MARK
#define MARK(NAME, pattern)
#endif
#ifndef REMEDY
#define REMEDY(name, words)
#endif
#ifndef PROVIDER_REPLY
#define PROVIDER_REPLY(NAME, slug, cause, pattern, remedy, source, example, ...)
#endif
#ifndef PROVIDER_SELF
#define PROVIDER_SELF(NAME, slug, cause, pattern, remedy, source, example, ...)
#endif
#include "data/providers.def"
#undef PROVIDER
#undef HOST
#undef MARK
#undef REMEDY
#undef PROVIDER_REPLY
#undef PROVIDER_SELF
