/* window.c - lines -> folded text. */
#include "window.h"

#include "fold.h"

void replycode__window_init(struct replycode__window *window, const struct replycode_reply *reply) {
  window->reply = reply;
  window->cursor = 0;
  window->begins = (uint32_t)-1;
  window->text[0] = ' ';
  window->size = 1;
  window->rest.at = window->rest.size = 0;
  window->begun = window->last = 0;
}

/* Keeps the end of the last window as the beginning of this one. */
static void overlap(struct replycode__window *window) {
  uint32_t keep = window->size < REPLYCODE__OVERLAP ? window->size : REPLYCODE__OVERLAP;
  memmove(window->text, window->text + window->size - keep, keep);
  window->begins += window->size - keep;
  window->size = keep;
}

/* A letter is not cut in two. */
static uint32_t whole_letters(const char *bytes, uint32_t size, uint32_t room) {
  if (size <= room) return size;
  return room > 0 && ((unsigned char)bytes[room] & 0xc0) == 0x80 ? room - 1 : room;
}

static void take(struct replycode__window *window) {
  const char *bytes;
  uint32_t size;
  if (window->rest.size == 0) return;
  bytes = window->reply->bytes + window->rest.at;
  size = whole_letters(bytes, window->rest.size, REPLYCODE__TEXT - 2 - window->size);
  window->size += (uint32_t)replycode__fold(window->text + window->size, bytes, size);
  window->rest.at += size;
  window->rest.size -= size;
}

int replycode__window_next(struct replycode__window *window) {
  if (window->last) return 0;
  if (window->size > 1) overlap(window);
  for (;;) {
    take(window);
    if (window->rest.size > 0 || window->size >= REPLYCODE__TEXT - 2) return 1;
    if (!replycode_line(window->reply, &window->cursor, &window->rest)) break;
    if (window->begun) window->text[window->size++] = ' ';
    window->begun = 1;
  }
  window->text[window->size++] = ' ';
  window->last = 1;
  return 1;
}

/* ---- Back to the text ------------------------------------------------------------------------------------------- */

/* Where the folded place is in the text. Only letters beyond ASCII make a difference. */
static uint32_t unfold(const struct replycode_reply *reply, uint32_t folded) {
  struct replycode_span line;
  uint32_t cursor = 0, at = 0, before = 0;
  while (replycode_line(reply, &cursor, &line)) {
    const char *bytes = line.size > 0 ? reply->bytes + line.at : "";
    uint32_t size = 0;
    size_t taken = replycode__unfold(bytes, line.size, folded - before);
    if (taken < line.size) return at + (uint32_t)taken;
    size = (uint32_t)replycode__folded_size(bytes, line.size);
    if (folded - before <= size) return at + line.size;
    before += size + 1;
    at += line.size + 1;
  }
  return at;
}

struct replycode_span replycode__place(const struct replycode_reply *reply, const struct replycode_span *folded) {
  struct replycode_span span = *folded;
  if (span.size == 0 || ((reply->oddities & REPLYCODE_EIGHT_BIT) == 0 && !reply->plain)) return span;
  span.at = unfold(reply, folded->at);
  span.size = unfold(reply, folded->at + folded->size) - span.at;
  return span;
}
