/* match.h - which patterns of an image a folded text holds. Internal. */
#ifndef REPLYCODE_MATCH_H
#define REPLYCODE_MATCH_H

#include "image.h"

struct replycode__text {
  const char *bytes;
  size_t size;
  int more;                       /* the text goes on behind these bytes, with an overlap: what ends near the end is seen then */
};

struct replycode__found { uint32_t at, size; };

/* Whether the pattern matches with its anchor at that place, and the whole of what it matches. */
REPLYCODE__INTERNAL int replycode__pattern_at(const struct replycode_classifier *image,
                                              const struct replycode__pattern *pattern, const char *text, size_t size,
                                              size_t anchor, struct replycode__found *found);

/* Whether the pattern is anywhere in the text. For those that are tried, not searched. */
REPLYCODE__INTERNAL int replycode__pattern_in(const struct replycode_classifier *image, size_t pattern, const char *text,
                                              size_t size, struct replycode__found *found);

/* Calls `each` for every place where a pattern matches. It returns 1 to go on. */
typedef int replycode__each_match(void *context, size_t pattern, const struct replycode__found *found);
REPLYCODE__INTERNAL void replycode__search(const struct replycode_classifier *image, const char *text, size_t size,
                                           replycode__each_match *each, void *context);

#endif
