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

/* Whether text of `size` bytes is the lower-case ASCII `word`, in any case. */
static inline int replycode__is_word(const char *text, size_t size, const char *word) {
  size_t i;
  for (i = 0; i < size; i++)
    if (word[i] == '\0' || replycode__lower(text[i]) != word[i]) return 0;
  return word[size] == '\0';
}

/* Whether text of `size` bytes equals the string exactly. */
static inline int replycode__equals(const char *text, size_t size, const char *string) {
  return strlen(string) == size && memcmp(text, string, size) == 0;
}

/* Whether all bytes are printable ASCII, eight at a time: subtracting 32 and adding 1 sets the high bit of a control byte
 * and of DEL. A borrow or carry can only spread from a byte that is bad itself. */
static inline int replycode__is_plain(const char *bytes, size_t size) {
  const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
  uint64_t word, bad = 0;
  size_t at;
  if (size < 8) {
    for (at = 0; at < size; at++) bad |= (uint64_t)((unsigned char)(bytes[at] - 0x20) >= 0x5f);
    return bad == 0;
  }
  for (at = 0; at + 8 <= size; at += 8) {
    memcpy(&word, bytes + at, 8);
    bad |= word | (word - 0x20 * ones) | (word + ones);
  }
  memcpy(&word, bytes + size - 8, 8);
  bad |= word | (word - 0x20 * ones) | (word + ones);
  return (bad & highs) == 0;
}

#endif
