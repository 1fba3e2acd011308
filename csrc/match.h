/* match.h - which patterns of an image a folded text holds. Internal. */
#ifndef REPLYCODE_MATCH_H
#define REPLYCODE_MATCH_H

#include "image.h"

struct replycode__found { uint32_t at, size; };

/* Where the pattern first is in the text; 0 when it is not. For those that are tried, not searched. */
REPLYCODE__INTERNAL int replycode__pattern_in(const struct replycode_classifier *image, size_t pattern, const char *text,
                                              size_t size, struct replycode__found *found);

/* Calls `each` for every place where a pattern matches. It returns 1 to go on. */
typedef int replycode__each_match(void *context, size_t pattern, const struct replycode__found *found);
REPLYCODE__INTERNAL void replycode__search(const struct replycode_classifier *image, const char *text, size_t size,
                                           replycode__each_match *each, void *context);

#endif
