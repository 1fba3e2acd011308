/* verdict_test.c - every stage by every code, with and without a status, gives a verdict that agrees with itself. */
#include "check.h"
#include "replycode.h"

#include <limits.h>
#include <string.h>

enum { STAGES = REPLYCODE_LOCAL + 1, CODES = 1000 };

static int has_slug(int kind, int value) { return value != 0 && replycode_slug(kind, value) != NULL; }

/* A flaw is what is not sound in a verdict, NULL when all is. */
static const char *flaw_of_fields(const struct replycode_verdict *verdict) {
  if (!has_slug(REPLYCODE_KIND_TRANSIENCE, verdict->transience)) return "transience";
  if (!has_slug(REPLYCODE_KIND_CAUSE, verdict->cause)) return "cause";
  if (!has_slug(REPLYCODE_KIND_SCOPE, verdict->scope)) return "scope";
  if (!has_slug(REPLYCODE_KIND_ACTION, verdict->action)) return "action";
  if (!has_slug(REPLYCODE_KIND_BASIS, verdict->basis)) return "basis";
  if (!has_slug(REPLYCODE_KIND_RULE, (int)verdict->rule)) return "rule";
  if (verdict->closes > 1) return "closes";
  return NULL;
}

/* ---- Agreement ------------------------------------------------------------------------------------------------------ */

static int action_agrees(const struct replycode_verdict *verdict) {
  int transient = verdict->transience == REPLYCODE_TRANSIENT, permanent = verdict->transience == REPLYCODE_PERMANENT;
  switch (verdict->action) {
    case REPLYCODE_PROCEED: return verdict->transience == REPLYCODE_NOTHING_FAILED;
    case REPLYCODE_RETRY:
    case REPLYCODE_RECONNECT:
    case REPLYCODE_SPLIT: return transient;
    case REPLYCODE_TRY_NEXT_HOST: return transient || permanent;
    default: return permanent;
  }
}

static int waiting_agrees(const struct replycode_verdict *verdict) {
  switch (verdict->waiting) {
    case REPLYCODE_WAITING_AS_SAID: return 1;
    case REPLYCODE_WAITING_HELPS: return verdict->transience == REPLYCODE_PERMANENT;
    case REPLYCODE_WAITING_USELESS: return verdict->transience == REPLYCODE_TRANSIENT;
    default: return 0;
  }
}

/* The code's class decides: only 5yz is permanent, only 2yz and 3yz succeed; without a code the status may. */
static int transience_agrees(const struct replycode_reply *reply, const struct replycode_verdict *verdict) {
  switch (reply->code / 100) {
    case 0: return reply->code == 0 || verdict->transience == REPLYCODE_TRANSIENT;
    case 2:
    case 3: return verdict->transience != REPLYCODE_PERMANENT;
    case 5: return verdict->transience != REPLYCODE_NOTHING_FAILED;
    default: return verdict->transience == REPLYCODE_TRANSIENT;
  }
}

static int closes_agrees(const struct replycode_reply *reply, int stage, const struct replycode_verdict *verdict) {
  int refused = stage == REPLYCODE_CONNECT && (reply->code / 100 == 4 || reply->code / 100 == 5);
  return verdict->closes == (reply->code == 421 || reply->code == 521 || reply->code == 221 || refused);
}

static int settled_by_failure(int stage) {
  switch (stage) {
    case REPLYCODE_RCPT:
    case REPLYCODE_DELIVERY: return REPLYCODE_RECIPIENT;
    case REPLYCODE_MAIL:
    case REPLYCODE_DATA:
    case REPLYCODE_BDAT:
    case REPLYCODE_BURL:
    case REPLYCODE_CONTENT: return REPLYCODE_MESSAGE;
    default: return 0;
  }
}

static int settled_by_success(int stage) {
  if (stage == REPLYCODE_CONTENT) return REPLYCODE_MESSAGE;
  return stage == REPLYCODE_DELIVERY ? REPLYCODE_RECIPIENT : 0;
}

