/* own_words.c - names that others chose: addresses, hosts, files, URLs. */
#include "own_words.h"

/* As far as a name is followed. */
enum { REACH = 128 };

/* Blanks, brackets, quotes and what stands between names; bytes of scripts that are written without blanks. */
static int ends_name(char byte) {
  switch (byte) {
    case ' ':
    case '<':
    case '>':
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case '"':
    case '\'':
    case ',':
    case ';':
    case '|':
    case '*': return 1;
    default: return (unsigned char)byte >= 0xe0;
  }
}

/* A colon ends a name too, unless it is that of a URL. */
static int ends_at(const char *text, size_t size, size_t at) {
  return ends_name(text[at]) || (text[at] == ':' && !(at + 1 < size && text[at + 1] == '/'));
}

static size_t begin_of_name(const char *text, size_t size, size_t at) {
  size_t least = at > REACH ? at - REACH : 0;
  while (at > least && !ends_at(text, size, at - 1)) at--;
  return at;
}

static size_t end_of_name(const char *text, size_t size, size_t at) {
  size_t most = size - at > REACH ? at + REACH : size;
  while (at < most && !ends_at(text, size, at)) at++;
  return at;
}

static int is_alphanumeric(char byte) {
  return (unsigned char)(byte - 'a') < 26 || replycode__is_digit(byte);
}

/* A dot between two letters or digits, as hosts and files have; "denied.please" is a sentence without a blank. */
static int has_label(const char *name, size_t size) {
  size_t at, dots = 0, last = 0;
  for (at = 1; at + 1 < size; at++)
    if (name[at] == '.' && is_alphanumeric(name[at - 1]) && is_alphanumeric(name[at + 1])) dots++, last = at;
  if (dots == 0) return 0;
  while (size > last && !is_alphanumeric(name[size - 1])) size--;
  return dots > 1 || size - last - 1 <= 4;
}

static int is_name(const char *name, size_t size) {
  return memchr(name, '@', size) != NULL || memchr(name, '/', size) != NULL || memchr(name, '\\', size) != NULL ||
         has_label(name, size);
}

/* Whether the place is inside <...>: a '<' before without '>' between, and a '>' behind. Real text may hold a lone '<'. */
static int is_inside(const char *text, size_t size, size_t at) {
  size_t from = at, least = at > REACH ? at - REACH : 0, most = size - at > REACH ? at + REACH : size;
  while (from > least && text[from - 1] != '<' && text[from - 1] != '>') from--;
  if (from == 0 || text[from - 1] != '<') return 0;
  while (at < most && text[at] != '>' && text[at] != '<') at++;
  return at < size && text[at] == '>';
}

static int is_bracketed(const char *text, size_t size, size_t from, size_t to) {
  return is_inside(text, size, from) || is_inside(text, size, to);
}

static int begins_apart(const char *text, size_t at) {
  return at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
}

/* A blank follows, or punctuation and then a blank. */
static int ends_apart(const char *text, size_t size, size_t at) {
  if (at == size || text[at] == ' ') return 1;
  if (memchr(".,:;!?)", text[at], 7) == NULL) return 0;
  return at + 1 == size || text[at + 1] == ' ';
}

/* Whether the word text[from..to) is part of a name. One that stands apart is not. */
static int is_in_name(const char *text, size_t size, size_t from, size_t to) {
  size_t begin, end;
  if (begins_apart(text, from) && ends_apart(text, size, to)) return 0;
  begin = begin_of_name(text, size, from);
  end = end_of_name(text, size, to);
  return is_name(text + begin, end - begin);
}

/* Of words with blanks between them the first and the last may belong to a name. */
int replycode__is_own(const char *text, size_t size, size_t from, size_t to, int brackets) {
  const char *blank;
  size_t first, last;
  /* Nearly always so. */
  if (!brackets && begins_apart(text, from) && ends_apart(text, size, to)) return 1;
  while (from < to && text[from] == ' ') from++;
  while (to > from && text[to - 1] == ' ') to--;
  blank = memchr(text + from, ' ', to - from);
  first = blank == NULL ? to : (size_t)(blank - text);
  last = to;
  if (is_in_name(text, size, from, first)) return 0;
  if (blank != NULL) {
    while (text[last - 1] != ' ') last--;
    if (last < to && is_in_name(text, size, last, to)) return 0;
  }
  return !brackets || !is_bracketed(text, size, from, to);
}
