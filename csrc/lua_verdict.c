/* lua_verdict.c - replies in, verdicts out: the functions of the module and the methods of a classifier. */
#include "lua_verdict.h"

#include "lua_arguments.h"
#include "lua_classifier.h"

/* ---- Verdicts --------------------------------------------------------------------------------------------------- */

/* The reply at `at`, the context behind it. */
struct question {
  struct replycode_reply reply;
  struct replycode_context context;
  struct replycode_verdict verdict;
};

static void ask(lua_State *L, int at, const struct replycode_classifier *classifier, struct question *question) {
  replycode__check_context(L, at + 1, &question->context);
  question->context.classifier = classifier;
  replycode__check_reply(L, at, &question->reply);
  replycode_classify(&question->reply, &question->context, &question->verdict);
}

static int classify(lua_State *L, int at, const struct replycode_classifier *classifier) {
  struct question question;
  ask(L, at, classifier, &question);
  replycode__push_verdict(L, classifier, &question.verdict);
  return 1;
}

/* transience, cause, action, scope, settles, closes, retry_after. No table, no string that was not there before. */
static int judge(lua_State *L, int at, const struct replycode_classifier *classifier) {
  struct question question;
  const struct replycode_verdict *verdict = &question.verdict;
  ask(L, at, classifier, &question);
  replycode__push_slug(L, REPLYCODE_KIND_TRANSIENCE, verdict->transience);
  replycode__push_slug(L, REPLYCODE_KIND_CAUSE, verdict->cause);
  replycode__push_slug(L, REPLYCODE_KIND_ACTION, verdict->action);
  replycode__push_slug(L, REPLYCODE_KIND_SCOPE, verdict->scope);
  replycode__push_slug(L, REPLYCODE_KIND_SCOPE, verdict->settles);
  lua_pushboolean(L, verdict->closes);
  if (verdict->retry_after != 0) lua_pushinteger(L, (lua_Integer)verdict->retry_after);
  else lua_pushnil(L);
  return 7;
}

static void push_reply_at(lua_State *L, int at, const struct replycode_reply *reply) {
  if (lua_istable(L, at)) lua_pushvalue(L, at);
  else replycode__push_reply(L, reply);
}

static void set_span(lua_State *L, const struct replycode_span *span) {
  if (span->size == 0) return;
  lua_pushinteger(L, (lua_Integer)span->at + 1);
  lua_setfield(L, -2, "first");
  lua_pushinteger(L, (lua_Integer)span->at + (lua_Integer)span->size);
  lua_setfield(L, -2, "last");
}

static void set_reference(lua_State *L, const struct replycode_verdict *verdict) {
  struct replycode_entry rule;
  const char *slug = replycode_slug(REPLYCODE_KIND_RULE, (int)verdict->rule);
  if (slug == NULL) return;
  replycode_describe(REPLYCODE_KIND_RULE, slug, strlen(slug), 0, REPLYCODE_EN, &rule);
  lua_pushstring(L, rule.references);
  lua_setfield(L, -2, "reference");
}

/* The verdict on less than there is, as field `key`. */
static void set_lesser(lua_State *L, const char *key, struct question *question) {
  replycode_classify(&question->reply, &question->context, &question->verdict);
  replycode__push_verdict(L, question->context.classifier, &question->verdict);
  lua_setfield(L, -2, key);
}

static int explain(lua_State *L, int at, const struct replycode_classifier *classifier) {
  struct question question;
  ask(L, at, classifier, &question);
  lua_createtable(L, 0, 8);
  push_reply_at(L, at, &question.reply);
  lua_setfield(L, -2, "reply");
  replycode__push_verdict(L, classifier, &question.verdict);
  lua_setfield(L, -2, "verdict");
  set_span(L, &question.verdict.matched);
  if (question.verdict.waited.size > 0) {
    lua_createtable(L, 0, 2);
    set_span(L, &question.verdict.waited);
    lua_setfield(L, -2, "waited");
  }
  set_reference(L, &question.verdict);
  question.reply.size = 0;
  set_lesser(L, "without_text", &question);
  memset(&question.reply.status, 0, sizeof question.reply.status);
  set_lesser(L, "code_alone", &question);
  return 1;
}

static int core_classify(lua_State *L) {
  return classify(L, 1, NULL);
}
static int core_judge(lua_State *L) {
  return judge(L, 1, NULL);
}
static int core_explain(lua_State *L) {
  return explain(L, 1, NULL);
}

static int classifier_classify(lua_State *L) {
  return classify(L, 2, replycode__check_classifier(L, 1));
}
static int classifier_judge(lua_State *L) {
  return judge(L, 2, replycode__check_classifier(L, 1));
}
static int classifier_explain(lua_State *L) {
  return explain(L, 2, replycode__check_classifier(L, 1));
}

/* ---- Check ------------------------------------------------------------------------------------------------------ */

/* A finding on top of the stack goes to the end of the list at `list`. [-1, +0] */
static void add_finding(lua_State *L, int list) {
  lua_rawseti(L, list, (int)lua_rawlen(L, list) + 1);
}

