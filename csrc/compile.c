/* compile.c - rules -> image. Nothing is allocated: what is needed on the way lies where the grams will be. */
#include "compile.h"

#include "condition.h"
#include "fold.h"
#include "pattern.h"
#include "stages.h"

/* ---- Sizes ------------------------------------------------------------------------------------------------------ */

struct counts { size_t rules, alternatives, searched, parts, literals, direct, ids; };

static size_t aligned(size_t size) { return (size + 3) & ~(size_t)3; }

static size_t power_of_two(size_t least) {
  size_t power = 1;
  while (power < least) power *= 2;
  return power;
}

/* Bits of the filter, so many that most grams of strange text miss it, and that it stays in the nearest cache. */
static size_t filter_bits(size_t patterns) {
  size_t bits = power_of_two(patterns * REPLYCODE__STRIDE * 16);
  if (bits < 1024) return 1024;
  return bits > 131072 ? 131072 : bits;
}

static size_t bucket_number(size_t patterns) { return power_of_two(patterns * REPLYCODE__STRIDE / 2 + 2); }

static uint16_t shift_of(size_t power) {
  uint16_t shift = 32;
  while (power > 1) power /= 2, shift--;
  return shift;
}

/* What is needed on the way is more than the grams take in the end. */
static size_t scratch_size(size_t alternatives) {
  return (alternatives * REPLYCODE__STRIDE + power_of_two(2 * alternatives + 1)) * sizeof(uint16_t);
}

/* Places the sections for these counts; returns the size of all. */
static size_t place(struct replycode_classifier *image, const struct counts *counts) {
  size_t at = aligned(sizeof *image), patterns = counts->alternatives;
  size_t bits = filter_bits(counts->searched), buckets = bucket_number(counts->searched);
  image->filter_shift = shift_of(bits);
  image->bucket_shift = shift_of(buckets);
#define PLACE(field, bytes) image->field = (uint32_t)at, at += aligned(bytes)
  PLACE(filter, bits / 8);
  PLACE(buckets, (buckets + 1) * sizeof(uint16_t));
  PLACE(patterns, patterns * sizeof(struct replycode__pattern));
  PLACE(parts, counts->parts * sizeof(uint32_t));
  PLACE(owners, 2 * patterns * sizeof(uint16_t));
  PLACE(rules, counts->rules * sizeof(struct replycode__text_rule));
  PLACE(direct, counts->direct * sizeof(struct replycode__direct));
  PLACE(literals, counts->literals);
  PLACE(ids, counts->ids);
  PLACE(grams, scratch_size(patterns));
#undef PLACE
  return at;
}

/* ---- Checking --------------------------------------------------------------------------------------------------- */

static int fail(struct replycode_fault *fault, size_t rule, const char *field, const char *problem) {
  if (fault != NULL) {
    fault->rule = rule;
    fault->field = field;
    fault->problem = problem;
  }
  return 0;
}

static int is_searched(const struct replycode__cut *cut) {
  return cut->pieces[cut->anchor].size >= REPLYCODE__WINDOW;
}

/* A part shorter than the window is not searched but tried: only under a condition that seldom holds. */
static int may_be_short(const struct replycode_rule *rule) {
  return rule->code != NULL || rule->enhanced != NULL || rule->provider != 0;
}

static int count_text(const struct replycode__source *source, size_t at, struct counts *counts, struct replycode_fault *fault) {
  const char *text = source->rule.text;
  while (text != NULL) {
    struct replycode__cut cut;
    replycode__cut_pattern(&text, &cut);
    if (cut.problem != NULL) return fail(fault, at, "text", cut.problem);
    if (!is_searched(&cut) && !may_be_short(&source->rule))
      return fail(fault, at, "text", "too short: no part of 6 bytes, and no code, enhanced or provider beside it");
    counts->alternatives++;
    counts->searched += is_searched(&cut) ? 1 : 0;
    counts->direct += is_searched(&cut) ? 0 : 1;
    counts->parts += cut.count;
    counts->literals += cut.literals;
  }
  return 1;
}

