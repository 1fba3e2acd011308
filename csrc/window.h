/* window.h - the text of a reply, folded, a stretch at a time. Internal.
 *
 * Lines are joined by one blank, and one stands before the first and behind the last, so that a pattern may ask for a blank. Places are those of the folded text until replycode__place gives them back. Windows overlap,
 * so that what begins in the front part of one is whole in it. */
#ifndef REPLYCODE_WINDOW_H
#define REPLYCODE_WINDOW_H

#include "image.h"

enum {
  REPLYCODE__AHEAD = 128,         /* bytes behind a match that are read with it: a wait, the end of a word */
  REPLYCODE__BEFORE = 128,        /* bytes before it: the name it may be part of */
  REPLYCODE__OVERLAP = REPLYCODE__BEFORE + REPLYCODE__SPAN + 2 * REPLYCODE__AHEAD,
  REPLYCODE__TEXT = 1536
};

struct replycode__window {
  const struct replycode_reply *reply;
  uint32_t cursor;                /* in the reply, for replycode_line */
  struct replycode_span rest;     /* of a line that did not fit */
  uint32_t begins;                /* where its first byte stands in the folded text; one before 0: the blank in front */
  uint32_t size;
  int begun, last;                /* nothing follows this one */
  char text[REPLYCODE__TEXT];
};

REPLYCODE__INTERNAL void replycode__window_init(struct replycode__window *window, const struct replycode_reply *reply);
/* Fills the next window. 0 after the last. */
REPLYCODE__INTERNAL int replycode__window_next(struct replycode__window *window);

/* Whether what is found at [from, to) counts in this window; near an edge another one shows it with all that stands around. */
static inline int replycode__window_shows(const struct replycode__window *window, size_t from, size_t to) {
  if (window->begins != (uint32_t)-1 && from < REPLYCODE__BEFORE) return 0;
  return window->last || to + REPLYCODE__AHEAD <= window->size;
}

/* A span of the folded text as one of the text that replycode_text writes. */
REPLYCODE__INTERNAL struct replycode_span replycode__place(const struct replycode_reply *reply,
                                                           const struct replycode_span *folded);

#endif
