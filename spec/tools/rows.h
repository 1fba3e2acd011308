/* rows.h - the shipped rows that read text, as the compiler takes them. For `make tables` and its test; the library has the
 * image instead. Include it in one file of a program. */
#ifndef REPLYCODE_ROWS_H
#define REPLYCODE_ROWS_H

#include "compile.h"
#include "provider.h"
#include "stages.h"

struct more {                     /* conditions and outcomes that a row names */
  const char *code, *status, *host;
  uint32_t stages;
  int scope, action, waiting, transience, rank;
};

struct row {
  int role, cause, provider, blocklist, identifies;
  const char *slug, *pattern, *example;
  struct more more;
};

#define RANK_HINT REPLYCODE__RANK_HINT
#define RANK_VAGUE REPLYCODE__RANK_VAGUE
#define RANK_POLICY REPLYCODE__RANK_POLICY
#define RANK_JUDGEMENT REPLYCODE__RANK_JUDGEMENT
#define RANK_NAMED REPLYCODE__RANK_NAMED
#define RANK_REASON REPLYCODE__RANK_REASON
#define RANK_FINAL REPLYCODE__RANK_FINAL

static const struct row rows[] = {
#define TEXT(slug, cause, pattern, source, example) \
  {REPLYCODE__CAUSE, REPLYCODE_##cause, 0, 0, 0, "text/" #slug, pattern, example, {.code = NULL}},
#define TEXT_IF(slug, cause, pattern, source, example, ...) \
  {REPLYCODE__CAUSE, REPLYCODE_##cause, 0, 0, 0, "text/" #slug, pattern, example, {__VA_ARGS__}},
#include "each_text.h"
#define PROVIDER_REPLY(NAME, slug, cause, pattern, remedy, source, example, ...)                                          \
  {REPLYCODE__CAUSE, REPLYCODE_##cause, REPLYCODE__PROVIDER_##NAME, 0, 0, "provider/" #slug, pattern, example, {__VA_ARGS__}},
#define PROVIDER_SELF(NAME, slug, cause, pattern, remedy, source, example, ...)                                           \
  {REPLYCODE__CAUSE, REPLYCODE_##cause, REPLYCODE__PROVIDER_##NAME, 0, 1, "provider/" #slug, pattern, example, {__VA_ARGS__}},
#include "each_provider.h"
#define BLOCKLIST(NAME, slug, lists, state, zone, page, source, title, meaning, remedy)
#define LISTED(NAME, slug, cause, pattern, example) \
  {REPLYCODE__CAUSE, REPLYCODE_##cause, 0, REPLYCODE__BLOCKLIST_##NAME, 0, "blocklist/" #slug, pattern, example, {.code = NULL}},
#include "data/blocklists.def"
#undef BLOCKLIST
#undef LISTED
#define SIGNAL(slug, role, pattern, example) {REPLYCODE__##role, 0, 0, 0, 0, "signal/" #slug, pattern, example, {.code = NULL}},
#include "each_text.h"
#define MARK(NAME, pattern) {REPLYCODE__MARK, 0, REPLYCODE__PROVIDER_##NAME, 0, 1, "mark/" #NAME, pattern, "", {.code = NULL}},
#include "each_provider.h"
};

static const uint8_t ranks[] = {
#define CAUSE(NAME, slug, transience, scope, action, passes, waiting, rank, references, title, meaning, when, remedy, \
              operator_remedy)                                                                                       \
  [REPLYCODE_##NAME] = REPLYCODE__RANK_##rank,
#include "data/causes.def"
#undef CAUSE
};

static void get_row(const void *all, size_t at, struct replycode__source *source) {
  const struct row *row = (const struct row *)all + at;
  memset(source, 0, sizeof *source);
  source->rule.text = row->pattern[0] != '\0' ? row->pattern : NULL;
  source->rule.code = row->more.code;
  source->rule.enhanced = row->more.status;
  source->rule.stages = row->more.stages;
  source->rule.provider = (uint16_t)row->provider;
  source->rule.cause = (uint8_t)row->cause;
  source->rule.transience = (uint8_t)row->more.transience;
  source->rule.scope = (uint8_t)row->more.scope;
  source->rule.action = (uint8_t)row->more.action;
  source->rule.waiting = (uint8_t)row->more.waiting;
  source->role = (uint8_t)row->role;
  source->rank = (uint8_t)(row->more.rank != 0 ? row->more.rank : ranks[row->cause]);
  source->blocklist = (uint8_t)row->blocklist;
  source->identifies = (uint8_t)row->identifies;
}

static const char *get_example(const void *all, size_t at) { return ((const struct row *)all)[at].example; }

static const struct replycode__sources shipped = {rows, sizeof rows / sizeof *rows, get_row, get_example, 0};

#endif
