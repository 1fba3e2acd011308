/* each_rule.h - every row that can decide as RULE(NAME, slug, reference): those of data/rules.def, then RULES_THAT_READ, then
 * those that read text, in the order of the image. Define RULE before, and RULES_THAT_READ if it is of use; both are undefined
 * behind. May be included any number of times. Internal. */
#ifndef RULES_THAT_READ
#define RULES_THAT_READ
#endif
#define FIXED_RULE(NAME, slug, transience, cause, scope, basis, reference) RULE(NAME, slug, reference)
#define CODE_RULE(NAME, slug, code, stages, cause, scope, action, waiting, weight, reference) RULE(NAME, slug, reference)
#define CODE_ELSE CODE_RULE
#define STATUS_RULE(NAME, slug, subject, detail, code, stages, cause, scope, action, waiting, weight, reference) \
  RULE(NAME, slug, reference)
#define STATUS_ELSE STATUS_RULE
#include "data/rules.def"
#undef FIXED_RULE
#undef CODE_RULE
#undef CODE_ELSE
#undef STATUS_RULE
#undef STATUS_ELSE
RULES_THAT_READ
#define TEXT(slug, cause, pattern, source, example) RULE(TEXT_##slug, "text/" #slug, source)
#define TEXT_IF(slug, cause, pattern, source, example, ...) RULE(TEXT_##slug, "text/" #slug, source)
#include "each_text.h"
#define PROVIDER_REPLY(NAME, slug, cause, pattern, remedy, source, example, ...) RULE(REPLY_##slug, "provider/" #slug, source)
#define PROVIDER_SELF PROVIDER_REPLY
#include "each_provider.h"
#define BLOCKLIST(NAME, slug, lists, state, zone, page, source, title, meaning, remedy)
#define LISTED(NAME, slug, cause, pattern, example) RULE(LISTED_##slug, "blocklist/" #slug, "blocklist")
#include "data/blocklists.def"
#undef BLOCKLIST
#undef LISTED
#undef RULE
#undef RULES_THAT_READ
