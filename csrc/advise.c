/* advise.c - a situation -> the reply to send. */
#include "ascii.h"
#include "situations.h"
#include "utf8.h"
#include "words.h"

/* ---- Rows ------------------------------------------------------------------------------------------------------- */

struct situation { uint16_t cause, usual; };

static const struct situation situations[] = {
    {0, 0},
#define SITUATION(NAME, slug, cause, usual, references, title, why, text) {REPLYCODE_##cause, REPLYCODE_##usual},
#define SENT(NAME, stages, code, klass, subject, detail)
#include "data/situations.def"
#undef SITUATION
#undef SENT
};

struct sent { uint32_t stages; uint16_t situation, code; struct replycode_status status; };

static const struct sent sent_rows[] = {
#define SITUATION(NAME, slug, cause, usual, references, title, why, text)
#define SENT(NAME, stages, code, klass, subject, detail) \
  {(stages), REPLYCODE__SITUATION_##NAME, code, {klass, subject, detail}},
#include "data/situations.def"
#undef SITUATION
#undef SENT
};

enum { SENT_ROWS = sizeof sent_rows / sizeof sent_rows[0] };

uint16_t replycode__situation_cause(int situation) {
  return situation > 0 && situation < REPLYCODE__SITUATIONS ? situations[situation].cause : 0;
}

uint32_t replycode__situation_stages(int situation) {
  uint32_t stages = 0;
  size_t at;
  for (at = 0; at < SENT_ROWS; at++)
    if (sent_rows[at].situation == situation) stages |= sent_rows[at].stages;
  return stages;
}

static const struct sent *find_sent(int situation, int stage) {
  size_t at = 0;
  while (sent_rows[at].situation != situation || (sent_rows[at].stages & UINT32_C(1) << stage) == 0) at++;
  return &sent_rows[at];
}

/* ---- The nearest stage ------------------------------------------------------------------------------------------ */

/* The stages that a message passes; the enum has them in their order, with STARTTLS and AUTH between. */
#define DIALOGUE (AT(CONNECT) | HELLO_STAGES | AT(MAIL) | AT(RCPT) | AT(DATA) | AT(CONTENT) | AT(DELIVERY))

/* The first stage from `stage` on, in steps of 1 or -1, that is in both sets; 0 when there is none. */
static int walk(uint32_t stages, int stage, int step) {
  for (; stage >= REPLYCODE_CONNECT && stage <= REPLYCODE_DELIVERY; stage += step)
    if (stages & DIALOGUE & UINT32_C(1) << stage) return stage;
  return REPLYCODE_NO_STAGE;
}

/* A part of a message that is not the last stands before its end. */
static int place_of(int stage) {
  return stage == REPLYCODE_BDAT || stage == REPLYCODE_BURL ? REPLYCODE_CONTENT : stage;
}

static int nearest(int situation, int stage) {
  uint32_t stages = replycode__situation_stages(situation);
  int found;
  if (stage <= REPLYCODE_NO_STAGE || stage > REPLYCODE_LOCAL) return situations[situation].usual;
  if (stages & UINT32_C(1) << stage) return stage;
  found = walk(stages, place_of(stage), 1);
  if (found == REPLYCODE_NO_STAGE) found = walk(stages, place_of(stage), -1);
  return found == REPLYCODE_NO_STAGE ? situations[situation].usual : found;
}

/* ---- Text ------------------------------------------------------------------------------------------------------- */

struct line { char *bytes; size_t size, capacity; };

static void put(struct line *line, const char *text) {
  while (*text != '\0' && line->size + 1 < line->capacity) line->bytes[line->size++] = *text++;
  line->bytes[line->size] = '\0';
}

/* Letters without accents are never longer. */
static void without_accents(char *to, const char *from) {
  size_t left = strlen(from), taken;
  for (; left > 0; from += taken, left -= taken) {
    uint32_t character = 0;
    taken = replycode__utf8(from, left, &character);
    if (taken > 1) to += replycode__ascii(to, character);
    else *to++ = *from;
    if (taken == 0) taken = 1;
  }
  *to = '\0';
}

static const char *closing(int lang) {
#define T(en, tr) (lang == REPLYCODE_TR ? tr : en)
  return
#include "data/closing.def"
    ;
#undef T
}

static void write_text(struct replycode_advice *advice, int lang) {
  struct line line = {advice->utf8_text, 0, sizeof advice->utf8_text};
  put(&line, replycode__words(REPLYCODE_KIND_SITUATION, (uint32_t)advice->situation, REPLYCODE__TEXT, lang));
  if (advice->code == 421) put(&line, closing(lang));
  without_accents(advice->text, advice->utf8_text);
}

/* ---- Advice ----------------------------------------------------------------------------------------------------- */

static void fill(struct replycode_advice *advice, const struct sent *sent, int stage, int lang) {
  uint32_t id = sent->situation;
  memset(advice, 0, sizeof *advice);
  advice->situation = sent->situation;
  advice->stage = stage;
  advice->code = sent->code;
  advice->status = sent->status;
  advice->cause = replycode__situation_cause(sent->situation);
  advice->why = replycode__words(REPLYCODE_KIND_SITUATION, id, REPLYCODE__MEANING, lang);
  advice->references = replycode__words(REPLYCODE_KIND_SITUATION, id, REPLYCODE__REFERENCES, lang);
  write_text(advice, lang);
}

int replycode_advise(const char *situation, size_t size, int stage, int lang, struct replycode_advice *advice) {
  int number = replycode_value(REPLYCODE_KIND_SITUATION, situation, size);
  if (number == 0) return 0;
  stage = nearest(number, stage);
  fill(advice, find_sent(number, stage), stage, lang);
  return 1;
}
