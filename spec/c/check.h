/* check.h - the one macro of the tests: CHECK(condition, format, ...) counts, and prints where it does not hold. */
#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdio.h>

static unsigned long check_passed, check_failed;

#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
static void check_note(int holds, const char *place, const char *condition, const char *format, ...) {
  va_list arguments;
  if (holds) {
    check_passed++;
    return;
  }
  check_failed++;
  printf("%s: not so: %s\n  with ", place, condition);
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  putchar('\n');
}

#define CHECK_TEXT_(number) #number
#define CHECK_TEXT(number) CHECK_TEXT_(number)
#define CHECK(condition, ...) \
  check_note((condition) ? 1 : 0, __FILE__ ":" CHECK_TEXT(__LINE__), #condition, __VA_ARGS__)

/* What main returns. */
static int check_report(void) {
  printf("%lu passed, %lu failed\n", check_passed, check_failed);
  return check_failed == 0 && check_passed > 0 ? 0 : 1;
}

#endif
