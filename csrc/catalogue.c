/* catalogue.c - what is known of a code, a status, a code at a stage, and of every slug: facts and words. */
#include "bytes.h"
#include "image.h"
#include "provider.h"
#include "rules.h"
#include "situations.h"
#include "words.h"

/* ---- Facts of rows ---------------------------------------------------------------------------------------------- */

struct code_row { uint16_t code, standing; uint32_t stages; };

#define UNASKED 0                 /* a fact for comparisons: compare.c */
#define STANDARD REPLYCODE_STANDARD
#define OBSOLETE REPLYCODE_OBSOLETE
#define NONSTANDARD REPLYCODE_NONSTANDARD
static const struct code_row code_rows[] = {
#define CODE(code, standing, stages, confusable, references, title, meaning, when, remedy, operator_remedy, send_when) \
  {code, (standing), stages},
#include "data/codes.def"
#undef CODE
};

struct status_row { uint8_t subject, detail, classes; };

#define C2 (1 << 2)
#define C4 (1 << 4)
#define C5 (1 << 5)
#define STATUS_CLASS(number, references, title, meaning, when, remedy, operator_remedy)
#define STATUS_SUBJECT(number, references, title, meaning, when, remedy, operator_remedy)
static const struct status_row status_rows[] = {
#define STATUS(subject, detail, classes, codes, references, title, meaning, when, remedy, operator_remedy) \
  {subject, detail, classes},
#include "data/statuses.def"
#undef STATUS
};

static const uint8_t status_classes[] = {2, 4, 5};

enum {
  CODE_ROWS = sizeof code_rows / sizeof code_rows[0],
  STATUS_ROWS = sizeof status_rows / sizeof status_rows[0],
  SUBJECTS = 8, CLASSES = sizeof status_classes / sizeof status_classes[0]
};

static const struct code_row *find_code(unsigned code) {
  size_t at;
  for (at = 0; at < CODE_ROWS; at++)
    if (code_rows[at].code == code) return &code_rows[at];
  return NULL;
}

static const struct status_row *find_status(unsigned subject, unsigned detail) {
  size_t at;
  for (at = 0; at < STATUS_ROWS; at++)
    if (status_rows[at].subject == subject && status_rows[at].detail == detail) return &status_rows[at];
  return NULL;
}

/* ---- Writing slugs ---------------------------------------------------------------------------------------------- */

struct writer { char *bytes; size_t size, capacity; };

static void put(struct writer *writer, const char *text) {
  while (*text != '\0' && writer->size + 1 < writer->capacity) writer->bytes[writer->size++] = *text++;
  writer->bytes[writer->size] = '\0';
}

static void put_number(struct writer *writer, unsigned number) {
  char digits[12];
  size_t at = sizeof digits - 1;
  digits[at] = '\0';
  do digits[--at] = (char)('0' + number % 10); while ((number /= 10) > 0);
  put(writer, digits + at);
}

static struct writer slug_of(struct replycode_entry *entry) {
  struct writer writer = {entry->slug, 0, sizeof entry->slug};
  entry->slug[0] = '\0';
  return writer;
}

/* ---- Entries ---------------------------------------------------------------------------------------------------- */

static void take_words(struct replycode_entry *entry, int kind, uint32_t id, int lang) {
  entry->title = replycode__words(kind, id, REPLYCODE__TITLE, lang);
  entry->meaning = replycode__words(kind, id, REPLYCODE__MEANING, lang);
  entry->when = replycode__words(kind, id, REPLYCODE__WHEN, lang);
  entry->remedy = replycode__words(kind, id, REPLYCODE__REMEDY, lang);
  entry->operator_remedy = replycode__words(kind, id, REPLYCODE__OPERATOR_REMEDY, lang);
  entry->send_when = replycode__words(kind, id, REPLYCODE__SEND_WHEN, lang);
  entry->references = replycode__words(kind, id, REPLYCODE__REFERENCES, lang);
  entry->codes = replycode__words(kind, id, REPLYCODE__CODES, lang);
  entry->help = replycode__words(kind, id, REPLYCODE__HELP, lang);
  entry->confirmed = replycode__words(kind, id, REPLYCODE__CONFIRMED, lang);
  entry->pattern = replycode__words(kind, id, REPLYCODE__PATTERN, lang);
  entry->example = replycode__words(kind, id, REPLYCODE__EXAMPLE, lang);
  entry->zone = replycode__words(kind, id, REPLYCODE__ZONE, lang);
  entry->labels = replycode__words(kind, id, REPLYCODE__LABELS, lang);
}

