/* lint_form.c - the form of a reply: its lines, and the enhanced status on them. */
#include "lint.h"
#include "reply.h"
#include "stages.h"
#include "status.h"
#include "utf8.h"

/* ---- Lines ------------------------------------------------------------------------------------------------------ */

/* The next line and where it begins. 0 after the last. */
static int next_line(const struct replycode_reply *reply, uint32_t *cursor,
                     uint32_t *begin, struct replycode__line *line) {
  if (*cursor >= reply->size) return 0;
  replycode__cut_line(reply->bytes + *cursor, reply->size - *cursor, line);
  if (reply->plain) line->kind = REPLYCODE__NO_CODE;
  *begin = *cursor;
  *cursor += (uint32_t)line->whole;
  return 1;
}

typedef int line_check(const struct replycode__lint *lint, const struct replycode__line *line,
                       struct replycode_span *within);

/* The first line that a check finds something in. */
static int any_line(const struct replycode__lint *lint, line_check *finds, struct replycode_span *where) {
  struct replycode__line line;
  uint32_t cursor = 0, begin;
  while (next_line(lint->reply, &cursor, &begin, &line)) {
    replycode__put(where, 0, line.size);
    if (finds(lint, &line, where)) return replycode__put(where, begin + where->at, where->size);
  }
  return replycode__put(where, 0, 0) && 0;
}

/* ---- Form ------------------------------------------------------------------------------------------------------- */

static int has_wrong_separator(const struct replycode__lint *lint, const struct replycode__line *line,
                               struct replycode_span *within) {
  (void)lint;
  return line->kind == REPLYCODE__BAD_SEPARATOR && replycode__put(within, 3, 1);
}

static int ends_in_lf_alone(const struct replycode__lint *lint, const struct replycode__line *line,
                            struct replycode_span *within) {
  return !lint->reply->plain && line->ended && line->whole == line->size + 1 && replycode__put(within, line->size, 1);
}

/* Of the CRs before the LF one belongs to the line end. */
static int has_cr(const struct replycode__lint *lint, const struct replycode__line *line,
                  struct replycode_span *within) {
  const char *found = memchr(line->bytes, '\r', line->size);
  (void)lint;
  if (found != NULL) return replycode__put(within, (size_t)(found - line->bytes), 1);
  return line->whole > line->size + 1 + (size_t)line->ended && replycode__put(within, line->size, 1);
}

static int is_control(unsigned char byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7f;
}

static int has_control(const struct replycode__lint *lint, const struct replycode__line *line,
                       struct replycode_span *within) {
  size_t at;
  (void)lint;
  for (at = 0; at < line->size; at++)
    if (is_control((unsigned char)line->bytes[at])) return replycode__put(within, at, 1);
  return 0;
}

static int has_eight_bit(const struct replycode__lint *lint, const struct replycode__line *line,
                         struct replycode_span *within) {
  int allowed = (lint->options & REPLYCODE_LINT_UTF8) != 0;
  uint32_t character;
  size_t at = 0, size;
  while (at < line->size) {
    size = replycode__utf8(line->bytes + at, line->size - at, &character);
    if (size == 0 || (size > 1 && !allowed)) return replycode__put(within, at, size > 0 ? size : 1);
    at += size;
  }
  return 0;
}

enum { LINE_LIMIT = 512, CHALLENGE_LIMIT = 12288 };

/* As it stands on the wire: a plain text has code, separator, status and line end still to come. */
static size_t wire_size(const struct replycode_reply *reply, const struct replycode__line *line) {
  char status[REPLYCODE__STATUS_SIZE];
  size_t size = line->size + sizeof "250 " - 1 + 2;
  if (!reply->plain) return line->ended ? line->whole : line->whole + 2;
  if (reply->status.klass != 0)
    size += 1 + replycode__write_status(status, reply->status.klass, reply->status.subject, reply->status.detail);
  return size;
}

static int is_long(const struct replycode__lint *lint, const struct replycode__line *line,
                   struct replycode_span *within) {
  size_t limit = lint->reply->code == 334 ? CHALLENGE_LIMIT : LINE_LIMIT;
  (void)within;
  return wire_size(lint->reply, line) > limit;
}

static int has_other_code(const struct replycode__lint *lint, const struct replycode__line *line,
                          struct replycode_span *within) {
  return line->kind != REPLYCODE__NO_CODE && replycode__code_of(line) != lint->reply->code && replycode__put(within, 0, 3);
}

