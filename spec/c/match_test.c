/* match_test.c - every pattern is found wherever it stands, nothing else is, and the shipped image is what the rows say. */
#include "guard.h"

#include "check.h"
#include "fold.h"
#include "match.h"
#include "naive_match.h"
#include "pattern.h"
#include "random.h"
#include "rows.h"
#include "window.h"

static const struct replycode_classifier *image;

/* ---- Searching ------------------------------------------------------------------------------------------------------ */

struct seen { size_t pattern; int found; };

static int note(void *context, size_t pattern, const struct replycode__found *found) {
  struct seen *seen = context;
  (void)found;
  seen->found |= pattern == seen->pattern;
  return 1;
}

static int is_searched(size_t pattern) { return (replycode__patterns(image)[pattern].shape & REPLYCODE__TRIED) == 0; }

static int text_holds(const char *text, size_t size, size_t pattern) {
  struct seen seen = {pattern, 0};
  struct replycode__visits visits;
  struct replycode__found found;
  size_t from = 0;
  memset(&visits, 0, sizeof visits);
  if (!is_searched(pattern)) return replycode__pattern_in(image, pattern, text, size, &from, &found);
  replycode__search(image, text, size, &visits, note, &seen);
  return seen.found;
}

static int reply_holds(const char *bytes, size_t size, size_t pattern) {
  struct replycode_reply reply;
  struct replycode__window window;
  int holds = 0;
  replycode_parse(bytes, size, 1, &reply);
  replycode__window_init(&window, &reply);
  while (replycode__window_next(&window)) holds |= text_holds(window.text, window.size, pattern);
  return holds;
}

/* ---- A pattern as text ---------------------------------------------------------------------------------------------- */

/* The parts of a pattern, one blank for each gap. */
static size_t literal_of(size_t number, char *literal) {
  const struct replycode__pattern *pattern = replycode__patterns(image) + number;
  const uint32_t *part = replycode__parts(image) + pattern->part;
  size_t size = 0, at;
  for (at = 0; at < replycode__part_count(pattern); at++) {
    if (at > 0) literal[size++] = ' ';
    memcpy(literal + size, replycode__literals(image) + replycode__part_at(part[at]), replycode__part_size(part[at]));
    size += replycode__part_size(part[at]);
  }
  return size;
}

static size_t upper(const char *from, size_t size, char *to) {
  size_t at;
  for (at = 0; at < size; at++) to[at] = (char)(from[at] >= 'a' && from[at] <= 'z' ? from[at] - 'a' + 'A' : from[at]);
  return size;
}

enum { OFFSETS = 70, ROOM = 4096 };

static void check_offsets(const struct guard *guard, size_t pattern, const char *literal, size_t size) {
  char text[ROOM];
  size_t offset;
  for (offset = 0; offset <= OFFSETS; offset++) {
    memset(text, '-', offset);
    memcpy(text + offset, literal, size);
    CHECK(text_holds(guard_at_end(guard, text, offset + size), offset + size, pattern), "'%.*s' at %lu", (int)size, literal,
          (unsigned long)offset);
  }
}

/* In a reply, in upper case, the last bytes before an unreadable page; then cut into lines at every blank. */
static void check_lines(const struct guard *guard, size_t pattern, const char *literal, size_t size) {
  char reply[ROOM], loud[ROOM];
  size_t at, length;
  upper(literal, size, loud);
  memcpy(reply, "550 -", 5);
  memcpy(reply + 5, loud, size);
  CHECK(reply_holds(guard_at_end(guard, reply, 5 + size), 5 + size, pattern), "%.*s", (int)size, loud);
  for (at = 1; at + 1 < size; at++) {
    if (literal[at] != ' ') continue;
    length = (size_t)snprintf(reply, sizeof reply, "550--%.*s\r\n550 %.*s", (int)at, loud, (int)(size - at - 1), loud + at + 1);
    CHECK(reply_holds(guard_at_end(guard, reply, length), length, pattern), "%.*s", (int)length, reply);
  }
}

/* Behind long text: across the edges of windows. */
static void check_windows(size_t pattern, const char *literal, size_t size) {
  static char reply[4 * REPLYCODE__TEXT];
  size_t at = REPLYCODE__TEXT - size / 2 - 4;
  memset(reply, '-', sizeof reply);
  memcpy(reply, "550 ", 4);
  memcpy(reply + at, literal, size);
  CHECK(reply_holds(reply, 3 * REPLYCODE__TEXT, pattern), "'%.*s' across a window's edge", (int)size, literal);
}

