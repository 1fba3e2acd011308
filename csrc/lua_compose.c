/* lua_compose.c - the module replycode.compose.core; lua/replycode/compose.lua documents it. */
#include "lua_compose.h"

#include "lua_values.h"

/* ---- Drafts ----------------------------------------------------------------------------------------------------- */

static int field_error(lua_State *L, const char *field, const char *expected) {
  lua_pushfstring(L, "field '%s': expected %s", field, expected);
  return luaL_argerror(L, 1, lua_tostring(L, -1));
}

/* The value at `at` is wrong. */
static int value_error(lua_State *L, int at, const char *field, const char *expected) {
  int type = lua_type(L, at);
  const char *found = type == LUA_TNUMBER || type == LUA_TSTRING ? lua_tostring(L, at) : luaL_typename(L, at);
  lua_pushfstring(L, type == LUA_TSTRING ? "%s, found '%s'" : "%s, found %s", expected, found);
  return field_error(L, field, lua_tostring(L, -1));
}

/* Each takes the value on top of the stack: [-0, +0]. */
static void take_code(lua_State *L, unsigned form, struct replycode_draft *draft) {
  int least = (form & REPLYCODE_ONE_LINE) != 0 ? 400 : 200;
  lua_Integer code = 0;
  if (!replycode__is_whole(L, -1, &code) || code < least || code > 559 || code / 10 % 10 > 5)
    value_error(L, -1, "code", least == 400 ? "an integer from 400 to 559 whose second digit is 0 to 5"
                                            : "an integer from 200 to 559 whose second digit is 0 to 5");
  draft->code = (uint16_t)code;
}

static void take_enhanced(lua_State *L, struct replycode_draft *draft) {
  size_t size = 0;
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : "";
  if (!replycode_status_read(text, size, &draft->status) || draft->status.klass == 0xffff)
    value_error(L, -1, "enhanced", "a status such as \"5.7.26\"");
  if (draft->code / 100 == 3) field_error(L, "enhanced", "none, for a code of 3yz has no status");
  if (draft->status.klass != draft->code / 100u) {
    lua_pushfstring(L, "a status that begins with %d, the first digit of the code", draft->code / 100);
    value_error(L, -2, "enhanced", lua_tostring(L, -1));
  }
}

static void take_text(lua_State *L, const char *field, struct replycode_draft *draft) {
  enum { LARGEST = 1 << 27 };
  draft->text = lua_tolstring(L, -1, &draft->size);
  if (draft->size > LARGEST) field_error(L, field, "at most 128 MiB");
}

static void join_lines(lua_State *L) {
  size_t count = lua_rawlen(L, -1), at;
  int lines = lua_gettop(L);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  for (at = 1; at <= count; at++) {
    lua_rawgeti(L, lines, (int)at);
    if (lua_type(L, -1) != LUA_TSTRING) value_error(L, -1, "lines", "a list of strings");
    luaL_addvalue(&buffer);
    if (at < count) luaL_addchar(&buffer, '\n');
  }
  luaL_pushresult(&buffer);
}

/* ---- Fields ----------------------------------------------------------------------------------------------------- */

static int is_one_of(const char *name, const char *const *names) {
  while (*names != NULL && strcmp(*names, name) != 0) names++;
  return *names != NULL;
}

/* What an advice has beside the draft is passed over, so that it can be sent as it is. */
static void check_names(lua_State *L) {
  static const char *const known[] = {"code", "enhanced", "text", "lines", "utf8",
                                      "situation", "stage", "cause", "why", "reference", "utf8_text", NULL};
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    const char *name = replycode__word_at(L, -2);
    if (lua_type(L, -2) != LUA_TSTRING || !is_one_of(name, known)) {
      lua_pushfstring(L, "unknown field '%s'; expected one of code, enhanced, text, lines, utf8", name);
      luaL_argerror(L, 1, lua_tostring(L, -1));
    }
    lua_pop(L, 1);
  }
}

