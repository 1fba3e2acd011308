/* sound.h - what holds for the reply of any bytes. Their place is against an unreadable page. */
#ifndef SOUND_H
#define SOUND_H

#include "guard.h"

#include "replycode.h"

enum { LONGEST_INPUT = 1 << 17 };

static struct guard input, output;

static inline void sound_begin(void) {
  input = guard_make(LONGEST_INPUT);
  output = guard_make(LONGEST_INPUT);
}

/* Its lines lie within it in their order, and are as many as it says. */
static inline int lines_are_sound(const struct replycode_reply *reply) {
  struct replycode_span line;
  uint32_t cursor = 0, behind = 0, lines = 0;
  while (replycode_line(reply, &cursor, &line)) {
    if (line.at < behind || line.at + line.size > cursor || cursor > reply->size) return 0;
    behind = cursor;
    lines++;
  }
  return lines == reply->lines && cursor == reply->size && !replycode_line(reply, &cursor, &line);
}

/* The text is the lines joined by LF; a buffer of just that size holds it, a smaller one stays as it was. */
static inline int text_is_sound(const struct replycode_reply *reply) {
  struct replycode_span line;
  uint32_t cursor = 0;
  size_t need = replycode_text(reply, NULL, 0), at = 0;
  char *text = output.end - need;
  memset(text, '!', need);
  if (need > 0 && (replycode_text(reply, text, need - 1) != need || text[0] != '!')) return 0;
  if (replycode_text(reply, text, need) != need) return 0;
  while (replycode_line(reply, &cursor, &line)) {
    if (at > 0 && text[at - 1] != '\n') return 0;
    if (at + line.size > need || (line.size > 0 && memcmp(text + at, reply->bytes + line.at, line.size) != 0)) return 0;
    at += line.size + 1;
  }
  return reply->lines == 0 ? need == 0 : at == need + 1;
}

static inline int fields_are_sound(const struct replycode_reply *reply, const char *bytes, size_t size) {
  size_t at;
  if (reply->bytes != bytes || reply->size > size || (reply->lines > 0) != (reply->size > 0)) return 0;
  if (reply->code != 0 && (reply->code < 100 || reply->code > 999)) return 0;
  for (at = 0; at < sizeof reply->reserved / sizeof reply->reserved[0]; at++)
    if (reply->reserved[at] != 0) return 0;
  return 1;
}

static inline int is_sound(const char *bytes, size_t size, int ended) {
  struct replycode_reply reply;
  size_t taken;
  memset(&reply, 0xaa, sizeof reply);
  taken = replycode_parse(bytes, size, ended, &reply);
  if (!fields_are_sound(&reply, bytes, size) || !lines_are_sound(&reply) || !text_is_sound(&reply)) return 0;
  if (taken == 0) return reply.malformed == REPLYCODE_TRUNCATED && (!ended || size == 0);
  return taken == reply.size && (ended || bytes[taken - 1] == '\n');
}

/* Against the page behind and against the page before, ended and not. */
static inline int is_sound_everywhere(const char *bytes, size_t size) {
  const char *at_end = guard_at_end(&input, bytes, size);
  const char *at_start;
  if (!is_sound(at_end, size, 0) || !is_sound(at_end, size, 1)) return 0;
  at_start = guard_at_start(&input, bytes, size);
  return is_sound(at_start, size, 0) && is_sound(at_start, size, 1);
}

#endif
