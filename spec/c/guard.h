/* guard.h - memory with an unreadable page before and behind, so that a step too far crashes. Include it first. */
#ifndef GUARD_H
#define GUARD_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1         /* MAP_ANONYMOUS */
#endif

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct guard { char *start, *end; };   /* readable and writable: from start, up to before end */

static void guard_fail(const char *what) {
  perror(what);
  exit(2);
}

/* At least `size` bytes, in whole pages. */
static struct guard guard_make(size_t size) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (size + page - 1) / page * page;
  struct guard guard;
  char *pages = mmap(NULL, room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) guard_fail("mmap");
  if (mprotect(pages + page, room, PROT_READ | PROT_WRITE) != 0) guard_fail("mprotect");
  guard.start = pages + page;
  guard.end = guard.start + room;
  return guard;
}

static inline void guard_free(const struct guard *guard) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  munmap(guard->start - page, (size_t)(guard->end - guard->start) + 2 * page);
}

static inline char *guard_put(const struct guard *guard, char *place, const void *bytes, size_t size) {
  if (size > (size_t)(guard->end - guard->start)) guard_fail("guard: too small");
  if (size > 0) memcpy(place, bytes, size);
  return place;
}

/* A copy of the bytes whose last byte is the last before the page behind. */
static inline char *guard_at_end(const struct guard *guard, const void *bytes, size_t size) {
  return guard_put(guard, guard->end - size, bytes, size);
}

/* A copy of the bytes whose first byte is the first after the page before. */
static inline char *guard_at_start(const struct guard *guard, const void *bytes, size_t size) {
  return guard_put(guard, guard->start, bytes, size);
}

#endif
