/* encode_test.c - CBOR in C: whatever fits is well-formed, whatever does not gives 0, and cuts make no difference. */
#include "guard.h"

#include "captures.h"
#include "check.h"
#include "encode.h"
#include "random.h"
#include "replycode.h"
#include "replycode_cbor.h"

enum { ROOM = 1 << 20, MUTATIONS = 200000 };

static const struct replycode__limits limits = {64, 1 << 24, 100000};
static struct guard output, input;
static uint32_t state = RANDOM_SEED;

static int scan_whole(const unsigned char *bytes, size_t size) {
  struct replycode__scan scan = {0, 0, 0, 0, {{0, 0, 0}}};
  struct replycode__fault fault;
  return replycode__scan_item(&scan, bytes, size, &limits, &fault) == REPLYCODE__WHOLE && scan.at == size;
}

/* ---- Values ----------------------------------------------------------------------------------------------------- */

struct subject { const struct replycode_reply *reply; const struct replycode_verdict *verdict; };

static size_t encode(const struct subject *subject, unsigned char *buffer, size_t capacity) {
  if (subject->reply != NULL) return replycode_encode_reply(subject->reply, buffer, capacity);
  return replycode_encode_verdict(NULL, subject->verdict, buffer, capacity);
}

/* With every capacity up to the size, the buffer's end at the unreadable page. */
static void check_capacities(const struct subject *subject, size_t size) {
  size_t capacity, step = size > 600 ? size / 97 : 1;
  for (capacity = 0; capacity < size; capacity += step)
    CHECK(encode(subject, (unsigned char *)output.end - capacity, capacity) == 0, "%lu of %lu", (unsigned long)capacity,
          (unsigned long)size);
  CHECK(encode(subject, (unsigned char *)output.end - size, size) == size, "%lu", (unsigned long)size);
  CHECK(scan_whole((unsigned char *)output.end - size, size), "%lu bytes", (unsigned long)size);
}

static void check_reply(const struct replycode_reply *reply) {
  struct subject subject = {reply, NULL};
  struct replycode_verdict verdict;
  struct replycode_context context = {REPLYCODE_RCPT, 0, NULL, NULL, 0};
  size_t size = encode(&subject, (unsigned char *)output.start, ROOM);
  CHECK(size > 0 && size <= 4 * (size_t)reply->size + 512, "%lu", (unsigned long)size);
  check_capacities(&subject, size);
  replycode_classify(reply, &context, &verdict);
  subject.reply = NULL;
  subject.verdict = &verdict;
  size = encode(&subject, (unsigned char *)output.start, ROOM);
  CHECK(size > 0 && size <= REPLYCODE_VERDICT_CBOR, "%lu", (unsigned long)size);
  check_capacities(&subject, size);
}

static void check_capture(const struct capture *capture) {
  struct replycode_reply reply;
  size_t at = 0, took;
  for (; (took = replycode_parse(capture->raw.bytes + at, capture->raw.size - at, 1, &reply)) > 0; at += took)
    check_reply(&reply);
}

static int longest_slug(int kind) {
  int value, longest = 0;
  size_t size = 0;
  for (value = 1; value < 4096; value++) {
    const char *slug = replycode_slug(kind, value);
    if (slug == NULL || strlen(slug) <= size) continue;
    size = strlen(slug);
    longest = value;
  }
  return longest;
}

static int holds(const unsigned char *bytes, size_t size, const char *part) {
  size_t at, length = strlen(part);
  for (at = 0; at + length <= size; at++)
    if (memcmp(bytes + at, part, length) == 0) return 1;
  return 0;
}

/* Every field with its longest slug. */
static void test_largest_verdict(void) {
  struct replycode_verdict verdict;
  unsigned char bytes[REPLYCODE_VERDICT_CBOR];
  size_t size;
  memset(&verdict, 0, sizeof verdict);
  verdict.code = 550;
  verdict.status.klass = 5;
  verdict.status.subject = verdict.status.detail = 999;
  verdict.transience = (uint8_t)longest_slug(REPLYCODE_KIND_TRANSIENCE);
  verdict.cause = verdict.also = (uint8_t)longest_slug(REPLYCODE_KIND_CAUSE);
  verdict.scope = verdict.settles = (uint8_t)longest_slug(REPLYCODE_KIND_SCOPE);
  verdict.action = (uint8_t)longest_slug(REPLYCODE_KIND_ACTION);
  verdict.basis = (uint8_t)longest_slug(REPLYCODE_KIND_BASIS);
  verdict.closes = 1;
  verdict.waiting = REPLYCODE_WAITING_USELESS;
  verdict.malformed = (uint8_t)longest_slug(REPLYCODE_KIND_MALFORMED);
  verdict.provider = (uint16_t)longest_slug(REPLYCODE_KIND_PROVIDER);
  verdict.blocklist = (uint16_t)longest_slug(REPLYCODE_KIND_BLOCKLIST);
  verdict.rule = (uint32_t)longest_slug(REPLYCODE_KIND_RULE);
  verdict.retry_after = 432000;
  size = replycode_encode_verdict(NULL, &verdict, bytes, sizeof bytes);
  CHECK(size > 0 && size + 64 <= sizeof bytes, "%lu", (unsigned long)size);
  CHECK(bytes[0] == 0xb0 && scan_whole(bytes, size), "%lu", (unsigned long)size);
  verdict.rule = REPLYCODE_CALLERS_RULE + 6;
  size = replycode_encode_verdict(NULL, &verdict, bytes, sizeof bytes);
  CHECK(size > 0 && holds(bytes, size, "\x64rule\x68" "caller/7"), "%lu", (unsigned long)size);
}

