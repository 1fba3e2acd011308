/* lua_encode.c - Lua values as CBOR. */
#include "lua_cbor.h"

#include <stdlib.h>

enum { DEEPEST = 64, FEW = 32, FIRST_CAPACITY = 1024 };

/* What has been written: in `first`, then in a userdata at `slot` of the stack, so that an error leaks nothing. */
struct output {
  lua_State *L;
  struct replycode__writer writer;
  int slot;
  unsigned char first[FIRST_CAPACITY];
};

static void put_value(struct output *output, int at, int depth);

/* The caller's mistake; format has one %s. */
static void raise(lua_State *L, const char *format, const char *found) {
  lua_pushfstring(L, format, found);
  luaL_argerror(L, 1, lua_tostring(L, -1));
}

/* Makes room for so many bytes, so that nothing put afterwards can be too long. */
static void reserve(struct output *output, size_t more) {
  struct replycode__writer *writer = &output->writer;
  unsigned char *bytes;
  size_t capacity = writer->capacity;
  if (more <= capacity - writer->size) return;
  if (more > SIZE_MAX / 4 - writer->size) raise(output->L, "too large for %s", "memory");
  while (capacity - writer->size < more) capacity *= 2;
  bytes = lua_newuserdata(output->L, capacity);
  memcpy(bytes, writer->bytes, writer->size);
  writer->bytes = bytes;
  writer->capacity = capacity;
  lua_replace(output->L, output->slot);
}

static struct replycode__writer *room(struct output *output) {
  reserve(output, REPLYCODE__HEAD);
  return &output->writer;
}

/* ---- Scalars ---------------------------------------------------------------------------------------------------- */

static void put_number(struct output *output, int at) {
#if LUA_VERSION_NUM >= 503
  if (lua_isinteger(output->L, at)) {
    lua_Integer number = lua_tointeger(output->L, at);
    if (number >= 0) replycode__put_unsigned(room(output), (uint64_t)number);
    else replycode__put_negative(room(output), (uint64_t)(-1 - number));
    return;
  }
#endif
  replycode__put_number(room(output), lua_tonumber(output->L, at));
}

static void put_string(struct output *output, int at) {
  size_t size;
  const char *bytes = lua_tolstring(output->L, at, &size);
  reserve(output, size + REPLYCODE__HEAD);
  replycode__put_string(&output->writer, bytes, size);
}

/* ---- Enhanced status -------------------------------------------------------------------------------------------- */

/* The keys whose values are statuses: an array of three numbers on the wire, "5.7.26" in Lua. */
int replycode__is_status_key(const char *bytes, size_t size) {
  return replycode__equals(bytes, size, "enhanced") || replycode__equals(bytes, size, "guess");
}

/* Up to three digits without a leading zero; the bytes they take, else 0. */
static size_t read_part(const char *text, size_t size, unsigned *number) {
  size_t digits;
  *number = 0;
  for (digits = 0; digits < size && digits < 4 && replycode__is_digit(text[digits]); digits++)
    *number = *number * 10 + (unsigned)(text[digits] - '0');
  return digits > 3 || (digits > 1 && text[0] == '0') ? 0 : digits;
}

/* Only what comes back as it was is one: no leading zeros, nothing before or behind. */
static int read_status(const char *text, size_t size, unsigned parts[3]) {
  size_t at = 0, part;
  for (part = 0; part < 3; part++) {
    size_t digits = read_part(text + at, size - at, &parts[part]);
    if (digits == 0) return 0;
    at += digits;
    if (part < 2 && (at == size || text[at++] != '.')) return 0;
  }
  return at == size && (parts[0] == 2 || parts[0] == 4 || parts[0] == 5);
}

/* Whether the string at `at` is a status and has been put as one. */
static int put_status(struct output *output, int at) {
  size_t size, part;
  unsigned parts[3];
  const char *text = lua_tolstring(output->L, at, &size);
  if (!read_status(text, size, parts)) return 0;
  replycode__put_array(room(output), 3);
  for (part = 0; part < 3; part++) replycode__put_unsigned(room(output), parts[part]);
  return 1;
}

/* Three numbers would come back as a string. The value is on top of the stack. */
static void refuse_list(lua_State *L, const char *key) {
  unsigned parts[3];
  if (replycode__status_list(L, parts))
    raise(L, "field '%s': expected a status such as \"5.7.26\", found a list", key);
}

/* ---- Tables ----------------------------------------------------------------------------------------------------- */

/* Counts the pairs of a table; *list is whether its keys are 1 to that count. */
static size_t count_pairs(lua_State *L, int at, int *list) {
  size_t count = 0;
  lua_Integer key, last = 0;
  *list = 1;
  lua_pushnil(L);
  while (lua_next(L, at)) {
    lua_pop(L, 1);
    count++;
    if (!replycode__is_whole(L, -1, &key) || key < 1) *list = 0;
    else if (key > last) last = key;
  }
  if (count != (size_t)last) *list = 0;
  return count;
}

static void put_list(struct output *output, int at, size_t count, int depth) {
  size_t slot;
  replycode__put_array(room(output), count);
  for (slot = 1; slot <= count; slot++) {
    lua_rawgeti(output->L, at, (int)slot);
    put_value(output, lua_gettop(output->L), depth);
    lua_pop(output->L, 1);
  }
}

