/* compose_test.c - replies to be sent. Text and buffer are against a page: no byte is read or written too far. */
#include "guard.h"

#include "check.h"
#include "random.h"
#include "replycode.h"

enum { LONGEST_TEXT = 2000, ROOM = 1 << 17 };

static struct guard text_pages, buffer_pages;

static struct replycode_draft draft_of(unsigned code, unsigned subject, unsigned detail, const char *text, size_t size) {
  struct replycode_draft draft = {NULL, 0, {0, 0, 0}, 0, {0, 0, 0, 0}};
  draft.text = guard_at_end(&text_pages, text, size);
  draft.size = size;
  draft.code = (uint16_t)code;
  if (subject == 0) return draft;
  draft.status.klass = (uint16_t)(code / 100);
  draft.status.subject = (uint16_t)subject;
  draft.status.detail = (uint16_t)detail;
  return draft;
}

/* ---- What it writes ----------------------------------------------------------------------------------------------- */

struct row { unsigned code, subject, detail, form; const char *text, *written; };

#define NONE 0, 0
static const struct row rows[] = {
  {250, NONE, REPLYCODE_WIRE, "ok", "250 ok\r\n"},
  {550, 1, 1, REPLYCODE_WIRE, "No such user", "550 5.1.1 No such user\r\n"},
  {550, 999, 999, REPLYCODE_WIRE, "x", "550 5.999.999 x\r\n"},
  {550, 7, 26, REPLYCODE_WIRE, "a\nb\r\nc", "550-5.7.26 a\r\n550-5.7.26 b\r\n550 5.7.26 c\r\n"},
  {250, NONE, REPLYCODE_WIRE, "\na\n\nb\n\n\r\n", "250-\r\n250-a\r\n250-\r\n250 b\r\n"},
  {450, 2, 0, REPLYCODE_WIRE, "a\n\nb", "450-4.2.0 a\r\n450-4.2.0\r\n450 4.2.0 b\r\n"},
  {250, NONE, REPLYCODE_WIRE, "  a  b\t\x01" "c\x7f \n d", "250-a  b  c\r\n250 d\r\n"},
  {250, NONE, REPLYCODE_WIRE, "a\r250 b", "250 a 250 b\r\n"},
  /* without words */
  {250, NONE, REPLYCODE_WIRE, "", "250 OK\r\n"},
  {354, NONE, REPLYCODE_WIRE, " \r\n ", "354 Go ahead\r\n"},
  {450, 2, 0, REPLYCODE_WIRE, "\n\n", "450 4.2.0 Failed for now\r\n"},
  {550, NONE, REPLYCODE_ONE_LINE, "", "550 Failed for good"},
  /* what would be read as a status */
  {550, NONE, REPLYCODE_WIRE, "5.7.1 x", "550 (5.7.1) x\r\n"},
  {550, NONE, REPLYCODE_WIRE, "5.7.1", "550 (5.7.1)\r\n"},
  {550, NONE, REPLYCODE_WIRE, "4.7.1: x", "550 (4.7.1): x\r\n"},
  {550, NONE, REPLYCODE_WIRE, "5.7.1. x", "550 (5.7.1). x\r\n"},
  {550, NONE, REPLYCODE_WIRE, "x\n5.7.1 y", "550-x\r\n550 (5.7.1) y\r\n"},
  {550, NONE, REPLYCODE_WIRE, "#5.7.1 x", "550 (5.7.1) x\r\n"},
  {550, NONE, REPLYCODE_WIRE, "x (#5.1.1) [#5.1.2] #5.1.3, #4 x#5.1.1", "550 x (5.1.1) [5.1.2] 5.1.3, #4 x#5.1.1\r\n"},
  {550, NONE, REPLYCODE_WIRE, "#x (#5.1.1)", "550 #x (5.1.1)\r\n"},
  {550, 7, 1, REPLYCODE_WIRE, "5.7.1 x (#5.1.1)", "550 5.7.1 5.7.1 x (#5.1.1)\r\n"},
  {550, NONE, REPLYCODE_WIRE, "5.7.1.1 x 5.7.1 y", "550 5.7.1.1 x 5.7.1 y\r\n"},
  {250, NONE, REPLYCODE_WIRE, "queued (#2.0.0)", "250 queued (#2.0.0)\r\n"},
  {354, NONE, REPLYCODE_WIRE, "3.5.4 x (#5.1.1)", "354 3.5.4 x (#5.1.1)\r\n"},
  {550, NONE, REPLYCODE_WIRE, "550 5.7.1 x", "550 550 5.7.1 x\r\n"},
  {550, NONE, REPLYCODE_ONE_LINE, "5.7.1 x", "550 (5.7.1) x"},
  /* beyond ASCII */
  {550, NONE, REPLYCODE_WIRE, "İĞÜŞÖÇ ığüşöç", "550 IGUSOC igusoc\r\n"},
  {550, NONE, REPLYCODE_WIRE, "ÀÞßÆæĸĹĺŇňŉŊŋŸŹźŽžſ×÷", "550 ATHssAEaekLlNnnNnYZzZzs??\r\n"},
  {550, NONE, REPLYCODE_WIRE, "e\xcc\x81 “x” ‘y’ «z» a–b…\xc2\xa0!", "550 e \"x\" 'y' \"z\" a-b... !\r\n"},
  {550, NONE, REPLYCODE_WIRE, "中文 😀 Ж", "550 ?? ? ?\r\n"},
  {550, NONE, REPLYCODE_WIRE, "\xff\xc3 \xe4\xb8", "550 ?? ??\r\n"},
  {550, NONE, REPLYCODE_WIRE, "a\xc2\x85" "b", "550 a b\r\n"},
  {550, NONE, REPLYCODE_UTF8, "ığ “中” 😀", "550 ığ “中” 😀\r\n"},
  {550, NONE, REPLYCODE_UTF8, "\xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xff\xc3", "550 ?? ??? ???? ??\r\n"},
  {550, NONE, REPLYCODE_UTF8, "a\xc2\x9b" "b", "550 a b\r\n"},
  /* one line */
  {451, 7, 1, REPLYCODE_ONE_LINE, " a \r\n\r\n b\t\t|c\n", "451 4.7.1 a b |c"},
};

