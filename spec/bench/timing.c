/* timing.c - what depends on time, best of many: the first pass over W2 against a warm one, hostile text, compiling rules.
 *
 * Usage: timing W2. Prints "id value note" lines: C6 a ratio, C7 ns a byte of the worst text, C8 kB, C9 milliseconds. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 199309L
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "image.h"
#include "w2.h"

enum { ROUNDS = 25, RULES = 400 };

static unsigned long sum;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void judge(const char *text, size_t size) {
  struct replycode_reply reply;
  struct replycode_verdict verdict;
  replycode_parse(text, size, 1, &reply);
  replycode_classify(&reply, NULL, &verdict);
  sum += verdict.cause;
}

static double pass(int count) {
  double start = now();
  int at;
  for (at = 0; at < count; at++) judge(bytes + spans[at].at, spans[at].size);
  return now() - start;
}

/* The very first pass of this process against the best of many. */
static void measure_first(int count) {
  double first = pass(count), best = first, next;
  int round;
  for (round = 0; round < ROUNDS; round++)
    if ((next = pass(count)) < best) best = next;
  printf("C6 %.2f first %.0f ns a reply, warm %.0f ns\n", first / best, first / count, best / count);
}

/* ---- Hostile text ----------------------------------------------------------------------------------------------- */

/* Text that begins to match all the time: a fragment again and again. */
static size_t fill(char *text, size_t size, const char *fragment) {
  size_t length = strlen(fragment), at;
  memcpy(text, "550 ", 4);
  for (at = 4; at < size; at++) text[at] = fragment[(at - 4) % length];
  return size;
}

static double per_byte(const char *fragment, size_t size) {
  static char text[1 << 16];
  double best = 1e18, start, next;
  int round;
  fill(text, size, fragment);
  for (round = 0; round < ROUNDS; round++) {
    start = now();
    judge(text, size);
    next = now() - start;
    if (next < best) best = next;
  }
  return best / (double)size;
}

static void measure_hostile(void) {
  static const char *const fragments[] = {
    "rejected ", "mailbox ", "user unknow ", "blocked ", "a", " ", "sender address ", "please try again in ", "<", "exceeded quota ",
    "mailbox.rejected.", "spam ", "said: 550 5.1.1 ", "\xc3\xa9t\xc3\xa9 ", "a@b.c ", "1 hour 2 minutes "};
  double worst = 0, at_4k, at_64k;
  size_t at;
  const char *of = "";
  for (at = 0; at < sizeof fragments / sizeof *fragments; at++) {
    at_4k = per_byte(fragments[at], 4096);
    at_64k = per_byte(fragments[at], 65536);
    if (at_4k > worst) worst = at_4k, of = fragments[at];
    if (at_64k > worst) worst = at_64k, of = fragments[at];
  }
  printf("C7 %.2f worst of %lu texts of 4 and 64 KiB: '%s'\n", worst, (unsigned long)(sizeof fragments / sizeof *fragments), of);
}

/* ---- Rules ------------------------------------------------------------------------------------------------------ */

static void measure_compile(void) {
  static struct replycode_rule rules[RULES];
  static char texts[RULES][48];
  struct replycode_fault fault;
  double best = 1e18, start, next;
  size_t at, size;
  void *memory;
  int round;
  for (at = 0; at < RULES; at++) {
    sprintf(texts[at], "rule number %u says * word%u", (unsigned)at, (unsigned)(at * 7));
    rules[at].text = texts[at];
    rules[at].cause = REPLYCODE_POLICY_REJECTED;
  }
  size = replycode_classifier_size(rules, RULES, &fault);
  memory = malloc(size);
  for (round = 0; round < ROUNDS && memory != NULL; round++) {
    start = now();
    if (replycode_classifier_init(memory, replycode_classifier_size(rules, RULES, &fault), rules, RULES, 0, &fault) == NULL) break;
    next = now() - start;
    if (next < best) best = next;
  }
  printf("C9 %.2f %d rules\n", best / 1e6, RULES);
  free(memory);
}

int main(int argc, char **argv) {
  int count = argc > 1 ? read_replies(argv[1]) : 0;
  const struct replycode_classifier *image = replycode__builtin();
  if (count == 0) return 1;
  measure_first(count);
  measure_hostile();
  printf("C8 %lu %u patterns of %u rows\n", (unsigned long)image->size / 1024, image->pattern_count, image->rule_count);
  measure_compile();
  return sum == 0;
}