static int check_values(const struct replycode_rule *rule, size_t at, struct replycode_fault *fault) {
  struct replycode__text_rule read;
  if (rule->code != NULL && !replycode__read_code(rule->code, &read.code))
    return fail(fault, at, "code", "no code of a failure such as 550 or 5xx");
  if (rule->enhanced != NULL && !replycode__read_status(rule->enhanced, &read))
    return fail(fault, at, "enhanced", "no status such as 5.7.26, x.7.26, 5.7.x or 5.7.606-649");
  if ((rule->stages & ~ANY_STAGE) != 0) return fail(fault, at, "stage", "no such stage");
  if (rule->transience > REPLYCODE_PERMANENT || rule->transience == REPLYCODE_NOTHING_FAILED)
    return fail(fault, at, "transience", "expected transient or permanent");
  if (rule->scope > REPLYCODE_SERVER) return fail(fault, at, "scope", "no such scope");
  if (rule->action > REPLYCODE_GIVE_UP) return fail(fault, at, "action", "no such action");
  if (rule->action == REPLYCODE_PROCEED) return fail(fault, at, "action", "proceed is for what did not fail");
  if (rule->waiting > REPLYCODE_WAITING_USELESS) return fail(fault, at, "waiting", "no such waiting");
  if (rule->provider != 0 && replycode_slug(REPLYCODE_KIND_PROVIDER, rule->provider) == NULL)
    return fail(fault, at, "provider", "no such provider");
  return 1;
}

static int check_caller(const struct replycode_rule *rule, size_t at, struct replycode_fault *fault) {
  if (rule->cause == REPLYCODE_NO_CAUSE || rule->cause > REPLYCODE_UNKNOWN || rule->cause == REPLYCODE_ACCEPTED)
    return fail(fault, at, "cause", "expected a cause of failure");
  if (rule->text == NULL && rule->code == NULL && rule->enhanced == NULL && rule->stages == 0 && rule->provider == 0)
    return fail(fault, at, "text", "no condition: it would decide every reply");
  return 1;
}

static int count(const struct replycode__sources *sources, struct counts *counts, struct replycode_fault *fault) {
  size_t at;
  memset(counts, 0, sizeof *counts);
  if (sources->count >= REPLYCODE__NO_PATTERN) return fail(fault, REPLYCODE__NO_PATTERN, "rules", "too many");
  for (at = 0; at < sources->count; at++) {
    struct replycode__source source;
    sources->get(sources->rows, at, &source);
    if (!check_values(&source.rule, at, fault)) return 0;
    if (sources->caller && !check_caller(&source.rule, at, fault)) return 0;
    if (source.rule.text == NULL) counts->direct++;
    else if (!count_text(&source, at, counts, fault)) return 0;
    counts->rules++;
    if (sources->caller) counts->ids += sizeof(uint32_t) + (source.rule.id == NULL ? 1 : strlen(source.rule.id) + 1);
  }
  if (counts->literals >= REPLYCODE__MOST_LITERALS || counts->alternatives > REPLYCODE__PATTERNS) return fail(fault, sources->count, "rules", "too many");
  return 1;
}

size_t replycode__image_size(const struct replycode__sources *sources, struct replycode_fault *fault) {
  struct replycode_classifier image;
  struct counts counts;
  return count(sources, &counts, fault) ? place(&image, &counts) : 0;
}

/* ---- Building --------------------------------------------------------------------------------------------------- */

/* The image under construction, its sections writable. `names` finds a pattern by its text, `alternatives` says which
 * pattern each alternative became. */
struct build {
  struct replycode_classifier *image;
  uint32_t *filter;
  uint16_t *buckets;
  uint16_t *grams;
  struct replycode__pattern *patterns;
  uint32_t *parts;
  uint16_t *owners;
  struct replycode__text_rule *rules;
  struct replycode__direct *direct;
  char *literals, *ids;
  uint16_t *alternatives, *names;
  size_t name_mask, alternative, part, owner, literal, id, searched;
};

