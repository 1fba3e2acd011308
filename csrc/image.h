/* image.h - rules as one block that can be searched: offsets instead of pointers, fields in the machine's own order. Internal.
 *
 * struct replycode_classifier, in this order, each part aligned to 4 bytes:
 *   header, filter (bits), buckets, patterns, parts, owners, rules, direct rules, literals, ids, grams
 *
 * A pattern is found by one window of 6 bytes in one of its parts: two grams of 5 bytes, so that a text looked at in every
 * second place shows one of them. A bit in the filter says whether a gram is one of ours; its bucket says whose. */
#ifndef REPLYCODE_IMAGE_H
#define REPLYCODE_IMAGE_H

#include "bytes.h"
#include "replycode.h"

enum {
  REPLYCODE__GRAM = 5, REPLYCODE__STRIDE = 2, REPLYCODE__WINDOW = REPLYCODE__GRAM + REPLYCODE__STRIDE - 1,
  REPLYCODE__GAP = 64,            /* bytes that a '*' may pass */
  REPLYCODE__PARTS = 4,           /* of a pattern */
  REPLYCODE__LITERALS = 48,       /* bytes of a pattern's parts together */
  REPLYCODE__SPAN = REPLYCODE__LITERALS + (REPLYCODE__PARTS - 1) * REPLYCODE__GAP,
  REPLYCODE__BUCKET = 64,         /* patterns that may share a gram */
  REPLYCODE__NO_PATTERN = 0xffff
};

enum replycode__role {
  REPLYCODE__CAUSE,               /* decides why */
  REPLYCODE__MARK,                /* identifies a provider */
  /* signals: */
  REPLYCODE__CLOSES, REPLYCODE__TEMPORARY, REPLYCODE__QUOTE, REPLYCODE__CALLOUT, REPLYCODE__WAIT, REPLYCODE__WAIT_BEFORE,
  REPLYCODE__LINK
};

enum replycode__rank {
  REPLYCODE__RANK_BY_CAUSE,
  REPLYCODE__RANK_HINT,           /* a definite status or code wins over it */
  REPLYCODE__RANK_VAGUE, REPLYCODE__RANK_POLICY, REPLYCODE__RANK_JUDGEMENT, REPLYCODE__RANK_NAMED, REPLYCODE__RANK_REASON,
  REPLYCODE__RANK_FINAL
};

enum { REPLYCODE__STARTS = 1, REPLYCODE__ENDS = 2 };   /* the part begins, ends at a word edge */

/* A part in one number: where its bytes stand within the literals, how many, which edges; and which of them is rare in text,
 * by which it is looked for. */
static inline uint32_t replycode__pack_part(size_t at, size_t size, int edges, size_t rare) {
  return (uint32_t)at | (uint32_t)rare << 18 | (uint32_t)size << 24 | (uint32_t)edges << 30;
}
enum { REPLYCODE__MOST_LITERALS = 1 << 18 };
static inline size_t replycode__part_at(uint32_t part) { return part & 0x3ffff; }
static inline size_t replycode__part_rare(uint32_t part) { return part >> 18 & 0x3f; }
static inline size_t replycode__part_size(uint32_t part) { return part >> 24 & 0x3f; }
static inline int replycode__part_edges(uint32_t part) { return (int)(part >> 30); }

/* Where a gram belongs, in one number: the first of the patterns with its window, and which gram of that it is. */
enum { REPLYCODE__PATTERNS = 0x7fff };

static inline uint16_t replycode__pack_gram(size_t pattern, size_t gram) { return (uint16_t)(pattern << 1 | gram); }

struct replycode__pattern {
  uint16_t part;                  /* the first of its parts */
  uint16_t owner;                 /* the rule it belongs to; when there are several, where their list begins */
  uint8_t shape;                  /* how many parts less one; which of them has the window, or else is the longest; flags */
  uint8_t window;                 /* within that part */
};

enum {
  REPLYCODE__SHARED = 16,         /* it belongs to several rules: a list of their number and them */
  REPLYCODE__ASKS = 32,           /* it asks for what is not the server's own words: it has one of . @ / < itself */
  REPLYCODE__TRIED = 64,          /* it is too short to be searched */
  REPLYCODE__LAST = 128           /* of those that follow each other with the same part and window */
};

static inline unsigned replycode__part_count(const struct replycode__pattern *pattern) { return (pattern->shape & 3u) + 1; }
static inline unsigned replycode__anchor(const struct replycode__pattern *pattern) { return pattern->shape >> 2 & 3u; }

