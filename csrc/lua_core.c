/* lua_core.c - the module replycode.core: arguments in, values out. lua/replycode.lua describes every function. */
#include "lua_arguments.h"
#include "lua_classifier.h"
#include "lua_compose.h"
#include "lua_verdict.h"

/* ---- Options ----------------------------------------------------------------------------------------------------- */

struct options { int kind, stage, lang; };

/* The options of describe, compare and entries. `allowed` names those that this call takes. */
static void check_options(lua_State *L, int at, const char *allowed, struct options *options) {
  int top;
  options->kind = REPLYCODE_NO_KIND;
  options->stage = REPLYCODE_NO_STAGE;
  options->lang = REPLYCODE_EN;
  top = lua_gettop(L);
  if (lua_isnoneornil(L, at)) return;
  luaL_checktype(L, at, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, at)) {
    const char *name = replycode__option_name(L, at, allowed);
    if (strstr(allowed, name) == NULL) replycode__option_error(L, at, name, allowed);
    lua_pushvalue(L, -1);
    if (strcmp(name, "stage") == 0) options->stage = replycode__take_stage(L, at);
    else if (strcmp(name, "lang") == 0) options->lang = replycode__take_lang(L, at);
    else if (strcmp(name, "kind") == 0) options->kind = replycode__check_slug(L, at, "kind", REPLYCODE_KIND_KIND, -1);
    else replycode__option_error(L, at, name, allowed);
    lua_settop(L, top + 1);
  }
}

/* ---- Replies ---------------------------------------------------------------------------------------------------- */

static int core_parse(lua_State *L) {
  size_t size, taken;
  const char *bytes = replycode__check_bytes(L, 1, &size);
  lua_Integer first = 1;
  struct replycode_reply reply;
  if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TNUMBER);
  if ((!lua_isnoneornil(L, 2) && !replycode__is_whole(L, 2, &first)) || first < 1 || (size_t)first > size + 1)
    luaL_argerror(L, 2, "expected a position from 1 to the size of the bytes plus 1");
  taken = replycode_parse(bytes + first - 1, size - (size_t)first + 1, 1, &reply);
  replycode__push_reply(L, &reply);
  lua_pushinteger(L, first + (lua_Integer)taken);
  return 2;
}

static int core_stage(lua_State *L) {
  size_t size = 0;
  const char *line = replycode__check_bytes(L, 1, &size);
  lua_pushstring(L, replycode_slug(REPLYCODE_KIND_STAGE, replycode_stage_of(line, size)));
  return 1;
}

/* ---- Catalogue -------------------------------------------------------------------------------------------------- */

/* Replaces a verdict at 1 by what `kind` asks for: its cause, unless said otherwise. 0 when it has no such field. */
static int take_field(lua_State *L, struct options *options) {
  static const char fields[][12] = {"cause", "code", "enhanced", "code", "cause", "provider", "blocklist", "rule", "stage",
                                    "class", "transience",
                                    "scope", "action", "basis", "malformed", "oddity", "waiting", "kind", "cause", "finding"};
  const char *field = fields[options->kind];
  if (options->kind == REPLYCODE_NO_KIND) options->kind = REPLYCODE_KIND_CAUSE;
  lua_getfield(L, 1, field);
  lua_replace(L, 1);
  return !lua_isnil(L, 1);
}

/* The slug at `at` as text: a string, or a whole number. NULL when it is neither. */
static const char *take_slug(lua_State *L, int at, size_t *size) {
  lua_Integer whole = 0;
  if (lua_type(L, at) == LUA_TNUMBER) {
    if (!replycode__is_whole(L, at, &whole)) return NULL;
    lua_pushinteger(L, whole);
    lua_replace(L, at);
  } else if (lua_type(L, at) != LUA_TSTRING) {
    return NULL;
  }
  return lua_tolstring(L, at, size);
}

static int push_nil(lua_State *L) {
  lua_pushnil(L);
  return 1;
}

