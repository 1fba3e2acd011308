/* lua_compose.c - the module replycode.compose.core: what to send. It lies in replycode.core, which registers it. */
#include "lua_compose.h"

static int open_compose(lua_State *L) {
  lua_settop(L, 0);
  replycode__push_upvalues(L);
  lua_createtable(L, 0, 1);
  replycode__set_function(L, "advise", replycode__advise);
  return 1;
}

void replycode__open_compose(lua_State *L) {
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "preload");
  lua_pushcfunction(L, open_compose);
  lua_setfield(L, -2, "replycode.compose.core");
  lua_pop(L, 2);
}
