/* catalogue_test.c - every entry describes itself, every slug leads back to its value, any two codes or statuses compare. */
#include "guard.h"

#include "check.h"
#include "replycode.h"

enum { KINDS = REPLYCODE_KIND_FINDING + 1, MOST_NAMES = 256, SLUG = 48 };

static struct guard input;
static const int langs[] = {REPLYCODE_EN, REPLYCODE_TR};

/* A slug without NUL, against the page behind. */
static const char *bare(const char *slug) { return guard_at_end(&input, slug, strlen(slug)); }

static int describe(int kind, const char *slug, int stage, int lang, struct replycode_entry *entry) {
  return replycode_describe(kind, bare(slug), strlen(slug), stage, lang, entry);
}

/* ---- Entries -------------------------------------------------------------------------------------------------------- */

static int same_entry(const struct replycode_entry *a, const struct replycode_entry *b) {
  return a->kind == b->kind && a->exact == b->exact && strcmp(a->slug, b->slug) == 0 && a->title == b->title &&
         a->meaning == b->meaning && a->when == b->when && a->remedy == b->remedy &&
         a->operator_remedy == b->operator_remedy && a->send_when == b->send_when && a->references == b->references &&
         a->codes == b->codes && a->stages == b->stages && a->standing == b->standing && a->classes == b->classes &&
         memcmp(&a->guess, &b->guess, sizeof a->guess) == 0;
}

static int is_complete(const struct replycode_entry *entry) {
  return entry->exact && entry->slug[0] != '\0' && strlen(entry->slug) < SLUG && entry->title[0] != '\0' &&
         entry->meaning[0] != '\0' && entry->when != NULL && entry->remedy != NULL && entry->operator_remedy != NULL &&
         entry->send_when != NULL && entry->references[0] != '\0' && entry->codes != NULL;
}

/* Walks a kind; returns how many entries it has. */
static int walk(int kind, int lang) {
  struct replycode_entry entry, again;
  uint32_t cursor = 0;
  int count = 0;
  while (replycode_entry_next(kind, lang, &cursor, &entry)) {
    count++;
    CHECK(entry.kind == kind && is_complete(&entry), "kind %d, %s", kind, entry.slug);
    CHECK(describe(kind, entry.slug, 0, lang, &again) && same_entry(&entry, &again), "kind %d, %s", kind, entry.slug);
    CHECK(!replycode_describe(kind, entry.slug, strlen(entry.slug) + 1, 0, lang, &again), "%s with a NUL", entry.slug);
  }
  CHECK(!replycode_entry_next(kind, lang, &cursor, &entry), "kind %d stays at its end", kind);
  return count;
}

/* What is added to with every release. */
static int grows(int kind) {
  return kind == REPLYCODE_KIND_RULE || kind == REPLYCODE_KIND_PROVIDER || kind == REPLYCODE_KIND_BLOCKLIST;
}

static void test_walks(void) {
  static const int counts[KINDS] = {
    [REPLYCODE_KIND_CODE] = 83, [REPLYCODE_KIND_STATUS] = 92, [REPLYCODE_KIND_COMMAND_REPLY] = 210,
    [REPLYCODE_KIND_CAUSE] = 32, [REPLYCODE_KIND_STAGE] = 26, [REPLYCODE_KIND_CLASS] = 9,
    [REPLYCODE_KIND_TRANSIENCE] = 3, [REPLYCODE_KIND_SCOPE] = 9, [REPLYCODE_KIND_ACTION] = 11,
    [REPLYCODE_KIND_BASIS] = 5, [REPLYCODE_KIND_MALFORMED] = 4, [REPLYCODE_KIND_ODDITY] = 13,
    [REPLYCODE_KIND_SITUATION] = 53,
    [REPLYCODE_KIND_FINDING] = 40,
  };
  int kind;
  for (kind = 0; kind < KINDS; kind++) {
    int english = walk(kind, REPLYCODE_EN), turkish = walk(kind, REPLYCODE_TR);
    CHECK(english == turkish, "kind %d: %d and %d", kind, english, turkish);
    CHECK(grows(kind) || english == counts[kind], "kind %d: %d", kind, english);
    CHECK(!grows(kind) || english > 40, "kind %d: %d", kind, english);
  }
}

static void check_fallback(int kind, const char *slug, const char *answer, int answers) {
  struct replycode_entry entry, fallback;
  CHECK(describe(kind, slug, 0, REPLYCODE_EN, &entry) && !entry.exact, "%s", slug);
  CHECK(strcmp(entry.slug, slug) == 0 && entry.kind == kind, "%s", slug);
  CHECK(describe(answers, answer, 0, REPLYCODE_EN, &fallback) && entry.title == fallback.title, "%s", slug);
}

