/* rules.h - the rows of data/rules.def, and which of them decides. Internal. */
#ifndef REPLYCODE_RULES_H
#define REPLYCODE_RULES_H

#include "bytes.h"
#include "stages.h"

#define RULE(NAME, slug, reference) REPLYCODE__##NAME,
enum replycode__rule_number {
  REPLYCODE__NO_RULE,
#include "each_rule.h"
  REPLYCODE__RULES
};

enum { REPLYCODE__STAGE_SCOPE = 0xff };   /* what the stage covers, whatever the cause's default is */

struct replycode__rule {
  uint32_t stages;
  uint16_t code;                  /* 0: any; below 10: a class */
  uint8_t subject, detail;        /* 0: a rule of a code */
  uint8_t transience;             /* 0: the class decides */
  uint8_t cause, scope, action, waiting, basis, weight;
};

/* One reply being judged. */
struct replycode__trial {
  const struct replycode_reply *reply;
  struct replycode_context context;
  unsigned digit;                 /* the code's first */
};

enum { REPLYCODE__SUCCESS = 2, REPLYCODE__INTERMEDIATE, REPLYCODE__TRANSIENT, REPLYCODE__PERMANENT };

static inline int replycode__at_stage(const struct replycode__trial *trial, uint32_t stages) {
  return (stages & UINT32_C(1) << trial->context.stage) != 0;
}

/* The rule's number, never 0, and its row. */
REPLYCODE__INTERNAL int replycode__rule_of(const struct replycode__trial *trial);
REPLYCODE__INTERNAL const struct replycode__rule *replycode__rule_at(int number);

#endif
