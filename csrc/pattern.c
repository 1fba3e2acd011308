/* pattern.c - the text of a rule -> parts. */
#include "pattern.h"

#include "fold.h"

/* What stands between two gaps. */
struct stretch {
  const char *bytes;
  size_t size;
  int gap_before, gap_behind;
};

static int edges_of(const struct replycode__piece *piece, int touched_before, int touched_behind) {
  int edges = 0;
  if (!touched_before && replycode__is_word_byte(piece->bytes[0])) edges |= REPLYCODE__STARTS;
  if (!touched_behind && replycode__is_word_byte(piece->bytes[piece->size - 1])) edges |= REPLYCODE__ENDS;
  return edges;
}

static int begins_blank(const struct stretch *stretch) {
  return stretch->size > 0 && replycode__folds_to_blank(stretch->bytes[0]);
}

static int ends_blank(const struct stretch *stretch) {
  return stretch->size > 0 && replycode__folds_to_blank(stretch->bytes[stretch->size - 1]);
}

/* Takes the blanks beside gaps off, folds the rest and says where its word edges are. */
static void add_piece(struct replycode__cut *cut, struct stretch *stretch) {
  int before = stretch->gap_before && !begins_blank(stretch), behind = stretch->gap_behind && !ends_blank(stretch);
  struct replycode__piece *piece = &cut->pieces[cut->count];
  while (stretch->gap_before && begins_blank(stretch)) stretch->bytes++, stretch->size--;
  while (stretch->gap_behind && ends_blank(stretch)) stretch->size--;
  if (stretch->size == 0) return;
  if (cut->count == REPLYCODE__PARTS) cut->problem = "more than 4 parts";
  else if (replycode__folded_size(stretch->bytes, stretch->size) > REPLYCODE__LITERALS - cut->literals)
    cut->problem = "more than 48 bytes besides gaps";
  if (cut->problem != NULL) return;
  piece->size = replycode__fold(piece->bytes, stretch->bytes, stretch->size);
  piece->edges = edges_of(piece, before, behind);
  if (piece->size > cut->pieces[cut->anchor].size) cut->anchor = cut->count;
  cut->literals += piece->size;
  cut->count++;
}

void replycode__cut_pattern(const char **text, struct replycode__cut *cut) {
  const char *end = *text + strcspn(*text, "|"), *at = *text;
  cut->count = cut->anchor = cut->literals = 0;
  cut->problem = NULL;
  cut->pieces[0].size = 0;
  for (;;) {
    struct stretch stretch;
    stretch.gap_before = at > *text;
    stretch.bytes = at;
    while (at < end && *at != '*') at++;
    stretch.size = (size_t)(at - stretch.bytes);
    stretch.gap_behind = at < end;
    add_piece(cut, &stretch);
    if (at == end) break;
    at++;
  }
  if (cut->count == 0 && cut->problem == NULL) cut->problem = "nothing to find";
  *text = *end == '|' ? end + 1 : NULL;
}
