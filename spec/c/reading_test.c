/* reading_test.c - what the text of a reply decides, from its bytes to the verdict: which words, where they stand, whoever
 * says them; and that no text, however long or hostile, is read beyond its end or misread. */
#include "guard.h"

#include "check.h"
#include "random.h"
#include "replycode.h"

enum { ROOM = 1 << 17, HOSTILE = 1 << 16, RANDOM_TEXTS = 3000, PLACES = 3400 };

static struct guard memory, block, text;

/* ---- Judging -------------------------------------------------------------------------------------------------------- */

static struct replycode_context at_stage(int stage) {
  struct replycode_context context = {0, 0, NULL, NULL, 0};
  context.stage = stage;
  return context;
}

static struct replycode_context with_host(const char *host) {
  struct replycode_context context = at_stage(REPLYCODE_RCPT);
  context.host = host;
  context.host_size = strlen(host);
  return context;
}

static struct replycode_rule rule_of(const char *pattern, int cause) {
  struct replycode_rule rule;
  memset(&rule, 0, sizeof rule);
  rule.text = pattern;
  rule.cause = (uint8_t)cause;
  return rule;
}

static struct replycode_context with_rules(const struct replycode_rule *rules, size_t count, unsigned options) {
  struct replycode_context context = at_stage(REPLYCODE_RCPT);
  struct replycode_fault fault = {0, "", ""};
  size_t size = replycode_classifier_size(rules, count, &fault);
  context.classifier = replycode_classifier_init(block.start, size, rules, count, options, &fault);
  CHECK(context.classifier != NULL, "rule %lu, %s: %s", (unsigned long)fault.rule, fault.field, fault.problem);
  return context;
}

/* A caller's rule, the only one that reads text. */
static struct replycode_context with_pattern(const char *pattern) {
  struct replycode_rule rule = rule_of(pattern, REPLYCODE_CONTENT_SPAM);
  return with_rules(&rule, 1, REPLYCODE_ONLY_MINE);
}

static struct replycode_reply reply_of(const char *bytes, size_t size) {
  struct replycode_reply reply;
  replycode_parse(guard_at_end(&memory, bytes, size), size, 1, &reply);
  return reply;
}

static struct replycode_verdict verdict_of(const struct replycode_reply *reply, const struct replycode_context *context) {
  struct replycode_verdict verdict;
  memset(&verdict, 0xaa, sizeof verdict);
  replycode_classify(reply, context, &verdict);
  return verdict;
}

static struct replycode_verdict judge_with(const char *bytes, const struct replycode_context *context) {
  struct replycode_reply reply = reply_of(bytes, strlen(bytes));
  return verdict_of(&reply, context);
}

static struct replycode_verdict judge(const char *bytes, int stage) {
  struct replycode_context context = at_stage(stage);
  return judge_with(bytes, &context);
}

/* ---- A verdict that agrees with itself ------------------------------------------------------------------------------ */

static int lies_within(const struct replycode_span *span, size_t size) {
  return span->size == 0 ? span->at == 0 : span->at < size && span->size <= size - span->at;
}

static int has_slug(int kind, int value) {
  return value != 0 && replycode_slug(kind, value) != NULL;
}

static const char *flaw_of_words(const struct replycode_verdict *verdict) {
  if (!has_slug(REPLYCODE_KIND_TRANSIENCE, verdict->transience)) return "transience";
  if (!has_slug(REPLYCODE_KIND_CAUSE, verdict->cause)) return "cause";
  if (!has_slug(REPLYCODE_KIND_SCOPE, verdict->scope)) return "scope";
  if (!has_slug(REPLYCODE_KIND_ACTION, verdict->action)) return "action";
  if (!has_slug(REPLYCODE_KIND_BASIS, verdict->basis)) return "basis";
  if (verdict->rule < REPLYCODE_CALLERS_RULE && !has_slug(REPLYCODE_KIND_RULE, (int)verdict->rule)) return "rule";
  if ((verdict->rule >= REPLYCODE_CALLERS_RULE) != (verdict->basis == REPLYCODE_BY_CALLER)) return "rule and basis";
  if (verdict->provider != 0 && !has_slug(REPLYCODE_KIND_PROVIDER, verdict->provider)) return "provider";
  if (verdict->blocklist != 0 && !has_slug(REPLYCODE_KIND_BLOCKLIST, verdict->blocklist)) return "blocklist";
  if (verdict->also != 0 && !has_slug(REPLYCODE_KIND_CAUSE, verdict->also)) return "also";
  if (verdict->also == verdict->cause) return "also is the cause";
  if (verdict->closes > 1 || verdict->waiting > REPLYCODE_WAITING_USELESS) return "closes or waiting";
  return NULL;
}

