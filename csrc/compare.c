/* compare.c - two codes or statuses side by side: cells from facts, prose where a pair is confusable. */
#include "bytes.h"
#include "stages.h"
#include "words.h"

#define T(en, tr) (lang == REPLYCODE_TR ? tr : en)
#define NO_WORDS ""

/* ---- Words ------------------------------------------------------------------------------------------------------ */

#define CELL(NAME, words)
const char *replycode_key_slug(int key) {
  switch (key) {
#define KEY(NAME, slug, label) case REPLYCODE_KEY_##NAME: return slug;
#include "data/compare.def"
#undef KEY
    default: return NULL;
  }
}

const char *replycode_key_label(int key, int lang) {
  switch (key) {
#define KEY(NAME, slug, label) case REPLYCODE_KEY_##NAME: return label;
#include "data/compare.def"
#undef KEY
    default: return NULL;
  }
}
#undef CELL

#define KEY(NAME, slug, label)
#define CELL(NAME, words) CELL_##NAME,
enum cell {
#include "data/compare.def"
  CELLS
};
#undef CELL

static const char *cell(enum cell number, int lang) {
  switch (number) {
#define CELL(NAME, words) case CELL_##NAME: return words;
#include "data/compare.def"
#undef CELL
    default: return "";
  }
}
#undef KEY

/* ---- Facts ------------------------------------------------------------------------------------------------------ */

enum { UNASKED = 0x100 };

static int comes_unasked(unsigned code) {
  enum { STANDARD = 0, OBSOLETE = 0, NONSTANDARD = 0 };
  switch (code) {
#define CODE(number, standing, stages, confusable, references, title, meaning, when, remedy, operator_remedy, send_when) \
  case number: return ((standing) & UNASKED) != 0;
#include "data/codes.def"
#undef CODE
    default: return 0;
  }
}

/* ---- One side --------------------------------------------------------------------------------------------------- */

static enum cell class_cell(const struct replycode_verdict *verdict) {
  switch (verdict->code / 100) {
    case 2: return CELL_SUCCESS;
    case 3: return CELL_INTERMEDIATE;
    case 4: return CELL_TRANSIENT;
    case 5: break;
    default: return CELL_NOT_SMTP;
  }
  if (verdict->transience == REPLYCODE_TRANSIENT) return CELL_PERMANENT_TRANSIENT;
  return verdict->scope == REPLYCODE_COMMAND ? CELL_PERMANENT_COMMAND : CELL_PERMANENT;
}

static void fill_cells(struct replycode_side *side, int lang) {
  const struct replycode_verdict *verdict = &side->verdict;
  const uint32_t action = verdict->action;
  const char **cells = side->cells;
  cells[REPLYCODE_KEY_CLASS] = cell(class_cell(verdict), lang);
  cells[REPLYCODE_KEY_FAILS] = verdict->transience == REPLYCODE_NOTHING_FAILED
                                 ? cell(CELL_NOTHING, lang)
                                 : replycode__words(REPLYCODE_KIND_SCOPE, verdict->scope, REPLYCODE__TITLE, lang);
  cells[REPLYCODE_KEY_WHO] = replycode__words(REPLYCODE_KIND_ACTION, action, REPLYCODE__WHO, lang);
  cells[REPLYCODE_KEY_AGAIN] = replycode__words(REPLYCODE_KIND_ACTION, action, REPLYCODE__AGAIN, lang);
  cells[REPLYCODE_KEY_MAIL] = replycode__words(REPLYCODE_KIND_ACTION, action, REPLYCODE__MAIL, lang);
}

static const char *send_when(const struct replycode_side *side, int lang) {
  if (side->entry.send_when[0] != '\0') return side->entry.send_when;
  if (side->entry.standing == REPLYCODE_OBSOLETE) return cell(CELL_OBSOLETE, lang);
  return cell(CELL_NOT_STANDARD, lang);
}

static const char *stages(const struct replycode_side *side, int lang) {
  if (side->entry.stages == ANY_STAGE) return cell(CELL_ALL_STAGES, lang);
  return side->entry.stages == AT(LOCAL) ? cell(CELL_NEVER_SENT, lang) : "";
}

static void fill_code_cells(struct replycode_side *side, int lang) {
  unsigned code = side->verdict.code;
  int over = side->verdict.closes || side->verdict.action == REPLYCODE_RECONNECT;
  side->cells[REPLYCODE_KEY_SESSION_GOES_ON] = cell(over ? CELL_NO : CELL_YES, lang);
  side->cells[REPLYCODE_KEY_UNASKED] = cell(comes_unasked(code) ? CELL_UNASKED : CELL_NO, lang);
  side->cells[REPLYCODE_KEY_STAGES] = stages(side, lang);
  side->cells[REPLYCODE_KEY_SEND_WHEN] = send_when(side, lang);
  side->cells[REPLYCODE_KEY_CONFUSABLE] = replycode__words(REPLYCODE_KIND_CODE, code, REPLYCODE__CONFUSABLE, lang);
}

