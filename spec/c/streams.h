/* streams.h - a stream whose buffer lies against an unreadable page, and what it must say of a session. */
#ifndef STREAMS_H
#define STREAMS_H

#include "guard.h"

#include "check.h"
#include "cuts.h"
#include "replycode.h"
#include "transcript.h"

enum { ROOM = 1 << 18 };

#define BYTES(literal) literal, sizeof literal - 1

static struct guard input, room;
static struct transcript said;

static inline void streams_begin(void) {
  input = guard_make(ROOM);
  room = guard_make(ROOM);
}

/* The buffer ends with the page: a byte too many crashes. */
static inline struct replycode_stream stream_of(size_t capacity) {
  struct replycode_stream stream;
  replycode_stream_init(&stream, room.end - capacity, capacity);
  transcript_clear(&said, 0);
  return stream;
}

static inline void check_said(const char *expected, const char *name, size_t number) {
  CHECK(strcmp(said.text, expected) == 0, "%s, %lu\n%s\nfound\n%s", name, (unsigned long)number, expected, said.text);
}

static const char session[] =
  "220 mx\r\n250-mx\r\n250\r\n550-5.1.1 No\n550 5.1.1 user\r\n2500\r\noops\r\n250-a\r\n\r\n450 b\r\n250 \0\r\r\n421-b";
static const char session_said[] =
  "220 - [mx]\n250 - [mx|]\n550 5.1.1 [No|user] bare_lf\n250 - [0] !separator\n- - [oops] !code\n"
  "450 - [a||b] mixed_codes uncoded_line\n250 - [\\x00] bare_cr nul_byte\n421 - [b] !truncated";
enum { SESSION = sizeof session - 1 };

#endif
