/* lua_values.c - replies and verdicts as plain Lua tables. */
#include "lua_fields.h"
#include "slug.h"

#include <stdio.h>

/* ---- Slugs ------------------------------------------------------------------------------------------------------ */

static void add_expected(luaL_Buffer *buffer, int kind) {
  int value, gaps = replycode__last_gap(kind), count = 0;
  const char *slug;
  for (value = 1; (slug = replycode_slug(kind, value)) != NULL || value <= gaps;
       value = kind == REPLYCODE_KIND_ODDITY ? value * 2 : value + 1) {
    if (slug == NULL) continue;
    if (count++ > 0) luaL_addstring(buffer, ", ");
    luaL_addstring(buffer, slug);
  }
}

int replycode__slug_error(lua_State *L, int at, const char *what, int kind, const char *found) {
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  luaL_addstring(&buffer, what);
  luaL_addstring(&buffer, ": expected one of ");
  add_expected(&buffer, kind);
  luaL_addstring(&buffer, "; found '");
  luaL_addstring(&buffer, found);
  luaL_addchar(&buffer, '\'');
  luaL_pushresult(&buffer);
  return luaL_argerror(L, at, lua_tostring(L, -1));
}

int replycode__check_slug(lua_State *L, int at, const char *what, int kind, int index) {
  size_t size;
  const char *slug;
  int value;
  if (lua_type(L, index) != LUA_TSTRING) return replycode__slug_error(L, at, what, kind, luaL_typename(L, index));
  slug = lua_tolstring(L, index, &size);
  value = replycode_value(kind, slug, size);
  return value != 0 ? value : replycode__slug_error(L, at, what, kind, slug);
}

static void set_code(lua_State *L, unsigned code) {
  if (code == 0) return;
  lua_pushinteger(L, (lua_Integer)code);
  lua_setfield(L, -2, "code");
}

/* ---- Replies ---------------------------------------------------------------------------------------------------- */

static void set_lines(lua_State *L, const struct replycode_reply *reply) {
  struct replycode_span span;
  uint32_t cursor = 0;
  int count = 0;
  lua_createtable(L, (int)reply->lines, 0);
  while (replycode_line(reply, &cursor, &span)) {
    lua_pushlstring(L, span.size > 0 ? reply->bytes + span.at : "", span.size);
    lua_rawseti(L, -2, ++count);
  }
  lua_setfield(L, -2, "lines");
}

static void set_text(lua_State *L, const struct replycode_reply *reply) {
  struct replycode_span span;
  uint32_t cursor = 0;
  luaL_Buffer buffer;
  int count = 0;
  luaL_buffinit(L, &buffer);
  while (replycode_line(reply, &cursor, &span)) {
    if (count++ > 0) luaL_addchar(&buffer, '\n');
    if (span.size > 0) luaL_addlstring(&buffer, reply->bytes + span.at, span.size);
  }
  luaL_pushresult(&buffer);
  lua_setfield(L, -2, "text");
}

static void set_oddities(lua_State *L, uint32_t oddities) {
  int bit, count = 0;
  if (oddities == 0) return;
  lua_newtable(L);
  for (bit = 1; replycode_slug(REPLYCODE_KIND_ODDITY, bit) != NULL; bit *= 2) {
    if ((oddities & (uint32_t)bit) == 0) continue;
    lua_pushstring(L, replycode_slug(REPLYCODE_KIND_ODDITY, bit));
    lua_rawseti(L, -2, ++count);
  }
  lua_setfield(L, -2, "oddities");
}

void replycode__push_reply(lua_State *L, const struct replycode_reply *reply) {
  luaL_checkstack(L, 8, "reply");
  lua_createtable(L, 0, 8);
  set_code(L, reply->code);
  replycode__set_slug(L, "class", REPLYCODE_KIND_CLASS, reply->code / 100);
  replycode__set_status(L, "enhanced", &reply->status);
  set_lines(L, reply);
  set_text(L, reply);
  lua_pushlstring(L, reply->size > 0 ? reply->bytes : "", reply->size);
  lua_setfield(L, -2, "raw");
  replycode__set_slug(L, "malformed", REPLYCODE_KIND_MALFORMED, reply->malformed);
  set_oddities(L, reply->oddities);
  lua_pushvalue(L, lua_upvalueindex(UPVALUE_REPLY));
  lua_setmetatable(L, -2);
}

static void take_code(lua_State *L, int at, struct replycode_reply *reply) {
  lua_Integer code = 0;
  lua_getfield(L, at, "code");
  if (!lua_isnil(L, -1)) {
    if (!replycode__is_whole(L, -1, &code) || code < 100 || code > 999)
      luaL_argerror(L, at, "field 'code': expected an integer from 100 to 999");
    reply->code = (uint16_t)code;
  }
  lua_pop(L, 1);
}

static void take_status(lua_State *L, int at, struct replycode_reply *reply) {
  lua_getfield(L, at, "enhanced");
  if (!lua_isnil(L, -1)) {
    size_t size = 0;
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : "";
    if (!replycode_status_read(text, size, &reply->status) || reply->status.klass == 0xffff)
      luaL_argerror(L, at, "field 'enhanced': expected a status such as \"5.7.26\"");
  }
  lua_pop(L, 1);
}

