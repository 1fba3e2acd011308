/* lua_sequence.c - a CBOR sequence (RFC 8742) as a Lua object: bytes in any cut, values out. */
#include "lua_cbor.h"

static const char sequence_name[] = "replycode.cbor.sequence";

enum { FIRST_CAPACITY = 1024 };

struct sequence {
  unsigned char *buffer;          /* with the allocator of the state */
  size_t capacity, size;
  size_t start;                   /* of the item that is next, in the buffer */
  size_t before;                  /* bytes of the sequence before the buffer's first */
  struct replycode__limits limits;
  struct replycode__scan scan;    /* of the next item */
  struct replycode__fault fault;  /* problem is NULL as long as nothing is wrong */
  size_t fault_at;
  int closed;
};

static struct sequence *check_sequence(lua_State *L) {
  struct sequence *sequence = luaL_checkudata(L, 1, sequence_name);
  if (sequence->closed) luaL_argerror(L, 1, "the sequence is closed");
  return sequence;
}

static int release(lua_State *L) {
  struct sequence *sequence = luaL_checkudata(L, 1, sequence_name);
  void *data;
  lua_Alloc allocate = lua_getallocf(L, &data);
  if (sequence->buffer != NULL) allocate(data, sequence->buffer, sequence->capacity, 0);
  sequence->buffer = NULL;
  sequence->capacity = sequence->size = sequence->start = 0;
  sequence->closed = 1;
  return 0;
}

/* Forgets what has been read. */
static void compact(struct sequence *sequence) {
  if (sequence->start == 0) return;
  sequence->size -= sequence->start;
  sequence->before += sequence->start;
  if (sequence->size > 0) memmove(sequence->buffer, sequence->buffer + sequence->start, sequence->size);
  sequence->start = 0;
}

/* On failure the sequence is as it was. */
static void reserve(lua_State *L, struct sequence *sequence, size_t more) {
  size_t capacity = sequence->capacity == 0 ? FIRST_CAPACITY : sequence->capacity;
  void *data, *buffer;
  lua_Alloc allocate = lua_getallocf(L, &data);
  if (more <= sequence->capacity - sequence->size) return;
  if (more > SIZE_MAX / 4 - sequence->size) luaL_error(L, "too many bytes");
  while (capacity - sequence->size < more) capacity *= 2;
  buffer = allocate(data, sequence->buffer, sequence->capacity, capacity);
  if (buffer == NULL) luaL_error(L, "not enough memory for %d bytes more", (int)more);
  sequence->buffer = buffer;
  sequence->capacity = capacity;
}

static void append(lua_State *L, struct sequence *sequence, int at) {
  size_t size;
  const char *bytes;
  luaL_checktype(L, at, LUA_TSTRING);
  bytes = lua_tolstring(L, at, &size);
  if (sequence->fault.problem != NULL) return;          /* what comes behind it is never read */
  compact(sequence);
  reserve(L, sequence, size);
  if (size > 0) memcpy(sequence->buffer + sequence->size, bytes, size);
  sequence->size += size;
}

static int is_left(const struct sequence *sequence) { return sequence->start < sequence->size; }

static int scan(struct sequence *sequence) {
  if (sequence->fault.problem != NULL) return REPLYCODE__ILL;
  if (!is_left(sequence)) return REPLYCODE__CUT;
  return replycode__scan_item(&sequence->scan, sequence->buffer + sequence->start, sequence->size - sequence->start,
                              &sequence->limits, &sequence->fault);
}

/* Nothing can be found behind what is wrong: where the next item begins is not known. */
static int fail(lua_State *L, struct sequence *sequence, size_t at) {
  if (sequence->fault_at == 0) sequence->fault_at = sequence->before + sequence->start + at + 1;
  return replycode__push_fault(L, &sequence->fault, sequence->fault_at - 1);
}

/* The next value; nil when it is still to come; nil, a message and a position when it never will. */
static int sequence_next(lua_State *L) {
  struct sequence *sequence = check_sequence(L);
  int found = scan(sequence);
  size_t size = sequence->scan.at, at;
  lua_settop(L, 1);
  if (found == REPLYCODE__ILL) return fail(L, sequence, size);
  if (found == REPLYCODE__CUT) {
    lua_pushnil(L);
    return 1;
  }
  if (!replycode__push_item(L, sequence->buffer + sequence->start, size, &at, &sequence->fault))
    return fail(L, sequence, at);
  sequence->start += size;
  sequence->scan.at = sequence->scan.need = sequence->scan.count = sequence->scan.depth = 0;
  return 1;
}

/* for value in sequence:feed(bytes) */
static int sequence_feed(lua_State *L) {
  struct sequence *sequence = check_sequence(L);
  append(L, sequence, 2);
  lua_pushcfunction(L, sequence_next);
  lua_pushvalue(L, 1);
  return 2;
}

/* true when the bytes end where an item does. */
static int sequence_finish(lua_State *L) {
  static const struct replycode__fault cut = {"the bytes end inside an item", 0}, unread = {"an item was not read", 0};
  struct sequence *sequence = check_sequence(L);
  size_t start = sequence->before + sequence->start;
  switch (scan(sequence)) {
    case REPLYCODE__ILL: return fail(L, sequence, sequence->scan.at);
    case REPLYCODE__WHOLE: return replycode__push_fault(L, &unread, start);
    default: break;
  }
  if (is_left(sequence)) return replycode__push_fault(L, &cut, sequence->before + sequence->size);
  lua_pushboolean(L, 1);
  return 1;
}

static int sequence_tostring(lua_State *L) {
  struct sequence *sequence = luaL_checkudata(L, 1, sequence_name);
  lua_pushfstring(L, "%s: %d bytes waiting", sequence_name, (int)(sequence->size - sequence->start));
  return 1;
}

int replycode__new_sequence(lua_State *L) {
  struct sequence *sequence;
  struct replycode__limits limits;
  int fed = lua_type(L, 1) == LUA_TSTRING;
  lua_settop(L, 2);
  if (!fed && !lua_isnil(L, 2)) luaL_checktype(L, 1, LUA_TSTRING);
  replycode__check_limits(L, fed ? 2 : 1, &limits);
  sequence = lua_newuserdata(L, sizeof *sequence);
  memset(sequence, 0, sizeof *sequence);
  sequence->limits = limits;
  luaL_getmetatable(L, sequence_name);
  lua_setmetatable(L, -2);
  if (fed) append(L, sequence, 1);
  return 1;
}

static void set_method(lua_State *L, const char *name, lua_CFunction method) {
  lua_pushcfunction(L, method);
  lua_setfield(L, -2, name);
}

void replycode__open_sequence(lua_State *L) {
  if (luaL_newmetatable(L, sequence_name)) {
    lua_pushstring(L, sequence_name);
    lua_setfield(L, -2, "__name");
    set_method(L, "__gc", release);
    set_method(L, "__close", release);
    set_method(L, "__tostring", sequence_tostring);
    set_method(L, "__call", sequence_next);
    lua_createtable(L, 0, 2);
    set_method(L, "feed", sequence_feed);
    set_method(L, "finish", sequence_finish);
    lua_setfield(L, -2, "__index");
  }
  lua_pop(L, 1);
}
