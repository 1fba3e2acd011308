/* encode.c - CBOR items by libcbor's streaming calls, which allocate nothing. The only file that includes <cbor.h>. */
#include "encode.h"

#include <cbor.h>
#include <string.h>

#include "utf8.h"

/* ---- Writing ---------------------------------------------------------------------------------------------------- */

/* libcbor writes nothing and says 0 when there is no room. */
static void wrote(struct replycode__writer *writer, size_t size) {
  writer->size += size;
  if (size == 0) writer->full = 1;
}

/* Where the next byte goes; after the first item that did not fit there is room for none. */
static unsigned char *room(const struct replycode__writer *writer, size_t *size) {
  *size = writer->full ? 0 : writer->capacity - writer->size;
  return writer->bytes + writer->size;
}

#define PUT(writer, encode, value) \
  do { \
    size_t left; \
    unsigned char *at = room(writer, &left); \
    wrote(writer, encode(value, at, left)); \
  } while (0)

void replycode__put_array(struct replycode__writer *writer, size_t items) { PUT(writer, cbor_encode_array_start, items); }

void replycode__put_map(struct replycode__writer *writer, size_t pairs) { PUT(writer, cbor_encode_map_start, pairs); }

void replycode__put_unsigned(struct replycode__writer *writer, uint64_t number) { PUT(writer, cbor_encode_uint, number); }

void replycode__put_negative(struct replycode__writer *writer, uint64_t number) { PUT(writer, cbor_encode_negint, number); }

void replycode__put_boolean(struct replycode__writer *writer, int value) { PUT(writer, cbor_encode_bool, value != 0); }

void replycode__put_null(struct replycode__writer *writer) {
  size_t left;
  unsigned char *at = room(writer, &left);
  wrote(writer, cbor_encode_null(at, left));
}

char *replycode__claim(struct replycode__writer *writer, size_t size) {
  size_t left;
  unsigned char *at = room(writer, &left);
  if (size > left) {
    writer->full = 1;
    return NULL;
  }
  writer->size += size;
  return (char *)at;
}

void replycode__put_encoded(struct replycode__writer *writer, const char *bytes, size_t size) {
  char *at = replycode__claim(writer, size);
  if (at != NULL && size > 0) memcpy(at, bytes, size);
}

void replycode__put_string_head(struct replycode__writer *writer, size_t size, int is_text) {
  if (is_text) PUT(writer, cbor_encode_string_start, size);
  else PUT(writer, cbor_encode_bytestring_start, size);
}

void replycode__put_string(struct replycode__writer *writer, const char *bytes, size_t size) {
  replycode__put_string_head(writer, size, replycode__is_utf8(bytes, size));
  replycode__put_encoded(writer, bytes, size);
}

static int fits_single(double number) {
  return number >= -3.4028234663852886e38 && number <= 3.4028234663852886e38 && (double)(float)number == number;
}

/* Whether a half keeps the single: 10 bits behind the first, exponents from -14 to 15, and below these less bits, down to
 * 2^-24 (RFC 8949 appendix D). */
static int fits_half(float number) {
  uint32_t bits, mantissa;
  int exponent, lost = 13;
  memcpy(&bits, &number, sizeof bits);
  exponent = (int)(bits >> 23 & 0xff) - 127;
  mantissa = (bits & 0x7fffff) | 0x800000;
  if (exponent > 15 || exponent < -24) return 0;
  if (exponent < -14) lost += -14 - exponent;
  return (mantissa & ((UINT32_C(1) << lost) - 1)) == 0;
}

/* Of a single that a half keeps. By hand: libcbor 0.8 loses bits of numbers below 2^-14. */
static void put_half(struct replycode__writer *writer, float number) {
  uint32_t bits, half;
  char bytes[3];
  int exponent;
  memcpy(&bits, &number, sizeof bits);
  exponent = (int)(bits >> 23 & 0xff) - 127;
  if (exponent >= -14) half = (uint32_t)(exponent + 15) << 10 | (bits >> 13 & 0x3ff);
  else half = ((bits & 0x7fffff) | 0x800000) >> (13 + -14 - exponent);
  half |= bits >> 16 & 0x8000;
  bytes[0] = '\xf9';
  bytes[1] = (char)(half >> 8);
  bytes[2] = (char)(half & 0xff);
  replycode__put_encoded(writer, bytes, sizeof bytes);
}

