/* advise_test.c - what to send in a situation: every situation at every stage, read back as it is meant. */
#include "guard.h"

#include "check.h"
#include "replycode.h"

static struct guard input;

static int advise(const char *slug, int stage, int lang, struct replycode_advice *advice) {
  size_t size = strlen(slug);
  return replycode_advise(guard_at_end(&input, slug, size), size, stage, lang, advice);
}

/* ---- One reply -------------------------------------------------------------------------------------------------- */

static int cause_of(const struct replycode_advice *advice, const char *text) {
  struct replycode_context context = {.stage = advice->stage};
  struct replycode_reply reply;
  struct replycode_verdict verdict;
  memset(&reply, 0, sizeof reply);
  reply.bytes = text;
  reply.size = (uint32_t)strlen(text);
  reply.lines = 1;
  reply.code = advice->code;
  reply.status = advice->status;
  reply.plain = 1;
  replycode_classify(&reply, &context, &verdict);
  return verdict.cause;
}

static int is_ascii(const char *text) {
  while (*text >= ' ' && *text < 0x7f) text++;
  return *text == '\0';
}

/* Room is left: nothing was cut off. */
static int has_room(const char *text) {
  return strlen(text) > 8 && strlen(text) < sizeof ((struct replycode_advice *)0)->text - 8;
}

static void check_advice(const char *slug, int stage, int lang, uint32_t stages) {
  struct replycode_advice advice;
  CHECK(advise(slug, stage, lang, &advice), "%s", slug);
  CHECK(stages & UINT32_C(1) << advice.stage, "%s at %d: %d", slug, stage, advice.stage);
  CHECK((stages & UINT32_C(1) << stage) == 0 || advice.stage == stage, "%s at %d: %d", slug, stage, advice.stage);
  CHECK(strcmp(replycode_slug(REPLYCODE_KIND_SITUATION, advice.situation), slug) == 0, "%s", slug);
  CHECK(cause_of(&advice, advice.text) == advice.cause, "%s at %d: %s", slug, stage, advice.text);
  CHECK(cause_of(&advice, advice.utf8_text) == advice.cause, "%s at %d: %s", slug, stage, advice.utf8_text);
  CHECK(is_ascii(advice.text) && has_room(advice.text) && has_room(advice.utf8_text), "%s: %s", slug, advice.text);
  CHECK(advice.status.klass == 0 || advice.status.klass == advice.code / 100, "%s at %d", slug, stage);
  CHECK(advice.why[0] != '\0' && strncmp(advice.references, "RFC ", 4) == 0, "%s", slug);
}

static void test_all(int lang) {
  struct replycode_entry entry;
  uint32_t cursor = 0;
  int stage, count = 0;
  while (replycode_entry_next(REPLYCODE_KIND_SITUATION, lang, &cursor, &entry)) {
    count++;
    for (stage = REPLYCODE_NO_STAGE; stage <= REPLYCODE_LOCAL; stage++)
      check_advice(entry.slug, stage, lang, entry.stages);
  }
  CHECK(count == 53, "%d", count);
}

/* ---- Values ----------------------------------------------------------------------------------------------------- */

static void test_values(void) {
  struct replycode_advice advice;
  advise("greylisted", REPLYCODE_RCPT, REPLYCODE_EN, &advice);
  CHECK(advice.code == 450 && advice.cause == REPLYCODE_GREYLISTED, "%u", advice.code);
  CHECK(advice.status.klass == 4 && advice.status.subject == 7 && advice.status.detail == 1, "%u", advice.code);
  CHECK(strcmp(advice.text, "Greylisted. Please try again later.") == 0, "%s", advice.text);
  advise("greylisted", REPLYCODE_CONNECT, REPLYCODE_TR, &advice);
  CHECK(advice.code == 421 && advice.status.klass == 0, "%u", advice.code);
  CHECK(strcmp(advice.text, "Gri listeleme: lutfen daha sonra yeniden deneyin. Baglanti kapatiliyor.") == 0, "%s",
        advice.text);
  CHECK(strcmp(advice.utf8_text, "Gri listeleme: lütfen daha sonra yeniden deneyin. Bağlantı kapatılıyor.") == 0, "%s",
        advice.utf8_text);
}

static void test_no_situation(void) {
  static const char *const slugs[] = {"", "unknown", "greylist", "Greylisted", "greylisted ", "rcpt", "421"};
  struct replycode_advice advice;
  size_t at;
  for (at = 0; at < sizeof slugs / sizeof slugs[0]; at++)
    CHECK(!advise(slugs[at], 0, REPLYCODE_EN, &advice), "%s", slugs[at]);
  CHECK(!replycode_advise(NULL, 0, 0, REPLYCODE_EN, &advice), "nothing");
  CHECK(!replycode_advise("greylisted", 11, 0, REPLYCODE_EN, &advice), "a NUL");
  CHECK(replycode_advise("greylisted, and more", 10, 0, REPLYCODE_EN, &advice), "the size counts");
}

/* Any number is taken: what is no stage is none. */
static void test_no_stage(void) {
  static const int stages[] = {-1, REPLYCODE_LOCAL + 1, 31, 32, 1 << 30, -(1 << 30)};
  struct replycode_advice advice;
  size_t at;
  for (at = 0; at < sizeof stages / sizeof stages[0]; at++)
    CHECK(advise("greylisted", stages[at], REPLYCODE_EN, &advice) && advice.stage == REPLYCODE_RCPT, "%d", stages[at]);
}

int main(void) {
  input = guard_make(4096);
  test_all(REPLYCODE_EN);
  test_all(REPLYCODE_TR);
  test_values();
  test_no_situation();
  test_no_stage();
  return check_report();
}
