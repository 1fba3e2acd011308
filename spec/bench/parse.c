/* parse.c - parses the replies of W1 as often as asked. Two runs under callgrind with different rounds differ by the
 * instructions of the replies alone: start-up and reading the files cancel out.
 *
 * Usage: parse w1.txt w1.idx rounds. A line of the index is a reply's offset and size. Exits 1 when one is not whole. */
#include <stdio.h>
#include <stdlib.h>

#include "replycode.h"

enum { MOST_REPLIES = 1024, MOST_BYTES = 1 << 20 };

static struct replycode_span spans[MOST_REPLIES];
static char bytes[MOST_BYTES];

static size_t read_bytes(const char *name) {
  FILE *file = fopen(name, "rb");
  size_t size = file == NULL ? 0 : fread(bytes, 1, sizeof bytes, file);
  if (file != NULL) fclose(file);
  return size;
}

static int read_spans(const char *name, size_t size) {
  FILE *file = fopen(name, "r");
  unsigned at, length;
  int count = 0;
  while (file != NULL && count < MOST_REPLIES && fscanf(file, "%u %u", &at, &length) == 2 && at + length <= size) {
    spans[count].at = at;
    spans[count++].size = length;
  }
  if (file != NULL) fclose(file);
  return count;
}

/* How many of the replies were whole. */
static int parse_all(int count) {
  struct replycode_reply reply;
  int at, whole = 0;
  for (at = 0; at < count; at++)
    whole += replycode_parse(bytes + spans[at].at, spans[at].size, 1, &reply) == spans[at].size;
  return whole;
}

int main(int argc, char **argv) {
  int count, rounds;
  if (argc != 4) return 2;
  count = read_spans(argv[2], read_bytes(argv[1]));
  for (rounds = atoi(argv[3]); rounds > 0; rounds--)
    if (parse_all(count) != count || count == 0) return 1;
  printf("%d\n", count);
  return 0;
}
