/* build.h - an image under construction: what its makers share. Internal. */
#ifndef REPLYCODE_BUILD_H
#define REPLYCODE_BUILD_H

#include "compile.h"
#include "pattern.h"

/* How much there is of everything. */
struct replycode__counts {
  size_t rules, alternatives, searched, parts, literals, direct, ids;
};

/* The image under construction, its sections writable. `names` finds a pattern by its text, `alternatives` says which
 * pattern each alternative became. */
struct replycode__build {
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


static inline size_t replycode__aligned(size_t size) {
  return (size + 3) & ~(size_t)3;
}

static inline size_t replycode__power_of_two(size_t least) {
  size_t power = 1;
  while (power < least) power *= 2;
  return power;
}

/* How far a hash is shifted to be an index below that power of two. */
static inline uint16_t replycode__shift_of(size_t power) {
  uint16_t shift = 32;
  while (power > 1) power /= 2, shift--;
  return shift;
}

/* What is needed on the way is more than the grams take in the end. */
static inline size_t replycode__scratch_size(size_t alternatives) {
  return (alternatives * REPLYCODE__STRIDE + replycode__power_of_two(2 * alternatives + 1)) * sizeof(uint16_t);
}

static inline int replycode__is_searched(const struct replycode__cut *cut) {
  return cut->pieces[cut->anchor].size >= REPLYCODE__WINDOW;
}

/* Counts and checks the rules: layout.c. 0 and *fault when one is wrong. */
REPLYCODE__INTERNAL int replycode__count(const struct replycode__sources *sources, struct replycode__counts *counts,
                                         struct replycode_fault *fault);
/* Gives the sections their places for these counts; returns the size of all. */
REPLYCODE__INTERNAL size_t replycode__lay_out(struct replycode_classifier *image, const struct replycode__counts *counts);
/* Says what is wrong; returns 0. */
REPLYCODE__INTERNAL int replycode__fail(struct replycode_fault *fault, size_t rule, const char *field, const char *problem);

/* Chooses the windows, orders the patterns by them and fills filter and buckets: index.c. */
REPLYCODE__INTERNAL void replycode__index(struct replycode__build *build, const struct replycode__sources *sources,
                                          size_t scratch);

#endif
