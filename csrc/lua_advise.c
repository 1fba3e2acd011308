/* lua_advise.c - compose.advise: a situation -> the reply to send as a table. */
#include "lua_arguments.h"
#include "lua_compose.h"
#include "lua_fields.h"

/* { lang = } or nil. */
static int check_lang(lua_State *L, int at) {
  int lang = REPLYCODE_EN;
  if (lua_isnoneornil(L, at)) return lang;
  luaL_checktype(L, at, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, at)) {
    const char *name = replycode__option_name(L, at, "lang");
    if (strcmp(name, "lang") != 0) replycode__option_error(L, at, name, "lang");
    lang = replycode__take_lang(L, at);
    lua_pop(L, 1);
  }
  return lang;
}

static int check_stage(lua_State *L, int at) {
  if (lua_isnoneornil(L, at)) return REPLYCODE_NO_STAGE;
  lua_pushvalue(L, at);
  return replycode__take_stage(L, at);
}

static void push_advice(lua_State *L, const struct replycode_advice *advice) {
  lua_createtable(L, 0, 9);
  replycode__set_words(L, "situation", replycode_slug(REPLYCODE_KIND_SITUATION, advice->situation));
  replycode__set_words(L, "stage", replycode_slug(REPLYCODE_KIND_STAGE, advice->stage));
  lua_pushinteger(L, advice->code);
  lua_setfield(L, -2, "code");
  replycode__set_status(L, "enhanced", &advice->status);
  replycode__set_words(L, "text", advice->text);
  replycode__set_words(L, "utf8_text", advice->utf8_text);
  replycode__set_words(L, "why", advice->why);
  replycode__set_words(L, "reference", advice->references);
  replycode__set_words(L, "cause", replycode_slug(REPLYCODE_KIND_CAUSE, advice->cause));
}

int replycode__advise(lua_State *L) {
  struct replycode_advice advice;
  const char *slug;
  int situation, stage, lang;
  lua_settop(L, 3);
  situation = replycode__check_slug(L, 1, "situation", REPLYCODE_KIND_SITUATION, 1);
  slug = replycode_slug(REPLYCODE_KIND_SITUATION, situation);
  stage = check_stage(L, 2);
  lang = check_lang(L, 3);
  replycode_advise(slug, strlen(slug), stage, lang, &advice);
  push_advice(L, &advice);
  return 1;
}
