/* reading.c - reply text -> the rules that match it, and which of them weighs most. */
#include "condition.h"
#include "own_words.h"
#include "provider.h"
#include "reader.h"

static void take_signals(struct replycode__reader *reader, const struct replycode__pattern *pattern,
                         const struct replycode__found *found) {
  const struct replycode__text_rule *rules = replycode__text_rules(reader->image);
  const uint16_t *owners;
  size_t count = replycode__owners_of(reader->image, pattern, &owners), owner;
  for (owner = 0; owner < count; owner++)
    if (replycode__role(&rules[owners[owner]]) > REPLYCODE__MARK)
      replycode__take_signal(reader, replycode__role(&rules[owners[owner]]), found);
}

/* The pattern's match so far, NULL when it is new. */
static struct replycode__hit *match_of(struct replycode__reader *reader, size_t pattern) {
  size_t at;
  for (at = 0; at < reader->count; at++)
    if (reader->matches[at].pattern == pattern && reader->matches[at].image == reader->image) return &reader->matches[at];
  return NULL;
}

/* Without the blanks that stand before and behind the text. */
static struct replycode__found within_text(const struct replycode__window *window, uint32_t at, uint32_t size) {
  uint32_t end = window->begins + window->size - (uint32_t)window->last;
  struct replycode__found found = {at, size};
  if (at == (uint32_t)-1) found.at = 0, found.size--;
  if (found.at + found.size > end) found.size = end - found.at;
  return found;
}

/* Of several places the first counts; but a quoted reply is more than what introduces it. */
static void keep_match(struct replycode__reader *reader, size_t pattern, uint32_t at, uint32_t size) {
  struct replycode__hit *match = match_of(reader, pattern);
  if (match == NULL && reader->count < REPLYCODE__HITS) match = &reader->matches[reader->count++];
  else if (match == NULL || match->found.at >= reader->quote_at || at < reader->quote_at) return;
  match->image = reader->image;
  match->pattern = (uint16_t)pattern;
  match->literals = (uint16_t)replycode__literal_bytes(reader->image, replycode__patterns(reader->image) + pattern);
  match->found = within_text(reader->window, at, size);
}

static int on_match(void *context, size_t number, const struct replycode__found *found) {
  struct replycode__reader *reader = context;
  const struct replycode__window *window = reader->window;
  const struct replycode__pattern *pattern = replycode__patterns(reader->image) + number;
  size_t end = found->at + found->size;
  if (!replycode__window_shows(window, found->at, end)) return 1;
  if ((pattern->shape & REPLYCODE__ASKS) == 0 &&
      !replycode__is_own(window->text, window->size, found->at, end, reader->brackets))
    return 1;
  take_signals(reader, pattern, found);
  keep_match(reader, number, window->begins + found->at, found->size);
  return 1;
}

/* ---- What it means ---------------------------------------------------------------------------------------------- */

enum { OF_ANYBODY = 1, OF_PROVIDER, OF_CALLER };

/* The bit between whose row it is and its rank: it speaks of a quoted reply. */
enum { QUOTED = 1 << 27 };

/* More counts first: whose row, whether it speaks of a quoted reply, rank of what is said, a code or status beside words (or
 * a list by its name), literal bytes, conditions. */
static uint32_t weigh(const struct replycode_classifier *image, const struct replycode__text_rule *rule, size_t literals) {
  uint32_t owner = image->caller ? OF_CALLER : rule->provider != 0 ? OF_PROVIDER : OF_ANYBODY;
  uint32_t asked = literals > 0 && (rule->code != 0 || rule->klass != 0 || rule->blocklist != 0);
  return owner << 28 | (uint32_t)replycode__rank(rule) << 24 | asked << 20 | (uint32_t)literals << 8 |
         replycode__conditions(rule);
}

