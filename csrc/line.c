/* line.c - a reply's lines without code, separator, status and line end. */
#include "reply.h"

#include "replycode.h"
#include "status.h"

/* The text of the line at `cursor`; behind the reply's status when the line begins with it. */
static void text_span(const struct replycode_reply *reply, const struct replycode__line *line, uint32_t cursor,
                      struct replycode_span *span) {
  struct replycode__status_found found;
  size_t at = reply->plain ? 0 : replycode__text_at(line);
  if (!reply->plain && reply->status.klass != 0 && (line->kind != REPLYCODE__NO_CODE || reply->code == 0) &&
      replycode__status_find(line->bytes + at, line->size - at, &found) &&
      replycode__status_equal(&reply->status, &found.status))
    at += replycode__status_passed(line->bytes + at, line->size - at, found.size);
  span->at = cursor + (uint32_t)at;
  span->size = (uint32_t)(line->size - at);
}

int replycode_line(const struct replycode_reply *reply, uint32_t *cursor, struct replycode_span *span) {
  struct replycode__line line;
  if (*cursor >= reply->size) return 0;
  replycode__cut_line(reply->bytes + *cursor, reply->size - *cursor, &line);
  text_span(reply, &line, *cursor, span);
  *cursor += (uint32_t)line.whole;
  return 1;
}

size_t replycode_text(const struct replycode_reply *reply, char *buffer, size_t capacity) {
  struct replycode_span span;
  uint32_t cursor = 0;
  size_t need = 0, at = 0;
  while (replycode_line(reply, &cursor, &span)) need += span.size + 1;
  if (need > 0) need--;
  if (need > capacity) return need;
  cursor = 0;
  while (replycode_line(reply, &cursor, &span)) {
    if (span.size > 0) memcpy(buffer + at, reply->bytes + span.at, span.size);
    at += span.size;
    if (at < need) buffer[at++] = '\n';
  }
  return need;
}
