/* compile.c - rules -> image. Nothing is allocated: what is needed on the way lies where the grams will be. */
#include "compile.h"

#include "condition.h"
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

static size_t bucket_number(size_t patterns) { return power_of_two(patterns * REPLYCODE__STRIDE / 2 + 1); }

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
  PLACE(owners, patterns * sizeof(uint16_t));
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
    return fail(fault, at, "code", "no code such as 550 or 5xx");
  if (rule->enhanced != NULL && !replycode__read_status(rule->enhanced, &read))
    return fail(fault, at, "enhanced", "no status such as 5.7.26, x.7.26, 5.7.x or 5.7.606-649");
  if ((rule->stages & ~ANY_STAGE) != 0) return fail(fault, at, "stage", "no such stage");
  if (rule->transience > REPLYCODE_PERMANENT || rule->transience == REPLYCODE_NOTHING_FAILED)
    return fail(fault, at, "transience", "expected transient or permanent");
  if (rule->scope > REPLYCODE_SERVER) return fail(fault, at, "scope", "no such scope");
  if (rule->action > REPLYCODE_GIVE_UP || rule->action == REPLYCODE_PROCEED) return fail(fault, at, "action", "no such action");
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
  if (counts->alternatives > REPLYCODE__PATTERNS) return fail(fault, sources->count, "rules", "too many");
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
  if (pattern->parts != cut->count) return 0;
  for (at = 0; at < cut->count; at++) {
    uint32_t part = build->parts[pattern->part + at];
    const struct replycode__piece *piece = &cut->pieces[at];
    if (replycode__part_size(part) != piece->size || replycode__part_edges(part) != piece->edges) return 0;
    if (memcmp(build->literals + replycode__part_at(part), piece->bytes, piece->size) != 0) return 0;
  }
  return 1;
}

