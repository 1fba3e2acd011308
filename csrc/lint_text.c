/* lint_text.c - what the words of a reply lack, and what they give away. */
#include "lint.h"
#include "stages.h"

static int is_letter(char byte) { return (unsigned char)(replycode__lower(byte) - 'a') < 26; }

static int is_name_byte(char byte) { return is_letter(byte) || replycode__is_digit(byte) || byte == '-' || byte == '.'; }

static int is_local_byte(char byte) {
  return is_name_byte(byte) || (byte != '\0' && strchr("_+=!#$%&'*/?^`{|}~", byte) != NULL);
}

/* ---- The host's name -------------------------------------------------------------------------------------------- */

static int is_host_name(const char *text, size_t size) {
  size_t at = 0;
  if (size > 2 && text[0] == '[' && text[size - 1] == ']') return 1;
  if (replycode__is_word(text, size, "smtp") || replycode__is_word(text, size, "esmtp")) return 0;
  /* A name may have letters of any language (RFC 6531 3.7.2), and in spite of the rules an underscore. */
  while (at < size && (is_name_byte(text[at]) || text[at] == '_' || (unsigned char)text[at] >= 0x80)) at++;
  return size > 0 && at == size && text[0] != '.' && text[0] != '-';
}

int replycode__lacks_host_name(const struct replycode__lint *lint, struct replycode_span *where) {
  struct replycode_span line;
  uint32_t cursor = 0, size = 0;
  int greets = lint->reply->code == 220 && replycode__in_stages(lint, AT(CONNECT));
  if (lint->digit == 0) return 0;
  if (!greets && (lint->reply->code != 250 || !replycode__in_stages(lint, HELLO_STAGES))) return 0;
  if (!replycode_line(lint->reply, &cursor, &line)) return 1;
  while (size < line.size && !replycode__is_blank(lint->reply->bytes[line.at + size])) size++;
  if (size > 0 && is_host_name(lint->reply->bytes + line.at, size)) return 0;
  return replycode__put(where, line.at, size);
}

/* ---- Words that say nothing ------------------------------------------------------------------------------------- */

static int is_blank_text(const char *text, size_t size) {
  size_t at;
  for (at = 0; at < size; at++)
    if (text[at] != ' ' && text[at] != '\t' && text[at] != '\r') return 0;
  return 1;
}

int replycode__lacks_text(const struct replycode__lint *lint) {
  struct replycode_span line;
  uint32_t cursor = 0;
  if (lint->digit < 4) return 0;
  while (replycode_line(lint->reply, &cursor, &line))
    if (line.size > 0 && !is_blank_text(lint->reply->bytes + line.at, line.size)) return 0;
  return 1;
}

static int is_empty_word(const char *text, size_t size) {
#define EMPTY(word) if (replycode__is_word(text, size, word)) return 1;
#define CONTACT(word)
#define INSIDE(word)
#include "data/lint_words.def"
#undef EMPTY
#undef CONTACT
#undef INSIDE
  return 0;
}

/* The size of the word, or of what stands between words, that the text begins with. */
static size_t word_size(const char *text, size_t size, int *is_word) {
  size_t at = 0;
  *is_word = is_letter(text[0]) || (unsigned char)text[0] >= 0x80;
  if (text[0] == '<') {
    const char *end = memchr(text, '>', size);
    return end == NULL ? size : (size_t)(end - text) + 1;
  }
  do at++; while (at < size && text[at] != '<' && (is_letter(text[at]) || (unsigned char)text[at] >= 0x80) == *is_word);
  return at;
}

/* Whether all words of a line are empty; counts them. What stands in <...> was the client's. */
static int says_nothing(const char *text, size_t size, size_t *count) {
  size_t at = 0, step;
  int is_word;
  for (; at < size; at += step) {
    step = word_size(text + at, size - at, &is_word);
    if (!is_word) continue;
    if (!is_empty_word(text + at, step)) return 0;
    ++*count;
  }
  return 1;
}

/* A wrong command is named by its code. */
int replycode__is_vague(const struct replycode__lint *lint, struct replycode_span *where) {
  struct replycode_span line, first = {0, 0};
  uint32_t cursor = 0;
  size_t count = 0;
  unsigned code = lint->reply->code;
  if (lint->digit < 4 || (code >= 500 && code <= 504) || code == 555 || code == 455) return 0;
  while (replycode_line(lint->reply, &cursor, &line)) {
    if (line.size > 0 && !says_nothing(lint->reply->bytes + line.at, line.size, &count)) return 0;
    if (first.size == 0) first = line;
  }
  return count > 0 && replycode__put(where, first.at, first.size);
}

/* ---- Addresses -------------------------------------------------------------------------------------------------- */

enum { ADDRESSES = 8, NAMED_BY_CLIENT = 2 };

/* Whom one may write to about the refusal. */
static int is_for_contact(const char *text, size_t size) {
  size_t local = (size_t)((const char *)memchr(text, '@', size) - text);
#define EMPTY(word)
#define CONTACT(word) if (replycode__is_word(text, local, word)) return 1;
#define INSIDE(word)
#include "data/lint_words.def"
#undef EMPTY
#undef CONTACT
#undef INSIDE
  return 0;
}