static void test_rows(void) {
  size_t at;
  for (at = 0; at < sizeof rows / sizeof rows[0]; at++) {
    const struct row *row = &rows[at];
    struct replycode_draft draft = draft_of(row->code, row->subject, row->detail, row->text, strlen(row->text));
    size_t wanted = strlen(row->written);
    char *buffer = buffer_pages.end - wanted;
    size_t size = replycode_compose(&draft, row->form, buffer, wanted);
    CHECK(size == wanted && memcmp(buffer, row->written, wanted) == 0, "'%s', found '%.*s'", row->text,
          (int)(size < wanted ? size : wanted), buffer);
  }
}

static void test_capacities(void) {
  size_t at, capacity;
  for (at = 0; at < sizeof rows / sizeof rows[0]; at++) {
    const struct row *row = &rows[at];
    struct replycode_draft draft = draft_of(row->code, row->subject, row->detail, row->text, strlen(row->text));
    size_t wanted = strlen(row->written);
    for (capacity = 0; capacity < wanted; capacity++) {
      char *buffer = buffer_pages.end - capacity, untouched[256];
      memset(untouched, '!', sizeof untouched);
      memset(buffer, '!', capacity);
      CHECK(replycode_compose(&draft, row->form, buffer, capacity) == wanted, "'%s', %lu", row->text, (unsigned long)capacity);
      CHECK(memcmp(buffer, untouched, capacity) == 0, "'%s', %lu", row->text, (unsigned long)capacity);
    }
    CHECK(replycode_compose(&draft, row->form, NULL, 0) == wanted, "'%s'", row->text);
  }
}

/* ---- What it refuses ---------------------------------------------------------------------------------------------- */

static void test_codes(void) {
  unsigned code, klass;
  for (code = 0; code < 1000; code++) {
    int right = code >= 200 && code < 600 && code % 100 < 60;
    struct replycode_draft draft = draft_of(code, 0, 0, "x", 1);
    CHECK((replycode_compose(&draft, REPLYCODE_WIRE, NULL, 0) == 7) == right, "%u", code);
    CHECK((replycode_compose(&draft, REPLYCODE_ONE_LINE, NULL, 0) == 5) == (right && code >= 400), "%u", code);
    for (klass = 1; klass < 10; klass++) {
      int fits = right && klass == code / 100 && klass != 3;
      draft.status.klass = (uint16_t)klass;
      CHECK((replycode_compose(&draft, REPLYCODE_WIRE, NULL, 0) != 0) == fits, "%u %u.0.0", code, klass);
    }
  }
}

