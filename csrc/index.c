/* index.c - which grams find which patterns. Where the grams will be is room for what is needed on the way. */
#include "build.h"
#include "fold.h"

static int is_tried(const struct replycode__build *build, size_t pattern) {
  return (build->patterns[pattern].shape & REPLYCODE__TRIED) != 0;
}

/* ---- Grams ------------------------------------------------------------------------------------------------------ */

/* How often grams occur among all patterns and in the examples tells how common they are in such text. Counted by hash where
 * the grams will be. */
struct frequencies {
  uint16_t *counts;
  uint16_t shift;
};

enum { EXAMPLE_WEIGHT = 16 };

static uint16_t *frequency_of(const struct frequencies *frequencies, uint32_t hash) {
  return &frequencies->counts[hash >> frequencies->shift];
}

static uint32_t part_gram(const struct replycode__build *build, uint32_t part, size_t offset) {
  return replycode__gram_hash(build->literals + replycode__part_at(part) + offset);
}

static void count_gram(const struct frequencies *frequencies, uint32_t hash, unsigned weight) {
  uint16_t *often = frequency_of(frequencies, hash);
  if (*often < 0xffff - weight) *often = (uint16_t)(*often + weight);
}

static void count_examples(const struct replycode__sources *sources, const struct frequencies *frequencies) {
  char text[256];
  size_t rule, at, size;
  for (rule = 0; sources->example != NULL && rule < sources->count; rule++) {
    const char *example = sources->example(sources->rows, rule);
    size = strlen(example) < sizeof text ? strlen(example) : sizeof text;
    size = replycode__fold(text, example, size);
    for (at = 0; at + REPLYCODE__GRAM <= size; at++)
      count_gram(frequencies, replycode__gram_hash(text + at), EXAMPLE_WEIGHT);
  }
}

static void count_grams(const struct replycode__build *build, const struct frequencies *frequencies) {
  size_t part, offset;
  for (part = 0; part < build->part; part++)
    for (offset = 0; offset + REPLYCODE__GRAM <= replycode__part_size(build->parts[part]); offset++)
      count_gram(frequencies, part_gram(build, build->parts[part], offset), 1);
}

/* The rarest window of a part; how common it is in *least, which only gets less. Returns whether it did. */
static int rarest_window(const struct replycode__build *build, const struct frequencies *frequencies, uint32_t part,
                         unsigned long *least, uint8_t *window) {
  size_t offset, gram;
  int found = 0;
  for (offset = 0; offset + REPLYCODE__WINDOW <= replycode__part_size(part); offset++) {
    unsigned long sum = 0;
    for (gram = 0; gram < REPLYCODE__STRIDE; gram++) {
      unsigned long often = *frequency_of(frequencies, part_gram(build, part, offset + gram));
      sum += often;
    }
    if (sum >= *least) continue;
    *least = sum;
    *window = (uint8_t)offset;
    found = 1;
  }
  return found;
}

static void choose_window(struct replycode__build *build, const struct frequencies *frequencies,
                          struct replycode__pattern *pattern) {
  unsigned long least = ~0ul;
  unsigned part;
  for (part = 0; part < replycode__part_count(pattern); part++)
    if (rarest_window(build, frequencies, build->parts[pattern->part + part], &least, &pattern->window))
      pattern->shape = (uint8_t)((pattern->shape & ~12u) | part << 2);
}

static void choose_windows(struct replycode__build *build, const struct replycode__sources *sources, size_t scratch) {
  struct frequencies frequencies;
  size_t pattern, slots = replycode__power_of_two(scratch / sizeof(uint16_t) + 1) / 2;
  frequencies.counts = build->grams;
  frequencies.shift = replycode__shift_of(slots);
  memset(build->grams, 0, scratch);
  count_grams(build, &frequencies);
  count_examples(sources, &frequencies);
  for (pattern = 0; pattern < build->image->pattern_count; pattern++)
    if (!is_tried(build, pattern)) choose_window(build, &frequencies, &build->patterns[pattern]);
  memset(build->grams, 0, scratch);
}

/* ---- Order: patterns with the same window follow each other ----------------------------------------------------- */

static uint32_t anchor_of(const struct replycode__build *build, const struct replycode__pattern *pattern) {
  return build->parts[pattern->part + replycode__anchor(pattern)];
}

static int has_window_of(const struct replycode__build *build, const struct replycode__pattern *a,
                         const struct replycode__pattern *b) {
  return a->window == b->window && anchor_of(build, a) == anchor_of(build, b) &&
         ((a->shape ^ b->shape) & REPLYCODE__TRIED) == 0;
}

