/* limit_test.c - the buffer's capacity is the limit: what fits is read, what does not is skipped, then all goes on. */
#include "streams.h"

enum { RANDOM_INPUTS = 500, RANDOM_SIZE = 200 };

/* ---- Limits --------------------------------------------------------------------------------------------------------- */

static void check_limit(size_t capacity, size_t cut, const char *expected) {
  static const char bytes[] = "250-abc\r\n250 defg\r\n354\r\n";   /* the first reply has 19 bytes */
  struct replycode_stream stream = stream_of(capacity);
  feed_piece(&stream, bytes, cut, &said);
  feed_piece(&stream, bytes + cut, sizeof bytes - 1 - cut, &said);
  feed_end(&stream, &said);
  check_said(expected, "limit and cut", capacity * 1000 + cut);
}

static void test_limits(void) {
  size_t cut;
  for (cut = 0; cut <= 24; cut++) {
    check_limit(20, cut, "250 - [abc|defg]\n354 - []");
    check_limit(19, cut, "250 - [abc|defg]\n354 - []");
    check_limit(18, cut, "250 - [abc|defg] !too_long\n354 - []");
    check_limit(9, cut, "250 - [abc] !too_long\n354 - []");
    check_limit(8, cut, "250 - [abc] !too_long\n354 - []");
    check_limit(4, cut, "250 - [] !too_long\n354 - [] !too_long");
    check_limit(1, cut, "- - [2] !too_long\n- - [3] !too_long");
    check_limit(0, cut, "");
  }
}

/* One reply of `size` bytes with its line end, then a small one. */
static void check_large(size_t capacity, size_t size, int malformed) {
  struct replycode_stream stream = stream_of(capacity);
  struct replycode_reply reply;
  char *bytes = input.end - size - 5;
  size_t taken;
  memset(bytes, 'x', size);
  memcpy(bytes, "250 ", 4);
  memcpy(bytes + size - 2, "\r\n354\r\n", 7);
  taken = replycode_stream_feed(&stream, bytes, size + 5);
  CHECK(replycode_stream_next(&stream, &reply) == 1 && reply.code == 250, "%lu bytes", (unsigned long)size);
  CHECK(reply.malformed == malformed, "%lu bytes", (unsigned long)size);
  CHECK(reply.size == (size < capacity ? size : capacity), "%lu bytes", (unsigned long)size);
  CHECK(replycode_stream_next(&stream, &reply) == 0, "%lu bytes", (unsigned long)size);
  CHECK(replycode_stream_feed(&stream, bytes + taken, size + 5 - taken) == size + 5 - taken, "%lu bytes",
        (unsigned long)size);
  CHECK(replycode_stream_next(&stream, &reply) == 1 && reply.code == 354, "%lu bytes", (unsigned long)size);
}

static void test_large_replies(void) {
  check_large(65536, 65535, REPLYCODE_WELL_FORMED);
  check_large(65536, 65536, REPLYCODE_WELL_FORMED);
  check_large(65536, 65537, REPLYCODE_TOO_LONG);
  check_large(65536, 200000, REPLYCODE_TOO_LONG);
  check_large(512, 65536, REPLYCODE_TOO_LONG);
}

/* ---- Any limit ------------------------------------------------------------------------------------------------------ */

/* With every limit and in every way the replies that fit are the same, and each other one is there as too long. */
static void expect_with_limit(const char *bytes, size_t size, size_t capacity, struct transcript *expected) {
  struct replycode_reply reply;
  size_t at, taken;
  transcript_clear(expected, 0);
  for (at = 0; at < size; at += taken) {
    taken = replycode_parse(bytes + at, size - at, 0, &reply);
    if (taken == 0) taken = size - at;
    if (taken > capacity || (taken == capacity && reply.malformed == REPLYCODE_TRUNCATED)) {
      replycode_parse(bytes + at, capacity, 0, &reply);
      reply.malformed = REPLYCODE_TOO_LONG;
    }
    transcript_add(expected, &reply);
  }
}

static void check_ways(const char *bytes, size_t size, size_t capacity, uint32_t *random) {
  static struct transcript expected;
  struct replycode_stream stream = stream_of(capacity);
  expect_with_limit(bytes, size, capacity, &expected);
  feed_piece(&stream, bytes, size, &said);
  feed_end(&stream, &said);
  check_said(expected.text, "whole, limit", capacity);
  stream = stream_of(capacity);
  feed_byte_by_byte(&stream, bytes, size, &said);
  feed_end(&stream, &said);
  check_said(expected.text, "byte by byte, limit", capacity);
  stream = stream_of(capacity);
  feed_in_random_pieces(&stream, bytes, size, random, &said);
  feed_end(&stream, &said);
  check_said(expected.text, "random pieces, limit", capacity);
}

static void test_every_limit(void) {
  uint32_t random = RANDOM_SEED;
  size_t capacity;
  for (capacity = 1; capacity <= SESSION; capacity++) check_ways(session, SESSION, capacity, &random);
}

