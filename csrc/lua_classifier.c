/* lua_classifier.c - tables of rules -> a classifier. lua/replycode.lua describes the fields. */
#include "lua_classifier.h"

#include <stdio.h>

/* ---- Rules ------------------------------------------------------------------------------------------------------ */

/* The rules on their way: their strings stay in the caller's tables, numbers become text here. */
struct draft {
  struct replycode_rule rule;
  char code[8];
};

static int rule_error(lua_State *L, size_t rule, const char *field, const char *problem) {
  lua_pushfstring(L, "rule %d, field '%s': %s", (int)rule + 1, field, problem);
  return luaL_argerror(L, 1, lua_tostring(L, -1));
}

/* A word that must be a slug of its kind; on top of the stack. */
static int take_slug(lua_State *L, size_t rule, const char *field, int kind) {
  char what[64];
  snprintf(what, sizeof what, "rule %d, field '%s'", (int)rule + 1, field);
  return replycode__check_slug(L, 1, what, kind, -1);
}

static const char *take_text(lua_State *L, size_t rule, const char *field) {
  size_t size = 0;
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
  if (text == NULL) rule_error(L, rule, field, lua_pushfstring(L, "expected a string, found %s", luaL_typename(L, -1)));
  else if (strlen(text) != size) rule_error(L, rule, field, "holds a NUL byte");
  return text;
}

static void take_code(lua_State *L, size_t rule, struct draft *draft) {
  lua_Integer code = 0;
  if (draft->rule.code != NULL) rule_error(L, rule, "code", "stands beside class; one of them is enough");
  if (lua_type(L, -1) != LUA_TNUMBER) {
    draft->rule.code = take_text(L, rule, "code");
    return;
  }
  if (!replycode__is_whole(L, -1, &code) || code < 0 || code > 999)
    rule_error(L, rule, "code", "no code of a failure such as 550 or 5xx");
  snprintf(draft->code, sizeof draft->code, "%03d", (int)code);
  draft->rule.code = draft->code;
}

static void take_class(lua_State *L, size_t rule, struct draft *draft) {
  int digit = take_slug(L, rule, "class", REPLYCODE_KIND_CLASS);
  if (draft->rule.code != NULL) rule_error(L, rule, "class", "stands beside code; one of them is enough");
  if (digit != 4 && digit != 5) rule_error(L, rule, "class", "expected transient or permanent: only failures are read");
  draft->rule.code = digit == 4 ? "4xx" : "5xx";
}

/* One stage, or a list of stages. */
static void take_stages(lua_State *L, size_t rule, struct draft *draft) {
  int top = lua_gettop(L);
  if (!lua_istable(L, -1)) {
    draft->rule.stages |= UINT32_C(1) << take_slug(L, rule, "stage", REPLYCODE_KIND_STAGE);
    return;
  }
  lua_pushnil(L);
  while (lua_next(L, top)) {
    draft->rule.stages |= UINT32_C(1) << take_slug(L, rule, "stage", REPLYCODE_KIND_STAGE);
    lua_pop(L, 1);
  }
  if (draft->rule.stages == 0) rule_error(L, rule, "stage", "the list is empty");
}

#define FIELDS "id, text, code, class, enhanced, stage, provider, cause, transience, scope, action, waiting"

static void take_field(lua_State *L, size_t rule, const char *name, struct draft *draft) {
  struct replycode_rule *to = &draft->rule;
  if (strcmp(name, "id") == 0) to->id = take_text(L, rule, name);
  else if (strcmp(name, "text") == 0) to->text = take_text(L, rule, name);
  else if (strcmp(name, "enhanced") == 0) to->enhanced = take_text(L, rule, name);
  else if (strcmp(name, "code") == 0) take_code(L, rule, draft);
  else if (strcmp(name, "class") == 0) take_class(L, rule, draft);
  else if (strcmp(name, "stage") == 0) take_stages(L, rule, draft);
  else if (strcmp(name, "provider") == 0) to->provider = (uint16_t)take_slug(L, rule, name, REPLYCODE_KIND_PROVIDER);
  else if (strcmp(name, "cause") == 0) to->cause = (uint8_t)take_slug(L, rule, name, REPLYCODE_KIND_CAUSE);
  else if (strcmp(name, "transience") == 0) to->transience = (uint8_t)take_slug(L, rule, name, REPLYCODE_KIND_TRANSIENCE);
  else if (strcmp(name, "scope") == 0) to->scope = (uint8_t)take_slug(L, rule, name, REPLYCODE_KIND_SCOPE);
  else if (strcmp(name, "action") == 0) to->action = (uint8_t)take_slug(L, rule, name, REPLYCODE_KIND_ACTION);
  else if (strcmp(name, "waiting") == 0) to->waiting = (uint8_t)take_slug(L, rule, name, REPLYCODE_KIND_WAITING);
  else rule_error(L, rule, name, "unknown; expected one of " FIELDS);
}