static void take_malformed(lua_State *L, int at, struct replycode_reply *reply) {
  lua_getfield(L, at, "malformed");
  if (!lua_isnil(L, -1))
    reply->malformed = (uint16_t)replycode__check_slug(L, at, "field 'malformed'", REPLYCODE_KIND_MALFORMED, -1);
  lua_pop(L, 1);
}

/* The text of a reply's table: it stays in the table, so the bytes stay too. A reply without text may have its bytes. */
static void take_text(lua_State *L, int at, struct replycode_reply *reply) {
  size_t size = 0;
  lua_getfield(L, at, "text");
  if (!lua_isnil(L, -1) && lua_type(L, -1) != LUA_TSTRING) luaL_argerror(L, at, "field 'text': expected a string");
  if (lua_type(L, -1) == LUA_TSTRING) {
    reply->bytes = lua_tolstring(L, -1, &size);
    reply->size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
    reply->plain = 1;
  }
  lua_pop(L, 1);
}

/* A table of other names is a mistake that would read as a reply of nothing. */
static void check_names(lua_State *L, int at) {
  static const char names[][12] = {"code", "enhanced", "malformed", "text", "raw", "lines"};
  size_t name;
  for (name = 0; name < sizeof names / sizeof names[0]; name++) {
    int present;
    lua_getfield(L, at, names[name]);
    present = !lua_isnil(L, -1);
    lua_pop(L, 1);
    if (present) return;
  }
  luaL_argerror(L, at, "expected a reply: a table with code, enhanced, malformed or text");
}

void replycode__check_reply(lua_State *L, int at, struct replycode_reply *reply) {
  size_t size;
  const char *bytes;
  switch (lua_type(L, at)) {
    case LUA_TSTRING:
      bytes = lua_tolstring(L, at, &size);
      replycode_parse(bytes, size, 1, reply);
      return;
    case LUA_TTABLE:
      memset(reply, 0, sizeof *reply);
      take_code(L, at, reply);
      take_status(L, at, reply);
      take_malformed(L, at, reply);
      take_text(L, at, reply);
      if (reply->code == 0) check_names(L, at);
      return;
    default:
      lua_pushfstring(L, "expected a string of bytes or a reply, found %s", luaL_typename(L, at));
      luaL_argerror(L, at, lua_tostring(L, -1));
  }
}

/* ---- Verdicts --------------------------------------------------------------------------------------------------- */

static void set_true(lua_State *L, const char *key, int value) {
  if (!value) return;
  lua_pushboolean(L, 1);
  lua_setfield(L, -2, key);
}

static void set_number(lua_State *L, const char *key, uint32_t number) {
  if (number == 0) return;
  lua_pushinteger(L, (lua_Integer)number);
  lua_setfield(L, -2, key);
}

/* The id of a built-in row, or of the caller's rule: its own, or its number. */
static void set_rule(lua_State *L, const struct replycode_classifier *classifier, uint32_t rule) {
  const char *id = replycode_rule_id(classifier, rule);
  if (rule < REPLYCODE_CALLERS_RULE) {
    replycode__set_slug(L, "rule", REPLYCODE_KIND_RULE, (int)rule);
    return;
  }
  if (id != NULL) lua_pushstring(L, id);
  else lua_pushfstring(L, "caller/%d", (int)(rule - REPLYCODE_CALLERS_RULE) + 1);
  lua_setfield(L, -2, "rule");
}

static int count_fields(const struct replycode_verdict *verdict) {
  return 6 + (verdict->code != 0) + (verdict->status.klass != 0) + (verdict->settles != 0) + verdict->closes +
         (verdict->waiting != 0) + (verdict->malformed != 0) + (verdict->also != 0) + (verdict->retry_after != 0) +
         (verdict->provider != 0) + (verdict->blocklist != 0);
}

void replycode__push_verdict(lua_State *L, const struct replycode_classifier *classifier,
                             const struct replycode_verdict *verdict) {
  lua_createtable(L, 0, count_fields(verdict));
  set_code(L, verdict->code);
  replycode__set_status(L, "enhanced", &verdict->status);
  replycode__set_slug(L, "transience", REPLYCODE_KIND_TRANSIENCE, verdict->transience);
  replycode__set_slug(L, "cause", REPLYCODE_KIND_CAUSE, verdict->cause);
  replycode__set_slug(L, "scope", REPLYCODE_KIND_SCOPE, verdict->scope);
  replycode__set_slug(L, "action", REPLYCODE_KIND_ACTION, verdict->action);
  replycode__set_slug(L, "settles", REPLYCODE_KIND_SCOPE, verdict->settles);
  set_true(L, "closes", verdict->closes);
  replycode__set_slug(L, "waiting", REPLYCODE_KIND_WAITING, verdict->waiting);
  set_number(L, "retry_after", verdict->retry_after);
  replycode__set_slug(L, "provider", REPLYCODE_KIND_PROVIDER, verdict->provider);
  replycode__set_slug(L, "blocklist", REPLYCODE_KIND_BLOCKLIST, verdict->blocklist);
  replycode__set_slug(L, "also", REPLYCODE_KIND_CAUSE, verdict->also);
  replycode__set_slug(L, "basis", REPLYCODE_KIND_BASIS, verdict->basis);
  set_rule(L, classifier, verdict->rule);
  replycode__set_slug(L, "malformed", REPLYCODE_KIND_MALFORMED, verdict->malformed);
  lua_pushvalue(L, lua_upvalueindex(UPVALUE_VERDICT));
  lua_setmetatable(L, -2);
}

