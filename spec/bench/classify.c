/* classify.c - parses and judges the replies of W2 as often as asked. Two runs under callgrind with different rounds differ by
 * the instructions of the replies alone: start-up and reading the file cancel out.
 *
 * Usage: classify W2 rounds [rules]. W2 is lines of a number and that many bytes of a reply; rules is how many rules of the
 * caller are read instead of the shipped ones, each with words that no reply has. Prints how many replies, rules and bytes. */
#include <stdio.h>
#include <stdlib.h>

#include "replycode.h"
#include "w2.h"

enum { MOST_RULES = 4096 };

/* Rules of plausible words in an order that no reply has; they alone are read. */
static const struct replycode_classifier *make_rules(size_t count) {
  static const char words[][12] = {"mailbox", "quota", "sender", "blocked", "policy", "unknown", "rejected", "message", "server",
                                   "address", "domain", "limit", "relay", "virus", "spam", "access"};
  static struct replycode_rule rules[MOST_RULES];
  static char texts[MOST_RULES][48];
  struct replycode_fault fault;
  size_t at, size;
  for (at = 0; at < count; at++) {
    sprintf(texts[at], "%s%c%c %s %s%u", words[at * 7 % 16], (char)('a' + at % 26), (char)('a' + at / 26 % 26), words[at * 3 % 16],
            words[at / 16 % 16], (unsigned)at);
    rules[at].text = texts[at];
    rules[at].cause = REPLYCODE_POLICY_REJECTED;
  }
  size = replycode_classifier_size(rules, count, &fault);
  return size == 0 ? NULL : replycode_classifier_init(malloc(size), size, rules, count, REPLYCODE_ONLY_MINE,
                                                    &fault);
}

int main(int argc, char **argv) {
  struct replycode_context context = {0, 0, NULL, NULL, 0};
  struct replycode_reply reply;
  struct replycode_verdict verdict;
  unsigned long sum = 0;
  int count, rounds, at;
  if (argc < 3) return 2;
  count = read_replies(argv[1]);
  if (argc > 3) context.classifier = make_rules((size_t)atoi(argv[3]));
  for (rounds = atoi(argv[2]); rounds > 0; rounds--)
    for (at = 0; at < count; at++) {
      replycode_parse(bytes + spans[at].at, spans[at].size, 1, &reply);
      replycode_classify(&reply, &context, &verdict);
      sum += verdict.cause;
    }
  printf("%d %lu\n", count, sum);
  return count == 0;
}