static void test_fallbacks(void) {
  check_fallback(REPLYCODE_KIND_CODE, "254", "success", REPLYCODE_KIND_CLASS);
  check_fallback(REPLYCODE_KIND_CODE, "599", "permanent", REPLYCODE_KIND_CLASS);
  check_fallback(REPLYCODE_KIND_CODE, "600", "6yz", REPLYCODE_KIND_CLASS);
  check_fallback(REPLYCODE_KIND_STATUS, "5.7.999", "X.7.0", REPLYCODE_KIND_STATUS);
  check_fallback(REPLYCODE_KIND_STATUS, "4.99.1", "4.X.X", REPLYCODE_KIND_STATUS);
}

static void test_guesses(void) {
  struct replycode_entry entry;
  CHECK(describe(0, "571", 0, REPLYCODE_EN, &entry) && entry.guess.klass == 5, "571");
  CHECK(entry.guess.subject == 7 && entry.guess.detail == 1, "571");
  CHECK(describe(0, "550", 0, REPLYCODE_EN, &entry) && entry.guess.klass == 0, "550");
}

static void test_stages(void) {
  struct replycode_entry entry;
  CHECK(describe(0, "502", REPLYCODE_VRFY, 0, &entry) && strcmp(entry.slug, "vrfy/502") == 0, "502 at vrfy");
  CHECK(describe(0, "502", REPLYCODE_NO_STAGE, 0, &entry) && strcmp(entry.slug, "502") == 0, "502");
  CHECK(describe(0, "502", -1, 0, &entry) && strcmp(entry.slug, "502") == 0, "502 at no stage");
  CHECK(describe(0, "502", 99, 0, &entry) && strcmp(entry.slug, "502") == 0, "502 at no stage");
  CHECK(describe(REPLYCODE_KIND_CODE, "502", REPLYCODE_VRFY, 0, &entry) && entry.kind == REPLYCODE_KIND_CODE, "502");
}

static void test_unknown(void) {
  static const char *const slugs[] = {
    "", "4", "42", "042", "4211", "0421", " 421", "5.7", "5.7.", "5.7.026", "5.7.1.2", "3.7.1", "X.99.1", "X.X.X", "X.9.X",
    "3.X.X", "vrfy/", "vrfy/502/", "MAILBOX_FULL", "mailbox_ful", "yz", "0yz", "code_", "/",
  };
  struct replycode_entry entry;
  size_t at;
  int kind;
  for (at = 0; at < sizeof slugs / sizeof slugs[0]; at++)
    for (kind = 0; kind < KINDS; kind++)
      CHECK(!describe(kind, slugs[at], 0, REPLYCODE_EN, &entry), "kind %d, '%s'", kind, slugs[at]);
  CHECK(!replycode_describe(0, NULL, 0, 0, REPLYCODE_EN, &entry), "no slug");
  CHECK(!describe(-1, "mailbox_full", 0, REPLYCODE_EN, &entry), "no kind");
  CHECK(!describe(KINDS, "mailbox_full", 0, REPLYCODE_EN, &entry), "no kind");
}

/* ---- Slugs ---------------------------------------------------------------------------------------------------------- */

static void check_value(int kind, int value) {
  const char *slug = replycode_slug(kind, value);
  if (slug == NULL) return;
  CHECK(value != 0, "kind %d, 0 is none", kind);
  CHECK(replycode_value(kind, bare(slug), strlen(slug)) == value, "kind %d, %s", kind, slug);
  CHECK(replycode_value(kind, bare(slug), strlen(slug) - 1) != value, "kind %d, %s", kind, slug);
  CHECK(replycode_value(kind, slug, strlen(slug) + 1) == 0, "kind %d, %s with a NUL", kind, slug);
}

static void test_slugs(void) {
  int kind, value, bit;
  for (kind = -1; kind <= KINDS; kind++) {
    CHECK(replycode_slug(kind, -1) == NULL && replycode_slug(kind, 1 << 30) == NULL, "kind %d", kind);
    CHECK(replycode_value(kind, NULL, 0) == 0 && replycode_value(kind, "?", 1) == 0, "kind %d", kind);
    for (value = 0; value < 1024; value++) check_value(kind, value);
    for (bit = 10; bit < 30; bit++) check_value(kind, 1 << bit);
  }
}

static void test_keys(void) {
  int key;
  for (key = 0; key < REPLYCODE_KEYS; key++) {
    CHECK(replycode_key_slug(key) != NULL && replycode_key_label(key, REPLYCODE_EN) != NULL, "key %d", key);
    CHECK(strcmp(replycode_key_label(key, REPLYCODE_EN), replycode_key_label(key, REPLYCODE_TR)) != 0, "key %d", key);
  }
  CHECK(replycode_key_slug(-1) == NULL && replycode_key_slug(REPLYCODE_KEYS) == NULL, "no key");
  CHECK(replycode_key_label(-1, 0) == NULL && replycode_key_label(REPLYCODE_KEYS, 0) == NULL, "no key");
}

