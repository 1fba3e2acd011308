/* lua_stream.c - a stream of replies as a Lua object. Its buffer grows up to the limit with the allocator of the state. */
#include "lua_values.h"

static const char stream_name[] = "replycode.stream";

enum { DEFAULT_LIMIT = 65536, SMALLEST_LIMIT = 8, LARGEST_LIMIT = 1 << 30, FIRST_CAPACITY = 512 };

/* feed has the iterator besides the common upvalues, so that a loop makes no garbage of its own. */
enum { UPVALUE_NEXT = UPVALUES + 1 };

struct stream {
  struct replycode_stream core;
  size_t limit;
  size_t offset;                  /* into the bytes that are still to be fed: the first item of its table */
  int waiting;                    /* whether there are such bytes */
  int closed;
};

static struct stream *check_stream(lua_State *L) {
  struct stream *stream = luaL_checkudata(L, 1, stream_name);
  if (stream->closed) luaL_argerror(L, 1, "the stream is closed");
  return stream;
}

static int release(lua_State *L) {
  struct stream *stream = luaL_checkudata(L, 1, stream_name);
  void *data;
  lua_Alloc allocate = lua_getallocf(L, &data);
  if (stream->core.buffer != NULL) allocate(data, stream->core.buffer, stream->core.capacity, 0);
  replycode_stream_init(&stream->core, NULL, 0);
  stream->closed = 1;
  return 0;
}

/* Makes room for `more` bytes and one to spare, as far as the limit allows: a full buffer means that a reply is too long.
 * On failure the stream is as it was. */
static void reserve(lua_State *L, struct stream *stream, size_t more) {
  size_t need = stream->core.size - stream->core.start, capacity = stream->core.capacity;
  void *data, *buffer;
  lua_Alloc allocate = lua_getallocf(L, &data);
  need = more >= stream->limit - need ? stream->limit : need + more + 1;
  if (need <= capacity) return;
  capacity = capacity == 0 ? FIRST_CAPACITY : capacity * 2;
  if (capacity < need) capacity = need;
  if (capacity > stream->limit) capacity = stream->limit;
  buffer = allocate(data, stream->core.buffer, stream->core.capacity, capacity);
  if (buffer == NULL) luaL_error(L, "not enough memory for a reply of %d bytes", (int)need);
  stream->core.buffer = buffer;
  stream->core.capacity = (uint32_t)capacity;
}

static void set_waiting(lua_State *L) {
  replycode__get_uservalue(L, 1);
  lua_insert(L, -2);
  lua_rawseti(L, -2, 1);
  lua_pop(L, 1);
}

/* Pushes the waiting bytes. [-0, +1] */
static const char *push_waiting(lua_State *L, size_t *size) {
  replycode__get_uservalue(L, 1);
  lua_rawgeti(L, -1, 1);
  lua_remove(L, -2);
  return lua_tolstring(L, -1, size);
}

/* Feeds as many of the waiting bytes as fit. */
static void feed_waiting(lua_State *L, struct stream *stream) {
  size_t size;
  const char *bytes = push_waiting(L, &size);
  reserve(L, stream, size - stream->offset);
  stream->offset += replycode_stream_feed(&stream->core, bytes + stream->offset, size - stream->offset);
  lua_pop(L, 1);
  if (stream->offset < size) return;
  stream->waiting = 0;
  lua_pushnil(L);
  set_waiting(L);
}

/* Pushes the next reply, or nil. */
static int next_reply(lua_State *L) {
  struct stream *stream = check_stream(L);
  struct replycode_reply reply;
  lua_settop(L, 1);
  for (;;) {
    if (replycode_stream_next(&stream->core, &reply)) {
      replycode__push_reply(L, &reply);
      return 1;
    }
    if (!stream->waiting) break;
    feed_waiting(L, stream);
  }
  lua_pushnil(L);
  return 1;
}

/* Puts the bytes that an earlier loop left behind before the new ones at 2. */
static void join_waiting(lua_State *L, struct stream *stream) {
  size_t size;
  const char *bytes = push_waiting(L, &size);
  lua_pushlstring(L, bytes + stream->offset, size - stream->offset);
  lua_pushvalue(L, 2);
  lua_concat(L, 2);
  lua_replace(L, 2);
  lua_pop(L, 1);
}

/* The bytes at 2 wait to be fed, behind those that wait already. */
static void wait(lua_State *L, struct stream *stream) {
  if (stream->waiting) join_waiting(L, stream);
  lua_pushvalue(L, 2);
  set_waiting(L);
  stream->offset = 0;
  stream->waiting = 1;
}

/* for reply in stream:feed(bytes) */
static int stream_feed(lua_State *L) {
  struct stream *stream = check_stream(L);
  size_t size;
  replycode__check_bytes(L, 2, &size);
  lua_settop(L, 2);
  wait(L, stream);
  lua_pushvalue(L, lua_upvalueindex(UPVALUE_NEXT));
  lua_pushvalue(L, 1);
  return 2;
}

