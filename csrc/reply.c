/* reply.c - bytes -> reply (RFC 5321 section 4.2, RFC 2034 section 4), and back to its lines. */
#include "reply.h"

#include "replycode.h"
#include "status.h"

enum { LONGEST_LINE = 512, LARGEST_SIZE = 1 << 30 };

struct line {
  const char *bytes;              /* its first byte */
  size_t size;                    /* without the line end */
  size_t whole;                   /* with it */
  int ended;                      /* by LF */
  enum replycode__line_kind kind;
};

/* Cuts the next line off. CR before the LF belong to the line end, also when the LF was taken off by whoever read lines. */
static void cut_line(const char *bytes, size_t size, struct line *line) {
  const char *end = memchr(bytes, '\n', size);
  size_t length = end == NULL ? size : (size_t)(end - bytes);
  line->bytes = bytes;
  line->whole = end == NULL ? size : length + 1;
  while (length > 0 && bytes[length - 1] == '\r') length--;
  line->ended = end != NULL;
  line->size = length;
  line->kind = replycode__line_kind(bytes, length);
}

static unsigned code_of(const struct line *line) {
  return (unsigned)(line->bytes[0] - '0') * 100 + (unsigned)(line->bytes[1] - '0') * 10 + (unsigned)(line->bytes[2] - '0');
}

/* Where the text begins: behind the code, and behind its separator when that is a proper one. */
static size_t text_at(const struct line *line) {
  if (line->kind == REPLYCODE__NO_CODE) return 0;
  return line->kind == REPLYCODE__BAD_SEPARATOR || line->size == 3 ? 3 : 4;
}

/* RFC 2034 section 4: only in 2yz, 4yz and 5yz replies. */
static int may_have_status(unsigned code) { return code / 100 == 2 || code / 100 == 4 || code / 100 == 5; }

static uint32_t odd_bytes(const char *bytes, size_t size) {
  uint32_t oddities = 0;
  size_t at;
  for (at = 0; at < size; at++) {
    unsigned char byte = (unsigned char)bytes[at];
    if (byte >= 0x80) oddities |= REPLYCODE_EIGHT_BIT;
    else if (byte == 0) oddities |= REPLYCODE_NUL_BYTE;
    else if (byte == '\r') oddities |= REPLYCODE_BARE_CR;
    else if ((byte < 0x20 && byte != '\t') || byte == 0x7f) oddities |= REPLYCODE_CONTROL_BYTE;
  }
  return oddities;
}

static uint32_t line_oddities(const struct line *line) {
  uint32_t oddities = 0;
  if (!replycode__is_plain(line->bytes, line->size)) oddities |= odd_bytes(line->bytes, line->size);
  if (line->whole > LONGEST_LINE) oddities |= REPLYCODE_LONG_LINE;
  if (line->ended && line->whole == line->size + 1) oddities |= REPLYCODE_BARE_LF;
  if (line->whole > line->size + 1 + (size_t)line->ended) oddities |= REPLYCODE_BARE_CR;
  if (line->kind == REPLYCODE__LAST && line->size > 3 && line->bytes[3] == '\t') oddities |= REPLYCODE_TAB_SEPARATOR;
  return oddities;
}

/* The first status on a line with the reply's code is the reply's. */
static void take_status(const struct line *line, struct replycode_reply *reply) {
  struct replycode__status_found found;
  size_t at = text_at(line);
  if (!replycode__status_find(line->bytes + at, line->size - at, &found)) return;
  if (reply->status.klass == 0) {
    reply->status = found.status;
    if (found.misplaced) reply->oddities |= REPLYCODE_STATUS_MISPLACED;
  } else if (!replycode__status_equal(&reply->status, &found.status)) {
    reply->oddities |= REPLYCODE_MIXED_STATUSES;
  }
}

static void take_code(unsigned code, struct replycode_reply *reply) {
  if (code == reply->code) return;
  if (reply->code != 0) reply->oddities |= REPLYCODE_MIXED_CODES;
  memset(&reply->status, 0, sizeof reply->status);
  reply->code = (uint16_t)code;
}