static uint8_t asks_for_names(const struct replycode__cut *cut) {
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

static size_t add_pattern(struct build *build, const struct replycode__cut *cut) {
  size_t number = build->image->pattern_count++, at;
  struct replycode__pattern *pattern = &build->patterns[number];
  memset(pattern, 0, sizeof *pattern);
  pattern->part = (uint16_t)build->part;
  pattern->parts = (uint8_t)cut->count;
  pattern->anchor = (uint8_t)cut->anchor;
  pattern->literals = (uint8_t)cut->literals;
  pattern->asks = asks_for_names(cut);
  for (at = 0; at < cut->count; at++) {
    const struct replycode__piece *piece = &cut->pieces[at];
    build->parts[build->part++] = replycode__pack_part(literal_of(build, piece), piece->size, piece->edges);
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

static void add_direct(struct build *build, size_t rule, size_t pattern) {
  struct replycode__direct direct;
  size_t at = build->image->direct_count++;
  direct.provider = build->rules[rule].identifies ? 0 : build->rules[rule].provider;
  direct.code = build->rules[rule].code;
  direct.detail = build->rules[rule].klass == 0 ? 0 : build->rules[rule].detail_from;
  direct.reserved = 0;
  direct.rule = (uint16_t)rule;
  direct.pattern = (uint16_t)pattern;
  build->image->free_direct_count = (uint16_t)(build->image->free_direct_count + (direct.provider == 0));
  while (at > 0 && precedes(&direct, &build->direct[at - 1])) build->direct[at] = build->direct[at - 1], at--;
  build->direct[at] = direct;
}

static void add_text(struct build *build, size_t rule, const char *text) {
  while (text != NULL) {
    struct replycode__cut cut;
    size_t pattern;
    replycode__cut_pattern(&text, &cut);
    pattern = pattern_of(build, &cut);
    if (!is_searched(&cut)) {
      add_direct(build, rule, pattern);
      pattern = REPLYCODE__NO_PATTERN;
    } else if (build->patterns[pattern].owners < 0xff) {
      build->patterns[pattern].owners++;
    }
    build->alternatives[build->alternative++] = (uint16_t)pattern;
  }
}

static void add_rule(struct build *build, const struct replycode__source *source) {
  size_t number = build->image->rule_count++;
  struct replycode__text_rule *rule = &build->rules[number];
  const struct replycode_rule *said = &source->rule;
  memset(rule, 0, sizeof *rule);
  rule->stages = said->stages != 0 ? said->stages : ANY_STAGE;
  if (said->code != NULL) replycode__read_code(said->code, &rule->code);
  if (said->enhanced != NULL) replycode__read_status(said->enhanced, rule);
  rule->role = source->role;
  rule->rank = source->rank;
  rule->provider = (uint8_t)said->provider;
  rule->blocklist = source->blocklist;
  rule->identifies = source->identifies;
  rule->conditions = (uint8_t)((said->code != NULL) + (said->enhanced != NULL) + (said->stages != 0) + (said->provider != 0));
  rule->transience = said->transience;
  rule->cause = said->cause;
  rule->scope = said->scope;
  rule->action = said->action;
  rule->waiting = said->waiting;
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

/* ---- Owners and grams ------------------------------------------------------------------------------------------- */

static void place_owners(struct build *build) {
  size_t pattern, at = 0;
  for (pattern = 0; pattern < build->image->pattern_count; pattern++) {
    build->patterns[pattern].owner = (uint16_t)at;
    at += build->patterns[pattern].owners;
    build->patterns[pattern].owners = 0;
  }
  build->owner = at;
}

static void fill_owners(struct build *build, const struct replycode__sources *sources) {
  size_t rule, alternative = 0;
  place_owners(build);
  for (rule = 0; rule < sources->count; rule++) {
    struct replycode__source source;
    const char *text;
    sources->get(sources->rows, rule, &source);
    for (text = source.rule.text; text != NULL;) {
      struct replycode__cut cut;
      uint16_t pattern = build->alternatives[alternative++];
      replycode__cut_pattern(&text, &cut);
      if (pattern != REPLYCODE__NO_PATTERN)
        build->owners[build->patterns[pattern].owner + build->patterns[pattern].owners++] = (uint16_t)rule;
    }
  }
}

/* How often grams occur among all patterns tells how common they are in such text. */
enum { FREQUENCIES = 4096 };

static uint32_t anchor_of(const struct build *build, size_t pattern) {
  return build->parts[build->patterns[pattern].part + build->patterns[pattern].anchor];
}

static uint32_t gram_at(const struct build *build, size_t pattern, size_t offset) {
  return replycode__read_gram(build->literals + replycode__part_at(anchor_of(build, pattern)) + offset);
}

static size_t frequency_slot(uint32_t gram) { return replycode__gram_hash(gram) >> (32 - 12); }

static void count_grams(const struct build *build, uint16_t *frequencies) {
  size_t pattern, offset;
  for (pattern = 0; pattern < build->image->pattern_count; pattern++) {
    if (build->patterns[pattern].owners == 0) continue;
    for (offset = 0; offset + REPLYCODE__GRAM <= replycode__part_size(anchor_of(build, pattern)); offset++) {
      size_t slot = frequency_slot(gram_at(build, pattern, offset));
      if (frequencies[slot] < 0xffff) frequencies[slot]++;
    }
  }
}

/* Where the rarest window of a pattern's anchor begins. */
static size_t rarest_window(const struct build *build, const uint16_t *frequencies, size_t pattern) {
  size_t best = 0, offset, gram;
  unsigned long least = ~0ul;
  for (offset = 0; offset + REPLYCODE__WINDOW <= replycode__part_size(anchor_of(build, pattern)); offset++) {
    unsigned long sum = 0;
    for (gram = 0; gram < REPLYCODE__STRIDE; gram++) {
      unsigned long often = frequencies[frequency_slot(gram_at(build, pattern, offset + gram))];
      sum += often * often;
    }
    if (sum < least) least = sum, best = offset;
  }
  return best;
}

static size_t bucket_of(const struct build *build, uint32_t gram) {
  return replycode__gram_hash(gram) >> build->image->bucket_shift;
}

static uint32_t window_gram(const struct build *build, size_t pattern, size_t gram) {
  return gram_at(build, pattern, build->patterns[pattern].window + gram);
}

static void fill_filter(struct build *build) {
  size_t pattern, gram;
  for (pattern = 0; pattern < build->image->pattern_count; pattern++) {
    if (build->patterns[pattern].owners == 0) continue;
    for (gram = 0; gram < REPLYCODE__STRIDE; gram++) {
      uint32_t bytes = window_gram(build, pattern, gram);
      uint32_t bit = replycode__gram_hash(bytes) >> build->image->filter_shift;
      build->filter[bit / 32] |= UINT32_C(1) << bit % 32;
      build->buckets[bucket_of(build, bytes)]++;
    }
    build->searched++;
  }
}

/* The grams sorted by bucket; a bucket begins where the one before ends. */
static void fill_buckets(struct build *build) {
  size_t buckets = (size_t)1 << (32 - build->image->bucket_shift), pattern, gram, at;
  for (at = 1; at <= buckets; at++) build->buckets[at] = (uint16_t)(build->buckets[at] + build->buckets[at - 1]);
  for (pattern = build->image->pattern_count; pattern-- > 0;) {
    if (build->patterns[pattern].owners == 0) continue;
    for (gram = REPLYCODE__STRIDE; gram-- > 0;)
      build->grams[--build->buckets[bucket_of(build, window_gram(build, pattern, gram))]] =
        replycode__pack_gram(pattern, gram);
  }
}

static void choose_windows(struct build *build) {
  uint16_t frequencies[FREQUENCIES];
  size_t pattern;
  memset(frequencies, 0, sizeof frequencies);
  count_grams(build, frequencies);
  for (pattern = 0; pattern < build->image->pattern_count; pattern++)
    if (build->patterns[pattern].owners > 0)
      build->patterns[pattern].window = (uint8_t)rarest_window(build, frequencies, pattern);
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
  for (rule = 0; rule < sources->count; rule++) {
    struct replycode__source source;
    sources->get(sources->rows, rule, &source);
    add_rule(&build, &source);
    if (sources->caller) add_id(&build, sources, rule, source.rule.id);
  }
  fill_owners(&build, sources);
  memset(build.grams, 0, scratch_size(counts.alternatives));
  choose_windows(&build);
  fill_filter(&build);
  fill_buckets(&build);
  if (!is_bounded(&build)) {
    fail(fault, sources->count, "rules", "too many with the same words");
    return NULL;
  }
  compact(&build);
  return image;
}
