/* lint_test.c - lint of any bytes ends, tells each finding once and in order, and its places lie within the bytes. */
#include "guard.h"

#include "check.h"
#include "random.h"
#include "replycode.h"

enum { LONGEST = 4096, INPUTS = 6000, FINDINGS = 40 };

static struct guard input;

/* ---- What holds for every reply ------------------------------------------------------------------------------------- */

static int is_sound(const struct replycode_reply *reply, const struct replycode_finding *finding) {
  return replycode_slug(REPLYCODE_KIND_FINDING, finding->finding) != NULL &&
         replycode_severity_slug(finding->severity) != NULL && finding->where.at <= reply->size &&
         finding->where.size <= reply->size - finding->where.at;
}

/* How many findings there are, -1 when one is not sound. */
static int walk(const struct replycode_reply *reply, int stage, unsigned options) {
  struct replycode_finding finding;
  uint32_t cursor = 0, before = 0;
  int count = 0, last = 0;
  memset(&finding, 0xaa, sizeof finding);
  while (replycode_lint(reply, stage, options, &cursor, &finding)) {
    if (cursor <= before || finding.finding <= last || !is_sound(reply, &finding) || ++count > FINDINGS) return -1;
    before = cursor;
    last = finding.finding;
  }
  return replycode_lint(reply, stage, options, &cursor, &finding) ? -1 : count;
}

static int is_sound_with(const char *bytes, size_t size, int ended, uint32_t *state) {
  struct replycode_reply reply;
  int stage = (int)random_below(state, REPLYCODE_LOCAL + 3) - 1;
  unsigned options = random_below(state, 4);
  replycode_parse(bytes, size, ended, &reply);
  if (walk(&reply, stage, options) < 0) return 0;
  memset(&reply, 0, sizeof reply);
  reply.bytes = bytes;
  reply.size = (uint32_t)size;
  reply.plain = 1;
  reply.code = (uint16_t)(random_below(state, 2) == 0 ? 0 : 100 + random_below(state, 900));
  reply.status.klass = (uint16_t)random_below(state, 6);
  reply.status.detail = (uint16_t)random_below(state, 30);
  return walk(&reply, stage, options) >= 0;
}

/* ---- Inputs --------------------------------------------------------------------------------------------------------- */

static void check_bytes(const char *bytes, size_t size, uint32_t *state) {
  CHECK(is_sound_with(guard_at_end(&input, bytes, size), size, 1, state), "%lu bytes", (unsigned long)size);
  CHECK(is_sound_with(guard_at_start(&input, bytes, size), size, 0, state), "%lu bytes", (unsigned long)size);
}

static void test_random_bytes(void) {
  static char bytes[LONGEST];
  uint32_t state = RANDOM_SEED;
  int at;
  for (at = 0; at < INPUTS; at++) check_bytes(bytes, random_bytes(&state, bytes, at % 50 == 0 ? LONGEST : 200), &state);
}

/* Words that the checks look for, cut anywhere. */
static void test_words(void) {
  static const char *const words[] = {
    "550 5.7.1 Greylisted, try again in 5 minutes\r\n", "550-5.1.1 <a@b.c> x@y.z\r\n550 5.1.2 p@q.r, 10.1.2.3. mx.lan.\r\n",
    "421 4.2.2 Mailbox full\r\n", "220 ESMTP\r\n", "554 access denied <", "250-\r\n250\r", "571 #5.1.1 \xc4\xb1\xc4",
    "502 5.5.2 command not recognized\r\n", "550 @@ a@ @b a@.. postmaster@ 1.2.3 192.168.0.1", "250\t\t2.0.0", "550 5.1.1"};
  uint32_t state = RANDOM_SEED;
  size_t word, size;
  for (word = 0; word < sizeof words / sizeof words[0]; word++)
    for (size = 0; size <= strlen(words[word]); size++) {
      int again;
      for (again = 0; again < 8; again++) check_bytes(words[word], size, &state);
    }
}

static void test_nothing(void) {
  struct replycode_reply reply;
  struct replycode_finding finding;
  uint32_t cursor = UINT32_MAX;
  replycode_parse(NULL, 0, 1, &reply);
  CHECK(walk(&reply, 0, 0) == 1, "no bytes are unfinished");
  CHECK(!replycode_lint(&reply, 0, 0, &cursor, &finding), "a cursor behind the last");
  reply.malformed = REPLYCODE_TOO_LONG;
  CHECK(walk(&reply, REPLYCODE_RCPT, 0) == 1, "too long");
}

/* ---- Literals ------------------------------------------------------------------------------------------------------- */

static void test_literals(void) {
  static const char bytes[] = "421 4.2.2 Mailbox full\n";
  struct replycode_reply reply;
  struct replycode_finding finding;
  uint32_t cursor = 0;
  replycode_parse(bytes, sizeof bytes - 1, 1, &reply);
  CHECK(replycode_lint(&reply, REPLYCODE_RCPT, 0, &cursor, &finding), "LF");
  CHECK(strcmp(replycode_slug(REPLYCODE_KIND_FINDING, finding.finding), "lf_alone") == 0, "%d", finding.finding);
  CHECK(finding.severity == REPLYCODE_ERROR && finding.where.at == 22 && finding.where.size == 1, "%u", finding.where.at);
  CHECK(replycode_lint(&reply, REPLYCODE_RCPT, 0, &cursor, &finding), "421");
  CHECK(strcmp(replycode_slug(REPLYCODE_KIND_FINDING, finding.finding), "closing_for_one") == 0, "%d", finding.finding);
  CHECK(finding.severity == REPLYCODE_WARNING && finding.where.at == 10, "%u", finding.where.at);
  CHECK(!replycode_lint(&reply, REPLYCODE_RCPT, 0, &cursor, &finding), "no more");
  CHECK(replycode_severity_slug(0) == NULL && replycode_severity_slug(4) == NULL, "no severity");
}

int main(void) {
  input = guard_make(LONGEST);
  test_random_bytes();
  test_words();
  test_nothing();
  test_literals();
  guard_free(&input);
  return check_report();
}