static const char *flaw_of(const struct replycode_reply *reply, const struct replycode_verdict *verdict) {
  size_t size = replycode_text(reply, NULL, 0);
  unsigned first = reply->code / 100u;
  if (flaw_of_words(verdict) != NULL) return flaw_of_words(verdict);
  if (!lies_within(&verdict->matched, size)) return "matched";
  if (!lies_within(&verdict->waited, size)) return "waited";
  if ((verdict->matched.size > 0) != (verdict->basis == REPLYCODE_BY_TEXT) && verdict->basis != REPLYCODE_BY_CALLER)
    return "matched without text that decides";
  if ((verdict->retry_after > 0) != (verdict->waited.size > 0) || verdict->retry_after > 432000) return "retry_after";
  if (verdict->retry_after > 0 && verdict->transience != REPLYCODE_TRANSIENT) return "a wait though it is not transient";
  if (first == 4 && verdict->transience != REPLYCODE_TRANSIENT) return "a 4yz";
  if ((first == 2 || first == 3) && verdict->transience == REPLYCODE_PERMANENT) return "a success that fails";
  if (first == 5 && verdict->transience == REPLYCODE_NOTHING_FAILED) return "a failure that succeeds";
  if (verdict->transience == REPLYCODE_TRANSIENT && verdict->settles != 0) return "settles";
  return NULL;
}

/* Twice the same, and sound. */
static void check_sound(const struct replycode_reply *reply, const struct replycode_context *context) {
  struct replycode_verdict verdict = verdict_of(reply, context), again = verdict_of(reply, context);
  const char *flaw = flaw_of(reply, &verdict);
  CHECK(flaw == NULL, "%s, rule %lu, stage %d: %.*s", flaw, (unsigned long)verdict.rule, context->stage,
        (int)(reply->size < 200 ? reply->size : 200), reply->size > 0 ? reply->bytes : "");
  CHECK(memcmp(&verdict, &again, sizeof verdict) == 0, "rule %lu and %lu", (unsigned long)verdict.rule,
        (unsigned long)again.rule);
}

/* ---- Where the words stand ------------------------------------------------------------------------------------------ */

/* The bytes of replycode_text that a span names; its buffer ends at a page. */
static const char *spanned(const struct replycode_reply *reply, const struct replycode_span *span) {
  static char words[512];
  size_t size = replycode_text(reply, NULL, 0);
  char *place = text.end - size;
  replycode_text(reply, place, size);
  words[0] = '\0';
  if (!lies_within(span, size) || span->size >= sizeof words) return "(outside)";
  memcpy(words, place + span->at, span->size);
  words[span->size] = '\0';
  return words;
}

static void check_spans(const struct replycode_reply *reply, const struct replycode_context *context, const char *matched,
                        const char *waited) {
  struct replycode_verdict verdict = verdict_of(reply, context);
  CHECK(strcmp(spanned(reply, &verdict.matched), matched) == 0, "matched '%s', not '%s', at %u",
        spanned(reply, &verdict.matched), matched, verdict.matched.at);
  CHECK(strcmp(spanned(reply, &verdict.waited), waited) == 0, "waited '%s', not '%s', at %u",
        spanned(reply, &verdict.waited), waited, verdict.waited.at);
}

static void check_bytes(const char *pattern, const char *bytes, const char *matched) {
  struct replycode_context context = with_pattern(pattern);
  struct replycode_reply reply = reply_of(bytes, strlen(bytes));
  check_spans(&reply, &context, matched, "");
}

static void test_spans(void) {
  check_bytes("bad karma", "550 bad karma", "bad karma");
  check_bytes("bad karma", "550 5.7.1 You have BAD karma, sorry", "BAD karma");
  check_bytes("bad * karmic", "550 Bad old Karmic.", "Bad old Karmic");
  check_bytes("bad karma", "550-5.7.1 a\r\n550-5.7.1 b\r\n550 5.7.1 bad karma", "bad karma");
  check_bytes("bad karma", "550-x bad\r\n550 karma x", "bad\nkarma");
  check_bytes("bad karma", "550-\r\n550-\r\n550-bad\r\n550 karma", "bad\nkarma");
  check_bytes("bad karma", "550-bad karma\r\n550-bad karma\r\n550 x", "bad karma");
  check_bytes(" bad karma ", "550 a bad karma b", " bad karma ");
  check_bytes("bad karma", "550 a\tbad\tkarma\tb", "bad\tkarma");
}

