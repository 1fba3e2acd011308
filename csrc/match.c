/* match.c - the search. Time grows with the text and with what looks like a match in it, not with the rules. */
#include "match.h"

static int has_edges(uint32_t part, const char *text, size_t size, size_t at) {
  size_t end = at + replycode__part_size(part);
  int edges = replycode__part_edges(part);
  if ((edges & REPLYCODE__STARTS) && at > 0 && replycode__is_word_byte(text[at - 1])) return 0;
  return !((edges & REPLYCODE__ENDS) && end < size && replycode__is_word_byte(text[end]));
}

static int part_at(const struct replycode_classifier *image, uint32_t part, const char *text,
                   size_t size, size_t at) {
  size_t length = replycode__part_size(part);
  const char *literal = replycode__literals(image) + replycode__part_at(part);
  if (length > size || at > size - length) return 0;
  return memcmp(text + at, literal, length) == 0 && has_edges(part, text, size, at);
}

/* A sentence ends here: no gap passes it. */
static int ends_sentence(const char *text, size_t at) {
  return text[at] == ' ' && (text[at - 1] == '.' || text[at - 1] == '!' || text[at - 1] == '?');
}

/* The nearest place of a part behind `from`, `size` when there is none within a gap. */
static size_t nearest_behind(const struct replycode_classifier *image, uint32_t part, const char *text,
                             size_t size, size_t from) {
  char first = replycode__literals(image)[replycode__part_at(part)];
  size_t at, last = size - from > REPLYCODE__GAP ? from + REPLYCODE__GAP : size;
  for (at = from; at <= last && at < size; at++) {
    if (at > from + 1 && ends_sentence(text, at - 1)) return size;
    if (text[at] == first && part_at(image, part, text, size, at)) return at;
  }
  return size;
}

/* The nearest place of a part that ends before `to`, `size` when there is none within a gap. */
static size_t nearest_before(const struct replycode_classifier *image, uint32_t part, const char *text,
                             size_t size, size_t to) {
  size_t length = replycode__part_size(part), end, least = to > REPLYCODE__GAP ? to - REPLYCODE__GAP : 0;
  for (end = to; end >= least && end >= length; end--) {
    if (end + 1 < to && ends_sentence(text, end + 1)) return size;
    if (part_at(image, part, text, size, end - length)) return end - length;
  }
  return size;
}

int replycode__pattern_at(const struct replycode_classifier *image, const struct replycode__pattern *pattern,
                          const char *text, size_t size, size_t anchor, struct replycode__found *found) {
  const uint32_t *parts = replycode__parts(image) + pattern->part;
  size_t from = anchor, to = anchor + replycode__part_size(parts[pattern->anchor]), i, at;
  if (!part_at(image, parts[pattern->anchor], text, size, anchor)) return 0;
  for (i = pattern->anchor + 1u; i < pattern->parts; i++) {
    at = nearest_behind(image, parts[i], text, size, to);
    if (at == size) return 0;
    to = at + replycode__part_size(parts[i]);
  }
  for (i = pattern->anchor; i-- > 0;) {
    at = nearest_before(image, parts[i], text, size, from);
    if (at == size) return 0;
    from = at;
  }
  found->at = (uint32_t)from;
  found->size = (uint32_t)(to - from);
  return 1;
}

int replycode__pattern_in(const struct replycode_classifier *image, size_t number, const char *text, size_t size,
                          struct replycode__found *found) {
  const struct replycode__pattern *pattern = replycode__patterns(image) + number;
  uint32_t anchor = replycode__parts(image)[pattern->part + pattern->anchor];
  char first = replycode__literals(image)[replycode__part_at(anchor)];
  size_t at;
  for (at = 0; at + replycode__part_size(anchor) <= size; at++)
    if (text[at] == first && replycode__pattern_at(image, pattern, text, size, at, found)) return 1;
  return 0;
}

/* Every pattern that may have this gram, where it would have to stand. */
static int try_bucket(const struct replycode_classifier *image, uint32_t hash, const char *text, size_t size, size_t at,
                      replycode__each_match *each, void *context) {
  const uint16_t *bucket = replycode__buckets(image) + (hash >> image->bucket_shift);
  const uint16_t *row = replycode__grams(image) + bucket[0], *end = replycode__grams(image) + bucket[1];
  struct replycode__found found;
  for (; row < end; row++) {
    const struct replycode__pattern *pattern = replycode__patterns(image) + (*row >> 2);
    size_t offset = pattern->window + (*row & 3u);
    if (offset > at) continue;
    if (replycode__pattern_at(image, pattern, text, size, at - offset, &found) && !each(context, *row >> 2, &found)) return 0;
  }
  return 1;
}

void replycode__search(const struct replycode_classifier *image, const char *text, size_t size, replycode__each_match *each,
                       void *context) {
  const uint32_t *filter = replycode__filter(image);
  size_t at;
  if (image->pattern_count == 0) return;
  for (at = 0; at + REPLYCODE__GRAM <= size; at += REPLYCODE__STRIDE) {
    uint32_t hash = replycode__gram_hash(replycode__read_gram(text + at)), bit = hash >> image->filter_shift;
    if ((filter[bit / 32] >> bit % 32 & 1) != 0 && !try_bucket(image, hash, text, size, at, each, context)) return;
  }
}