/* What a rule's conditions are compared with: inside a quoted reply, that. */
static const struct replycode_reply *said_by(const struct replycode__reader *reader, uint32_t at) {
  int quoted = reader->reading->quoted && at >= reader->quote_at;
  return quoted ? &reader->reading->quote : reader->trial->reply;
}

static int conditions_hold(const struct replycode__reader *reader, const struct replycode__text_rule *rule, uint32_t at) {
  const struct replycode_reply *reply = said_by(reader, at);
  return replycode__at_stage(reader->trial, rule->stages) && replycode__code_fits(rule, reply->code) &&
         replycode__status_fits(rule, &reply->status);
}

static int holds(const struct replycode__reader *reader, const struct replycode__text_rule *rule, uint32_t at) {
  if (replycode__role(rule) != REPLYCODE__CAUSE) return 0;
  if (rule->provider != 0 && rule->provider != reader->reading->provider && !replycode__identifies(rule)) return 0;
  return conditions_hold(reader, rule, at);
}

/* ---- Who speaks ------------------------------------------------------------------------------------------------- */

/* The longest mark names the provider; the longest name the blocklist, and a zone before words about it. */
static void identify(struct replycode__reader *reader, const struct replycode__text_rule *rule, uint32_t literals,
                     int is_zone, uint32_t at) {
  if (replycode__identifies(rule) && literals > reader->mark && conditions_hold(reader, rule, at)) {
    reader->mark = literals;
    reader->reading->provider = rule->provider;
  }
  if (is_zone) literals += REPLYCODE__LITERALS;
  if (rule->blocklist != 0 && literals > reader->list) {
    reader->list = literals;
    reader->reading->blocklist = rule->blocklist;
  }
}

/* What is worth telling beside the best: not what says hardly anything, nor the same words read another way. */
static int is_telling(const struct replycode__candidate *candidate, const struct replycode__candidate *best) {
  const struct replycode_span *a = &candidate->matched, *b = &best->matched;
  if (candidate->rule->cause == best->rule->cause || candidate->rule->cause == REPLYCODE_UNKNOWN) return 0;
  if (replycode__rank(candidate->rule) <= REPLYCODE__RANK_VAGUE || a->size == 0) return 0;
  return b->size == 0 || a->at >= b->at + b->size || b->at >= a->at + a->size;
}

static void keep_also(struct replycode__reading *reading, const struct replycode__candidate *candidate) {
  if (reading->also.rule == NULL || candidate->weight > reading->also.weight) reading->also = *candidate;
}

static void put(struct replycode__reading *reading, const struct replycode__candidate *candidate) {
  struct replycode__candidate last = reading->best;
  if (last.rule == NULL || candidate->weight > last.weight) {
    reading->best = *candidate;
    reading->tied = 0;
    if (reading->also.rule != NULL && !is_telling(&reading->also, candidate)) reading->also.rule = NULL;
    if (last.rule != NULL && is_telling(&last, candidate)) keep_also(reading, &last);
    return;
  }
  if (candidate->weight == last.weight && candidate->number != last.number) reading->tied = 1;
  if (is_telling(candidate, &reading->best)) keep_also(reading, candidate);
}

/* Before RCPT nobody has been named whom a text could be about. */
static int is_too_early(const struct replycode__reader *reader, const struct replycode__text_rule *rule) {
  if (!replycode__at_stage(reader->trial, BEFORE_RCPT)) return 0;
  return replycode__concerns_recipient(rule->cause) || rule->cause == REPLYCODE_MAILBOX_FULL;
}

