/* wait_test.c - which words are a time to wait, how long it is and where it stands; and which are none. */
#include "guard.h"

#include "check.h"
#include "fold.h"
#include "random.h"
#include "wait.h"

enum { ROOM = 4096, RANDOM_TEXTS = 4000 };

static struct guard memory;

/* ---- Reading -------------------------------------------------------------------------------------------------------- */

/* And the words it was read from. */
struct time {
  uint32_t seconds;
  char words[64];
};

static struct time time_of(uint32_t seconds, const char *text, size_t size, const struct replycode_span *span) {
  struct time found = {seconds, ""};
  int within = seconds != 0 && span->size < sizeof found.words && span->at + span->size <= size;
  CHECK(seconds == 0 || within, "%lu seconds at %u, %u bytes, in '%.*s'", (unsigned long)seconds, span->at, span->size,
        (int)size, text);
  if (within) memcpy(found.words, text + span->at, span->size);
  return found;
}

/* Words that ask to retry, and the time behind them; all is folded first. */
static struct time read_behind(const char *ask, const char *rest) {
  char text[ROOM];
  struct replycode_span span = {0, 0};
  size_t at = replycode__fold(text, ask, strlen(ask)), size = at + replycode__fold(text + at, rest, strlen(rest));
  const char *place = guard_at_end(&memory, text, size);
  return time_of(replycode__wait_behind(place, size, at, &span), place, size, &span);
}

/* The same with a time before the words, which begin where `front` ends. */
static struct time read_before(const char *front) {
  char text[ROOM];
  struct replycode_span span = {0, 0};
  size_t at = replycode__fold(text, front, strlen(front));
  const char *place = guard_at_start(&memory, text, at);
  return time_of(replycode__wait_before(place, at, &span), place, at, &span);
}

static void check_behind(const char *rest, uint32_t seconds, const char *words) {
  struct time time = read_behind("try again in", rest);
  CHECK(time.seconds == seconds, "'%s': %lu seconds, not %lu", rest, (unsigned long)time.seconds, (unsigned long)seconds);
  CHECK(time.seconds == 0 || strcmp(time.words, words) == 0, "'%s': read from '%s'", rest, time.words);
}

static void check_before(const char *front, uint32_t seconds, const char *words) {
  struct time time = read_before(front);
  CHECK(time.seconds == seconds, "'%s': %lu seconds, not %lu", front, (unsigned long)time.seconds, (unsigned long)seconds);
  CHECK(time.seconds == 0 || strcmp(time.words, words) == 0, "'%s': read from '%s'", front, time.words);
}

/* ---- Units ---------------------------------------------------------------------------------------------------------- */

static const struct {
  uint32_t seconds;
  const char *names;
} units[] = {
#define UNIT(seconds, names) {seconds, names},
#include "data/units.def"
#undef UNIT
};

/* A text is folded before it is read: of a unit that folding changes, what it becomes must be one too. */
static void check_unit(uint32_t seconds, const char *name, size_t size) {
  char text[ROOM], folded[ROOM];
  uint32_t expected = seconds > 5 * 86400 ? 0 : seconds;
  int length = snprintf(text, sizeof text, " 1 %.*s", (int)size, name);
  folded[replycode__fold(folded, text, (size_t)length)] = '\0';
  check_behind(text, expected, folded + 1);
  check_before(text + 1, expected, folded + 1);
  snprintf(text, sizeof text, " 1%.*s.", (int)size, name);
  CHECK(read_behind("try again in", text).seconds == expected, "'%s'", text);
}

static void test_units(void) {
  size_t unit;
  for (unit = 0; unit < sizeof units / sizeof units[0]; unit++) {
    const char *name = units[unit].names;
    while (*name != '\0') {
      size_t size = strcspn(name, "|");
      check_unit(units[unit].seconds, name, size);
      name += size + (name[size] == '|');
    }
  }
}

/* Loud or not, with accents or without. */
static void test_case_and_accents(void) {
  check_behind(" 5 MINUTES", 300, "5 minutes");
  check_behind(" 3 GÜN", 259200, "3 gun");
  check_behind(" 3 gün", 259200, "3 gun");
  check_behind(" 2 Días", 172800, "2 dias");
  check_behind(" 5 МИНУТ", 300, "5 минут");
  check_behind(" 2 Godzinę", 7200, "2 godzine");
  check_behind(" 2 hodinách", 7200, "2 hodinach");
  check_behind(" 5 minutę", 300, "5 minute");
}

/* ---- Forms ---------------------------------------------------------------------------------------------------------- */

