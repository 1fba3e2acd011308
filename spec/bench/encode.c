/* encode.c - verdicts of W2 as CBOR: by replycode_encode_verdict, and by libcbor's streaming calls alone as anybody would
 * write them.
 *
 * Usage: encode W2 rounds ours|libcbor, of which two runs under callgrind differ by the encoding alone; or encode W2, which
 * prints "B1 ratio note", nanoseconds, the two taking turns. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 199309L
#endif

#include <cbor.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "replycode_cbor.h"
#include "w2.h"

enum { ROUNDS = 25 };

static struct replycode_verdict verdicts[MOST_REPLIES];
static unsigned char buffer[REPLYCODE_VERDICT_CBOR];

/* ---- libcbor alone ------------------------------------------------------------------------------------------------ */

static unsigned char *put_text(unsigned char *at, const char *text) {
  size_t size = strlen(text);
  at += cbor_encode_string_start(size, at, (size_t)(buffer + sizeof buffer - at));
  memcpy(at, text, size);
  return at + size;
}

static unsigned char *put_number(unsigned char *at, unsigned number) {
  return at + cbor_encode_uint(number, at, (size_t)(buffer + sizeof buffer - at));
}

static unsigned char *put_slug(unsigned char *at, const char *key, int kind, int value) {
  return value == 0 ? at : put_text(put_text(at, key), replycode_slug(kind, value));
}

static unsigned char *put_status(unsigned char *at, const struct replycode_status *status) {
  if (status->klass == 0) return at;
  at = put_text(at, "enhanced");
  at += cbor_encode_array_start(3, at, (size_t)(buffer + sizeof buffer - at));
  return put_number(put_number(put_number(at, status->klass), status->subject), status->detail);
}

static size_t by_libcbor(const struct replycode_verdict *verdict) {
  size_t pairs = (size_t)6 + (verdict->code != 0) + (verdict->status.klass != 0) + (verdict->settles != 0) + verdict->closes +
                 (verdict->waiting != 0) + (verdict->malformed != 0) + (verdict->also != 0) + (verdict->retry_after != 0) +
                 (verdict->provider != 0) + (verdict->blocklist != 0);
  unsigned char *at = buffer + cbor_encode_map_start(pairs, buffer, sizeof buffer);
  at = put_slug(at, "also", REPLYCODE_KIND_CAUSE, verdict->also);
  if (verdict->code != 0) at = put_number(put_text(at, "code"), verdict->code);
  at = put_slug(at, "rule", REPLYCODE_KIND_RULE, (int)verdict->rule);
  at = put_slug(at, "basis", REPLYCODE_KIND_BASIS, verdict->basis);
  at = put_slug(at, "cause", REPLYCODE_KIND_CAUSE, verdict->cause);
  at = put_slug(at, "scope", REPLYCODE_KIND_SCOPE, verdict->scope);
  at = put_slug(at, "action", REPLYCODE_KIND_ACTION, verdict->action);
  if (verdict->closes) {
    at = put_text(at, "closes");
    at += cbor_encode_bool(true, at, (size_t)(buffer + sizeof buffer - at));
  }
  at = put_slug(at, "settles", REPLYCODE_KIND_SCOPE, verdict->settles);
  at = put_slug(at, "waiting", REPLYCODE_KIND_WAITING, verdict->waiting);
  at = put_status(at, &verdict->status);
  at = put_slug(at, "provider", REPLYCODE_KIND_PROVIDER, verdict->provider);
  at = put_slug(at, "blocklist", REPLYCODE_KIND_BLOCKLIST, verdict->blocklist);
  at = put_slug(at, "malformed", REPLYCODE_KIND_MALFORMED, verdict->malformed);
  at = put_slug(at, "transience", REPLYCODE_KIND_TRANSIENCE, verdict->transience);
  if (verdict->retry_after != 0) at = put_number(put_text(at, "retry_after"), verdict->retry_after);
  return (size_t)(at - buffer);
}

static size_t by_us(const struct replycode_verdict *verdict) {
  return replycode_encode_verdict(NULL, verdict, buffer, sizeof buffer);
}

/* ---- Measures ----------------------------------------------------------------------------------------------------- */

static size_t pass(size_t (*encode)(const struct replycode_verdict *), int count) {
  size_t sum = 0;
  int at;
  for (at = 0; at < count; at++) sum += encode(&verdicts[at]);
  return sum;
}

static double timed(size_t (*encode)(const struct replycode_verdict *), int count) {
  struct timespec start, end;
  int round;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (round = 0; round < 20; round++) pass(encode, count);
  clock_gettime(CLOCK_MONOTONIC, &end);
  return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) / 20 / count;
}

static void compare(int count) {
  double ours = 1e18, theirs = 1e18, next;
  int round;
  for (round = 0; round < ROUNDS; round++) {
    if ((next = timed(by_us, count)) < ours) ours = next;
    if ((next = timed(by_libcbor, count)) < theirs) theirs = next;
  }
  printf("B1 %.2f %.0f ns against %.0f ns, %lu bytes a verdict\n", ours / theirs, ours, theirs,
         (unsigned long)(pass(by_us, count) / (size_t)count));
}

int main(int argc, char **argv) {
  struct replycode_reply reply;
  int count = argc > 1 ? read_replies(argv[1]) : 0, at, rounds;
  size_t sum = 0;
  for (at = 0; at < count; at++) {
    replycode_parse(bytes + spans[at].at, spans[at].size, 1, &reply);
    replycode_classify(&reply, NULL, &verdicts[at]);
  }
  if (count == 0 || pass(by_us, count) != pass(by_libcbor, count)) return 1;
  if (argc < 4) compare(count);
  else
    for (rounds = atoi(argv[2]); rounds > 0; rounds--) sum += pass(argv[3][0] == 'o' ? by_us : by_libcbor, count);
  return argc > 3 && sum == 0;
}
