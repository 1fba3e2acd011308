/* lua_decode.c - CBOR as Lua values. A scan comes first: what is built here is there, so its tables are no larger than the
 * bytes justify. What can still be wrong is what a value means in Lua. */
#include "lua_cbor.h"

/* ---- Values ----------------------------------------------------------------------------------------------------- */

struct input {
  lua_State *L;
  const unsigned char *bytes;
  size_t size, at;                /* at: behind the token that was read last */
  struct replycode__fault *fault;
};

static int push_value(struct input *input, const struct replycode__token *token);

/* The scan has read all of them before. */
static void read_token(struct input *input, struct replycode__token *token) {
  const unsigned char *at = input->bytes + input->at;
  size_t left = input->size - input->at;
  if (!replycode__read_short(at, left, token)) replycode__read_token(at, left, token, input->fault);
  input->at += token->took;
}

/* Says what is wrong with the token that was read last. */
static int refuse(struct input *input, const struct replycode__token *token, const char *problem) {
  input->at -= token->took;
  input->fault->problem = problem;
  input->fault->limit = 0;
  return 0;
}

static int push_real(lua_State *L, double real) {
  lua_pushnumber(L, (lua_Number)real);
  return 1;
}

/* A number of 64 bits that a double may not hold; 2^64 itself is one too much for it to be compared. */
static int push_large(struct input *input, const struct replycode__token *token, uint64_t number, double sign) {
  double real = (double)number;
  if (real >= 18446744073709551616.0 || (uint64_t)real != number)
    return refuse(input, token, "an integer that a number of this Lua cannot hold");
  return push_real(input->L, sign * real);
}

static int push_unsigned(struct input *input, const struct replycode__token *token) {
#if LUA_VERSION_NUM >= 503
  if (token->number <= (uint64_t)LUA_MAXINTEGER) {
    lua_pushinteger(input->L, (lua_Integer)token->number);
    return 1;
  }
#endif
  return push_large(input, token, token->number, 1);
}

static int push_negative(struct input *input, const struct replycode__token *token) {
#if LUA_VERSION_NUM >= 503
  if (token->number <= (uint64_t)LUA_MAXINTEGER) {
    lua_pushinteger(input->L, -1 - (lua_Integer)token->number);
    return 1;
  }
#endif
  if (token->number == UINT64_MAX) return push_real(input->L, -18446744073709551616.0);
  return push_large(input, token, token->number + 1, -1);
}

/* The chunks of a string of unknown length, up to the break. Each chunk of text is UTF-8 by itself (section 3.2.3). */
static int push_chunks(struct input *input) {
  struct replycode__token chunk;
  luaL_Buffer buffer;
  luaL_buffinit(input->L, &buffer);
  for (;;) {
    read_token(input, &chunk);
    if (chunk.item == REPLYCODE__BREAK) break;
    if (chunk.item == REPLYCODE__TEXT && !replycode__is_utf8((const char *)chunk.bytes, chunk.size)) {
      luaL_pushresult(&buffer);
      lua_pop(input->L, 1);
      return refuse(input, &chunk, "text that is not UTF-8");
    }
    luaL_addlstring(&buffer, (const char *)chunk.bytes, chunk.size);
  }
  luaL_pushresult(&buffer);
  return 1;
}

static int push_string(struct input *input, const struct replycode__token *token) {
  if (token->indefinite) return push_chunks(input);
  if (token->item == REPLYCODE__TEXT && !replycode__is_utf8((const char *)token->bytes, token->size))
    return refuse(input, token, "text that is not UTF-8");
  lua_pushlstring(input->L, (const char *)token->bytes, token->size);
  return 1;
}

/* ---- Arrays and maps -------------------------------------------------------------------------------------------- */

/* Reads the next token inside; 0 at the end, which for an indefinite one is a break. */
static int next_inside(struct input *input, const struct replycode__token *outside, uint64_t *count,
                       struct replycode__token *token) {
  if (!outside->indefinite && *count >= outside->number) return 0;
  ++*count;
  read_token(input, token);
  return token->item != REPLYCODE__BREAK;
}

/* How many of them a table is made for. */
static int expected(const struct replycode__token *token) {
  return token->indefinite ? 0 : token->number > INT32_MAX ? INT32_MAX : (int)token->number;
}

static int push_array(struct input *input, const struct replycode__token *token) {
  struct replycode__token inside;
  uint64_t count = 0;
  lua_createtable(input->L, expected(token), 0);
  while (next_inside(input, token, &count, &inside)) {
    if (!push_value(input, &inside)) return 0;
    lua_rawseti(input->L, -2, (int)count);
  }
  return 1;
}

