/* reader.h - the reading of one text under way. Internal. */
#ifndef REPLYCODE_READER_H
#define REPLYCODE_READER_H

#include "match.h"
#include "reading.h"
#include "window.h"

/* Patterns found in one text. More than these only hostile text holds; the first count. */
enum { REPLYCODE__HITS = 48 };

struct replycode__hit {
  const struct replycode_classifier *image;
  uint16_t pattern, literals;    /* its number, and the bytes of all its parts */
  struct replycode__found found; /* within the text */
};

struct replycode__reader {
  const struct replycode__trial *trial;
  struct replycode__reading *reading;
  const struct replycode__window *window;
  const struct replycode_classifier *image; /* that is being searched */
  struct replycode__hit matches[REPLYCODE__HITS];
  size_t count;
  struct replycode__visits visits;
  uint32_t quote_at; /* where the quoted reply begins; 0: there is none */
  int brackets;      /* whether the window has a '<' */
  int callout;
  uint32_t mark; /* literal bytes of the mark that named the provider */
  uint32_t list; /* the same of the blocklist */
};

/* Takes in what a signal tells: where it is found, for what stands beside it counts too. */
REPLYCODE__INTERNAL void replycode__take_signal(struct replycode__reader *reader, int role,
                                                const struct replycode__found *found);

#endif
