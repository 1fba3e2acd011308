/* lint.h - one reply being linted. Internal: what the checks of form, code and status share with those of the words. */
#ifndef REPLYCODE_LINT_H
#define REPLYCODE_LINT_H

#include "bytes.h"
#include "replycode.h"

#define FINDING(NAME, slug, severity, references, title, meaning, remedy) REPLYCODE__FINDING_##NAME,
enum replycode__finding_number {
  REPLYCODE__NO_FINDING,
#include "data/findings.def"
  REPLYCODE__FINDINGS
};
#undef FINDING

struct replycode__lint {
  const struct replycode_reply *reply;
  unsigned options, digit;        /* the code's first digit; 0 when the reply has no proper form */
  int stage;
  int is_judged;                  /* what follows is filled */
  struct replycode_verdict verdict;
  int closes, quoted, says_temporary;   /* what the text announces; see reading.h */
};

/* The checks: 1 and the place in reply.bytes when something is wrong. */
REPLYCODE__INTERNAL int replycode__finds_form(const struct replycode__lint *lint, int finding,
                                              struct replycode_span *where);
REPLYCODE__INTERNAL int replycode__finds_status(const struct replycode__lint *lint, int finding,
                                                struct replycode_span *where);
REPLYCODE__INTERNAL int replycode__finds_matter(struct replycode__lint *lint, int finding,
                                                struct replycode_span *where);
REPLYCODE__INTERNAL int replycode__lacks_host_name(const struct replycode__lint *lint, struct replycode_span *where);
REPLYCODE__INTERNAL int replycode__lacks_text(const struct replycode__lint *lint);
REPLYCODE__INTERNAL int replycode__is_vague(const struct replycode__lint *lint, struct replycode_span *where);
REPLYCODE__INTERNAL int replycode__gives_address(const struct replycode__lint *lint, struct replycode_span *where);
REPLYCODE__INTERNAL int replycode__gives_new_address(const struct replycode__lint *lint, struct replycode_span *where);
REPLYCODE__INTERNAL int replycode__gives_inside(const struct replycode__lint *lint, struct replycode_span *where);

static inline int replycode__put(struct replycode_span *where, size_t at, size_t size) {
  where->at = (uint32_t)at;
  where->size = (uint32_t)size;
  return 1;
}

/* The digits of the code, where there are some among the bytes. */
static inline int replycode__the_code(const struct replycode__lint *lint, struct replycode_span *where) {
  return replycode__put(where, 0, lint->reply->plain || lint->reply->code == 0 || lint->reply->size < 3 ? 0 : 3);
}

static inline int replycode__in_stages(const struct replycode__lint *lint, uint32_t stages) {
  return (stages & UINT32_C(1) << lint->stage) != 0;
}

#endif