/* A key and its value as they have been put. No key is the beginning of another, so comparing pairs compares keys. */
struct pair { size_t offset, size; const unsigned char *bytes; };

static int compare_pairs(const void *a, const void *b) {
  const struct pair *left = a, *right = b;
  return memcmp(left->bytes, right->bytes, left->size < right->size ? left->size : right->size);
}

static int in_order(const struct pair *pairs, size_t count) {
  size_t at;
  for (at = 1; at < count; at++)
    if (compare_pairs(&pairs[at - 1], &pairs[at]) > 0) return 0;
  return 1;
}

/* Sorts what has been put since `start` by the bytes of the keys (section 4.2.1). */
static void sort_pairs(struct output *output, struct pair *pairs, size_t count, size_t start) {
  size_t size = output->writer.size - start, at;
  unsigned char *sorted;
  reserve(output, size);
  for (at = 0; at < count; at++) pairs[at].bytes = output->writer.bytes + pairs[at].offset;
  if (in_order(pairs, count)) return;
  qsort(pairs, count, sizeof *pairs, compare_pairs);
  sorted = output->writer.bytes + output->writer.size;
  for (at = 0; at < count; sorted += pairs[at++].size) memcpy(sorted, pairs[at].bytes, pairs[at].size);
  memcpy(output->writer.bytes + start, sorted - size, size);
}

/* The value of a key "enhanced" or "guess"; 0 when it is as any other. */
static int put_status_field(struct output *output, int key, int value) {
  size_t size;
  const char *name;
  if (lua_type(output->L, key) != LUA_TSTRING) return 0;
  name = lua_tolstring(output->L, key, &size);
  if (!replycode__is_status_key(name, size)) return 0;
  if (lua_type(output->L, value) == LUA_TSTRING) return put_status(output, value);
  refuse_list(output->L, name);
  return 0;
}

/* In some Luas -0 may be a key, though it is the key 0. */
static void put_key(struct output *output, int at) {
  switch (lua_type(output->L, at)) {
    case LUA_TSTRING: put_string(output, at); return;
    case LUA_TBOOLEAN: replycode__put_boolean(room(output), lua_toboolean(output->L, at)); return;
    case LUA_TNUMBER:
      if (lua_tonumber(output->L, at) == 0) replycode__put_unsigned(room(output), 0);
      else put_number(output, at);
      return;
    default: raise(output->L, "expected keys that are strings, numbers or booleans, found %s", luaL_typename(output->L, at));
  }
}

static void put_pairs(struct output *output, int at, struct pair *pairs, int depth) {
  int key = lua_gettop(output->L) + 1;
  lua_pushnil(output->L);
  for (; lua_next(output->L, at); pairs++) {
    pairs->offset = output->writer.size;
    put_key(output, key);
    if (!put_status_field(output, key, key + 1)) put_value(output, key + 1, depth);
    pairs->size = output->writer.size - pairs->offset;
    lua_pop(output->L, 1);
  }
}

static void put_map(struct output *output, int at, size_t count, int depth) {
  struct pair few[FEW], *pairs = few;
  size_t start;
  replycode__put_map(room(output), count);
  start = output->writer.size;
  if (count > FEW) pairs = lua_newuserdata(output->L, count * sizeof *pairs);
  put_pairs(output, at, pairs, depth);
  sort_pairs(output, pairs, count, start);
  if (count > FEW) lua_pop(output->L, 1);
}

static void put_table(struct output *output, int at, int depth) {
  int list;
  size_t count;
  if (depth >= DEEPEST) raise(output->L, "nested deeper than 64 levels: %s", "a table may hold itself");
  luaL_checkstack(output->L, 8, "nested tables");
  count = count_pairs(output->L, at, &list);
  if (list) put_list(output, at, count, depth + 1);
  else put_map(output, at, count, depth + 1);
}

static void put_value(struct output *output, int at, int depth) {
  lua_State *L = output->L;
  switch (lua_type(L, at)) {
    case LUA_TSTRING: put_string(output, at); return;
    case LUA_TNUMBER: put_number(output, at); return;
    case LUA_TBOOLEAN: replycode__put_boolean(room(output), lua_toboolean(L, at)); return;
    case LUA_TTABLE: put_table(output, at, depth); return;
    case LUA_TLIGHTUSERDATA:
      if (lua_touserdata(L, at) == NULL) {
        replycode__put_null(room(output));
        return;
      }
      break;
    default: break;
  }
  raise(L, "expected a string, number, boolean, table or null, found %s", luaL_typename(L, at));
}

int replycode__encode(lua_State *L) {
  struct output output;
  luaL_checkany(L, 1);
  lua_settop(L, 1);
  lua_pushnil(L);
  output.L = L;
  output.slot = 2;
  output.writer.bytes = output.first;
  output.writer.size = 0;
  output.writer.capacity = sizeof output.first;
  output.writer.full = 0;
  put_value(&output, 1, 0);
  lua_pushlstring(L, (const char *)output.writer.bytes, output.writer.size);
  return 1;
}
