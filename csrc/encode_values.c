/* encode_values.c - replies and verdicts as CBOR. Keys stand here as they are encoded, "\x64" "code": major type 3 with the
 * length, which is below 24. They are in the order of these bytes: shorter before longer, then as the alphabet has it
 * (RFC 8949 section 4.2.1). */
#include "replycode_cbor.h"

#include <stdio.h>

#include "encode.h"

/* A map that is being written. Its head is of one byte, for no value has more than 23 fields, and comes last. */
struct fields { struct replycode__writer writer; unsigned count; };

static void begin(struct fields *fields, unsigned char *buffer, size_t capacity) {
  fields->writer.bytes = buffer;
  fields->writer.size = 1;
  fields->writer.capacity = capacity;
  fields->writer.full = capacity == 0;
  fields->count = 0;
}

static size_t end(const struct fields *fields) {
  struct replycode__writer head = fields->writer;
  if (fields->writer.full) return 0;
  head.size = 0;
  replycode__put_map(&head, fields->count);
  return fields->writer.size;
}

/* Inline, so that a key is copied as the constant it is: that is most of what a verdict takes. */
static inline void put_key(struct fields *fields, const char *key, size_t size) {
  struct replycode__writer *writer = &fields->writer;
  fields->count++;
  if (writer->full || writer->capacity - writer->size < size) {
    writer->full = 1;
    return;
  }
  memcpy(writer->bytes + writer->size, key, size);
  writer->size += size;
}

#define PUT_KEY(fields, key) put_key(fields, key, sizeof key - 1)

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

#define PUT_SLUG(fields, key, kind, value) \
  do { \
    if ((value) == 0) break; \
    PUT_KEY(fields, key); \
    put_word(&(fields)->writer, replycode_slug(kind, value)); \
  } while (0)

#define PUT_NUMBER(fields, key, number) \
  do { \
    if ((number) == 0) break; \
    PUT_KEY(fields, key); \
    replycode__put_unsigned(&(fields)->writer, number); \
  } while (0)

static void put_status(struct fields *fields, const struct replycode_status *status) {
  if (status->klass == 0) return;
  PUT_KEY(fields, "\x68" "enhanced");
  replycode__put_array(&fields->writer, 3);
  replycode__put_unsigned(&fields->writer, status->klass);
  replycode__put_unsigned(&fields->writer, status->subject);
  replycode__put_unsigned(&fields->writer, status->detail);
}

/* ---- Verdicts --------------------------------------------------------------------------------------------------- */

/* A caller's rule without an id has its number, as in Lua. */
static void put_rule(struct fields *fields, const struct replycode_classifier *classifier, uint32_t rule) {
  char number[32];
  const char *id = number;
  PUT_KEY(fields, "\x64" "rule");
  if (rule < REPLYCODE_CALLERS_RULE) {
    put_word(&fields->writer, replycode_slug(REPLYCODE_KIND_RULE, (int)rule));
    return;
  }
  if (classifier != NULL && replycode_rule_id(classifier, rule) != NULL) id = replycode_rule_id(classifier, rule);
  else snprintf(number, sizeof number, "caller/%lu", (unsigned long)(rule - REPLYCODE_CALLERS_RULE) + 1);
  replycode__put_string(&fields->writer, id, strlen(id));
}

