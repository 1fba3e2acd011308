/* stream_test.c - replies from bytes in any cut, in a buffer that may move. */
#include "streams.h"

enum { RANDOM_INPUTS = 500, RANDOM_SIZE = 200 };

/* ---- Cuts ----------------------------------------------------------------------------------------------------------- */

static void test_two_cuts(void) {
  size_t first, second;
  for (first = 0; first <= SESSION; first++) {
    for (second = first; second <= SESSION; second++) {
      struct replycode_stream stream = stream_of(256);
      feed_piece(&stream, guard_at_end(&input, session, first), first, &said);
      feed_piece(&stream, guard_at_end(&input, session + first, second - first), second - first, &said);
      feed_piece(&stream, guard_at_end(&input, session + second, SESSION - second), SESSION - second, &said);
      feed_end(&stream, &said);
      check_said(session_said, "cut twice", first * 1000 + second);
    }
  }
}

static void test_byte_by_byte(void) {
  struct replycode_stream stream = stream_of(SESSION);
  feed_byte_by_byte(&stream, session, SESSION, &said);
  feed_end(&stream, &said);
  check_said(session_said, "byte by byte", 0);
}

static void test_line_by_line(void) {
  struct replycode_stream stream = stream_of(256);
  feed_lines(&stream, BYTES("250-a\r\n250 b\r\n550 \r\n550\r\n\r\n250 a|b\xff\r\n250 \0\r\n421-c"), &said);
  feed_end(&stream, &said);
  check_said("250 - [a|b]\n550 - []\n550 - []\n- - [] !code\n250 - [a|b\\xff] eight_bit\n250 - [\\x00] nul_byte\n"
             "421 - [c] !truncated", "line by line", 0);
}

/* One line stays one line. */
static void test_line_ends(void) {
  struct replycode_stream stream = stream_of(256);
  struct replycode_reply reply;
  CHECK(replycode_stream_line(&stream, BYTES("250 a\n354 b"), &reply) == 1, "a LF inside a line");
  CHECK(strcmp(transcript_of(&reply), "250 - [a\\x0d354 b] bare_cr") == 0, "found %s", transcript_of(&reply));
  CHECK(replycode_stream_next(&stream, &reply) == 0, "a LF inside a line");
  CHECK(replycode_stream_line(&stream, BYTES("250 a\r\n"), &reply) == 1, "a line with its end");
  CHECK(strcmp(transcript_of(&reply), "250 - [a] bare_cr") == 0, "found %s", transcript_of(&reply));
  CHECK(replycode_stream_line(&stream, NULL, 0, &reply) == 1, "an empty line");
  CHECK(reply.size == 2 && memcmp(reply.bytes, "\r\n", 2) == 0, "an empty line");
}

static void test_bytes_in_the_buffer(void) {
  struct replycode_stream stream = stream_of(64);
  struct replycode_reply reply;
  CHECK(replycode_stream_feed(&stream, BYTES("250-a\n250 \0b\r\n35")) == 16, "all fit");
  CHECK(replycode_stream_next(&stream, &reply) == 1 && reply.size == 14, "the first");
  CHECK(memcmp(reply.bytes, "250-a\n250 \0b\r\n", 14) == 0, "the first");
  CHECK(replycode_stream_next(&stream, &reply) == 0, "the second is not whole");
  CHECK(replycode_stream_next(&stream, &reply) == 0, "asked again");
}

/* ---- Any bytes ------------------------------------------------------------------------------------------------------ */

/* Reply after reply, without a stream. */
static void parse_all(const char *bytes, size_t size, struct transcript *expected) {
  struct replycode_reply reply;
  size_t at, taken;
  transcript_clear(expected, 0);
  for (at = 0; at < size; at += taken) {
    taken = replycode_parse(bytes + at, size - at, 0, &reply);
    transcript_add(expected, &reply);
    if (taken == 0) return;
  }
}

static void test_random_bytes(void) {
  static struct transcript expected;
  uint32_t random = RANDOM_SEED;
  char bytes[RANDOM_SIZE];
  size_t number;
  for (number = 0; number < RANDOM_INPUTS; number++) {
    size_t size = random_bytes(&random, bytes, sizeof bytes);
    struct replycode_stream stream = stream_of(sizeof bytes + 1);
    parse_all(bytes, size, &expected);
    feed_byte_by_byte(&stream, bytes, size, &said);
    feed_end(&stream, &said);
    check_said(expected.text, "byte by byte, random input", number);
    stream = stream_of(sizeof bytes + 1);
    feed_in_random_pieces(&stream, bytes, size, &random, &said);
    feed_end(&stream, &said);
    check_said(expected.text, "random pieces, random input", number);
  }
}