static void take_line(const struct line *line, struct replycode_reply *reply) {
  reply->lines++;
  reply->size += (uint32_t)line->whole;
  reply->oddities |= line_oddities(line);
  if (line->kind == REPLYCODE__NO_CODE) {
    if (reply->lines > 1) reply->oddities |= REPLYCODE_UNCODED_LINE;
    else take_status(line, reply);   /* what a queue writes itself may begin with a status */
    return;
  }
  take_code(code_of(line), reply);
  if (may_have_status(reply->code)) take_status(line, reply);
}

static void conclude(struct replycode_reply *reply) {
  unsigned first = reply->code / 100u, second = reply->code / 10u % 10;
  if (reply->code == 0) return;
  if (first < 2 || first > 5 || second > 5) reply->oddities |= REPLYCODE_CODE_RANGE;
  if (reply->status.klass != 0 && reply->status.klass != first) reply->oddities |= REPLYCODE_STATUS_MISMATCH;
}

static int malformed_by(enum replycode__line_kind last) {
  if (last == REPLYCODE__NO_CODE) return REPLYCODE_BAD_CODE;
  return last == REPLYCODE__BAD_SEPARATOR ? REPLYCODE_BAD_SEPARATOR : REPLYCODE_WELL_FORMED;
}

size_t replycode_parse(const char *bytes, size_t size, int ended, struct replycode_reply *reply) {
  struct line line;
  size_t limit = size > LARGEST_SIZE ? LARGEST_SIZE : size, at = 0;
  memset(reply, 0, sizeof *reply);
  reply->bytes = bytes;
  reply->malformed = REPLYCODE_TRUNCATED;
  while (at < limit) {
    int first = at == 0;
    cut_line(bytes + at, limit - at, &line);
    take_line(&line, reply);
    at += line.whole;
    if (bytes[at - 1] != '\n' && !ended) {
      /* It may still grow a code. */
      if (line.kind == REPLYCODE__NO_CODE) reply->oddities &= ~(uint32_t)REPLYCODE_UNCODED_LINE;
      break;
    }
    if (replycode__line_ends(line.kind, first)) {
      reply->malformed = (uint16_t)malformed_by(line.kind);
      conclude(reply);
      return at;
    }
  }
  conclude(reply);
  if (limit < size) {
    reply->malformed = REPLYCODE_TOO_LONG;
    return limit;
  }
  return ended ? at : 0;
}

/* The text of the line at `cursor`; behind the reply's status when the line begins with it. */
static void text_span(const struct replycode_reply *reply, const struct line *line, uint32_t cursor,
                      struct replycode_span *span) {
  struct replycode__status_found found;
  size_t at = text_at(line);
  if (reply->status.klass != 0 && (line->kind != REPLYCODE__NO_CODE || reply->code == 0) &&
      replycode__status_find(line->bytes + at, line->size - at, &found) &&
      replycode__status_equal(&reply->status, &found.status))
    at += found.size;
  span->at = cursor + (uint32_t)at;
  span->size = (uint32_t)(line->size - at);
}

int replycode_line(const struct replycode_reply *reply, uint32_t *cursor, struct replycode_span *span) {
  struct line line;
  if (*cursor >= reply->size) return 0;
  cut_line(reply->bytes + *cursor, reply->size - *cursor, &line);
  text_span(reply, &line, *cursor, span);
  *cursor += (uint32_t)line.whole;
  return 1;
}

size_t replycode_text(const struct replycode_reply *reply, char *buffer, size_t capacity) {
  struct replycode_span span;
  uint32_t cursor = 0;
  size_t need = reply->lines > 1 ? reply->lines - 1 : 0, at = 0;
  while (replycode_line(reply, &cursor, &span)) need += span.size;
  if (need > capacity) return need;
  cursor = 0;
  while (replycode_line(reply, &cursor, &span)) {
    if (span.size > 0) memcpy(buffer + at, reply->bytes + span.at, span.size);
    at += span.size;
    if (at < need) buffer[at++] = '\n';
  }
  return need;
}
