/* random.h - xorshift: the same numbers in every run and on every machine. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { RANDOM_SEED = 5321 };

/* From 0 up to before `below`. The state is never 0. */
static inline uint32_t random_below(uint32_t *state, uint32_t below) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state % below;
}

/* Something like a reply, any length from none up to the capacity. Returns its size. */
static inline size_t random_bytes(uint32_t *state, char *bytes, size_t capacity) {
  static const char *const parts[] = {"250", "550", "2",     "9", "-", " ",  "\r\n", "\n",
                                      "\r",  "\t",  "5.1.1", ".", "#", "(#", "x"};
  size_t size = 0, wanted = random_below(state, (uint32_t)capacity + 1);
  while (size < wanted) {
    const char *part = parts[random_below(state, sizeof parts / sizeof parts[0])];
    size_t length = strlen(part);
    if (random_below(state, 8) == 0) {
      bytes[size++] = (char)(unsigned char)random_below(state, 256);
    } else {
      if (length > wanted - size) length = wanted - size;
      memcpy(bytes + size, part, length);
      size += length;
    }
  }
  return size;
}

#endif