static void fill_status_cells(struct replycode_side *side, int lang) {
  side->cells[REPLYCODE_KEY_SESSION_GOES_ON] = cell(CELL_BY_CODE, lang);
  side->cells[REPLYCODE_KEY_UNASKED] = cell(CELL_BY_CODE, lang);
  side->cells[REPLYCODE_KEY_STAGES] = side->cells[REPLYCODE_KEY_SEND_WHEN] = side->cells[REPLYCODE_KEY_CONFUSABLE] = "";
}

/* A code that concerns one command is judged at a command that carries no mail, when no stage is given. */
static void judge_code(struct replycode_side *side, int stage) {
  struct replycode_reply reply;
  struct replycode_context context;
  memset(&context, 0, sizeof context);
  context.stage = stage;
  replycode_parse(side->entry.slug, 3, 1, &reply);
  replycode_classify(&reply, &context, &side->verdict);
  if (stage == REPLYCODE_NO_STAGE && side->verdict.scope == REPLYCODE_COMMAND) {
    context.stage = REPLYCODE_VRFY;
    replycode_classify(&reply, &context, &side->verdict);
  }
}

/* A status is judged with a bare code of its class: x50. */
static void judge_status(struct replycode_side *side, const struct replycode_status *status, int stage) {
  struct replycode_reply reply;
  struct replycode_context context;
  unsigned klass = status->klass;
  if (klass == 0xffff) klass = side->entry.classes & 1 << 5 ? 5 : side->entry.classes & 1 << 4 ? 4 : 2;
  memset(&context, 0, sizeof context);
  memset(&reply, 0, sizeof reply);
  reply.code = (uint16_t)(klass * 100 + 50);
  reply.status = *status;
  reply.status.klass = (uint16_t)klass;
  context.stage = stage;
  replycode_classify(&reply, &context, &side->verdict);
}

static int fill_side(const char *slug, size_t size, int stage, int lang, struct replycode_side *side) {
  struct replycode_status status;
  if (replycode_describe(REPLYCODE_KIND_CODE, slug, size, 0, lang, &side->entry)) {
    judge_code(side, stage);
    fill_cells(side, lang);
    fill_code_cells(side, lang);
    return 1;
  }
  if (!replycode_status_read(slug, size, &status)) return 0;
  if (!replycode_describe(REPLYCODE_KIND_STATUS, slug, size, 0, lang, &side->entry)) return 0;
  judge_status(side, &status, stage);
  fill_cells(side, lang);
  fill_status_cells(side, lang);
  return 1;
}

/* ---- Pairs ------------------------------------------------------------------------------------------------------ */

/* A code's number, or a status's without its class, so that both kinds share one order. */
static uint32_t number_of(const struct replycode_side *side) {
  struct replycode_status status;
  if (side->entry.kind == REPLYCODE_KIND_CODE) return side->verdict.code;
  replycode_status_read(side->entry.slug, strlen(side->entry.slug), &status);
  return 1000000 + status.subject * 1000u + status.detail;
}

#define STATUS_NUMBER(subject, detail) (1000000 + subject * 1000u + detail)

/* The prose of a pair; `lower` and `higher` in this order. */
static void fill_prose(uint32_t lower, uint32_t higher, int lang, struct replycode_comparison *comparison) {
#define CODE_PAIR(a, b, its_references, its_difference, its_which)            \
  if (lower == a && higher == b) {                                            \
    comparison->difference = its_difference;                                  \
    comparison->which = its_which;                                            \
    comparison->references = its_references;                                  \
    return;                                                                   \
  }
#define STATUS_PAIR(subject, detail, subject2, detail2, its_references, its_difference, its_which) \
  CODE_PAIR(STATUS_NUMBER(subject, detail), STATUS_NUMBER(subject2, detail2), its_references, its_difference, its_which)
#include "data/pairs.def"
#undef CODE_PAIR
#undef STATUS_PAIR
  comparison->difference = comparison->which = comparison->references = "";
}

int replycode_compare(const char *a, size_t a_size, const char *b, size_t b_size, int stage, int lang,
                      struct replycode_comparison *comparison) {
  uint32_t first, second;
  memset(comparison, 0, sizeof *comparison);
  if (!fill_side(a, a_size, stage, lang, &comparison->a) || !fill_side(b, b_size, stage, lang, &comparison->b)) return 0;
  first = number_of(&comparison->a);
  second = number_of(&comparison->b);
  if (first < second) fill_prose(first, second, lang, comparison);
  else fill_prose(second, first, lang, comparison);
  return 1;
}
