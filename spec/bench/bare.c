/* bare.c - the floors: what any C function costs that gives Lua an integer, or a table of eight fields. */
#include <lauxlib.h>
#include <lua.h>

static int bare_integer(lua_State *L) {
  luaL_checklstring(L, 1, NULL);
  lua_pushinteger(L, 550);
  return 1;
}

static void set_string(lua_State *L, const char *key, const char *value) {
  lua_pushstring(L, value);
  lua_setfield(L, -2, key);
}

static void set_integer(lua_State *L, const char *key, lua_Integer value) {
  lua_pushinteger(L, value);
  lua_setfield(L, -2, key);
}

static int bare_table(lua_State *L) {
  luaL_checklstring(L, 1, NULL);
  lua_createtable(L, 0, 8);
  set_integer(L, "code", 550);
  set_integer(L, "size", 48);
  set_string(L, "enhanced", "5.1.1");
  set_string(L, "transience", "permanent");
  set_string(L, "cause", "recipient_unknown");
  set_string(L, "scope", "recipient");
  set_string(L, "action", "drop_recipient");
  set_string(L, "basis", "enhanced");
  return 1;
}

int luaopen_bare(lua_State *L) {
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, bare_integer);
  lua_setfield(L, -2, "integer");
  lua_pushcfunction(L, bare_table);
  lua_setfield(L, -2, "table");
  return 1;
}