/* Letters of two bytes become one, before, in and behind the words. */
static void test_spans_of_letters(void) {
  check_bytes("bad karma", "550 é bad karma", "bad karma");
  check_bytes("bad karma", "550 ééééé bad karma ééééé", "bad karma");
  check_bytes("bad karma", "550 Ğbäd karma bäd kärmä ß", "bäd kärmä");
  check_bytes("bad karma", "550-éé\r\n550-ßßß\r\n550 éé bäd kärma", "bäd kärma");
  check_bytes("bad karma", "550-éé\r\n550-bäd\r\n550 kärma é", "bäd\nkärma");
  check_bytes("bad karma", "550-\r\n550-é\r\n550-\r\n550 bäd karmä", "bäd karmä");
  check_bytes("größe überschritten", "550 Die GRÖßE überschritten", "GRÖßE überschritten");
  check_bytes("grosse uberschritten", "550 Die Größe ÜBERSCHRITTEN.", "Größe ÜBERSCHRITTEN");
  check_bytes("größe überschritten", "550 Grosse uberschritten", "Grosse uberschritten");
  check_bytes("ящик переполнен", "550 Ваш Ящик ПЕРЕПОЛНЕН сейчас", "Ящик ПЕРЕПОЛНЕН");
  check_bytes("邮箱已满", "550 用户邮箱已满。é", "邮箱已满");
  check_bytes("bad karma", "550 \xc3 \xc4\xff bad karma \xc3", "bad karma");
}

static void test_spans_of_waits(void) {
  struct replycode_context context = at_stage(REPLYCODE_RCPT);
  static const char one[] = "450-4.7.1 Größe é\r\n450 4.7.1 Greylisted, try again in 5 minutes";
  static const char two[] = "450-4.7.1 Greylisted, try again in\r\n450 4.7.1 1 hour and 5 minutes é";
  struct replycode_reply reply = reply_of(one, sizeof one - 1);
  struct replycode_verdict verdict = verdict_of(&reply, &context);
  CHECK(verdict.retry_after == 300 && verdict.cause == REPLYCODE_GREYLISTED, "%lu seconds",
        (unsigned long)verdict.retry_after);
  CHECK(strcmp(spanned(&reply, &verdict.waited), "5 minutes") == 0, "'%s'", spanned(&reply, &verdict.waited));
  reply = reply_of(two, sizeof two - 1);
  verdict = verdict_of(&reply, &context);
  CHECK(verdict.retry_after == 3900, "%lu seconds", (unsigned long)verdict.retry_after);
  CHECK(strcmp(spanned(&reply, &verdict.waited), "1 hour and 5 minutes") == 0, "'%s'", spanned(&reply, &verdict.waited));
}

/* Many lines: every place in every line is found again. */
static void test_many_lines(void) {
  static const char *const lines[] = {"", "x", "é", "some words", "ßß", "\xff", "日本"};
  struct replycode_context context = with_pattern("bad karma");
  uint32_t random = RANDOM_SEED;
  int round;
  for (round = 0; round < 300; round++) {
    char bytes[4096] = "";
    struct replycode_reply reply;
    uint32_t count = random_below(&random, 60), place = random_below(&random, count + 1), line;
    for (line = 0; line <= count; line++) {
      strcat(bytes, line == count ? "550 " : "550-");
      strcat(bytes, lines[random_below(&random, sizeof lines / sizeof lines[0])]);
      if (line == place) strcat(bytes, " bäd karmä ");
      strcat(bytes, lines[random_below(&random, sizeof lines / sizeof lines[0])]);
      strcat(bytes, "\r\n");
    }
    reply = reply_of(bytes, strlen(bytes));
    check_spans(&reply, &context, "bäd karmä", "");
  }
}

/* ---- Plain replies -------------------------------------------------------------------------------------------------- */

/* The text of a reply, taken out of it, is judged as the reply was. */
static void check_plain(const char *bytes, int stage) {
  struct replycode_context context = at_stage(stage);
  struct replycode_reply reply = reply_of(bytes, strlen(bytes)), plain = reply;
  struct replycode_verdict from_wire = verdict_of(&reply, &context), from_text;
  size_t size = replycode_text(&reply, NULL, 0);
  char *place = text.end - size;
  replycode_text(&reply, place, size);
  plain.bytes = place;
  plain.size = (uint32_t)size;
  plain.plain = 1;
  from_text = verdict_of(&plain, &context);
  CHECK(memcmp(&from_wire, &from_text, sizeof from_wire) == 0, "%s: rules %lu and %lu", bytes, (unsigned long)from_wire.rule,
        (unsigned long)from_text.rule);
  plain.oddities = 0;
  from_text = verdict_of(&plain, &context);
  CHECK(memcmp(&from_wire, &from_text, sizeof from_wire) == 0, "%s: without oddities", bytes);
  check_sound(&plain, &context);
}

static void test_plain(void) {
  check_plain("550 5.1.1 No such user here", REPLYCODE_RCPT);
  check_plain("550-5.1.1 No such\r\n550 5.1.1 user here", REPLYCODE_RCPT);
  check_plain("450-4.7.1 Größe\r\n450 4.7.1 Greylisted, try again in 5 minutes", REPLYCODE_RCPT);
  check_plain("550-\r\n550-é\r\n550 Mailbox full", REPLYCODE_RCPT);
  check_plain("550 host mx.example.net[192.0.2.1] said: 552 5.2.2 Mailbox full", REPLYCODE_CONTENT);
  check_plain("550 5.1.1", REPLYCODE_RCPT);
  check_plain("421 Goodbye", REPLYCODE_CONNECT);
  check_plain("No such user here", REPLYCODE_LOCAL);
}

