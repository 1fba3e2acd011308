/* own_words_test.c - what a server says, and what it only names: addresses, hosts, URLs, files, what stands in <...>. */
#include "guard.h"

#include "check.h"
#include "own_words.h"

enum { ROOM = 4096 };

static struct guard memory;

/* The first place of the words. */
static size_t place_of(const char *text, size_t size, const char *words) {
  size_t at, length = strlen(words);
  for (at = 0; at + length <= size; at++)
    if (memcmp(text + at, words, length) == 0) return at;
  guard_fail("own_words_test: the words are not in the text");
  return 0;
}

static int is_own(const char *text, size_t size, const char *words) {
  size_t at = place_of(text, size, words);
  return replycode__is_own(text, size, at, at + strlen(words), memchr(text, '<', size) != NULL);
}

/* Against the page behind, and against the page before. */
static void check_words(int own, const char *text, const char *words) {
  size_t size = strlen(text);
  CHECK(is_own(guard_at_end(&memory, text, size), size, words) == own, "'%s' in '%s'", words, text);
  CHECK(is_own(guard_at_start(&memory, text, size), size, words) == own, "'%s' in '%s'", words, text);
}

struct words {
  const char *text, *words;
};

#define CHECK_ALL(own, all)                                                                                                 \
  do {                                                                                                                      \
    size_t row;                                                                                                             \
    for (row = 0; row < sizeof all / sizeof all[0]; row++) check_words(own, all[row].text, all[row].words);                 \
  } while (0)

/* ---- Said ----------------------------------------------------------------------------------------------------------- */

static const struct words said[] = {
    {"mailbox full", "mailbox full"},
    {"your mailbox full now", "mailbox full"},
    {"mailbox full.", "mailbox full"},
    {"mailbox full!", "mailbox full"},
    {"mailbox full: try later", "mailbox full"},
    {"sorry,mailbox full,really", "mailbox full"},
    {"(mailbox full)", "mailbox full"},
    {"[mailbox full]", "mailbox full"},
    {"{mailbox full}", "mailbox full"},
    {"error=mailbox full; ok", "mailbox full"},
    {"reason|mailbox full|end", "mailbox full"},
    {"***mailbox full***", "mailbox full"},
    {" mailbox full ", " mailbox full "},
    {"a mailbox full b", " mailbox full "},
    {"the mailbox-full state", "mailbox-full"},
};

static const struct words quoted[] = {
    {"\"mailbox full\"", "mailbox full"},
    {"'mailbox full'", "mailbox full"},
    {"said: \"550 mailbox full\" to us", "mailbox full"},
    {"it said 'mailbox full'.", "mailbox full"},
    {"it said \"mailbox full\". end", "mailbox full"},
};

/* Names stand beside the words, not around them. */
static const struct words beside[] = {
    {"a@example.com: user unknown", "user unknown"},
    {"a@example.com user unknown", "user unknown"},
    {"user unknown a@example.com", "user unknown"},
    {"user unknown (a@example.com)", "user unknown"},
    {"<a@example.com> user unknown", "user unknown"},
    {"<a@example.com>: user unknown", "user unknown"},
    {"<a@example.com>... user unknown", "user unknown"},
    {"<a@example.com>user unknown<b@example.com>", "user unknown"},
    {"user unknown <a@example.com>", "user unknown"},
    {"user unknown. see http://example.com/x", "user unknown"},
    {"mx.example.com user unknown", "user unknown"},
    {"user unknown, see /etc/aliases", "user unknown"},
    {"file.txt: virus found", "virus found"},
};

/* A colon parts the address from the words, with or without a blank. */
static const struct words glued[] = {
    {"a@example.com:user unknown", "user unknown"},
    {"<a@example.com>:user unknown", "user unknown"},
    {"user unknown:a@example.com", "user unknown"},
};

