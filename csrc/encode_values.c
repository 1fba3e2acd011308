/* encode_values.c - replies and verdicts as CBOR. Keys stand here as they are encoded, "\x64" "code": major type 3 with the
 * length, which is below 24. They are in the order of these bytes: shorter before longer, then as the alphabet has it
 * (RFC 8949 section 4.2.1). */
#include "replycode_cbor.h"

#include <stdio.h>

#include "encode.h"

/* Inline, so that a key is copied as the constant it is: that is most of what a verdict takes. */
static inline void put_key_bytes(struct replycode__writer *writer, const char *key, size_t size) {
  if (writer->capacity - writer->size < size) writer->full = 1;
  if (writer->full) return;
  memcpy(writer->bytes + writer->size, key, size);
  writer->size += size;
}

#define PUT_KEY(writer, key) put_key_bytes(writer, key, sizeof key - 1)

static void put_word(struct replycode__writer *writer, const char *word) {
  size_t size = strlen(word);
  if (size < 24 && !writer->full && writer->capacity - writer->size > size) {   /* a head of one byte */
    writer->bytes[writer->size] = (unsigned char)(0x60 + size);
    memcpy(writer->bytes + writer->size + 1, word, size);
    writer->size += size + 1;
    return;
  }
  replycode__put_string_head(writer, size, 1);
  replycode__put_encoded(writer, word, size);
}

#define PUT_SLUG(writer, key, kind, value) \
  do { \
    if ((value) == 0) break; \
    PUT_KEY(writer, key); \
    put_word(writer, replycode_slug(kind, value)); \
  } while (0)

#define PUT_NUMBER(writer, key, number) \
  do { \
    if ((number) == 0) break; \
    PUT_KEY(writer, key); \
    replycode__put_unsigned(writer, number); \
  } while (0)

static void put_status(struct replycode__writer *writer, const struct replycode_status *status) {
  if (status->klass == 0) return;
  PUT_KEY(writer, "\x68" "enhanced");
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
  PUT_KEY(writer, "\x64" "rule");
  if (rule < REPLYCODE_CALLERS_RULE) {
    put_word(writer, replycode_slug(REPLYCODE_KIND_RULE, (int)rule));
    return;
  }
  if (classifier != NULL && replycode_rule_id(classifier, rule) != NULL) id = replycode_rule_id(classifier, rule);
  else snprintf(number, sizeof number, "caller/%lu", (unsigned long)(rule - REPLYCODE_CALLERS_RULE) + 1);
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
  PUT_SLUG(&writer, "\x64" "also", REPLYCODE_KIND_CAUSE, verdict->also);
  PUT_NUMBER(&writer, "\x64" "code", verdict->code);
  put_rule(&writer, classifier, verdict->rule);
  PUT_SLUG(&writer, "\x65" "basis", REPLYCODE_KIND_BASIS, verdict->basis);
  PUT_SLUG(&writer, "\x65" "cause", REPLYCODE_KIND_CAUSE, verdict->cause);
  PUT_SLUG(&writer, "\x65" "scope", REPLYCODE_KIND_SCOPE, verdict->scope);
  PUT_SLUG(&writer, "\x66" "action", REPLYCODE_KIND_ACTION, verdict->action);
  if (verdict->closes) {
    PUT_KEY(&writer, "\x66" "closes");
    replycode__put_boolean(&writer, 1);
  }
  PUT_SLUG(&writer, "\x67" "settles", REPLYCODE_KIND_SCOPE, verdict->settles);
  PUT_SLUG(&writer, "\x67" "waiting", REPLYCODE_KIND_WAITING, verdict->waiting);
  put_status(&writer, &verdict->status);
  PUT_SLUG(&writer, "\x68" "provider", REPLYCODE_KIND_PROVIDER, verdict->provider);
  PUT_SLUG(&writer, "\x69" "blocklist", REPLYCODE_KIND_BLOCKLIST, verdict->blocklist);
  PUT_SLUG(&writer, "\x69" "malformed", REPLYCODE_KIND_MALFORMED, verdict->malformed);
  PUT_SLUG(&writer, "\x6a" "transience", REPLYCODE_KIND_TRANSIENCE, verdict->transience);
  PUT_NUMBER(&writer, "\x6b" "retry_after", verdict->retry_after);
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
  PUT_KEY(writer, "\x64" "text");
  replycode__put_string_head(writer, size, is_text(reply));
  at = replycode__claim(writer, size);
  if (at != NULL) replycode_text(reply, at, size);
}

static void put_lines(struct replycode__writer *writer, const struct replycode_reply *reply) {
  struct replycode_span line;
  uint32_t cursor = 0;
  size_t lines = 0;
  while (replycode_line(reply, &cursor, &line)) lines++;
  PUT_KEY(writer, "\x65" "lines");
  replycode__put_array(writer, lines);
  for (cursor = 0; replycode_line(reply, &cursor, &line);)
    replycode__put_string(writer, line.size > 0 ? reply->bytes + line.at : "", line.size);
}

static void put_oddities(struct replycode__writer *writer, uint32_t oddities) {
  uint32_t bit;
  size_t count = 0;
  if (oddities == 0) return;
  for (bit = 1; bit != 0; bit *= 2) count += (oddities & bit) != 0;
  PUT_KEY(writer, "\x68" "oddities");
  replycode__put_array(writer, count);
  for (bit = 1; bit != 0; bit *= 2) {
    const char *slug = oddities & bit ? replycode_slug(REPLYCODE_KIND_ODDITY, (int)bit) : NULL;
    if (slug != NULL) put_word(writer, slug);
  }
}

size_t replycode_encode_reply(const struct replycode_reply *reply, unsigned char *buffer, size_t capacity) {
  struct replycode__writer writer = {buffer, 0, capacity, 0};
  int klass = reply->code / 100, has_class = replycode_slug(REPLYCODE_KIND_CLASS, klass) != NULL;
  replycode__put_map(&writer, (size_t)2 + !reply->plain + (reply->code != 0) + (size_t)has_class + (reply->status.klass != 0) +
                                (reply->oddities != 0) + (reply->malformed != 0));
  if (!reply->plain) {
    PUT_KEY(&writer, "\x63" "raw");
    replycode__put_string(&writer, reply->size > 0 ? reply->bytes : "", reply->size);
  }
  PUT_NUMBER(&writer, "\x64" "code", reply->code);
  put_text(&writer, reply);
  PUT_SLUG(&writer, "\x65" "class", REPLYCODE_KIND_CLASS, has_class ? klass : 0);
  put_lines(&writer, reply);
  put_status(&writer, &reply->status);
  put_oddities(&writer, reply->oddities);
  PUT_SLUG(&writer, "\x69" "malformed", REPLYCODE_KIND_MALFORMED, reply->malformed);
  return written(&writer);
}