static void test_refusals(void) {
  struct replycode_draft draft = draft_of(550, 1, 1, "x", 1);
  CHECK(replycode_compose(&draft, 3, NULL, 0) != 0 && replycode_compose(&draft, 4, NULL, 0) == 0, "forms");
  draft.status.subject = 1000;
  CHECK(replycode_compose(&draft, 0, NULL, 0) == 0, "subject");
  draft.status.subject = 1;
  draft.status.detail = 1000;
  CHECK(replycode_compose(&draft, 0, NULL, 0) == 0, "detail");
  draft.status.detail = 1;
  draft.size = ((size_t)1 << 27) + 1;
  CHECK(replycode_compose(&draft, 0, NULL, 0) == 0, "size");
  draft.size = 0;
  draft.text = NULL;
  CHECK(replycode_compose(&draft, 0, NULL, 0) == sizeof "550 5.1.1 Failed for good\r\n" - 1, "no text");
}

/* ---- Long lines --------------------------------------------------------------------------------------------------- */

/* Where the first line ends when words of `word` bytes fill `size` bytes. */
static size_t first_line(unsigned subject, size_t word, size_t size, unsigned form) {
  static char text[LONGEST_TEXT];
  struct replycode_draft draft;
  const char *end;
  size_t at, need;
  for (at = 0; at < size; at++) text[at] = at % (word + 1) == word ? ' ' : 'x';
  draft = draft_of(550, subject, 1, text, size);
  need = replycode_compose(&draft, form, buffer_pages.start, ROOM);
  end = memchr(buffer_pages.start, '\r', need);
  return end == NULL ? need : (size_t)(end - buffer_pages.start);
}

static void test_long_lines(void) {
  CHECK(first_line(0, 9, 506, REPLYCODE_WIRE) == 510, "the longest line");
  CHECK(first_line(0, 9, 509, REPLYCODE_WIRE) == 503, "a word edge");
  CHECK(first_line(0, 2000, 506, REPLYCODE_WIRE) == 510, "a word that fits");
  CHECK(first_line(0, 2000, 507, REPLYCODE_WIRE) == 510, "a word that is cut");
  CHECK(first_line(1, 2000, 2000, REPLYCODE_WIRE) == 510, "a word that is cut, with a status");
  CHECK(first_line(1, 9, 2000, REPLYCODE_ONE_LINE) == 509, "one line at a word edge");
  CHECK(first_line(1, 2000, 2000, REPLYCODE_ONE_LINE) == 510, "one line");
}

/* A text of one unit again and again: the last bytes of the first line and the number of lines. */
static void check_repeated(const char *unit, unsigned form, size_t line, unsigned lines) {
  static char text[LONGEST_TEXT];
  size_t width = strlen(unit), size = 0, need, at;
  struct replycode_draft draft;
  unsigned found = 0;
  for (; size + width <= 1000; size += width) memcpy(text + size, unit, width);
  draft = draft_of(550, 0, 0, text, size);
  need = replycode_compose(&draft, form, buffer_pages.start, ROOM);
  for (at = 0; at < need; at++) found += buffer_pages.start[at] == '\n';
  CHECK((size_t)((char *)memchr(buffer_pages.start, '\r', need) - buffer_pages.start) == line, "%s", unit);
  CHECK(found == lines, "%s, found %u", unit, found);
}

static void test_characters_stay_whole(void) {
  check_repeated("ğ", REPLYCODE_UTF8, 510, 2);
  check_repeated("中", REPLYCODE_UTF8, 4 + 504, 2);
  check_repeated("😀", REPLYCODE_UTF8, 4 + 504, 2);
  check_repeated("ğ", REPLYCODE_WIRE, 504, 1);
  check_repeated("x ", REPLYCODE_WIRE, 509, 2);
  check_repeated("5.7.1 ", REPLYCODE_WIRE, 4 + 2 + 503, 2);
  check_repeated("5.7.1,", REPLYCODE_WIRE, 510, 2);
}

/* ---- Any bytes ---------------------------------------------------------------------------------------------------- */

static int is_character(char byte, unsigned form) {
  return (unsigned char)(byte - 0x20) < 0x5f || ((form & REPLYCODE_UTF8) != 0 && (unsigned char)byte >= 0x80);
}

