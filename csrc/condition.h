/* condition.h - the code and the status a rule asks for, as text. Internal. */
#ifndef REPLYCODE_CONDITION_H
#define REPLYCODE_CONDITION_H

#include "image.h"

/* "550" or "5xx" (5), a failure. 1 when it is one. */
REPLYCODE__INTERNAL int replycode__read_code(const char *text, uint16_t *code);

/* "5.7.26", "x.7.26", "5.7.x" or "5.7.606-649". 1 when it is one. */
REPLYCODE__INTERNAL int replycode__read_status(const char *text, struct replycode__text_rule *rule);

static inline int replycode__code_fits(const struct replycode__text_rule *rule, unsigned code) {
  return rule->code == 0 || rule->code == code || (rule->code < 10 && rule->code == code / 100);
}

static inline int replycode__status_fits(const struct replycode__text_rule *rule, const struct replycode_status *status) {
  if (rule->klass == 0) return 1;
  return status->klass != 0 && (rule->klass == 0xff || rule->klass == status->klass) &&
         (rule->subject == 0xff || rule->subject == status->subject) && status->detail >= rule->detail_from &&
         status->detail <= rule->detail_to;
}

#endif
