/* lua_cbor.c - the module replycode.cbor.core; lua/replycode/cbor.lua documents it. */
#include "lua_cbor.h"

/* A change of what a key means makes a new format; new keys and new slugs do not. */
enum { FORMAT = 1 };

REPLYCODE__MODULE int luaopen_replycode_cbor_core(lua_State *L);

int luaopen_replycode_cbor_core(lua_State *L) {
  replycode__open_sequence(L);
  lua_createtable(L, 0, 5);
  lua_pushcfunction(L, replycode__encode);
  lua_setfield(L, -2, "encode");
  lua_pushcfunction(L, replycode__decode);
  lua_setfield(L, -2, "decode");
  lua_pushcfunction(L, replycode__new_sequence);
  lua_setfield(L, -2, "sequence");
  lua_pushlightuserdata(L, NULL);
  lua_setfield(L, -2, "null");
  lua_pushinteger(L, FORMAT);
  lua_setfield(L, -2, "format");
  return 1;
}
