/* transcript.h - replies as text, one a line: code, status, lines, oddities, why malformed.
 *
 *     550 5.1.1 [No such|user here] bare_lf !truncated
 *
 * "-" stands for no code and no status, \xNN for a byte that is not printable. */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include "replycode.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRANSCRIPT_MOST = 1 << 19 };

struct transcript {
  size_t size;
  unsigned replies;
  uint32_t ignored;               /* oddities that are left out */
  char text[TRANSCRIPT_MOST];
};

static inline void transcript_clear(struct transcript *transcript, uint32_t ignored) {
  transcript->size = transcript->replies = 0;
  transcript->ignored = ignored;
  transcript->text[0] = '\0';
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static inline void transcript_say(struct transcript *transcript, const char *format, ...) {
  va_list arguments;
  int size;
  va_start(arguments, format);
  size = vsnprintf(transcript->text + transcript->size, TRANSCRIPT_MOST - transcript->size, format, arguments);
  va_end(arguments);
  transcript->size += (size_t)size;
  if (transcript->size < TRANSCRIPT_MOST) return;
  fputs("transcript: too long\n", stderr);
  exit(2);
}

static inline void transcript_say_bytes(struct transcript *transcript, const char *bytes, size_t size) {
  for (; size > 0; bytes++, size--) {
    if (*bytes >= ' ' && *bytes <= '~') transcript_say(transcript, "%c", *bytes);
    else transcript_say(transcript, "\\x%02x", (unsigned char)*bytes);
  }
}

static inline void transcript_say_lines(struct transcript *transcript, const struct replycode_reply *reply) {
  struct replycode_span line;
  uint32_t cursor = 0;
  const char *before = " [";
  while (replycode_line(reply, &cursor, &line)) {
    transcript_say(transcript, "%s", before);
    transcript_say_bytes(transcript, reply->bytes + line.at, line.size);
    before = "|";
  }
  transcript_say(transcript, "%s", reply->lines == 0 ? " []" : "]");
}

static inline void transcript_say_oddities(struct transcript *transcript, uint32_t oddities) {
  unsigned bit;
  for (bit = 0; bit < 31; bit++)
    if (oddities & UINT32_C(1) << bit)
      transcript_say(transcript, " %s", replycode_slug(REPLYCODE_KIND_ODDITY, 1 << bit));
}

static inline void transcript_add(struct transcript *transcript, const struct replycode_reply *reply) {
  const struct replycode_status *status = &reply->status;
  if (transcript->replies++ > 0) transcript_say(transcript, "\n");
  if (reply->code == 0) transcript_say(transcript, "-");
  else transcript_say(transcript, "%u", reply->code);
  if (status->klass == 0) transcript_say(transcript, " -");
  else transcript_say(transcript, " %u.%u.%u", status->klass, status->subject, status->detail);
  transcript_say_lines(transcript, reply);
  transcript_say_oddities(transcript, reply->oddities & ~transcript->ignored);
  if (reply->malformed != REPLYCODE_WELL_FORMED)
    transcript_say(transcript, " !%s", replycode_slug(REPLYCODE_KIND_MALFORMED, reply->malformed));
}

/* The one reply's line; it lives until the next call. */
static inline const char *transcript_of(const struct replycode_reply *reply) {
  static struct transcript one;
  transcript_clear(&one, 0);
  transcript_add(&one, reply);
  return one.text;
}

#endif
