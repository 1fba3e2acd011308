/* reply.c - bytes -> reply (RFC 5321 section 4.2, RFC 2034 section 4). */
#include "reply.h"

#include "replycode.h"
#include "status.h"

enum { LONGEST_LINE = 512, LARGEST_SIZE = 1 << 30 };

/* RFC 2034 section 4: only in 2yz, 4yz and 5yz replies. */
static inline int may_have_status(const struct replycode__line *line) {
  return line->bytes[0] != '3' && (unsigned char)(line->bytes[0] - '2') < 4;
}

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

static inline uint32_t line_oddities(const struct replycode__line *line) {
  uint32_t oddities = line->whole > LONGEST_LINE ? REPLYCODE_LONG_LINE : 0;
  if (line->printable) return oddities;
  oddities |= odd_bytes(line->bytes, line->size);
  if (line->ended && line->whole == line->size + 1) oddities |= REPLYCODE_BARE_LF;
  if (line->whole > line->size + 1 + (size_t)line->ended) oddities |= REPLYCODE_BARE_CR;
  if (line->kind == REPLYCODE__LAST && line->size > 3 && line->bytes[3] == '\t') oddities |= REPLYCODE_TAB_SEPARATOR;
  return oddities;
}

/* Whether the text may hold a status: at its beginning, or marked by '#'. Inside the text of 2yz nobody marks one. */
static inline int may_begin_status(char byte) {
  return (byte >= '2' && byte <= '5') || byte == '#' || replycode__is_blank(byte);
}

/* The first status on a line with the reply's code is the reply's. */
static inline void take_status(const struct replycode__line *line, struct replycode_reply *reply) {
  struct replycode__status_found found;
  size_t at = replycode__text_at(line);
  if (at == line->size || (!may_begin_status(line->bytes[at]) && reply->code < 300 && reply->code != 0)) return;
  if (!replycode__status_find(line->bytes + at, line->size - at, &found)) return;
  if (reply->status.klass == 0) {
    reply->status = found.status;
    if (found.misplaced) reply->oddities |= REPLYCODE_STATUS_MISPLACED;
  } else if (!replycode__status_equal(&reply->status, &found.status)) {
    reply->oddities |= REPLYCODE_MIXED_STATUSES;
  }
}

static inline void take_code(unsigned code, struct replycode_reply *reply) {
  if (code == reply->code) return;
  if (reply->code != 0) reply->oddities |= REPLYCODE_MIXED_CODES;
  memset(&reply->status, 0, sizeof reply->status);
  reply->code = (uint16_t)code;
}

static inline void take_line(const struct replycode__line *line, struct replycode_reply *reply) {
  reply->lines++;
  reply->oddities |= line_oddities(line);
  if (line->kind == REPLYCODE__NO_CODE) {
    if (reply->lines > 1) reply->oddities |= REPLYCODE_UNCODED_LINE;
    else take_status(line, reply);   /* what a queue writes itself may begin with a status */
    return;
  }
  take_code(replycode__code_of(line), reply);
  if (may_have_status(line)) take_status(line, reply);
}

static void conclude(struct replycode_reply *reply) {
  unsigned tens = reply->code / 10u, first = tens / 10, second = tens - first * 10;
  if (reply->code == 0) return;
  if (first < 2 || first > 5 || second > 5) reply->oddities |= REPLYCODE_CODE_RANGE;
  if (reply->status.klass != 0 && reply->status.klass != first) reply->oddities |= REPLYCODE_STATUS_MISMATCH;
}

static int malformed_by(enum replycode__line_kind last) {
  if (last == REPLYCODE__NO_CODE) return REPLYCODE_BAD_CODE;
  return last == REPLYCODE__BAD_SEPARATOR ? REPLYCODE_BAD_SEPARATOR : REPLYCODE_WELL_FORMED;
}

size_t replycode_parse(const char *bytes, size_t size, int ended, struct replycode_reply *reply) {
  struct replycode__line line;
  size_t limit = size > LARGEST_SIZE ? LARGEST_SIZE : size, at = 0;
  memset(reply, 0, sizeof *reply);
  reply->bytes = bytes;
  reply->malformed = REPLYCODE_TRUNCATED;
  while (at < limit) {
    int first = at == 0;
    replycode__cut_line(bytes + at, limit - at, &line);
    take_line(&line, reply);
    at += line.whole;
    reply->size = (uint32_t)at;
    if (!ended && bytes[at - 1] != '\n') {
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