/* The rule on top of the stack. [-0, +0] */
static void take_rule(lua_State *L, size_t rule, struct draft *draft) {
  if (!lua_istable(L, -1)) {
    lua_pushfstring(L, "rule %d: expected a table, found %s", (int)rule + 1, luaL_typename(L, -1));
    luaL_argerror(L, 1, lua_tostring(L, -1));
  }
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    if (lua_type(L, -2) != LUA_TSTRING) rule_error(L, rule, luaL_typename(L, -2), "unknown; expected one of " FIELDS);
    take_field(L, rule, replycode__word_at(L, -2), draft);
    lua_pop(L, 1);
  }
}

/* Turns the drafts into an array of rules in their own memory, from the front. */
static struct replycode_rule *rules_of(struct draft *drafts, size_t count) {
  struct replycode_rule *rules = (struct replycode_rule *)(void *)(drafts + count);
  size_t at;
  for (at = 0; at < count; at++) rules[at] = drafts[at].rule;
  return rules;
}

/* ---- Making one ------------------------------------------------------------------------------------------------- */

static int take_flag(lua_State *L, const char *name) {
  if (lua_isnil(L, -1)) return 1;
  if (!lua_isboolean(L, -1)) {
    lua_pushfstring(L, "option '%s': expected true or false, found %s", name, luaL_typename(L, -1));
    luaL_argerror(L, 1, lua_tostring(L, -1));
  }
  return lua_toboolean(L, -1);
}

static unsigned take_options(lua_State *L) {
  unsigned options = 0;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    const char *name = replycode__word_at(L, -2);
    if (strcmp(name, "builtin") == 0) options |= take_flag(L, name) ? 0 : REPLYCODE_ONLY_MINE;
    else if (strcmp(name, "text") == 0) options |= take_flag(L, name) ? 0 : REPLYCODE_NO_TEXT;
    else if (strcmp(name, "rules") != 0) {
      lua_pushfstring(L, "unknown option '%s'; expected one of rules, builtin, text", name);
      luaL_argerror(L, 1, lua_tostring(L, -1));
    }
    lua_pop(L, 1);
  }
  return options;
}

static void fault_error(lua_State *L, const struct replycode_fault *fault, size_t count) {
  if (fault->rule >= count) luaL_argerror(L, 1, lua_pushfstring(L, "%s: %s", fault->field, fault->problem));
  rule_error(L, fault->rule, fault->field, fault->problem);
}

/* Rules of text when no text is read would never decide. */
static void check_text(lua_State *L, const struct replycode_rule *rules, size_t count) {
  size_t at;
  for (at = 0; at < count; at++)
    if (rules[at].text != NULL) rule_error(L, at, "text", "is not read, for option 'text' is false");
}

int replycode__new_classifier(lua_State *L) {
  struct replycode_fault fault = {0, "", ""};
  struct draft *drafts;
  struct replycode_rule *rules;
  size_t count, at, size;
  unsigned options;
  lua_settop(L, 1);
  options = take_options(L);
  lua_getfield(L, 1, "rules");
  if (!lua_isnil(L, 2) && !lua_istable(L, 2)) luaL_argerror(L, 1, "option 'rules': expected a list of rules");
  count = lua_isnil(L, 2) ? 0 : lua_rawlen(L, 2);
  drafts = lua_newuserdata(L, (sizeof *drafts + sizeof *rules) * count + 1);
  memset(drafts, 0, sizeof *drafts * count);
  for (at = 0; at < count; at++) {
    lua_rawgeti(L, 2, (int)at + 1);
    take_rule(L, at, &drafts[at]);
    lua_pop(L, 1);
  }
  rules = rules_of(drafts, count);
  if (options & REPLYCODE_NO_TEXT) check_text(L, rules, count);
  size = replycode_classifier_size(rules, count, &fault);
  if (size == 0) fault_error(L, &fault, count);
  if (replycode_classifier_init(lua_newuserdata(L, size), size, rules, count, options, &fault) == NULL)
    fault_error(L, &fault, count);
  lua_pushvalue(L, lua_upvalueindex(UPVALUE_CLASSIFIER));
  lua_setmetatable(L, -2);
  return 1;
}

const struct replycode_classifier *replycode__check_classifier(lua_State *L, int at) {
  const struct replycode_classifier *classifier = lua_touserdata(L, at);
  int fits = 0;
  if (classifier != NULL && lua_getmetatable(L, at)) {
    fits = lua_rawequal(L, -1, lua_upvalueindex(UPVALUE_CLASSIFIER));
    lua_pop(L, 1);
  }
  if (!fits) {
    lua_pushfstring(L, "expected a classifier, found %s; call it as classifier:classify(reply)", luaL_typename(L, at));
    luaL_argerror(L, at, lua_tostring(L, -1));
  }
  return classifier;
}