static void begin(struct build *build, void *memory, const struct counts *counts) {
  struct replycode_classifier *image = memory;
  char *base = memory;
  size_t names = power_of_two(2 * counts->alternatives + 1);
  build->image = image;
#define SECTION(type, field) build->field = (type *)(void *)(base + image->field)
  SECTION(uint32_t, filter);
  SECTION(uint16_t, buckets);
  SECTION(uint16_t, grams);
  SECTION(struct replycode__pattern, patterns);
  SECTION(uint32_t, parts);
  SECTION(uint16_t, owners);
  SECTION(struct replycode__text_rule, rules);
  SECTION(struct replycode__direct, direct);
  SECTION(char, literals);
  SECTION(char, ids);
#undef SECTION
  build->alternatives = (uint16_t *)(void *)(base + image->grams);
  build->names = build->alternatives + counts->alternatives;
  build->name_mask = names - 1;
  build->alternative = build->part = build->owner = build->literal = build->id = build->searched = 0;
}

static uint32_t hash_of_cut(const struct replycode__cut *cut) {
  uint32_t hash = 2166136261u;
  size_t piece, at;
  for (piece = 0; piece < cut->count; piece++) {
    for (at = 0; at < cut->pieces[piece].size; at++)
      hash = (hash ^ (unsigned char)cut->pieces[piece].bytes[at]) * 16777619u;
    hash = (hash ^ (uint32_t)cut->pieces[piece].edges) * 16777619u;
  }
  return hash;
}

static int is_same(const struct build *build, const struct replycode__pattern *pattern, const struct replycode__cut *cut) {
  size_t at;
  if (replycode__part_count(pattern) != cut->count) return 0;
  for (at = 0; at < cut->count; at++) {
    uint32_t part = build->parts[pattern->part + at];
    const struct replycode__piece *piece = &cut->pieces[at];
    if (replycode__part_size(part) != piece->size || replycode__part_edges(part) != piece->edges) return 0;
    if (memcmp(build->literals + replycode__part_at(part), piece->bytes, piece->size) != 0) return 0;
  }
  return 1;
}

static int asks_for_names(const struct replycode__cut *cut) {
  size_t at, byte;
  for (at = 0; at < cut->count; at++)
    for (byte = 0; byte < cut->pieces[at].size; byte++)
      if (memchr(".@/<", cut->pieces[at].bytes[byte], 4) != NULL) return 1;
  return 0;
}

/* Where these bytes stand among the literals; they are added when they are new. Words come again and again. */
static size_t literal_of(struct build *build, const struct replycode__piece *piece) {
  size_t at;
  for (at = 0; at + piece->size <= build->literal; at++)
    if (build->literals[at] == piece->bytes[0] && memcmp(build->literals + at, piece->bytes, piece->size) == 0) return at;
  memcpy(build->literals + build->literal, piece->bytes, piece->size);
  build->literal += piece->size;
  return build->literal - piece->size;
}

static void add_literals(struct build *build, const char *text, size_t size) {
  while (text != NULL) {
    struct replycode__cut cut;
    size_t at;
    replycode__cut_pattern(&text, &cut);
    for (at = 0; at < cut.count; at++)
      if (cut.pieces[at].size == size) literal_of(build, &cut.pieces[at]);
  }
}

/* Long ones first, so that short ones are found inside them. Worth the time only where it is not the caller's. */
static void sort_literals(struct build *build, const struct replycode__sources *sources) {
  size_t size, rule;
  for (size = REPLYCODE__LITERALS; size > 0; size--)
    for (rule = 0; rule < sources->count; rule++) {
      struct replycode__source source;
      sources->get(sources->rows, rule, &source);
      add_literals(build, source.rule.text, size);
    }
}

