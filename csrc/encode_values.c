/* encode_values.c - replies and verdicts as CBOR. Keys stand here as they are encoded, "\x64" "code": major type 3 with the
 * length, which is below 24. They are in the order of these bytes: shorter before longer, then as the alphabet has it
 * (RFC 8949 section 4.2.1). */
#include "replycode_cbor.h"

#include <stdio.h>

#include "encode.h"

static void put_key(struct replycode__writer *writer, const char *key) {
  replycode__put_encoded(writer, key, (size_t)(key[0] & 0x1f) + 1);
}

static void put_slug(struct replycode__writer *writer, const char *key, int kind, int value) {
  const char *slug;
  if (value == 0) return;
  slug = replycode_slug(kind, value);
  put_key(writer, key);
  replycode__put_string_head(writer, strlen(slug), 1);
  replycode__put_encoded(writer, slug, strlen(slug));
}

static void put_number(struct replycode__writer *writer, const char *key, uint32_t number) {
  if (number == 0) return;
  put_key(writer, key);
  replycode__put_unsigned(writer, number);
}

static void put_status(struct replycode__writer *writer, const char *key, const struct replycode_status *status) {
  if (status->klass == 0) return;
  put_key(writer, key);
  replycode__put_array(writer, 3);
  replycode__put_unsigned(writer, status->klass);
  replycode__put_unsigned(writer, status->subject);
  replycode__put_unsigned(writer, status->detail);
}

static size_t written(const struct replycode__writer *writer) { return writer->full ? 0 : writer->size; }

/* ---- Verdicts --------------------------------------------------------------------------------------------------- */

/* A caller's rule without an id has its number, as in Lua. */
static void put_rule(struct replycode__writer *writer, const struct replycode_classifier *classifier, uint32_t rule) {
  char number[32];
  const char *id = number;
  if (rule < REPLYCODE_CALLERS_RULE) id = replycode_slug(REPLYCODE_KIND_RULE, (int)rule);
  else if (classifier != NULL && replycode_rule_id(classifier, rule) != NULL) id = replycode_rule_id(classifier, rule);
  else snprintf(number, sizeof number, "caller/%lu", (unsigned long)(rule - REPLYCODE_CALLERS_RULE) + 1);
  put_key(writer, "\x64" "rule");
  replycode__put_string(writer, id, strlen(id));
}

static size_t count_verdict(const struct replycode_verdict *verdict) {
  return (size_t)6 + (verdict->code != 0) + (verdict->status.klass != 0) + (verdict->settles != 0) + (verdict->closes != 0) +
         (verdict->waiting != 0) + (verdict->malformed != 0) + (verdict->also != 0) + (verdict->retry_after != 0) +
         (verdict->provider != 0) + (verdict->blocklist != 0);
}

size_t replycode_encode_verdict(const struct replycode_classifier *classifier, const struct replycode_verdict *verdict,
                                unsigned char *buffer, size_t capacity) {
  struct replycode__writer writer = {buffer, 0, capacity, 0};
  replycode__put_map(&writer, count_verdict(verdict));
  put_slug(&writer, "\x64" "also", REPLYCODE_KIND_CAUSE, verdict->also);
  put_number(&writer, "\x64" "code", verdict->code);
  put_rule(&writer, classifier, verdict->rule);
  put_slug(&writer, "\x65" "basis", REPLYCODE_KIND_BASIS, verdict->basis);
  put_slug(&writer, "\x65" "cause", REPLYCODE_KIND_CAUSE, verdict->cause);
  put_slug(&writer, "\x65" "scope", REPLYCODE_KIND_SCOPE, verdict->scope);
  put_slug(&writer, "\x66" "action", REPLYCODE_KIND_ACTION, verdict->action);
  if (verdict->closes) {
    put_key(&writer, "\x66" "closes");
    replycode__put_boolean(&writer, 1);
  }
  put_slug(&writer, "\x67" "settles", REPLYCODE_KIND_SCOPE, verdict->settles);
  put_slug(&writer, "\x67" "waiting", REPLYCODE_KIND_WAITING, verdict->waiting);
  put_status(&writer, "\x68" "enhanced", &verdict->status);
  put_slug(&writer, "\x68" "provider", REPLYCODE_KIND_PROVIDER, verdict->provider);
  put_slug(&writer, "\x69" "blocklist", REPLYCODE_KIND_BLOCKLIST, verdict->blocklist);
  put_slug(&writer, "\x69" "malformed", REPLYCODE_KIND_MALFORMED, verdict->malformed);
  put_slug(&writer, "\x6a" "transience", REPLYCODE_KIND_TRANSIENCE, verdict->transience);
  put_number(&writer, "\x6b" "retry_after", verdict->retry_after);
  return written(&writer);
}

