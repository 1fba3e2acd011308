/* fold.h - text as it is compared: of a reply and of a pattern alike. Internal.
 *
 * ASCII and Cyrillic letters are lowered, Latin letters lose their accents (half of all mail software does that to them
 * anyway), control bytes become blanks. Everything else stays. Folded text is never longer. */
#ifndef REPLYCODE_FOLD_H
#define REPLYCODE_FOLD_H

#include "bytes.h"

/* Whether the byte becomes a blank, or is one. */
static inline int replycode__folds_to_blank(char byte) { return (unsigned char)byte <= 0x20 || byte == 0x7f; }

/* Folds all of `from` and returns the size of the result. */
REPLYCODE__INTERNAL size_t replycode__fold(char *to, const char *from, size_t size);

/* The size alone. */
REPLYCODE__INTERNAL size_t replycode__folded_size(const char *from, size_t size);

/* How many bytes of `from` became the first `folded` bytes. */
REPLYCODE__INTERNAL size_t replycode__unfold(const char *from, size_t size, size_t folded);

/* A Latin letter from U+00C0 to U+017F as one or two small ASCII letters; "" for any other character. */
REPLYCODE__INTERNAL const char *replycode__latin(uint32_t letter);

#endif
