/* reply_test.c - bytes become a reply, and nothing around them is read: every input lies against an unreadable page. */
#include "sound.h"

#include "check.h"
#include "random.h"
#include "replycode.h"
#include "reply_rows.h"
#include "transcript.h"

enum { RANDOM_INPUTS = 40000, RANDOM_SIZE = 32 };

/* ---- Rows ----------------------------------------------------------------------------------------------------------- */

static void check_read(const char *bytes, const struct reply_row *row) {
  struct replycode_reply reply;
  size_t taken = replycode_parse(bytes, row->size, 1, &reply);
  CHECK(taken == row->size && reply.size == row->size, "%s", row->read);
  CHECK(strcmp(transcript_of(&reply), row->read) == 0, "%s, found %s", row->read, transcript_of(&reply));
  taken = replycode_parse(bytes, row->size, 0, &reply);
  CHECK(taken == row->size, "%s", row->read);
  CHECK(strcmp(transcript_of(&reply), row->read) == 0, "%s, found %s", row->read, transcript_of(&reply));
}

/* While a reply's last line is not there, it is still to come; at the end of all bytes they are taken. */
static int is_prefix(const char *bytes, size_t size) {
  struct replycode_reply reply;
  const char *at_end = guard_at_end(&input, bytes, size);
  if (replycode_parse(at_end, size, 0, &reply) != 0 || reply.malformed != REPLYCODE_TRUNCATED) return 0;
  return replycode_parse(at_end, size, 1, &reply) == size && is_sound_everywhere(bytes, size);
}

static void check_prefixes(const struct reply_row *row) {
  size_t size = 0;
  while (size < row->size && is_prefix(row->bytes, size)) size++;
  CHECK(size == row->size, "%lu bytes of %s", (unsigned long)size, row->read);
}

static void test_rows(void) {
  size_t at;
  for (at = 0; at < REPLY_ROWS; at++) {
    const struct reply_row *row = &reply_rows[at];
    check_read(guard_at_end(&input, row->bytes, row->size), row);
    check_read(guard_at_start(&input, row->bytes, row->size), row);
    CHECK(is_sound_everywhere(row->bytes, row->size), "%s", row->read);
    check_prefixes(row);
  }
}

/* ---- Bytes that end early ------------------------------------------------------------------------------------------- */

static const struct reply_row ended_rows[] = {
  ROW("", "- - [] !truncated"),
  ROW("2", "- - [2] !code"),
  ROW("\r", "- - [] !code"),
  ROW("250", "250 - []"),
  ROW("250 ", "250 - []"),
  ROW("250 ok", "250 - [ok]"),
  ROW("250 ok\r", "250 - [ok]"),
  ROW("550 5.1.1", "550 5.1.1 []"),
  ROW("250-", "250 - [] !truncated"),
  ROW("250-a", "250 - [a] !truncated"),
  ROW("250-a\r\n", "250 - [a] !truncated"),
  ROW("250-a\r\n25", "250 - [a|25] uncoded_line !truncated"),
  ROW("250-a\r\n250", "250 - [a|]"),
  ROW("550-a\r\n450", "450 - [a|] mixed_codes"),
};

static void test_ended(void) {
  struct replycode_reply reply;
  size_t at;
  for (at = 0; at < sizeof ended_rows / sizeof ended_rows[0]; at++) {
    const struct reply_row *row = &ended_rows[at];
    const char *bytes = guard_at_end(&input, row->bytes, row->size);
    CHECK(replycode_parse(bytes, row->size, 1, &reply) == row->size, "%s", row->read);
    CHECK(strcmp(transcript_of(&reply), row->read) == 0, "%s, found %s", row->read, transcript_of(&reply));
    CHECK(replycode_parse(bytes, row->size, 0, &reply) == 0, "%s", row->read);
    CHECK(reply.malformed == REPLYCODE_TRUNCATED, "%s", row->read);
  }
}

static void test_nothing(void) {
  struct replycode_reply reply;
  struct replycode_span line;
  uint32_t cursor = 0;
  CHECK(replycode_parse(NULL, 0, 0, &reply) == 0, "no bytes");
  CHECK(replycode_parse(NULL, 0, 1, &reply) == 0, "no bytes");
  CHECK(strcmp(transcript_of(&reply), "- - [] !truncated") == 0, "found %s", transcript_of(&reply));
  CHECK(reply.size == 0 && reply.lines == 0 && reply.oddities == 0, "no bytes");
  CHECK(replycode_line(&reply, &cursor, &line) == 0 && cursor == 0, "no bytes");
  CHECK(replycode_text(&reply, NULL, 0) == 0, "no bytes");
}

