/* match.c - the search. Time grows with the text and with what looks like a match in it, not with the rules. */
#include "match.h"

static int has_edges(int edges, const char *text, size_t size, size_t at, size_t end) {
  if ((edges & REPLYCODE__STARTS) && at > 0 && replycode__is_word_byte(text[at - 1])) return 0;
  return !((edges & REPLYCODE__ENDS) && end < size && replycode__is_word_byte(text[end]));
}

/* Short texts are compared here: a call would cost more. */
static inline int is_equal(const char *a, const char *b, size_t size) {
  uint64_t x, y;
  size_t at = 0;
  for (; size - at >= 8; at += 8) {
    memcpy(&x, a + at, 8);
    memcpy(&y, b + at, 8);
    if (x != y) return 0;
  }
  for (; at < size; at++)
    if (a[at] != b[at]) return 0;
  return 1;
}

/* A part as it is compared; `rare` is where it has a byte that text seldom has. */
struct part { const char *bytes; size_t size, rare; int edges; };

static inline struct part part_of(const struct replycode_classifier *image, uint32_t packed) {
  struct part part;
  part.bytes = replycode__literals(image) + replycode__part_at(packed);
  part.size = replycode__part_size(packed);
  part.rare = replycode__part_rare(packed);
  part.edges = replycode__part_edges(packed);
  return part;
}

static inline int part_at(const struct part *part, const char *text, size_t size, size_t at) {
  if (part->size > size || at > size - part->size) return 0;
  return is_equal(text + at, part->bytes, part->size) && has_edges(part->edges, text, size, at, at + part->size);
}

/* A gap does not pass the end of a sentence. */
static int is_gap(const char *text, size_t from, size_t to) {
  for (; from + 1 < to; from++)
    if (text[from + 1] == ' ' && (text[from] == '.' || text[from] == '!' || text[from] == '?')) return 0;
  return 1;
}

/* The first place of a part in [from, to], `size` when there is none. */
static size_t first_place(const struct part *part, const char *text, size_t size, size_t from, size_t to) {
  while (from <= to) {
    const char *rare = memchr(text + from + part->rare, part->bytes[part->rare], to - from + 1);
    if (rare == NULL) break;
    from = (size_t)(rare - text) - part->rare;
    if (part_at(part, text, size, from)) return from;
    from++;
  }
  return size;
}

/* The nearest place of a part behind `from`, `size` when there is none within a gap. */
static size_t nearest_behind(const struct part *part, const char *text, size_t size, size_t from) {
  size_t last = from + REPLYCODE__GAP, at;
  if (part->size > size - from) return size;
  if (last > size - part->size) last = size - part->size;
  at = first_place(part, text, size, from, last);
  return at < size && is_gap(text, from, at) ? at : size;
}

/* The nearest place of a part that ends before `to`, `size` when there is none within a gap. */
static size_t nearest_before(const struct part *part, const char *text, size_t size, size_t to) {
  size_t last, from, at, found = size;
  if (part->size > to) return size;
  last = to - part->size;
  from = last > REPLYCODE__GAP ? last - REPLYCODE__GAP : 0;
  while ((at = first_place(part, text, size, from, last)) < size) {
    found = at;
    from = at + 1;
  }
  return found < size && is_gap(text, found + part->size, to) ? found : size;
}

/* The parts beside the anchor, which stands at [from, to). */
static int others_at(const struct replycode_classifier *image, const struct replycode__pattern *pattern, const char *text,
                     size_t size, size_t from, size_t to, struct replycode__found *found) {
  const uint32_t *parts = replycode__parts(image) + pattern->part;
  unsigned anchor = replycode__anchor(pattern), count = replycode__part_count(pattern), i;
  size_t at;
  found->at = (uint32_t)from;
  found->size = (uint32_t)(to - from);
  if (count == 1) return 1;
  for (i = anchor + 1; i < count; i++) {
    struct part part = part_of(image, parts[i]);
    at = nearest_behind(&part, text, size, to);
    if (at == size) return 0;
    to = at + part.size;
  }
  for (i = anchor; i-- > 0;) {
    struct part part = part_of(image, parts[i]);
    at = nearest_before(&part, text, size, from);
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
  struct part part = part_of(image, replycode__parts(image)[pattern->part + replycode__anchor(pattern)]);
  size_t at = 0;
  if (part.size > size) return 0;
  while ((at = first_place(&part, text, size, at, size - part.size)) < size) {
    if (others_at(image, pattern, text, size, at, at + part.size, found)) return 1;
    at++;
  }
  return 0;
}

/* The patterns whose anchor stands at [from, to): they follow each other. */
static int try_patterns(const struct replycode_classifier *image, size_t number, const char *text, size_t size, size_t from,
                        size_t to, replycode__each_match *each, void *context) {
  const struct replycode__pattern *patterns = replycode__patterns(image);
  struct replycode__found found;
  for (;; number++) {
    if (others_at(image, &patterns[number], text, size, from, to, &found) && !each(context, number, &found)) return 0;
    if (patterns[number].shape & REPLYCODE__LAST) return 1;
  }
}

/* Every window that may have this gram, where it would have to stand. */
static int try_bucket(const struct replycode_classifier *image, uint32_t hash, const char *text, size_t size, size_t at,
                      replycode__each_match *each, void *context) {
  const uint16_t *bucket = replycode__buckets(image) + (hash >> image->bucket_shift);
  const uint16_t *row = replycode__grams(image) + bucket[0], *end = replycode__grams(image) + bucket[1];
  for (; row < end; row++) {
    const struct replycode__pattern *pattern = replycode__patterns(image) + (*row >> 1);
    struct part part = part_of(image, replycode__parts(image)[pattern->part + replycode__anchor(pattern)]);
    size_t offset = pattern->window + (*row & 1u), from = at - offset;
    if (offset > at || !part_at(&part, text, size, from)) continue;
    if (!try_patterns(image, *row >> 1, text, size, from, from + part.size, each, context)) return 0;
  }
  return 1;
}

void replycode__search(const struct replycode_classifier *image, const char *text, size_t size, replycode__each_match *each,
                       void *context) {
  const uint32_t *filter = replycode__filter(image);
  size_t at;
  if (image->pattern_count == 0) return;
  for (at = 0; at + REPLYCODE__GRAM <= size; at += REPLYCODE__STRIDE) {
    uint32_t hash = replycode__gram_hash(text + at), bit = hash >> image->filter_shift;
    if ((filter[bit / 32] >> bit % 32 & 1) != 0 && !try_bucket(image, hash, text, size, at, each, context)) return;
  }
}
