/* reply.h - one line of a reply. Internal: what the parser and the stream share. */
#ifndef REPLYCODE_REPLY_H
#define REPLYCODE_REPLY_H

#include "bytes.h"

enum replycode__line_kind { REPLYCODE__NO_CODE, REPLYCODE__BAD_SEPARATOR, REPLYCODE__LAST, REPLYCODE__MORE };

/* What kind of line begins with these bytes; four are enough, fewer when the line is shorter. */
static inline enum replycode__line_kind replycode__line_kind(const char *line, size_t size) {
  if (size < 3 || !replycode__is_digit(line[0]) || line[0] == '0' || !replycode__is_digit(line[1]) ||
      !replycode__is_digit(line[2]))
    return REPLYCODE__NO_CODE;
  if (size == 3 || replycode__is_blank(line[3])) return REPLYCODE__LAST;
  return line[3] == '-' ? REPLYCODE__MORE : REPLYCODE__BAD_SEPARATOR;
}

/* Whether such a line is a reply's last. One without a code is text inside a reply, and a reply of its own outside. */
static inline int replycode__line_ends(enum replycode__line_kind kind, int first) {
  return kind == REPLYCODE__NO_CODE ? first : kind != REPLYCODE__MORE;
}

#endif