static int settles_agrees(const struct replycode_reply *reply, int stage, const struct replycode_verdict *verdict) {
  int narrow = verdict->scope == REPLYCODE_COMMAND || verdict->scope == REPLYCODE_SESSION;
  unsigned first = reply->code / 100u;
  if (first == 2 && verdict->transience == REPLYCODE_NOTHING_FAILED) return verdict->settles == settled_by_success(stage);
  if (first == 5 && verdict->transience == REPLYCODE_PERMANENT && !narrow)
    return verdict->settles == settled_by_failure(stage);
  return verdict->settles == 0;
}

static const char *flaw_of(const struct replycode_reply *reply, int stage, const struct replycode_verdict *verdict) {
  const char *found = flaw_of_fields(verdict);
  if (found != NULL) return found;
  if (verdict->code != reply->code) return "code";
  if (memcmp(&verdict->status, &reply->status, sizeof reply->status) != 0) return "status";
  if (!action_agrees(verdict)) return "action with transience";
  if (!waiting_agrees(verdict)) return "waiting with transience";
  if (!transience_agrees(reply, verdict)) return "transience with code";
  if (!closes_agrees(reply, stage, verdict)) return "closes with code";
  if (!settles_agrees(reply, stage, verdict)) return "settles with stage";
  if (verdict->malformed != reply->malformed) return "malformed";
  return NULL;
}

/* ---- All of them ---------------------------------------------------------------------------------------------------- */

static struct replycode_reply make_reply(unsigned code, unsigned klass, unsigned subject, unsigned detail) {
  struct replycode_reply reply;
  memset(&reply, 0, sizeof reply);
  reply.code = (uint16_t)code;
  reply.status.klass = (uint16_t)klass;
  reply.status.subject = (uint16_t)subject;
  reply.status.detail = (uint16_t)detail;
  return reply;
}

static const char *flaw_at(const struct replycode_reply *reply, int stage, int none_accepted) {
  struct replycode_context context = {0, 0, NULL, NULL, 0};
  struct replycode_verdict verdict;
  context.stage = stage;
  context.none_accepted = none_accepted;
  memset(&verdict, 0xaa, sizeof verdict);
  replycode_classify(reply, &context, &verdict);
  return flaw_of(reply, stage, &verdict);
}

/* At every stage, with and without accepted recipients. */
static int is_sound(const struct replycode_reply *reply) {
  const struct replycode_status *status = &reply->status;
  int at;
  for (at = 0; at < 2 * STAGES; at++) {
    const char *found = flaw_at(reply, at / 2, at % 2);
    if (found == NULL) continue;
    printf("%u %u.%u.%u, stage %d: %s\n", reply->code, status->klass, status->subject, status->detail, at / 2, found);
    return 0;
  }
  return 1;
}

static void test_every_code(void) {
  unsigned code;
  for (code = 0; code < CODES; code++) {
    struct replycode_reply reply = make_reply(code, 0, 0, 0);
    CHECK(is_sound(&reply), "code %u", code);
  }
}

/* Some of each subject, with the code's class and with others. */
static void test_every_code_with_statuses(void) {
  static const unsigned classes[] = {2, 4, 5}, details[] = {0, 1, 2, 3, 26, 999};
  unsigned code, at, most = 3 * 9 * 6;
  for (code = 0; code < CODES; code++) {
    for (at = 0; at < most; at++) {
      struct replycode_reply reply = make_reply(code, classes[at % 3], at / 3 % 9, details[at / 27]);
      if (!is_sound(&reply)) break;
    }
    CHECK(at == most, "code %u", code);
  }
}

