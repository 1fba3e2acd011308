/* utf8.h - one character of UTF-8 (RFC 3629 section 4). Internal. */
#ifndef REPLYCODE_UTF8_H
#define REPLYCODE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The size of the character that the bytes begin with; 0 when they begin with none: a surrogate, longer than needed, past
 * U+10FFFF, cut off. *character is which, when it has a size. `size` is at least 1. */
static inline size_t replycode__utf8(const char *bytes, size_t size, uint32_t *character) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned char lead = (unsigned char)bytes[0];
  size_t count = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0, at;
  if (count == 0 || count > size) return 0;
  *character = count == 1 ? lead : lead & (0x7fu >> count);
  for (at = 1; at < count; at++) {
    if (((unsigned char)bytes[at] & 0xc0) != 0x80) return 0;
    *character = *character << 6 | ((unsigned char)bytes[at] & 0x3fu);
  }
  if (*character < least[count] || *character > 0x10ffff || (*character >= 0xd800 && *character < 0xe000)) return 0;
  return count;
}

#endif
