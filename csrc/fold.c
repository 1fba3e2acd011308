/* fold.c - lowering, and letters without their accents. Never by locale. */
#include "fold.h"

/* What U+00C0 to U+017F are without accents; the two signs among them stay. Two letters where one would lose a sound. */
static const char latin[192][3] = {
    "a", "a", "a", "a", "a",  "a",  "ae", "c", "e",  "e",  "e", "e", "i", "i", "i",  "i",  "d",  "n", "o",  "o", "o", "o",
    "o", "",  "o", "u", "u",  "u",  "u",  "y", "th", "ss", "a", "a", "a", "a", "a",  "a",  "ae", "c", "e",  "e", "e", "e",
    "i", "i", "i", "i", "d",  "n",  "o",  "o", "o",  "o",  "o", "",  "o", "u", "u",  "u",  "u",  "y", "th", "y", "a", "a",
    "a", "a", "a", "a", "c",  "c",  "c",  "c", "c",  "c",  "c", "c", "d", "d", "d",  "d",  "e",  "e", "e",  "e", "e", "e",
    "e", "e", "e", "e", "g",  "g",  "g",  "g", "g",  "g",  "g", "g", "h", "h", "h",  "h",  "i",  "i", "i",  "i", "i", "i",
    "i", "i", "i", "i", "ij", "ij", "j",  "j", "k",  "k",  "k", "l", "l", "l", "l",  "l",  "l",  "l", "l",  "l", "l", "n",
    "n", "n", "n", "n", "n",  "n",  "n",  "n", "o",  "o",  "o", "o", "o", "o", "oe", "oe", "r",  "r", "r",  "r", "r", "r",
    "s", "s", "s", "s", "s",  "s",  "s",  "s", "t",  "t",  "t", "t", "t", "t", "u",  "u",  "u",  "u", "u",  "u", "u", "u",
    "u", "u", "u", "u", "w",  "w",  "y",  "y", "y",  "z",  "z", "z", "z", "z", "z",  "s"};

const char *replycode__latin(uint32_t letter) {
  return letter >= 0xc0 && letter <= 0x17f ? latin[letter - 0xc0] : "";
}

/* ---- One letter of two bytes ------------------------------------------------------------------------------------ */

/* The small letter of a Cyrillic one, itself when it is small or none. In the extended ranges pairs stand side by side. */
static unsigned lower_cyrillic(unsigned letter) {
  if (letter < 0x410) return letter + 0x50;
  if (letter < 0x430) return letter + 0x20;
  if (letter < 0x460) return letter;
  if (letter >= 0x4c1 && letter <= 0x4ce) return letter + (letter & 1);
  if ((letter >= 0x460 && letter <= 0x481) || (letter >= 0x48a && letter <= 0x4bf) || letter >= 0x4d0) return letter | 1;
  return letter == 0x4c0 ? 0x4cf : letter;
}

static size_t fold_cyrillic(char *to, unsigned letter) {
  if (lower_cyrillic(letter) == letter) return 0;
  letter = lower_cyrillic(letter);
  to[0] = (char)(unsigned char)(0xc0 | letter >> 6);
  to[1] = (char)(unsigned char)(0x80 | (letter & 0x3f));
  return 2;
}

/* Folds the letter at `from` if it is one of two bytes that changes. Returns how many bytes it became, 0 when it stays. */
static size_t fold_letter(char *to, const char *from, size_t size) {
  const unsigned char *bytes = (const unsigned char *)from;
  unsigned letter;
  if (size < 2 || bytes[0] < 0xc3 || bytes[0] > 0xd4 || (bytes[1] & 0xc0) != 0x80) return 0;
  letter = (bytes[0] & 0x1fu) << 6 | (bytes[1] & 0x3fu);
  if (letter >= 0x400 && letter < 0x530) return fold_cyrillic(to, letter);
  if (letter < 0xc0 || letter > 0x17f || latin[letter - 0xc0][0] == '\0') return 0;
  to[0] = latin[letter - 0xc0][0];
  if (latin[letter - 0xc0][1] == '\0') return 1;
  to[1] = latin[letter - 0xc0][1];
  return 2;
}

/* Folds what stands at `from`; *taken is how much that was. */
static size_t fold_one(char *to, const char *from, size_t size, size_t *taken) {
  size_t became;
  *taken = 2;
  if ((unsigned char)from[0] >= 0x80 && (became = fold_letter(to, from, size)) > 0) return became;
  *taken = 1;
  to[0] = replycode__folds_to_blank(from[0]) ? ' ' : replycode__lower(from[0]);
  return 1;
}

/* ---- Text ------------------------------------------------------------------------------------------------------- */

/* Lowers the letters of eight bytes that are all printable ASCII: nothing can carry into a neighbour. */
static uint64_t lower_eight(uint64_t bytes) {
  const uint64_t ones = 0x0101010101010101u;
  uint64_t from_a = bytes + (0x80 - 'A') * ones, behind_z = bytes + (0x7f - 'Z') * ones;
  return bytes | ((from_a & ~behind_z & 0x80 * ones) >> 2);
}

static void fold_eight(char *to, const char *from) {
  uint64_t bytes;
  memcpy(&bytes, from, 8);
  bytes = lower_eight(bytes);
  memcpy(to, &bytes, 8);
}

/* Folds eight bytes at once as long as they are printable ASCII; the last eight may hold some that are folded already.
 * Returns how many bytes that were. */
static size_t fold_printable(char *to, const char *from, size_t size) {
  size_t at = 0;
  for (; size - at >= 8 && replycode__unprintable(from + at) == 0; at += 8) fold_eight(to + at, from + at);
  if (at == 0 || size - at >= 8 || replycode__unprintable(from + size - 8) != 0) return at;
  fold_eight(to + size - 8, from + size - 8);
  return size;
}

size_t replycode__fold(char *to, const char *from, size_t size) {
  size_t at = fold_printable(to, from, size), written = at, taken;
  while (at < size) {
    written += fold_one(to + written, from + at, size - at, &taken);
    at += taken;
    if (at % 8 == 0 && size - at >= 8) {
      size_t run = fold_printable(to + written, from + at, size - at);
      at += run;
      written += run;
    }
  }
  return written;
}

size_t replycode__folded_size(const char *from, size_t size) {
  size_t at, written = 0, taken;
  char letter[2];
  for (at = 0; at < size; at += taken) written += fold_one(letter, from + at, size - at, &taken);
  return written;
}

size_t replycode__unfold(const char *from, size_t size, size_t folded) {
  size_t at = 0, written = 0, taken;
  char letter[2];
  while (at < size && written < folded) {
    written += fold_one(letter, from + at, size - at, &taken);
    at += taken;
  }
  return at;
}
