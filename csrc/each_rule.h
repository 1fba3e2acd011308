/* each_rule.h - every row of data/rules.def as RULE(NAME, slug, reference). Define RULE before; it is undefined behind. May
 * be included any number of times. Internal. */
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
#undef RULE
