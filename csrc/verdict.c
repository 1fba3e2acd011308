/* verdict.c - reply + stage -> verdict. rules.c says which row decides; here is what follows from it. */
#include "bytes.h"
#include "reading.h"
#include "rules.h"
#include "window.h"

enum passes { NEVER, WHEN_SAID, ALWAYS };

struct cause { uint8_t transience, scope, action, passes, waiting; };

static const struct cause causes[] = {
#define CAUSE(NAME, slug, transience, scope, action, passes, waiting, rank, references, title, meaning, when, remedy, \
              operator_remedy)                                                                                       \
  [REPLYCODE_##NAME] = {REPLYCODE_##transience, REPLYCODE_##scope, REPLYCODE_##action, passes, REPLYCODE_WAITING_##waiting},
#include "data/causes.def"
#undef CAUSE
};

static const uint8_t stage_scopes[] = {
#define STAGE(NAME, slug, verb, scope, references, title, meaning) [REPLYCODE_##NAME] = REPLYCODE_##scope,
#include "data/stages.def"
#undef STAGE
};

/* ---- What a stage covers ---------------------------------------------------------------------------------------- */

static int scope_of_stage(const struct replycode__trial *trial) {
  switch (trial->reply->code) {
#define DEFAULT_SCOPE(code, scope, stages)                               \
  case code:                                                             \
    if (replycode__at_stage(trial, stages)) return REPLYCODE_##scope;    \
    break;
#include "data/default_scopes.def"
#undef DEFAULT_SCOPE
    default: break;
  }
  return trial->context.stage == REPLYCODE_NO_STAGE ? REPLYCODE_MESSAGE : stage_scopes[trial->context.stage];
}

/* ---- From the rule to the verdict ------------------------------------------------------------------------------- */

/* 5yz that are transient all the same, for what they name passes by itself, or the text asks to wait. */
static int passes(const struct replycode__rule *rule, const struct replycode__reading *reading) {
  switch (causes[rule->cause].passes) {
    case ALWAYS: return 1;
    case WHEN_SAID: if (reading->temporary) return 1; break;
    default: break;
  }
  return reading->retry_after != 0 || (rule->basis == REPLYCODE_BY_CALLER && rule->transience == REPLYCODE_TRANSIENT);
}

/* Text without code and status: its rule, then what it says of time, then the cause. */
static int transience_of_text(const struct replycode__rule *rule, const struct replycode__reading *reading) {
  if (rule->transience != 0) return rule->transience;
  if (reading->temporary || reading->retry_after != 0) return REPLYCODE_TRANSIENT;
  return causes[rule->cause].transience;
}

/* The code's class; without a code that of a reply quoted in the text, then the status's. */
static unsigned class_of(const struct replycode__trial *trial, const struct replycode__reading *reading) {
  if (trial->reply->code != 0) return trial->digit;
  if (reading->quoted && reading->quote.code != 0) return reading->quote.code / 100u;
  if (trial->reply->status.klass != 0) return trial->reply->status.klass;
  return reading->quoted ? reading->quote.status.klass : 0;
}

static int transience_of(const struct replycode__trial *trial, const struct replycode__rule *rule,
                         const struct replycode__reading *reading) {
  unsigned klass = class_of(trial, reading);
  if (rule->basis < REPLYCODE_BY_TEXT && rule->transience != 0) return rule->transience;
  if (klass == REPLYCODE__TRANSIENT) return REPLYCODE_TRANSIENT;
  if (klass != REPLYCODE__PERMANENT) return transience_of_text(rule, reading);
  return passes(rule, reading) ? REPLYCODE_TRANSIENT : REPLYCODE_PERMANENT;
}

