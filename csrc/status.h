/* status.h - finding an enhanced status in the text of a reply line. Internal. */
#ifndef REPLYCODE_STATUS_H
#define REPLYCODE_STATUS_H

#include "bytes.h"
#include "replycode.h"

struct replycode__status_found {
  struct replycode_status status;
  size_t size;                    /* bytes from the text's start to the status's end; 0: it is inside the text */
  int misplaced;                  /* marked by '#', or inside the text */
};

/* The status of a line's text: at its beginning, or anywhere after a '#'. 1 when there is one. */
REPLYCODE__INTERNAL int replycode__status_find(const char *text, size_t size, struct replycode__status_found *found);

/* From the end of a status at the text's start to what follows it: behind one separator and blanks. */
REPLYCODE__INTERNAL size_t replycode__status_passed(const char *text, size_t size, size_t at);

static inline int replycode__status_equal(const struct replycode_status *a, const struct replycode_status *b) {
  return a->klass == b->klass && a->subject == b->subject && a->detail == b->detail;
}

#endif
