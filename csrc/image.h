/* image.h - rules as one block that can be searched: offsets instead of pointers, fields in the machine's own order. Internal.
 *
 * struct replycode_classifier, in this order, each part aligned to 4 bytes:
 *   header, filter (bits), buckets, grams, patterns, parts, owners, rules, direct rules, literals, ids
 *
 * A pattern is found by one window of 6 bytes in its longest part: three grams of 4 bytes, so that a text looked at in every
 * third place shows one of them. A bit in the filter says whether a gram is one of ours; its bucket says whose. */
#ifndef REPLYCODE_IMAGE_H
#define REPLYCODE_IMAGE_H

#include "bytes.h"
#include "replycode.h"

enum {
  REPLYCODE__GRAM = 4, REPLYCODE__STRIDE = 3, REPLYCODE__WINDOW = REPLYCODE__GRAM + REPLYCODE__STRIDE - 1,
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
  REPLYCODE__CLOSES, REPLYCODE__TEMPORARY, REPLYCODE__QUOTE, REPLYCODE__CALLOUT, REPLYCODE__WAIT, REPLYCODE__WAIT_BEFORE
};

enum replycode__rank {
  REPLYCODE__RANK_BY_CAUSE,
  REPLYCODE__RANK_HINT,           /* a definite status or code wins over it */
  REPLYCODE__RANK_VAGUE, REPLYCODE__RANK_POLICY, REPLYCODE__RANK_JUDGEMENT, REPLYCODE__RANK_NAMED, REPLYCODE__RANK_REASON,
  REPLYCODE__RANK_FINAL
};

enum { REPLYCODE__STARTS = 1, REPLYCODE__ENDS = 2 };   /* the part begins, ends at a word edge */

/* A part in one number: where its bytes stand within the literals, how many, which edges. */
static inline uint32_t replycode__pack_part(size_t at, size_t size, int edges) {
  return (uint32_t)at | (uint32_t)size << 24 | (uint32_t)edges << 30;
}
static inline size_t replycode__part_at(uint32_t part) { return part & 0xffffff; }
static inline size_t replycode__part_size(uint32_t part) { return part >> 24 & 0x3f; }
static inline int replycode__part_edges(uint32_t part) { return (int)(part >> 30); }

/* Where a gram belongs, in one number: a pattern, and which gram of its window it is. */
enum { REPLYCODE__PATTERNS = 0x3fff };

static inline uint16_t replycode__pack_gram(size_t pattern, size_t gram) { return (uint16_t)(pattern << 2 | gram); }

struct replycode__pattern {
  uint16_t part;                  /* the first of its parts */
  uint8_t parts, anchor;          /* how many; which is the longest */
  uint8_t window;                 /* within the anchor */
  uint8_t literals;               /* bytes of all parts */
  uint8_t owners;                 /* how many rules it belongs to */
  uint8_t asks;                   /* for what is not the server's own words: it has one of . @ / < itself */
  uint16_t owner;                 /* the first of these */
};

struct replycode__text_rule {
  uint32_t stages;
  uint16_t code;                  /* 0: any; below 10: a class */
  uint16_t detail_from, detail_to;
  uint8_t klass, subject;         /* of the status; 0xff: any */
  uint8_t role, rank, provider, blocklist;
  uint8_t cause, scope, action;
  uint8_t waiting;
  uint8_t transience;             /* of text without a code */
  uint8_t identifies;             /* the rule itself identifies its provider */
  uint8_t conditions;             /* how many */
  uint8_t reserved[2];
};

/* A rule that is tried, not searched: for replies of that provider and code with a detail from this on. */
struct replycode__direct { uint16_t provider, code, detail, rule, pattern, reserved; };

struct replycode_classifier {
  uint32_t size, options;
  uint32_t filter, buckets, grams, patterns, parts, owners, rules, direct, literals, ids;   /* offsets */
  uint16_t filter_shift, bucket_shift;
  uint16_t pattern_count, rule_count, direct_count, free_direct_count;   /* free: of no provider, they come first */
  uint16_t caller, reserved;
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

/* The first 4 bytes as a number, the same on every machine. */
static inline uint32_t replycode__read_gram(const char *text) {
  const unsigned char *bytes = (const unsigned char *)text;
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static inline uint32_t replycode__gram_hash(uint32_t gram) { return gram * UINT32_C(0x9e3779b1); }

static inline int replycode__is_word_byte(char byte) {
  return (unsigned char)(byte - 'a') < 26 || replycode__is_digit(byte) || byte == '_';
}

/* The built-in rules, made by `make tables`. */
REPLYCODE__INTERNAL const struct replycode_classifier *replycode__builtin(void);

#endif