static void test_every_status(void) {
  static const unsigned codes[] = {0, 250, 354, 421, 450, 451, 452, 500, 503, 521, 550, 552, 554};
  unsigned at, number;
  for (number = 0; number < 9 * 40; number++) {
    for (at = 0; at < sizeof codes / sizeof codes[0]; at++) {
      struct replycode_reply four = make_reply(codes[at], 4, number / 40, number % 40);
      struct replycode_reply five = make_reply(codes[at], 5, number / 40, number % 40);
      if (!is_sound(&four) || !is_sound(&five)) break;
    }
    CHECK(at == sizeof codes / sizeof codes[0], "X.%u.%u", number / 40, number % 40);
  }
}

/* ---- What is malformed, and callers who know little ----------------------------------------------------------------- */

/* Mail is not lost to what is not SMTP: it is transient and settles nothing, whatever the code says. */
static void test_malformed(void) {
  int malformed, stage;
  unsigned code;
  for (malformed = REPLYCODE_BAD_SEPARATOR; malformed <= REPLYCODE_TOO_LONG; malformed++) {
    for (code = 0; code < CODES; code++) {
      for (stage = 0; stage < STAGES; stage++) {
        struct replycode_reply reply = make_reply(code, 0, 0, 0);
        struct replycode_context context = {0, 0, NULL, NULL, 0};
        struct replycode_verdict verdict;
        reply.malformed = (uint16_t)malformed;
        context.stage = stage;
        replycode_classify(&reply, &context, &verdict);
        if (verdict.transience != REPLYCODE_TRANSIENT || verdict.settles != 0 || flaw_of_fields(&verdict) != NULL) break;
      }
      CHECK(stage == STAGES, "code %u, malformed %d, stage %d", code, malformed, stage);
    }
  }
}

static int same(const struct replycode_verdict *a, const struct replycode_verdict *b) {
  return memcmp(a, b, sizeof *a) == 0;
}

static void test_little_known(void) {
  static const int stages[] = {-1, STAGES, 32, 255, INT_MAX, INT_MIN};
  unsigned code, at;
  for (code = 0; code < CODES; code++) {
    struct replycode_reply reply = make_reply(code, 0, 0, 0);
    struct replycode_context context = {0, 0, NULL, NULL, 0};
    struct replycode_verdict expected, verdict;
    replycode_classify(&reply, &context, &expected);
    replycode_classify(&reply, NULL, &verdict);
    CHECK(same(&expected, &verdict), "code %u without a context", code);
    for (at = 0; at < sizeof stages / sizeof stages[0]; at++) {
      context.stage = stages[at];
      replycode_classify(&reply, &context, &verdict);
      CHECK(same(&expected, &verdict), "code %u, stage %d", code, stages[at]);
    }
  }
}

/* ---- From bytes ----------------------------------------------------------------------------------------------------- */

struct verdict_row { const char *bytes; int stage, transience, cause, scope, action, settles, closes; };

#define V(bytes, stage, transience, cause, scope, action, settles, closes) \
  {bytes, REPLYCODE_##stage, REPLYCODE_##transience, REPLYCODE_##cause, REPLYCODE_##scope, REPLYCODE_##action, \
   settles, closes}
enum { NOBODY = 0, A_RECIPIENT = REPLYCODE_RECIPIENT, A_MESSAGE = REPLYCODE_MESSAGE };