/* ---- Metatables ------------------------------------------------------------------------------------------------- */

/* Bytes of a server must not reach a terminal raw: control and 8-bit bytes are written as \xNN. */
static void add_escaped(luaL_Buffer *buffer, const char *bytes, size_t size) {
  char hex[8];
  size_t at;
  for (at = 0; at < size; at++) {
    unsigned char byte = (unsigned char)bytes[at];
    if (byte >= 0x20 && byte < 0x7f) luaL_addchar(buffer, bytes[at]);
    else if (byte == '\n') luaL_addstring(buffer, " / ");
    else {
      snprintf(hex, sizeof hex, "\\x%02x", byte);
      luaL_addstring(buffer, hex);
    }
  }
}

/* A field of the table 1 as escaped text with a prefix; several are parted by blanks. What is not there adds nothing. */
struct field { char key[12], prefix[13]; };

static void push_field(lua_State *L, const struct field *field) {
  luaL_Buffer buffer;
  size_t size = 0;
  const char *text;
  lua_getfield(L, 1, field->key);
  if (lua_isboolean(L, -1)) lua_pushstring(L, lua_toboolean(L, -1) ? "true" : "false");
  else lua_pushvalue(L, -1);
  text = lua_tolstring(L, -1, &size);
  luaL_buffinit(L, &buffer);
  luaL_addstring(&buffer, field->prefix);
  if (text != NULL) add_escaped(&buffer, text, size);
  luaL_pushresult(&buffer);
  lua_replace(L, -3);
  lua_pop(L, 1);
}

static int join_fields(lua_State *L, const struct field *fields, size_t count) {
  size_t at;
  int parts = 0;
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checkstack(L, 2 * (int)count + 4, "fields");
  for (at = 0; at < count; at++) {
    int absent;
    lua_getfield(L, 1, fields[at].key);
    absent = lua_isnil(L, -1) || (lua_type(L, -1) == LUA_TSTRING && lua_rawlen(L, -1) == 0);
    lua_pop(L, 1);
    if (absent) continue;
    if (parts > 0) lua_pushliteral(L, " ");
    push_field(L, &fields[at]);
    parts += parts > 0 ? 2 : 1;
  }
  lua_concat(L, parts);
  return 1;
}

/* "550 5.1.1 No such user", for logs. */
static int reply_tostring(lua_State *L) {
  static const struct field fields[] = {{"code", ""}, {"enhanced", ""}, {"text", ""}, {"malformed", "malformed="}};
  return join_fields(L, fields, sizeof fields / sizeof fields[0]);
}

/* "code=550 enhanced=5.1.1 transience=permanent ...", for logs. */
static int verdict_tostring(lua_State *L) {
  static const struct field fields[] = {
    {"code", "code="}, {"enhanced", "enhanced="}, {"transience", "transience="}, {"cause", "cause="}, {"scope", "scope="},
    {"action", "action="}, {"settles", "settles="}, {"closes", "closes="}, {"waiting", "waiting="},
    {"retry_after", "retry_after="}, {"provider", "provider="}, {"blocklist", "blocklist="}, {"also", "also="},
    {"basis", "basis="},
    {"rule", "rule="}, {"malformed", "malformed="}};
  return join_fields(L, fields, sizeof fields / sizeof fields[0]);
}

static int classifier_tostring(lua_State *L) {
  lua_pushliteral(L, "replycode.classifier");
  return 1;
}

static void push_metatable(lua_State *L, const char *name, lua_CFunction to_string) {
  lua_createtable(L, 0, 2);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushcfunction(L, to_string);
  lua_setfield(L, -2, "__tostring");
}

void replycode__push_upvalues(lua_State *L) {
  luaL_checkstack(L, UPVALUES, "module");
  lua_createtable(L, 96, 0);
  lua_newtable(L);
  push_metatable(L, "replycode.reply", reply_tostring);
  push_metatable(L, "replycode.verdict", verdict_tostring);
  push_metatable(L, "replycode.classifier", classifier_tostring);   /* lua_verdict.c adds its methods */
}

void replycode__set_function(lua_State *L, const char *name, lua_CFunction function) {
  int table = lua_gettop(L), upvalue;
  luaL_checkstack(L, UPVALUES + 1, "functions");
  for (upvalue = 0; upvalue < UPVALUES; upvalue++) lua_pushvalue(L, table - UPVALUES + upvalue);
  lua_pushcclosure(L, function, UPVALUES);
  lua_setfield(L, table, name);
}
