/* compile.h - rules as they are written -> an image. Internal. */
#ifndef REPLYCODE_COMPILE_H
#define REPLYCODE_COMPILE_H

#include "image.h"

/* A rule of any role. What only built-in rows have stands beside the public part. */
struct replycode__source {
  struct replycode_rule rule;
  uint8_t role, rank, blocklist;
  uint8_t identifies;             /* the rule itself identifies its provider */
};

/* Where the rules come from: get() fills in the one with that number, from 0. */
struct replycode__sources {
  const void *rows;
  size_t count;
  void (*get)(const void *rows, size_t at, struct replycode__source *source);
  const char *(*example)(const void *rows, size_t at);   /* text as it is read, tells what is common in it; NULL: none */
  int caller;                     /* rules of the caller: they keep their ids */
};

/* As replycode_classifier_size and _init. */
REPLYCODE__INTERNAL size_t replycode__image_size(const struct replycode__sources *sources, struct replycode_fault *fault);
REPLYCODE__INTERNAL const struct replycode_classifier *replycode__compile(const struct replycode__sources *sources,
                                                                          unsigned options, void *memory, size_t size,
                                                                          struct replycode_fault *fault);

#endif
