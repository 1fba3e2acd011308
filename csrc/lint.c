/* lint.c - what is wrong with a reply that one is about to send: one check a finding, in their order. */
#include "lint.h"
#include "stages.h"
#include "words.h"

/* ---- Code ------------------------------------------------------------------------------------------------------- */

static int standing_of(unsigned code, uint32_t *stages) {
  struct replycode_entry entry;
  char slug[4];
  size_t size = replycode__write_number(slug, code);
  if (!replycode_describe(REPLYCODE_KIND_CODE, slug, size, 0, REPLYCODE_EN, &entry)) return REPLYCODE_NO_STANDING;
  *stages = entry.stages;
  return entry.standing;
}

static int is_out_of_range(const struct replycode__lint *lint) {
  unsigned code = lint->reply->code;
  return code != 0 && (code < 200 || code > 599 || code / 10 % 10 > 5);
}

static int has_standing(const struct replycode__lint *lint, int standing) {
  uint32_t stages = 0;
  int found = standing_of(lint->reply->code, &stages);
  if (found == REPLYCODE_NO_STANDING) found = REPLYCODE_NONSTANDARD;
  return lint->reply->code != 0 && !is_out_of_range(lint) && found == standing;
}

/* What every command may get, those without a list of their own too: RFC 5321 4.2.3, 4.3.2. 530 is not for every command
 * (RFC 4954 6). */
static int is_general(unsigned code) {
  return code == 451 || (code != 530 && replycode__command_reply_of(REPLYCODE_NO_STAGE, code) != 0);
}

/* A private command may be answered as its author likes, and what no standard has belongs nowhere. */
static int is_at_other_stage(const struct replycode__lint *lint) {
  unsigned code = lint->reply->code;
  uint32_t stages = 0;
  if (lint->digit == 0 || replycode__in_stages(lint, AT(NO_STAGE) | AT(OTHER)) || is_out_of_range(lint)) return 0;
  if (standing_of(code, &stages) != REPLYCODE_STANDARD || replycode__in_stages(lint, stages)) return 0;
  if (replycode__in_stages(lint, AFTER_GREETING) && is_general(code)) return 0;
  return replycode__command_reply_of(lint->stage, code) == 0;
}

/* ---- Findings --------------------------------------------------------------------------------------------------- */

static int finds_code(const struct replycode__lint *lint, int finding, struct replycode_span *where) {
  replycode__the_code(lint, where);
  switch (finding) {
    case REPLYCODE__FINDING_CODE_OUT_OF_RANGE: return is_out_of_range(lint);
    case REPLYCODE__FINDING_NO_STANDARD_CODE: return has_standing(lint, REPLYCODE_NONSTANDARD);
    case REPLYCODE__FINDING_OBSOLETE_CODE: return has_standing(lint, REPLYCODE_OBSOLETE);
    case REPLYCODE__FINDING_WRONG_STAGE: return lint->digit < 4 && is_at_other_stage(lint);
    default: return lint->digit >= 4 && is_at_other_stage(lint);
  }
}

static int finds_words(const struct replycode__lint *lint, int finding, struct replycode_span *where) {
  switch (finding) {
    case REPLYCODE__FINDING_HOST_NAME_MISSING: return replycode__lacks_host_name(lint, where);
    case REPLYCODE__FINDING_TEXT_MISSING: return replycode__lacks_text(lint) && replycode__the_code(lint, where);
    case REPLYCODE__FINDING_TEXT_VAGUE: return replycode__is_vague(lint, where);
    case REPLYCODE__FINDING_ADDRESS_GIVEN_AWAY: return replycode__gives_address(lint, where);
    case REPLYCODE__FINDING_NEW_ADDRESS_GIVEN: return replycode__gives_new_address(lint, where);
    default: return replycode__gives_inside(lint, where);
  }
}

static int finds(struct replycode__lint *lint, int finding, struct replycode_span *where) {
  replycode__put(where, 0, 0);
  if (finding <= REPLYCODE__FINDING_TAB_AFTER_CODE) return replycode__finds_form(lint, finding, where);
  if (finding <= REPLYCODE__FINDING_UNUSUAL_STAGE) return finds_code(lint, finding, where);
  if (finding <= REPLYCODE__FINDING_STATUS_MISSING) return replycode__finds_status(lint, finding, where);
  if (finding <= REPLYCODE__FINDING_PARAMETER_CODE) return replycode__finds_matter(lint, finding, where);
  return finds_words(lint, finding, where);
}

static uint16_t severity_of(int finding) {
  switch (finding) {
#define FINDING(NAME, slug, severity, references, title, meaning, remedy) \
  case REPLYCODE__FINDING_##NAME: return REPLYCODE_##severity;
#include "data/findings.def"
#undef FINDING
    default: return 0;
  }
}

const char *replycode_severity_slug(int severity) {
  switch (severity) {
    case REPLYCODE_NOTE: return "note";
    case REPLYCODE_WARNING: return "warning";
    case REPLYCODE_ERROR: return "error";
    default: return NULL;
  }
}

int replycode_lint(const struct replycode_reply *reply, int stage, unsigned options, uint32_t *cursor,
                   struct replycode_finding *finding) {
  struct replycode__lint lint;
  memset(&lint, 0, sizeof lint);
  lint.reply = reply;
  lint.options = options;
  lint.stage = stage < 0 || stage >= REPLYCODE_LOCAL ? REPLYCODE_NO_STAGE : stage;
  lint.digit = reply->malformed == REPLYCODE_WELL_FORMED ? reply->code / 100u : 0;
  if (lint.digit < 2 || lint.digit > 5) lint.digit = 0;
  while (*cursor < REPLYCODE__FINDINGS - 1) {
    int number = (int)++*cursor;
    if (!finds(&lint, number, &finding->where)) continue;
    finding->finding = (uint16_t)number;
    finding->severity = severity_of(number);
    return 1;
  }
  return 0;
}