/* ---- Too little, too much ------------------------------------------------------------------------------------------- */

static void test_no_buffer(void) {
  struct replycode_stream stream;
  struct replycode_reply reply;
  replycode_stream_init(&stream, NULL, 0);
  CHECK(replycode_stream_feed(&stream, BYTES("250 a\r\n")) == 7, "nothing fits, nothing stays");
  CHECK(replycode_stream_next(&stream, &reply) == 0, "no buffer");
  CHECK(replycode_stream_line(&stream, BYTES("250 a"), &reply) == 0, "no buffer");
  CHECK(replycode_stream_finish(&stream, &reply) == 0, "no buffer");
}

static void test_no_bytes(void) {
  struct replycode_stream stream = stream_of(16);
  struct replycode_reply reply;
  CHECK(replycode_stream_feed(&stream, NULL, 0) == 0, "no bytes");
  CHECK(replycode_stream_next(&stream, &reply) == 0, "no bytes");
  CHECK(replycode_stream_finish(&stream, &reply) == 0, "no bytes");
}

static void test_finish(void) {
  struct replycode_stream stream = stream_of(8);
  feed_piece(&stream, BYTES("250-mx\r\n"), &said);
  feed_end(&stream, &said);
  feed_end(&stream, &said);
  feed_piece(&stream, BYTES("250 ok\r\n354"), &said);
  feed_end(&stream, &said);
  feed_piece(&stream, BYTES("250 too long"), &said);
  feed_end(&stream, &said);
  feed_piece(&stream, BYTES("221 b\r\n"), &said);
  check_said("250 - [mx] !too_long\n250 - [ok]\n354 - [] !truncated\n250 - [too ] !too_long\n221 - [b]", "finish", 0);
}

/* ---- Moving the buffer ---------------------------------------------------------------------------------------------- */

/* To a larger one; the old one is gone. */
static void move(struct replycode_stream *stream, size_t capacity) {
  char *larger = malloc(capacity);
  if (larger == NULL) guard_fail("malloc");
  memcpy(larger, stream->buffer, stream->capacity);
  free(stream->buffer);
  stream->buffer = larger;
  stream->capacity = (uint32_t)capacity;
}

static void test_moved_between_pieces(void) {
  size_t cut;
  for (cut = 0; cut <= SESSION; cut++) {
    struct replycode_stream stream;
    transcript_clear(&said, 0);
    replycode_stream_init(&stream, malloc(cut + 1), cut + 1);
    feed_piece(&stream, session, cut, &said);
    move(&stream, SESSION + 1);
    feed_piece(&stream, session + cut, SESSION - cut, &said);
    feed_end(&stream, &said);
    free(stream.buffer);
    check_said(session_said, "moved", cut);
  }
}

/* A buffer that is moved before each call, and enlarged before each byte. */
static void test_moved_always(void) {
  struct replycode_stream stream;
  struct replycode_reply reply;
  size_t at;
  transcript_clear(&said, 0);
  replycode_stream_init(&stream, malloc(1), 1);
  for (at = 0; at < SESSION; at++) {
    move(&stream, stream.capacity + 1);
    CHECK(replycode_stream_feed(&stream, session + at, 1) == 1, "byte %lu", (unsigned long)at);
    move(&stream, stream.capacity + 1);
    if (replycode_stream_next(&stream, &reply)) transcript_add(&said, &reply);
  }
  feed_end(&stream, &said);
  free(stream.buffer);
  check_said(session_said, "moved always", 0);
}

/* Between two replies that lie in it. A reply's bytes move along. */
static void test_moved_between_replies(void) {
  struct replycode_stream stream;
  struct replycode_reply reply;
  size_t at;
  transcript_clear(&said, 0);
  replycode_stream_init(&stream, malloc(SESSION + 1), SESSION + 1);
  CHECK(replycode_stream_feed(&stream, session, SESSION) == SESSION, "all fit");
  while (replycode_stream_next(&stream, &reply)) {
    at = (size_t)(reply.bytes - stream.buffer);
    move(&stream, stream.capacity + 1);
    reply.bytes = stream.buffer + at;
    transcript_add(&said, &reply);
  }
  feed_end(&stream, &said);
  free(stream.buffer);
  check_said(session_said, "moved between replies", 0);
}

int main(void) {
  streams_begin();
  test_two_cuts();
  test_byte_by_byte();
  test_line_by_line();
  test_line_ends();
  test_bytes_in_the_buffer();
  test_random_bytes();
  test_no_buffer();
  test_no_bytes();
  test_finish();
  test_moved_between_pieces();
  test_moved_always();
  test_moved_between_replies();
  return check_report();
}