static void check_patterns(void) {
  struct guard guard = guard_make(ROOM);
  size_t pattern;
  for (pattern = 0; pattern < image->pattern_count; pattern++) {
    char literal[ROOM];
    size_t size = literal_of(pattern, literal);
    check_offsets(&guard, pattern, literal, size);
    check_lines(&guard, pattern, literal, size);
    check_windows(pattern, literal, size);
  }
  guard_free(&guard);
}

/* ---- Against the plain matcher -------------------------------------------------------------------------------------- */

struct all { unsigned char found[65536]; };

static int note_all(void *context, size_t pattern, const struct replycode__found *found) {
  (void)found;
  ((struct all *)context)->found[pattern] = 1;
  return 1;
}

/* Text of pieces of patterns, so that nearly everything begins to match. */
static size_t random_text(uint32_t *random, char *text, size_t capacity) {
  static const char *const between[] = {" ", ". ", "x", "", " the ", "! ", ", ", ".", "  ", " of this account or "};
  size_t size = 0;
  while (size + 200 < capacity && random_below(random, 12) > 0) {
    const struct replycode__pattern *pattern = replycode__patterns(image) + random_below(random, image->pattern_count);
    uint32_t part = replycode__parts(image)[pattern->part + random_below(random, replycode__part_count(pattern))];
    const char *glue = between[random_below(random, sizeof between / sizeof between[0])];
    memcpy(text + size, replycode__literals(image) + replycode__part_at(part), replycode__part_size(part));
    size += replycode__part_size(part);
    memcpy(text + size, glue, strlen(glue));
    size += strlen(glue);
  }
  return size;
}

static void check_against_plain(uint32_t *random) {
  static struct all all;
  struct replycode__visits visits;
  char text[1024];
  size_t size = random_text(random, text, sizeof text), row, from, to;
  memset(&all, 0, sizeof all);
  memset(&visits, 0, sizeof visits);
  replycode__search(image, text, size, &visits, note_all, &all);
  for (row = 0; row < shipped.count; row += 1 + random_below(random, 40)) {
    const char *pattern = rows[row].pattern[0] != '\0' ? rows[row].pattern : NULL;
    while (pattern != NULL) {
      char alternative[ROOM], literal[ROOM];
      struct replycode__cut cut;
      size_t length = replycode__fold(alternative, pattern, strcspn(pattern, "|")), number;
      replycode__cut_pattern(&pattern, &cut);
      if (cut.pieces[cut.anchor].size < REPLYCODE__WINDOW) continue;
      for (number = 0; number < image->pattern_count; number++) {
        const struct replycode__pattern *known = replycode__patterns(image) + number;
        const uint32_t *part = replycode__parts(image) + known->part;
        size_t at, same = replycode__part_count(known) == cut.count && is_searched(number);
        for (at = 0; same && at < cut.count; at++)
          same = replycode__part_size(part[at]) == cut.pieces[at].size &&
                 replycode__part_edges(part[at]) == cut.pieces[at].edges &&
                 memcmp(replycode__literals(image) + replycode__part_at(part[at]), cut.pieces[at].bytes,
                        cut.pieces[at].size) == 0;
        if (same) break;
      }
      CHECK(number < image->pattern_count, "'%.*s' is no pattern of the image", (int)length, alternative);
      literal_of(number, literal);
      if (number == image->pattern_count) continue;
      CHECK(naive_match(text, size, alternative, length, (int)replycode__anchor(replycode__patterns(image) + number), &from, &to) ==
              all.found[number],
            "'%.*s' in '%.*s'", (int)length, alternative, (int)size, text);
    }
  }
}

/* ---- The image ------------------------------------------------------------------------------------------------------ */

enum { MOST_BYTES = 400 * 1024 };

static void check_image(void) {
  struct replycode_fault fault = {0, "", ""};
  size_t size = replycode__image_size(&shipped, &fault);
  void *memory = malloc(size + 1);
  CHECK(size > 0, "row %lu (%s): %s: %s", (unsigned long)fault.rule, fault.rule < shipped.count ? rows[fault.rule].slug : "",
        fault.field, fault.problem);
  if (size > 0 && memory != NULL) {
    const struct replycode_classifier *made = replycode__compile(&shipped, 0, memory, size, &fault);
    CHECK(made != NULL && made->size == image->size && memcmp(made, image, image->size) == 0,
          "filter.inc is not what the rows say: run make tables");
  }
  CHECK(image->size <= MOST_BYTES, "%lu bytes", (unsigned long)image->size);
  free(memory);
}

int main(void) {
  uint32_t random = RANDOM_SEED;
  int round;
  image = replycode__builtin();
  check_image();
  check_patterns();
  for (round = 0; round < 300; round++) check_against_plain(&random);
  return check_report();
}