/* What follows a reply is not its business. */
static void test_more_behind(void) {
  static const char bytes[] = "250-a\r\n250 b\r\n354-c";
  struct replycode_reply reply;
  CHECK(replycode_parse(bytes, sizeof bytes - 1, 1, &reply) == 14, "%s", bytes);
  CHECK(strcmp(transcript_of(&reply), "250 - [a|b]") == 0, "found %s", transcript_of(&reply));
  CHECK(replycode_parse(bytes + 14, sizeof bytes - 15, 1, &reply) == 5, "%s", bytes);
  CHECK(strcmp(transcript_of(&reply), "354 - [c] !truncated") == 0, "found %s", transcript_of(&reply));
}

/* ---- All of a kind -------------------------------------------------------------------------------------------------- */

static int is_single_byte(const struct replycode_reply *reply, unsigned byte) {
  int eight_bit = (reply->oddities & REPLYCODE_EIGHT_BIT) != 0, nul = (reply->oddities & REPLYCODE_NUL_BYTE) != 0;
  return reply->code == 0 && reply->malformed == REPLYCODE_BAD_CODE && reply->lines == 1 && eight_bit == (byte > 127) &&
         nul == (byte == 0);
}

static void check_single_byte(unsigned byte, const char *line_end) {
  struct replycode_reply reply;
  char line[3];
  size_t size = 1 + strlen(line_end), taken;
  line[0] = (char)byte;
  memcpy(line + 1, line_end, size - 1);
  taken = replycode_parse(guard_at_end(&input, line, size), size, 1, &reply);
  CHECK(taken == (byte == '\n' ? 1 : size), "byte %u", byte);
  CHECK(is_single_byte(&reply, byte), "byte %u, found %s", byte, transcript_of(&reply));
  CHECK(is_sound_everywhere(line, size), "byte %u", byte);
}

static void test_single_bytes(void) {
  unsigned byte;
  for (byte = 0; byte < 256; byte++) {
    check_single_byte(byte, "");
    check_single_byte(byte, "\n");
    check_single_byte(byte, "\r\n");
  }
}

static int reads_code(unsigned code, const char *rest) {
  struct replycode_reply reply;
  char line[16];
  size_t size = (size_t)snprintf(line, sizeof line, "%03u%s", code, rest);
  unsigned first = code / 100, second = code / 10 % 10;
  uint32_t odd = code >= 100 && (first < 2 || first > 5 || second > 5) ? REPLYCODE_CODE_RANGE : 0;
  if (replycode_parse(guard_at_end(&input, line, size), size, 1, &reply) != size || reply.oddities != odd) return 0;
  return code < 100 ? reply.code == 0 && reply.malformed == REPLYCODE_BAD_CODE
                    : reply.code == code && reply.malformed == REPLYCODE_WELL_FORMED;
}

static void test_codes(void) {
  unsigned code;
  for (code = 0; code < 1000; code++)
    CHECK(reads_code(code, "\r\n") && reads_code(code, " x\r\n") && reads_code(code, ""), "code %03u", code);
}

static void test_random_bytes(void) {
  uint32_t random = RANDOM_SEED;
  char bytes[RANDOM_SIZE];
  int at;
  for (at = 0; at < RANDOM_INPUTS; at++) {
    size_t size = random_bytes(&random, bytes, sizeof bytes);
    if (!is_sound_everywhere(bytes, size)) break;
  }
  CHECK(at == RANDOM_INPUTS, "input %d of the seed %d", at, RANDOM_SEED);
}

/* A plain reply that somebody filled by hand: its lines are counted, not believed. */
static void test_text_by_hand(void) {
  static const char bytes[] = "a\nb\nc";
  struct replycode_reply reply;
  char text[5] = "....";
  memset(&reply, 0, sizeof reply);
  reply.bytes = bytes;
  reply.size = sizeof bytes - 1;
  reply.lines = reply.plain = 1;
  CHECK(replycode_text(&reply, text, 3) == 5 && memcmp(text, "....", 4) == 0, "%.4s", text);
  CHECK(replycode_text(&reply, text, 5) == 5 && memcmp(text, bytes, 5) == 0, "%.5s", text);
}

int main(void) {
  sound_begin();
  test_text_by_hand();
  test_rows();
  test_ended();
  test_nothing();
  test_more_behind();
  test_single_bytes();
  test_codes();
  test_random_bytes();
  return check_report();
}
