/* size_test.c - long lines, many lines, and more than a parser takes. */
#include "sound.h"

#include "check.h"
#include "replycode.h"

enum { PIECE = 1 << 23 };

static void check_long_line(size_t size, const char *line_end) {
  struct replycode_reply reply;
  size_t whole = size + strlen(line_end);
  char *bytes = input.end - whole;
  memset(bytes, 'x', size);
  memcpy(bytes, "250 ", 4);
  memcpy(bytes + size, line_end, whole - size);
  CHECK(replycode_parse(bytes, whole, 1, &reply) == whole && reply.code == 250, "%lu bytes", (unsigned long)whole);
  CHECK(((reply.oddities & REPLYCODE_LONG_LINE) != 0) == (whole > 512), "%lu bytes", (unsigned long)whole);
  CHECK(replycode_text(&reply, NULL, 0) == size - 4, "%lu bytes", (unsigned long)whole);
  CHECK(is_sound(bytes, whole, 1) && is_sound(bytes, whole, 0), "%lu bytes", (unsigned long)whole);
}

static void test_long_lines(void) {
  static const size_t sizes[] = {4, 5, 509, 510, 511, 512, 513, 8192, 12288, 65534, 65535, 65536, 65537};
  size_t at;
  for (at = 0; at < sizeof sizes / sizeof sizes[0]; at++) {
    check_long_line(sizes[at], "\r\n");
    check_long_line(sizes[at], "\n");
    check_long_line(sizes[at], "");
  }
}

static void test_many_lines(void) {
  enum { LINES = 10000 };
  static const char more[] = "250-x\r\n", last[] = "250 x\r\n";
  struct replycode_reply reply;
  size_t width = sizeof more - 1, at;
  char *bytes = input.end - LINES * width;
  for (at = 0; at < LINES; at++) memcpy(bytes + at * width, at + 1 < LINES ? more : last, width);
  CHECK(replycode_parse(bytes, LINES * width, 0, &reply) == LINES * width && reply.lines == LINES, "many lines");
  CHECK(is_sound(bytes, LINES * width, 0), "many lines");
}

/* Over 1 GiB of address space is a few MiB of a file again and again: "250-a CRLF 250-xx ... xx250-a CRLF 250-xx ...". */
static FILE *make_piece(void) {
  static char bytes[PIECE];
  FILE *file = tmpfile();
  memset(bytes, 'x', sizeof bytes);
  memcpy(bytes, "250-a\r\n250-", 11);
  if (file == NULL || fwrite(bytes, 1, sizeof bytes, file) != sizeof bytes || fflush(file) != 0) guard_fail("tmpfile");
  return file;
}

static struct guard make_gigabyte(size_t size) {
  struct guard guard = guard_make(size);
  FILE *piece = make_piece();
  char *place;
  for (place = guard.start; place < guard.end; place += PIECE) {
    size_t rest = (size_t)(guard.end - place);
    void *mapped = mmap(place, rest < PIECE ? rest : PIECE, PROT_READ, MAP_SHARED | MAP_FIXED, fileno(piece), 0);
    if (mapped != place) guard_fail("mmap");
  }
  fclose(piece);
  return guard;
}

static void test_gigabyte(void) {
  const size_t limit = (size_t)1 << 30;
  struct replycode_reply reply;
  struct guard huge;
  if (sizeof(size_t) < 8) return;
  huge = make_gigabyte(limit + 1);
  CHECK(replycode_parse(huge.start, limit, 1, &reply) == limit && reply.malformed == REPLYCODE_TRUNCATED, "1 GiB");
  CHECK(replycode_parse(huge.start, limit + 1, 1, &reply) == limit && reply.malformed == REPLYCODE_TOO_LONG, "1 GiB + 1");
  CHECK(replycode_parse(huge.start, limit + 1, 0, &reply) == limit && reply.malformed == REPLYCODE_TOO_LONG, "1 GiB + 1");
  CHECK(reply.size == limit && reply.code == 250, "1 GiB + 1");
  guard_free(&huge);
}

int main(void) {
  sound_begin();
  test_long_lines();
  test_many_lines();
  test_gigabyte();
  return check_report();
}
