// header_test.cpp - the header compiles as C++11, its calls link, and its structs have the sizes it promises.
#include "replycode.h"

#include "check.h"

#include <cstring>

static_assert(sizeof(replycode_reply) == (sizeof(void *) == 8 ? 48 : 44), "a reply has 48 bytes, 44 with 32-bit pointers");
static_assert(sizeof(replycode_span) == 8, "a span is two numbers");
static_assert(sizeof(replycode_status) == 6, "a status is three numbers");
static_assert(REPLYCODE_NO_STAGE == 0 && REPLYCODE_NO_CAUSE == 0 && REPLYCODE_NO_SCOPE == 0, "0 is none");
static_assert(REPLYCODE_NO_ACTION == 0 && REPLYCODE_NO_BASIS == 0 && REPLYCODE_NO_KIND == 0, "0 is none");

static void test_reply() {
  static const char bytes[] = "550-5.1.1 No such\r\n550 5.1.1 user here\r\n";
  replycode_reply reply;
  replycode_span line;
  uint32_t cursor = 0;
  char text[32];
  CHECK(replycode_parse(bytes, sizeof bytes - 1, 1, &reply) == sizeof bytes - 1, "parse");
  CHECK(reply.code == 550 && reply.status.klass == 5 && reply.lines == 2, "parse");
  CHECK(replycode_line(&reply, &cursor, &line) == 1 && line.size == 7, "line");
  CHECK(replycode_text(&reply, text, sizeof text) == 17, "text");
  CHECK(std::memcmp(text, "No such\nuser here", 17) == 0, "text");
}

static void test_words() {
  replycode_status status;
  CHECK(replycode_status_read("5.7.26", 6, &status) == 1 && status.detail == 26, "status_read");
  CHECK(replycode_stage_of("RCPT TO:<a@b>", 13) == REPLYCODE_RCPT, "stage_of");
  CHECK(replycode_value(REPLYCODE_KIND_STAGE, "rcpt", 4) == REPLYCODE_RCPT, "value");
  CHECK(std::strcmp(replycode_slug(REPLYCODE_KIND_STAGE, REPLYCODE_RCPT), "rcpt") == 0, "slug");
}

static void test_stream() {
  char buffer[16];
  replycode_stream stream;
  replycode_reply reply;
  replycode_stream_init(&stream, buffer, sizeof buffer);
  CHECK(replycode_stream_feed(&stream, "250 ok\r\n", 8) == 8, "stream_feed");
  CHECK(replycode_stream_next(&stream, &reply) == 1 && reply.code == 250, "stream_next");
  CHECK(replycode_stream_line(&stream, "421-bye", 7, &reply) == 0, "stream_line");
  CHECK(replycode_stream_finish(&stream, &reply) == 1 && reply.malformed == REPLYCODE_TRUNCATED, "stream_finish");
}

static void test_verdict() {
  replycode_reply reply;
  replycode_verdict verdict;
  replycode_context context = {REPLYCODE_RCPT, 0, nullptr, nullptr, 0};
  replycode_parse("550 5.1.1 x", 11, 1, &reply);
  replycode_classify(&reply, &context, &verdict);
  CHECK(verdict.cause == REPLYCODE_RECIPIENT_UNKNOWN && verdict.action == REPLYCODE_DROP_RECIPIENT, "classify");
}

static void test_catalogue() {
  replycode_entry entry;
  replycode_comparison comparison;
  uint32_t cursor = 0;
  CHECK(replycode_describe(0, "421", 3, 0, REPLYCODE_EN, &entry) == 1 && entry.exact == 1, "describe");
  CHECK(replycode_entry_next(REPLYCODE_KIND_CAUSE, REPLYCODE_TR, &cursor, &entry) == 1, "entry_next");
  CHECK(std::strcmp(entry.slug, "accepted") == 0, "entry_next");
  CHECK(replycode_compare("421", 3, "502", 3, 0, REPLYCODE_EN, &comparison) == 1, "compare");
  CHECK(std::strcmp(replycode_key_slug(REPLYCODE_KEY_SESSION_GOES_ON), "session_goes_on") == 0, "key_slug");
  CHECK(replycode_key_label(REPLYCODE_KEY_CLASS, REPLYCODE_TR) != nullptr, "key_label");
}

int main() {
  test_reply();
  test_words();
  test_stream();
  test_verdict();
  test_catalogue();
  return check_report();
}