/* Compares what a sample expects, at -2, with its verdict at -1. [-0, +0] */
static void compare_fields(lua_State *L, int list, int sample) {
  int verdict = lua_gettop(L), expect = verdict - 1;
  lua_pushnil(L);
  while (lua_next(L, expect)) {
    lua_pushvalue(L, -2);
    lua_gettable(L, verdict);
    if (!lua_rawequal(L, -1, -2) && !(lua_isnil(L, -1) && lua_isboolean(L, -2) && !lua_toboolean(L, -2))) {
      lua_createtable(L, 0, 6);
      lua_pushliteral(L, "otherwise");
      lua_setfield(L, -2, "kind");
      lua_pushinteger(L, sample);
      lua_setfield(L, -2, "sample");
      lua_pushvalue(L, -4);
      lua_setfield(L, -2, "field");
      lua_pushvalue(L, -3);
      lua_setfield(L, -2, "expected");
      lua_pushvalue(L, -2);
      lua_setfield(L, -2, "got");
      lua_getfield(L, verdict, "rule");
      lua_setfield(L, -2, "rule");
      add_finding(L, list);
    }
    lua_pop(L, 2);
  }
}

static void copy_field(lua_State *L, int from, const char *name) {
  lua_getfield(L, from, name);
  lua_setfield(L, -2, name);
}

/* A sample's field of another name would pass silently. */
static void check_names(lua_State *L, int sample, int number) {
  static const char names[][12] = {"reply", "stage", "accepted", "host", "expect"};
  lua_pushnil(L);
  while (lua_next(L, sample)) {
    size_t at, count = sizeof names / sizeof names[0];
    const char *name = replycode__word_at(L, -2);
    for (at = 0; at < count && strcmp(name, names[at]) != 0;) at++;
    if (at == count) {
      lua_pushfstring(L, "sample %d: unknown field '%s'; expected one of reply, stage, accepted, host, expect", number,
                      name);
      luaL_argerror(L, 2, lua_tostring(L, -1));
    }
    if (strcmp(name, "expect") == 0 && !lua_istable(L, -1))
      luaL_argerror(L, 2, lua_pushfstring(L, "sample %d: field 'expect': expected a table", number));
    lua_pop(L, 1);
  }
}

/* Judges the sample on top of the stack and notes the rule that decided. [-0, +0] */
static void check_sample(lua_State *L, const struct replycode_classifier *classifier, char *used, int list, int number) {
  struct question question;
  int top = lua_gettop(L);
  luaL_checkstack(L, 12, "sample");
  if (lua_istable(L, top)) {
    check_names(L, top, number);
    lua_getfield(L, top, "reply");
    lua_createtable(L, 0, 3);
    copy_field(L, top, "stage");
    copy_field(L, top, "accepted");
    copy_field(L, top, "host");
  } else {
    lua_pushvalue(L, top);
    lua_pushnil(L);
  }
  ask(L, top + 1, classifier, &question);
  if (question.verdict.rule >= REPLYCODE_CALLERS_RULE) used[question.verdict.rule - REPLYCODE_CALLERS_RULE] = 1;
  if (lua_istable(L, top)) {
    lua_getfield(L, top, "expect");
    if (lua_istable(L, -1)) {
      replycode__push_verdict(L, classifier, &question.verdict);
      compare_fields(L, list, number);
    }
  }
  lua_settop(L, top);
}

static void add_unused(lua_State *L, const struct replycode_classifier *classifier, size_t rule, int list) {
  const char *id = replycode_rule_id(classifier, (uint32_t)(REPLYCODE_CALLERS_RULE + rule));
  lua_createtable(L, 0, 2);
  lua_pushliteral(L, "unused");
  lua_setfield(L, -2, "kind");
  if (id != NULL) lua_pushstring(L, id);
  else lua_pushfstring(L, "caller/%d", (int)rule + 1);
  lua_setfield(L, -2, "rule");
  add_finding(L, list);
}

/* Samples decided otherwise than they expect, then rules that decided none of them. */
static int classifier_check(lua_State *L) {
  const struct replycode_classifier *classifier = replycode__check_classifier(L, 1);
  size_t count = replycode_rule_count(classifier), rule;
  char *used;
  int number;
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) luaL_checktype(L, 2, LUA_TTABLE);
  used = lua_newuserdata(L, count + 1);
  memset(used, 0, count + 1);
  lua_newtable(L);
  for (number = 1; !lua_isnil(L, 2); number++) {
    lua_rawgeti(L, 2, number);
    if (lua_isnil(L, -1)) break;
    check_sample(L, classifier, used, 4, number);
    lua_settop(L, 4);
  }
  lua_settop(L, 4);
  for (rule = 0; rule < count; rule++)
    if (!used[rule]) add_unused(L, classifier, rule, 4);
  return 1;
}

/* ---- Module ----------------------------------------------------------------------------------------------------- */

/* Puts the judging functions into the module on top of the stack and the methods into the classifiers' metatable. [-0, +0]
 */
void replycode__open_verdict(lua_State *L) {
  int module = lua_gettop(L), upvalue;
  replycode__set_function(L, "classify", core_classify);
  replycode__set_function(L, "judge", core_judge);
  replycode__set_function(L, "explain", core_explain);
  for (upvalue = 0; upvalue < UPVALUES; upvalue++) lua_pushvalue(L, module - UPVALUES + upvalue);
  lua_createtable(L, 0, 4);
  replycode__set_function(L, "classify", classifier_classify);
  replycode__set_function(L, "judge", classifier_judge);
  replycode__set_function(L, "explain", classifier_explain);
  replycode__set_function(L, "check", classifier_check);
  lua_setfield(L, -2, "__index");
  lua_settop(L, module);
}
