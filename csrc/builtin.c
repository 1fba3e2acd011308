/* builtin.c - the shipped rows as an image, made by `make tables` from data. Nothing is built, relocated or copied at load. */
#include "image.h"

#include "data/filter.inc"

const struct replycode_classifier *replycode__builtin(void) { return &builtin.image; }
