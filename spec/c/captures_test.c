/* captures_test.c - recorded sessions: whatever the cuts are, the same replies; their number and codes as counted here
 * from the lines of the .txt, without the library. REPLYCODE_CAPTURES may name a folder with more of them. */
#include "captures.h"

#include "check.h"
#include "cuts.h"
#include "replycode.h"
#include "transcript.h"

enum { LIMIT = 65536, MOST_REPLIES = 1024, RANDOM_RUNS = 5 };

static struct transcript whole, other;
static char buffer[LIMIT];
static uint32_t random_state = RANDOM_SEED;
static unsigned long replies_seen;

/* ---- The count ------------------------------------------------------------------------------------------------------ */

struct count { unsigned replies, codes[MOST_REPLIES]; int inside; };

static int is_number(const char *text, size_t size) {
  return size >= 3 && strspn(text, "0123456789") >= 3;
}

/* A line with a code and no hyphen behind it ends a reply; one without a code is a reply only outside another. */
static void count_line(const char *line, size_t size, struct count *count) {
  int has_code = is_number(line, size);
  if (has_code && size > 3 && line[3] == '-') {
    count->inside = 1;
    return;
  }
  if (!has_code && count->inside) return;
  if (count->replies < MOST_REPLIES) count->codes[count->replies++] = has_code ? (unsigned)strtoul(line, NULL, 10) : 0;
  count->inside = 0;
}

static void count_txt(const struct capture_file *txt, struct count *count) {
  const char *at = txt->bytes, *end = txt->bytes + txt->size;
  memset(count, 0, sizeof *count);
  txt->bytes[txt->size] = '\0';
  while (at < end) {
    const char *behind = memchr(at, '\n', (size_t)(end - at));
    if (behind == NULL) behind = end;
    if (behind - at >= 3 && memcmp(at, "S: ", 3) == 0) count_line(at + 3, (size_t)(behind - at) - 3, count);
    at = behind + 1;
  }
}

static void check_count(const struct capture *capture) {
  struct replycode_stream stream;
  struct replycode_reply reply;
  struct count count;
  unsigned replies = 0, wrong = 0;
  count_txt(&capture->txt, &count);
  replycode_stream_init(&stream, buffer, sizeof buffer);
  CHECK(replycode_stream_feed(&stream, capture->raw.bytes, capture->raw.size) == capture->raw.size, "%s", capture->path);
  for (; replycode_stream_next(&stream, &reply); replies++)
    wrong += replies < count.replies && reply.code != count.codes[replies];
  CHECK(replies == count.replies, "%s: %u replies, counted %u", capture->path, replies, count.replies);
  CHECK(wrong == 0, "%s: %u codes", capture->path, wrong);
  replies_seen += replies;
}

/* ---- The cuts ------------------------------------------------------------------------------------------------------- */

enum way { WHOLE, BYTE_BY_BYTE, IN_RANDOM_PIECES, LINE_BY_LINE };

static void run(const struct capture *capture, enum way way, struct transcript *said) {
  const char *bytes = capture->raw.bytes;
  size_t size = capture->raw.size;
  struct replycode_stream stream;
  memset(buffer, '!', sizeof buffer);
  replycode_stream_init(&stream, buffer, sizeof buffer);
  switch (way) {
    case WHOLE: feed_piece(&stream, bytes, size, said); break;
    case BYTE_BY_BYTE: feed_byte_by_byte(&stream, bytes, size, said); break;
    case IN_RANDOM_PIECES: feed_in_random_pieces(&stream, bytes, size, &random_state, said); break;
    case LINE_BY_LINE: feed_lines(&stream, bytes, size, said); break;
  }
  feed_end(&stream, said);
}

/* Without a stream: one reply after the other. */
static void parse_all(const struct capture *capture, struct transcript *said) {
  struct replycode_reply reply;
  size_t at = 0;
  while (at < capture->raw.size) {
    size_t taken = replycode_parse(capture->raw.bytes + at, capture->raw.size - at, 0, &reply);
    transcript_add(said, &reply);
    if (taken == 0) return;
    at += taken;
  }
}

static void check_same(const struct capture *capture, enum way way, uint32_t ignored) {
  transcript_clear(&whole, ignored);
  transcript_clear(&other, ignored);
  run(capture, WHOLE, &whole);
  run(capture, way, &other);
  CHECK(strcmp(whole.text, other.text) == 0, "%s, way %d\n%s\nfound\n%s", capture->path, way, whole.text, other.text);
}

static void check_parsed(const struct capture *capture) {
  transcript_clear(&whole, 0);
  transcript_clear(&other, 0);
  run(capture, WHOLE, &whole);
  parse_all(capture, &other);
  CHECK(strcmp(whole.text, other.text) == 0, "%s\n%s\nfound\n%s", capture->path, whole.text, other.text);
}

/* Lines come without their end, so that a bare LF cannot be told. */
static void check_capture(const struct capture *capture) {
  int at;
  check_count(capture);
  check_parsed(capture);
  check_same(capture, BYTE_BY_BYTE, 0);
  for (at = 0; at < RANDOM_RUNS; at++) check_same(capture, IN_RANDOM_PIECES, 0);
  check_same(capture, LINE_BY_LINE, REPLYCODE_BARE_LF);
}

static void check_folder(const char *folder) {
  int captures;
  replies_seen = 0;
  captures = captures_below(folder, check_capture);
  CHECK(captures > 0, "%s", folder);
  printf("%s: %d captures, %lu replies\n", folder, captures, replies_seen);
}

int main(void) {
  const char *more = getenv("REPLYCODE_CAPTURES");
  check_folder("spec/replies");
  if (more != NULL && more[0] != '\0') check_folder(more);
  return check_report();
}
