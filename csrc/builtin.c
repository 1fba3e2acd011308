/* builtin.c - the shipped rows as an image, made by `make tables` from data. Nothing is built, relocated or copied. */
#include "image.h"
#include "rules.h"

#include "data/filter.inc"

/* Rows were added or taken away after the image was made: run make tables. */
typedef char replycode__image_is_stale[DECIDING_ROWS == REPLYCODE__RULES - REPLYCODE__TEXT_RULES ? 1 : -1];

const struct replycode_classifier *replycode__builtin(void) { return &builtin.image; }
