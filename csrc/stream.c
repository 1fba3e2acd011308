/* stream.c - replies from bytes in any cut. Every byte is looked at once for its line end, whatever the cuts are. */
#include "reply.h"
#include "replycode.h"

/* What is thrown away after a reply that did not fit. */
enum { NOT_SKIPPING, SKIPPING_FIRST_LINE, SKIPPING_LATER_LINE };

void replycode_stream_init(struct replycode_stream *stream, char *buffer, size_t capacity) {
  memset(stream, 0, sizeof *stream);
  stream->buffer = buffer;
  stream->capacity = capacity > UINT32_MAX ? UINT32_MAX : (uint32_t)capacity;
}

static enum replycode__line_kind kind_of(const char *line, size_t size) {
  while (size > 0 && line[size - 1] == '\r') size--;
  return replycode__line_kind(line, size);
}

static void keep_head(struct replycode_stream *stream, const char *bytes, size_t size) {
  while (size-- > 0 && stream->head_size < sizeof stream->head) stream->head[stream->head_size++] = *bytes++;
}

/* The skipped line has ended: the skipped reply too, when this was its last. */
static void end_skipped_line(struct replycode_stream *stream) {
  enum replycode__line_kind kind = kind_of(stream->head, stream->head_size);
  int ends = replycode__line_ends(kind, stream->skipping == SKIPPING_FIRST_LINE);
  stream->skipping = ends ? NOT_SKIPPING : SKIPPING_LATER_LINE;
  stream->head_size = 0;
}

/* Returns how many bytes belong to the reply that is skipped. */
static size_t skip(struct replycode_stream *stream, const char *bytes, size_t size) {
  size_t at = 0;
  while (at < size && stream->skipping) {
    const char *end = memchr(bytes + at, '\n', size - at);
    size_t length = end == NULL ? size - at : (size_t)(end - bytes) - at;
    keep_head(stream, bytes + at, length);
    if (end == NULL) return size;
    at += length + 1;
    end_skipped_line(stream);
  }
  return at;
}

/* Moves what is left of the last bytes to the buffer's beginning. */
static void compact(struct replycode_stream *stream) {
  uint32_t start = stream->start;
  if (start == 0) return;
  stream->size -= start;
  stream->line -= start;
  stream->seen -= start;
  stream->start = 0;
  if (stream->size > 0) memmove(stream->buffer, stream->buffer + start, stream->size);
}

size_t replycode_stream_feed(struct replycode_stream *stream, const char *bytes, size_t size) {
  size_t skipped, room;
  if (size == 0 || stream->capacity == 0) return size;
  skipped = stream->skipping ? skip(stream, bytes, size) : 0;
  if (skipped == size) return size;
  compact(stream);
  room = stream->capacity - stream->size;
  if (room > size - skipped) room = size - skipped;
  if (room > 0) memcpy(stream->buffer + stream->size, bytes + skipped, room);
  stream->size += (uint32_t)room;
  return skipped + room;
}

/* The reply fills the buffer and has not ended: what there is, and the rest will be skipped. */
static int give_too_long(struct replycode_stream *stream, struct replycode_reply *reply) {
  int first = stream->line == 0;
  replycode_parse(stream->buffer, stream->size, 0, reply);
  reply->malformed = REPLYCODE_TOO_LONG;
  stream->skipping = first ? SKIPPING_FIRST_LINE : SKIPPING_LATER_LINE;
  stream->head_size = 0;
  keep_head(stream, stream->buffer + stream->line, stream->size - stream->line);
  stream->size = stream->start = stream->line = stream->seen = 0;
  return 1;
}

int replycode_stream_next(struct replycode_stream *stream, struct replycode_reply *reply) {
  while (stream->seen < stream->size) {
    const char *end = memchr(stream->buffer + stream->seen, '\n', stream->size - stream->seen);
    uint32_t line = stream->line, start = stream->start;
    if (end == NULL) {
      stream->seen = stream->size;
      break;
    }
    stream->line = stream->seen = (uint32_t)(end - stream->buffer) + 1;
    if (replycode__line_ends(kind_of(stream->buffer + line, stream->line - line - 1), line == start)) {
      replycode_parse(stream->buffer + start, stream->line - start, 1, reply);
      stream->start = stream->line;
      return 1;
    }
  }
  if (stream->size > 0 && stream->start == 0 && stream->size == stream->capacity) return give_too_long(stream, reply);
  return 0;
}

/* Copies as much of a line as fits and puts CRLF behind it. Returns how many of its bytes fitted. A LF inside is no line end
 * here: as CR it is kept and will be reported. */
static size_t put_line(struct replycode_stream *stream, const char *line, size_t size) {
  char *to = stream->buffer + stream->size, *odd;
  size_t room = stream->capacity - stream->size, taken = size < room ? size : room, left = room - taken;
  if (taken > 0) memcpy(to, line, taken);
  while (taken > 0 && (odd = memchr(to, '\n', taken)) != NULL) *odd = '\r';
  if (left > 0) to[taken] = '\r';
  if (left > 1) to[taken + 1] = '\n';
  stream->size += (uint32_t)(taken + (left > 2 ? 2 : left));
  return taken;
}

int replycode_stream_line(struct replycode_stream *stream, const char *line, size_t size, struct replycode_reply *reply) {
  size_t taken;
  int given, was_skipping = stream->skipping != NOT_SKIPPING;
  if (stream->capacity == 0) return 0;
  if (!was_skipping) compact(stream);
  taken = was_skipping ? 0 : put_line(stream, line, size);
  given = was_skipping ? 0 : replycode_stream_next(stream, reply);
  if (stream->skipping) {
    keep_head(stream, line + taken, size - taken);
    end_skipped_line(stream);
  }
  return given;
}

int replycode_stream_finish(struct replycode_stream *stream, struct replycode_reply *reply) {
  uint32_t start = stream->start, size = stream->size - stream->start;
  stream->size = stream->start = stream->line = stream->seen = stream->skipping = stream->head_size = 0;
  if (size == 0) return 0;
  replycode_parse(stream->buffer + start, size, 0, reply);
  return 1;
}
