/* layout.c - how much rules take, and whether they can be taken. */
#include "build.h"
#include "condition.h"
#include "stages.h"

/* ---- Sizes ------------------------------------------------------------------------------------------------------ */

/* Bits of the filter, so many that most grams of strange text miss it, and that it stays in the nearest cache. */
static size_t filter_bits(size_t patterns) {
  size_t bits = replycode__power_of_two(patterns * REPLYCODE__STRIDE * 16);
  if (bits < 1024) return 1024;
  return bits > 131072 ? 131072 : bits;
}

static size_t bucket_number(size_t patterns) {
  return replycode__power_of_two(patterns * REPLYCODE__STRIDE / 2 + 2);
}

/* Places the sections for these counts; returns the size of all. */
size_t replycode__lay_out(struct replycode_classifier *image, const struct replycode__counts *counts) {
  size_t at = replycode__aligned(sizeof *image), patterns = counts->alternatives;
  size_t bits = filter_bits(counts->searched), buckets = bucket_number(counts->searched);
  image->filter_shift = replycode__shift_of(bits);
  image->bucket_shift = replycode__shift_of(buckets);
#define PLACE(field, bytes) image->field = (uint32_t)at, at += replycode__aligned(bytes)
  PLACE(filter, bits / 8);
  PLACE(buckets, (buckets + 1) * sizeof(uint16_t));
  PLACE(patterns, patterns * sizeof(struct replycode__pattern));
  PLACE(parts, counts->parts * sizeof(uint32_t));
  PLACE(owners, 2 * patterns * sizeof(uint16_t));
  PLACE(rules, counts->rules * sizeof(struct replycode__text_rule));
  PLACE(direct, counts->direct * sizeof(struct replycode__direct));
  PLACE(literals, counts->literals);
  PLACE(ids, counts->ids);
  PLACE(grams, replycode__scratch_size(patterns));
#undef PLACE
  return at;
}

/* ---- Checking --------------------------------------------------------------------------------------------------- */

/* A part shorter than the window is not searched but tried: only under a condition that seldom holds. */
static int may_be_short(const struct replycode_rule *rule) {
  return rule->code != NULL || rule->enhanced != NULL || rule->provider != 0;
}

static int count_text(const struct replycode__source *source, size_t at, struct replycode__counts *counts,
                      struct replycode_fault *fault) {
  const char *text = source->rule.text;
  while (text != NULL) {
    struct replycode__cut cut;
    replycode__cut_pattern(&text, &cut);
    if (cut.problem != NULL) return replycode__fail(fault, at, "text", cut.problem);
    if (!replycode__is_searched(&cut) && !may_be_short(&source->rule))
      return replycode__fail(fault, at, "text",
                             "too short: no part of 6 bytes, and no code, enhanced or provider beside it");
    counts->alternatives++;
    counts->searched += replycode__is_searched(&cut) ? 1 : 0;
    counts->direct += replycode__is_searched(&cut) ? 0 : 1;
    counts->parts += cut.count;
    counts->literals += cut.literals;
  }
  return 1;
}

static int check_values(const struct replycode_rule *rule, size_t at, struct replycode_fault *fault) {
  struct replycode__text_rule read;
  if (rule->code != NULL && !replycode__read_code(rule->code, &read.code))
    return replycode__fail(fault, at, "code", "no code of a failure such as 550 or 5xx");
  if (rule->enhanced != NULL && !replycode__read_status(rule->enhanced, &read))
    return replycode__fail(fault, at, "enhanced", "no status such as 5.7.26, x.7.26, 5.7.x or 5.7.606-649");
  if ((rule->stages & ~ANY_STAGE) != 0) return replycode__fail(fault, at, "stage", "no such stage");
  if (rule->transience > REPLYCODE_PERMANENT || rule->transience == REPLYCODE_NOTHING_FAILED)
    return replycode__fail(fault, at, "transience", "expected transient or permanent");
  if (rule->scope > REPLYCODE_SERVER) return replycode__fail(fault, at, "scope", "no such scope");
  if (rule->action > REPLYCODE_GIVE_UP) return replycode__fail(fault, at, "action", "no such action");
  if (rule->action == REPLYCODE_PROCEED) return replycode__fail(fault, at, "action", "proceed is for what did not fail");
  if (rule->waiting > REPLYCODE_WAITING_USELESS) return replycode__fail(fault, at, "waiting", "no such waiting");
  if (rule->provider != 0 && replycode_slug(REPLYCODE_KIND_PROVIDER, rule->provider) == NULL)
    return replycode__fail(fault, at, "provider", "no such provider");
  return 1;
}

static int check_caller(const struct replycode_rule *rule, size_t at, struct replycode_fault *fault) {
  if (rule->cause == REPLYCODE_NO_CAUSE || rule->cause > REPLYCODE_UNKNOWN || rule->cause == REPLYCODE_ACCEPTED)
    return replycode__fail(fault, at, "cause", "expected a cause of failure");
  if (rule->text == NULL && rule->code == NULL && rule->enhanced == NULL && rule->stages == 0 && rule->provider == 0)
    return replycode__fail(fault, at, "text", "no condition: it would decide every reply");
  return 1;
}

int replycode__count(const struct replycode__sources *sources, struct replycode__counts *counts,
                     struct replycode_fault *fault) {
  size_t at;
  memset(counts, 0, sizeof *counts);
  if (sources->count >= REPLYCODE__NO_PATTERN) return replycode__fail(fault, sources->count, "rules", "too many");
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
  if (counts->literals >= REPLYCODE__MOST_LITERALS || counts->alternatives > REPLYCODE__PATTERNS ||
      counts->parts > UINT16_MAX || counts->direct > UINT16_MAX)
    return replycode__fail(fault, sources->count, "rules", "too many");
  return 1;
}

size_t replycode__image_size(const struct replycode__sources *sources, struct replycode_fault *fault) {
  struct replycode_classifier image;
  struct replycode__counts counts;
  return replycode__count(sources, &counts, fault) ? replycode__lay_out(&image, &counts) : 0;
}
