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
struct part {
  const char *bytes;
  size_t size, rare;
  int edges;
};

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

/* The first place of a part in [from, to], `size` when there is none. The part fits behind `to`. */
static inline size_t first_place(const struct part *part, const char *text, size_t size, size_t from, size_t to) {
  const char *at = text + from + part->rare, *end = text + to + part->rare + 1;
  while (at < end && (at = memchr(at, part->bytes[part->rare], (size_t)(end - at))) != NULL) {
    size_t begin = (size_t)(at - text) - part->rare;
    if (text[begin] == part->bytes[0] && part_at(part, text, size, begin)) return begin;
    at++;
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
                          size_t *from, struct replycode__found *found) {
  const struct replycode__pattern *pattern = replycode__patterns(image) + number;
  struct part part = part_of(image, replycode__parts(image)[pattern->part + replycode__anchor(pattern)]);
  while (part.size <= size && *from <= size - part.size) {
    size_t at = first_place(&part, text, size, *from, size - part.size);
    if (at == size) return 0;
    *from = at + 1;
    if (others_at(image, pattern, text, size, at, at + part.size, found)) return 1;
  }
  return 0;
}

/* A search under way. */
struct search {
  const struct replycode_classifier *image;
  const char *text;
  size_t size;
  struct replycode__visits *visits;
  replycode__each_match *each;
  void *context;
};

/* The patterns whose anchor stands at [from, to): they follow each other. */
static int try_patterns(const struct search *search, size_t number, size_t from, size_t to) {
  const struct replycode__pattern *patterns = replycode__patterns(search->image);
  uint8_t *visits = &search->visits->counts[number % sizeof search->visits->counts];
  struct replycode__found found;
  if (*visits == REPLYCODE__VISITS) return 1;
  ++*visits;
  for (;; number++) {
    if (others_at(search->image, &patterns[number], search->text, search->size, from, to, &found) &&
        !search->each(search->context, number, &found))
      return 0;
    if (patterns[number].shape & REPLYCODE__LAST) return 1;
  }
}

/* Every window that may have this gram, where it would have to stand. */
static int try_bucket(const struct search *search, uint32_t hash, size_t at) {
  const struct replycode_classifier *image = search->image;
  const uint16_t *bucket = replycode__buckets(image) + (hash >> image->bucket_shift);
  const uint16_t *row = replycode__grams(image) + bucket[0], *end = replycode__grams(image) + bucket[1];
  for (; row < end; row++) {
    const struct replycode__pattern *pattern = replycode__patterns(image) + (*row >> 1);
    struct part part = part_of(image, replycode__parts(image)[pattern->part + replycode__anchor(pattern)]);
    size_t offset = pattern->window + (*row & 1u), from = at - offset;
    if (offset > at || !part_at(&part, search->text, search->size, from)) continue;
    if (!try_patterns(search, *row >> 1, from, from + part.size)) return 0;
  }
  return 1;
}

void replycode__search(const struct replycode_classifier *image, const char *text, size_t size,
                       struct replycode__visits *visits, replycode__each_match *each, void *context) {
  const uint32_t *filter = replycode__filter(image);
  const struct search search = {image, text, size, visits, each, context};
  size_t at;
  if (image->pattern_count == 0) return;
  for (at = 0; at + REPLYCODE__GRAM <= size; at += REPLYCODE__STRIDE) {
    uint32_t hash = replycode__gram_hash(text + at), bit = hash >> image->filter_shift;
    if ((filter[bit / 32] >> bit % 32 & 1) != 0 && !try_bucket(&search, hash, at)) return;
  }
}
