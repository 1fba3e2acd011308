/* lua_values.h - C values <-> Lua tables. Internal to the binding.
 *
 * Every function of the module has the same upvalues: */
#ifndef REPLYCODE_LUA_VALUES_H
#define REPLYCODE_LUA_VALUES_H

#include "bytes.h"
#include "lua_compat.h"
#include "replycode.h"

enum {
  UPVALUE_SLUGS = 1, UPVALUE_STAGES, UPVALUE_REPLY, UPVALUE_VERDICT, UPVALUE_CLASSIFIER, UPVALUES = UPVALUE_CLASSIFIER
};

/* Pushes the upvalues of the module's functions: [-0, +UPVALUES]. */
REPLYCODE__INTERNAL void replycode__push_upvalues(lua_State *L);

/* Sets a function over the upvalues in the table on top of the stack, which stands right above them: [-0, +0]. One call
 * each: an array of names and functions would be relocated at load. */
REPLYCODE__INTERNAL void replycode__set_function(lua_State *L, const char *name, lua_CFunction function);

/* Where the slugs of a kind begin in the array of interned ones. Rules come last, for they are the many. */
static inline int replycode__slot_of(int kind, int value) {
  enum { TRANSIENCE = 0, CAUSE = 4, SCOPE = 40, ACTION = 52, BASIS = 66, WAITING = 74, CLASS = 78, MALFORMED = 88,
         PROVIDER = 96, BLOCKLIST = 352, RULE = 608 };
  switch (kind) {
    case REPLYCODE_KIND_TRANSIENCE: return TRANSIENCE + value;
    case REPLYCODE_KIND_CAUSE: return CAUSE + value;
    case REPLYCODE_KIND_SCOPE: return SCOPE + value;
    case REPLYCODE_KIND_ACTION: return ACTION + value;
    case REPLYCODE_KIND_BASIS: return BASIS + value;
    case REPLYCODE_KIND_WAITING: return WAITING + value;
    case REPLYCODE_KIND_CLASS: return CLASS + value;
    case REPLYCODE_KIND_MALFORMED: return MALFORMED + value;
    case REPLYCODE_KIND_PROVIDER: return PROVIDER + value;
    case REPLYCODE_KIND_BLOCKLIST: return BLOCKLIST + value;
    case REPLYCODE_KIND_RULE: return RULE + value;
    default: return 0;
  }
}

/* The slug of a value, nil for 0; interned once and kept among the upvalues: [-0, +1]. Inline, for a verdict has many. */
static inline void replycode__push_slug(lua_State *L, int kind, int value) {
  int slot = replycode__slot_of(kind, value);
  if (replycode__rawgeti(L, lua_upvalueindex(UPVALUE_SLUGS), slot) != LUA_TNIL || value == 0) return;
  lua_pop(L, 1);
  lua_pushstring(L, replycode_slug(kind, value));
  lua_pushvalue(L, -1);
  lua_rawseti(L, lua_upvalueindex(UPVALUE_SLUGS), slot);
}

/* Each pushes one table: [-0, +1]. */
REPLYCODE__INTERNAL void replycode__push_reply(lua_State *L, const struct replycode_reply *reply);
REPLYCODE__INTERNAL void replycode__push_verdict(lua_State *L, const struct replycode_classifier *classifier,
                                                 const struct replycode_verdict *verdict);
REPLYCODE__INTERNAL void replycode__push_entry(lua_State *L, const struct replycode_entry *entry);
REPLYCODE__INTERNAL void replycode__push_comparison(lua_State *L, const struct replycode_comparison *comparison, int lang);

/* The reply at `at`: bytes that are parsed, or a reply's table; anything else raises. */
REPLYCODE__INTERNAL void replycode__check_reply(lua_State *L, int at, struct replycode_reply *reply);

/* The bytes at `at`; anything else but a string raises, numbers too. */
static inline const char *replycode__check_bytes(lua_State *L, int at, size_t *size) {
  if (lua_type(L, at) != LUA_TSTRING) {
    lua_pushfstring(L, "expected a string of bytes, found %s", luaL_typename(L, at));
    luaL_argerror(L, at, lua_tostring(L, -1));
  }
  return lua_tolstring(L, at, size);
}

/* The string at `index` when it is one and holds no NUL, by which C would cut it short; else a text that names no word. */
static inline const char *replycode__word_at(lua_State *L, int index) {
  size_t size;
  const char *word;
  if (lua_type(L, index) != LUA_TSTRING) return luaL_typename(L, index);
  word = lua_tolstring(L, index, &size);
  return strlen(word) == size ? word : "a string with NUL";
}

/* Raises that argument `at` is wrong: "expected one of a, b, c, found 'x'". */
REPLYCODE__INTERNAL int replycode__slug_error(lua_State *L, int at, const char *what, int kind, const char *found);

/* A slug of that kind -> its value; raises for argument `at` when there is none. */
REPLYCODE__INTERNAL int replycode__check_slug(lua_State *L, int at, const char *what, int kind, int index);

/* Registers the stream's metatable: [-0, +0]. Pushes a new stream for the options at 1: [-0, +1]. */
REPLYCODE__INTERNAL void replycode__open_stream(lua_State *L);
REPLYCODE__INTERNAL int replycode__new_stream(lua_State *L);

#endif