static void test_forms(void) {
  check_behind(" 5 minutes", 300, "5 minutes");
  check_behind(" 5 minutes and more", 300, "5 minutes");
  check_behind(" 5min.", 300, "5min");
  check_behind(" 300s", 300, "300s");
  check_behind(": 300 seconds", 300, "300 seconds");
  check_behind("=300 sec;", 300, "300 sec");
  check_behind(" ~5 minutes", 300, "5 minutes");
  check_behind(" (5 minutes)", 300, "5 minutes");
  check_behind(" about 5 minutes", 300, "5 minutes");
  check_behind(" at least 00010 minutes", 600, "00010 minutes");
  check_behind(" 5 (minutes)", 300, "5 (minutes");
  check_behind(" 1 second", 1, "1 second");
  check_behind("5 minutes", 300, "5 minutes");
  check_behind(" 5分後", 300, "5分");
  check_behind(" 5 分钟后再试", 300, "5 分钟");
  check_behind(" 2小时后", 7200, "2小时");
  check_behind(" 10秒後に", 10, "10秒");
}

static void test_ranges(void) {
  check_behind(" 5-10 minutes", 600, "5-10 minutes");
  check_behind(" 5 - 10 minutes", 600, "5 - 10 minutes");
  check_behind(" 5–10 minutes", 600, "5–10 minutes");
  check_behind(" 5 to 10 minutes", 600, "5 to 10 minutes");
  check_behind(" 5 or 10 minutes", 600, "5 or 10 minutes");
  check_behind(" 5 bis 10 Minuten", 600, "5 bis 10 minuten");
  check_behind(" 5 ila 10 dakika", 600, "5 ila 10 dakika");
  check_behind(" 5~10 min", 600, "5~10 min");
  check_behind(" 10-5 minutes", 600, "10-5 minutes");
  check_behind(" 1-2 hours", 7200, "1-2 hours");
  check_before("5-10 minutes ", 600, "5-10 minutes");
  check_before("wait 5 to 10 minutes ", 600, "5 to 10 minutes");
}

static void test_sums(void) {
  check_behind(" 1 hour 30 minutes", 5400, "1 hour 30 minutes");
  check_behind(" 1 hour and 30 minutes", 5400, "1 hour and 30 minutes");
  check_behind(" 1 hour, 30 minutes", 5400, "1 hour, 30 minutes");
  check_behind(" 1h30m", 5400, "1h30m");
  check_behind(" 1h 30m 10s", 5410, "1h 30m 10s");
  check_behind(" 1h30min", 5400, "1h30min");
  check_behind(" 1 day 2 hours 3 minutes 4 seconds", 93784, "1 day 2 hours 3 minutes 4 seconds");
  check_behind(" 4 minutes and 32 seconds", 272, "4 minutes and 32 seconds");
  check_behind(" 1 saat ve 30 dakika", 5400, "1 saat ve 30 dakika");
  check_behind(" 1 Stunde und 30 Minuten", 5400, "1 stunde und 30 minuten");
  check_behind(" 1 heure et 30 minutes", 5400, "1 heure et 30 minutes");
  check_behind(" 1 hora y 30 minutos", 5400, "1 hora y 30 minutos");
  check_behind(" 1 ora e 30 minuti", 5400, "1 ora e 30 minuti");
  check_behind(" 1 час и 30 минут", 5400, "1 час и 30 минут");
  check_before("1 hour 30 minutes ", 5400, "1 hour 30 minutes");
  check_before("wait 1h30m ", 5400, "1h30m");
}

/* A field of nothing is part of the sum. */
static void test_sums_with_nothing(void) {
  check_behind(" 1 hour 0 minutes 5 seconds", 3605, "1 hour 0 minutes 5 seconds");
  check_behind(" 0 hours 30 minutes", 1800, "0 hours 30 minutes");
  check_behind(" 0h 5m 0s", 300, "0h 5m 0s");
}

static void test_fields(void) {
  check_behind(" 00:04:32", 272, "00:04:32");
  check_behind(" 01:00:00", 3600, "01:00:00");
  check_behind(" 1:02:03", 3723, "1:02:03");
  check_behind(" 00:00:01.", 1, "00:00:01");
  check_behind(" 120:00:00", 432000, "120:00:00");
  check_behind(" 120:00:01", 0, "");
  check_behind(" 121:00:00", 0, "");
  check_behind(" 00:00:00", 0, "");
  check_behind(" 00:60:00", 0, "");
  check_behind(" 00:00:60", 0, "");
  check_behind(" 0:4:32", 0, "");
  check_behind(" 00:04:3", 0, "");
  check_behind(" 00:04:321", 0, "");
  check_before("00:04:32 ", 272, "00:04:32");
}

