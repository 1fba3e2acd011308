/* wait.c - a number and a unit -> seconds. Vague words, clock times and dates are no waits. */
#include "wait.h"

enum {
  FILLER = 24, /* bytes that may stand between the words and the number */
  REACH = 48,  /* how far a time is looked for before the words */
  LONGEST = 5 * 86400
};

/* ---- Units ------------------------------------------------------------------------------------------------------ */

/* Whether the word is one of `names`, which '|' parts. */
static int is_among(const char *names, const char *word, size_t size) {
  while (*names != '\0') {
    size_t length = strcspn(names, "|");
    if (length == size && memcmp(names, word, size) == 0) return 1;
    names += length + (names[length] == '|');
  }
  return 0;
}

static uint32_t seconds_of(const char *word, size_t size) {
#define UNIT(seconds, names)                                                                                                \
  if (is_among(names, word, size)) return seconds;
#include "data/units.def"
#undef UNIT
  return 0;
}

static int is_letter(char byte) {
  return (unsigned char)(byte - 'a') < 26 || (unsigned char)byte >= 0x80;
}

/* The unit at `at`, a word; scripts without blanks write on behind it, so shorter beginnings of it count too. */
static uint32_t read_unit(const char *text, size_t size, size_t *at) {
  size_t end = *at;
  uint32_t seconds = 0;
  while (end < size && is_letter(text[end]) && end - *at < 32) end++;
  seconds = seconds_of(text + *at, end - *at);
  if (seconds == 0 && end > *at && (unsigned char)text[*at] >= 0xe0)
    while (seconds == 0 && --end > *at) seconds = seconds_of(text + *at, end - *at);
  if (seconds != 0) *at = end;
  return seconds;
}

/* ---- Numbers ---------------------------------------------------------------------------------------------------- */

static size_t skip_blanks(const char *text, size_t size, size_t at) {
  while (at < size && text[at] == ' ') at++;
  return at;
}

/* A whole number; 0 digits when there is none or it is too long to be a wait. */
static size_t read_number(const char *text, size_t size, size_t at, uint32_t *number) {
  size_t from = at;
  *number = 0;
  while (at < size && replycode__is_digit(text[at]) && at - from < 8) *number = *number * 10 + (uint32_t)(text[at++] - '0');
  return at < size && replycode__is_digit(text[at]) ? 0 : at - from;
}

static int is_at(const char *text, size_t size, size_t at, const char *word) {
  size_t length = strlen(word);
  return size - at >= length && memcmp(text + at, word, length) == 0;
}

/* "-10" or " to 10" behind a number: the upper end. */
static size_t read_range(const char *text, size_t size, size_t at, uint32_t *number) {
  static const char joints[][8] = {"-", "\xe2\x80\x93", "to ", "bis ", "or ", "~", "ila "};
  size_t i, from = skip_blanks(text, size, at), digits;
  for (i = 0; i < sizeof joints / sizeof *joints; i++) {
    uint32_t upper;
    size_t begin;
    if (!is_at(text, size, from, joints[i])) continue;
    begin = skip_blanks(text, size, from + strlen(joints[i]));
    digits = read_number(text, size, begin, &upper);
    if (digits == 0) continue;
    if (upper > *number) *number = upper;
    return begin + digits;
  }
  return at;
}

/* hh:mm:ss. A clock time has two fields. */
static uint32_t read_fields(const char *text, size_t size, size_t *at) {
  uint32_t hours, minutes, seconds;
  size_t first = read_number(text, size, *at, &hours), second, third, next = *at + first;
  if (first == 0 || next >= size || text[next] != ':') return 0;
  second = read_number(text, size, next + 1, &minutes);
  next += 1 + second;
  if (second != 2 || minutes > 59 || next >= size || text[next] != ':') return 0;
  third = read_number(text, size, next + 1, &seconds);
  if (third != 2 || seconds > 59) return 0;
  *at = next + 1 + third;
  return hours > 120 ? 0 : hours * 3600 + minutes * 60 + seconds;
}

/* "1h30m": m alone may mean months or metres, but not behind hours. */
static uint32_t read_minutes(const char *text, size_t size, size_t *at) {
  if (!is_at(text, size, *at, "m") || (*at + 1 < size && is_letter(text[*at + 1]))) return 0;
  ++*at;
  return 60;
}