static void consider(struct replycode__reader *reader, const struct replycode_classifier *image, uint16_t number,
                     size_t literals, uint32_t at, uint32_t size) {
  const struct replycode__text_rule *rule = replycode__text_rules(image) + number;
  struct replycode__candidate candidate;
  if (!holds(reader, rule, at)) return;
  if (replycode__identifies(rule) && literals == 0 && reader->reading->provider == 0)
    reader->reading->provider = rule->provider;
  if (is_too_early(reader, rule)) {
    reader->reading->about_recipient |= replycode__concerns_recipient(rule->cause);
    return;
  }
  reader->reading->disabled |= rule->cause == REPLYCODE_RECIPIENT_DISABLED;
  candidate.rule = rule;
  candidate.number = number + (image->caller ? (uint32_t)REPLYCODE_CALLERS_RULE : (uint32_t)REPLYCODE__TEXT_RULES);
  candidate.weight = weigh(image, rule, literals);
  if (size > 0 && at >= reader->quote_at && reader->quote_at > 0) candidate.weight |= QUOTED;
  candidate.matched.at = at;
  candidate.matched.size = size;
  put(reader->reading, &candidate);
}

static void consider_match(struct replycode__reader *reader, const struct replycode__hit *match) {
  const struct replycode__pattern *pattern = replycode__patterns(match->image) + match->pattern;
  const uint16_t *owners;
  size_t count = replycode__owners_of(match->image, pattern, &owners), owner;
  for (owner = 0; owner < count; owner++)
    consider(reader, match->image, owners[owner], match->literals, match->found.at, match->found.size);
}

static void identify_match(struct replycode__reader *reader, const struct replycode__hit *match) {
  const struct replycode__pattern *pattern = replycode__patterns(match->image) + match->pattern;
  const struct replycode__text_rule *rules = replycode__text_rules(match->image);
  int is_zone = (pattern->shape & REPLYCODE__ASKS) != 0 && replycode__part_count(pattern) == 1;
  const uint16_t *owners;
  size_t count = replycode__owners_of(match->image, pattern, &owners), owner;
  for (owner = 0; owner < count; owner++) identify(reader, &rules[owners[owner]], match->literals, is_zone, match->found.at);
}

/* ---- Rules that are tried --------------------------------------------------------------------------------------- */

/* The first direct rule of a provider and code, or the place where it would be. */
static size_t first_direct(const struct replycode_classifier *image, unsigned provider, unsigned code) {
  const struct replycode__direct *direct = replycode__directs(image);
  size_t low = 0, high = image->direct_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (direct[middle].provider < provider || (direct[middle].provider == provider && direct[middle].code < code))
      low = middle + 1;
    else high = middle;
  }
  return low;
}

/* Where the pattern is in a window, in the server's own words. */
static int find_in(const struct replycode_classifier *image, size_t number, const struct replycode__window *window,
                   int brackets, struct replycode__found *found) {
  int asks = (replycode__patterns(image)[number].shape & REPLYCODE__ASKS) != 0;
  size_t from = 0;
  while (replycode__pattern_in(image, number, window->text, window->size, &from, found)) {
    size_t end = found->at + found->size;
    if (replycode__window_shows(window, found->at, end) &&
        (asks || replycode__is_own(window->text, window->size, found->at, end, brackets))) {
      *found = within_text(window, window->begins + found->at, found->size);
      return 1;
    }
  }
  return 0;
}

/* The window at hand holds a text of ordinary length; a longer one is gone through again. */
static int find_direct(const struct replycode__reader *reader, const struct replycode_classifier *image, size_t pattern,
                       struct replycode__found *found) {
  struct replycode__window again;
  if (reader->window->begins == (uint32_t)-1) return find_in(image, pattern, reader->window, reader->brackets, found);
  replycode__window_init(&again, reader->trial->reply);
  while (replycode__window_next(&again))
    if (find_in(image, pattern, &again, memchr(again.text, '<', again.size) != NULL, found)) return 1;
  return 0;
}

static void try_rule(struct replycode__reader *reader, const struct replycode_classifier *image,
                     const struct replycode__direct *direct) {
  const struct replycode__text_rule *rule = replycode__text_rules(image) + direct->rule;
  struct replycode__found found = {0, 0};
  if (!holds(reader, rule, 0)) return;
  if (direct->pattern == REPLYCODE__NO_PATTERN) {
    consider(reader, image, direct->rule, 0, 0, 0);
  } else if (find_direct(reader, image, direct->pattern, &found)) {
    size_t literals = replycode__literal_bytes(image, replycode__patterns(image) + direct->pattern);
    consider(reader, image, direct->rule, literals, found.at, found.size);
  }
}