static void test_random_bytes(void) {
  uint32_t random = RANDOM_SEED;
  char bytes[RANDOM_SIZE];
  int number;
  for (number = 0; number < RANDOM_INPUTS; number++) {
    size_t size = random_bytes(&random, bytes, sizeof bytes);
    check_ways(bytes, size, 1 + random_below(&random, 40), &random);
  }
}

/* ---- Lines ---------------------------------------------------------------------------------------------------------- */

static void check_lines(size_t capacity, const char *lines, size_t size, const char *expected) {
  struct replycode_stream stream = stream_of(capacity);
  feed_lines(&stream, lines, size, &said);
  feed_end(&stream, &said);
  check_said(expected, "line by line, limit", capacity);
}

/* A line that does not fit: the rest of its reply is skipped, and not one line more. */
static void test_long_lines_by_line(void) {
  size_t capacity;
  check_lines(12, BYTES("550-0123456789\r\n550-more\r\n550 last\r\n250 ok\r\n"), "550 - [01234567] !too_long\n250 - [ok]");
  check_lines(12, BYTES("550 0123456789\r\n250 ok\r\n"), "550 - [01234567] !too_long\n250 - [ok]");
  check_lines(12, BYTES("250 1234567\r\n250 ok\r\n"), "250 - [1234567] !too_long\n250 - [ok]");
  check_lines(12, BYTES("250 12345678\r\n250 ok\r\n"), "250 - [12345678] !too_long\n250 - [ok]");
  check_lines(16, BYTES("250-a\r\n250 0123456789\r\n354 ok\r\n"), "250 - [a|01234] !too_long\n354 - [ok]");
  check_lines(16, BYTES("250-a\r\n250-0123456789\r\n250 b\r\n354 ok\r\n"), "250 - [a|01234] !too_long\n354 - [ok]");
  for (capacity = 8; capacity <= 13; capacity++) {
    struct replycode_stream stream = stream_of(capacity);
    feed_lines(&stream, BYTES("250-a\r\n250 b\r\n354\r\n"), &said);
    CHECK(said.replies == 2 && strstr(said.text, "\n354 - []") != NULL, "limit %lu\n%s", (unsigned long)capacity, said.text);
  }
}

/* The bytes with CRLF behind each line, as lines without their ends become again. */
static size_t with_crlf(const char *bytes, size_t size, char *out) {
  size_t at = 0, written = 0;
  while (at < size) {
    const char *end = memchr(bytes + at, '\n', size - at);
    size_t length = end == NULL ? size - at : (size_t)(end - bytes) - at, behind = at + length + 1;
    if (length > 0 && bytes[at + length - 1] == '\r') length--;
    memcpy(out + written, bytes + at, length);
    memcpy(out + written + length, "\r\n", 2);
    written += length + 2;
    at = behind;
  }
  return written;
}

/* Line by line gives what the bytes give, with every limit. Stops at the first that differs. */
static void test_random_lines(void) {
  static struct transcript expected;
  uint32_t random = RANDOM_SEED;
  char bytes[RANDOM_SIZE], ended[2 * RANDOM_SIZE + 2];
  int number, same = 1;
  for (number = 0; number < RANDOM_INPUTS && same; number++) {
    size_t size = random_bytes(&random, bytes, sizeof bytes), capacity = 1 + random_below(&random, 40);
    struct replycode_stream stream = stream_of(capacity);
    expect_with_limit(ended, with_crlf(bytes, size, ended), capacity, &expected);
    feed_lines(&stream, bytes, size, &said);
    feed_end(&stream, &said);
    same = strcmp(said.text, expected.text) == 0;
    check_said(expected.text, "line by line, limit", capacity);
  }
}

/* A LF inside ends no line, wherever the buffer is full: the next line is a reply of its own. */
static void test_lf_in_a_line(void) {
  static const char line[] = "250 aa\n354 bb";
  struct replycode_reply reply;
  size_t capacity;
  for (capacity = 1; capacity <= 16; capacity++) {
    struct replycode_stream stream = stream_of(capacity);
    CHECK(replycode_stream_line(&stream, line, sizeof line - 1, &reply) == 1, "limit %lu", (unsigned long)capacity);
    CHECK((reply.malformed == REPLYCODE_TOO_LONG) == (capacity < 15), "limit %lu", (unsigned long)capacity);
    CHECK(replycode_stream_next(&stream, &reply) == 0, "limit %lu", (unsigned long)capacity);
    CHECK(replycode_stream_line(&stream, BYTES("221"), &reply) == 1, "limit %lu", (unsigned long)capacity);
    CHECK(memcmp(reply.bytes, "221", reply.size < 3 ? reply.size : 3) == 0, "limit %lu", (unsigned long)capacity);
  }
}

int main(void) {
  streams_begin();
  test_limits();
  test_large_replies();
  test_every_limit();
  test_random_bytes();
  test_long_lines_by_line();
  test_random_lines();
  test_lf_in_a_line();
  return check_report();
}
