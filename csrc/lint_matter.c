/* lint_matter.c - the code against the words: temporary or for good, closing or not, which of 500 to 504. */
#include "lint.h"
#include "reading.h"
#include "stages.h"

/* ---- The verdict ------------------------------------------------------------------------------------------------ */

/* Judges the reply, once. */
static const struct replycode_verdict *judge(struct replycode__lint *lint) {
  struct replycode__reading reading;
  struct replycode__trial trial;
  if (lint->is_judged) return &lint->verdict;
  memset(&trial, 0, sizeof trial);
  trial.reply = lint->reply;
  trial.context.stage = lint->stage;
  trial.digit = REPLYCODE__PERMANENT;   /* of a 4yz what is said of time is not kept */
  replycode_classify(lint->reply, &trial.context, &lint->verdict);
  replycode__read(&trial, &reading);
  lint->closes = reading.closes;
  lint->quoted = reading.quoted;
  lint->says_temporary = reading.temporary;
  lint->is_judged = 1;
  return &lint->verdict;
}

/* A span of the text, whose lines are joined by one byte, as one of the bytes: its part on the first line. */
static void place_of_text(const struct replycode_reply *reply, const struct replycode_span *text,
                          struct replycode_span *where) {
  struct replycode_span line;
  uint32_t cursor = 0, begin = 0;
  replycode__put(where, 0, 0);
  while (replycode_line(reply, &cursor, &line)) {
    if (text->at < begin + line.size) {
      uint32_t from = text->at - begin, size = text->size;
      replycode__put(where, line.at + from, size < line.size - from ? size : line.size - from);
      return;
    }
    begin += line.size + 1;
    if (text->at < begin) return;
  }
}

/* Whether words decided the cause; then where they stand in the reply's bytes. */
static int by_text(struct replycode__lint *lint, struct replycode_span *where) {
  const struct replycode_verdict *verdict;
  if (lint->digit < 4) return 0;
  verdict = judge(lint);
  if (verdict->basis != REPLYCODE_BY_TEXT) return 0;
  place_of_text(lint->reply, &verdict->matched, where);
  return 1;
}

/* ---- Code against words ------------------------------------------------------------------------------------------ */

/* Not what another host said. */
static int words_decide(struct replycode__lint *lint, struct replycode_span *where) {
  return by_text(lint, where) && !lint->quoted;
}

static int is_for_good(struct replycode__lint *lint, struct replycode_span *where) {
  if (lint->digit != 5 || !words_decide(lint, where)) return 0;
  return lint->verdict.transience == REPLYCODE_TRANSIENT;
}

/* What no retry of the same mail changes. Others may look the same and be meant to pass: a list, a reputation, a login, a
 * domain whose tables cannot be read. */
static int lasts(int cause) {
  switch (cause) {
    case REPLYCODE_RECIPIENT_UNKNOWN: case REPLYCODE_RECIPIENT_MOVED: case REPLYCODE_MESSAGE_TOO_BIG:
    case REPLYCODE_CONTENT_VIRUS: case REPLYCODE_MAIL_LOOP: case REPLYCODE_PROTOCOL_ERROR:
      return 1;
    default: return 0;
  }
}

static int is_for_now(struct replycode__lint *lint, struct replycode_span *where) {
  if (lint->digit != 4 || lint->reply->code == 421 || !words_decide(lint, where)) return 0;
  return lasts(lint->verdict.cause) && !lint->says_temporary;
}

static int is_full_for_good(struct replycode__lint *lint, struct replycode_span *where) {
  if (lint->digit != 5 || !by_text(lint, where)) return 0;
  return lint->verdict.cause == REPLYCODE_MAILBOX_FULL && lint->verdict.transience == REPLYCODE_PERMANENT;
}

/* Greylisting may use 421 (RFC 6647 5). */
static int closes_for_one(struct replycode__lint *lint, struct replycode_span *where) {
  if (lint->reply->code != 421 || lint->digit == 0 || !words_decide(lint, where) || lint->closes) return 0;
  if (lint->verdict.cause == REPLYCODE_GREYLISTED) return 0;
  return lint->verdict.scope == REPLYCODE_RECIPIENT || lint->verdict.scope == REPLYCODE_MESSAGE;
}

