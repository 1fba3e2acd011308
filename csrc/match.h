/* match.h - which patterns of an image a folded text holds. Internal. */
#ifndef REPLYCODE_MATCH_H
#define REPLYCODE_MATCH_H

#include "image.h"

struct replycode__found { uint32_t at, size; };

/* Where the pattern is next with its anchor at `*from` or behind, which then goes on behind that anchor's first byte; 0 when
 * it is nowhere. For those that are tried. */
REPLYCODE__INTERNAL int replycode__pattern_in(const struct replycode_classifier *image, size_t pattern, const char *text,
                                              size_t size, size_t *from, struct replycode__found *found);

/* How often the anchors of patterns were found, by their number; all zero before a text. What comes again and again is
 * looked into so many times and then no more: hostile text takes no longer than other text. */
struct replycode__visits { uint8_t counts[64]; };
enum { REPLYCODE__VISITS = 24 };

/* Calls `each` for places where a pattern matches. It returns 1 to go on. */
typedef int replycode__each_match(void *context, size_t pattern, const struct replycode__found *found);
REPLYCODE__INTERNAL void replycode__search(const struct replycode_classifier *image, const char *text, size_t size,
                                           struct replycode__visits *visits, replycode__each_match *each, void *context);

#endif