struct replycode__text_rule {
  uint32_t stages;
  uint16_t code;                  /* 0: any; below 10: a class */
  uint16_t detail_from, detail_to;
  uint8_t klass, subject;         /* of the status; 0xff: any */
  uint8_t provider, blocklist;
  uint8_t cause;
  uint8_t scope_action;           /* scope, 16 times the action */
  uint8_t role_rank;              /* role, 16 times the rank */
  uint8_t flags;                  /* conditions, 8 times waiting, 32 times transience (of text without a code), 128: identifies */
  uint8_t reserved[2];
};

static inline int replycode__role(const struct replycode__text_rule *rule) { return rule->role_rank & 15; }
static inline int replycode__rank(const struct replycode__text_rule *rule) { return rule->role_rank >> 4; }
static inline int replycode__rule_scope(const struct replycode__text_rule *rule) { return rule->scope_action & 15; }
static inline int replycode__rule_action(const struct replycode__text_rule *rule) { return rule->scope_action >> 4; }
static inline int replycode__rule_waiting(const struct replycode__text_rule *rule) { return rule->flags >> 3 & 3; }
static inline int replycode__rule_transience(const struct replycode__text_rule *rule) { return rule->flags >> 5 & 3; }
static inline unsigned replycode__conditions(const struct replycode__text_rule *rule) { return rule->flags & 7u; }
/* Whether the rule itself identifies its provider. */
static inline int replycode__identifies(const struct replycode__text_rule *rule) { return rule->flags >> 7; }

/* A rule that is tried, not searched: for replies of that provider and code with a detail from this on. */
struct replycode__direct { uint16_t provider, code, detail, rule, pattern, reserved; };

struct replycode_classifier {
  uint32_t size, options;
  uint32_t filter, buckets, grams, patterns, parts, owners, rules, direct, literals, ids;   /* offsets */
  uint16_t filter_shift, bucket_shift;
  uint16_t pattern_count, rule_count, direct_count;
  uint16_t free_direct_count;     /* of no provider: they come first */
  uint16_t free_any_count;        /* of those, of any code: they come first of all */
  uint16_t caller;
};

#define REPLYCODE__SECTION(type, name, field)                                                              \
  static inline const type *replycode__##name(const struct replycode_classifier *image) {                  \
    return (const type *)(const void *)((const char *)image + image->field);                               \
  }
REPLYCODE__SECTION(uint32_t, filter, filter)
REPLYCODE__SECTION(uint16_t, buckets, buckets)
REPLYCODE__SECTION(uint16_t, grams, grams)
REPLYCODE__SECTION(struct replycode__pattern, patterns, patterns)
REPLYCODE__SECTION(uint32_t, parts, parts)
REPLYCODE__SECTION(uint16_t, owners, owners)
REPLYCODE__SECTION(struct replycode__text_rule, text_rules, rules)
REPLYCODE__SECTION(struct replycode__direct, directs, direct)
REPLYCODE__SECTION(char, literals, literals)
REPLYCODE__SECTION(char, ids, ids)
#undef REPLYCODE__SECTION

/* The hash of a gram, the same on every machine: four bytes little end first, then the fifth. */
static inline uint32_t replycode__gram_hash(const char *text) {
  const unsigned char *bytes = (const unsigned char *)text;
  uint32_t four = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
  return four * UINT32_C(0x9e3779b1) + bytes[4] * UINT32_C(0x85ebca77);
}

/* The rules of a pattern: how many, and the first. */
static inline size_t replycode__owners_of(const struct replycode_classifier *image, const struct replycode__pattern *pattern,
                                          const uint16_t **owners) {
  if ((pattern->shape & REPLYCODE__SHARED) == 0) {
    *owners = &pattern->owner;
    return 1;
  }
  *owners = replycode__owners(image) + pattern->owner + 1;
  return (*owners)[-1];
}

static inline size_t replycode__literal_bytes(const struct replycode_classifier *image,
                                              const struct replycode__pattern *pattern) {
  const uint32_t *part = replycode__parts(image) + pattern->part, *end = part + replycode__part_count(pattern);
  size_t size = 0;
  for (; part < end; part++) size += replycode__part_size(*part);
  return size;
}

/* Letters, digits and '_' of folded text, 1 each: a table, for every byte of every text is asked. */
static const unsigned char replycode__word_bytes[256] = {
  ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
  ['_'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1,
  ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1,
  ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1};

static inline int replycode__is_word_byte(char byte) { return replycode__word_bytes[(unsigned char)byte]; }

/* The built-in rules, made by `make tables`. */
REPLYCODE__INTERNAL const struct replycode_classifier *replycode__builtin(void);

#endif
