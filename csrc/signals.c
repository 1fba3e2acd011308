/* signals.c - words that decide no cause: the session ends, time heals, another host speaks, a wait, a link. */
#include "reader.h"
#include "status.h"
#include "wait.h"

/* "Check the address and try again later" is advice about something else than time. */
static int is_advice(const char *text, size_t size) {
  static const char words[][8] = {"check", "fix", "resolve", "correct"};
  size_t i;
  for (i = 0; i < sizeof words / sizeof *words; i++)
    if (size >= strlen(words[i]) && memcmp(text, words[i], strlen(words[i])) == 0) return 1;
  return 0;
}

static int follows_advice(const char *text, size_t at) {
  size_t from = at > 160 ? at - 160 : 0;
  for (; from < at; from++)
    if ((text[from] == 'c' || text[from] == 'f' || text[from] == 'r') && is_advice(text + from, at - from) &&
        (from == 0 || !replycode__is_word_byte(text[from - 1])))
      return 1;
  return 0;
}

static void take_wait(struct replycode__reader *reader, uint32_t seconds, const struct replycode_span *span) {
  struct replycode__reading *reading = reader->reading;
  if (seconds == 0 || reading->retry_after != 0) return;
  reading->retry_after = seconds;
  reading->waited.at = reader->window->begins + span->at;
  reading->waited.size = span->size;
}

/* The code at `at` of a failure, 0 when there is none. */
static uint16_t read_code(const char *text, size_t size, size_t at) {
  uint16_t code = 0;
  size_t digits = 0;
  while (digits < 3 && at + digits < size && replycode__is_digit(text[at + digits]))
    code = (uint16_t)(code * 10 + (text[at + digits++] - '0'));
  if (digits < 3 || code < 400 || code > 599) return 0;
  return at + 3 == size || text[at + 3] == ' ' || text[at + 3] == '-' ? code : 0;
}

/* A quoted reply begins with its code, or its status. What follows is folded; for digits that is the same. */
static void take_quote(struct replycode__reader *reader, size_t end) {
  const struct replycode__window *window = reader->window;
  struct replycode__status_found found;
  struct replycode_reply *quote = &reader->reading->quote;
  size_t at = end, text_at;
  memset(quote, 0, sizeof *quote);
  while (at < window->size && memchr(" :\"'(>", window->text[at], 6) != NULL) at++;
  quote->code = read_code(window->text, window->size, at);
  text_at = quote->code == 0 ? at : at + 4 > window->size ? window->size : at + 4;
  if (replycode__status_find(window->text + text_at, window->size - text_at, &found) &&
      found.status.klass != REPLYCODE__SUCCESS)
    quote->status = found.status;
  reader->reading->quoted = quote->code != 0 || quote->status.klass != 0;
  if (reader->reading->quoted) reader->quote_at = window->begins + (uint32_t)at;
}

void replycode__take_signal(struct replycode__reader *reader, int role, const struct replycode__found *found) {
  const struct replycode__window *window = reader->window;
  struct replycode_span span;
  size_t end = found->at + found->size;
  switch (role) {
    case REPLYCODE__CLOSES: reader->reading->closes = 1; break;
    case REPLYCODE__TEMPORARY:
      if (reader->trial->digit != REPLYCODE__TRANSIENT && !follows_advice(window->text, found->at))
        reader->reading->temporary = 1;
      break;
    case REPLYCODE__QUOTE:
      if (window->begins + end > reader->quote_at) take_quote(reader, end);
      break;
    case REPLYCODE__CALLOUT: reader->callout = 1; break;
    case REPLYCODE__LINK: reader->reading->link = 1; break;
    case REPLYCODE__WAIT: take_wait(reader, replycode__wait_behind(window->text, window->size, end, &span), &span); break;
    case REPLYCODE__WAIT_BEFORE: take_wait(reader, replycode__wait_before(window->text, found->at, &span), &span); break;
    default: break;
  }
}