static void put_float(struct replycode__writer *writer, double number) {
  if (number != number) replycode__put_encoded(writer, "\xf9\x7e\x00", 3);
  else if (number - number != 0) replycode__put_encoded(writer, number > 0 ? "\xf9\x7c\x00" : "\xf9\xfc\x00", 3);
  else if (number == 0) replycode__put_encoded(writer, "\xf9\x80\x00", 3);
  else if (!fits_single(number)) PUT(writer, cbor_encode_double, number);
  else if (fits_half((float)number)) put_half(writer, (float)number);
  else PUT(writer, cbor_encode_single, (float)number);
}

void replycode__put_number(struct replycode__writer *writer, double number) {
  static const double beyond = 18446744073709551616.0;       /* 2^64 */
  double size = number < 0 ? -number : number;
  if (number == -beyond) replycode__put_negative(writer, UINT64_MAX);
  else if (!(size < beyond) || (double)(uint64_t)size != size || (number == 0 && 1 / number < 0)) put_float(writer, number);
  else if (number < 0) replycode__put_negative(writer, (uint64_t)size - 1);
  else replycode__put_unsigned(writer, (uint64_t)size);
}

/* ---- UTF-8 ------------------------------------------------------------------------------------------------------ */

static uint64_t high_bits(const unsigned char *eight) {
  uint64_t bytes;
  memcpy(&bytes, eight, sizeof bytes);
  return bytes & UINT64_C(0x8080808080808080);
}

static uint32_t high_bits_of_four(const unsigned char *four) {
  uint32_t bytes;
  memcpy(&bytes, four, sizeof bytes);
  return bytes & UINT32_C(0x80808080);
}

int replycode__is_utf8(const char *bytes, size_t size) {
  const unsigned char *at = (const unsigned char *)bytes;
  uint32_t character;
  size_t step;
  /* Most strings are ASCII of 4 to 16 bytes: two looks that may overlap. */
  if (size >= 8 && size <= 16 && (high_bits(at) | high_bits(at + size - 8)) == 0) return 1;
  if (size >= 4 && size < 8 && (high_bits_of_four(at) | high_bits_of_four(at + size - 4)) == 0) return 1;
  for (; size > 0; at += step, size -= step) {
    step = 8;
    if (size >= step && high_bits(at) == 0) continue;
    step = *at < 0x80 ? 1 : replycode__utf8((const char *)at, size, &character);
    if (step == 0) return 0;
  }
  return 1;
}

/* ---- Tokens: libcbor calls one of these for each ---------------------------------------------------------------------- */

static void set(void *token, int item, uint64_t number) {
  struct replycode__token *of = token;
  of->item = item;
  of->number = number;
}

static void set_string(void *token, int item, cbor_data bytes, size_t size) {
  struct replycode__token *of = token;
  set(token, item, size);
  of->bytes = bytes;
  of->size = size;
}

static void set_indefinite(void *token, int item) {
  struct replycode__token *of = token;
  set(token, item, 0);
  of->indefinite = 1;
}

static void set_real(void *token, double real) {
  struct replycode__token *of = token;
  set(token, REPLYCODE__FLOAT, 0);
  of->real = real;
}

static void on_uint8(void *token, uint8_t number) { set(token, REPLYCODE__UNSIGNED, number); }
static void on_uint16(void *token, uint16_t number) { set(token, REPLYCODE__UNSIGNED, number); }
static void on_uint32(void *token, uint32_t number) { set(token, REPLYCODE__UNSIGNED, number); }
static void on_uint64(void *token, uint64_t number) { set(token, REPLYCODE__UNSIGNED, number); }
static void on_negint8(void *token, uint8_t number) { set(token, REPLYCODE__NEGATIVE, number); }
static void on_negint16(void *token, uint16_t number) { set(token, REPLYCODE__NEGATIVE, number); }
static void on_negint32(void *token, uint32_t number) { set(token, REPLYCODE__NEGATIVE, number); }
static void on_negint64(void *token, uint64_t number) { set(token, REPLYCODE__NEGATIVE, number); }
static void on_bytes(void *token, cbor_data bytes, size_t size) { set_string(token, REPLYCODE__BYTES, bytes, size); }
static void on_text(void *token, cbor_data bytes, size_t size) { set_string(token, REPLYCODE__TEXT, bytes, size); }
static void on_array(void *token, size_t items) { set(token, REPLYCODE__ARRAY, items); }
static void on_map(void *token, size_t pairs) { set(token, REPLYCODE__MAP, pairs); }
static void on_chunked_bytes(void *token) { set_indefinite(token, REPLYCODE__BYTES); }
static void on_chunked_text(void *token) { set_indefinite(token, REPLYCODE__TEXT); }
static void on_open_array(void *token) { set_indefinite(token, REPLYCODE__ARRAY); }
static void on_open_map(void *token) { set_indefinite(token, REPLYCODE__MAP); }
static void on_tag(void *token, uint64_t number) { set(token, REPLYCODE__TAG, number); }
static void on_float(void *token, float real) { set_real(token, (double)real); }
static void on_double(void *token, double real) { set_real(token, real); }
static void on_boolean(void *token, bool value) { set(token, REPLYCODE__BOOLEAN, value); }
static void on_null(void *token) { set(token, REPLYCODE__NULL, 0); }
static void on_break(void *token) { set(token, REPLYCODE__BREAK, 0); }