/* What looks like a code or a status is text there. */
static void test_plain_text_is_text(void) {
  struct replycode_context context = with_pattern("554-5.7.1 bad karma");
  struct replycode_reply reply;
  static const char bytes[] = "554-5.7.1 bad karma\n554 5.7.1 again";
  memset(&reply, 0, sizeof reply);
  reply.bytes = guard_at_end(&memory, bytes, sizeof bytes - 1);
  reply.size = sizeof bytes - 1;
  reply.lines = 2;
  reply.code = 450;
  reply.plain = 1;
  check_spans(&reply, &context, "554-5.7.1 bad karma", "");
}

/* Code and status alone: no bytes, and no memory where they would be. */
static void test_no_bytes(void) {
  struct replycode_context context = with_pattern("bad karma");
  struct replycode_reply reply;
  replycode_parse(NULL, 0, 1, &reply);
  check_sound(&reply, &context);
  memset(&reply, 0, sizeof reply);
  reply.code = 550;
  reply.plain = 1;
  check_sound(&reply, &context);
  reply.plain = 0;
  check_sound(&reply, &context);
}

/* ---- Longer than a window ------------------------------------------------------------------------------------------- */

static struct replycode_context karma;

/* Text with words at a place of it, the rest some filler again and again. */
static size_t long_reply(char *bytes, size_t size, const char *filler, size_t place, const char *words) {
  size_t at, width = strlen(filler);
  memcpy(bytes, "550 ", 4);
  for (at = 0; at < size; at++) bytes[4 + at] = filler[at % width];
  memcpy(bytes + 4 + place, words, strlen(words));
  return size + 4;
}

static void check_long(const char *filler, size_t size, size_t place, const char *words, const char *matched) {
  static char bytes[8192];
  size_t whole = long_reply(bytes, size, filler, place, words);
  struct replycode_reply reply = reply_of(bytes, whole);
  struct replycode_verdict verdict = verdict_of(&reply, &karma);
  CHECK(strcmp(spanned(&reply, &verdict.matched), matched) == 0, "'%s' at %lu of %lu bytes of '%s': found '%s' at %u", words,
        (unsigned long)place, (unsigned long)size, filler, spanned(&reply, &verdict.matched), verdict.matched.at);
  if (matched[0] != '\0' && verdict.matched.size > 0)
    CHECK(verdict.matched.at == place + strspn(words, " ") && verdict.cause == REPLYCODE_CONTENT_SPAM, "at %u, not %lu",
          verdict.matched.at, (unsigned long)place);
}

/* Before, across and behind every edge, whatever the windows are. */
static void test_long_texts(void) {
  static const char far[] =
      " very 123456789 123456789 123456789 123456789 123456789 123456789 bad 123456789 123456789 123456789 123456789 "
      "123456789 123456789 karmic ";
  char matched[sizeof far];
  size_t place;
  karma = with_pattern("bad karma|very * bad * karmic");
  memcpy(matched, far + 1, sizeof far - 2);
  matched[sizeof far - 3] = '\0';
  for (place = 0; place < PLACES; place += place % 16 == 0 ? 3 : 1) {
    check_long("-", 3600, place, "bad karma", "bad karma");
    check_long("-", place + 9, place, "bad karma", "bad karma");
  }
  for (place = 0; place < PLACES; place += 5) {
    check_long(". some words", 3600, place, " bäd karmä ", "bäd karmä");
    check_long("-", 3600, place, far, matched);
  }
  for (place = 0; place < PLACES; place += 6) {
    check_long("é ", 3600, place, " bad karma ", "bad karma");
    check_long("日", 3600, place, " bad karma ", "bad karma");
  }
}

/* No rule of `karma` holds, wherever the words stand. */
static void check_nowhere(const char *filler, const char *words) {
  static char bytes[8192];
  size_t place;
  for (place = 0; place < PLACES; place++) {
    struct replycode_reply reply = reply_of(bytes, long_reply(bytes, 3600, filler, place, words));
    if (verdict_of(&reply, &karma).basis == REPLYCODE_BY_CALLER) break;
  }
  CHECK(place == PLACES, "'%s' counts at %lu", words, (unsigned long)place);
}

/* What is no match is none at an edge either: half a word, a name, a bracket. */
static void test_long_texts_without_match(void) {
  karma = with_pattern("bad karma|very * bad * karmic");
  check_nowhere("-", "xbad karma");
  check_nowhere("-", "bad karmax");
  check_nowhere(" ", "<bad karma>");
  check_nowhere(" ", "<the very bad karma>");
  check_nowhere(" ", "see http://example.com/bad karma");
  check_nowhere(" ", "bad karma@example.com");
  check_nowhere(" ", "very. Not bad karmas but karmic");
}

