/* naive_match.h - what a pattern matches, in the plainest way: the yardstick for csrc/match.c. */
#ifndef NAIVE_MATCH_H
#define NAIVE_MATCH_H
#include <stddef.h>
#include <string.h>

struct naive_part { const char *bytes; size_t size; int starts, ends; };
enum { NAIVE_PARTS = 8, NAIVE_GAP = 64 };

static int naive_is_word(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}

/* Cuts one alternative into its parts; returns how many, 0 when there are too many. */
static int naive_cut(const char *pattern, size_t size, struct naive_part *parts) {
  size_t at = 0;
  int count = 0;
  while (at <= size) {
    size_t from = at, to;
    int starts = 1, ends = 1, before = at > 0, behind;
    while (at < size && pattern[at] != '*') at++;
    to = at++;
    behind = to < size;
    if (from > 0 && from < size && pattern[from] != ' ') starts = 0;
    if (to < size && to > 0 && pattern[to - 1] != ' ') ends = 0;
    while (before && from < to && pattern[from] == ' ') from++;
    while (behind && to > from && pattern[to - 1] == ' ') to--;
    if (from == to) continue;
    if (count == NAIVE_PARTS) return 0;
    parts[count].bytes = pattern + from;
    parts[count].size = to - from;
    parts[count].starts = starts && naive_is_word(pattern[from]);
    parts[count].ends = ends && naive_is_word(pattern[to - 1]);
    count++;
  }
  return count;
}

static int naive_at(const char *text, size_t size, const struct naive_part *part, size_t at) {
  if (size < part->size || at > size - part->size || memcmp(text + at, part->bytes, part->size) != 0) return 0;
  if (part->starts && at > 0 && naive_is_word(text[at - 1])) return 0;
  return !(part->ends && at + part->size < size && naive_is_word(text[at + part->size]));
}

static int naive_gap(const char *text, size_t from, size_t to) {
  size_t at;
  if (to - from > NAIVE_GAP) return 0;
  for (at = from; at + 1 < to; at++)
    if (strchr(".!?", text[at]) != NULL && text[at] != '\0' && text[at + 1] == ' ') return 0;
  return 1;
}

/* 1 and the span when the alternative matches the folded text; the other parts are looked for from the anchor on. */
static int naive_match(const char *text, size_t size, const char *pattern, size_t pattern_size, int anchor, size_t *from,
                       size_t *to) {
  struct naive_part parts[NAIVE_PARTS];
  int count = naive_cut(pattern, pattern_size, parts), i;
  size_t at;
  if (count == 0) return 0;
  for (at = 0; at < size; at++) {
    int matched = naive_at(text, size, &parts[anchor], at);
    *from = at;
    *to = at + parts[anchor].size;
    for (i = anchor + 1; matched && i < count; i++) {
      size_t next = *to;
      while (next < size && next - *to <= NAIVE_GAP && !naive_at(text, size, &parts[i], next)) next++;
      matched = next < size && naive_at(text, size, &parts[i], next) && naive_gap(text, *to, next);
      *to = next + parts[i].size;
    }
    for (i = anchor - 1; matched && i >= 0; i--) {
      size_t end = *from;
      while (end > 0 && *from - end <= NAIVE_GAP && !(end >= parts[i].size && naive_at(text, size, &parts[i], end - parts[i].size))) end--;
      matched = end >= parts[i].size && naive_at(text, size, &parts[i], end - parts[i].size) && naive_gap(text, end, *from);
      if (matched) *from = end - parts[i].size;
    }
    if (matched) return 1;
  }
  return 0;
}
#endif