/* A lone bracket brackets nothing. */
static const struct words lone[] = {
    {"size < limit: mailbox full", "mailbox full"}, {"<-- mailbox full", "mailbox full"},
    {"mailbox full --> sorry", "mailbox full"},     {"> mailbox full <", "mailbox full"},
    {"<a> mailbox full <b>", "mailbox full"},       {"<a mailbox full <b>", "mailbox full"},
};

/* A sentence that ends without a blank is no host name. */
static const struct words sentences[] = {
    {"access denied.please call us", "access denied"},
    {"sorry.access denied for you", "access denied"},
    {"access denied...", "access denied"},
    {"access denied.", "access denied"},
    {"...access denied", "access denied"},
    {"access denied.contact the owner", "access denied"},
};

/* ---- Named ---------------------------------------------------------------------------------------------------------- */

static const struct words addresses[] = {
    {"mailbox-full@example.com refused", "mailbox-full"},   {"refused mailbox-full@example.com", "mailbox-full"},
    {"a@mailbox-full.example.com refused", "mailbox-full"}, {"<mailbox-full@example.com>", "mailbox-full"},
    {"user unknown@example.com", "user unknown"},           {"to:mailbox-full@example.com", "mailbox-full"},
    {"(mailbox-full@example.com)", "mailbox-full"},         {"\"mailbox-full@example.com\"", "mailbox-full"},
    {"a+mailbox-full+b@example.com", "mailbox-full"},       {"mailbox-full@[192.0.2.1]", "mailbox-full"},
    {"a.mailbox-full.b@example.com", "mailbox-full"},
};

static const struct words hosts[] = {
    {"mailbox-full.example.com refused", "mailbox-full"}, {"mx.mailbox-full.com refused", "mailbox-full"},
    {"refused by greylisted.example.com", "greylisted"},  {"greylisted.com", "greylisted"},
    {"(greylisted.example.com)", "greylisted"},           {"[greylisted.example.com]", "greylisted"},
    {"host=greylisted.example.com;", "greylisted"},       {"helo greylisted.example.com.", "greylisted"},
    {"at greylisted.example.com:25", "greylisted"},       {"user greylisted.example.com", "user greylisted"},
    {"mx.greylisted.com host", "greylisted.com host"},
};

static const struct words urls[] = {
    {"see http://example.com/mailbox-full", "mailbox-full"},
    {"see https://mailbox-full.example.com/", "mailbox-full"},
    {"see https://example.com/?reason=x/mailbox-full", "mailbox-full"},
    {"http://mailbox-full/", "mailbox-full"},
    {"(http://example.com/help/mailbox-full.html)", "mailbox-full"},
    {"see http://example.com/mailbox-full.", "mailbox-full"},
    {"www.example.com/mailbox-full/more", "mailbox-full"},
    {"see http://example.com/a#mailbox-full", "mailbox-full"},
    {"see http://example.com/a-mailbox-full", "mailbox-full"},
};

/* What a name's own punctuation parts is still the name. */
static const struct words queries[] = {
    {"see http://example.com/?why=mailbox-full", "mailbox-full"},
    {"see http://example.com/?a=1&why=mailbox-full&b=2", "mailbox-full"},
};

static const struct words files[] = {
    {"file mailbox-full.txt refused", "mailbox-full"}, {"/var/spool/mailbox-full", "mailbox-full"},
    {"/var/spool/mailbox-full/x", "mailbox-full"},     {"c:\\mail\\mailbox-full", "mailbox-full"},
    {"attachment virus-found.exe", "virus-found"},     {"attachment virus-found.tar.gz", "virus-found"},
    {"archive.tar.virus-found", "virus-found"},
};

static const struct words brackets[] = {
    {"<mailbox full>", "mailbox full"},
    {"the <mailbox full> one", "mailbox full"},
    {"the <big mailbox full sign> one", "mailbox full"},
    {"<a> <mailbox full>", "mailbox full"},
    {"x > y <mailbox full>", "mailbox full"},
    {"rcpt to:<mailbox full>", "mailbox full"},
};