static int comes_before(const struct replycode__build *build, const struct replycode__pattern *a, uint16_t number_a,
                        const struct replycode__pattern *b, uint16_t number_b) {
  uint32_t of_a = anchor_of(build, a), of_b = anchor_of(build, b);
  if (((a->shape ^ b->shape) & REPLYCODE__TRIED) != 0) return (b->shape & REPLYCODE__TRIED) != 0;
  if (of_a != of_b) return of_a < of_b;
  return a->window != b->window ? a->window < b->window : number_a < number_b;
}

/* Shell's sort; `numbers` says which pattern stands where now. */
static void sort_patterns(struct replycode__build *build, uint16_t *numbers) {
  size_t count = build->image->pattern_count, step, at, to;
  for (at = 0; at < count; at++) numbers[at] = (uint16_t)at;
  for (step = count / 2; step > 0; step /= 2)
    for (at = step; at < count; at++) {
      struct replycode__pattern pattern = build->patterns[at];
      uint16_t number = numbers[at];
      for (to = at; to >= step; to -= step) {
        if (!comes_before(build, &pattern, number, &build->patterns[to - step], numbers[to - step])) break;
        build->patterns[to] = build->patterns[to - step];
        numbers[to] = numbers[to - step];
      }
      build->patterns[to] = pattern;
      numbers[to] = number;
    }
}

static void renumber_direct(struct replycode__build *build, const uint16_t *numbers) {
  size_t direct, pattern;
  for (direct = 0; direct < build->image->direct_count; direct++) {
    if (build->direct[direct].pattern == REPLYCODE__NO_PATTERN) continue;
    for (pattern = 0; numbers[pattern] != build->direct[direct].pattern;) pattern++;
    build->direct[direct].pattern = (uint16_t)pattern;
  }
}

static void order_patterns(struct replycode__build *build) {
  size_t at, count = build->image->pattern_count;
  sort_patterns(build, build->grams);
  renumber_direct(build, build->grams);
  for (at = 0; at < count; at++)
    if (at + 1 == count || !has_window_of(build, &build->patterns[at], &build->patterns[at + 1]))
      build->patterns[at].shape |= REPLYCODE__LAST;
  memset(build->grams, 0, count * sizeof *build->grams);
}

/* ---- Filter and buckets ----------------------------------------------------------------------------------------- */

/* Whether the pattern is the first with its window: the grams name that one. */
static int is_first(const struct replycode__build *build, size_t pattern) {
  if (build->patterns[pattern].shape & REPLYCODE__TRIED) return 0;
  return pattern == 0 || (build->patterns[pattern - 1].shape & REPLYCODE__LAST) != 0;
}

static size_t bucket_of(const struct replycode__build *build, uint32_t hash) {
  return hash >> build->image->bucket_shift;
}

/* Where a gram of the pattern's window stands. */
static const char *window_gram(const struct replycode__build *build, size_t number, size_t gram) {
  const struct replycode__pattern *pattern = &build->patterns[number];
  return build->literals + replycode__part_at(anchor_of(build, pattern)) + pattern->window + gram;
}

static void fill_filter(struct replycode__build *build) {
  size_t pattern, gram;
  for (pattern = 0; pattern < build->image->pattern_count; pattern++) {
    if (!is_first(build, pattern)) continue;
    for (gram = 0; gram < REPLYCODE__STRIDE; gram++) {
      uint32_t hash = replycode__gram_hash(window_gram(build, pattern, gram));
      uint32_t bit = hash >> build->image->filter_shift;
      build->filter[bit / 32] |= UINT32_C(1) << bit % 32;
      build->buckets[bucket_of(build, hash)]++;
    }
    build->searched++;
  }
}

/* The grams sorted by bucket; a bucket begins where the one before ends. */
static void fill_buckets(struct replycode__build *build) {
  size_t buckets = (size_t)1 << (32 - build->image->bucket_shift), pattern, gram, at;
  for (at = 1; at <= buckets; at++) build->buckets[at] = (uint16_t)(build->buckets[at] + build->buckets[at - 1]);
  for (pattern = build->image->pattern_count; pattern-- > 0;) {
    if (!is_first(build, pattern)) continue;
    for (gram = REPLYCODE__STRIDE; gram-- > 0;) {
      size_t row = --build->buckets[bucket_of(build, replycode__gram_hash(window_gram(build, pattern, gram)))];
      build->grams[row] = replycode__pack_gram(pattern, gram);
    }
  }
}

void replycode__index(struct replycode__build *build, const struct replycode__sources *sources, size_t scratch) {
  choose_windows(build, sources, scratch);
  order_patterns(build);
  fill_filter(build);
  fill_buckets(build);
}