static void begin(struct replycode_entry *entry, int kind) {
  memset(entry, 0, sizeof *entry);
  entry->kind = kind;
  entry->exact = 1;
}

/* The status whose dots may have been lost: 571 is often 5.7.1. A guess, and none for a code with a meaning of its own. */
static void guess_status(struct replycode_entry *entry, unsigned code) {
  unsigned klass = code / 100, subject = code / 10 % 10, detail = code % 10;
  if (entry->standing == REPLYCODE_STANDARD || entry->standing == REPLYCODE_OBSOLETE) return;
  if ((klass != 4 && klass != 5) || subject == 0 || find_status(subject, detail) == NULL) return;
  entry->guess.klass = (uint16_t)klass;
  entry->guess.subject = (uint16_t)subject;
  entry->guess.detail = (uint16_t)detail;
}

static int enter_code(unsigned code, int lang, struct replycode_entry *entry) {
  const struct code_row *row = find_code(code);
  struct writer slug;
  if (code < 100 || code > 999) return 0;
  begin(entry, REPLYCODE_KIND_CODE);
  slug = slug_of(entry);
  put_number(&slug, code);
  entry->exact = row != NULL;
  if (row != NULL) {
    entry->stages = row->stages;
    entry->standing = row->standing;
  }
  if (row != NULL) take_words(entry, REPLYCODE_KIND_CODE, code, lang);
  else take_words(entry, REPLYCODE_KIND_CLASS, code / 100, lang);
  guess_status(entry, code);
  return 1;
}

static void put_status(struct replycode_entry *entry, const struct replycode_status *status) {
  struct writer slug = slug_of(entry);
  if (status->klass == 0xffff) put(&slug, "X");
  else put_number(&slug, status->klass);
  put(&slug, ".");
  put_number(&slug, status->subject);
  put(&slug, ".");
  put_number(&slug, status->detail);
}

/* Its own row, else X.subject.0, else the class (RFC 3463 section 2). */
static int enter_status(const struct replycode_status *status, int lang, struct replycode_entry *entry) {
  const struct status_row *row = find_status(status->subject, status->detail);
  begin(entry, REPLYCODE_KIND_STATUS);
  put_status(entry, status);
  entry->exact = row != NULL;
  if (row == NULL) row = find_status(status->subject, 0);
  if (row == NULL && status->klass == 0xffff) return 0;
  if (row == NULL) {
    take_words(entry, REPLYCODE_KIND_STATUS, REPLYCODE__STATUS_CLASSES + (uint32_t)status->klass, lang);
    return 1;
  }
  entry->classes = row->classes;
  take_words(entry, REPLYCODE_KIND_STATUS, row->subject * 1000u + row->detail, lang);
  return 1;
}

/* "5.X.X" and "X.7.X". */
static void enter_group(unsigned number, int is_class, int lang, struct replycode_entry *entry) {
  uint32_t base = is_class ? REPLYCODE__STATUS_CLASSES : REPLYCODE__STATUS_SUBJECTS;
  struct writer slug;
  begin(entry, REPLYCODE_KIND_STATUS);
  slug = slug_of(entry);
  if (!is_class) put(&slug, "X.");
  put_number(&slug, number);
  put(&slug, is_class ? ".X.X" : ".X");
  entry->classes = (uint16_t)(is_class ? 1u << number : C2 | C4 | C5);
  take_words(entry, REPLYCODE_KIND_STATUS, base + number, lang);
}

/* "vrfy/502", "any/2yz", "connect/none", "data/354/none_accepted". */
static void put_command_reply(struct replycode_entry *entry, const struct replycode__command_reply *row) {
  struct writer slug = slug_of(entry);
  put(&slug, row->stage == REPLYCODE_NO_STAGE ? "any" : replycode_slug(REPLYCODE_KIND_STAGE, row->stage));
  put(&slug, "/");
  if (row->code == 0) put(&slug, "none");
  else put_number(&slug, row->code);
  if (row->code > 0 && row->code < 10) put(&slug, "yz");
  if (row->variant[0] != '\0') put(&slug, "/");
  put(&slug, row->variant);
}