/* The place of the byte that is rarest in text; what is no letter in the list is rarer than all of them. */
static size_t rarest_byte(const struct replycode__piece *piece) {
  static const char common[] = " etaoinsrldcmuphfbgyvwkxjqz0123456789";
  size_t at, best = 0, rarest = 0;
  for (at = 0; at < piece->size; at++) {
    const char *place = memchr(common, piece->bytes[at], sizeof common - 1);
    size_t rank = place == NULL ? 30 : (size_t)(place - common);
    if (rank <= rarest) continue;
    rarest = rank;
    best = at;
  }
  return best;
}

static size_t add_pattern(struct build *build, const struct replycode__cut *cut) {
  size_t number = build->image->pattern_count++, at;
  struct replycode__pattern *pattern = &build->patterns[number];
  memset(pattern, 0, sizeof *pattern);
  pattern->part = (uint16_t)build->part;
  pattern->shape = (uint8_t)((cut->count - 1) | cut->anchor << 2);
  if (asks_for_names(cut)) pattern->shape |= REPLYCODE__ASKS;
  if (!is_searched(cut)) pattern->shape |= REPLYCODE__TRIED;
  for (at = 0; at < cut->count; at++) {
    const struct replycode__piece *piece = &cut->pieces[at];
    build->parts[build->part++] = replycode__pack_part(literal_of(build, piece), piece->size, piece->edges, rarest_byte(piece));
  }
  return number;
}

/* The number of the pattern of this text, made when it is new: equal texts are searched once, whoever owns them. */
static size_t pattern_of(struct build *build, const struct replycode__cut *cut) {
  size_t slot = hash_of_cut(cut) & build->name_mask;
  while (build->names[slot] != 0) {
    if (is_same(build, &build->patterns[build->names[slot] - 1], cut)) return build->names[slot] - 1u;
    slot = (slot + 1) & build->name_mask;
  }
  build->names[slot] = (uint16_t)(add_pattern(build, cut) + 1);
  return build->names[slot] - 1u;
}

static int precedes(const struct replycode__direct *a, const struct replycode__direct *b) {
  if (a->provider != b->provider) return a->provider < b->provider;
  if (a->code != b->code) return a->code < b->code;
  return a->detail < b->detail;
}

/* The sum of a part that is a word of its own, 0 for any other. */
static unsigned word_sum(const struct build *build, size_t number) {
  const struct replycode__pattern *pattern;
  uint32_t part;
  size_t at;
  if (number == REPLYCODE__NO_PATTERN) return 0;
  pattern = &build->patterns[number];
  part = build->parts[pattern->part + replycode__anchor(pattern)];
  if (replycode__part_edges(part) != (REPLYCODE__STARTS | REPLYCODE__ENDS)) return 0;
  for (at = 0; at < replycode__part_size(part); at++)
    if (!replycode__is_word_byte(build->literals[replycode__part_at(part) + at])) return 0;
  return replycode__word_sum(build->literals + replycode__part_at(part), replycode__part_size(part));
}

static void add_direct(struct build *build, size_t rule, size_t pattern) {
  struct replycode__direct direct;
  size_t at = build->image->direct_count++;
  direct.provider = replycode__identifies(&build->rules[rule]) ? 0 : build->rules[rule].provider;
  direct.code = build->rules[rule].code;
  direct.detail = build->rules[rule].klass == 0 ? 0 : build->rules[rule].detail_from;
  direct.sum = (uint16_t)word_sum(build, pattern);
  direct.rule = (uint16_t)rule;
  direct.pattern = (uint16_t)pattern;
  build->image->free_direct_count = (uint16_t)(build->image->free_direct_count + (direct.provider == 0));
  build->image->free_any_count = (uint16_t)(build->image->free_any_count + (direct.provider == 0 && direct.code == 0));
  while (at > 0 && precedes(&direct, &build->direct[at - 1])) build->direct[at] = build->direct[at - 1], at--;
  build->direct[at] = direct;
}

static void add_text(struct build *build, size_t rule, const char *text) {
  while (text != NULL) {
    struct replycode__cut cut;
    size_t pattern;
    replycode__cut_pattern(&text, &cut);
    pattern = pattern_of(build, &cut);
    if (!is_searched(&cut)) add_direct(build, rule, pattern);
    build->alternatives[build->alternative++] = (uint16_t)pattern;
  }
}