static int core_describe(lua_State *L) {
  struct options options;
  struct replycode_entry entry;
  size_t size;
  const char *slug;
  lua_settop(L, 2);
  check_options(L, 2, "kind, stage, lang", &options);
  if (lua_istable(L, 1) && !take_field(L, &options)) return push_nil(L);
  slug = take_slug(L, 1, &size);
  if (slug == NULL && lua_type(L, 1) == LUA_TNUMBER) return push_nil(L);
  if (slug == NULL) {
    lua_pushfstring(L, "expected a code, a status, a slug or a verdict, found %s", luaL_typename(L, 1));
    return luaL_argerror(L, 1, lua_tostring(L, -1));
  }
  if (!replycode_describe(options.kind, slug, size, options.stage, options.lang, &entry)) return push_nil(L);
  replycode__push_entry(L, &entry);
  return 1;
}

static const char *check_comparable(lua_State *L, int at, size_t *size) {
  struct replycode_comparison comparison;
  const char *slug = take_slug(L, at, size);
  if (slug == NULL || !replycode_compare(slug, *size, slug, *size, 0, 0, &comparison))
    luaL_argerror(L, at, "expected a code such as 421 or a status such as \"5.1.1\"");
  return slug;
}

static int core_compare(lua_State *L) {
  struct options options;
  struct replycode_comparison comparison;
  size_t a_size, b_size;
  const char *a, *b;
  lua_settop(L, 3);
  check_options(L, 3, "stage, lang", &options);
  a = check_comparable(L, 1, &a_size);
  b = check_comparable(L, 2, &b_size);
  replycode_compare(a, a_size, b, b_size, options.stage, options.lang, &comparison);
  replycode__push_comparison(L, &comparison, options.lang);
  return 1;
}

/* The iterator of entries: upvalues behind the common ones are kind, language and cursor. */
enum { UPVALUE_KIND = UPVALUES + 1, UPVALUE_LANG, UPVALUE_CURSOR };

static int next_entry(lua_State *L) {
  struct replycode_entry entry;
  int kind = (int)lua_tointeger(L, lua_upvalueindex(UPVALUE_KIND));
  int lang = (int)lua_tointeger(L, lua_upvalueindex(UPVALUE_LANG));
  uint32_t cursor = (uint32_t)lua_tointeger(L, lua_upvalueindex(UPVALUE_CURSOR));
  if (!replycode_entry_next(kind, lang, &cursor, &entry)) return 0;
  lua_pushinteger(L, (lua_Integer)cursor);
  lua_replace(L, lua_upvalueindex(UPVALUE_CURSOR));
  replycode__push_entry(L, &entry);
  return 1;
}

static int core_entries(lua_State *L) {
  struct options options;
  int upvalue, kind = replycode__check_slug(L, 1, "kind", REPLYCODE_KIND_KIND, 1);
  check_options(L, 2, "lang", &options);
  for (upvalue = 1; upvalue <= UPVALUES; upvalue++) lua_pushvalue(L, lua_upvalueindex(upvalue));
  lua_pushinteger(L, kind);
  lua_pushinteger(L, options.lang);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, next_entry, UPVALUES + 3);
  return 1;
}

/* ---- Module ----------------------------------------------------------------------------------------------------- */

REPLYCODE__MODULE int luaopen_replycode_core(lua_State *L);

int luaopen_replycode_core(lua_State *L) {
  replycode__push_upvalues(L);
  replycode__preload_compose(L);
  replycode__open_stream(L);
  lua_createtable(L, 0, 12);
  lua_pushliteral(L, REPLYCODE_VERSION);
  lua_setfield(L, -2, "_VERSION");
  replycode__set_function(L, "parse", core_parse);
  replycode__set_function(L, "stream", replycode__new_stream);
  replycode__set_function(L, "stage", core_stage);
  replycode__set_function(L, "classifier", replycode__new_classifier);
  replycode__set_function(L, "describe", core_describe);
  replycode__set_function(L, "compare", core_compare);
  replycode__set_function(L, "entries", core_entries);
  replycode__open_verdict(L);
  return 1;
}