static int scope_of_cause(const struct replycode__trial *trial, int cause) {
#define CAUSE_SCOPE(name, stages, scope, reference) \
  if (cause == (int)REPLYCODE_##name && replycode__at_stage(trial, stages)) return REPLYCODE_##scope;
#include "data/cause_scopes.def"
#undef CAUSE_SCOPE
  return causes[cause].scope;
}

static int scope_of(const struct replycode__trial *trial, const struct replycode__rule *rule) {
  int of_stage = scope_of_stage(trial), of_cause = scope_of_cause(trial, rule->cause);
  if (rule->scope == REPLYCODE__STAGE_SCOPE) return of_stage;
  if (rule->scope != REPLYCODE_NO_SCOPE) return rule->scope;
  return of_cause != REPLYCODE_NO_SCOPE ? of_cause : of_stage;
}

/* A full mailbox that nobody uses any more stays full. */
static int waiting_of(const struct replycode_verdict *verdict, const struct replycode__rule *rule,
                      const struct replycode__reading *reading) {
  int waiting = rule->waiting != REPLYCODE_WAITING_AS_SAID ? rule->waiting : causes[rule->cause].waiting;
  int contradicted = waiting == REPLYCODE_WAITING_HELPS ? REPLYCODE_PERMANENT : REPLYCODE_TRANSIENT;
  if (verdict->cause == REPLYCODE_MAILBOX_FULL && reading->disabled) return REPLYCODE_WAITING_AS_SAID;
  return verdict->transience == contradicted ? waiting : REPLYCODE_WAITING_AS_SAID;
}

static int closes(const struct replycode__trial *trial) {
  switch (trial->reply->code) {
#define CLOSES(code, reference) case code: return 1;
#include "data/closes.def"
#undef CLOSES
    default: break;
  }
  if (trial->context.stage != REPLYCODE_CONNECT) return 0;
  return trial->digit == REPLYCODE__TRANSIENT || trial->digit == REPLYCODE__PERMANENT;
}

enum { REPLYCODE_NOBODY };

static int settled_by_success(int stage) {
  switch (stage) {
#define SETTLES(stage, by_success, by_failure, reference) case REPLYCODE_##stage: return REPLYCODE_##by_success;
#include "data/settles.def"
#undef SETTLES
    default: return REPLYCODE_NOBODY;
  }
}

static int settled_by_failure(int stage) {
  switch (stage) {
#define SETTLES(stage, by_success, by_failure, reference) case REPLYCODE_##stage: return REPLYCODE_##by_failure;
#include "data/settles.def"
#undef SETTLES
    default: return REPLYCODE_NOBODY;
  }
}

static int settles(const struct replycode__trial *trial, const struct replycode_verdict *verdict) {
  if (verdict->transience == REPLYCODE_NOTHING_FAILED)
    return trial->digit == REPLYCODE__SUCCESS ? settled_by_success(trial->context.stage) : 0;
  if (verdict->transience != REPLYCODE_PERMANENT || trial->digit != REPLYCODE__PERMANENT) return 0;
  if (verdict->scope == REPLYCODE_COMMAND || verdict->scope == REPLYCODE_SESSION) return 0;
  return settled_by_failure(trial->context.stage);
}

/* ---- The next step ---------------------------------------------------------------------------------------------- */

static int action_of_stage(const struct replycode__trial *trial, const struct replycode_verdict *verdict) {
  const unsigned code = verdict->code;
#define EVERY_CODE 1
#define C(number) (code == number)
#define STAGE_ACTION(stages, codes, fits_cause, fits_scope, action, reference)                                    \
  if (replycode__at_stage(trial, stages) && (codes) &&                                                            \
      (REPLYCODE_##fits_cause == REPLYCODE_NO_CAUSE || verdict->cause == (int)REPLYCODE_##fits_cause) &&          \
      (REPLYCODE_##fits_scope == REPLYCODE_NO_SCOPE || verdict->scope == (int)REPLYCODE_##fits_scope))            \
    return REPLYCODE_##action;
#include "data/stage_actions.def"
#undef STAGE_ACTION
#undef C
#undef EVERY_CODE
  return REPLYCODE_NO_ACTION;
}

static int action_of_permanent(const struct replycode__trial *trial, const struct replycode_verdict *verdict,
                               const struct replycode__rule *rule) {
  int action = action_of_stage(trial, verdict), of_rule = rule->action;
  if (of_rule >= REPLYCODE_RETRY && of_rule <= REPLYCODE_SPLIT && of_rule != REPLYCODE_TRY_NEXT_HOST)
    of_rule = REPLYCODE_NO_ACTION;
  if (rule->basis == REPLYCODE_BY_CALLER && of_rule != REPLYCODE_NO_ACTION) return of_rule;
  if (action != REPLYCODE_NO_ACTION) return action;
  if (of_rule != REPLYCODE_NO_ACTION) return of_rule;
  action = causes[rule->cause].action;
  return action != REPLYCODE_NO_ACTION ? action : REPLYCODE_GIVE_UP;
}

static int action_of_transient(const struct replycode__trial *trial, const struct replycode_verdict *verdict,
                               const struct replycode__rule *rule) {
  int at_door = replycode__at_stage(trial, AT(CONNECT) | HELLO_STAGES);
  if (verdict->rule == REPLYCODE__NOT_SMTP || verdict->rule == REPLYCODE__OUT_OF_STEP)
    return at_door ? REPLYCODE_TRY_NEXT_HOST : REPLYCODE_RECONNECT;
  if (rule->basis == REPLYCODE_BY_CALLER && rule->action >= REPLYCODE_RETRY && rule->action <= REPLYCODE_SPLIT)
    return rule->action;
  if (verdict->cause == REPLYCODE_TOO_MANY_RECIPIENTS)
    return trial->context.none_accepted ? REPLYCODE_RETRY : REPLYCODE_SPLIT;
  if (at_door && (verdict->scope == REPLYCODE_SERVER || verdict->scope == REPLYCODE_SESSION))
    return REPLYCODE_TRY_NEXT_HOST;
  return verdict->closes ? REPLYCODE_RECONNECT : REPLYCODE_RETRY;
}

static int action_of(const struct replycode__trial *trial, const struct replycode_verdict *verdict,
                     const struct replycode__rule *rule) {
  switch (verdict->transience) {
    case REPLYCODE_NOTHING_FAILED: return REPLYCODE_PROCEED;
    case REPLYCODE_TRANSIENT: return action_of_transient(trial, verdict, rule);
    default: return action_of_permanent(trial, verdict, rule);
  }
}

/* A listed domain is the sender's, unless the text says that it is a link in the message. */
static void name_link(struct replycode__rule *rule) {
  if (rule->cause != REPLYCODE_DOMAIN_BLOCKED || rule->scope != REPLYCODE_NO_SCOPE) return;
  rule->scope = REPLYCODE_MESSAGE;
  if (rule->action == REPLYCODE_NO_ACTION) rule->action = REPLYCODE_FIX_MESSAGE;
}

/* ---- Text against code and status ------------------------------------------------------------------------------- */

/* What decides: the rule's columns, as a row of rules.def has them, and its number. */
struct decision {
  struct replycode__rule rule;
  uint32_t number;
};

static void decide_by_row(struct decision *decision, int number) {
  decision->rule = *replycode__rule_at(number);
  decision->number = (uint32_t)number;
}

static int basis_of(const struct replycode__candidate *candidate) {
  if (candidate->number >= REPLYCODE_CALLERS_RULE) return REPLYCODE_BY_CALLER;
  if (candidate->matched.size > 0) return REPLYCODE_BY_TEXT;
  return candidate->rule->klass != 0 ? REPLYCODE_BY_ENHANCED : REPLYCODE_BY_CODE;
}

/* A code or status of the same cause knows the exceptions of its stage: what the text's rule does not name is taken from
 * it. */
static void complete(struct replycode__rule *rule, const struct replycode__rule *by_code) {
  if (rule->cause != by_code->cause) return;
  /* That a session ends is less than what the words name. */
  if (rule->scope == REPLYCODE_NO_SCOPE && by_code->scope != REPLYCODE_SESSION) rule->scope = by_code->scope;
  if (rule->action == REPLYCODE_NO_ACTION) rule->action = by_code->action;
  if (rule->waiting == REPLYCODE_WAITING_AS_SAID) rule->waiting = by_code->waiting;
}

static void decide_by_text(struct decision *decision, const struct replycode__candidate *candidate, int number) {
  const struct replycode__text_rule *rule = candidate->rule;
  memset(decision, 0, sizeof *decision);
  decision->number = candidate->number;
  decision->rule.transience = (uint8_t)replycode__rule_transience(rule);
  decision->rule.cause = rule->cause;
  decision->rule.scope = (uint8_t)replycode__rule_scope(rule);
  decision->rule.action = (uint8_t)replycode__rule_action(rule);
  decision->rule.waiting = (uint8_t)replycode__rule_waiting(rule);
  decision->rule.basis = (uint8_t)basis_of(candidate);
  complete(&decision->rule, replycode__rule_at(number));
}

/* Weak words yield to a status or code that says something definite, an echo to hardly anything. */
static int text_wins(const struct replycode__candidate *candidate, int number) {
  int weight = replycode__rule_at(number)->weight;
  if (candidate->rule == NULL) return 0;
  if (candidate->number >= REPLYCODE_CALLERS_RULE || candidate->rule->provider != 0) return 1;
  if (replycode__is_echo(number))
    return replycode__rank(candidate->rule) >= REPLYCODE__RANK_NAMED && candidate->rule->cause != REPLYCODE_PROTOCOL_ERROR;
  switch (replycode__rank(candidate->rule)) {
    case REPLYCODE__RANK_HINT: return weight < REPLYCODE__OWN_CODE;
    case REPLYCODE__RANK_VAGUE: return weight < REPLYCODE__EXACT_STATUS;
    default: return 1;
  }
}

/* The code and status inside a quoted reply tell more than those around it. */
static int rule_of_quote(const struct replycode__trial *trial, const struct replycode__reading *reading, int number) {
  struct replycode__trial inner = *trial;
  int quoted;
  if (!reading->quoted) return number;
  inner.reply = &reading->quote;
  inner.digit = reading->quote.code / 100u;
  quoted = replycode__rule_of(&inner);
  return replycode__yields_to_text(quoted) && replycode__rule_at(quoted)->cause != REPLYCODE_UNKNOWN ? quoted : number;
}

static int too_early(const struct replycode__trial *trial, const struct replycode__reading *reading, int number) {
  if (!reading->about_recipient || reading->best.rule != NULL) return number;
  if (trial->context.stage == REPLYCODE_AUTH) return REPLYCODE__NOT_YET_AUTH;
  return trial->context.stage == REPLYCODE_MAIL ? REPLYCODE__NOT_YET_MAIL : number;
}

static void decide(const struct replycode__trial *trial, struct replycode__reading *reading, struct decision *decision) {
  int number = replycode__rule_of(trial);
  if (replycode__yields_to_text(number)) {
    replycode__read(trial, reading);
    number = too_early(trial, reading, rule_of_quote(trial, reading, number));
    if (text_wins(&reading->best, number)) {
      decide_by_text(decision, &reading->best, number);
      if (reading->link) name_link(&decision->rule);
      return;
    }
  } else {
    memset(reading, 0, sizeof *reading);
  }
  decide_by_row(decision, number);
}

static void take_reading(struct replycode_verdict *verdict, const struct replycode__trial *trial,
                         const struct replycode__reading *reading) {
  verdict->provider = reading->provider;
  verdict->blocklist = reading->blocklist;
  if (reading->also.rule != NULL && reading->also.rule->cause != verdict->cause && !replycode__is_echo((int)verdict->rule))
    verdict->also = reading->also.rule->cause;
  if (reading->best.rule != NULL && reading->best.number == verdict->rule)
    verdict->matched = replycode__place(trial->reply, &reading->best.matched);
}

static void take_wait(struct replycode_verdict *verdict, const struct replycode__trial *trial,
                      const struct replycode__reading *reading) {
  if (verdict->transience != REPLYCODE_TRANSIENT || reading->retry_after == 0) return;
  verdict->retry_after = reading->retry_after;
  verdict->waited = replycode__place(trial->reply, &reading->waited);
}

void replycode_classify(const struct replycode_reply *reply, const struct replycode_context *context,
                        struct replycode_verdict *verdict) {
  struct replycode__reading reading;
  struct replycode__trial trial;
  struct decision decision;
  memset(&trial, 0, sizeof trial);
  trial.reply = reply;
  if (context != NULL) trial.context = *context;
  if (trial.context.stage < 0 || trial.context.stage > REPLYCODE_LOCAL) trial.context.stage = REPLYCODE_NO_STAGE;
  trial.digit = reply->code / 100u;
  memset(verdict, 0, sizeof *verdict);
  verdict->code = reply->code;
  verdict->status = reply->status;
  verdict->malformed = (uint8_t)reply->malformed;
  decide(&trial, &reading, &decision);
  verdict->rule = decision.number;
  verdict->cause = decision.rule.cause;
  verdict->basis = decision.rule.basis;
  take_reading(verdict, &trial, &reading);
  verdict->transience = (uint8_t)transience_of(&trial, &decision.rule, &reading);
  take_wait(verdict, &trial, &reading);
  verdict->scope = (uint8_t)scope_of(&trial, &decision.rule);
  verdict->waiting = (uint8_t)waiting_of(verdict, &decision.rule, &reading);
  verdict->closes = (uint8_t)(reading.closes || closes(&trial));
  verdict->settles = (uint8_t)settles(&trial, verdict);
  verdict->action = (uint8_t)action_of(&trial, verdict, &decision.rule);
}
