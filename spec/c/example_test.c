/* example_test.c - every row that reads text decides its own example, alone and without a tie. */
#include "check.h"
#include "reading.h"
#include "rows.h"

static int stage_of(uint32_t stages) {
  int stage = REPLYCODE_CONNECT;
  if (stages == 0 || (stages & AT(NO_STAGE)) != 0) return REPLYCODE_NO_STAGE;
  while ((stages >> stage & 1) == 0) stage++;
  return stage;
}

static void judge(const struct row *row, struct replycode__reading *reading, struct replycode_verdict *verdict) {
  struct replycode_reply reply;
  struct replycode_context context;
  struct replycode__trial trial;
  memset(&context, 0, sizeof context);
  context.stage = stage_of(row->more.stages);
  if (row->more.host != NULL) context.host = row->more.host, context.host_size = strlen(row->more.host);
  replycode_parse(row->example, strlen(row->example), 1, &reply);
  replycode_classify(&reply, &context, verdict);
  memset(&trial, 0, sizeof trial);
  trial.reply = &reply;
  trial.context = context;
  trial.digit = reply.code / 100u;
  replycode__read(&trial, reading);
}

static void check_row(size_t number) {
  const struct row *row = &rows[number];
  struct replycode__reading reading;
  struct replycode_verdict verdict;
  const char *decided;
  if (row->role != REPLYCODE__CAUSE) return;
  judge(row, &reading, &verdict);
  decided = replycode_slug(REPLYCODE_KIND_RULE, (int)verdict.rule);
  CHECK(verdict.rule == REPLYCODE__TEXT_RULES + number, "%s: its example is decided by %s: %s", row->slug, decided, row->example);
  CHECK(!reading.tied, "%s: its example is tied: %s", row->slug, row->example);
  CHECK(strcmp(replycode_slug(REPLYCODE_KIND_RULE, (int)(REPLYCODE__TEXT_RULES + number)), row->slug) == 0, "%s", row->slug);
  CHECK(row->provider == 0 || verdict.provider == row->provider, "%s: provider %d", row->slug, verdict.provider);
}

int main(void) {
  size_t row;
  for (row = 0; row < shipped.count; row++) check_row(row);
  return check_report();
}
