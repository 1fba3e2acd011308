/* classifier_test.c - the caller's rules: what is refused and why, the memory they take, and what they decide. */
#include "guard.h"

#include "check.h"
#include "replycode.h"

#if defined(__SANITIZE_ADDRESS__)
#define COUNTS_ALLOCATIONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COUNTS_ALLOCATIONS 1
#endif
#endif

enum { ROOM = 1 << 20, MANY = 2000 };

static struct guard memory, input;

/* ---- Building ------------------------------------------------------------------------------------------------------- */

static struct replycode_rule rule_of(const char *text, int cause) {
  struct replycode_rule rule;
  memset(&rule, 0, sizeof rule);
  rule.text = text;
  rule.cause = (uint8_t)cause;
  return rule;
}

/* In memory of just the size they need, whose end is that of the page; a pointer's alignment may leave some bytes. */
static const struct replycode_classifier *build(const struct replycode_rule *rules, size_t count, unsigned options) {
  struct replycode_fault fault = {0, "", ""};
  size_t size = replycode_classifier_size(rules, count, &fault);
  char *place = memory.end - (size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
  const struct replycode_classifier *made;
  CHECK(size > 0 && size <= ROOM, "%lu bytes, rule %lu, %s: %s", (unsigned long)size, (unsigned long)fault.rule, fault.field,
        fault.problem);
  if (size == 0 || size > ROOM) return NULL;
  memset(place, 0xaa, size);
  made = replycode_classifier_init(place, size, rules, count, options, &fault);
  CHECK((const void *)made == place, "rule %lu, %s: %s", (unsigned long)fault.rule, fault.field, fault.problem);
  return made;
}

/* The reply's bytes end where a page begins that cannot be read. */
static struct replycode_verdict judge(const struct replycode_classifier *classifier, int stage, const char *bytes) {
  struct replycode_context context = {0, 0, NULL, NULL, 0};
  struct replycode_reply reply;
  struct replycode_verdict verdict;
  size_t size = strlen(bytes);
  context.stage = stage;
  context.classifier = classifier;
  replycode_parse(guard_at_end(&input, bytes, size), size, 1, &reply);
  replycode_classify(&reply, &context, &verdict);
  return verdict;
}

static int is_rule(const struct replycode_verdict *verdict, size_t number) {
  return verdict->rule == REPLYCODE_CALLERS_RULE + number && verdict->basis == REPLYCODE_BY_CALLER;
}

static void check_decides(const struct replycode_classifier *classifier, const char *bytes, size_t number, int cause) {
  struct replycode_verdict verdict = judge(classifier, REPLYCODE_RCPT, bytes);
  CHECK(is_rule(&verdict, number) && verdict.cause == cause, "'%s': rule %lu, cause %d", bytes, (unsigned long)verdict.rule,
        verdict.cause);
}

static void check_decides_not(const struct replycode_classifier *classifier, const char *bytes) {
  struct replycode_verdict verdict = judge(classifier, REPLYCODE_RCPT, bytes);
  CHECK(verdict.rule < REPLYCODE_CALLERS_RULE, "'%s': rule %lu", bytes, (unsigned long)verdict.rule);
}

/* ---- Faults --------------------------------------------------------------------------------------------------------- */

/* The wrong rule stands between two right ones: the fault says which it is and what about it. */
static void check_fault(struct replycode_rule rule, const char *field) {
  struct replycode_rule rules[3];
  struct replycode_fault fault = {777, "", ""}, again = {777, "", ""};
  rules[0] = rules[2] = rule_of("perfectly good", REPLYCODE_POLICY_REJECTED);
  rules[1] = rule;
  CHECK(replycode_classifier_size(rules, 3, &fault) == 0, "%s", field);
  CHECK(fault.rule == 1 && strcmp(fault.field, field) == 0 && fault.problem[0] != '\0', "%s: rule %lu, %s: %s", field,
        (unsigned long)fault.rule, fault.field, fault.problem);
  CHECK(replycode_classifier_size(rules, 3, NULL) == 0, "%s", field);
  CHECK(replycode_classifier_init(memory.start, ROOM, rules, 3, 0, &again) == NULL, "%s", field);
  CHECK(again.rule == 1 && strcmp(again.field, field) == 0, "%s: rule %lu, %s", field, (unsigned long)again.rule,
        again.field);
  CHECK(replycode_classifier_init(memory.start, ROOM, rules, 3, 0, NULL) == NULL, "%s", field);
}

static void check_bad_text(const char *text) {
  check_fault(rule_of(text, REPLYCODE_POLICY_REJECTED), "text");
}

static void check_good(struct replycode_rule rule) {
  struct replycode_fault fault = {0, "", ""};
  CHECK(replycode_classifier_size(&rule, 1, &fault) > 0, "'%s', %s, %s: %s: %s", rule.text != NULL ? rule.text : "",
        rule.code != NULL ? rule.code : "", rule.enhanced != NULL ? rule.enhanced : "", fault.field, fault.problem);
}

static void check_good_text(const char *text) {
  check_good(rule_of(text, REPLYCODE_POLICY_REJECTED));
}

static void test_texts(void) {
  check_bad_text("");
  check_bad_text("*");
  check_bad_text(" * * ");
  check_bad_text("|");
  check_bad_text("fives");
  check_bad_text("fives * fives");
  check_bad_text("long enough|short");
  check_bad_text("long enough|");
  check_bad_text("|long enough");
  check_bad_text("long enough||as this");
  check_bad_text("first part * 2 * 3 * 4 * 5");
  check_bad_text("1234567890123456789012345678901234567890123456789");
  check_bad_text("123456789012345678901234567890 * 1234567890123456789");
  check_good_text("sixsix");
  check_good_text("*sixsix*");
  check_good_text("sixsix * 2");
  check_good_text("first part * 2 * 3 * 4");
  check_good_text("*first part*2*3*4*");
  check_good_text("first part * * * * 2");
  check_good_text("123456789012345678901234567890123456789012345678");
  check_good_text("123456789012345678901234567890 * 123456789012345678");
  check_good_text("123456789012345678901234567890123456789012345678|123456789012345678901234567890123456789012345678");
}

static struct replycode_rule with_code(const char *text, const char *code, const char *enhanced) {
  struct replycode_rule rule = rule_of(text, REPLYCODE_POLICY_REJECTED);
  rule.code = code;
  rule.enhanced = enhanced;
  return rule;
}

static void test_codes(void) {
  static const char *const bad[] = {"",    "5",   "55",  "5500", "5x",   "5xy",  "x50", "250", "2xx",
                                    "354", "350", "650", "xxx",  "550 ", " 550", "5.5", "5x0", "55x"};
  static const char *const good[] = {"550", "5xx", "5XX", "4xx", "400", "599", "421"};
  size_t at;
  for (at = 0; at < sizeof bad / sizeof bad[0]; at++) check_fault(with_code(NULL, bad[at], NULL), "code");
  for (at = 0; at < sizeof good / sizeof good[0]; at++) check_good(with_code(NULL, good[at], NULL));
  check_good(with_code("a", "550", NULL));
}

static void test_statuses(void) {
  static const char *const bad[] = {"",     "5",      "5.",      "5.7",       "5.7.",    "5.7.x.1", "2.0.0",    "6.7.1",
                                    "5..1", "5.7.1 ", " 5.7.1",  "5.7.1-",    "5.7.9-1", "5.7.-9",  "5.7.1000", "5.1000.1",
                                    "x.x",  "xx.7.1", "5.7.1-x", "5.7.1-2-3", "57.1",    "5-7-1"};
  static const char *const good[] = {"5.7.26", "x.7.26",      "X.7.26", "5.7.x",   "5.x.x",
                                     "x.x.x",  "5.7.606-649", "4.7.0",  "5.7.1-1", "5.7.999"};
  size_t at;
  for (at = 0; at < sizeof bad / sizeof bad[0]; at++) check_fault(with_code(NULL, NULL, bad[at]), "enhanced");
  for (at = 0; at < sizeof good / sizeof good[0]; at++) check_good(with_code(NULL, NULL, good[at]));
  check_good(with_code("a", NULL, "5.7.26"));
}

#define CHECK_FIELD(field, value, name)                                                                                     \
  do {                                                                                                                      \
    struct replycode_rule rule = rule_of("long enough", REPLYCODE_IP_BLOCKED);                                              \
    rule.field = value;                                                                                                     \
    if (name != NULL) check_fault(rule, name);                                                                              \
    else check_good(rule);                                                                                                  \
  } while (0)

static const char *const right = NULL;

static void test_values(void) {
  CHECK_FIELD(cause, REPLYCODE_NO_CAUSE, "cause");
  CHECK_FIELD(cause, REPLYCODE_ACCEPTED, "cause");
  CHECK_FIELD(cause, REPLYCODE_UNKNOWN + 1, "cause");
  CHECK_FIELD(cause, 255, "cause");
  CHECK_FIELD(cause, REPLYCODE_UNKNOWN, right);
  CHECK_FIELD(stages, UINT32_C(2) << REPLYCODE_LOCAL, "stage");
  CHECK_FIELD(stages, UINT32_C(1) << 31, "stage");
  CHECK_FIELD(stages, UINT32_C(1) << REPLYCODE_LOCAL, right);
  CHECK_FIELD(stages, 1, right);
  CHECK_FIELD(provider, 0xffff, "provider");
  CHECK_FIELD(provider, 256 + 1, "provider");
  CHECK_FIELD(provider, 1, right);
  CHECK_FIELD(transience, REPLYCODE_NOTHING_FAILED, "transience");
  CHECK_FIELD(transience, REPLYCODE_PERMANENT + 1, "transience");
  CHECK_FIELD(transience, REPLYCODE_TRANSIENT, right);
  CHECK_FIELD(transience, REPLYCODE_PERMANENT, right);
  CHECK_FIELD(scope, REPLYCODE_SERVER + 1, "scope");
  CHECK_FIELD(scope, REPLYCODE_SERVER, right);
  CHECK_FIELD(action, REPLYCODE_GIVE_UP + 1, "action");
  CHECK_FIELD(action, REPLYCODE_PROCEED, "action");
  CHECK_FIELD(action, REPLYCODE_GIVE_UP, right);
  CHECK_FIELD(waiting, REPLYCODE_WAITING_USELESS + 1, "waiting");
  CHECK_FIELD(waiting, REPLYCODE_WAITING_USELESS, right);
}

/* A rule that asks for nothing would decide every reply. A provider, a code, a status or a stage is something. */
static void test_no_condition(void) {
  struct replycode_rule rule = rule_of(NULL, REPLYCODE_IP_BLOCKED);
  check_bad_text(NULL);
  rule.provider = 1;
  check_good(rule);
  rule.provider = 0;
  rule.stages = UINT32_C(1) << REPLYCODE_RCPT;
  check_good(rule);
  rule.text = "short";
  check_fault(rule, "text");
  rule.stages = 0;
  rule.provider = 1;
  check_good(rule);
}

/* ---- Memory --------------------------------------------------------------------------------------------------------- */

static const struct replycode_rule few[] = {
    {"karma", "bad karma today", NULL, NULL, 0, 0, REPLYCODE_POLICY_REJECTED, 0, 0, 0, 0, 0},
    {"moon", "moonlight * full|luna * plenissima", NULL, NULL, 0, 0, REPLYCODE_GREYLISTED, 0, 0, 0, 0, 0},
    {NULL, "x1", "554", NULL, 0, 0, REPLYCODE_CONTENT_SPAM, 0, 0, 0, 0, 0},
    {"status only", NULL, NULL, "5.7.650-659", 0, 0, REPLYCODE_RATE_LIMITED, 0, 0, 0, 0, 0},
};
enum { FEW = sizeof few / sizeof few[0] };

static void check_few(const struct replycode_classifier *made) {
  check_decides(made, "550 Sorry, Bad Karma today", 0, REPLYCODE_POLICY_REJECTED);
  check_decides(made, "450 the moonlight is FULL", 1, REPLYCODE_GREYLISTED);
  check_decides(made, "450 Luna hodie plenissima est", 1, REPLYCODE_GREYLISTED);
  check_decides(made, "554 error X1", 2, REPLYCODE_CONTENT_SPAM);
  check_decides(made, "550 5.7.655 no", 3, REPLYCODE_RATE_LIMITED);
  check_decides_not(made, "550 error x1");
  check_decides_not(made, "550 5.7.660 no");
  check_decides_not(made, "550 bad karma todays");
  check_decides_not(made, "550 bad <karma> today");
  check_decides_not(made, "550 moonlight. Now full");
  CHECK(replycode_rule_count(made) == FEW, "%lu rules", (unsigned long)replycode_rule_count(made));
}

static void check_ids(const struct replycode_classifier *made) {
  const char *id = replycode_rule_id(made, REPLYCODE_CALLERS_RULE + 1);
  CHECK(strcmp(replycode_rule_id(made, REPLYCODE_CALLERS_RULE), "karma") == 0, "the first id");
  CHECK(strcmp(id, "moon") == 0 && id > (const char *)made, "the id lies in the memory");
  CHECK(replycode_rule_id(made, REPLYCODE_CALLERS_RULE + 2) == NULL, "a rule without id");
  CHECK(strcmp(replycode_rule_id(made, REPLYCODE_CALLERS_RULE + 3), "status only") == 0, "the last id");
  CHECK(replycode_rule_id(made, REPLYCODE_CALLERS_RULE + FEW) == NULL, "no such rule");
  CHECK(replycode_rule_id(made, UINT32_MAX) == NULL, "no such rule");
  CHECK(replycode_rule_id(made, 0) == NULL && replycode_rule_id(made, 1) == NULL, "built-in rows");
  CHECK(replycode_rule_id(NULL, REPLYCODE_CALLERS_RULE) == NULL, "no classifier");
}

static void test_few(void) {
  const struct replycode_classifier *made = build(few, FEW, 0);
  if (made == NULL) return;
  check_few(made);
  check_ids(made);
}

/* The rules and their texts may go once it is built. */
static void test_rules_may_go(void) {
  struct replycode_rule rule;
  const struct replycode_classifier *made;
  char text[] = "bad karma today", id[] = "karma";
  rule = rule_of(text, REPLYCODE_POLICY_REJECTED);
  rule.id = id;
  made = build(&rule, 1, 0);
  memset(text, 'x', sizeof text);
  memset(id, 'x', sizeof id);
  memset(&rule, 0xaa, sizeof rule);
  if (made == NULL) return;
  check_decides(made, "550 bad karma today", 0, REPLYCODE_POLICY_REJECTED);
  CHECK(strcmp(replycode_rule_id(made, REPLYCODE_CALLERS_RULE), "karma") == 0, "its id");
}

static const struct replycode_classifier *build_in(size_t size, struct replycode_fault *fault) {
  char *place = memory.end - (size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
  return replycode_classifier_init(place, size, few, FEW, 0, fault);
}

/* Every smaller size is refused. */
static void test_too_small(void) {
  size_t size = replycode_classifier_size(few, FEW, NULL), less;
  for (less = 0; less < size; less++) {
    struct replycode_fault fault = {777, "", ""};
    CHECK(build_in(less, &fault) == NULL, "%lu bytes of %lu", (unsigned long)less, (unsigned long)size);
    CHECK(build_in(less, NULL) == NULL, "%lu bytes of %lu", (unsigned long)less, (unsigned long)size);
  }
  CHECK(build_in(size, NULL) != NULL, "%lu bytes", (unsigned long)size);
  CHECK(build_in(size + 1, NULL) != NULL, "%lu bytes", (unsigned long)size + 1);
  CHECK(build_in(ROOM, NULL) != NULL, "much more");
}

/* Then the fault is about all rules. */
static void test_fault_of_too_small(void) {
  struct replycode_fault fault = {777, NULL, NULL}, none = {777, NULL, NULL};
  build_in(replycode_classifier_size(few, FEW, NULL) - 1, &fault);
  CHECK(fault.rule == FEW && fault.field != NULL && fault.problem != NULL, "rule %lu", (unsigned long)fault.rule);
  build_in(0, &none);
  CHECK(none.rule == FEW && none.field != NULL && none.problem != NULL, "rule %lu", (unsigned long)none.rule);
}

/* No pointers inside: a copy decides and names as the first did, which is gone. */
static void test_moved(void) {
  const struct replycode_classifier *made = build(few, FEW, 0);
  size_t size = replycode_classifier_size(few, FEW, NULL);
  struct guard other = guard_make(size + sizeof(void *));
  char *copy = other.end - (size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
  if (made == NULL) return;
  memcpy(copy, made, size);
  memset(memory.start, 0xaa, ROOM);
  check_few((const struct replycode_classifier *)(void *)copy);
  check_ids((const struct replycode_classifier *)(void *)copy);
  guard_free(&other);
}

/* Built twice from the same rules, it is the same bytes, whatever lay in the memory. */
static void test_same_bytes(void) {
  size_t size = replycode_classifier_size(few, FEW, NULL);
  char *a = memory.start, *b = memory.start + ROOM / 2;
  memset(a, 0x55, size);
  memset(b, 0xaa, size);
  replycode_classifier_init(a, size, few, FEW, 0, NULL);
  replycode_classifier_init(b, size, few, FEW, 0, NULL);
  CHECK(memcmp(a, b, size) == 0, "the same rules");
}

static void test_two(void) {
  struct replycode_rule one = rule_of("bad karma today", REPLYCODE_CONTENT_SPAM);
  const struct replycode_classifier *a = build(few, FEW, 0), *b;
  size_t size = replycode_classifier_size(&one, 1, NULL);
  b = replycode_classifier_init(memory.start, size, &one, 1, 0, NULL);
  if (a == NULL || b == NULL) return;
  check_decides(a, "550 bad karma today", 0, REPLYCODE_POLICY_REJECTED);
  check_decides(b, "550 bad karma today", 0, REPLYCODE_CONTENT_SPAM);
  check_few(a);
  check_decides_not(b, "450 the moonlight is full");
  check_decides_not(NULL, "550 bad karma today");
  CHECK(replycode_rule_count(a) == FEW && replycode_rule_count(b) == 1, "two classifiers");
}

/* ---- How many ------------------------------------------------------------------------------------------------------- */

static void test_none(void) {
  const struct replycode_classifier *made = build(NULL, 0, 0);
  struct replycode_verdict with, without = judge(NULL, REPLYCODE_RCPT, "550 5.1.1 No such user");
  if (made == NULL) return;
  with = judge(made, REPLYCODE_RCPT, "550 5.1.1 No such user");
  CHECK(memcmp(&with, &without, sizeof with) == 0, "no rules change nothing");
  CHECK(replycode_rule_count(made) == 0 && replycode_rule_id(made, REPLYCODE_CALLERS_RULE) == NULL, "no rules");
}

static void test_one(void) {
  struct replycode_rule rule = rule_of("sixsix", REPLYCODE_CONTENT_SPAM);
  const struct replycode_classifier *made = build(&rule, 1, 0);
  if (made == NULL) return;
  check_decides(made, "550 sixsix", 0, REPLYCODE_CONTENT_SPAM);
  check_decides(made, "550 x sixsix.", 0, REPLYCODE_CONTENT_SPAM);
  check_decides_not(made, "550 xsixsix");
  check_decides_not(made, "550 sixsi");
  check_decides_not(made, "550");
}

/* A control byte beside a gap is a blank, and no part of what is found. */
static void test_control_beside_gap(void) {
  struct replycode_rule rule = rule_of("sixsix\t*\tsevens", REPLYCODE_CONTENT_SPAM);
  const struct replycode_classifier *made = build(&rule, 1, 0);
  if (made == NULL) return;
  check_decides(made, "550 sixsix, sevens.", 0, REPLYCODE_CONTENT_SPAM);
  check_decides(made, "550 sixsix (sevens)", 0, REPLYCODE_CONTENT_SPAM);
}

static struct replycode_rule rules[MANY];
static char texts[MANY][64], ids[MANY][32];

/* Rules whose words have little in common, or much. */
static void number_rules(size_t count, const char *before, const char *behind) {
  size_t at;
  for (at = 0; at < count; at++) {
    snprintf(texts[at], sizeof texts[at], "%s%04lu%s", before, (unsigned long)(at * 7919 % 10000), behind);
    snprintf(ids[at], sizeof ids[at], "rule %lu", (unsigned long)at);
    rules[at] = rule_of(texts[at], (int)(REPLYCODE_IP_BLOCKED + at % 7));
    rules[at].id = ids[at];
  }
}

static void check_numbered(const struct replycode_classifier *made, size_t count, size_t step) {
  size_t at;
  if (made == NULL) return;
  CHECK(replycode_rule_count(made) == count, "%lu of %lu rules", (unsigned long)replycode_rule_count(made),
        (unsigned long)count);
  for (at = 0; at < count; at += step) {
    char bytes[128];
    snprintf(bytes, sizeof bytes, "550-Sorry (%s)\r\n550 no", texts[at]);
    check_decides(made, bytes, at, (int)(REPLYCODE_IP_BLOCKED + at % 7));
    CHECK(strcmp(replycode_rule_id(made, (uint32_t)(REPLYCODE_CALLERS_RULE + at)), ids[at]) == 0, "rule %lu",
          (unsigned long)at);
  }
  check_decides_not(made, "550-Sorry (nothing of all this 9999)\r\n550 no");
}

static void test_many(void) {
  static const size_t counts[] = {2, 64, 65, 400, MANY};
  size_t at;
  for (at = 0; at < sizeof counts / sizeof counts[0]; at++) {
    number_rules(counts[at], "code ", " of ours");
    check_numbered(build(rules, counts[at], 0), counts[at], counts[at] > 400 ? 3 : 1);
    number_rules(counts[at], "error number ", "");
    check_numbered(build(rules, counts[at], 0), counts[at], counts[at] > 400 ? 3 : 1);
    number_rules(counts[at], "", "abcd");
    check_numbered(build(rules, counts[at], 0), counts[at], counts[at] > 400 ? 3 : 1);
  }
}

/* The same text in every rule, each with a code of its own. */
static void test_same_text(void) {
  static char codes[200][4];
  const struct replycode_classifier *made;
  size_t at;
  for (at = 0; at < 200; at++) {
    snprintf(codes[at], sizeof codes[at], "%lu", 400 + (unsigned long)at);
    rules[at] = rule_of("all the same|everything alike", (int)(REPLYCODE_IP_BLOCKED + at % 7));
    rules[at].code = codes[at];
  }
  made = build(rules, 200, 0);
  for (at = 0; made != NULL && at < 200; at++) {
    char bytes[64];
    snprintf(bytes, sizeof bytes, "%s it is all the same to us", codes[at]);
    check_decides(made, bytes, at, (int)(REPLYCODE_IP_BLOCKED + at % 7));
    snprintf(bytes, sizeof bytes, "%s EVERYTHING ALIKE", codes[at]);
    check_decides(made, bytes, at, (int)(REPLYCODE_IP_BLOCKED + at % 7));
  }
}

/* An alternative said twice is one; of equal rules one decides, the same each time. */
static void test_equal_rules(void) {
  struct replycode_rule equal[3];
  const struct replycode_classifier *made;
  struct replycode_verdict one, other;
  equal[0] = rule_of("other words|all the same|all the same", REPLYCODE_CONTENT_SPAM);
  equal[1] = equal[2] = rule_of("ALL THE SAME", REPLYCODE_CONTENT_SPAM);
  made = build(equal, 3, 0);
  one = judge(made, REPLYCODE_RCPT, "550 all the same");
  other = judge(made, REPLYCODE_RCPT, "550 all the same");
  CHECK(one.rule >= REPLYCODE_CALLERS_RULE && one.rule < REPLYCODE_CALLERS_RULE + 3, "rule %lu", (unsigned long)one.rule);
  CHECK(memcmp(&one, &other, sizeof one) == 0, "rules %lu and %lu", (unsigned long)one.rule, (unsigned long)other.rule);
}

/* Words that all rules share do not keep them from being told apart. */
static void test_shared_words(void) {
  static const char *const shared[] = {"mailbox full",      "mailbox full * a", "mailbox full * b", "mailbox full * abc",
                                       "a1 * mailbox full", "mailbox fullest",  "amailbox full"};
  static const char *const replies[] = {"550 (mailbox full)",   "550 mailbox full a",  "550 mailbox full b",
                                        "550 mailbox full abc", "550 a1 mailbox full", "550 mailbox fullest",
                                        "550 amailbox full"};
  const struct replycode_classifier *made;
  size_t at;
  for (at = 0; at < 7; at++) rules[at] = rule_of(shared[at], REPLYCODE_MAILBOX_FULL);
  made = build(rules, 7, 0);
  for (at = 0; made != NULL && at < 7; at++) check_decides(made, replies[at], at, REPLYCODE_MAILBOX_FULL);
}

static void check_last(const struct replycode_classifier *made, size_t count) {
  struct replycode_verdict verdict = judge(made, REPLYCODE_RCPT, "550 the last of all");
  CHECK(is_rule(&verdict, count - 1), "%lu rules: rule %lu decides", (unsigned long)count, (unsigned long)verdict.rule);
  verdict = judge(made, REPLYCODE_RCPT, "599 by its code");
  CHECK(is_rule(&verdict, count - 2), "%lu rules: rule %lu decides", (unsigned long)count, (unsigned long)verdict.rule);
  verdict = judge(made, REPLYCODE_RCPT, "588 by its code");
  CHECK(is_rule(&verdict, 0), "%lu rules: rule %lu decides", (unsigned long)count, (unsigned long)verdict.rule);
  verdict = judge(made, REPLYCODE_RCPT, "499 like all the others");
  CHECK(verdict.rule >= REPLYCODE_CALLERS_RULE, "%lu rules: rule %lu decides", (unsigned long)count,
        (unsigned long)verdict.rule);
}

/* Numbers of rules that do not fit are refused, and the fault is about all of them; what is taken, is taken whole. */
static void check_huge(const struct replycode_rule *huge, size_t count) {
  struct replycode_fault fault = {777, "", ""};
  size_t size = replycode_classifier_size(huge, count, &fault), of_all;
  struct guard room;
  const struct replycode_classifier *made;
  if (size == 0) {
    CHECK(fault.rule == count && strcmp(fault.field, "rules") == 0, "%lu rules: fault of rule %lu, %s", (unsigned long)count,
          (unsigned long)fault.rule, fault.field);
    return;
  }
  room = guard_make(size);
  made = replycode_classifier_init(room.start, size, huge, count, 0, &fault);
  of_all = made != NULL ? replycode_rule_count(made) : count;
  CHECK(of_all == count, "%lu of %lu rules", (unsigned long)of_all, (unsigned long)count);
  if (made != NULL) check_last(made, count);
  else
    CHECK(fault.rule == count && strcmp(fault.field, "rules") == 0, "%lu rules: fault of rule %lu, %s", (unsigned long)count,
          (unsigned long)fault.rule, fault.field);
  guard_free(&room);
}

enum { HUGE_COUNT = 70000 };

/* `text` alone needs no search; each rule holds for a code that does not come. */
static void fill_huge(struct replycode_rule *huge, size_t count, const char *text) {
  size_t at;
  for (at = 0; at < count; at++) {
    huge[at] = rule_of(text, REPLYCODE_CONTENT_SPAM);
    huge[at].code = "499";
  }
  huge[0].code = "588";
  huge[count - 2].code = "599";
  huge[count - 1] = rule_of("the last of all", REPLYCODE_CONTENT_VIRUS);
}

static void test_huge(void) {
  static struct replycode_rule huge[HUGE_COUNT];
  static const size_t counts[] = {65534, 65535, 65536, HUGE_COUNT};
  size_t at;
  for (at = 0; at < sizeof counts / sizeof counts[0]; at++) {
    fill_huge(huge, counts[at], NULL);
    check_huge(huge, counts[at]);
  }
  fill_huge(huge, 40000, NULL);
  for (at = 1; at <= 1000; at++) huge[at].text = "1|2|3|4|5|6|7|8|9|0|a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t";
  check_huge(huge, 40000);
}

/* Parts of one byte each: there may be more of them than patterns. */
static void test_huge_parts(void) {
  enum { COUNT = 20000 };
  static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
  static struct replycode_rule huge[COUNT];
  static char pieces[COUNT][8];
  size_t at;
  fill_huge(huge, COUNT, NULL);
  for (at = 1; at + 2 < COUNT; at++) {
    snprintf(pieces[at], sizeof pieces[at], "%c*%c*%c*%c", digits[at % 32], digits[at / 32 % 32], digits[at / 1024],
             digits[(at + 7) % 32]);
    huge[at].text = pieces[at];
  }
  check_huge(huge, COUNT);
}

/* ---- Outcomes and options ------------------------------------------------------------------------------------------- */

static void test_outcomes(void) {
  struct replycode_rule rule = rule_of("bad karma", REPLYCODE_POLICY_REJECTED);
  const struct replycode_classifier *made;
  struct replycode_verdict verdict;
  rule.transience = REPLYCODE_TRANSIENT;
  rule.scope = REPLYCODE_CLIENT;
  made = build(&rule, 1, 0);
  verdict = judge(made, REPLYCODE_RCPT, "550 bad karma");
  CHECK(verdict.transience == REPLYCODE_TRANSIENT && verdict.scope == REPLYCODE_CLIENT && verdict.settles == 0,
        "a 5yz made transient");
  CHECK(verdict.action == REPLYCODE_RETRY, "action %d", verdict.action);
  rule.transience = REPLYCODE_PERMANENT;
  rule.action = REPLYCODE_FIX_SENDER;
  made = build(&rule, 1, 0);
  verdict = judge(made, REPLYCODE_RCPT, "450 bad karma");
  CHECK(verdict.transience == REPLYCODE_TRANSIENT && verdict.action == REPLYCODE_RETRY, "a 4yz never becomes permanent");
  verdict = judge(made, REPLYCODE_RCPT, "550 bad karma");
  CHECK(verdict.transience == REPLYCODE_PERMANENT && verdict.action == REPLYCODE_FIX_SENDER, "action %d", verdict.action);
  CHECK(verdict.settles == REPLYCODE_RECIPIENT && verdict.matched.at == 0 && verdict.matched.size == 9, "settles %d",
        verdict.settles);
  verdict = judge(made, REPLYCODE_RCPT, "250 bad karma");
  CHECK(verdict.transience == REPLYCODE_NOTHING_FAILED && verdict.rule < REPLYCODE_CALLERS_RULE,
        "text of 2yz decides nothing");
  verdict = judge(made, REPLYCODE_NO_STAGE, "bad karma");
  CHECK(is_rule(&verdict, 0) && verdict.transience == REPLYCODE_PERMANENT, "text without a code");
}

static void test_stages(void) {
  struct replycode_rule rule = rule_of("bad karma", REPLYCODE_POLICY_REJECTED);
  const struct replycode_classifier *made;
  int stage;
  rule.stages = UINT32_C(1) << REPLYCODE_RCPT | UINT32_C(1) << REPLYCODE_NO_STAGE;
  made = build(&rule, 1, 0);
  for (stage = 0; made != NULL && stage <= REPLYCODE_LOCAL; stage++) {
    struct replycode_verdict verdict = judge(made, stage, "550 bad karma");
    CHECK(is_rule(&verdict, 0) == (stage == REPLYCODE_RCPT || stage == REPLYCODE_NO_STAGE), "stage %d", stage);
  }
}

/* A row without text decides by its code; the caller's come before all others, and more conditions before fewer. */
static void test_order(void) {
  struct replycode_rule order[4];
  const struct replycode_classifier *made;
  order[0] = with_code(NULL, "5xx", NULL);
  order[1] = with_code(NULL, "550", "5.1.1");
  order[2] = rule_of("no such user", REPLYCODE_RECIPIENT_REFUSES);
  order[3] = with_code("user here", "550", NULL);
  made = build(order, 4, 0);
  if (made == NULL) return;
  check_decides(made, "554 5.1.1 sorry", 0, REPLYCODE_POLICY_REJECTED);
  check_decides(made, "550 5.1.1 sorry", 1, REPLYCODE_POLICY_REJECTED);
  check_decides(made, "550 5.1.1 no such user", 2, REPLYCODE_RECIPIENT_REFUSES);
  check_decides(made, "550 5.1.1 no such user here", 3, REPLYCODE_POLICY_REJECTED);
  check_decides_not(made, "450 4.1.1 sorry");
}

static void test_options(void) {
  static const char user[] = "550 5.7.1 No such user", karma[] = "450 bad karma, try again in 5 minutes";
  struct replycode_rule two[2];
  const struct replycode_classifier *made;
  struct replycode_verdict verdict;
  two[0] = rule_of("bad karma", REPLYCODE_POLICY_REJECTED);
  two[1] = with_code(NULL, "559", NULL);
  made = build(two, 2, 0);
  check_decides(made, karma, 0, REPLYCODE_POLICY_REJECTED);
  verdict = judge(made, REPLYCODE_RCPT, user);
  CHECK(verdict.basis == REPLYCODE_BY_TEXT && verdict.cause == REPLYCODE_RECIPIENT_UNKNOWN, "cause %d", verdict.cause);
  CHECK(judge(made, REPLYCODE_RCPT, karma).retry_after == 300, "a wait");
  made = build(two, 2, REPLYCODE_ONLY_MINE);
  check_decides(made, karma, 0, REPLYCODE_POLICY_REJECTED);
  check_decides(made, "559 sorry", 1, REPLYCODE_POLICY_REJECTED);
  verdict = judge(made, REPLYCODE_RCPT, user);
  CHECK(verdict.basis == REPLYCODE_BY_ENHANCED && verdict.matched.size == 0, "only mine: basis %d", verdict.basis);
  CHECK(judge(made, REPLYCODE_RCPT, karma).retry_after == 0, "only mine: no wait");
  made = build(two, 2, REPLYCODE_NO_TEXT);
  check_decides_not(made, karma);
  check_decides(made, "559 bad karma", 1, REPLYCODE_POLICY_REJECTED);
  verdict = judge(made, REPLYCODE_RCPT, user);
  CHECK(verdict.basis == REPLYCODE_BY_ENHANCED, "no text: basis %d", verdict.basis);
  made = build(NULL, 0, REPLYCODE_NO_TEXT);
  verdict = judge(made, REPLYCODE_RCPT, user);
  CHECK(verdict.basis == REPLYCODE_BY_ENHANCED, "no text and no rules: basis %d", verdict.basis);
}

/* Without text no words of any length: neither searched nor tried. */
static void test_no_text_for_short_rules(void) {
  struct replycode_rule rule = with_code("x1", "554", NULL);
  const struct replycode_classifier *made = build(&rule, 1, REPLYCODE_NO_TEXT);
  if (made != NULL) check_decides_not(made, "554 x1");
}

/* ---- Memory of others ----------------------------------------------------------------------------------------------- */

#ifdef COUNTS_ALLOCATIONS
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

static unsigned long allocations;

static void on_malloc(const volatile void *bytes, size_t size) {
  (void)bytes;
  (void)size;
  allocations++;
}

static void on_free(const volatile void *bytes) {
  (void)bytes;
}

/* No call allocates. */
static void test_allocations(void) {
  const struct replycode_classifier *made;
  void *volatile some;
  unsigned long before;
  __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
  some = malloc(1);
  free(some);
  CHECK(allocations > 0, "allocations are counted");
  number_rules(400, "code ", " of ours");
  before = allocations;
  made = build(rules, 400, 0);
  judge(made, REPLYCODE_RCPT, "550 code 0001 of ours, try again in 5 minutes");
  replycode_rule_id(made, REPLYCODE_CALLERS_RULE);
  CHECK(allocations == before, "%lu allocations", allocations - before);
}
#else
static void test_allocations(void) {}
#endif

int main(void) {
  memory = guard_make(ROOM);
  input = guard_make(4096);
  test_texts();
  test_codes();
  test_statuses();
  test_values();
  test_no_condition();
  test_few();
  test_rules_may_go();
  test_too_small();
  test_fault_of_too_small();
  test_moved();
  test_same_bytes();
  test_two();
  test_none();
  test_one();
  test_control_beside_gap();
  test_many();
  test_same_text();
  test_equal_rules();
  test_shared_words();
  test_outcomes();
  test_stages();
  test_order();
  test_options();
  test_no_text_for_short_rules();
  test_allocations();
  test_huge();
  test_huge_parts();
  return check_report();
}