static void try_code(struct replycode__reader *reader, const struct replycode_classifier *image, unsigned provider,
                     unsigned code) {
  const struct replycode__direct *direct = replycode__directs(image);
  unsigned detail = reader->trial->reply->status.detail;
  size_t at = first_direct(image, provider, code);
  for (; at < image->direct_count && direct[at].provider == provider && direct[at].code == code; at++) {
    if (direct[at].detail > detail) break;
    try_rule(reader, image, &direct[at]);
  }
}

static void try_provider(struct replycode__reader *reader, const struct replycode_classifier *image, unsigned provider) {
  unsigned code = reader->trial->reply->code;
  if (image->direct_count == image->free_direct_count) return;
  try_code(reader, image, provider, 0);
  if (code == 0) return;
  try_code(reader, image, provider, code / 100);
  try_code(reader, image, provider, code);
}

/* Those of no provider, for every reply: any code, then its class and its own. */
static void try_free(struct replycode__reader *reader, const struct replycode_classifier *image) {
  const struct replycode__direct *direct = replycode__directs(image);
  unsigned detail = reader->trial->reply->status.detail, code = reader->trial->reply->code;
  size_t at;
  for (at = 0; at < image->free_any_count && direct[at].detail <= detail; at++) try_rule(reader, image, &direct[at]);
  for (at = image->free_any_count; at < image->free_direct_count; at++)
    if (direct[at].code == code || direct[at].code == code / 100) try_rule(reader, image, &direct[at]);
}

/* ---- Reading ---------------------------------------------------------------------------------------------------- */

static void search(struct replycode__reader *reader, const struct replycode_classifier *image) {
  reader->image = image;
  replycode__search(image, reader->window->text, reader->window->size, &reader->visits, on_match, reader);
}

static void decide(struct replycode__reader *reader, const struct replycode_classifier *const *images, size_t count) {
  size_t at;
  if (reader->callout) reader->quote_at = 0, reader->reading->quoted = 0;
  for (at = 0; at < reader->count; at++) identify_match(reader, &reader->matches[at]);
  for (at = 0; at < count; at++) try_free(reader, images[at]);
  for (at = 0; at < reader->count; at++) consider_match(reader, &reader->matches[at]);
  if (reader->reading->provider != 0)
    for (at = 0; at < count; at++) try_provider(reader, images[at], reader->reading->provider);
}

void replycode__read(const struct replycode__trial *trial, struct replycode__reading *reading) {
  const struct replycode_classifier *images[2];
  struct replycode__window window;
  struct replycode__reader reader;
  size_t count = 0, at;
  memset(reading, 0, sizeof *reading);
  if (trial->context.classifier != NULL) images[count++] = trial->context.classifier;
  if (count == 0 || (images[0]->options & (REPLYCODE_ONLY_MINE | REPLYCODE_NO_TEXT)) == 0)
    images[count++] = replycode__builtin();
  reader.trial = trial;
  reader.reading = reading;
  reader.window = &window;
  reader.count = reader.quote_at = reader.mark = reader.list = 0;
  reader.callout = 0;
  memset(&reader.visits, 0, sizeof reader.visits);
  if (trial->context.host != NULL)
    reading->provider = (uint16_t)replycode__provider_of(trial->context.host, trial->context.host_size);
  replycode__window_init(&window, trial->reply);
  if ((images[0]->options & REPLYCODE_NO_TEXT) == 0)
    while (replycode__window_next(&window)) {
      reader.brackets = memchr(window.text, '<', window.size) != NULL;
      for (at = 0; at < count; at++) search(&reader, images[at]);
    }
  decide(&reader, images, count);
}