/* ---- Replies ---------------------------------------------------------------------------------------------------- */

/* Lines are joined by LF, so the whole is UTF-8 when each of them is. */
static int is_text(const struct replycode_reply *reply) {
  struct replycode_span line;
  uint32_t cursor = 0;
  while (replycode_line(reply, &cursor, &line))
    if (line.size > 0 && !replycode__is_utf8(reply->bytes + line.at, line.size)) return 0;
  return 1;
}

static void put_text(struct replycode__writer *writer, const struct replycode_reply *reply) {
  size_t size = replycode_text(reply, NULL, 0);
  char *at;
  put_key(writer, "\x64" "text");
  replycode__put_string_head(writer, size, is_text(reply));
  at = replycode__claim(writer, size);
  if (at != NULL) replycode_text(reply, at, size);
}

static void put_lines(struct replycode__writer *writer, const struct replycode_reply *reply) {
  struct replycode_span line;
  uint32_t cursor = 0;
  size_t lines = 0;
  while (replycode_line(reply, &cursor, &line)) lines++;
  put_key(writer, "\x65" "lines");
  replycode__put_array(writer, lines);
  for (cursor = 0; replycode_line(reply, &cursor, &line);)
    replycode__put_string(writer, line.size > 0 ? reply->bytes + line.at : "", line.size);
}

static void put_oddities(struct replycode__writer *writer, uint32_t oddities) {
  uint32_t bit;
  size_t count = 0;
  if (oddities == 0) return;
  for (bit = 1; bit != 0; bit *= 2) count += (oddities & bit) != 0;
  put_key(writer, "\x68" "oddities");
  replycode__put_array(writer, count);
  for (bit = 1; bit != 0; bit *= 2) {
    const char *slug = oddities & bit ? replycode_slug(REPLYCODE_KIND_ODDITY, (int)bit) : NULL;
    if (slug != NULL) replycode__put_string(writer, slug, strlen(slug));
  }
}

size_t replycode_encode_reply(const struct replycode_reply *reply, unsigned char *buffer, size_t capacity) {
  struct replycode__writer writer = {buffer, 0, capacity, 0};
  int klass = reply->code / 100, has_class = replycode_slug(REPLYCODE_KIND_CLASS, klass) != NULL;
  replycode__put_map(&writer, (size_t)2 + !reply->plain + (reply->code != 0) + (size_t)has_class + (reply->status.klass != 0) +
                                (reply->oddities != 0) + (reply->malformed != 0));
  if (!reply->plain) {
    put_key(&writer, "\x63" "raw");
    replycode__put_string(&writer, reply->size > 0 ? reply->bytes : "", reply->size);
  }
  put_number(&writer, "\x64" "code", reply->code);
  put_text(&writer, reply);
  put_slug(&writer, "\x65" "class", REPLYCODE_KIND_CLASS, has_class ? klass : 0);
  put_lines(&writer, reply);
  put_status(&writer, "\x68" "enhanced", &reply->status);
  put_oddities(&writer, reply->oddities);
  put_slug(&writer, "\x69" "malformed", REPLYCODE_KIND_MALFORMED, reply->malformed);
  return written(&writer);
}