static int has_no_code(const struct replycode__lint *lint, const struct replycode__line *line,
                       struct replycode_span *within) {
  (void)within;
  return !lint->reply->plain && lint->reply->code != 0 && line->kind == REPLYCODE__NO_CODE;
}

static int has_tab(const struct replycode__lint *lint, const struct replycode__line *line,
                   struct replycode_span *within) {
  (void)lint;
  return line->kind == REPLYCODE__LAST && line->size > 3 && line->bytes[3] == '\t' && replycode__put(within, 3, 1);
}

/* ---- Status ----------------------------------------------------------------------------------------------------- */

enum place { NO_STATUS, AT_START, INSIDE };

/* Where a line has a status, and which. */
static enum place status_of(const struct replycode__line *line, struct replycode__status_found *found,
                            struct replycode_span *within) {
  size_t at = replycode__text_at(line), end;
  if (line->kind == REPLYCODE__NO_CODE) return NO_STATUS;
  if (!replycode__status_find(line->bytes + at, line->size - at, found)) return NO_STATUS;
  if (found->misplaced) return replycode__put(within, at, line->size - at) ? INSIDE : NO_STATUS;
  end = at + found->size;
  while (at < end && replycode__is_blank(line->bytes[at])) at++;
  replycode__put(within, at, end - at);
  return AT_START;
}

static int has_status(const struct replycode__lint *lint, const struct replycode__line *line,
                      struct replycode_span *within) {
  struct replycode__status_found found;
  (void)lint;
  return status_of(line, &found, within) != NO_STATUS;
}

static int has_status_inside(const struct replycode__lint *lint, const struct replycode__line *line,
                             struct replycode_span *within) {
  struct replycode__status_found found;
  return lint->digit >= 4 && status_of(line, &found, within) == INSIDE;
}

static int has_other_status(const struct replycode__lint *lint, const struct replycode__line *line,
                            struct replycode_span *within) {
  struct replycode__status_found found;
  return status_of(line, &found, within) == AT_START && !replycode__status_equal(&found.status, &lint->reply->status);
}

static int lacks_status(const struct replycode__lint *lint, const struct replycode__line *line,
                        struct replycode_span *within) {
  struct replycode__status_found found;
  (void)lint;
  if (line->kind == REPLYCODE__NO_CODE || status_of(line, &found, within) != NO_STATUS) return 0;
  return replycode__put(within, 0, line->size);
}

static int the_status(const struct replycode__lint *lint, struct replycode_span *where) {
  any_line(lint, has_status, where);
  return 1;
}

#define FIRST_STAGES (AT(CONNECT) | HELLO_STAGES)

/* XCLIENT is answered by a new greeting. */
static int is_greeting(const struct replycode__lint *lint) {
  return replycode__in_stages(lint, FIRST_STAGES) || (lint->reply->code == 220 && replycode__in_stages(lint, AT(XCLIENT)));
}

/* A 3yz has none to agree with. */
static int class_differs(const struct replycode__lint *lint) {
  unsigned first = lint->reply->code / 100u;
  return lint->reply->status.klass != 0 && first != 0 && first != 3 && lint->reply->status.klass != first;
}

static int statuses_differ(const struct replycode__lint *lint, struct replycode_span *where) {
  return lint->reply->status.klass != 0 && any_line(lint, has_other_status, where);
}

/* A misplaced status is told once, not as a missing one too. */
static int is_not_repeated(const struct replycode__lint *lint, struct replycode_span *where) {
  struct replycode_span inside;
  if (lint->digit == 0 || lint->reply->status.klass == 0 || any_line(lint, has_status_inside, &inside)) return 0;
  return any_line(lint, lacks_status, where);
}

/* Of 3yz the parser reads none. */
static int begins_with_status(const struct replycode__lint *lint, const struct replycode__line *line,
                              struct replycode_span *within) {
  struct replycode__status_found found;
  (void)lint;
  return status_of(line, &found, within) == AT_START;
}

static int has_unwanted_status(const struct replycode__lint *lint, struct replycode_span *where) {
  if (lint->reply->plain)
    return lint->reply->status.klass != 0 &&
           (lint->digit == 3 || (lint->digit == 2 && is_greeting(lint)));
  /* A challenge is not text. */
  if (lint->digit == 3) return lint->reply->code != 334 && any_line(lint, begins_with_status, where);
  return lint->digit == 2 && is_greeting(lint) && any_line(lint, begins_with_status, where);
}