/* A line behind replies that a loop left behind has to wait like them. */
static int line_behind(lua_State *L, struct stream *stream) {
  luaL_Buffer buffer;
  size_t size, at;
  const char *line = lua_tolstring(L, 2, &size);
  lua_settop(L, 2);
  luaL_buffinit(L, &buffer);
  for (at = 0; at < size; at++) luaL_addchar(&buffer, line[at] == '\n' ? '\r' : line[at]);
  luaL_addlstring(&buffer, "\r\n", 2);
  luaL_pushresult(&buffer);
  lua_replace(L, 2);
  wait(L, stream);
  return next_reply(L);
}

static int stream_line(lua_State *L) {
  struct stream *stream = check_stream(L);
  struct replycode_reply reply;
  size_t size;
  const char *line = replycode__check_bytes(L, 2, &size);
  if (stream->waiting || stream->core.seen < stream->core.size) return line_behind(L, stream);
  reserve(L, stream, size + 2);
  if (replycode_stream_line(&stream->core, line, size, &reply)) replycode__push_reply(L, &reply);
  else lua_pushnil(L);
  return 1;
}

/* Replies that a loop left behind come first; so nothing is lost when it is called until it gives nil. */
static int stream_finish(lua_State *L) {
  struct stream *stream = check_stream(L);
  struct replycode_reply reply;
  next_reply(L);
  if (!lua_isnil(L, -1)) return 1;
  if (replycode_stream_finish(&stream->core, &reply)) replycode__push_reply(L, &reply);
  return 1;
}

static int stream_tostring(lua_State *L) {
  struct stream *stream = luaL_checkudata(L, 1, stream_name);
  lua_pushfstring(L, "%s: %d of %d bytes", stream_name, (int)(stream->core.size - stream->core.start), (int)stream->limit);
  return 1;
}

static size_t check_limit(lua_State *L) {
  lua_Integer limit = DEFAULT_LIMIT;
  if (lua_isnoneornil(L, 1)) return DEFAULT_LIMIT;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    const char *name = replycode__word_at(L, -2);
    if (strcmp(name, "limit") != 0) {
      lua_pushfstring(L, "unknown option '%s'; expected 'limit'", name);
      luaL_argerror(L, 1, lua_tostring(L, -1));
    }
    if (!replycode__is_whole(L, -1, &limit)) limit = 0;
    lua_pop(L, 1);
  }
  if (limit < SMALLEST_LIMIT || limit > LARGEST_LIMIT)
    luaL_argerror(L, 1, "option 'limit': expected an integer from 8 to 1073741824, in bytes");
  return (size_t)limit;
}

int replycode__new_stream(lua_State *L) {
  size_t limit = check_limit(L);
#if LUA_VERSION_NUM >= 504
  struct stream *stream = lua_newuserdatauv(L, sizeof *stream, 1);
#else
  struct stream *stream = lua_newuserdata(L, sizeof *stream);
#endif
  memset(stream, 0, sizeof *stream);
  stream->limit = limit;
  luaL_getmetatable(L, stream_name);
  lua_setmetatable(L, -2);
  lua_createtable(L, 1, 0);
  replycode__set_uservalue(L, -2);
  return 1;
}

/* Pushes a method: a closure over the module's upvalues, which stand at `first`, and over what is on top. [-extra, +1] */
static void push_method(lua_State *L, lua_CFunction method, int first, int extra) {
  int upvalue;
  for (upvalue = 0; upvalue < UPVALUES; upvalue++) {
    lua_pushvalue(L, first + upvalue);
    if (extra) lua_insert(L, -2);
  }
  lua_pushcclosure(L, method, UPVALUES + extra);
}

static void push_methods(lua_State *L, int first) {
  lua_createtable(L, 0, 3);
  push_method(L, next_reply, first, 0);
  push_method(L, stream_feed, first, 1);
  lua_setfield(L, -2, "feed");
  push_method(L, stream_line, first, 0);
  lua_setfield(L, -2, "line");
  push_method(L, stream_finish, first, 0);
  lua_setfield(L, -2, "finish");
}

static void set_metamethod(lua_State *L, const char *name, lua_CFunction method) {
  lua_pushcfunction(L, method);
  lua_setfield(L, -2, name);
}

/* Expects the upvalues on top of the stack and leaves them there. */
void replycode__open_stream(lua_State *L) {
  int first = lua_gettop(L) - UPVALUES + 1;
  if (luaL_newmetatable(L, stream_name)) {
    lua_pushstring(L, stream_name);
    lua_setfield(L, -2, "__name");
    set_metamethod(L, "__gc", release);
    set_metamethod(L, "__close", release);
    set_metamethod(L, "__tostring", stream_tostring);
    push_methods(L, first);
    lua_setfield(L, -2, "__index");
  }
  lua_pop(L, 1);
}