static int push_key(struct input *input, const struct replycode__token *token) {
  switch (token->item) {
    case REPLYCODE__UNSIGNED: return push_unsigned(input, token);
    case REPLYCODE__NEGATIVE: return push_negative(input, token);
    case REPLYCODE__BYTES:
    case REPLYCODE__TEXT: return push_string(input, token);
    case REPLYCODE__BOOLEAN:
      lua_pushboolean(input->L, token->number != 0);
      return 1;
    case REPLYCODE__FLOAT:
      return token->real == token->real ? push_real(input->L, token->real) : refuse(input, token, "a key that is no number");
    default: return refuse(input, token, "a key that is no string, number or boolean");
  }
}

/* Whether the table below the key on top of the stack has it: [-0, +0]. */
static int has_key(lua_State *L) {
  int found;
  lua_pushvalue(L, -1);
  lua_rawget(L, -3);
  found = !lua_isnil(L, -1);
  lua_pop(L, 1);
  return found;
}

/* The number at `slot` of the list on top of the stack when it may be a part of a status, else -1: [-0, +0]. */
static int part_at(lua_State *L, int slot) {
  lua_Integer part = -1;
  lua_rawgeti(L, -1, slot);
  if (!replycode__is_whole(L, -1, &part) || part < 0 || part > 999) part = -1;
  lua_pop(L, 1);
  return (int)part;
}

int replycode__status_list(lua_State *L, unsigned parts[3]) {
  int slot;
  if (lua_type(L, -1) != LUA_TTABLE || lua_rawlen(L, -1) != 3) return 0;
  for (slot = 0; slot < 3; slot++) {
    int part = part_at(L, slot + 1);
    if (part < 0) return 0;
    parts[slot] = (unsigned)part;
  }
  return parts[0] == 2 || parts[0] == 4 || parts[0] == 5;
}

/* Three numbers as "5.7.26"; another value stays as it is: [-1, +1]. */
static void to_status(lua_State *L) {
  char text[REPLYCODE__STATUS_SIZE];
  unsigned parts[3];
  if (!replycode__status_list(L, parts)) return;
  lua_pushlstring(L, text, replycode__write_status(text, parts[0], parts[1], parts[2]));
  lua_replace(L, -2);
}

/* A status as we write it, four heads and no more, without a table in between: 1, or 0 when it is written otherwise. */
static int push_plain_status(struct input *input) {
  char text[REPLYCODE__STATUS_SIZE];
  unsigned parts[3];
  size_t start = input->at, part = 0;
  struct replycode__token token;
  read_token(input, &token);
  if (token.item == REPLYCODE__ARRAY && token.number == 3 && !token.indefinite) {
    for (; part < 3; part++) {
      read_token(input, &token);
      if (token.item != REPLYCODE__UNSIGNED || token.number > 999) break;
      parts[part] = (unsigned)token.number;
    }
  }
  if (part == 3 && (parts[0] == 2 || parts[0] == 4 || parts[0] == 5)) {
    lua_pushlstring(input->L, text, replycode__write_status(text, parts[0], parts[1], parts[2]));
    return 1;
  }
  input->at = start;
  return 0;
}

static int push_field(struct input *input, const struct replycode__token *key) {
  struct replycode__token token;
  int is_status = key->item == REPLYCODE__TEXT && !key->indefinite &&
                  replycode__is_status_key((const char *)key->bytes, key->size);
  if (is_status && push_plain_status(input)) return 1;
  read_token(input, &token);
  if (!push_value(input, &token)) return 0;
  if (is_status) to_status(input->L);
  return 1;
}

/* Whether the key comes behind the one before it in the order of section 4.2.1, as far as that can be seen at once. */
static int is_behind(const struct replycode__token *before, const struct replycode__token *key) {
  if (before->item != REPLYCODE__TEXT || key->item != REPLYCODE__TEXT || before->indefinite || key->indefinite) return 0;
  if (before->size != key->size) return before->size < key->size;
  return memcmp(before->bytes, key->bytes, key->size) < 0;
}

/* Keys in order are all different; from the first that is not on, each is looked for. */
static int push_map(struct input *input, const struct replycode__token *token) {
  struct replycode__token key, before = {REPLYCODE__TEXT, 0, 0, 0, NULL, 0, 0};
  uint64_t count = 0;
  int in_order = 1;
  lua_createtable(input->L, 0, expected(token));
  while (next_inside(input, token, &count, &key)) {
    if (!push_key(input, &key)) return 0;
    in_order = in_order && (count == 1 || is_behind(&before, &key));
    if (!in_order && has_key(input->L)) return refuse(input, &key, "a key that was there before");
    before = key;
    if (!push_field(input, &key)) return 0;
    lua_rawset(input->L, -3);
  }
  return 1;
}

