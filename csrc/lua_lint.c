/* lua_lint.c - compose.lint: a reply in, a list of findings out. */
#include "lua_arguments.h"
#include "lua_compose.h"
#include "lua_fields.h"

struct options { unsigned lint; int lang; };

static int take_boolean(lua_State *L, int at, const char *name) {
  if (lua_type(L, -1) != LUA_TBOOLEAN) {
    lua_pushfstring(L, "option '%s': expected a boolean, found %s", name, luaL_typename(L, -1));
    luaL_argerror(L, at, lua_tostring(L, -1));
  }
  return lua_toboolean(L, -1);
}

static void set_bit(struct options *options, int bit, int is_set) {
  if (is_set) options->lint |= (unsigned)bit;
}

static void check_options(lua_State *L, int at, struct options *options) {
  static const char allowed[] = "enhanced, utf8, lang";
  options->lint = 0;
  options->lang = REPLYCODE_EN;
  if (lua_isnoneornil(L, at)) return;
  luaL_checktype(L, at, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, at)) {
    const char *name = replycode__option_name(L, at, allowed);
    if (strcmp(name, "lang") == 0) options->lang = replycode__take_lang(L, at);
    else if (strcmp(name, "enhanced") == 0) set_bit(options, REPLYCODE_LINT_NO_STATUS, !take_boolean(L, at, name));
    else if (strcmp(name, "utf8") == 0) set_bit(options, REPLYCODE_LINT_UTF8, take_boolean(L, at, name));
    else replycode__option_error(L, at, name, allowed);
    lua_pop(L, 1);
  }
}

/* Of a parsed reply the bytes as they came; else what is to be sent. */
static void check_reply(lua_State *L, int at, struct replycode_reply *reply) {
  size_t size = 0;
  const char *raw;
  if (lua_istable(L, at)) {
    lua_getfield(L, at, "raw");
    raw = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
    lua_pop(L, 1);                /* it stays in the table */
    if (raw != NULL) {
      replycode_parse(raw, size, 1, reply);
      return;
    }
  }
  replycode__check_reply(L, at, reply);
}

static void push_finding(lua_State *L, const struct replycode_finding *finding, int lang) {
  struct replycode_entry entry;
  const char *slug = replycode_slug(REPLYCODE_KIND_FINDING, finding->finding);
  replycode_describe(REPLYCODE_KIND_FINDING, slug, strlen(slug), 0, lang, &entry);
  lua_createtable(L, 0, 8);
  replycode__set_words(L, "slug", slug);
  replycode__set_words(L, "severity", replycode_severity_slug(finding->severity));
  replycode__set_words(L, "title", entry.title);
  replycode__set_words(L, "problem", entry.meaning);
  replycode__set_words(L, "remedy", entry.remedy);
  replycode__set_words(L, "reference", entry.references);
  if (finding->where.size == 0) return;
  lua_pushinteger(L, (lua_Integer)finding->where.at + 1);
  lua_setfield(L, -2, "first");
  lua_pushinteger(L, (lua_Integer)finding->where.at + (lua_Integer)finding->where.size);
  lua_setfield(L, -2, "last");
}

int replycode__lint(lua_State *L) {
  struct replycode_reply reply;
  struct replycode_finding finding;
  struct options options;
  uint32_t cursor = 0;
  int stage = REPLYCODE_NO_STAGE, count = 0;
  lua_settop(L, 3);
  if (!lua_isnil(L, 2)) {
    lua_pushvalue(L, 2);
    stage = replycode__take_stage(L, 2);
  }
  check_options(L, 3, &options);
  check_reply(L, 1, &reply);
  lua_newtable(L);
  while (replycode_lint(&reply, stage, options.lint, &cursor, &finding)) {
    push_finding(L, &finding, options.lang);
    lua_rawseti(L, -2, ++count);
  }
  return 1;
}
