/* lua_verdict.h - the judging functions. Internal to the binding. */
#ifndef REPLYCODE_LUA_VERDICT_H
#define REPLYCODE_LUA_VERDICT_H

#include "lua_values.h"

/* Expects the module's upvalues and above them its table, and puts classify, judge and explain into it; the same and check
 * become methods of classifiers. [-0, +0] */
REPLYCODE__INTERNAL void replycode__open_verdict(lua_State *L);

#endif
