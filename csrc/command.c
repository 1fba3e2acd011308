/* command.c - the stage a command line asks for (RFC 5321 section 4.1.1, RFC 3030, RFC 4468). */
#include "bytes.h"
#include "replycode.h"

static int stage_of_verb(const char *text, size_t size) {
#define STAGE(NAME, slug, verb, scope, references, title, meaning) \
  if (size > 0 && replycode__is_word(text, size, verb)) return REPLYCODE_##NAME;
#include "data/stages.def"
#undef STAGE
  return REPLYCODE_OTHER;
}

/* The last word of BDAT and BURL says whether the message ends here. */
static int ends_with_last(const char *line, size_t size) {
  return size > 5 && replycode__is_blank(line[size - 5]) && replycode__is_word(line + size - 4, 4, "last");
}

int replycode_stage_of(const char *line, size_t size) {
  size_t verb = 0;
  int stage;
  while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r' || replycode__is_blank(line[size - 1]))) size--;
  while (verb < size && !replycode__is_blank(line[verb])) verb++;
  stage = stage_of_verb(line, verb);
  if ((stage == REPLYCODE_BDAT || stage == REPLYCODE_BURL) && ends_with_last(line, size)) return REPLYCODE_CONTENT;
  return stage;
}
