/* lua_arguments.c - what callers say besides the reply: stages and options. */
#include "lua_arguments.h"

/* The stage named on top of the stack: known slugs are kept among the upvalues. [-1, +0] */
int replycode__take_stage(lua_State *L, int at) {
  int stage;
  lua_pushvalue(L, -1);
  lua_rawget(L, lua_upvalueindex(UPVALUE_STAGES));
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    stage = replycode__check_slug(L, at, "stage", REPLYCODE_KIND_STAGE, -1);
    lua_pushvalue(L, -1);
    lua_pushinteger(L, stage);
    lua_rawset(L, lua_upvalueindex(UPVALUE_STAGES));
    lua_pop(L, 1);
    return stage;
  }
  stage = (int)lua_tointeger(L, -1);
  lua_pop(L, 2);
  return stage;
}

/* The language named on top of the stack. [-0, +0] */
int replycode__take_lang(lua_State *L, int at) {
  const char *lang = replycode__word_at(L, -1);
  if (strcmp(lang, "en") == 0) return REPLYCODE_EN;
  if (strcmp(lang, "tr") == 0) return REPLYCODE_TR;
  lua_pushfstring(L, "option 'lang': expected one of en, tr; found '%s'", lang);
  return luaL_argerror(L, at, lua_tostring(L, -1));
}

int replycode__option_error(lua_State *L, int at, const char *found, const char *expected) {
  lua_pushfstring(L, "unknown option '%s'; expected one of %s", found, expected);
  return luaL_argerror(L, at, lua_tostring(L, -1));
}

/* The name of the option whose key and value are on top, with a clear error when it is no string. */
const char *replycode__option_name(lua_State *L, int at, const char *expected) {
  const char *name = replycode__word_at(L, -2);
  if (lua_type(L, -2) != LUA_TSTRING) replycode__option_error(L, at, name, expected);
  return name;
}

static int accepted_none(lua_State *L, int at) {
  lua_Integer accepted = 0;
  if (!replycode__is_whole(L, -1, &accepted) || accepted < 0)
    luaL_argerror(L, at, "option 'accepted': expected how many recipients were accepted, an integer from 0");
  return accepted == 0;
}

/* The host's name, which the caller's table keeps. */
static void take_host(lua_State *L, int at, struct replycode_context *context) {
  if (lua_type(L, -1) != LUA_TSTRING) luaL_argerror(L, at, "option 'host': expected the server's name, a string");
  context->host = lua_tolstring(L, -1, &context->host_size);
  lua_pop(L, 1);
}

/* nil, a stage, or { stage =, accepted =, host = }. */
void replycode__check_context(lua_State *L, int at, struct replycode_context *context) {
  memset(context, 0, sizeof *context);
  if (lua_isnoneornil(L, at)) return;
  if (lua_type(L, at) != LUA_TTABLE) {
    lua_pushvalue(L, at);
    context->stage = replycode__take_stage(L, at);
    return;
  }
  lua_pushnil(L);
  while (lua_next(L, at)) {
    const char *name = replycode__option_name(L, at, "stage, accepted, host");
    if (strcmp(name, "accepted") == 0) {
      context->none_accepted = accepted_none(L, at);
      lua_pop(L, 1);
    } else if (strcmp(name, "stage") == 0) {
      context->stage = replycode__take_stage(L, at);
    } else if (strcmp(name, "host") == 0) {
      take_host(L, at, context);
    } else {
      replycode__option_error(L, at, name, "stage, accepted, host");
    }
  }
}
