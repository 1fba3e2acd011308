/* reading.h - what the text of a reply says. Internal. */
#ifndef REPLYCODE_READING_H
#define REPLYCODE_READING_H

#include "image.h"
#include "rules.h"

/* A rule that matched, and how much it weighs. */
struct replycode__candidate {
  const struct replycode__text_rule *rule;   /* NULL: none */
  uint32_t number;                /* as in a verdict */
  uint32_t weight;
  struct replycode_span matched;
};

struct replycode__reading {
  struct replycode__candidate best, also;
  uint16_t provider, blocklist;
  int closes;                     /* the text announces that the session ends */
  int temporary;                  /* it says so, and not after "check", "fix" or "resolve" */
  int link;                       /* it speaks of a link in the message */
  int disabled;                   /* some words say that the recipient is switched off */
  int about_recipient;            /* it speaks of a recipient where none was named yet */
  uint32_t retry_after;
  struct replycode_span waited;
  int tied;                       /* another rule weighs as much as the best: a flaw of the rules, the first counts */
  int quoted;                     /* another host's reply, with its own code and status */
  struct replycode_reply quote;
};

REPLYCODE__INTERNAL void replycode__read(const struct replycode__trial *trial, struct replycode__reading *reading);

#endif
