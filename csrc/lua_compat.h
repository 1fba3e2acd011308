/* lua_compat.h - what differs between Lua 5.1, 5.2, 5.3, 5.4 and LuaJIT. */
#ifndef REPLYCODE_LUA_COMPAT_H
#define REPLYCODE_LUA_COMPAT_H

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

#if LUA_VERSION_NUM < 503
#define lua_isinteger(L, at) (lua_type(L, at) == LUA_TNUMBER && lua_tonumber(L, at) == (lua_Number)lua_tointeger(L, at))
#endif

#endif
