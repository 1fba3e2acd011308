/* lua_compose.h - the sending side as a module of its own in the same library. Internal to the binding. */
#ifndef REPLYCODE_LUA_COMPOSE_H
#define REPLYCODE_LUA_COMPOSE_H

#include "bytes.h"
#include "lua_compat.h"

/* Makes `require "replycode.compose.core"` work, with the upvalues on top of the stack: [-0, +0]. */
REPLYCODE__INTERNAL void replycode__preload_compose(lua_State *L);

/* Its functions that are in files of their own. */
REPLYCODE__INTERNAL int replycode__advise(lua_State *L);
REPLYCODE__INTERNAL int replycode__lint(lua_State *L);

#endif
