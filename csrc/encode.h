/* encode.h - CBOR items (RFC 8949): written into bytes and read from bytes that may hold anything. Internal; only encode.c
 * knows libcbor, and nothing here knows replies. */
#ifndef REPLYCODE_ENCODE_H
#define REPLYCODE_ENCODE_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

/* ---- Writing: core deterministic encoding (section 4.2.1) but for the order of keys, which is the caller's ------------- */

/* Bytes of the caller's. What does not fit is not written, and nothing after it: then full is 1. */
struct replycode__writer { unsigned char *bytes; size_t size, capacity; int full; };

enum { REPLYCODE__HEAD = 9 };                   /* bytes of the longest head, which is the longest number */

REPLYCODE__INTERNAL void replycode__put_array(struct replycode__writer *writer, size_t items);
REPLYCODE__INTERNAL void replycode__put_map(struct replycode__writer *writer, size_t pairs);
REPLYCODE__INTERNAL void replycode__put_unsigned(struct replycode__writer *writer, uint64_t number);
REPLYCODE__INTERNAL void replycode__put_negative(struct replycode__writer *writer, uint64_t number);  /* -1 - number */
/* A whole number within 64 bits as an integer, another as the shortest float that keeps it. */
REPLYCODE__INTERNAL void replycode__put_number(struct replycode__writer *writer, double number);
REPLYCODE__INTERNAL void replycode__put_boolean(struct replycode__writer *writer, int value);
REPLYCODE__INTERNAL void replycode__put_null(struct replycode__writer *writer);
/* Text when the bytes are UTF-8, else a byte string. */
REPLYCODE__INTERNAL void replycode__put_string(struct replycode__writer *writer, const char *bytes, size_t size);
/* The head of a string whose bytes follow. */
REPLYCODE__INTERNAL void replycode__put_string_head(struct replycode__writer *writer, size_t size, int is_text);
/* Room for so many bytes that the caller fills; NULL when there is not. */
REPLYCODE__INTERNAL char *replycode__claim(struct replycode__writer *writer, size_t size);
/* Bytes that are encoded already. */
REPLYCODE__INTERNAL void replycode__put_encoded(struct replycode__writer *writer, const char *bytes, size_t size);

REPLYCODE__INTERNAL int replycode__is_utf8(const char *bytes, size_t size);

/* ---- Reading -------------------------------------------------------------------------------------------------------- */

enum replycode__item {
  REPLYCODE__UNSIGNED, REPLYCODE__NEGATIVE, REPLYCODE__BYTES, REPLYCODE__TEXT, REPLYCODE__ARRAY, REPLYCODE__MAP, REPLYCODE__TAG,
  REPLYCODE__FLOAT, REPLYCODE__BOOLEAN, REPLYCODE__NULL, REPLYCODE__BREAK
};

/* One head, with the bytes of a definite string behind it. */
struct replycode__token {
  int item;
  int indefinite;                 /* a string, array or map that ends with a break */
  uint64_t number;                /* the number, -1 - number, items, pairs, or the boolean */
  double real;
  const unsigned char *bytes;
  size_t size;                    /* of bytes */
  size_t took;                    /* what the token takes of the input */
};

/* Reads numbers and text with a head of one byte: nearly all there is in our values. 0 for any other token. */
static inline int replycode__read_short(const unsigned char *bytes, size_t size, struct replycode__token *token) {
  size_t number, text;
  if (size == 0 || (number = bytes[0] & 0x1f) >= 24) return 0;
  if (bytes[0] >> 5 == 3 && number < size) {
    token->item = REPLYCODE__TEXT;
    text = number;
  } else if (bytes[0] >> 5 == 0) {
    token->item = REPLYCODE__UNSIGNED;
    text = 0;
  } else return 0;
  token->indefinite = 0;
  token->number = number;
  token->bytes = bytes + 1;
  token->size = text;
  token->took = text + 1;
  return 1;
}

/* What is wrong with bytes; problem may hold a %d for the limit. */
struct replycode__fault { const char *problem; size_t limit; };

enum replycode__reading { REPLYCODE__ILL, REPLYCODE__CUT, REPLYCODE__WHOLE };

/* Reads the token at bytes. CUT: it is longer than size; token->took is what it needs at least. ILL: no token; *fault says why. */
REPLYCODE__INTERNAL int replycode__read_token(const unsigned char *bytes, size_t size, struct replycode__token *token,
                                              struct replycode__fault *fault);

struct replycode__limits { size_t depth, size, count; };

enum { REPLYCODE__DEEPEST = 128 };

/* How far an item has been looked through, so that no byte is looked at twice when it comes in parts. All zero: at its start. */
struct replycode__scan {
  size_t at;                      /* bytes behind the last whole token, or before the one that is wrong */
  size_t need;                    /* the item takes at least so many bytes */
  size_t count, depth;
  struct { uint64_t left; uint8_t item, indefinite; } levels[REPLYCODE__DEEPEST + 1];
};

/* Goes on through the item that begins at bytes, as far as it is there. WHOLE: it is well-formed, within the limits and
 * scan->at bytes long. CUT: more bytes are needed. ILL: *fault says why. */
REPLYCODE__INTERNAL int replycode__scan_item(struct replycode__scan *scan, const unsigned char *bytes, size_t size,
                                             const struct replycode__limits *limits, struct replycode__fault *fault);

#endif
