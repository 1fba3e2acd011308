/* ascii.c - characters beyond ASCII in ASCII. */
#include "ascii.h"
#include "fold.h"

static size_t put_word(char *to, const char *word) {
  size_t size = strlen(word);
  memcpy(to, word, size);
  return size;
}

/* From U+00C0 to U+017F: behind U+0100 capitals are even, in two ranges odd. */
static int is_capital(uint32_t letter) {
  if (letter < 0x100) return letter < 0xdf;
  if (letter == 0x178) return 1;
  if ((letter >= 0x139 && letter <= 0x148) || letter > 0x178) return letter != 0x17f && (letter & 1) == 1;
  return letter != 0x138 && letter != 0x149 && (letter & 1) == 0;
}

static size_t put_latin(char *to, uint32_t letter, const char *small) {
  int change = is_capital(letter) ? 'A' - 'a' : 0;
  to[0] = (char)(small[0] + change);
  if (small[1] == '\0') return 1;
  to[1] = (char)(small[1] + change);
  return 2;
}

size_t replycode__ascii(char *to, uint32_t character) {
  const char *latin = replycode__latin(character);
  if (latin[0] != '\0') return put_latin(to, character, latin);
  if (character >= 0x300 && character < 0x370) return 0;
  if (character == 0xa0 || (character >= 0x2000 && character <= 0x200a)) return put_word(to, " ");
  if (character >= 0x2010 && character <= 0x2015) return put_word(to, "-");
  if (character >= 0x2018 && character <= 0x201b) return put_word(to, "'");
  if (character == 0xab || character == 0xbb || (character >= 0x201c && character <= 0x201f)) return put_word(to, "\"");
  return put_word(to, character == 0x2026 ? "..." : "?");
}