/* Half of a pattern's words in brackets are not the server's either: nothing is found within <...>. */
static const struct words half_bracketed[] = {
    {"mailbox of <full> refused", "mailbox of <full"},
    {"the <mailbox> is full", "mailbox> is full"},
};

/* ---- Other scripts -------------------------------------------------------------------------------------------------- */

static const struct words scripts_said[] = {
    {"почтовый ящик переполнен", "ящик переполнен"},
    {"ящик переполнен.попробуйте позже", "ящик переполнен"},
    {"«ящик переполнен»", "ящик переполнен"},
    {"邮箱已满,请稍后再试", "邮箱已满"},
    {"用户邮箱已满。请联系", "邮箱已满"},
    {"错误mailbox full错误", "mailbox full"},
    {"http://example.com/请看mailbox full", "mailbox full"},
    {"メールボックスが一杯です", "ボックスが一杯"},
    {"a@example.com、メールボックスが一杯です", "ボックスが一杯"},
};

static const struct words scripts_named[] = {
    {"ящик@example.com нет", "ящик"},    {"пользователь ящик@example.com", "пользователь ящик"},
    {"http://example.com/ящик", "ящик"}, {"<ящик переполнен>", "ящик переполнен"},
    {"<邮箱已满>", "邮箱已满"},
};

/* ---- Every length --------------------------------------------------------------------------------------------------- */

/* An address, a path and a bracket of any usual length are still what they are. */
static void check_long(const char *filler) {
  static const char *const named[] = {
      "no %s-mailbox-full@example.com", "no mailbox-full-%s@example.com", "no <%s mailbox-full> there",
      "no <mailbox-full %s> there",     "no /%s/mailbox-full there",      "http://example.com/%s/mailbox-full",
  };
  char text[ROOM];
  size_t at, front;
  for (at = 0; at < sizeof named / sizeof named[0]; at++) {
    front = (size_t)(strchr(named[at], '%') - named[at]);
    memcpy(text, named[at], front);
    strcpy(text + front, filler);
    strcat(text, named[at] + front + 2);
    check_words(0, text, "mailbox-full");
  }
  strcpy(text, filler);
  strcat(text, " mailbox-full ");
  strcat(text, filler);
  strcat(text, "@example.com");
  check_words(1, text, "mailbox-full");
}

static void test_lengths(void) {
  char filler[65] = "";
  while (strlen(filler) < 64) check_long(strcat(filler, "a"));
}

/* Any two bytes around the words: an answer of 0 or 1, whatever stands there, and no step too far. */
static void test_neighbours(void) {
  unsigned before, behind;
  for (before = 0; before < 256; before++)
    for (behind = 0; behind < 256; behind += 3) {
      char text[] = "?mailbox full?";
      const char *place;
      int own;
      text[0] = (char)(unsigned char)before;
      text[13] = (char)(unsigned char)behind;
      place = guard_at_end(&memory, text, 14);
      own = replycode__is_own(place, 14, 1, 13, before == '<' || behind == '<');
      if (own != !(before == '<' && behind == '>') && before != '.' && behind != '.' && before != '/' && behind != '/' &&
          before != '@' && behind != '@' && before != '\\' && behind != '\\')
        CHECK(0, "byte %u before and %u behind: %d", before, behind, own);
    }
  CHECK(1, "neighbours");
}

int main(void) {
  memory = guard_make(ROOM);
  CHECK_ALL(1, said);
  CHECK_ALL(1, quoted);
  CHECK_ALL(1, beside);
  CHECK_ALL(1, glued);
  CHECK_ALL(1, lone);
  CHECK_ALL(1, sentences);
  CHECK_ALL(0, addresses);
  CHECK_ALL(0, hosts);
  CHECK_ALL(0, urls);
  CHECK_ALL(0, queries);
  CHECK_ALL(0, files);
  CHECK_ALL(0, brackets);
  CHECK_ALL(0, half_bracketed);
  CHECK_ALL(1, scripts_said);
  CHECK_ALL(0, scripts_named);
  test_lengths();
  test_neighbours();
  return check_report();
}