#define TENTH "123456789 "
#define TEN_TENTHS TENTH TENTH TENTH TENTH TENTH TENTH TENTH TENTH TENTH TENTH

/* Brackets that count in a short text, though they are far apart. */
static void test_long_texts_with_long_brackets(void) {
  karma = with_pattern("bad karma|very * bad * karmic");
  CHECK(judge_with("550 <" TEN_TENTHS "bad karma>", &karma).basis != REPLYCODE_BY_CALLER, "before");
  CHECK(judge_with("550 <bad karma " TEN_TENTHS ">", &karma).basis != REPLYCODE_BY_CALLER, "behind");
  check_nowhere(" ", "<" TEN_TENTHS "bad karma>");
  check_nowhere(" ", "<bad karma " TEN_TENTHS ">");
}

/* Words too short to be searched are tried in every window. */
static void test_long_texts_with_short_words(void) {
  struct replycode_rule rule = rule_of("x1", REPLYCODE_CONTENT_SPAM);
  size_t place;
  rule.code = "550";
  karma = with_rules(&rule, 1, REPLYCODE_ONLY_MINE);
  for (place = 0; place < PLACES; place++) check_long("-", 3600, place, "x1", "x1");
  check_nowhere("-", "yx1");
  check_nowhere("-", "x12");
  check_nowhere(" ", "<x1>");
}

/* Another host's reply, wherever it begins. */
static void test_long_texts_that_quote(void) {
  static char bytes[8192];
  struct replycode_context context = at_stage(REPLYCODE_CONTENT);
  size_t place;
  for (place = 0; place < PLACES; place += 2) {
    size_t whole = long_reply(bytes, 3600, "-", place, " message refused, remote host said: 552 5.2.2 sorry. ");
    struct replycode_reply reply = reply_of(bytes, whole);
    struct replycode_verdict verdict = verdict_of(&reply, &context);
    CHECK(verdict.cause == REPLYCODE_MAILBOX_FULL, "cause %d, words at %lu", verdict.cause, (unsigned long)place);
  }
}

/* A wait far behind in a text, not cut: "15 minutes" is not "5 minutes". */
static void test_long_texts_that_wait(void) {
  static char bytes[8192];
  struct replycode_context context = at_stage(REPLYCODE_RCPT);
  size_t place;
  for (place = 0; place < PLACES; place += 2) {
    static const char *const words[] = {" try again in 15 minutes and 10 seconds.",
                                        " wait 15 minutes 10 seconds before retrying."};
    size_t whole = long_reply(bytes, 3600, "-", place, words[place / 2 % 2]);
    struct replycode_reply reply = reply_of(bytes, whole);
    struct replycode_verdict verdict = verdict_of(&reply, &context);
    CHECK(verdict.retry_after == 910, "%lu seconds, words at %lu", (unsigned long)verdict.retry_after, (unsigned long)place);
  }
}

/* ---- Who speaks, and of whom ---------------------------------------------------------------------------------------- */

static int provider(const char *slug) {
  return replycode_value(REPLYCODE_KIND_PROVIDER, slug, strlen(slug));
}

static int blocklist(const char *slug) {
  return replycode_value(REPLYCODE_KIND_BLOCKLIST, slug, strlen(slug));
}

static void check_host(const char *host, const char *slug) {
  struct replycode_context context = with_host(host);
  struct replycode_verdict verdict = judge_with("550 Sorry", &context);
  CHECK(verdict.provider == (slug == NULL ? 0 : provider(slug)), "%s: provider %d", host, verdict.provider);
  context.host = guard_at_end(&block, host, strlen(host));
  CHECK(judge_with("550 Sorry", &context).provider == verdict.provider, "%s at a page's end", host);
}

static void test_host(void) {
  struct replycode_context context = at_stage(REPLYCODE_RCPT);
  check_host("gmail-smtp-in.l.google.com", "google");
  check_host("GMAIL-SMTP-IN.L.GOOGLE.COM", "google");
  check_host("gmail-smtp-in.l.google.com.", "google");
  check_host("google.com", "google");
  check_host("notgoogle.com", NULL);
  check_host("google.com.example.com", NULL);
  check_host("google.co", NULL);
  check_host("", NULL);
  check_host(".", NULL);
  check_host("example.com", NULL);
  context.host = NULL;
  CHECK(judge_with("550 Sorry", &context).provider == 0, "no host");
  CHECK(judge("550 5.1.1 No such user x - gsmtp", REPLYCODE_RCPT).provider == provider("google"), "a mark in the text");
  context = with_host("mx.google.com");
  CHECK(judge_with("250 ok", &context).cause == REPLYCODE_ACCEPTED, "a success");
}