/* Whether lines of printable bytes up to 512 octets end in CRLF, and none else is there. */
static int is_wire(const char *bytes, size_t size, unsigned form) {
  size_t at, begun = 0;
  for (at = 0; at < size; at++) {
    if (is_character(bytes[at], form)) continue;
    if (bytes[at] != '\r' || at + 1 == size || bytes[at + 1] != '\n' || ++at - begun >= 512) return 0;
    begun = at + 1;
  }
  return begun == size;
}

/* What was written is read back, and written again the same. */
static void check_reply(const struct replycode_draft *draft, unsigned form, const char *bytes, size_t size) {
  static char text[ROOM], again[ROOM];
  struct replycode_draft second = *draft;
  struct replycode_reply reply;
  CHECK(is_wire(bytes, size, form), "%.*s", (int)size, bytes);
  CHECK(replycode_parse(bytes, size, 0, &reply) == size && reply.malformed == 0, "%.*s", (int)size, bytes);
  CHECK((reply.oddities & ~(uint32_t)((form & REPLYCODE_UTF8) != 0 ? REPLYCODE_EIGHT_BIT : 0)) == 0, "%.*s", (int)size, bytes);
  CHECK(reply.code == draft->code, "%.*s", (int)size, bytes);
  CHECK(memcmp(&reply.status, &draft->status, sizeof reply.status) == 0, "%.*s", (int)size, bytes);
  second.size = replycode_text(&reply, text, sizeof text);
  second.text = text;
  CHECK(replycode_compose(&second, form, again, sizeof again) == size && memcmp(bytes, again, size) == 0, "%.*s", (int)size,
        bytes);
}

static void check_line(const struct replycode_draft *draft, unsigned form, const char *bytes, size_t size) {
  struct replycode_reply reply;
  size_t at;
  for (at = 0; at < size && is_character(bytes[at], form); at++) {}
  CHECK(at == size && size <= 510 && size >= 5 && bytes[3] == ' ', "%.*s", (int)size, bytes);
  CHECK(replycode_parse(bytes, size, 1, &reply) == size && reply.lines == 1 && reply.malformed == 0, "%.*s", (int)size, bytes);
  CHECK(memcmp(&reply.status, &draft->status, sizeof reply.status) == 0, "%.*s", (int)size, bytes);
}

/* Text of parts that matter to a line, then of bytes alone. */
static size_t random_text(uint32_t *state, char *text) {
  static const char *const parts[] = {"5.7.1", "#",  "(",  " ",   "4.2.2 ", "\n", "\r\n", "x", "ğ", "中", "😀",
                                      "word ", "\n", "[#", "2.0.0", ". ",   ":",  "\xcc\x81", "\xc2\x85", "250 "};
  size_t size = 0, wanted = random_below(state, random_below(state, 4) == 0 ? LONGEST_TEXT : 100);
  int raw = random_below(state, 4) == 0;
  while (size < wanted) {
    const char *part = parts[random_below(state, sizeof parts / sizeof parts[0])];
    size_t length = strlen(part);
    if (raw || size + length > wanted || random_below(state, 8) == 0) {
      text[size++] = (char)(unsigned char)random_below(state, 256);
    } else {
      memcpy(text + size, part, length);
      size += length;
    }
  }
  return size;
}

static void test_any_bytes(void) {
  static const unsigned codes[] = {220, 250, 354, 421, 450, 550, 554};
  static char text[LONGEST_TEXT];
  uint32_t state = RANDOM_SEED;
  unsigned round;
  for (round = 0; round < 20000; round++) {
    unsigned code = codes[random_below(&state, sizeof codes / sizeof codes[0])], form = random_below(&state, 4);
    unsigned subject = code == 354 ? 0 : random_below(&state, 3);
    size_t size = random_text(&state, text), need, written;
    struct replycode_draft draft = draft_of(code, subject, random_below(&state, 1000), text, size);
    char *buffer;
    if (code < 400) form &= REPLYCODE_UTF8;
    need = replycode_compose(&draft, form, NULL, 0);
    buffer = buffer_pages.end - need;
    written = replycode_compose(&draft, form, buffer, need);
    CHECK(need > 0 && written == need, "%u", round);
    if ((form & REPLYCODE_ONE_LINE) != 0) check_line(&draft, form, buffer, need);
    else check_reply(&draft, form, buffer, need);
  }
}

int main(void) {
  text_pages = guard_make(LONGEST_TEXT);
  buffer_pages = guard_make(ROOM);
  test_rows();
  test_capacities();
  test_codes();
  test_refusals();
  test_long_lines();
  test_characters_stay_whole();
  test_any_bytes();
  return check_report();
}