static int enter_command_reply(uint32_t id, int lang, struct replycode_entry *entry) {
  struct replycode__command_reply row;
  if (!replycode__command_reply(id, &row)) return 0;
  begin(entry, REPLYCODE_KIND_COMMAND_REPLY);
  put_command_reply(entry, &row);
  entry->stages = UINT32_C(1) << row.stage;
  take_words(entry, REPLYCODE_KIND_COMMAND_REPLY, id, lang);
  return 1;
}

static void put_slug(struct replycode_entry *entry, int kind, int value) {
  const char *slug = replycode_slug(kind, value);
  struct writer writer = slug_of(entry);
  if (slug != NULL) {
    put(&writer, slug);
    return;
  }
  put_number(&writer, (unsigned)value);
  put(&writer, "yz");
}

static void take_rule(struct replycode_entry *entry, int value) {
  const struct replycode__text_rule *rules = replycode__text_rules(replycode__builtin());
  if (value < REPLYCODE__TEXT_RULES) {
    entry->cause = replycode__rule_at(value)->cause;
    return;
  }
  entry->cause = rules[value - REPLYCODE__TEXT_RULES].cause;
  if (rules[value - REPLYCODE__TEXT_RULES].stages != ANY_STAGE) entry->stages = rules[value - REPLYCODE__TEXT_RULES].stages;
}

#define LISTS_IP REPLYCODE_LISTS_IP
#define LISTS_DOMAIN REPLYCODE_LISTS_DOMAIN
#define LISTS_URL REPLYCODE_LISTS_URL
enum { OPEN, CLOSED };

static void take_blocklist(struct replycode_entry *entry, int value) {
  switch (value) {
#define BLOCKLIST(NAME, slug, what, state, zone, page, source, title, meaning, remedy)                \
  case REPLYCODE__BLOCKLIST_##NAME: entry->lists = (what), entry->closed = state == CLOSED; break;
#define LISTED(NAME, slug, cause, pattern, example)
#include "data/blocklists.def"
#undef BLOCKLIST
#undef LISTED
    default: break;
  }
}

static void take_situation(struct replycode_entry *entry, int value) {
  entry->cause = replycode__situation_cause(value);
  entry->stages = replycode__situation_stages(value);
}

static int enter_value(int kind, int value, int lang, struct replycode_entry *entry) {
  int digit = kind == REPLYCODE_KIND_CLASS && value >= 1 && value <= 9;
  if (value == 0 || (!digit && replycode_slug(kind, value) == NULL)) return 0;
  begin(entry, kind);
  put_slug(entry, kind, value);
  take_words(entry, kind, (uint32_t)value, lang);
  if (kind == REPLYCODE_KIND_RULE) take_rule(entry, value);
  if (kind == REPLYCODE_KIND_BLOCKLIST) take_blocklist(entry, value);
  if (kind == REPLYCODE_KIND_SITUATION) take_situation(entry, value);
  return entry->title[0] != '\0';
}

/* ---- Looking up ------------------------------------------------------------------------------------------------- */

/* The number of three digits, 0 when the slug is anything else. */
static unsigned read_code(const char *slug, size_t size) {
  unsigned code = 0;
  size_t at;
  if (size != 3) return 0;
  for (at = 0; at < size; at++) {
    if (!replycode__is_digit(slug[at])) return 0;
    code = code * 10 + (unsigned)(slug[at] - '0');
  }
  return code;
}

static int describe_group(const char *slug, size_t size, int lang, struct replycode_entry *entry) {
  if (size != 5 || slug[1] != '.' || slug[3] != '.' || replycode__lower(slug[4]) != 'x') return 0;
  if (replycode__lower(slug[2]) == 'x' && (slug[0] == '2' || slug[0] == '4' || slug[0] == '5')) {
    enter_group((unsigned)(slug[0] - '0'), 1, lang, entry);
    return 1;
  }
  if (replycode__lower(slug[0]) != 'x' || slug[2] < '0' || slug[2] >= '0' + SUBJECTS) return 0;
  enter_group((unsigned)(slug[2] - '0'), 0, lang, entry);
  return 1;
}