/* The next address at or behind `from` in the text. */
static int next_address(const char *text, size_t size, size_t from, struct replycode_span *address) {
  const char *at = from < size ? memchr(text + from, '@', size - from) : NULL;
  while (at != NULL) {
    size_t middle = (size_t)(at - text), begin = middle, end = middle + 1;
    while (begin > from && is_local_byte(text[begin - 1])) begin--;
    while (end < size && is_name_byte(text[end])) end++;
    while (end > middle + 1 && text[end - 1] == '.') end--;
    if (begin < middle && end > middle + 1) return replycode__put(address, begin, end - begin);
    at = memchr(at + 1, '@', size - middle - 1);
  }
  return 0;
}

static int is_same(const char *bytes, const struct replycode_span *a, const struct replycode_span *b) {
  uint32_t at;
  if (a->size != b->size) return 0;
  for (at = 0; at < a->size; at++)
    if (replycode__lower(bytes[a->at + at]) != replycode__lower(bytes[b->at + at])) return 0;
  return 1;
}

/* How many different addresses the text names, ADDRESSES at most; `last` is the one that was counted last. */
static size_t count_addresses(const struct replycode_reply *reply, struct replycode_span *last) {
  struct replycode_span seen[ADDRESSES], line, address;
  uint32_t cursor = 0;
  size_t count = 0, from, at;
  while (replycode_line(reply, &cursor, &line)) {
    const char *text = line.size > 0 ? reply->bytes + line.at : "";
    for (from = 0; count < ADDRESSES && next_address(text, line.size, from, &address);) {
      from = (size_t)address.at + address.size;
      if (is_for_contact(text + address.at, address.size)) continue;
      address.at += line.at;
      for (at = 0; at < count && !is_same(reply->bytes, &seen[at], &address);) at++;
      if (at == count) *last = seen[count++] = address;
    }
  }
  return count;
}

static int tells_new_address(const struct replycode__lint *lint) {
  return lint->reply->code == 251 || lint->reply->code == 551;
}

/* A sender and a recipient may both be the client's own words. EXPN is asked for addresses. */
int replycode__gives_address(const struct replycode__lint *lint, struct replycode_span *where) {
  struct replycode_span last;
  if (lint->digit == 0 || replycode__in_stages(lint, AT(EXPN)) || tells_new_address(lint)) return 0;
  if (count_addresses(lint->reply, &last) <= NAMED_BY_CLIENT) return 0;
  return replycode__put(where, last.at, last.size);
}

int replycode__gives_new_address(const struct replycode__lint *lint, struct replycode_span *where) {
  struct replycode_span last;
  if (lint->digit == 0 || !tells_new_address(lint) || replycode__in_stages(lint, AT(ETRN))) return 0;
  return count_addresses(lint->reply, &last) > 0 && replycode__put(where, last.at, last.size);
}

/* ---- What stands inside the network ----------------------------------------------------------------------------- */

/* Four numbers below 256 parted by dots. */
static int read_ip(const char *text, size_t size, unsigned *octets) {
  size_t at = 0, number;
  for (number = 0; number < 4; number++) {
    size_t begin = at;
    octets[number] = 0;
    while (at < size && at < begin + 3 && replycode__is_digit(text[at]))
      octets[number] = octets[number] * 10 + (unsigned)(text[at++] - '0');
    if (at == begin || octets[number] > 255) return 0;
    if (number < 3 && (at >= size || text[at++] != '.')) return 0;
  }
  return at == size;
}

/* RFC 1918 section 3. */
static int is_private(const char *text, size_t size) {
  unsigned ip[4];
  if (!read_ip(text, size, ip)) return 0;
  return ip[0] == 10 || (ip[0] == 172 && ip[1] >= 16 && ip[1] < 32) || (ip[0] == 192 && ip[1] == 168);
}

static int ends_in(const char *text, size_t size, const char *end) {
  size_t length = strlen(end);
  return size > length && replycode__is_word(text + size - length, length, end);
}

static int is_inside_name(const char *text, size_t size) {
#define EMPTY(word)
#define CONTACT(word)
#define INSIDE(word) if (ends_in(text, size, word)) return 1;
#include "data/lint_words.def"
#undef EMPTY
#undef CONTACT
#undef INSIDE
  return 0;
}

/* A name or number by itself: no part of an address, a path or a version. */
static int stands_alone(const char *text, size_t size, size_t begin, size_t end) {
  if (begin > 0 && (text[begin - 1] == '@' || text[begin - 1] == '/' || is_local_byte(text[begin - 1]))) return 0;
  return end == size || text[end] != '@';
}

/* What stands in <...> was the client's. */
static int find_inside(const char *text, size_t size, struct replycode_span *where) {
  size_t at = 0, end, stop;
  int in_brackets = 0;
  for (; at < size; at = end > at ? end : at + 1) {
    if (text[at] == '<' || text[at] == '>') in_brackets = text[at] == '<';
    for (end = at; end < size && is_name_byte(text[end]);) end++;
    for (stop = end; stop > at && text[stop - 1] == '.';) stop--;
    if (in_brackets || stop == at || !stands_alone(text, size, at, end)) continue;
    if (is_private(text + at, stop - at) || is_inside_name(text + at, stop - at))
      return replycode__put(where, at, stop - at);
  }
  return 0;
}

int replycode__gives_inside(const struct replycode__lint *lint, struct replycode_span *where) {
  struct replycode_span line;
  uint32_t cursor = 0;
  if (lint->digit == 0) return 0;
  while (replycode_line(lint->reply, &cursor, &line))
    if (line.size > 0 && find_inside(lint->reply->bytes + line.at, line.size, where))
      return replycode__put(where, line.at + where->at, where->size);
  return 0;
}
