/* cuts.h - the same bytes given to a stream in different pieces. What the stream says is added to a transcript. */
#ifndef CUTS_H
#define CUTS_H

#include "random.h"
#include "replycode.h"
#include "transcript.h"

static inline void take_whole(struct replycode_stream *stream, struct transcript *said) {
  struct replycode_reply reply;
  while (replycode_stream_next(stream, &reply)) transcript_add(said, &reply);
}

/* Gives one piece, however little of it fits at a time. */
static inline void feed_piece(struct replycode_stream *stream, const char *bytes, size_t size, struct transcript *said) {
  size_t at = 0;
  do {
    size_t taken = replycode_stream_feed(stream, bytes + at, size - at);
    unsigned before = said->replies;
    at += taken;
    take_whole(stream, said);
    if (taken == 0 && said->replies == before && at < size) break;   /* it stands still: the transcripts will differ */
  } while (at < size);
}

static inline void feed_byte_by_byte(struct replycode_stream *stream, const char *bytes, size_t size,
                                     struct transcript *said) {
  size_t at;
  for (at = 0; at < size; at++) feed_piece(stream, bytes + at, 1, said);
}

static inline void feed_in_random_pieces(struct replycode_stream *stream, const char *bytes, size_t size, uint32_t *random,
                                         struct transcript *said) {
  size_t at = 0;
  while (at < size) {
    size_t piece = 1 + random_below(random, 1 + random_below(random, 400));
    if (piece > size - at) piece = size - at;
    feed_piece(stream, bytes + at, piece, said);
    at += piece;
  }
}

/* Line by line without line end, as OpenSMTPD reports them. What follows the last LF is a line too. */
static inline void feed_lines(struct replycode_stream *stream, const char *bytes, size_t size, struct transcript *said) {
  struct replycode_reply reply;
  size_t at = 0;
  while (at < size) {
    const char *end = memchr(bytes + at, '\n', size - at);
    size_t length = end == NULL ? size - at : (size_t)(end - bytes) - at, behind = at + length + 1;
    if (length > 0 && bytes[at + length - 1] == '\r') length--;
    if (replycode_stream_line(stream, bytes + at, length, &reply)) transcript_add(said, &reply);
    take_whole(stream, said);
    at = behind;
  }
}

static inline void feed_end(struct replycode_stream *stream, struct transcript *said) {
  struct replycode_reply reply;
  if (replycode_stream_finish(stream, &reply)) transcript_add(said, &reply);
}

#endif