static int count_conditions(const struct replycode_rule *rule) {
  return (rule->code != NULL) + (rule->enhanced != NULL) + (rule->stages != 0) + (rule->provider != 0);
}

static void add_rule(struct build *build, const struct replycode__source *source) {
  size_t number = build->image->rule_count++;
  struct replycode__text_rule *rule = &build->rules[number];
  const struct replycode_rule *said = &source->rule;
  memset(rule, 0, sizeof *rule);
  rule->stages = said->stages != 0 ? said->stages : ANY_STAGE;
  if (said->code != NULL) replycode__read_code(said->code, &rule->code);
  if (said->enhanced != NULL) replycode__read_status(said->enhanced, rule);
  rule->provider = (uint8_t)said->provider;
  rule->blocklist = source->blocklist;
  rule->cause = said->cause;
  rule->scope_action = (uint8_t)(said->scope | said->action << 4);
  rule->role_rank = (uint8_t)(source->role | source->rank << 4);
  rule->flags = (uint8_t)(count_conditions(said) | said->waiting << 3 | said->transience << 5 | source->identifies << 7);
  if (said->text == NULL) add_direct(build, number, REPLYCODE__NO_PATTERN);
  else add_text(build, number, said->text);
}

/* The ids begin with where each of them stands. */
static void add_id(struct build *build, const struct replycode__sources *sources, size_t rule, const char *id) {
  uint32_t *places = (uint32_t *)(void *)build->ids;
  size_t size = id == NULL ? 0 : strlen(id);
  if (build->id == 0) build->id = sources->count * sizeof *places;
  places[rule] = (uint32_t)build->id;
  if (size > 0) memcpy(build->ids + build->id, id, size);
  build->id += size;
  build->ids[build->id++] = '\0';
}

/* ---- Owners ----------------------------------------------------------------------------------------------------- */

/* How many rules have the pattern, which is in `owner` until all are counted. */
static void count_owners(struct build *build) {
  size_t alternative;
  for (alternative = 0; alternative < build->alternative; alternative++)
    build->patterns[build->alternatives[alternative]].owner++;
}

/* Room for the lists of those that have several; `owner` becomes the list's place. */
static void place_owners(struct build *build) {
  size_t pattern;
  for (pattern = 0; pattern < build->image->pattern_count; pattern++) {
    uint16_t count = build->patterns[pattern].owner;
    if (count < 2) continue;
    build->patterns[pattern].shape |= REPLYCODE__SHARED;
    build->patterns[pattern].owner = (uint16_t)build->owner;
    build->owners[build->owner] = 0;
    build->owner += count + 1u;
  }
}

static void add_owner(struct build *build, size_t number, size_t rule) {
  struct replycode__pattern *pattern = &build->patterns[number];
  uint16_t *list = build->owners + pattern->owner;
  if (pattern->shape & REPLYCODE__SHARED) list[++list[0]] = (uint16_t)rule;
  else pattern->owner = (uint16_t)rule;
}

static void fill_owners(struct build *build, const struct replycode__sources *sources) {
  size_t rule, alternative = 0;
  count_owners(build);
  place_owners(build);
  for (rule = 0; rule < sources->count; rule++) {
    struct replycode__source source;
    const char *text;
    sources->get(sources->rows, rule, &source);
    for (text = source.rule.text; text != NULL;) {
      struct replycode__cut cut;
      replycode__cut_pattern(&text, &cut);
      add_owner(build, build->alternatives[alternative++], rule);
    }
  }
}

/* ---- Grams ------------------------------------------------------------------------------------------------------ */

static int is_tried(const struct build *build, size_t pattern) {
  return (build->patterns[pattern].shape & REPLYCODE__TRIED) != 0;
}

/* How often grams occur among all patterns and in the examples tells how common they are in such text. Counted by hash where
 * the grams will be. */