/* A rule for a provider holds where that is known, by host or by text, and nowhere else. */
static void test_providers_rule(void) {
  struct replycode_rule rules[2];
  struct replycode_context context;
  rules[0] = rule_of("karma", REPLYCODE_CONTENT_SPAM);
  rules[0].provider = (uint16_t)provider("google");
  rules[1] = rule_of(NULL, REPLYCODE_CONTENT_VIRUS);
  rules[1].provider = (uint16_t)provider("google");
  rules[1].code = "577";
  context = with_rules(rules, 2, 0);
  CHECK(judge_with("550 karma", &context).basis != REPLYCODE_BY_CALLER, "no provider");
  CHECK(judge_with("550 karma - gsmtp", &context).rule == REPLYCODE_CALLERS_RULE, "a mark in the text");
  CHECK(judge_with("577 x - gsmtp", &context).rule == REPLYCODE_CALLERS_RULE + 1, "a mark in the text");
  context.host = "mx.google.com";
  context.host_size = 13;
  CHECK(judge_with("550 karma", &context).rule == REPLYCODE_CALLERS_RULE, "a host");
  CHECK(judge_with("577 x", &context).rule == REPLYCODE_CALLERS_RULE + 1, "a host");
  CHECK(judge_with("578 x", &context).basis != REPLYCODE_BY_CALLER, "another code");
  context.host = "mx.example.com";
  context.host_size = 14;
  CHECK(judge_with("550 karma", &context).basis != REPLYCODE_BY_CALLER, "another host");
  context = with_rules(rules, 2, REPLYCODE_ONLY_MINE);
  CHECK(judge_with("550 karma - gsmtp", &context).provider == 0, "only mine: no provider by text");
  context.host = "mx.google.com";
  context.host_size = 13;
  CHECK(judge_with("550 karma", &context).rule == REPLYCODE_CALLERS_RULE, "only mine: a host");
}

static void test_blocklist(void) {
  struct replycode_verdict verdict =
      judge("554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", REPLYCODE_RCPT);
  CHECK(verdict.cause == REPLYCODE_IP_BLOCKED && verdict.blocklist == blocklist("spamhaus_zen"), "blocklist %d",
        verdict.blocklist);
  CHECK(judge("554 5.7.1 Client host blocked", REPLYCODE_RCPT).blocklist == 0, "no list");
}

/* A second cause, and never the first again. */
static void test_also(void) {
  struct replycode_rule rules[3];
  struct replycode_context context;
  struct replycode_verdict verdict;
  rules[0] = rule_of("very bad karma", REPLYCODE_CONTENT_SPAM);
  rules[1] = rule_of("full moon", REPLYCODE_GREYLISTED);
  rules[2] = rule_of("evil eye", REPLYCODE_CONTENT_SPAM);
  context = with_rules(rules, 3, REPLYCODE_ONLY_MINE);
  verdict = judge_with("550 very bad karma, full moon", &context);
  CHECK(verdict.cause == REPLYCODE_CONTENT_SPAM && verdict.also == REPLYCODE_GREYLISTED, "also %d", verdict.also);
  verdict = judge_with("550 full moon, evil eye, very bad karma", &context);
  CHECK(verdict.cause == REPLYCODE_CONTENT_SPAM && verdict.also == REPLYCODE_GREYLISTED, "also %d", verdict.also);
  verdict = judge_with("550 evil eye and very bad karma", &context);
  CHECK(verdict.cause == REPLYCODE_CONTENT_SPAM && verdict.also == 0, "also %d", verdict.also);
  verdict = judge("550 5.1.1 User unknown", REPLYCODE_RCPT);
  CHECK(verdict.cause == REPLYCODE_RECIPIENT_UNKNOWN && verdict.also == 0, "also %d", verdict.also);
}

/* ---- Quoted replies ------------------------------------------------------------------------------------------------- */

static void check_quote(const char *bytes, int cause, int transience) {
  struct replycode_verdict verdict = judge(bytes, REPLYCODE_CONTENT);
  CHECK(verdict.cause == cause && verdict.transience == transience, "'%s': cause %d, transience %d", bytes, verdict.cause,
        verdict.transience);
}

/* The words that are quoted come before those that introduce them; the code around tells whether it is for ever. */
static void test_quotes(void) {
  check_quote("550 5.0.0 host mx.example.net[192.0.2.1] said: 552 5.2.2 Mailbox full", REPLYCODE_MAILBOX_FULL,
              REPLYCODE_PERMANENT);
  check_quote("450 4.0.0 host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown", REPLYCODE_RECIPIENT_UNKNOWN,
              REPLYCODE_TRANSIENT);
  check_quote("554 Remote host said: 550 5.1.1", REPLYCODE_RECIPIENT_UNKNOWN, REPLYCODE_PERMANENT);
  check_quote("554 5.3.0 Server error, remote host said: 550 No such user", REPLYCODE_RECIPIENT_UNKNOWN,
              REPLYCODE_PERMANENT);
  check_quote("554-5.0.0 Message refused, host mx.example.net said:\r\n554 5.0.0 552 5.2.2 Mailbox full",
              REPLYCODE_MAILBOX_FULL, REPLYCODE_PERMANENT);
}