static const struct cbor_callbacks callbacks = {
  .uint8 = on_uint8, .uint16 = on_uint16, .uint32 = on_uint32, .uint64 = on_uint64,
  .negint8 = on_negint8, .negint16 = on_negint16, .negint32 = on_negint32, .negint64 = on_negint64,
  .byte_string_start = on_chunked_bytes, .byte_string = on_bytes, .string = on_text, .string_start = on_chunked_text,
  .indef_array_start = on_open_array, .array_start = on_array, .indef_map_start = on_open_map, .map_start = on_map,
  .tag = on_tag, .float2 = on_float, .float4 = on_float, .float8 = on_double,
  .undefined = on_null, .null = on_null, .boolean = on_boolean, .indef_break = on_break};

/* Simple values but false, true, null and undefined mean nothing here, and libcbor calls them all ill-formed. */
static int is_simple(const unsigned char *bytes, size_t size) {
  return (bytes[0] >= 0xe0 && bytes[0] <= 0xf3) || (bytes[0] == 0xf8 && size > 1 && bytes[1] >= 32);
}

/* A length of 64 bits that a size_t of 32 cannot hold would be cut short. */
static int is_beyond(const unsigned char *bytes, size_t size) {
  int major = bytes[0] >> 5, at;
  if (sizeof(size_t) >= 8 || major < 2 || major > 5 || (bytes[0] & 0x1f) != 27) return 0;
  for (at = 1; at < 5 && (size_t)at < size; at++)
    if (bytes[at] != 0) return 1;
  return 0;
}

static int ill(struct replycode__fault *fault, const char *problem, size_t limit) {
  fault->problem = problem;
  fault->limit = limit;
  return REPLYCODE__ILL;
}

static int cut(struct replycode__token *token, size_t need) {
  token->took = need;
  return REPLYCODE__CUT;
}

int replycode__read_token(const unsigned char *bytes, size_t size, struct replycode__token *token,
                          struct replycode__fault *fault) {
  struct cbor_decoder_result result;
  if (size == 0) return cut(token, 1);
  if (replycode__read_short(bytes, size, token)) return REPLYCODE__WHOLE;
  if (bytes[0] == 0xf8 && size == 1) return cut(token, 2);
  if (is_simple(bytes, size)) return ill(fault, "a simple value that means nothing here", 0);
  if (is_beyond(bytes, size)) return cut(token, SIZE_MAX);
  token->indefinite = 0;
  if (bytes[0] >= 0xc6 && bytes[0] <= 0xd4) {                /* libcbor 0.8 refuses the tags 6 to 20 */
    set(token, REPLYCODE__TAG, bytes[0] - 0xc0u);
    token->took = 1;
    return REPLYCODE__WHOLE;
  }
  result = cbor_stream_decode(bytes, size, &callbacks, token);
  if (result.status == CBOR_DECODER_NEDATA) return cut(token, result.required > size ? result.required : SIZE_MAX);
  if (result.status != CBOR_DECODER_FINISHED) return ill(fault, "a byte that begins no item", 0);
  token->took = result.read;
  return REPLYCODE__WHOLE;
}

/* ---- Items ------------------------------------------------------------------------------------------------------ */

/* Whether the token may stand where the scan is. */
static const char *misplaced(const struct replycode__scan *scan, const struct replycode__token *token) {
  int item, indefinite;
  if (scan->depth == 0) return token->item == REPLYCODE__BREAK ? "a break outside an item" : NULL;
  item = scan->levels[scan->depth].item;
  indefinite = scan->levels[scan->depth].indefinite;
  if (token->item == REPLYCODE__BREAK) {
    if (!indefinite) return "a break inside an item of known length";
    return item == REPLYCODE__MAP && scan->levels[scan->depth].left % 2 ? "a break between a key and its value" : NULL;
  }
  if (item != REPLYCODE__BYTES && item != REPLYCODE__TEXT) return NULL;
  return token->item != item || token->indefinite ? "a chunk that is no string of the same type" : NULL;
}

