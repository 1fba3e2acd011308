/* situations.h - numbers of the situations, the rows of data/situations.def. Internal. */
#ifndef REPLYCODE_SITUATIONS_H
#define REPLYCODE_SITUATIONS_H

#include "bytes.h"
#include "stages.h"

#define SITUATION(NAME, slug, cause, usual, references, title, why, text) REPLYCODE__SITUATION_##NAME,
#define SENT(NAME, stages, code, klass, subject, detail)
enum replycode__situation_number {
  REPLYCODE__NO_SITUATION,
#include "data/situations.def"
  REPLYCODE__SITUATIONS
};
#undef SITUATION
#undef SENT

/* What its reply is read as, and the stages at which it has one; 0 for a number that is none. */
REPLYCODE__INTERNAL uint16_t replycode__situation_cause(int situation);
REPLYCODE__INTERNAL uint32_t replycode__situation_stages(int situation);

#endif