size_t replycode_encode_verdict(const struct replycode_classifier *classifier, const struct replycode_verdict *verdict,
                                unsigned char *buffer, size_t capacity) {
  struct fields fields;
  begin(&fields, buffer, capacity);
  PUT_SLUG(&fields, "\x64" "also", REPLYCODE_KIND_CAUSE, verdict->also);
  PUT_NUMBER(&fields, "\x64" "code", verdict->code);
  put_rule(&fields, classifier, verdict->rule);
  PUT_SLUG(&fields, "\x65" "basis", REPLYCODE_KIND_BASIS, verdict->basis);
  PUT_SLUG(&fields, "\x65" "cause", REPLYCODE_KIND_CAUSE, verdict->cause);
  PUT_SLUG(&fields, "\x65" "scope", REPLYCODE_KIND_SCOPE, verdict->scope);
  PUT_SLUG(&fields, "\x66" "action", REPLYCODE_KIND_ACTION, verdict->action);
  if (verdict->closes) {
    PUT_KEY(&fields, "\x66" "closes");
    replycode__put_boolean(&fields.writer, 1);
  }
  PUT_SLUG(&fields, "\x67" "settles", REPLYCODE_KIND_SCOPE, verdict->settles);
  PUT_SLUG(&fields, "\x67" "waiting", REPLYCODE_KIND_WAITING, verdict->waiting);
  put_status(&fields, &verdict->status);
  PUT_SLUG(&fields, "\x68" "provider", REPLYCODE_KIND_PROVIDER, verdict->provider);
  PUT_SLUG(&fields, "\x69" "blocklist", REPLYCODE_KIND_BLOCKLIST, verdict->blocklist);
  PUT_SLUG(&fields, "\x69" "malformed", REPLYCODE_KIND_MALFORMED, verdict->malformed);
  PUT_SLUG(&fields, "\x6a" "transience", REPLYCODE_KIND_TRANSIENCE, verdict->transience);
  PUT_NUMBER(&fields, "\x6b" "retry_after", verdict->retry_after);
  return end(&fields);
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

static void put_text(struct fields *fields, const struct replycode_reply *reply) {
  size_t size = replycode_text(reply, NULL, 0);
  char *at;
  PUT_KEY(fields, "\x64" "text");
  replycode__put_string_head(&fields->writer, size, is_text(reply));
  at = replycode__claim(&fields->writer, size);
  if (at != NULL) replycode_text(reply, at, size);
}

static void put_lines(struct fields *fields, const struct replycode_reply *reply) {
  struct replycode_span line;
  uint32_t cursor = 0;
  size_t lines = 0;
  while (replycode_line(reply, &cursor, &line)) lines++;
  PUT_KEY(fields, "\x65" "lines");
  replycode__put_array(&fields->writer, lines);
  for (cursor = 0; replycode_line(reply, &cursor, &line);)
    replycode__put_string(&fields->writer, line.size > 0 ? reply->bytes + line.at : "", line.size);
}

static void put_oddities(struct fields *fields, uint32_t oddities) {
  uint32_t bit;
  size_t count = 0;
  if (oddities == 0) return;
  for (bit = 1; bit != 0; bit *= 2) count += (oddities & bit) != 0;
  PUT_KEY(fields, "\x68" "oddities");
  replycode__put_array(&fields->writer, count);
  for (bit = 1; bit != 0; bit *= 2) {
    const char *slug = oddities & bit ? replycode_slug(REPLYCODE_KIND_ODDITY, (int)bit) : NULL;
    if (slug != NULL) put_word(&fields->writer, slug);
  }
}

size_t replycode_encode_reply(const struct replycode_reply *reply, unsigned char *buffer, size_t capacity) {
  struct fields fields;
  int klass = reply->code / 100, has_class = replycode_slug(REPLYCODE_KIND_CLASS, klass) != NULL;
  begin(&fields, buffer, capacity);
  if (!reply->plain) {
    PUT_KEY(&fields, "\x63" "raw");
    replycode__put_string(&fields.writer, reply->size > 0 ? reply->bytes : "", reply->size);
  }
  PUT_NUMBER(&fields, "\x64" "code", reply->code);
  put_text(&fields, reply);
  PUT_SLUG(&fields, "\x65" "class", REPLYCODE_KIND_CLASS, has_class ? klass : 0);
  put_lines(&fields, reply);
  put_status(&fields, &reply->status);
  put_oddities(&fields, reply->oddities);
  PUT_SLUG(&fields, "\x69" "malformed", REPLYCODE_KIND_MALFORMED, reply->malformed);
  return end(&fields);
}