/* ---- Pairs ---------------------------------------------------------------------------------------------------------- */

static char names[MOST_NAMES][SLUG];
static int name_count;

static void add_names(int kind) {
  struct replycode_entry entry;
  uint32_t cursor = 0;
  while (replycode_entry_next(kind, REPLYCODE_EN, &cursor, &entry))
    if (name_count < MOST_NAMES && strstr(entry.slug, ".X") == NULL) memcpy(names[name_count++], entry.slug, SLUG);
}

static void add_name(const char *name) { memcpy(names[name_count++], name, strlen(name) + 1); }

static int compare(const char *a, const char *b, int stage, int lang, struct replycode_comparison *comparison) {
  char both[2 * SLUG];
  size_t size = strlen(a), other = strlen(b);
  const char *bytes;
  memcpy(both, a, size);
  memcpy(both + size, b, other);
  bytes = guard_at_end(&input, both, size + other);
  return replycode_compare(bytes, size, bytes + size, other, stage, lang, comparison);
}

static int is_judged(const struct replycode_verdict *verdict) {
  return verdict->transience && verdict->cause && verdict->scope && verdict->action && verdict->basis && verdict->rule;
}

/* The cells that must say something; the others may be empty. */
static int is_side(const struct replycode_side *side, const char *slug) {
  int key;
  for (key = 0; key < REPLYCODE_KEYS; key++)
    if (side->cells[key] == NULL || (key < REPLYCODE_KEY_STAGES && side->cells[key][0] == '\0')) return 0;
  return strcmp(side->entry.slug, slug) == 0 && is_judged(&side->verdict);
}

static int same_side(const struct replycode_side *a, const struct replycode_side *b) {
  return same_entry(&a->entry, &b->entry) && memcmp(&a->verdict, &b->verdict, sizeof a->verdict) == 0 &&
         memcmp(a->cells, b->cells, sizeof a->cells) == 0;
}

/* Both orders say the same. */
static int compares(const char *a, const char *b, int stage, int lang) {
  struct replycode_comparison there, back;
  if (!compare(a, b, stage, lang, &there) || !compare(b, a, stage, lang, &back)) return 0;
  if (!is_side(&there.a, a) || !is_side(&there.b, b)) return 0;
  if (!same_side(&there.a, &back.b) || !same_side(&there.b, &back.a)) return 0;
  if (there.difference != back.difference || there.which != back.which || there.references != back.references) return 0;
  return (there.difference[0] != '\0') == (there.references[0] != '\0') && (there.which[0] == '\0' || there.difference[0]);
}

static void test_pairs(void) {
  int a, b, lang;
  add_names(REPLYCODE_KIND_CODE);
  add_names(REPLYCODE_KIND_STATUS);
  add_name("5.7.26");
  add_name("4.2.2");
  add_name("2.1.5");
  add_name("5.99.99");
  add_name("254");
  add_name("599");
  add_name("100");
  add_name("999");
  for (a = 0; a < name_count; a++) {
    for (b = 0; b < name_count; b++) {
      for (lang = 0; lang < 2 && compares(names[a], names[b], REPLYCODE_NO_STAGE, langs[lang]); lang++) {}
      if (lang < 2) break;
    }
    CHECK(b == name_count, "%s and %s", names[a], b < name_count ? names[b] : "");
  }
}

static void test_pairs_at_stages(void) {
  int stage;
  for (stage = -1; stage <= REPLYCODE_LOCAL + 1; stage++) {
    CHECK(compares("421", "502", stage, REPLYCODE_EN), "stage %d", stage);
    CHECK(compares("550", "5.1.1", stage, REPLYCODE_TR), "stage %d", stage);
    CHECK(compares("X.2.2", "4.2.2", stage, REPLYCODE_EN), "stage %d", stage);
    CHECK(compares("250", "354", stage, REPLYCODE_TR), "stage %d", stage);
  }
}

static void test_no_pairs(void) {
  static const char *const wrong[] = {"", "42", "4210", "mailbox_full", "5.7", "X.X.X", "5.X.X", "vrfy/502", "3.1.1"};
  struct replycode_comparison comparison;
  size_t at;
  for (at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
    CHECK(!compare("421", wrong[at], 0, REPLYCODE_EN, &comparison), "421 and '%s'", wrong[at]);
    CHECK(!compare(wrong[at], "421", 0, REPLYCODE_EN, &comparison), "'%s' and 421", wrong[at]);
  }
  CHECK(!replycode_compare(NULL, 0, NULL, 0, 0, REPLYCODE_EN, &comparison), "nothing");
}

int main(void) {
  input = guard_make(4096);
  test_walks();
  test_fallbacks();
  test_guesses();
  test_stages();
  test_unknown();
  test_slugs();
  test_keys();
  test_pairs();
  test_pairs_at_stages();
  test_no_pairs();
  return check_report();
}
