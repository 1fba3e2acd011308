/* fold_test.c - folding: what becomes of each letter, that nothing else changes, and the way back. */
#include "guard.h"

#include "check.h"
#include "fold.h"
#include "random.h"

enum { LONGEST = 40, ROOM = 256, RANDOM_TEXTS = 5000 };

static struct guard source, target;

/* ---- The plainest fold there is ------------------------------------------------------------------------------------- */

/* Letters of two bytes, and what each of them becomes. */
struct letters {
  const char *from, *to;
};

static const struct letters latin[] = {
    {"ÀÁÂÃÄÅĀĂĄàáâãäåāăą", "a"},
    {"ÇĆĈĊČçćĉċč", "c"},
    {"ÐĎĐðďđ", "d"},
    {"ÈÉÊËĒĔĖĘĚèéêëēĕėęě", "e"},
    {"ĜĞĠĢĝğġģ", "g"},
    {"ĤĦĥħ", "h"},
    {"ÌÍÎÏĨĪĬĮİìíîïĩīĭįı", "i"},
    {"Ĵĵ", "j"},
    {"Ķķĸ", "k"},
    {"ĹĻĽĿŁĺļľŀł", "l"},
    {"ÑŃŅŇŊñńņňŉŋ", "n"},
    {"ÒÓÔÕÖØŌŎŐòóôõöøōŏő", "o"},
    {"ŔŖŘŕŗř", "r"},
    {"ŚŜŞŠśŝşšſ", "s"},
    {"ŢŤŦţťŧ", "t"},
    {"ÙÚÛÜŨŪŬŮŰŲùúûüũūŭůűų", "u"},
    {"Ŵŵ", "w"},
    {"ÝŶŸýŷÿ", "y"},
    {"ŹŻŽźżž", "z"},
    {"Ææ", "ae"},
    {"Ĳĳ", "ij"},
    {"Œœ", "oe"},
    {"ß", "ss"},
    {"Þþ", "th"},
};

static const char cyrillic_upper[] =
    "ЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
    "ѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅ"
    "ӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦ"
    "ԨԪԬԮ";
static const char cyrillic_lower[] =
    "ѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюя"
    "ѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆ"
    "ӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧ"
    "ԩԫԭԯ";

/* By the letter's two bytes: what it becomes; NULL when it stays. Made once. */
static const char *becomes[0x10000];

static unsigned number_of(const char *letter) {
  return (unsigned)(unsigned char)letter[0] << 8 | (unsigned char)letter[1];
}

static void learn_letters(void) {
  static char lower[sizeof cyrillic_lower / 2][3];
  const char *letter;
  size_t at;
  for (at = 0; at < sizeof latin / sizeof latin[0]; at++)
    for (letter = latin[at].from; *letter != '\0'; letter += 2) becomes[number_of(letter)] = latin[at].to;
  for (at = 0; at < sizeof cyrillic_lower / 2; at++) {
    memcpy(lower[at], cyrillic_lower + 2 * at, 2);
    becomes[number_of(cyrillic_upper + 2 * at)] = lower[at];
  }
}

static char naive_byte(char byte) {
  if (byte >= 'A' && byte <= 'Z') return (char)(byte - 'A' + 'a');
  return (unsigned char)byte < 32 || byte == 127 ? ' ' : byte;
}

/* `ends` says of each folded byte where what it was made of ends. */
static size_t naive_fold(char *to, const char *from, size_t size, size_t *ends) {
  size_t at = 0, written = 0;
  while (at < size) {
    const char *letter = size - at >= 2 ? becomes[number_of(from + at)] : NULL;
    if (letter == NULL) {
      to[written] = naive_byte(from[at++]);
      ends[written++] = at;
      continue;
    }
    for (at += 2; *letter != '\0'; letter++) {
      to[written] = *letter;
      ends[written++] = at;
    }
  }
  return written;
}

/* ---- What holds for every text -------------------------------------------------------------------------------------- */

static void check(int holds, const char *what, const char *bytes, size_t size) {
  char text[4 * ROOM + 1] = "";
  size_t at;
  for (at = 0; !holds && at < size; at++)
    snprintf(text + strlen(text), 5, bytes[at] >= ' ' && bytes[at] <= '~' ? "%c" : "\\x%02x", (unsigned char)bytes[at]);
  CHECK(holds, "%s of '%s'", what, text);
}

/* Into memory of just the size, behind which, or before which, a page cannot be touched. */
static int folds_to(const char *from, size_t size, char *to, const char *expected, size_t wanted) {
  memset(to, '!', wanted);
  return replycode__fold(to, from, size) == wanted && memcmp(to, expected, wanted) == 0;
}

/* Inside a letter that stays two bytes it may be one of them or both. */
static int unfolds_to(size_t taken, const char *expected, const size_t *ends, size_t folded, size_t wanted) {
  int inside = folded < wanted && ((unsigned char)expected[folded] & 0xc0) == 0x80;
  return taken == ends[folded - 1] || (inside && taken == ends[folded]);
}

static int unfolds(const char *from, size_t size, const char *expected, const size_t *ends, size_t wanted) {
  size_t folded;
  if (replycode__unfold(from, size, 0) != 0 || replycode__unfold(from, size, wanted + 1) != size) return 0;
  for (folded = 1; folded <= wanted; folded++)
    if (!unfolds_to(replycode__unfold(from, size, folded), expected, ends, folded, wanted)) return 0;
  return 1;
}