/* How many items stand inside the token's; an indefinite one counts what it has had. */
static uint64_t inside(const struct replycode__token *token) {
  if (token->indefinite) return 0;
  switch (token->item) {
    case REPLYCODE__ARRAY: return token->number;
    case REPLYCODE__MAP: return token->number * 2;
    case REPLYCODE__TAG: return 1;
    default: return 0;
  }
}

static int open_level(struct replycode__scan *scan, const struct replycode__token *token, const struct replycode__limits *limits,
                      struct replycode__fault *fault) {
  if (scan->depth >= limits->depth) return ill(fault, "nested deeper than %d levels", limits->depth);
  scan->depth++;
  scan->levels[scan->depth].left = inside(token);
  scan->levels[scan->depth].item = (uint8_t)token->item;
  scan->levels[scan->depth].indefinite = (uint8_t)token->indefinite;
  return REPLYCODE__WHOLE;
}

/* An item has ended: so have those that it was the last of. */
static void close_levels(struct replycode__scan *scan) {
  while (scan->depth > 0) {
    if (scan->levels[scan->depth].indefinite) {
      scan->levels[scan->depth].left++;
      return;
    }
    if (--scan->levels[scan->depth].left > 0) return;
    scan->depth--;
  }
}

static int take_token(struct replycode__scan *scan, const struct replycode__token *token, const struct replycode__limits *limits,
                      struct replycode__fault *fault) {
  const char *problem = misplaced(scan, token);
  size_t still = limits->count - scan->count;
  if (problem != NULL) return ill(fault, problem, 0);
  if (token->item == REPLYCODE__BREAK) {
    scan->depth--;
    close_levels(scan);
    return REPLYCODE__WHOLE;
  }
  /* A claim of more items than may be is refused before they come; so twice the pairs cannot overflow either. */
  if (still == 0 || ((token->item == REPLYCODE__ARRAY || token->item == REPLYCODE__MAP) && token->number >= still))
    return ill(fault, "more than %d items", limits->count);
  scan->count++;
  if (token->indefinite || inside(token) > 0) return open_level(scan, token, limits, fault);
  close_levels(scan);
  return REPLYCODE__WHOLE;
}

static int too_large(const struct replycode__limits *limits, struct replycode__fault *fault) {
  return ill(fault, "larger than %d bytes", limits->size);
}

/* A number or text that ends no array and no map but is one more inside: what most tokens are. */
static int is_one_more(struct replycode__scan *scan, const struct replycode__token *token,
                       const struct replycode__limits *limits) {
  int item;
  if (scan->depth == 0) return 0;
  item = scan->levels[scan->depth].item;
  if ((item != REPLYCODE__ARRAY && item != REPLYCODE__MAP) || scan->levels[scan->depth].left < 2) return 0;
  if ((token->item != REPLYCODE__TEXT && token->item != REPLYCODE__UNSIGNED) || token->indefinite) return 0;
  if (scan->levels[scan->depth].indefinite || scan->count >= limits->count) return 0;
  scan->levels[scan->depth].left--;
  scan->count++;
  return 1;
}

int replycode__scan_item(struct replycode__scan *scan, const unsigned char *bytes, size_t size,
                         const struct replycode__limits *limits, struct replycode__fault *fault) {
  struct replycode__token token;
  do {
    int found;
    if (scan->need > size) return REPLYCODE__CUT;
    found = replycode__read_short(bytes + scan->at, size - scan->at, &token)
              ? REPLYCODE__WHOLE : replycode__read_token(bytes + scan->at, size - scan->at, &token, fault);
    if (found == REPLYCODE__ILL) return found;
    if (token.took > limits->size - scan->at) return too_large(limits, fault);
    if (found == REPLYCODE__CUT) {
      scan->need = scan->at + token.took;
      return found;
    }
    if (!is_one_more(scan, &token, limits) && take_token(scan, &token, limits, fault) == REPLYCODE__ILL) return REPLYCODE__ILL;
    scan->at += token.took;
  } while (scan->depth > 0);
  return REPLYCODE__WHOLE;
}
