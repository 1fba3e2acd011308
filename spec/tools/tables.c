/* tables.c - the shipped rows as an image in C.
 *   tables > csrc/data/filter.inc */
#include <stdio.h>
#include <stdlib.h>

#include "rows.h"

static const struct replycode_classifier *image;

enum { COLUMNS = 20 };

static void begin(const char *name) { printf(",\n  /* %s */ {", name); }

static void write_words(const char *name, uint32_t from, uint32_t to) {
  const uint32_t *words = (const uint32_t *)(const void *)((const char *)image + from);
  uint32_t at;
  begin(name);
  for (at = 0; at < (to - from) / 4; at++) printf("%s%luu,", at % 10 == 0 ? "\n" : "", (unsigned long)words[at]);
  printf("}");
}

static void write_halves(const char *name, uint32_t from, uint32_t to) {
  const uint16_t *halves = (const uint16_t *)(const void *)((const char *)image + from);
  uint32_t at;
  begin(name);
  for (at = 0; at < (to - from) / 2; at++) printf("%s%u,", at % COLUMNS == 0 ? "\n" : "", halves[at]);
  printf("}");
}

static void write_patterns(void) {
  const struct replycode__pattern *row = replycode__patterns(image), *end = row + (image->parts - image->patterns) / sizeof *row;
  int at = 0;
  begin("patterns");
  for (; row < end; row++)
    printf("%s{%u,%u,%u,%u},", at++ % 8 == 0 ? "\n" : "", row->part, row->owner, row->shape, row->window);
  printf("}");
}

static void write_rules(void) {
  const struct replycode__text_rule *row = replycode__text_rules(image), *end = row + image->rule_count;
  begin("rules");
  for (; row < end; row++)
    printf("\n{%luu,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,{0,0}},", (unsigned long)row->stages, row->code, row->detail_from,
           row->detail_to, row->klass, row->subject, row->provider, row->blocklist, row->cause, row->scope_action,
           row->role_rank, row->flags);
  printf("}");
}

static void write_direct(void) {
  const struct replycode__direct *row = replycode__directs(image), *end = row + image->direct_count;
  int at = 0;
  begin("direct");
  for (; row < end; row++)
    printf("%s{%u,%u,%u,%u,%u,%u},", at++ % 6 == 0 ? "\n" : "", row->provider, row->code, row->detail, row->rule, row->pattern,
           row->reserved);
  printf("}");
}

/* As numbers: a string literal of this size is more than C99 promises. */
static void write_literals(void) {
  const char *bytes = replycode__literals(image);
  uint32_t at, size = image->ids - image->literals;
  begin("literals");
  for (at = 0; at < size; at++) printf("%s%d,", at % 40 == 0 ? "\n" : "", (signed char)bytes[at]);
  printf("}");
}

static void write_declaration(void) {
  size_t row, deciding = 0;
  for (row = 0; row < shipped.count; row++) deciding += rows[row].role == REPLYCODE__CAUSE;
  printf("/* Made by `make tables` from the rows of data; do not edit. */\nenum { DECIDING_ROWS = %lu };\n\nstatic const struct {\n"
         "  struct replycode_classifier image;\n",
         (unsigned long)deciding);
  printf("  uint32_t filter[%lu];\n", (unsigned long)(image->buckets - image->filter) / 4);
  printf("  uint16_t buckets[%lu];\n", (unsigned long)(image->patterns - image->buckets) / 2);
  printf("  struct replycode__pattern patterns[%lu];\n",
         (unsigned long)((image->parts - image->patterns) / sizeof(struct replycode__pattern)));
  printf("  uint32_t parts[%lu];\n", (unsigned long)(image->owners - image->parts) / 4);
  printf("  uint16_t owners[%lu];\n", (unsigned long)(image->rules - image->owners) / 2);
  printf("  struct replycode__text_rule rules[%u];\n", image->rule_count);
  printf("  struct replycode__direct direct[%u];\n", image->direct_count);
  printf("  signed char literals[%lu];\n", (unsigned long)(image->ids - image->literals));
  printf("  uint16_t grams[%lu];\n} builtin = {\n", (unsigned long)(image->size - image->grams) / 2);
}

static void write_header(void) {
  printf("  {%lu,%lu,%lu,%lu,%lu,%lu,%lu,%lu,%lu,%lu,%lu,%lu,%u,%u,%u,%u,%u,%u,%u,%u}", (unsigned long)image->size,
         (unsigned long)image->options, (unsigned long)image->filter, (unsigned long)image->buckets,
         (unsigned long)image->grams, (unsigned long)image->patterns, (unsigned long)image->parts,
         (unsigned long)image->owners, (unsigned long)image->rules, (unsigned long)image->direct,
         (unsigned long)image->literals, (unsigned long)image->ids, image->filter_shift, image->bucket_shift,
         image->pattern_count, image->rule_count, image->direct_count, image->free_direct_count,
         image->free_any_count, image->caller);
}

int main(void) {
  struct replycode_fault fault = {0, "", ""};
  size_t size = replycode__image_size(&shipped, &fault);
  void *memory = malloc(size + 1);
  if (memory == NULL) return 1;
  if (size > 0) image = replycode__compile(&shipped, 0, memory, size, &fault);
  if (image == NULL || size == 0) {
    fprintf(stderr, "row %lu (%s): %s: %s\n", (unsigned long)fault.rule, fault.rule < shipped.count ? rows[fault.rule].slug : "all",
            fault.field, fault.problem);
    return 1;
  }
  write_declaration();
  write_header();
  write_words("filter", image->filter, image->buckets);
  write_halves("buckets", image->buckets, image->patterns);
  write_patterns();
  write_words("parts", image->parts, image->owners);
  write_halves("owners", image->owners, image->rules);
  write_rules();
  write_direct();
  write_literals();
  write_halves("grams", image->grams, image->size);
  printf("\n};\n");
  fprintf(stderr, "%lu rows, %u patterns, %u direct, %lu bytes\n", (unsigned long)shipped.count, image->pattern_count,
          image->direct_count, (unsigned long)image->size);
  free(memory);
  return 0;
}
