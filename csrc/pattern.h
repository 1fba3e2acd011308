/* pattern.h - the text of a rule, cut into its parts. Internal.
 *
 * "mailbox * full|no such user": alternatives parted by '|', parts by '*', a gap. Blanks beside a gap are no part of it. A part
 * that begins (ends) with a letter, digit or '_' begins (ends) at a word edge, unless a '*' touches it there. */
#ifndef REPLYCODE_PATTERN_H
#define REPLYCODE_PATTERN_H

#include "image.h"

struct replycode__piece {
  char bytes[REPLYCODE__LITERALS];   /* folded */
  size_t size;
  int edges;
};

struct replycode__cut {
  struct replycode__piece pieces[REPLYCODE__PARTS];
  size_t count, anchor, literals;
  const char *problem;            /* NULL: a pattern that can be searched */
};

/* The next alternative; *text moves behind it and is NULL after the last. */
REPLYCODE__INTERNAL void replycode__cut_pattern(const char **text, struct replycode__cut *cut);

#endif
