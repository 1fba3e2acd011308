/* classifier.c - the caller's rules -> something that can be searched. */
#include "compile.h"
#include "stages.h"

static void get_rule(const void *rows, size_t at, struct replycode__source *source) {
  const struct replycode_rule *rules = rows;
  memset(source, 0, sizeof *source);
  source->rule = rules[at];
  source->role = REPLYCODE__CAUSE;
  source->rank = REPLYCODE__RANK_NAMED;
}

static struct replycode__sources sources_of(const struct replycode_rule *rules, size_t count) {
  struct replycode__sources sources;
  sources.rows = rules;
  sources.count = count;
  sources.get = get_rule;
  sources.example = NULL;
  sources.caller = 1;
  return sources;
}

size_t replycode_classifier_size(const struct replycode_rule *rules, size_t count, struct replycode_fault *fault) {
  struct replycode__sources sources = sources_of(rules, count);
  return replycode__image_size(&sources, fault);
}

const struct replycode_classifier *replycode_classifier_init(void *memory, size_t size, const struct replycode_rule *rules,
                                                             size_t count, unsigned options, struct replycode_fault *fault) {
  struct replycode__sources sources = sources_of(rules, count);
  return replycode__compile(&sources, options, memory, size, fault);
}

size_t replycode_rule_count(const struct replycode_classifier *classifier) {
  return classifier->rule_count;
}

const char *replycode_rule_id(const struct replycode_classifier *classifier, uint32_t rule) {
  const char *ids, *id;
  uint32_t at;
  if (classifier == NULL || !classifier->caller || rule < REPLYCODE_CALLERS_RULE) return NULL;
  rule -= REPLYCODE_CALLERS_RULE;
  if (rule >= classifier->rule_count) return NULL;
  ids = replycode__ids(classifier);
  memcpy(&at, ids + rule * sizeof at, sizeof at);
  id = ids + at;
  return id[0] != '\0' ? id : NULL;
}
