/* fault.c - says what is wrong with rules. A file of its own: inlined elsewhere its texts would need relocation. */
#include "build.h"

int replycode__fail(struct replycode_fault *fault, size_t rule, const char *field, const char *problem) {
  if (fault != NULL) {
    fault->rule = rule;
    fault->field = field;
    fault->problem = problem;
  }
  return 0;
}