static int push_value(struct input *input, const struct replycode__token *token) {
  struct replycode__token inside;
  switch (token->item) {
    case REPLYCODE__ARRAY:
    case REPLYCODE__MAP:
      luaL_checkstack(input->L, 8, "nested items");
      return token->item == REPLYCODE__ARRAY ? push_array(input, token) : push_map(input, token);
    case REPLYCODE__TAG:
      read_token(input, &inside);
      return push_value(input, &inside);
    case REPLYCODE__NULL:
      lua_pushlightuserdata(input->L, NULL);
      return 1;
    case REPLYCODE__FLOAT: return push_real(input->L, token->real);
    default: return push_key(input, token);
  }
}

int replycode__push_item(lua_State *L, const unsigned char *bytes, size_t size, size_t *at, struct replycode__fault *fault) {
  struct input input = {L, bytes, size, 0, fault};
  struct replycode__token token;
  int top = lua_gettop(L), done;
  read_token(&input, &token);
  done = push_value(&input, &token);
  if (!done) lua_settop(L, top);
  *at = input.at;
  return done;
}

/* ---- decode ----------------------------------------------------------------------------------------------------- */

int replycode__push_fault(lua_State *L, const struct replycode__fault *fault, size_t at) {
  lua_pushnil(L);
  lua_pushfstring(L, fault->problem, (int)fault->limit);
  lua_pushinteger(L, (lua_Integer)at + 1);
  return 3;
}

/* The limit on top of the stack, of the table that is argument `at`. */
static size_t check_limit(lua_State *L, int at, const char *name, lua_Integer largest) {
  lua_Integer limit = 0;
  if (!replycode__is_whole(L, -1, &limit) || limit < 1 || limit > largest) {
    lua_pushfstring(L, "limit '%s': expected an integer from 1 to %d", name, (int)largest);
    luaL_argerror(L, at, lua_tostring(L, -1));
  }
  return (size_t)limit;
}

void replycode__check_limits(lua_State *L, int at, struct replycode__limits *limits) {
  static const struct replycode__limits defaults = {64, 1 << 24, 1000000};
  *limits = defaults;
  if (lua_isnoneornil(L, at)) return;
  luaL_checktype(L, at, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, at)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : luaL_typename(L, -2);
    if (strcmp(name, "depth") == 0) limits->depth = check_limit(L, at, name, REPLYCODE__DEEPEST);
    else if (strcmp(name, "size") == 0) limits->size = check_limit(L, at, name, 1 << 30);
    else if (strcmp(name, "count") == 0) limits->count = check_limit(L, at, name, 1 << 30);
    else {
      lua_pushfstring(L, "unknown limit '%s'; expected depth, size or count", name);
      luaL_argerror(L, at, lua_tostring(L, -1));
    }
    lua_pop(L, 1);
  }
}

static size_t check_first(lua_State *L, size_t size) {
  lua_Number first;
  if (lua_isnoneornil(L, 2)) return 0;
  first = luaL_checknumber(L, 2);
  if (!(first >= 1 && first <= (lua_Number)size + 1) || (lua_Number)(size_t)first != first)
    luaL_argerror(L, 2, "expected a position from 1 to #bytes + 1");
  return (size_t)first - 1;
}

int replycode__decode(lua_State *L) {
  struct replycode__limits limits;
  struct replycode__fault fault;
  struct replycode__scan scan;
  const unsigned char *bytes;
  size_t size, first, at;
  luaL_checktype(L, 1, LUA_TSTRING);
  bytes = (const unsigned char *)lua_tolstring(L, 1, &size);
  first = check_first(L, size);
  replycode__check_limits(L, 3, &limits);
  scan.at = scan.need = scan.count = scan.depth = 0;
  switch (replycode__scan_item(&scan, bytes + first, size - first, &limits, &fault)) {
    case REPLYCODE__ILL: return replycode__push_fault(L, &fault, first + scan.at);
    case REPLYCODE__CUT:
      fault.problem = "the bytes end inside an item";
      if (size == first) fault.problem = "the bytes have ended";
      return replycode__push_fault(L, &fault, size);
    default: break;
  }
  if (!replycode__push_item(L, bytes + first, scan.at, &at, &fault)) return replycode__push_fault(L, &fault, first + at);
  lua_pushinteger(L, (lua_Integer)(first + scan.at) + 1);
  return 2;
}