struct frequencies { uint16_t *counts; uint16_t shift; };

enum { EXAMPLE_WEIGHT = 4 };

static uint16_t *frequency_of(const struct frequencies *frequencies, uint32_t hash) {
  return &frequencies->counts[hash >> frequencies->shift];
}

static uint32_t part_gram(const struct build *build, uint32_t part, size_t offset) {
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
    for (at = 0; at + REPLYCODE__GRAM <= size; at++) count_gram(frequencies, replycode__gram_hash(text + at), EXAMPLE_WEIGHT);
  }
}

static void count_grams(const struct build *build, const struct frequencies *frequencies) {
  size_t part, offset;
  for (part = 0; part < build->part; part++)
    for (offset = 0; offset + REPLYCODE__GRAM <= replycode__part_size(build->parts[part]); offset++)
      count_gram(frequencies, part_gram(build, build->parts[part], offset), 1);
}

/* The rarest window of a part; how common it is in *least, which only gets less. Returns whether it did. */
static int rarest_window(const struct build *build, const struct frequencies *frequencies, uint32_t part, unsigned long *least,
                         uint8_t *window) {
  size_t offset, gram;
  int found = 0;
  for (offset = 0; offset + REPLYCODE__WINDOW <= replycode__part_size(part); offset++) {
    unsigned long sum = 0;
    for (gram = 0; gram < REPLYCODE__STRIDE; gram++) {
      unsigned long often = *frequency_of(frequencies, part_gram(build, part, offset + gram));
      sum += often * often;
    }
    if (sum >= *least) continue;
    *least = sum;
    *window = (uint8_t)offset;
    found = 1;
  }
  return found;
}

static void choose_window(struct build *build, const struct frequencies *frequencies, struct replycode__pattern *pattern) {
  unsigned long least = ~0ul;
  unsigned part;
  for (part = 0; part < replycode__part_count(pattern); part++)
    if (rarest_window(build, frequencies, build->parts[pattern->part + part], &least, &pattern->window))
      pattern->shape = (uint8_t)((pattern->shape & ~12u) | part << 2);
}

static void choose_windows(struct build *build, const struct replycode__sources *sources, size_t scratch) {
  struct frequencies frequencies;
  size_t pattern, slots = power_of_two(scratch / sizeof(uint16_t) + 1) / 2;
  frequencies.counts = build->grams;
  frequencies.shift = shift_of(slots);
  memset(build->grams, 0, scratch);
  count_grams(build, &frequencies);
  count_examples(sources, &frequencies);
  for (pattern = 0; pattern < build->image->pattern_count; pattern++)
    if (!is_tried(build, pattern)) choose_window(build, &frequencies, &build->patterns[pattern]);
  memset(build->grams, 0, scratch);
}

/* ---- Order: patterns with the same window follow each other ----------------------------------------------------- */

static uint32_t anchor_of(const struct build *build, const struct replycode__pattern *pattern) {
  return build->parts[pattern->part + replycode__anchor(pattern)];
}

static int has_window_of(const struct build *build, const struct replycode__pattern *a, const struct replycode__pattern *b) {
  return a->window == b->window && anchor_of(build, a) == anchor_of(build, b) &&
         ((a->shape ^ b->shape) & REPLYCODE__TRIED) == 0;
}

static int comes_before(const struct build *build, const struct replycode__pattern *a, uint16_t number_a,
                        const struct replycode__pattern *b, uint16_t number_b) {
  uint32_t of_a = anchor_of(build, a), of_b = anchor_of(build, b);
  if (((a->shape ^ b->shape) & REPLYCODE__TRIED) != 0) return (b->shape & REPLYCODE__TRIED) != 0;
  if (of_a != of_b) return of_a < of_b;
  return a->window != b->window ? a->window < b->window : number_a < number_b;
}

