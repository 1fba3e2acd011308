/* compile.c - rules -> image. Nothing is allocated: what is needed on the way lies where the grams will be. */
#include "build.h"
#include "condition.h"
#include "stages.h"

/* ---- Building --------------------------------------------------------------------------------------------------- */

static void begin(struct replycode__build *build, void *memory, const struct replycode__counts *counts) {
  struct replycode_classifier *image = memory;
  char *base = memory;
  size_t names = replycode__power_of_two(2 * counts->alternatives + 1);
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
    for (at = 0; at < cut->pieces[piece].size; at++) hash = (hash ^ (unsigned char)cut->pieces[piece].bytes[at]) * 16777619u;
    hash = (hash ^ (uint32_t)cut->pieces[piece].edges) * 16777619u;
  }
  return hash;
}

static int is_same(const struct replycode__build *build, const struct replycode__pattern *pattern,
                   const struct replycode__cut *cut) {
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

/* Where these bytes stand among the literals; they are added when they are new. Words come again and again; for the caller's
 * rules, which are compiled while a program runs, looking for them takes longer than it is worth. */
static size_t literal_of(struct replycode__build *build, const struct replycode__piece *piece) {
  size_t at;
  for (at = build->image->caller ? build->literal : 0; at + piece->size <= build->literal; at++)
    if (build->literals[at] == piece->bytes[0] && memcmp(build->literals + at, piece->bytes, piece->size) == 0) return at;
  memcpy(build->literals + build->literal, piece->bytes, piece->size);
  build->literal += piece->size;
  return build->literal - piece->size;
}

static void add_literals(struct replycode__build *build, const char *text, size_t size) {
  while (text != NULL) {
    struct replycode__cut cut;
    size_t at;
    replycode__cut_pattern(&text, &cut);
    for (at = 0; at < cut.count; at++)
      if (cut.pieces[at].size == size) literal_of(build, &cut.pieces[at]);
  }
}

/* Long ones first, so that short ones are found inside them. Worth the time only where it is not the caller's. */
static void sort_literals(struct replycode__build *build, const struct replycode__sources *sources) {
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

static size_t add_pattern(struct replycode__build *build, const struct replycode__cut *cut) {
  size_t number = build->image->pattern_count++, at;
  struct replycode__pattern *pattern = &build->patterns[number];
  memset(pattern, 0, sizeof *pattern);
  pattern->part = (uint16_t)build->part;
  pattern->shape = (uint8_t)((cut->count - 1) | cut->anchor << 2);
  if (asks_for_names(cut)) pattern->shape |= REPLYCODE__ASKS;
  if (!replycode__is_searched(cut)) pattern->shape |= REPLYCODE__TRIED;
  for (at = 0; at < cut->count; at++) {
    const struct replycode__piece *piece = &cut->pieces[at];
    build->parts[build->part++] =
        replycode__pack_part(literal_of(build, piece), piece->size, piece->edges, rarest_byte(piece));
  }
  return number;
}

/* The number of the pattern of this text, made when it is new: equal texts are searched once, whoever owns them. */
static size_t pattern_of(struct replycode__build *build, const struct replycode__cut *cut) {
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

static void add_direct(struct replycode__build *build, size_t rule, size_t pattern) {
  struct replycode__direct direct;
  size_t at = build->image->direct_count++;
  direct.provider = replycode__identifies(&build->rules[rule]) ? 0 : build->rules[rule].provider;
  direct.code = build->rules[rule].code;
  direct.detail = build->rules[rule].klass == 0 ? 0 : build->rules[rule].detail_from;
  direct.reserved = 0;
  direct.rule = (uint16_t)rule;
  direct.pattern = (uint16_t)pattern;
  build->image->free_direct_count = (uint16_t)(build->image->free_direct_count + (direct.provider == 0));
  build->image->free_any_count = (uint16_t)(build->image->free_any_count + (direct.provider == 0 && direct.code == 0));
  while (at > 0 && precedes(&direct, &build->direct[at - 1])) build->direct[at] = build->direct[at - 1], at--;
  build->direct[at] = direct;
}

static void add_text(struct replycode__build *build, size_t rule, const char *text) {
  while (text != NULL) {
    struct replycode__cut cut;
    size_t pattern;
    replycode__cut_pattern(&text, &cut);
    pattern = pattern_of(build, &cut);
    if (!replycode__is_searched(&cut)) add_direct(build, rule, pattern);
    build->alternatives[build->alternative++] = (uint16_t)pattern;
  }
}

static int count_conditions(const struct replycode_rule *rule) {
  return (rule->code != NULL) + (rule->enhanced != NULL) + (rule->stages != 0) + (rule->provider != 0);
}

static void add_rule(struct replycode__build *build, const struct replycode__source *source) {
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
static void add_id(struct replycode__build *build, const struct replycode__sources *sources, size_t rule, const char *id) {
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
static void count_owners(struct replycode__build *build) {
  size_t alternative;
  for (alternative = 0; alternative < build->alternative; alternative++)
    build->patterns[build->alternatives[alternative]].owner++;
}

/* Room for the lists of those that have several; `owner` becomes the list's place. */
static void place_owners(struct replycode__build *build) {
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

static void add_owner(struct replycode__build *build, size_t number, size_t rule) {
  struct replycode__pattern *pattern = &build->patterns[number];
  uint16_t *list = build->owners + pattern->owner;
  if (pattern->shape & REPLYCODE__SHARED) list[++list[0]] = (uint16_t)rule;
  else pattern->owner = (uint16_t)rule;
}

static void fill_owners(struct replycode__build *build, const struct replycode__sources *sources) {
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

/* Equal texts and words left room: moves the sections together and gives them their final places. */
static void compact(struct replycode__build *build) {
  struct replycode_classifier *image = build->image, from = *image;
  char *base = (char *)image;
  size_t at = image->patterns;
#define MOVE(field, bytes)                                                                                                  \
  memmove(base + at, base + from.field, bytes);                                                                             \
  memset(base + at + (bytes), 0, replycode__aligned(bytes) - (bytes));                                                      \
  image->field = (uint32_t)at, at += replycode__aligned(bytes)
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
static int is_bounded(const struct replycode__build *build) {
  size_t buckets = (size_t)1 << (32 - build->image->bucket_shift), at;
  for (at = 0; at < buckets; at++)
    if (build->buckets[at + 1] - build->buckets[at] > REPLYCODE__BUCKET) return 0;
  return 1;
}

const struct replycode_classifier *replycode__compile(const struct replycode__sources *sources, unsigned options,
                                                      void *memory, size_t size, struct replycode_fault *fault) {
  struct replycode_classifier *image = memory, laid_out;
  struct replycode__counts counts;
  struct replycode__build build;
  size_t need, rule;
  if (!replycode__count(sources, &counts, fault)) return NULL;
  if (size < replycode__lay_out(&laid_out, &counts)) {
    replycode__fail(fault, sources->count, "memory", "too small");
    return NULL;
  }
  memset(image, 0, sizeof *image);
  need = replycode__lay_out(image, &counts);
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
  replycode__index(&build, sources, replycode__scratch_size(counts.alternatives));
  if (!is_bounded(&build)) {
    replycode__fail(fault, sources->count, "rules", "too many with the same words");
    return NULL;
  }
  compact(&build);
  return image;
}
