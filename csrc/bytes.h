/* bytes.h - ASCII helpers. Never <ctype.h>: under a Turkish locale I does not lower to i. */
#ifndef REPLYCODE_BYTES_H
#define REPLYCODE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What the files share among themselves stays inside, however they are built. */
#if defined(__GNUC__)
#define REPLYCODE__INTERNAL __attribute__((visibility("hidden")))
#else
#define REPLYCODE__INTERNAL
#endif

static inline int replycode__is_digit(char byte) { return (unsigned char)(byte - '0') < 10; }

static inline int replycode__is_blank(char byte) { return byte == ' ' || byte == '\t'; }

static inline char replycode__lower(char byte) {
  return (unsigned char)(byte - 'A') < 26 ? (char)(byte | 0x20) : byte;
}

/* Whether text of `size` bytes is the ASCII `word`, in any case. */
static inline int replycode__is_word(const char *text, size_t size, const char *word) {
  size_t i;
  for (i = 0; i < size; i++)
    if (word[i] == '\0' || replycode__lower(text[i]) != replycode__lower(word[i])) return 0;
  return word[size] == '\0';
}

/* Whether text of `size` bytes equals the string exactly. */
static inline int replycode__equals(const char *text, size_t size, const char *string) {
  return strlen(string) == size && memcmp(text, string, size) == 0;
}

/* Writes a number below 1000; the bytes it took. */
static inline size_t replycode__write_number(char *to, unsigned number) {
  size_t size = number >= 100 ? 3 : number >= 10 ? 2 : 1, at = size;
  do to[--at] = (char)('0' + number % 10); while ((number /= 10) > 0 && at > 0);
  return size;
}

enum { REPLYCODE__STATUS_SIZE = 11 };

/* Writes "5.7.26"; the bytes it took. */
static inline size_t replycode__write_status(char *to, unsigned klass, unsigned subject, unsigned detail) {
  size_t size = replycode__write_number(to, klass);
  to[size++] = '.';
  size += replycode__write_number(to + size, subject);
  to[size++] = '.';
  return size + replycode__write_number(to + size, detail);
}

/* The high bits of the bytes of a word that are not printable ASCII: subtracting 32 sets it for 0 to 31 and from 160 on,
 * adding 1 sets it for 127 to 254. A borrow or carry only spreads upwards from a byte that is not printable itself: zero is
 * exact, and so is the lowest bit. */
static inline uint64_t replycode__unprintable(const char *bytes) {
  const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
  uint64_t word;
  memcpy(&word, bytes, 8);
  return ((word - 0x20 * ones) | (word + ones)) & highs;
}

/* How many bytes from the start are printable ASCII. */
static inline size_t replycode__printable(const char *bytes, size_t size) {
  size_t at = 0;
  while (size - at >= 16 && (replycode__unprintable(bytes + at) | replycode__unprintable(bytes + at + 8)) == 0) at += 16;
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  uint64_t found;
  while (size - at >= 8) {
    found = replycode__unprintable(bytes + at);
    if (found != 0) return at + (size_t)__builtin_ctzll(found) / 8;
    at += 8;
  }
  /* The last bytes are the high ones of the last word; the low ones were printable. */
  if (size >= 8 && at < size) {
    found = replycode__unprintable(bytes + size - 8) >> (8 - (size - at)) * 8;
    return found != 0 ? at + (size_t)__builtin_ctzll(found) / 8 : size;
  }
#endif
  while (at < size && (unsigned char)(bytes[at] - 0x20) < 0x5f) at++;
  return at;
}

#endif
