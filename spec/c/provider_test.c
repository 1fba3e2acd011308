/* provider_test.c - who speaks comes before what it means: no row of a provider is used, and no provider named, without what
 * only that provider writes. */
#include "check.h"
#include "condition.h"
#include "fold.h"
#include "naive_match.h"
#include "pattern.h"
#include "reading.h"
#include "rows.h"
#include "window.h"

/* ---- An example without its marks ------------------------------------------------------------------------------- */

struct text { char bytes[REPLYCODE__TEXT]; size_t size; };

static void cut_alternative(struct text *text, const char *pattern, size_t size) {
  size_t from, to;
  while (naive_match(text->bytes, text->size, pattern, size, 0, &from, &to)) {
    text->bytes[from] = ' ';
    memmove(text->bytes + from + 1, text->bytes + to, text->size - to);
    text->size -= to - from - 1;
  }
}

static void cut_pattern(struct text *text, const char *pattern) {
  while (*pattern != '\0') {
    size_t size = strcspn(pattern, "|");
    cut_alternative(text, pattern, size);
    pattern += size + (pattern[size] == '|');
  }
}

/* The words as rules see them: lines joined, without code and status, folded. */
static void read_words(const struct replycode_reply *reply, struct text *text) {
  struct replycode__window window;
  replycode__window_init(&window, reply);
  CHECK(replycode__window_next(&window) && window.last, "example of several windows");
  memcpy(text->bytes, window.text, window.size);
  text->size = window.size;
}

static int names_by_status(const struct row *row, const struct replycode_status *status) {
  struct replycode__text_rule rule;
  memset(&rule, 0, sizeof rule);
  if (!row->identifies || row->pattern[0] != '\0' || row->more.status == NULL) return 0;
  return replycode__read_status(row->more.status, &rule) && replycode__status_fits(&rule, status);
}

/* A status that identifies anybody goes: two services of one company share theirs. */
static void take_marks_off(struct text *text, struct replycode_status *status, int provider) {
  size_t at;
  for (at = 0; at < shipped.count; at++) {
    if (!rows[at].identifies) continue;
    if (rows[at].provider == provider) cut_pattern(text, rows[at].pattern);
    if (names_by_status(&rows[at], status)) memset(status, 0, sizeof *status);
  }
}

static void check_anonymous(const struct row *row) {
  struct replycode_reply reply;
  struct replycode_context context;
  struct replycode_verdict verdict;
  struct text text;
  memset(&context, 0, sizeof context);
  replycode_parse(row->example, strlen(row->example), 1, &reply);
  read_words(&reply, &text);
  take_marks_off(&text, &reply.status, row->provider);
  reply.bytes = text.bytes;
  reply.size = (uint32_t)text.size;
  reply.plain = 1;
  replycode_classify(&reply, &context, &verdict);
  CHECK(verdict.provider == 0, "%s: known as %s without its marks, by %s: %u %.*s", row->slug,
        replycode_slug(REPLYCODE_KIND_PROVIDER, verdict.provider), replycode_slug(REPLYCODE_KIND_RULE, (int)verdict.rule),
        reply.code, (int)text.size, text.bytes);
}

/* ---- Rows of nobody name nobody --------------------------------------------------------------------------------- */

static void check_general(const struct row *row) {
  struct replycode_reply reply;
  struct replycode_context context;
  struct replycode_verdict verdict;
  memset(&context, 0, sizeof context);
  replycode_parse(row->example, strlen(row->example), 1, &reply);
  replycode_classify(&reply, &context, &verdict);
  CHECK(verdict.provider == 0, "%s: its example is taken for %s: %s", row->slug,
        replycode_slug(REPLYCODE_KIND_PROVIDER, verdict.provider), row->example);
}

/* ---- What may identify ------------------------------------------------------------------------------------------ */

/* What general rows look for, in one text: words that anyone might write. */
static char common[1 << 19];
static size_t common_size;

static void gather_common(void) {
  size_t at;
  for (at = 0; at < shipped.count; at++) {
    if (rows[at].provider != 0 || rows[at].blocklist != 0) continue;
    common_size += replycode__fold(common + common_size, rows[at].pattern, strlen(rows[at].pattern));
    common[common_size++] = ' ';
  }
}

static int is_common(const char *word, size_t size) {
  size_t from, to;
  return naive_match(common, common_size, word, size, 0, &from, &to);
}

/* "mx.example.com", "/page", "a=b", "[tag01]", "x::y": no words of a sentence. */
static int has_name(const char *pattern, size_t size) {
  size_t at;
  for (at = 0; at + 1 < size; at++)
    if (strchr("./@#_:", pattern[at]) != NULL && strchr(" *,;", pattern[at + 1]) == NULL) return 1;
  return memchr(pattern, '=', size) != NULL || pattern[size - 1] == ';';
}

/* Whether a pattern has a word of its own, a tag or a name; or is a sentence, which nobody writes by chance. What ends in a
 * semicolon is the head of a provider's line: "barracuda reputation;". */
enum { SENTENCE = 24 };

static int is_peculiar(const char *pattern, size_t size) {
  size_t at = 0, letters = 0;
  if (has_name(pattern, size)) return 1;
  while (at < size) {
    size_t from = at;
    while (at < size && naive_is_word(pattern[at])) at++;
    letters += at - from;
    if (at > from && !is_common(pattern + from, at - from)) return 1;
    while (at < size && !naive_is_word(pattern[at])) at++;
  }
  return letters >= SENTENCE;
}

static int is_long_enough(const char *text) {
  while (text != NULL) {
    struct replycode__cut cut;
    replycode__cut_pattern(&text, &cut);
    if (cut.problem != NULL || cut.pieces[cut.anchor].size < REPLYCODE__WINDOW) return 0;
  }
  return 1;
}

/* Microsoft's details of three digits are registered by nobody else. */
static int has_own_status(const struct row *row) {
  struct replycode__text_rule rule;
  memset(&rule, 0, sizeof rule);
  return row->more.status != NULL && replycode__read_status(row->more.status, &rule) && rule.detail_from >= 100;
}

static void check_identifying(const struct row *row) {
  const char *pattern = row->pattern;
  if (has_own_status(row)) return;
  CHECK(pattern[0] != '\0' && is_long_enough(pattern), "%s: too short to identify: %s", row->slug, pattern);
  while (*pattern != '\0') {
    size_t size = strcspn(pattern, "|");
    CHECK(is_peculiar(pattern, size), "%s: anyone might write '%.*s'", row->slug, (int)size, pattern);
    pattern += size + (pattern[size] == '|');
  }
}

int main(void) {
  size_t at;
  gather_common();
  for (at = 0; at < shipped.count; at++) {
    const struct row *row = &rows[at];
    if (row->provider == 0 && row->blocklist == 0) check_general(row);
    if (row->identifies) check_identifying(row);
    if (row->role == REPLYCODE__CAUSE && row->provider != 0) check_anonymous(row);
  }
  return check_report();
}
