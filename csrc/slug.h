/* slug.h - where the slugs of a kind end. Internal. */
#ifndef REPLYCODE_SLUG_H
#define REPLYCODE_SLUG_H

#include "replycode.h"

/* Up to here a value without a slug is a gap, not the end: among digits of classes, and at kinds without entries. */
static inline int replycode__last_gap(int kind) {
  if (kind == REPLYCODE_KIND_KIND) return REPLYCODE_KIND_KIND;
  return kind == REPLYCODE_KIND_CLASS ? 9 : 0;
}

#endif