/* What ends a session by itself needs no other word: a shutdown, a timeout. 421 alone means the former. */
static int says_end(const struct replycode_verdict *verdict) {
  if (verdict->cause == REPLYCODE_NETWORK_FAILED) return 1;
  return verdict->cause == REPLYCODE_SERVICE_UNAVAILABLE && verdict->basis == REPLYCODE_BY_TEXT;
}

/* In the greeting there is no session yet. */
static int closes_unsaid(struct replycode__lint *lint) {
  struct replycode_span where;
  if (lint->reply->code != 421 || lint->digit == 0 || replycode__in_stages(lint, AT(CONNECT))) return 0;
  if (replycode__lacks_text(lint) || says_end(judge(lint))) return 0;
  return !lint->closes && !closes_for_one(lint, &where);
}

/* ---- Which of 500 to 504 ---------------------------------------------------------------------------------------- */

#define TEXT_RULE(slug) ((uint32_t)REPLYCODE__TEXT_##slug)

static int is_command_code(unsigned code) { return code >= 500 && code <= 504; }

/* The row of words that decided, 0 when none did or the code is none of those for wrong commands. */
static uint32_t command_words(struct replycode__lint *lint, struct replycode_span *where) {
  if (lint->digit == 0 || !is_command_code(lint->reply->code) || !words_decide(lint, where)) return 0;
  return lint->verdict.rule;
}

/* 501 and 503 call a command invalid for other reasons. */
static int is_502_for_unknown(struct replycode__lint *lint, struct replycode_span *where) {
  return command_words(lint, where) == TEXT_RULE(unknown_command) && lint->reply->code == 502;
}

static int is_other_than_502(struct replycode__lint *lint, struct replycode_span *where) {
  if (command_words(lint, where) != TEXT_RULE(command_not_implemented)) return 0;
  return lint->reply->code != 502 && lint->reply->code != 504;
}

static int is_other_than_503(struct replycode__lint *lint, struct replycode_span *where) {
  uint32_t rule = command_words(lint, where);
  if (lint->reply->code == 503) return 0;
  return rule == TEXT_RULE(bad_sequence) || rule == TEXT_RULE(helo_first) || rule == TEXT_RULE(need_rcpt) ||
         rule == TEXT_RULE(need_mail) || rule == TEXT_RULE(no_valid_recipients);
}

static int is_other_than_501(struct replycode__lint *lint, struct replycode_span *where) {
  return command_words(lint, where) == TEXT_RULE(syntax_error) && lint->reply->code > 501;
}

static int is_no_parameter_code(struct replycode__lint *lint, struct replycode_span *where) {
  if (command_words(lint, where) != TEXT_RULE(bad_argument)) return 0;
  if (replycode__in_stages(lint, AT(MAIL) | AT(RCPT))) return lint->reply->code != 501 && lint->reply->code != 504;
  return lint->reply->code == 500 || lint->reply->code == 502 || lint->reply->code == 503;
}

/* ---- Findings --------------------------------------------------------------------------------------------------- */

int replycode__finds_matter(struct replycode__lint *lint, int finding, struct replycode_span *where) {
  switch (finding) {
    case REPLYCODE__FINDING_PERMANENT_FOR_PASSING: return is_for_good(lint, where);
    case REPLYCODE__FINDING_TRANSIENT_FOR_LASTING: return is_for_now(lint, where);
    case REPLYCODE__FINDING_FULL_FOR_GOOD: return is_full_for_good(lint, where);
    case REPLYCODE__FINDING_CLOSING_FOR_ONE: return closes_for_one(lint, where);
    case REPLYCODE__FINDING_CLOSING_UNSAID: return closes_unsaid(lint) && replycode__the_code(lint, where);
    case REPLYCODE__FINDING_UNKNOWN_COMMAND_CODE: return is_502_for_unknown(lint, where);
    case REPLYCODE__FINDING_KNOWN_COMMAND_CODE: return is_other_than_502(lint, where);
    case REPLYCODE__FINDING_SEQUENCE_CODE: return is_other_than_503(lint, where);
    case REPLYCODE__FINDING_SYNTAX_CODE: return is_other_than_501(lint, where);
    default: return is_no_parameter_code(lint, where);
  }
}