/* The conditions of a rule look at the quoted code and status, within the quoted words. */
static void test_quoted_conditions(void) {
  struct replycode_rule rules[3];
  struct replycode_context context;
  rules[0] = rule_of("bad karma", REPLYCODE_CONTENT_SPAM);
  rules[0].code = "552";
  rules[1] = rule_of("full moon", REPLYCODE_CONTENT_VIRUS);
  rules[1].enhanced = "5.2.9";
  rules[2] = rule_of("bad karma", REPLYCODE_IP_BLOCKED);
  rules[2].code = "550";
  context = with_rules(rules, 3, 0);
  CHECK(judge_with("550 5.0.0 Remote host said: 552 5.2.9 bad karma", &context).rule == REPLYCODE_CALLERS_RULE,
        "the quoted code");
  CHECK(judge_with("554 5.0.0 Remote host said: 550 5.2.9 full moon", &context).rule == REPLYCODE_CALLERS_RULE + 1,
        "the quoted status");
  CHECK(judge_with("550 bad karma. Remote host said: 552 5.2.9 no", &context).rule == REPLYCODE_CALLERS_RULE + 2,
        "words before the quote");
  CHECK(judge_with("552 bad karma", &context).rule == REPLYCODE_CALLERS_RULE, "nothing quoted");
  CHECK(judge_with("550 bad karma", &context).rule == REPLYCODE_CALLERS_RULE + 2, "nothing quoted");
}

/* Quotes without a reply in them, and at the end of a text. */
static void test_broken_quotes(void) {
  static const char *const openers[] = {
      "550 Remote host said:",          "550 Remote host said: ",
      "550 Remote host said: 5",        "550 Remote host said: 55",
      "550 Remote host said: 550",      "550 Remote host said: 550 ",
      "550 Remote host said: 550 5",    "550 Remote host said: 550 5.",
      "550 Remote host said: 550 5.1.", "550 Remote host said: 5.1.1",
      "550 Remote host said: 250 ok",   "550 Remote host said: 999",
      "550 said: said: said: 550",      "550 Remote host said: Remote host said: 552 5.2.2"};
  struct replycode_context context = at_stage(REPLYCODE_CONTENT);
  size_t at;
  for (at = 0; at < sizeof openers / sizeof openers[0]; at++) {
    struct replycode_reply reply = reply_of(openers[at], strlen(openers[at]));
    check_sound(&reply, &context);
  }
}

/* ---- Hostile text --------------------------------------------------------------------------------------------------- */

/* One piece again and again, as one line or as many, 64 KiB of it. */
static void check_hostile(const char *piece, size_t width) {
  static char bytes[HOSTILE + 64];
  struct replycode_context context = at_stage(REPLYCODE_RCPT);
  struct replycode_reply reply;
  size_t size = 4;
  memcpy(bytes, "550 ", 4);
  while (size + width <= HOSTILE) {
    memcpy(bytes + size, piece, width);
    size += width;
  }
  reply = reply_of(bytes, size);
  check_sound(&reply, &context);
  reply.plain = 1;
  check_sound(&reply, &context);
}

static void test_hostile(void) {
  static const char *const pieces[] = {
      "a",
      " ",
      "é",
      "ß",
      "日",
      "\xc3",
      "\xff",
      "<",
      ">",
      "<>",
      "@",
      ".",
      "a.",
      "/",
      "<a",
      "no such ",
      "user ",
      "no such user ",
      "mailbox ",
      "mailbox full ",
      "mailbox full",
      "<mailbox full> ",
      "mailbox full@example.com ",
      "try again in ",
      "try again in 5 ",
      "try again in 6 days ",
      "5 minutes ",
      "5 minutes before retrying ",
      "said: ",
      "host said: 550 ",
      "host said: 552 5.2.2 mailbox full ",
      "callout verification failed: ",
      "blocked using zen.spamhaus.org ",
      "gsmtp - gsmtp ",
      "check fix resolve correct temporarily ",
      "temporarily temporarily ",
      "a\r\n550-",
      "\r\n550-",
      "\n",
      "\r",
      "550-mailbox full\r\n",
      "550-5.1.1 no such\r\n550-5.1.1 user here\r\n",
      "spamspamspam",
      "1",
      "12:34:56 ",
      "1h30m ",
      "5 to 10 to ",
      "1 hour and ",
  };
  size_t at;
  for (at = 0; at < sizeof pieces / sizeof pieces[0]; at++) check_hostile(pieces[at], strlen(pieces[at]));
  check_hostile("\0", 1);
  check_hostile("mailbox\0full ", 13);
}

