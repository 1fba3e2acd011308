/* status.c - the enhanced status: class.subject.detail (RFC 3463 section 2, RFC 2034 section 4). */
#include "status.h"

#include "bytes.h"

/* One to three digits without a leading zero. Returns how many, 0 for none. */
static inline size_t read_number(const char *text, size_t size, uint16_t *number) {
  size_t at = 1;
  unsigned value;
  if (size == 0 || !replycode__is_digit(text[0])) return 0;
  value = (unsigned)(text[0] - '0');
  if (size > 1 && replycode__is_digit(text[1])) {
    if (value == 0) return 0;
    value = value * 10 + (unsigned)(text[at++] - '0');
    if (size > 2 && replycode__is_digit(text[2])) value = value * 10 + (unsigned)(text[at++] - '0');
  }
  *number = (uint16_t)value;
  return at;
}

/* ".subject.detail". Returns its size, 0 when it is none. */
static inline size_t read_tail(const char *text, size_t size, struct replycode_status *status) {
  size_t subject, detail;
  if (size < 4 || text[0] != '.') return 0;
  subject = read_number(text + 1, size - 1, &status->subject);
  if (subject == 0 || subject + 2 >= size || text[subject + 1] != '.') return 0;
  detail = read_number(text + subject + 2, size - subject - 2, &status->detail);
  return detail == 0 ? 0 : subject + detail + 2;
}

/* What may follow a status. A digit, a letter or an inner dot would make it an IP address or a version (4.2.2.1, 5.1.1a). */
static inline int ends_status(const char *text, size_t size) {
  if (size == 0 || replycode__is_blank(text[0])) return 1;
  if (text[0] == '.') return size == 1 || replycode__is_blank(text[1]);
  return text[0] == ':' || text[0] == ';' || text[0] == ',' || text[0] == ')' || text[0] == ']';
}

static inline size_t read_within(const char *text, size_t size, struct replycode_status *status) {
  size_t tail;
  if (size < 5 || text[1] != '.' || text[0] == '3' || (unsigned char)(text[0] - '2') > 3) return 0;
  tail = read_tail(text + 1, size - 1, status);
  if (tail == 0 || !ends_status(text + 1 + tail, size - 1 - tail)) return 0;
  status->klass = (uint16_t)(text[0] - '0');
  return 1 + tail;
}

/* The status that text begins with. Returns its size, 0 when there is none. Where there is room for the longest and what
 * follows it, the compiler leaves most checks of the size out. */
static inline size_t read_status(const char *text, size_t size, struct replycode_status *status) {
  enum { ROOM = sizeof "5.999.999." };
  return size >= ROOM ? read_within(text, ROOM, status) : read_within(text, size, status);
}

/* "(#5.1.1)" as qmail writes it, "#5.1.0" as IronPort does: only after a '#', for bare numbers in a text are addresses. */
static int find_marked(const char *text, size_t size, struct replycode_status *status) {
  const char *mark = memchr(text, '#', size);
  while (mark != NULL) {
    size_t at = (size_t)(mark - text);
    int opens = at == 0 || replycode__is_blank(mark[-1]) || mark[-1] == '(' || mark[-1] == '[';
    if (opens && read_status(mark + 1, size - at - 1, status) != 0) return 1;
    mark = memchr(mark + 1, '#', size - at - 1);
  }
  return 0;
}

int replycode__status_find(const char *text, size_t size, struct replycode__status_found *found) {
  size_t at = 0;
  while (at < size && replycode__is_blank(text[at])) at++;
  found->misplaced = at < size && text[at] == '#';
  at += (size_t)found->misplaced;
  found->size = read_status(text + at, size - at, &found->status);
  if (found->size == 0) {
    found->misplaced = 1;
    return find_marked(text, size, &found->status);
  }
  found->size += at;
  return 1;
}

size_t replycode__status_passed(const char *text, size_t size, size_t at) {
  if (at == 0) return 0;
  if (at < size && !replycode__is_blank(text[at])) at++;
  while (at < size && replycode__is_blank(text[at])) at++;
  return at;
}

int replycode_status_read(const char *text, size_t size, struct replycode_status *status) {
  struct replycode_status read = {0, 0, 0};
  if (size < 5) return 0;
  if (text[0] == 'X' || text[0] == 'x') read.klass = 0xffff;
  else if (text[0] == '2' || text[0] == '4' || text[0] == '5') read.klass = (uint16_t)(text[0] - '0');
  else return 0;
  if (read_tail(text + 1, size - 1, &read) != size - 1) return 0;
  *status = read;
  return 1;
}
