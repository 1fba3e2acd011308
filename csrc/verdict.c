/* verdict.c - reply + stage -> verdict. rules.c says which row decides; here is what follows from it. */
#include "bytes.h"
#include "rules.h"

struct cause { uint8_t transience, scope, action; };

static const struct cause causes[] = {
#define CAUSE(NAME, slug, transience, scope, action, references, title, meaning, when, remedy, operator_remedy) \
  [REPLYCODE_##NAME] = {REPLYCODE_##transience, REPLYCODE_##scope, REPLYCODE_##action},
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

/* 5yz that are transient all the same, for what they name passes by itself. */
static int passes(int cause) {
  return cause == REPLYCODE_RATE_LIMITED || cause == REPLYCODE_GREYLISTED || cause == REPLYCODE_TOO_MANY_RECIPIENTS ||
         cause == REPLYCODE_TOO_MANY_CONNECTIONS;
}

static int transience_of(const struct replycode__trial *trial, const struct replycode__rule *rule) {
  unsigned klass = trial->reply->code != 0 ? trial->digit : trial->reply->status.klass;
  if (rule->transience != 0) return rule->transience;
  if (klass == REPLYCODE__TRANSIENT || passes(rule->cause)) return REPLYCODE_TRANSIENT;
  return klass == REPLYCODE__PERMANENT ? REPLYCODE_PERMANENT : causes[rule->cause].transience;
}

static int scope_of(const struct replycode__trial *trial, const struct replycode__rule *rule) {
  int of_stage = scope_of_stage(trial);
  if (rule->scope == REPLYCODE__STAGE_SCOPE) return of_stage;
  if (rule->scope != REPLYCODE_NO_SCOPE) return rule->scope;
  return causes[rule->cause].scope != REPLYCODE_NO_SCOPE ? causes[rule->cause].scope : of_stage;
}

static int waiting_of(const struct replycode_verdict *verdict, int waiting) {
  int contradicted = waiting == REPLYCODE_WAITING_HELPS ? REPLYCODE_PERMANENT : REPLYCODE_TRANSIENT;
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
  int action = action_of_stage(trial, verdict);
  if (action != REPLYCODE_NO_ACTION) return action;
  if (rule->action != REPLYCODE_NO_ACTION) return rule->action;
  action = causes[rule->cause].action;
  return action != REPLYCODE_NO_ACTION ? action : REPLYCODE_GIVE_UP;
}

static int action_of_transient(const struct replycode__trial *trial, const struct replycode_verdict *verdict) {
  int at_door = replycode__at_stage(trial, AT(CONNECT) | HELLO_STAGES);
  if (verdict->rule == REPLYCODE__NOT_SMTP || verdict->rule == REPLYCODE__OUT_OF_STEP)
    return at_door ? REPLYCODE_TRY_NEXT_HOST : REPLYCODE_RECONNECT;
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
    case REPLYCODE_TRANSIENT: return action_of_transient(trial, verdict);
    default: return action_of_permanent(trial, verdict, rule);
  }
}

void replycode_classify(const struct replycode_reply *reply, const struct replycode_context *context,
                        struct replycode_verdict *verdict) {
  static const struct replycode_context nothing = {REPLYCODE_NO_STAGE, 0};
  struct replycode__trial trial;
  const struct replycode__rule *rule;
  trial.reply = reply;
  trial.context = context == NULL ? nothing : *context;
  if (trial.context.stage < 0 || trial.context.stage > REPLYCODE_LOCAL) trial.context.stage = REPLYCODE_NO_STAGE;
  trial.digit = reply->code / 100u;
  memset(verdict, 0, sizeof *verdict);
  verdict->code = reply->code;
  verdict->status = reply->status;
  verdict->malformed = reply->malformed;
  verdict->rule = (uint16_t)replycode__rule_of(&trial);
  rule = replycode__rule_at(verdict->rule);
  verdict->cause = rule->cause;
  verdict->basis = rule->basis;
  verdict->transience = (uint8_t)transience_of(&trial, rule);
  verdict->scope = (uint8_t)scope_of(&trial, rule);
  verdict->waiting = (uint8_t)waiting_of(verdict, rule->waiting);
  verdict->closes = (uint8_t)closes(&trial);
  verdict->settles = (uint8_t)settles(&trial, verdict);
  verdict->action = (uint8_t)action_of(&trial, verdict, rule);
}
