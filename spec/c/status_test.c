/* status_test.c - a status by itself, and the stage that a command line asks for. Every input is against a page. */
#include "guard.h"

#include "check.h"
#include "replycode.h"

static struct guard input;

/* ---- Statuses ------------------------------------------------------------------------------------------------------- */

static void check_status(const char *text, unsigned klass, unsigned subject, unsigned detail) {
  struct replycode_status status = {1, 2, 3};
  size_t size = strlen(text);
  CHECK(replycode_status_read(guard_at_end(&input, text, size), size, &status) == 1, "%s", text);
  CHECK(status.klass == klass && status.subject == subject && status.detail == detail, "%s", text);
}

static void check_no_status(const char *text, size_t size) {
  struct replycode_status status = {1, 2, 3};
  CHECK(replycode_status_read(guard_at_end(&input, text, size), size, &status) == 0, "%s", text);
}

static void test_statuses(void) {
  check_status("2.0.0", 2, 0, 0);
  check_status("4.2.2", 4, 2, 2);
  check_status("5.7.26", 5, 7, 26);
  check_status("5.7.515", 5, 7, 515);
  check_status("5.999.999", 5, 999, 999);
  check_status("X.7.26", 0xffff, 7, 26);
  check_status("x.1.1", 0xffff, 1, 1);
}

static void test_no_statuses(void) {
  static const char *const texts[] = {
    "", "5", "5.", "5.7", "5.7.", "5..1", ".7.1", "3.7.1", "1.7.1", "55.7.1", "5.07.1", "5.7.01", "5.1000.1", "5.7.1000",
    "5.7.1.", "5.7.1 ", " 5.7.1", "5.7.1.1", "5.X.1", "X.X.X", "-.7.1",
  };
  size_t at;
  for (at = 0; at < sizeof texts / sizeof texts[0]; at++) check_no_status(texts[at], strlen(texts[at]));
  check_no_status("5.7.1\0", 6);
  CHECK(replycode_status_read(NULL, 0, NULL) == 0, "nothing");
}

/* ---- Stages --------------------------------------------------------------------------------------------------------- */

struct stage_row { const char *line; int stage; };

static const struct stage_row stage_rows[] = {
  {"EHLO mx.example.org", REPLYCODE_EHLO}, {"HELO mx", REPLYCODE_HELO}, {"LHLO mx", REPLYCODE_LHLO},
  {"STARTTLS", REPLYCODE_STARTTLS}, {"AUTH PLAIN AGEAYg==", REPLYCODE_AUTH},
  {"MAIL FROM:<>", REPLYCODE_MAIL}, {"RCPT TO:<a@b>", REPLYCODE_RCPT}, {"DATA", REPLYCODE_DATA},
  {".", REPLYCODE_CONTENT}, {".\r\n", REPLYCODE_CONTENT},
  {"BDAT 9", REPLYCODE_BDAT}, {"BDAT 9 LAST", REPLYCODE_CONTENT}, {"bdat 9 last\r\n", REPLYCODE_CONTENT},
  {"BDAT", REPLYCODE_BDAT}, {"BURL", REPLYCODE_BURL}, {"BDAT ", REPLYCODE_BDAT}, {"BDAT 9LAST", REPLYCODE_BDAT},
  {"BURL imap://x/ LAST", REPLYCODE_CONTENT}, {"BURL imap://x/", REPLYCODE_BURL},
  {"RSET", REPLYCODE_RSET}, {"VRFY a", REPLYCODE_VRFY}, {"EXPN a", REPLYCODE_EXPN}, {"HELP", REPLYCODE_HELP},
  {"NOOP", REPLYCODE_NOOP}, {"QUIT", REPLYCODE_QUIT}, {"ETRN example.org", REPLYCODE_ETRN}, {"ATRN", REPLYCODE_ATRN},
  {"TURN", REPLYCODE_TURN}, {"XCLIENT NAME=x", REPLYCODE_XCLIENT}, {"XFORWARD NAME=x", REPLYCODE_XFORWARD},
  {"rcpt to:<a@b>", REPLYCODE_RCPT}, {"quit", REPLYCODE_QUIT}, {"Mail From:<a>", REPLYCODE_MAIL}, {"DATA\n", REPLYCODE_DATA},
  {"", REPLYCODE_OTHER}, {"\r\n", REPLYCODE_OTHER}, {"SEND FROM:<a>", REPLYCODE_OTHER}, {"RCP", REPLYCODE_OTHER},
  {"RCPTS", REPLYCODE_OTHER}, {"..", REPLYCODE_OTHER}, {"GET / HTTP/1.1", REPLYCODE_OTHER}, {"LAST", REPLYCODE_OTHER},
};

static void test_stages(void) {
  size_t at;
  for (at = 0; at < sizeof stage_rows / sizeof stage_rows[0]; at++) {
    const struct stage_row *row = &stage_rows[at];
    size_t size = strlen(row->line);
    int stage = replycode_stage_of(guard_at_end(&input, row->line, size), size);
    CHECK(stage == row->stage, "'%s', found %d", row->line, stage);
    stage = replycode_stage_of(guard_at_start(&input, row->line, size), size);
    CHECK(stage == row->stage, "'%s', found %d", row->line, stage);
  }
  CHECK(replycode_stage_of(NULL, 0) == REPLYCODE_OTHER, "no line");
  CHECK(replycode_stage_of("DATA\0", 5) == REPLYCODE_OTHER, "a NUL behind the verb");
}

int main(void) {
  input = guard_make(4096);
  test_statuses();
  test_no_statuses();
  test_stages();
  return check_report();
}