static int describe_status(const char *slug, size_t size, int lang, struct replycode_entry *entry) {
  struct replycode_status status;
  if (replycode_status_read(slug, size, &status)) return enter_status(&status, lang, entry);
  return describe_group(slug, size, lang, entry);
}

static int describe_command_reply(const char *slug, size_t size, int lang, struct replycode_entry *entry) {
  uint32_t id;
  for (id = 1; enter_command_reply(id, lang, entry); id++)
    if (replycode__equals(slug, size, entry->slug)) return 1;
  return 0;
}

/* Classes that do not belong to SMTP have no slug; "1yz" names them. */
static int value_of(int kind, const char *slug, size_t size) {
  int is_class = kind == REPLYCODE_KIND_CLASS && size == 3 && slug[1] == 'y' && slug[2] == 'z';
  return is_class && replycode__is_digit(slug[0]) ? slug[0] - '0' : replycode_value(kind, slug, size);
}

static int describe_kind(int kind, const char *slug, size_t size, int lang, struct replycode_entry *entry) {
  switch (kind) {
    case REPLYCODE_KIND_CODE: return enter_code(read_code(slug, size), lang, entry);
    case REPLYCODE_KIND_STATUS: return describe_status(slug, size, lang, entry);
    case REPLYCODE_KIND_COMMAND_REPLY: return describe_command_reply(slug, size, lang, entry);
    default: return enter_value(kind, value_of(kind, slug, size), lang, entry);
  }
}

/* A code at a stage that has a row of its own. */
static int describe_at_stage(const char *slug, size_t size, int stage, int lang, struct replycode_entry *entry) {
  unsigned code = read_code(slug, size);
  if (stage <= REPLYCODE_NO_STAGE || stage > REPLYCODE_LOCAL || code < 100) return 0;
  return enter_command_reply(replycode__command_reply_of(stage, code), lang, entry);
}

int replycode_describe(int kind, const char *slug, size_t size, int stage, int lang, struct replycode_entry *entry) {
  int at_stage = kind == REPLYCODE_NO_KIND || kind == REPLYCODE_KIND_COMMAND_REPLY;
  if (at_stage && describe_at_stage(slug, size, stage, lang, entry)) return 1;
  if (kind != REPLYCODE_NO_KIND) return describe_kind(kind, slug, size, lang, entry);
  for (kind = REPLYCODE_KIND_CODE; kind <= REPLYCODE_KIND_FINDING; kind++)
    if (describe_kind(kind, slug, size, lang, entry)) return 1;
  return 0;
}

/* ---- Walking ---------------------------------------------------------------------------------------------------- */

static int nth_status(uint32_t at, int lang, struct replycode_entry *entry) {
  struct replycode_status status = {0xffff, 0, 0};
  if (at < CLASSES) {
    enter_group(status_classes[at], 1, lang, entry);
    return 1;
  }
  at -= CLASSES;
  if (at < SUBJECTS) {
    enter_group(at, 0, lang, entry);
    return 1;
  }
  at -= SUBJECTS;
  if (at >= STATUS_ROWS) return 0;
  status.subject = status_rows[at].subject;
  status.detail = status_rows[at].detail;
  return enter_status(&status, lang, entry);
}

int replycode_entry_next(int kind, int lang, uint32_t *cursor, struct replycode_entry *entry) {
  uint32_t at = (*cursor)++;
  switch (kind) {
    case REPLYCODE_KIND_CODE: return at < CODE_ROWS && enter_code(code_rows[at].code, lang, entry);
    case REPLYCODE_KIND_STATUS: return nth_status(at, lang, entry);
    case REPLYCODE_KIND_COMMAND_REPLY: return enter_command_reply(at + 1, lang, entry);
    case REPLYCODE_KIND_ODDITY: return at < 31 && enter_value(kind, 1 << at, lang, entry);
    default: return at < INT32_MAX && enter_value(kind, (int)at + 1, lang, entry);
  }
}