/* ---- Hostile bytes ------------------------------------------------------------------------------------------------ */

static int scan_in_parts(const unsigned char *bytes, size_t size, size_t *at) {
  struct replycode__scan scan = {0, 0, 0, 0, {{0, 0, 0}}};
  struct replycode__fault fault;
  size_t part = 0;
  int found;
  do {
    part += 1 + random_below(&state, 3);
    if (part > size) part = size;
    found = replycode__scan_item(&scan, (unsigned char *)guard_at_end(&input, bytes, part), part, &limits, &fault);
  } while (found == REPLYCODE__CUT && part < size);
  *at = scan.at;
  return found;
}

static void check_hostile(const unsigned char *bytes, size_t size) {
  struct replycode__scan scan = {0, 0, 0, 0, {{0, 0, 0}}};
  struct replycode__fault fault;
  size_t at = 0;
  int found = replycode__scan_item(&scan, (unsigned char *)guard_at_end(&input, bytes, size), size, &limits, &fault);
  CHECK(scan.at <= size, "%lu", (unsigned long)size);
  CHECK(scan_in_parts(bytes, size, &at) == found && at == scan.at, "%d at %lu", found, (unsigned long)at);
}

static void test_hostile(void) {
  unsigned char bytes[48];
  long round;
  for (round = 0; round < MUTATIONS; round++) {
    size_t size = random_below(&state, sizeof bytes + 1), at;
    /* Heads of few bytes, so that many of them are well-formed. */
    for (at = 0; at < size; at++)
      bytes[at] = (unsigned char)(random_below(&state, 8) << 5 | random_below(&state, random_below(&state, 4) ? 4 : 32));
    check_hostile(bytes, size);
  }
}

static int scan_with(const char *bytes, size_t size, size_t depth, size_t largest, size_t count, const char **problem) {
  struct replycode__limits few;
  struct replycode__scan scan = {0, 0, 0, 0, {{0, 0, 0}}};
  struct replycode__fault fault = {"", 0};
  int found;
  few.depth = depth;
  few.size = largest;
  few.count = count;
  found = replycode__scan_item(&scan, (const unsigned char *)bytes, size, &few, &fault);
  *problem = fault.problem;
  return found;
}

/* [1, [2, 3]]: 5 bytes, 5 items, two levels. */
static void test_limits(void) {
  static const char item[] = "\x82\x01\x82\x02\x03", huge[] = "\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
                    text[] = "\x7b\x00\x00\x00\x01\x00\x00\x00\x00";
  const char *problem = "";
  CHECK(scan_with(item, 5, 2, 5, 5, &problem) == REPLYCODE__WHOLE, "%s", problem);
  CHECK(scan_with(item, 5, 1, 5, 5, &problem) == REPLYCODE__ILL && strstr(problem, "deeper"), "%s", problem);
  CHECK(scan_with(item, 5, 2, 4, 5, &problem) == REPLYCODE__ILL && strstr(problem, "larger"), "%s", problem);
  CHECK(scan_with(item, 5, 2, 5, 4, &problem) == REPLYCODE__ILL && strstr(problem, "more than"), "%s", problem);
  CHECK(scan_with(huge, 9, 64, 1 << 20, 1000, &problem) == REPLYCODE__ILL, "%s", problem);
  CHECK(scan_with(text, 9, 64, 1 << 20, 1000, &problem) == REPLYCODE__ILL && strstr(problem, "larger"), "%s", problem);
}

static void test_utf8(void) {
  static const char *const good[] = {"", "a", "12345678\xc3\xa7", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                     "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
  static const char *const bad[] = {"\x80", "\xc1\xbf", "\xc3", "\xe0\x9f\xbf", "\xed\xa0\x80",
                                    "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "12345678\xff",
                                    "\xe2\x82", "\xc3\x28"};
  size_t at;
  for (at = 0; at < sizeof good / sizeof good[0]; at++)
    CHECK(replycode__is_utf8(guard_at_end(&input, good[at], strlen(good[at])), strlen(good[at])), "good %lu", (unsigned long)at);
  for (at = 0; at < sizeof bad / sizeof bad[0]; at++)
    CHECK(!replycode__is_utf8(guard_at_end(&input, bad[at], strlen(bad[at])), strlen(bad[at])), "bad %lu", (unsigned long)at);
}

int main(void) {
  output = guard_make(ROOM);
  input = guard_make(4096);
  captures_below("spec/replies", check_capture);
  test_largest_verdict();
  test_hostile();
  test_limits();
  test_utf8();
  guard_free(&output);
  guard_free(&input);
  return check_report();
}
