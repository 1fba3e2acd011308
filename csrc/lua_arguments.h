/* lua_arguments.h - stages and options. A wrong one raises for argument `at` and says what is right. Internal to the binding. */
#ifndef REPLYCODE_LUA_ARGUMENTS_H
#define REPLYCODE_LUA_ARGUMENTS_H

#include "lua_values.h"

/* The stage named on top of the stack. [-1, +0] */
REPLYCODE__INTERNAL int replycode__take_stage(lua_State *L, int at);

/* The language named on top of the stack. [-0, +0] */
REPLYCODE__INTERNAL int replycode__take_lang(lua_State *L, int at);

/* An option that is not among the expected ones; and the name of the option whose key and value are on top. */
REPLYCODE__INTERNAL int replycode__option_error(lua_State *L, int at, const char *found, const char *expected);
REPLYCODE__INTERNAL const char *replycode__option_name(lua_State *L, int at, const char *expected);

/* nil, a stage, or { stage =, accepted =, host = }. The host's bytes are the caller's table's. */
REPLYCODE__INTERNAL void replycode__check_context(lua_State *L, int at, struct replycode_context *context);

#endif
