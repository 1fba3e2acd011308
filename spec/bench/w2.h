/* w2.h - the replies of W2: lines of a number and that many bytes of a reply, as w2.lua writes them. */
#ifndef W2_H
#define W2_H

#include <stdio.h>

#include "replycode.h"

enum { MOST_REPLIES = 16384, MOST_BYTES = 1 << 23 };

static struct replycode_span spans[MOST_REPLIES];
static char bytes[MOST_BYTES];

static int read_replies(const char *name) {
  FILE *file = fopen(name, "rb");
  uint32_t at = 0;
  unsigned size;
  int count = 0;
  while (file != NULL && count < MOST_REPLIES && fscanf(file, "%u", &size) == 1 && getc(file) == '\n' &&
         at + size <= MOST_BYTES && fread(bytes + at, 1, size, file) == size) {
    spans[count].at = at;
    spans[count++].size = size;
    at += size;
  }
  if (file != NULL) fclose(file);
  return count;
}

#endif