static void test_before(void) {
  check_before("5 dakika sonra", 300, "5 dakika");
  check_before("lütfen 5 dakika ", 300, "5 dakika");
  check_before("bitte in 10 Minuten ", 600, "10 minuten");
  check_before("limit 100, wait 5 minutes ", 300, "5 minutes");
  check_before("5 minutes", 300, "5 minutes");
  check_before("code 450 wait 5 minutes ", 300, "5 minutes");
  check_before("5 minutes. please ", 0, "");
  check_before("5 minutes is the length of the whole thing so ", 0, "");
  check_before("", 0, "");
  check_before("5", 0, "");
  check_before("minutes ", 0, "");
}

/* ---- No wait -------------------------------------------------------------------------------------------------------- */

static void test_bounds(void) {
  check_behind(" 0 seconds", 0, "");
  check_behind(" 0 minutes", 0, "");
  check_behind(" 5 days", 432000, "5 days");
  check_behind(" 432000 seconds", 432000, "432000 seconds");
  check_behind(" 432001 seconds", 0, "");
  check_behind(" 7200 minutes", 432000, "7200 minutes");
  check_behind(" 7201 minutes", 0, "");
  check_behind(" 5 days 1 second", 0, "");
  check_behind(" 4 days 24 hours", 432000, "4 days 24 hours");
  check_behind(" 6 days", 0, "");
  check_behind(" 1 week", 0, "");
  check_behind(" 99999999 seconds", 0, "");
  check_behind(" 99999999 weeks", 0, "");
  check_behind(" 4294967297 seconds", 0, "");
  check_behind(" 18446744073709551617 seconds", 0, "");
  check_before("6 days ", 0, "");
  check_before("0 minutes ", 0, "");
  check_before("4294967297 seconds ", 0, "");
}

static void test_other_numbers(void) {
  static const char *const none[] = {
      "",
      " ",
      " 5",
      " later",
      " 14:30",
      " 14:30 today",
      " 2:30 pm",
      " 10 am",
      " 2026-02-03",
      " 2026-02-03 10:00",
      " 3 May 2026",
      " 3. Mai",
      " 03/02/2026",
      " 12.05.2026",
      " tomorrow",
      " a few minutes",
      " some minutes",
      " several hours",
      " 5 messages",
      " 5 times",
      " 100 per 1 hour",
      " 10 MB",
      " 5 months",
      " 5 m",
      " 5 meters",
      " 5 minutiae",
      " 5 minuteses",
      " 5 sx",
      " 5%",
      " 5 / 10 minutes",
      "! 5 minutes",
      ". 5 minutes",
      ", 5 minutes",
      "; 5 minutes",
      " [5 minutes]",
      " -5 minutes",
      " when all of this is over 5 minutes",
  };
  size_t at;
  for (at = 0; at < sizeof none / sizeof none[0]; at++) check_behind(none[at], 0, "");
}

/* What follows a point or comma is no number of its own. */
static void test_decimals(void) {
  static const char *const fronts[] = {"wait 1.5 hours ", "1,5 Stunden ", "wait 0.5 minutes ", "wait 1,500 seconds "};
  static const uint32_t seconds[] = {5400, 5400, 30, 1500};
  size_t at;
  for (at = 0; at < sizeof fronts / sizeof fronts[0]; at++) {
    uint32_t before = read_before(fronts[at]).seconds, behind = read_behind("try again in", fronts[at]).seconds;
    CHECK(before == 0 || before == seconds[at], "'%s': %lu seconds", fronts[at], (unsigned long)before);
    CHECK(behind == 0 || behind == seconds[at], "'%s': %lu seconds", fronts[at], (unsigned long)behind);
  }
}

/* ---- In replies ----------------------------------------------------------------------------------------------------- */

static uint32_t retry_after(const char *bytes) {
  struct replycode_context context = {REPLYCODE_RCPT, 0, NULL, NULL, 0};
  struct replycode_reply reply;
  struct replycode_verdict verdict;
  replycode_parse(bytes, strlen(bytes), 1, &reply);
  replycode_classify(&reply, &context, &verdict);
  return verdict.retry_after;
}