/* "1,500" and "1.5": thousands are read on, of a fraction the tenths count. What is neither is no number: 0. */
static int read_fraction(const char *text, size_t size, size_t *at, uint32_t *number, uint32_t *tenths) {
  uint32_t behind;
  size_t digits;
  *tenths = 0;
  if (*at + 1 >= size || (text[*at] != '.' && text[*at] != ',') || !replycode__is_digit(text[*at + 1])) return 1;
  digits = read_number(text, size, *at + 1, &behind);
  if (digits == 3 && text[*at] == ',' && *number <= LONGEST) *number = *number * 1000 + behind;
  else if (digits == 1) *tenths = behind;
  else return 0;
  *at += 1 + digits;
  return 1;
}

/* One number with its unit: how many seconds, which may be none. 0 when there is no such thing. */
static int read_term(const char *text, size_t size, int behind_hours, size_t *at, uint32_t *seconds) {
  uint32_t number, tenths, unit;
  size_t digits = read_number(text, size, *at, &number), next = *at + digits;
  if (digits == 0 || !read_fraction(text, size, &next, &number, &tenths)) return 0;
  next = skip_blanks(text, size, read_range(text, size, next, &number));
  if (is_at(text, size, next, "(")) next++;
  unit = read_unit(text, size, &next);
  if (unit == 0 && behind_hours) unit = read_minutes(text, size, &next);
  if (unit == 0 || number > LONGEST) return 0;
  *at = next;
  *seconds = number > LONGEST / unit ? LONGEST + 1 : number * unit + tenths * unit / 10;
  return 1;
}

/* What may stand between two terms: "1 hour and 30 minutes", "1h30m". */
static size_t skip_joint(const char *text, size_t size, size_t at) {
  static const char joints[][8] = {"and ", "ve ", "und ", "et ", "y ", "e ", "\xd0\xb8 "};
  size_t i;
  if (at < size && text[at] == ',') at++;
  at = skip_blanks(text, size, at);
  for (i = 0; i < sizeof joints / sizeof *joints; i++)
    if (is_at(text, size, at, joints[i])) return at + strlen(joints[i]);
  return at;
}

static uint32_t read_time(const char *text, size_t size, size_t *at) {
  uint32_t sum = read_fields(text, size, at), term;
  size_t next;
  if (sum != 0) return sum;
  if (!read_term(text, size, 0, at, &sum)) return 0;
  while (sum <= LONGEST) {
    next = skip_joint(text, size, *at);
    if (!read_term(text, size, sum % 3600 == 0, &next, &term)) break;
    sum += term;
    *at = next;
  }
  return sum;
}

/* ---- Where the time stands -------------------------------------------------------------------------------------- */

static int is_filler(char byte) {
  return byte == ' ' || byte == ':' || byte == '~' || byte == '(' || byte == '=' || is_letter(byte);
}

static uint32_t within_bounds(uint32_t seconds, size_t from, size_t to, struct replycode_span *span) {
  if (seconds == 0 || seconds > LONGEST) return 0;
  span->at = (uint32_t)from;
  span->size = (uint32_t)(to - from);
  return seconds;
}

/* "After 14:30:00" is a time of day, "in 00:04:32" is not. */
static int is_clock_time(const char *text, size_t size, size_t at) {
  size_t fields = at;
  if (read_fields(text, size, &fields) == 0) return 0;
  return (at >= 6 && memcmp(text + at - 6, "after ", 6) == 0) || (at >= 3 && memcmp(text + at - 3, "at ", 3) == 0);
}

uint32_t replycode__wait_behind(const char *text, size_t size, size_t at, struct replycode_span *span) {
  size_t end = size - at > FILLER ? at + FILLER : size, from = at;
  uint32_t seconds;
  while (from < end && is_filler(text[from])) from++;
  if (from == end || !replycode__is_digit(text[from])) return 0;
  if (is_clock_time(text, size, from)) return 0;
  at = from;
  seconds = read_time(text, size, &at);
  return within_bounds(seconds, from, at, span);
}

/* Whether the digit at `at` belongs to something that began before it: a number, a fraction, a date. */
static int is_inside_number(const char *text, size_t at) {
  if (at == 0) return 0;
  return replycode__is_digit(text[at - 1]) || memchr("-.,:/", text[at - 1], 5) != NULL;
}

/* The first number from which a time can be read that reaches up to the words, but for a few letters. */
uint32_t replycode__wait_before(const char *text, size_t at, struct replycode_span *span) {
  size_t from = at > REACH ? at - REACH : 0;
  for (; from < at; from++) {
    size_t end = from, rest;
    uint32_t seconds;
    if (!replycode__is_digit(text[from]) || is_inside_number(text, from)) continue;
    seconds = read_time(text, at, &end);
    if (seconds == 0) continue;
    for (rest = end; rest < at && is_filler(text[rest]) && rest - end < FILLER; rest++) {}
    if (rest == at) return within_bounds(seconds, from, end, span);
  }
  return 0;
}