static void check_text(const char *bytes, size_t size) {
  char expected[ROOM];
  size_t ends[ROOM], wanted = naive_fold(expected, bytes, size, ends);
  const char *from = guard_at_end(&source, bytes, size);
  check(wanted <= size && replycode__folded_size(from, size) == wanted, "size", bytes, size);
  check(folds_to(from, size, target.end - wanted, expected, wanted), "fold", bytes, size);
  check(unfolds(from, size, expected, ends, wanted), "unfold", bytes, size);
  from = guard_at_start(&source, bytes, size);
  check(folds_to(from, size, target.start, expected, wanted), "fold", bytes, size);
  from = guard_at_end(&source, expected, wanted);
  check(folds_to(from, wanted, target.end - wanted, expected, wanted), "fold of the fold", bytes, size);
}

static void check_becomes(const char *from, const char *to) {
  char folded[ROOM];
  size_t size = replycode__fold(folded, from, strlen(from));
  CHECK(size == strlen(to) && memcmp(folded, to, size) == 0, "%s became %.*s, not %s", from, (int)size, folded, to);
}

/* ---- Every letter --------------------------------------------------------------------------------------------------- */

static void test_words(void) {
  check_becomes("", "");
  check_becomes("Mailbox FULL [@Z`{", "mailbox full [@z`{");
  check_becomes("Größe ÜBERSCHRITTEN", "grosse uberschritten");
  check_becomes("Kutu DOLU: alıcı İÇİN geçici", "kutu dolu: alici icin gecici");
  check_becomes("Boîte aux lettres PLEINE, réessayez", "boite aux lettres pleine, reessayez");
  check_becomes("ЯЩИК Переполнен, Її Ў", "ящик переполнен, її ў");
  check_becomes("信箱已滿 メール ½ € 3×4÷2", "信箱已滿 メール ½ € 3×4÷2");
  check_becomes("a\tb\r\nc\x7f"
                "d",
                "a b  c d");
}

/* Ukrainian, Kazakh and others write more letters. */
static void test_more_cyrillic(void) {
  check_becomes("Ґанок ҚҰТТЫ", "ґанок құтты");
}

static void test_single_bytes(void) {
  unsigned byte;
  for (byte = 0; byte < 256; byte++) {
    char bytes[1];
    bytes[0] = (char)(unsigned char)byte;
    check_text(bytes, 1);
  }
}

/* Every pair of a byte beyond ASCII and any other: letters of two bytes, and what only begins like one. */
static void test_pairs(void) {
  unsigned first, second;
  for (first = 0xc0; first <= 0xd5; first++)
    for (second = 0; second < 256; second += second < 0x7e ? 9 : 1) {
      char bytes[2];
      bytes[0] = (char)(unsigned char)first;
      bytes[1] = (char)(unsigned char)second;
      check_text(bytes, 2);
    }
}

static void test_broken(void) {
  static const char *const broken[] = {
      "\xc3",
      "\xc3\xc3\xa4",
      "\xc3 \xa4",
      "\xc3Z",
      "\xa4\xc3",
      "\x80\x80",
      "\xc0\x81",
      "\xc1\x81",
      "\xc5\xc0",
      "\xd0",
      "\xd0\xd0\x90",
      "\xe4\xc3\x84",
      "\xe1\xba",
      "\xe1\xba\x9e",
      "\xf0\x9f\x93",
      "\xff\xfe",
      "\xc4\xb0\xb0",
      "\xc3\x84\x84",
      "A\xc3",
      "ABCDEFG\xc3",
      "ABCDEFG\xc3\x84",
      "ABCDEFGH\xc3",
      "ABCDEFGH\xd0",
  };
  size_t at;
  for (at = 0; at < sizeof broken / sizeof broken[0]; at++) check_text(broken[at], strlen(broken[at]));
}

/* ---- Every length --------------------------------------------------------------------------------------------------- */

/* Text of a length in capitals, with something in one place of it. */
static void check_with(size_t length, size_t place, const char *piece) {
  char bytes[ROOM];
  size_t at, size = strlen(piece);
  for (at = 0; at < length; at++) bytes[at] = "AQZz9 [@`{/:Gk~!M"[at % 17];
  memcpy(bytes + place, piece, size < length - place ? size : length - place);
  check_text(bytes, length);
}

static void test_lengths(void) {
  static const char *const pieces[] = {"", "Z", "\t", "\x7f", "ß", "é", "Я", "信", "\xc3", "Ää\n", "ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ"};
  size_t length, place, piece;
  for (length = 0; length <= LONGEST; length++)
    for (place = 0; place < length || place == 0; place++)
      for (piece = 0; piece < sizeof pieces / sizeof pieces[0]; piece++) check_with(length, place, pieces[piece]);
}

static size_t random_text(uint32_t *random, char *text) {
  static const char *const pieces[] = {"User ", "UNKNOWN", "é",    "ß",    "Ğ",        "Я", "ю",
                                       "滿",    "\xc3",    "\xd0", "\r\n", "12345678", "Æ"};
  size_t size = 0, wanted = random_below(random, LONGEST + 1);
  while (size < wanted) {
    const char *piece = pieces[random_below(random, sizeof pieces / sizeof pieces[0])];
    size_t length = strlen(piece);
    if (random_below(random, 4) == 0) {
      text[size++] = (char)(unsigned char)random_below(random, 256);
      continue;
    }
    if (length > wanted - size) length = wanted - size;
    memcpy(text + size, piece, length);
    size += length;
  }
  return size;
}

static void test_random_texts(void) {
  uint32_t random = RANDOM_SEED;
  char text[ROOM];
  int round;
  for (round = 0; round < RANDOM_TEXTS; round++) check_text(text, random_text(&random, text));
}

int main(void) {
  learn_letters();
  source = guard_make(ROOM);
  target = guard_make(ROOM);
  test_words();
  test_more_cyrillic();
  test_single_bytes();
  test_pairs();
  test_broken();
  test_lengths();
  test_random_texts();
  return check_report();
}