/* Shell's sort; `numbers` says which pattern stands where now. */
static void sort_patterns(struct build *build, uint16_t *numbers) {
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

static void renumber_direct(struct build *build, const uint16_t *numbers) {
  size_t direct, pattern;
  for (direct = 0; direct < build->image->direct_count; direct++) {
    if (build->direct[direct].pattern == REPLYCODE__NO_PATTERN) continue;
    for (pattern = 0; numbers[pattern] != build->direct[direct].pattern;) pattern++;
    build->direct[direct].pattern = (uint16_t)pattern;
  }
}

static void order_patterns(struct build *build) {
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
static int is_first(const struct build *build, size_t pattern) {
  if (build->patterns[pattern].shape & REPLYCODE__TRIED) return 0;
  return pattern == 0 || (build->patterns[pattern - 1].shape & REPLYCODE__LAST) != 0;
}

static size_t bucket_of(const struct build *build, uint32_t hash) { return hash >> build->image->bucket_shift; }

/* Where a gram of the pattern's window stands. */
static const char *window_gram(const struct build *build, size_t number, size_t gram) {
  const struct replycode__pattern *pattern = &build->patterns[number];
  return build->literals + replycode__part_at(anchor_of(build, pattern)) + pattern->window + gram;
}

static void fill_filter(struct build *build) {
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
static void fill_buckets(struct build *build) {
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

/* Equal texts and words left room: moves the sections together and gives them their final places. */
static void compact(struct build *build) {
  struct replycode_classifier *image = build->image, from = *image;
  char *base = (char *)image;
  size_t at = image->patterns;
#define MOVE(field, bytes)                                         \
  memmove(base + at, base + from.field, bytes);                    \
  memset(base + at + (bytes), 0, aligned(bytes) - (bytes));        \
  image->field = (uint32_t)at, at += aligned(bytes)
  MOVE(patterns, image->pattern_count * sizeof(struct replycode__pattern));
  MOVE(parts, build->part * sizeof(uint32_t));
  MOVE(owners, build->owner * sizeof(uint16_t));
  MOVE(rules, image->rule_count * sizeof(struct replycode__text_rule));
  MOVE(direct, image->direct_count * sizeof(struct replycode__direct));
  MOVE(literals, build->literal);
  MOVE(ids, build->id);
  MOVE(grams, build->searched * REPLYCODE__STRIDE * sizeof(uint16_t));
#undef MOVE
  image->size = (uint32_t)at;
}

/* A gram that too many patterns share would make every text with it slow. */
static int is_bounded(const struct build *build) {
  size_t buckets = (size_t)1 << (32 - build->image->bucket_shift), at;
  for (at = 0; at < buckets; at++)
    if (build->buckets[at + 1] - build->buckets[at] > REPLYCODE__BUCKET) return 0;
  return 1;
}

const struct replycode_classifier *replycode__compile(const struct replycode__sources *sources, unsigned options,
                                                      void *memory, size_t size, struct replycode_fault *fault) {
  struct replycode_classifier *image = memory;
  struct counts counts;
  struct build build;
  size_t need, rule;
  if (!count(sources, &counts, fault) || size < sizeof *image) return NULL;
  memset(image, 0, sizeof *image);
  need = place(image, &counts);
  if (size < need) return NULL;
  memset((char *)memory + sizeof *image, 0, need - sizeof *image);
  image->options = options;
  image->caller = (uint16_t)sources->caller;
  begin(&build, memory, &counts);
  if (!sources->caller) sort_literals(&build, sources);
  for (rule = 0; rule < sources->count; rule++) {
    struct replycode__source source;
    sources->get(sources->rows, rule, &source);
    add_rule(&build, &source);
    if (sources->caller) add_id(&build, sources, rule, source.rule.id);
  }
  fill_owners(&build, sources);
  choose_windows(&build, sources, scratch_size(counts.alternatives));
  order_patterns(&build);
  fill_filter(&build);
  fill_buckets(&build);
  if (!is_bounded(&build)) {
    fail(fault, sources->count, "rules", "too many with the same words");
    return NULL;
  }
  compact(&build);
  return image;
}
