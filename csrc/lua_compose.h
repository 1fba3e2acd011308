/* lua_compose.h - the module replycode.compose.core. Internal to the binding. */
#ifndef REPLYCODE_LUA_COMPOSE_H
#define REPLYCODE_LUA_COMPOSE_H

#include "lua_values.h"

/* Makes the module known to `require`: [-0, +0]. The module's upvalues stand as for replycode__set_function. */
REPLYCODE__INTERNAL void replycode__open_compose(lua_State *L);

/* Its functions. */
REPLYCODE__INTERNAL int replycode__advise(lua_State *L);

#endif
