/* rules.h - the rows of data/rules.def, and which of them decides. Internal. */
#ifndef REPLYCODE_RULES_H
#define REPLYCODE_RULES_H

#include "bytes.h"
#include "stages.h"

#define RULE(NAME, slug, reference) REPLYCODE__##NAME,
#define RULES_THAT_READ REPLYCODE__TEXT_RULES, REPLYCODE__LAST_CODE_RULE = REPLYCODE__TEXT_RULES - 1,
enum replycode__rule_number {
  REPLYCODE__NO_RULE,
#include "each_rule.h"
  REPLYCODE__RULES
};

/* How much a row counts against others for the same reply; text of a low rank yields to heavy ones. */
enum {
  REPLYCODE__BARE, REPLYCODE__FAINT, REPLYCODE__PLAIN_CODE, REPLYCODE__GENERAL_STATUS, REPLYCODE__OWN_CODE,
  REPLYCODE__EXACT_STATUS
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

/* The rule's number without looking at text, never 0, and its row. */
REPLYCODE__INTERNAL int replycode__rule_of(const struct replycode__trial *trial);
REPLYCODE__INTERNAL const struct replycode__rule *replycode__rule_at(int number);

/* Whether text is read when this rule decides without it: not for what is no failure or no SMTP. */
static inline int replycode__yields_to_text(int number) {
  return number != REPLYCODE__ACCEPTED_REPLY && number != REPLYCODE__NOT_SMTP && number != REPLYCODE__OUT_OF_STEP;
}

/* Whether the rule says nothing but that an earlier reply has refused already. */
static inline int replycode__is_echo(int number) {
  return number == REPLYCODE__CODE_503_ECHO || number == REPLYCODE__STATUS_5_1_ECHO;
}

static inline int replycode__concerns_recipient(int cause) {
  return cause == REPLYCODE_RECIPIENT_UNKNOWN || cause == REPLYCODE_RECIPIENT_DISABLED ||
         cause == REPLYCODE_RECIPIENT_MOVED || cause == REPLYCODE_RECIPIENT_REFUSES;
}

#endif
