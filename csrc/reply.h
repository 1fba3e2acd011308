/* reply.h - one line of a reply. Internal: what the parser, the stream and the way back to the lines share. */
#ifndef REPLYCODE_REPLY_H
#define REPLYCODE_REPLY_H

#include "bytes.h"

enum replycode__line_kind { REPLYCODE__NO_CODE, REPLYCODE__BAD_SEPARATOR, REPLYCODE__LAST, REPLYCODE__MORE };

/* What kind of line begins with these bytes; four are enough, fewer when the line is shorter. */
static inline enum replycode__line_kind replycode__line_kind(const char *line, size_t size) {
  if (size < 3 || (unsigned char)(line[0] - '1') > 8 || !replycode__is_digit(line[1]) || !replycode__is_digit(line[2]))
    return REPLYCODE__NO_CODE;
  if (size == 3 || line[3] == ' ') return REPLYCODE__LAST;
  if (line[3] == '-') return REPLYCODE__MORE;
  return line[3] == '\t' ? REPLYCODE__LAST : REPLYCODE__BAD_SEPARATOR;
}

/* Whether such a line is a reply's last. One without a code is text inside a reply, and a reply of its own outside. */
static inline int replycode__line_ends(enum replycode__line_kind kind, int first) {
  return kind == REPLYCODE__NO_CODE ? first : kind != REPLYCODE__MORE;
}

struct replycode__line {
  const char *bytes;              /* its first byte */
  size_t size;                    /* without the line end */
  size_t whole;                   /* with it */
  enum replycode__line_kind kind;
  int ended;                      /* by LF */
  int printable;                  /* all of it */
};

/* The code of a line that has one. */
static inline unsigned replycode__code_of(const struct replycode__line *line) {
  return (unsigned)(line->bytes[0] - '0') * 100 + (unsigned)(line->bytes[1] - '0') * 10 + (unsigned)(line->bytes[2] - '0');
}

/* A line with something else inside than printable ASCII. CR before the LF belong to the line end, also when the LF was
 * taken off by whoever read lines. */
static inline void replycode__cut_odd_line(const char *bytes, size_t size, struct replycode__line *line) {
  const char *end = memchr(bytes, '\n', size);
  size_t length = end == NULL ? size : (size_t)(end - bytes);
  line->whole = end == NULL ? size : length + 1;
  while (length > 0 && bytes[length - 1] == '\r') length--;
  line->ended = end != NULL;
  line->size = length;
  line->printable = 0;
}

/* Cuts the next line off. One look at each byte finds the end of an ordinary line and that it is ordinary. */
static inline void replycode__cut_line(const char *bytes, size_t size, struct replycode__line *line) {
  size_t run = replycode__printable(bytes, size);
  line->bytes = bytes;
  if (run + 1 < size && bytes[run] == '\r' && bytes[run + 1] == '\n') {
    line->size = run;
    line->whole = run + 2;
    line->ended = line->printable = 1;
  } else if (run == size) {
    line->size = line->whole = size;
    line->ended = 0;
    line->printable = 1;
  } else {
    replycode__cut_odd_line(bytes, size, line);
  }
  line->kind = replycode__line_kind(bytes, line->size);
}

/* Where the text begins: behind the code, and behind its separator when that is a proper one. */
static inline size_t replycode__text_at(const struct replycode__line *line) {
  if (line->kind == REPLYCODE__NO_CODE) return 0;
  return line->kind == REPLYCODE__BAD_SEPARATOR || line->size == 3 ? 3 : 4;
}

#endif
