/* words.h - the catalogue's texts, each behind the number of its row. Internal.
 *
 * Words stand in functions, not in tables: a table of pointers would be relocated at every load, a switch is not. */
#ifndef REPLYCODE_WORDS_H
#define REPLYCODE_WORDS_H

#include "bytes.h"
#include "replycode.h"

enum replycode__word {
  REPLYCODE__TITLE, REPLYCODE__MEANING, REPLYCODE__WHEN, REPLYCODE__REMEDY, REPLYCODE__OPERATOR_REMEDY,
  REPLYCODE__SEND_WHEN, REPLYCODE__REFERENCES,
  REPLYCODE__CONFUSABLE, REPLYCODE__CODES,             /* codes parted by blanks: of a code, of a status */
  REPLYCODE__HELP, REPLYCODE__CONFIRMED, REPLYCODE__PATTERN, REPLYCODE__EXAMPLE, REPLYCODE__ZONE, REPLYCODE__LABELS,
  REPLYCODE__WHO, REPLYCODE__AGAIN, REPLYCODE__MAIL,   /* of an action */
  REPLYCODE__TEXT                                      /* of a situation */
};

/* A word of the entry with that number in its kind (see catalogue.c); "" when there is none. */
REPLYCODE__INTERNAL const char *replycode__words(int kind, uint32_t id, int word, int lang);

/* Numbers of entries. A status is subject * 1000 + detail; classes and subjects follow behind. */
enum { REPLYCODE__STATUS_SUBJECTS = 900000, REPLYCODE__STATUS_CLASSES = 910000 };

/* A command reply's number is its row in data/command_replies.def, from 1. */
struct replycode__command_reply {
  uint16_t stage, code;
  const char *variant;            /* "" or a slug */
};
REPLYCODE__INTERNAL int replycode__command_reply(uint32_t id, struct replycode__command_reply *row);
/* The row without a variant for this stage and code, 0 when there is none. */
REPLYCODE__INTERNAL uint32_t replycode__command_reply_of(int stage, unsigned code);

#endif