static void test_replies_that_ask(void) {
  CHECK(retry_after("450 4.7.1 Greylisted, please try again in 5 minutes") == 300, "try again in");
  CHECK(retry_after("451 4.7.1 Greylisted for 300 seconds") == 300, "greylisted for");
  CHECK(retry_after("451 4.7.1 Greylisting in action, please come back in 00:04:32") == 272, "come back in");
  CHECK(retry_after("450 4.7.1 Please wait 5-10 minutes") == 600, "please wait");
  CHECK(retry_after("450 4.7.1 Wait 5 minutes before retrying") == 300, "before retrying");
  CHECK(retry_after("450-4.7.1 Please try again in\r\n450 4.7.1 1 hour and 30 minutes") == 5400, "over two lines");
  CHECK(retry_after("550 5.7.1 Rate exceeded, try again in 10 minutes") == 600, "a 5yz that names a wait");
}

static void test_replies_that_do_not(void) {
  static const char *const replies[] = {
      "450 4.7.1 limit 100 per 1 hour",
      "450 4.7.1 Too many messages: 100 in 10 minutes",
      "450 4.7.1 You have sent 100 messages within 60 minutes",
      "450 4.7.1 Only 5 connections per 10 seconds are allowed",
      "450 4.7.1 The domain is only 3 days old",
      "450 4.7.1 The message has been in the queue for 2 days",
      "421 4.4.2 Timeout after 300 seconds",
      "421 4.4.2 Idle for 5 minutes, closing connection",
      "452 4.2.2 Mailbox full, user has used 100 of 100 min",
      "450 4.7.1 Please try again after 14:30",
      "450 4.7.1 Please try again after 2026-02-03",
      "450 4.7.1 Please try again after 3 May 2026",
      "450 4.7.1 Please try again in 10 days",
      "450 4.7.1 Please try again in 0 seconds",
      "450 4.7.1 Please try again in a few minutes",
      "450 4.7.1 Please try again later",
      "250 2.0.0 Try again in 5 minutes",
  };
  size_t at;
  for (at = 0; at < sizeof replies / sizeof replies[0]; at++)
    CHECK(retry_after(replies[at]) == 0, "'%s': %lu seconds", replies[at], (unsigned long)retry_after(replies[at]));
}

/* ---- Pieces of times, cut anywhere ---------------------------------------------------------------------------------- */

static void check_cut(const char *text, size_t size) {
  const char *place = guard_at_end(&memory, text, size);
  struct replycode_span span = {0, 0};
  size_t at;
  for (at = 0; at <= size; at++) {
    uint32_t behind = replycode__wait_behind(place, size, at, &span);
    int sound = behind == 0 || (behind <= 432000 && span.at >= at && span.size > 0 && span.at + span.size <= size);
    uint32_t before = replycode__wait_before(place, at, &span);
    sound &= before == 0 || (before <= 432000 && span.size > 0 && span.at + span.size <= at);
    if (!sound) CHECK(0, "'%.*s' at %lu", (int)size, text, (unsigned long)at);
  }
  CHECK(1, "cut");
}

static void test_cuts(void) {
  static const char *const texts[] = {
      " 1 hour and 30 minutes", " 00:04:32",    " 5-10 minutes", " 5–10 minutes",   " 1h30m10s", " 5 (minutes)", " 5分钟",
      " 1 час и 30 минут",      " 5 to 10 min", ":=~(5 sec",     " 99999999 weeks",
  };
  size_t at, size;
  for (at = 0; at < sizeof texts / sizeof texts[0]; at++)
    for (size = 0; size <= strlen(texts[at]); size++) check_cut(texts[at], size);
}

static void test_random_texts(void) {
  static const char *const pieces[] = {"5", "10", "0",     "99999", ":",    "-",   " ", "min", "h",
                                       "m", "s",  "hours", " and ", " to ", ",",   "–", "分",  "и ",
                                       "(", "~",  "days",  ".",     "30",   "00:", "x"};
  uint32_t random = RANDOM_SEED;
  int round;
  for (round = 0; round < RANDOM_TEXTS; round++) {
    char text[128];
    size_t size = 0, wanted = random_below(&random, 60);
    while (size < wanted) {
      const char *piece = pieces[random_below(&random, sizeof pieces / sizeof pieces[0])];
      memcpy(text + size, piece, strlen(piece));
      size += strlen(piece);
    }
    check_cut(text, size);
  }
}

int main(void) {
  memory = guard_make(ROOM);
  test_units();
  test_case_and_accents();
  test_forms();
  test_ranges();
  test_sums();
  test_sums_with_nothing();
  test_fields();
  test_before();
  test_bounds();
  test_other_numbers();
  test_decimals();
  test_replies_that_ask();
  test_replies_that_do_not();
  test_cuts();
  test_random_texts();
  return check_report();
}