static int has_early_status(const struct replycode__lint *lint) {
  return lint->digit >= 4 && lint->reply->status.klass != 0 && replycode__in_stages(lint, FIRST_STAGES);
}

static int is_unregistered(const struct replycode_status *status) {
  struct replycode_entry entry;
  char slug[REPLYCODE__STATUS_SIZE];
  size_t size = replycode__write_status(slug, status->klass, status->subject, status->detail);
  if (status->klass == 0 || !replycode_describe(REPLYCODE_KIND_STATUS, slug, size, 0, REPLYCODE_EN, &entry)) return 0;
  return !entry.exact || (entry.classes & 1u << status->klass) == 0;
}

static int is_status_missing(const struct replycode__lint *lint) {
  if ((lint->options & REPLYCODE_LINT_NO_STATUS) != 0 || lint->reply->status.klass != 0) return 0;
  if (lint->digit != 2 && lint->digit < 4) return 0;
  return !is_greeting(lint) && !replycode__in_stages(lint, AT(NO_STAGE) | AT(XCLIENT));
}

/* ---- Findings --------------------------------------------------------------------------------------------------- */

static int is_malformed(const struct replycode__lint *lint, int malformed) { return lint->reply->malformed == malformed; }

static int is_unfinished(const struct replycode__lint *lint) {
  return is_malformed(lint, REPLYCODE_TRUNCATED) || is_malformed(lint, REPLYCODE_TOO_LONG);
}

static int the_first_line(const struct replycode__lint *lint, struct replycode_span *where) {
  struct replycode__line line;
  uint32_t cursor = 0, begin;
  if (!lint->reply->plain && next_line(lint->reply, &cursor, &begin, &line)) replycode__put(where, 0, line.size);
  return 1;
}

int replycode__finds_form(const struct replycode__lint *lint, int finding, struct replycode_span *where) {
  switch (finding) {
    case REPLYCODE__FINDING_NO_CODE:
      return (is_malformed(lint, REPLYCODE_BAD_CODE) || (lint->reply->plain && lint->reply->code == 0)) &&
             the_first_line(lint, where);
    case REPLYCODE__FINDING_WRONG_SEPARATOR: return any_line(lint, has_wrong_separator, where);
    case REPLYCODE__FINDING_UNFINISHED: return is_unfinished(lint);
    case REPLYCODE__FINDING_LF_ALONE: return any_line(lint, ends_in_lf_alone, where);
    case REPLYCODE__FINDING_CR_IN_LINE: return any_line(lint, has_cr, where);
    case REPLYCODE__FINDING_CONTROL_BYTES: return any_line(lint, has_control, where);
    case REPLYCODE__FINDING_NOT_ASCII: return any_line(lint, has_eight_bit, where);
    case REPLYCODE__FINDING_LINE_OVER_LIMIT: return any_line(lint, is_long, where);
    case REPLYCODE__FINDING_CODES_DIFFER: return any_line(lint, has_other_code, where);
    case REPLYCODE__FINDING_LINE_WITHOUT_CODE: return any_line(lint, has_no_code, where);
    default: return any_line(lint, has_tab, where);
  }
}

int replycode__finds_status(const struct replycode__lint *lint, int finding, struct replycode_span *where) {
  switch (finding) {
    case REPLYCODE__FINDING_CLASS_DIFFERS: return class_differs(lint) && the_status(lint, where);
    case REPLYCODE__FINDING_STATUSES_DIFFER: return statuses_differ(lint, where);
    case REPLYCODE__FINDING_STATUS_NOT_FIRST: return any_line(lint, has_status_inside, where);
    case REPLYCODE__FINDING_STATUS_NOT_REPEATED: return is_not_repeated(lint, where);
    case REPLYCODE__FINDING_STATUS_UNWANTED: return has_unwanted_status(lint, where);
    case REPLYCODE__FINDING_STATUS_TOO_EARLY: return has_early_status(lint) && the_status(lint, where);
    case REPLYCODE__FINDING_STATUS_UNREGISTERED: return is_unregistered(&lint->reply->status) && the_status(lint, where);
    default: return is_status_missing(lint) && replycode__the_code(lint, where);
  }
}