/* Rules whose parts come again and again, with gaps between them. */
static void test_hostile_rules(void) {
  static char bytes[HOSTILE];
  struct replycode_rule rules[4];
  struct replycode_context context;
  struct replycode_reply reply;
  size_t at;
  rules[0] = rule_of("aaaaaa*aaaaaa*aaaaaa*b", REPLYCODE_CONTENT_SPAM);
  rules[1] = rule_of("*aaaaaa*c*aaaaaa*", REPLYCODE_CONTENT_SPAM);
  rules[2] = rule_of("a*a*a*b", REPLYCODE_CONTENT_SPAM);
  rules[2].code = "550";
  rules[3] = rule_of("b*aaaaaa", REPLYCODE_CONTENT_SPAM);
  context = with_rules(rules, 4, 0);
  memset(bytes, 'a', sizeof bytes);
  memcpy(bytes, "550 ", 4);
  reply = reply_of(bytes, sizeof bytes);
  check_sound(&reply, &context);
  for (at = 4; at < sizeof bytes; at += 7) bytes[at] = ' ';
  reply = reply_of(bytes, sizeof bytes);
  check_sound(&reply, &context);
}

/* ---- Random text ---------------------------------------------------------------------------------------------------- */

static size_t random_words(uint32_t *random, char *bytes, size_t capacity) {
  static const char *const pieces[] = {
      "mailbox full",
      "user unknown",
      "no such user ",
      "greylisted",
      " try again in ",
      "5 minutes",
      " 00:04:32 ",
      "host said: ",
      "550 ",
      "5.1.1 ",
      "552 5.2.2 ",
      "<",
      ">",
      "@example.com",
      "http://",
      "zen.spamhaus.org",
      " - gsmtp",
      "spam",
      "virus",
      "policy",
      " temporarily ",
      "é",
      "ß",
      "Ящик",
      "滿",
      "\xc3",
      "\r\n550-",
      "\r\n550 ",
      "\n",
      " ",
      ".",
      ". ",
      "blocked ",
      "before retrying",
      "goodbye",
      "too many",
      "rejected",
      "sender verify failed",
      "rate limit",
      " quota ",
      "dmarc",
      "spf",
      "tls",
  };
  size_t size = 4, wanted = random_below(random, (uint32_t)capacity - 64);
  memcpy(bytes, random_below(random, 2) == 0 ? "550-" : "450 ", 4);
  while (size < wanted) {
    const char *piece = pieces[random_below(random, sizeof pieces / sizeof pieces[0])];
    if (random_below(random, 20) == 0) {
      bytes[size++] = (char)(unsigned char)random_below(random, 256);
      continue;
    }
    memcpy(bytes + size, piece, strlen(piece));
    size += strlen(piece);
  }
  return size;
}

static void test_random(void) {
  uint32_t random = RANDOM_SEED;
  char bytes[4096];
  int round;
  for (round = 0; round < RANDOM_TEXTS; round++) {
    size_t size = round % 3 == 0 ? random_bytes(&random, bytes, 256)
                                 : random_words(&random, bytes, round % 50 == 1 ? sizeof bytes : 300);
    struct replycode_reply reply = reply_of(bytes, size);
    struct replycode_context context = at_stage((int)random_below(&random, REPLYCODE_LOCAL + 1));
    check_sound(&reply, &context);
    reply.plain = 1;
    context.host = reply.bytes;
    context.host_size = reply.size < 30 ? reply.size : 30;
    check_sound(&reply, &context);
  }
}

/* A short pattern, "OFR*_104", whose longest part is not its first, within a name: the search goes on behind it and ends. */
static void test_longest_part_behind(void) {
  struct replycode_context context = at_stage(REPLYCODE_RCPT);
  struct replycode_reply reply = reply_of("550 /OFR_104 OFR00", 18);
  struct replycode_verdict verdict = verdict_of(&reply, &context);
  CHECK(verdict.cause == REPLYCODE_UNKNOWN, "cause %d", verdict.cause);
}

int main(void) {
  memory = guard_make(ROOM);
  block = guard_make(ROOM);
  text = guard_make(ROOM);
  test_spans();
  test_longest_part_behind();
  test_spans_of_letters();
  test_spans_of_waits();
  test_many_lines();
  test_plain();
  test_plain_text_is_text();
  test_long_texts();
  test_long_texts_without_match();
  test_long_texts_with_long_brackets();
  test_long_texts_with_short_words();
  test_long_texts_that_quote();
  test_long_texts_that_wait();
  test_host();
  test_providers_rule();
  test_blocklist();
  test_also();
  test_quotes();
  test_quoted_conditions();
  test_broken_quotes();
  test_hostile();
  test_hostile_rules();
  test_random();
  test_no_bytes();
  return check_report();
}