static const struct verdict_row verdict_rows[] = {
  V("250 ok", RCPT, NOTHING_FAILED, ACCEPTED, RECIPIENT, PROCEED, NOBODY, 0),
  V("250 ok", CONTENT, NOTHING_FAILED, ACCEPTED, MESSAGE, PROCEED, A_MESSAGE, 0),
  V("250 ok", DELIVERY, NOTHING_FAILED, ACCEPTED, RECIPIENT, PROCEED, A_RECIPIENT, 0),
  V("250 ok", DATA, TRANSIENT, PROTOCOL_ERROR, SESSION, RECONNECT, NOBODY, 0),
  V("354 go", RCPT, TRANSIENT, PROTOCOL_ERROR, SESSION, RECONNECT, NOBODY, 0),
  V("221 2.7.0 Error: I can break rules, too. Goodbye.", MAIL, TRANSIENT, PROTOCOL_ERROR, SESSION, RECONNECT, NOBODY, 1),
  V("421 4.3.2 Service shutting down", RCPT, TRANSIENT, SERVICE_UNAVAILABLE, SERVER, RECONNECT, NOBODY, 1),
  V("421 bye", CONNECT, TRANSIENT, SERVICE_UNAVAILABLE, SERVER, TRY_NEXT_HOST, NOBODY, 1),
  V("554 no", CONNECT, PERMANENT, SERVICE_UNAVAILABLE, SERVER, TRY_NEXT_HOST, NOBODY, 1),
  V("502 5.5.2 command not recognized", EHLO, PERMANENT, PROTOCOL_ERROR, COMMAND, FALL_BACK, NOBODY, 0),
  V("502 5.5.1 no", VRFY, PERMANENT, PROTOCOL_ERROR, COMMAND, FALL_BACK, NOBODY, 0),
  V("552 5.5.3 Too many recipients", RCPT, TRANSIENT, TOO_MANY_RECIPIENTS, MESSAGE, SPLIT, NOBODY, 0),
  V("552 5.2.2 over quota", RCPT, PERMANENT, MAILBOX_FULL, RECIPIENT, GIVE_UP, A_RECIPIENT, 0),
  V("452 4.2.2 out of storage space", RCPT, TRANSIENT, MAILBOX_FULL, RECIPIENT, RETRY, NOBODY, 0),
  V("550 5.1.1 no such user", RCPT, PERMANENT, RECIPIENT_UNKNOWN, RECIPIENT, DROP_RECIPIENT, A_RECIPIENT, 0),
  V("550 no", RCPT, PERMANENT, UNKNOWN, RECIPIENT, GIVE_UP, A_RECIPIENT, 0),
  V("535 5.7.8 no", AUTH, PERMANENT, CLIENT_AUTH_FAILED, SENDER, FIX_CLIENT, NOBODY, 0),
  V("503 sender not yet given", RCPT, PERMANENT, PROTOCOL_ERROR, COMMAND, FALL_BACK, NOBODY, 0),
  V("HTTP/1.1 400 Bad Request", EHLO, TRANSIENT, PROTOCOL_ERROR, SESSION, TRY_NEXT_HOST, NOBODY, 0),
};

static int row_agrees(const struct verdict_row *row, const struct replycode_verdict *verdict) {
  return verdict->transience == row->transience && verdict->cause == row->cause && verdict->scope == row->scope &&
         verdict->action == row->action && verdict->settles == row->settles && verdict->closes == row->closes;
}

static void test_rows(void) {
  size_t at;
  for (at = 0; at < sizeof verdict_rows / sizeof verdict_rows[0]; at++) {
    const struct verdict_row *row = &verdict_rows[at];
    struct replycode_reply reply;
    struct replycode_context context = {0, 0, NULL, NULL, 0};
    struct replycode_verdict verdict;
    context.stage = row->stage;
    replycode_parse(row->bytes, strlen(row->bytes), 1, &reply);
    replycode_classify(&reply, &context, &verdict);
    CHECK(row_agrees(row, &verdict), "%s, stage %d, found %s %s %s, rule %s", row->bytes, row->stage,
          replycode_slug(REPLYCODE_KIND_CAUSE, verdict.cause), replycode_slug(REPLYCODE_KIND_SCOPE, verdict.scope),
          replycode_slug(REPLYCODE_KIND_ACTION, verdict.action), replycode_slug(REPLYCODE_KIND_RULE, (int)verdict.rule));
  }
}

int main(void) {
  test_every_code();
  test_every_code_with_statuses();
  test_every_status();
  test_malformed();
  test_little_known();
  test_rows();
  return check_report();
}
