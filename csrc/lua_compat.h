/* lua_compat.h - what differs between Lua 5.1, 5.2, 5.3, 5.4 and LuaJIT. */
#ifndef REPLYCODE_LUA_COMPAT_H
#define REPLYCODE_LUA_COMPAT_H

#include <stdint.h>

#include <lauxlib.h>
#include <lua.h>

#if defined(__GNUC__)
#define REPLYCODE__MODULE __attribute__((visibility("default")))
#elif defined(_WIN32)
#define REPLYCODE__MODULE __declspec(dllexport)
#else
#define REPLYCODE__MODULE
#endif

#if LUA_VERSION_NUM < 502
/* A userdata's table. */
#define replycode__set_uservalue(L, at) lua_setfenv(L, at)
#define replycode__get_uservalue(L, at) lua_getfenv(L, at)
#define lua_rawlen lua_objlen
#elif LUA_VERSION_NUM < 504
#define replycode__set_uservalue(L, at) lua_setuservalue(L, at)
#define replycode__get_uservalue(L, at) lua_getuservalue(L, at)
#else
#define replycode__set_uservalue(L, at) lua_setiuservalue(L, at, 1)
#define replycode__get_uservalue(L, at) lua_getiuservalue(L, at, 1)
#endif

/* lua_rawgeti that tells the type, as 5.3 does by itself. */
#if LUA_VERSION_NUM < 503
#define replycode__rawgeti(L, at, slot) (lua_rawgeti(L, at, slot), lua_type(L, -1))
#else
#define replycode__rawgeti(L, at, slot) lua_rawgeti(L, at, slot)
#endif

/* Whether the value at `at` is a whole number that fits 32 bits, however this Lua keeps it; and the number. */
static inline int replycode__is_whole(lua_State *L, int at, lua_Integer *whole) {
  lua_Number number = lua_type(L, at) == LUA_TNUMBER ? lua_tonumber(L, at) : 0.5;
  if (!(number >= INT32_MIN && number <= INT32_MAX)) return 0;
  *whole = (lua_Integer)number;
  return (lua_Number)*whole == number;
}

#endif