/* Pushes a field and tells whether it is there: [-0, +1]. */
static int get_field(lua_State *L, const char *name) {
  lua_getfield(L, 1, name);
  return !lua_isnil(L, -1);
}

/* Reads the draft at 1 and leaves on the stack what keeps its text. Gives the form. */
static unsigned check_draft(lua_State *L, unsigned form, struct replycode_draft *draft) {
  memset(draft, 0, sizeof *draft);
  if (lua_type(L, 1) != LUA_TTABLE) {
    lua_pushfstring(L, "expected a table with code, enhanced, text or lines, utf8; found %s", luaL_typename(L, 1));
    luaL_argerror(L, 1, lua_tostring(L, -1));
  }
  lua_settop(L, 1);
  check_names(L);
  get_field(L, "code");
  take_code(L, form, draft);
  if (get_field(L, "enhanced")) take_enhanced(L, draft);
  if (get_field(L, "utf8") && !lua_isboolean(L, -1)) value_error(L, -1, "utf8", "a boolean");
  if (lua_toboolean(L, -1)) form |= REPLYCODE_UTF8;
  if (get_field(L, "lines")) {
    if (lua_type(L, -1) != LUA_TTABLE) value_error(L, -1, "lines", "a list of strings");
    join_lines(L);
    take_text(L, "lines", draft);
  }
  if (get_field(L, "text")) {
    if (draft->text != NULL) field_error(L, "text", "none beside lines");
    if (lua_type(L, -1) != LUA_TSTRING) value_error(L, -1, "text", "a string");
    take_text(L, "text", draft);
  }
  return form;
}

/* ---- Functions -------------------------------------------------------------------------------------------------- */

static int compose(lua_State *L, unsigned form) {
  struct replycode_draft draft;
  char few[1024], *many;
  size_t size;
  form = check_draft(L, form, &draft);
  size = replycode_compose(&draft, form, few, sizeof few);
  if (size <= sizeof few) {
    lua_pushlstring(L, few, size);
    return 1;
  }
  many = lua_newuserdata(L, size);
  lua_pushlstring(L, many, replycode_compose(&draft, form, many, size));
  return 1;
}

static int compose_reply(lua_State *L) { return compose(L, REPLYCODE_WIRE); }

static int compose_line(lua_State *L) { return compose(L, REPLYCODE_ONE_LINE); }

/* ---- Module ----------------------------------------------------------------------------------------------------- */

static int open_compose(lua_State *L) {
  int upvalue;
  for (upvalue = 1; upvalue <= UPVALUES; upvalue++) lua_pushvalue(L, lua_upvalueindex(upvalue));
  lua_newtable(L);
  replycode__set_function(L, "reply", compose_reply);
  replycode__set_function(L, "line", compose_line);
  replycode__set_function(L, "advise", replycode__advise);
  replycode__set_function(L, "lint", replycode__lint);
  return 1;
}

/* Replaces the table on top of the stack by its field, anything else by nil: [-1, +1]. */
static void descend(lua_State *L, const char *name) {
  if (lua_istable(L, -1)) lua_getfield(L, -1, name);
  else lua_pushnil(L);
  lua_remove(L, -2);
}

/* package.preload, which every Lua has by this way; nil where a host has none: [-0, +1]. */
static void push_preload(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  descend(L, "package");
  descend(L, "preload");
}

void replycode__preload_compose(lua_State *L) {
  int upvalues = lua_gettop(L) - UPVALUES, upvalue;
  luaL_checkstack(L, UPVALUES + 3, "module");
  push_preload(L);
  if (lua_istable(L, -1)) {
    for (upvalue = 1; upvalue <= UPVALUES; upvalue++) lua_pushvalue(L, upvalues + upvalue);
    lua_pushcclosure(L, open_compose, UPVALUES);
    lua_setfield(L, -2, "replycode.compose.core");
  }
  lua_pop(L, 1);
}
