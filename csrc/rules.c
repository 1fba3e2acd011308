/* rules.c - which row of data/rules.def decides: the code's, the status's, or the one for what is out of step. */
#include "rules.h"

/* Beyond the stages of a row: it holds only when no recipient was accepted so far. */
#define NONE_ACCEPTED (UINT32_C(1) << 31)

/* ---- Tables ----------------------------------------------------------------------------------------------------- */

#define REPLYCODE_STAGE_SCOPE REPLYCODE__STAGE_SCOPE
#define REPLYCODE_BY_CLASS 0
#define BASIS(stages) (((stages) & AT(NO_STAGE)) != 0 ? REPLYCODE_BY_CODE : REPLYCODE_BY_STAGE)
#define FIXED_RULE(NAME, slug, transience, cause, scope, basis, reference) \
  {0, 0, 0, 0, REPLYCODE_##transience, REPLYCODE_##cause, REPLYCODE_##scope, 0, 0, REPLYCODE_BY_##basis, 0},
#define CODE_RULE(NAME, slug, code, stages, cause, scope, action, waiting, weight, reference) \
  {stages, code, 0, 0, 0, REPLYCODE_##cause, REPLYCODE_##scope, REPLYCODE_##action, REPLYCODE_WAITING_##waiting, \
   BASIS(stages), REPLYCODE__##weight},
#define CODE_ELSE CODE_RULE
#define STATUS_RULE(NAME, slug, subject, detail, code, stages, cause, scope, action, waiting, weight, reference) \
  {stages, code, subject, detail, 0, REPLYCODE_##cause, REPLYCODE_##scope, REPLYCODE_##action, REPLYCODE_WAITING_##waiting, \
   REPLYCODE_BY_ENHANCED, REPLYCODE__##weight},
#define STATUS_ELSE STATUS_RULE
static const struct replycode__rule rules[] = {
  {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
#include "data/rules.def"
};
#undef FIXED_RULE
#undef CODE_RULE
#undef CODE_ELSE
#undef STATUS_RULE
#undef STATUS_ELSE

/* Where the rows of a code begin. A code that begins twice is a duplicate case. */
static int first_rule_of_code(unsigned code) {
  switch (code) {
#define FIXED_RULE(NAME, slug, transience, cause, scope, basis, reference)
#define CODE_RULE(NAME, slug, code, stages, cause, scope, action, waiting, weight, reference) \
  case code: return REPLYCODE__##NAME;
#define CODE_ELSE(NAME, slug, code, stages, cause, scope, action, waiting, weight, reference)
#define STATUS_RULE(NAME, slug, subject, detail, code, stages, cause, scope, action, waiting, weight, reference)
#define STATUS_ELSE STATUS_RULE
#include "data/rules.def"
#undef CODE_RULE
#undef CODE_ELSE
#undef STATUS_RULE
#undef STATUS_ELSE
    default: return REPLYCODE__NO_RULE;
  }
}

static int first_rule_of_status(unsigned subject, unsigned detail) {
  switch (subject * 1000 + detail) {
#define CODE_RULE(NAME, slug, code, stages, cause, scope, action, waiting, weight, reference)
#define CODE_ELSE CODE_RULE
#define STATUS_RULE(NAME, slug, subject, detail, code, stages, cause, scope, action, waiting, weight, reference) \
  case subject * 1000 + detail: return REPLYCODE__##NAME;
#define STATUS_ELSE(NAME, slug, subject, detail, code, stages, cause, scope, action, waiting, weight, reference)
#include "data/rules.def"
#undef FIXED_RULE
#undef CODE_RULE
#undef CODE_ELSE
#undef STATUS_RULE
#undef STATUS_ELSE
    default: return REPLYCODE__NO_RULE;
  }
}

/* ---- Steps: which 2yz and 3yz a stage can have ------------------------------------------------------------------ */

#define STEP(stage, codes, reference)
#define STEP_CODE(code) STEP_##code,
enum {
#include "data/steps.def"
  STEP_OTHER_2YZ, STEP_OTHER_3YZ
};
#undef STEP_CODE

static unsigned step_of_code(unsigned code) {
  switch (code) {
#define STEP_CODE(code) case code: return STEP_##code;
#include "data/steps.def"
#undef STEP_CODE
    default: return code / 100 == REPLYCODE__SUCCESS ? STEP_OTHER_2YZ : STEP_OTHER_3YZ;
  }
}
#undef STEP

#define S(code) (1u << STEP_##code)
#define OTHER_2YZ S(OTHER_2YZ)
#define EVERY_2YZ (S(211) | S(214) | S(220) | S(221) | S(235) | S(250) | S(251) | S(252) | S(253) | OTHER_2YZ)
#define STEP_CODE(code)
static const uint16_t steps[] = {
#define STEP(stage, codes, reference) [REPLYCODE_##stage] = (uint16_t)(codes),
#include "data/steps.def"
#undef STEP
};
#undef STEP_CODE

static int is_in_step(unsigned code, int stage) { return (steps[stage] & 1u << step_of_code(code)) != 0; }

/* ---- Which rule ------------------------------------------------------------------------------------------------- */

static int rule_holds(const struct replycode__trial *trial, const struct replycode__rule *rule) {
  return replycode__at_stage(trial, rule->stages) && ((rule->stages & NONE_ACCEPTED) == 0 || trial->context.none_accepted);
}

static int rule_of_code(const struct replycode__trial *trial, unsigned code) {
  int at = first_rule_of_code(code);
  if (at == REPLYCODE__NO_RULE) return at;
  for (; rules[at].code == code; at++)
    if (rule_holds(trial, &rules[at])) return at;
  return REPLYCODE__NO_RULE;
}

/* The code's own row, or its class's. */
static int rule_by_code(const struct replycode__trial *trial) {
  int rule = rule_of_code(trial, trial->reply->code);
  return rule != REPLYCODE__NO_RULE ? rule : rule_of_code(trial, trial->digit);
}

static int rule_of_status(const struct replycode__trial *trial, unsigned subject, unsigned detail) {
  int at = first_rule_of_status(subject, detail);
  if (at == REPLYCODE__NO_RULE) return at;
  for (; at < REPLYCODE__TEXT_RULES && rules[at].subject == subject && rules[at].detail == detail; at++)
    if (rule_holds(trial, &rules[at]) && (rules[at].code == 0 || rules[at].code == trial->reply->code)) return at;
  return REPLYCODE__NO_RULE;
}

/* The status's own row, or its subject's (RFC 3463 section 2). X.0.0 says nothing. */
static int rule_by_status(const struct replycode__trial *trial) {
  const struct replycode_status *status = &trial->reply->status;
  int rule;
  if (status->klass == 0) return REPLYCODE__NO_RULE;
  rule = rule_of_status(trial, status->subject, status->detail);
  return rule != REPLYCODE__NO_RULE ? rule : rule_of_status(trial, status->subject, 0);
}

/* Before RCPT a status cannot be about a recipient or a mailbox, whatever its number says. */
static int rule_before_rcpt(const struct replycode__trial *trial, int by_status, int by_code) {
  int cause = rules[by_status].cause;
  if (!replycode__concerns_recipient(cause) && cause != REPLYCODE_MAILBOX_FULL) return by_status;
  if (replycode__concerns_recipient(cause) && trial->context.stage == REPLYCODE_AUTH) return REPLYCODE__NOT_YET_AUTH;
  if (replycode__concerns_recipient(cause) && trial->context.stage == REPLYCODE_MAIL) return REPLYCODE__NOT_YET_MAIL;
  return by_code;
}

static int rule_of_failure(const struct replycode__trial *trial) {
  int by_code = rule_by_code(trial), by_status = rule_by_status(trial);
  if (by_status == REPLYCODE__NO_RULE || rules[by_status].weight < rules[by_code].weight) return by_code;
  return replycode__at_stage(trial, BEFORE_RCPT) ? rule_before_rcpt(trial, by_status, by_code) : by_status;
}

/* Text without a code is read only where our own side wrote it, or nobody knows. */
static int rule_without_code(const struct replycode__trial *trial) {
  int rule;
  if (!replycode__at_stage(trial, AT(NO_STAGE) | AT(LOCAL))) return REPLYCODE__NOT_SMTP;
  if (trial->reply->status.klass == REPLYCODE__SUCCESS) return REPLYCODE__ACCEPTED_REPLY;
  rule = rule_by_status(trial);
  return rule != REPLYCODE__NO_RULE ? rule : REPLYCODE__NO_CODE;
}

static int has_no_code(const struct replycode_reply *reply) {
  return reply->code == 0 && (reply->malformed == REPLYCODE_WELL_FORMED || reply->malformed == REPLYCODE_BAD_CODE);
}

int replycode__rule_of(const struct replycode__trial *trial) {
  if (has_no_code(trial->reply)) return rule_without_code(trial);
  if (trial->reply->malformed != REPLYCODE_WELL_FORMED) return REPLYCODE__NOT_SMTP;
  switch (trial->digit) {
    case REPLYCODE__SUCCESS:
    case REPLYCODE__INTERMEDIATE:
      return is_in_step(trial->reply->code, trial->context.stage) ? REPLYCODE__ACCEPTED_REPLY : REPLYCODE__OUT_OF_STEP;
    case REPLYCODE__TRANSIENT:
    case REPLYCODE__PERMANENT: return rule_of_failure(trial);
    default: return REPLYCODE__NOT_SMTP;
  }
}

const struct replycode__rule *replycode__rule_at(int number) { return &rules[number]; }
