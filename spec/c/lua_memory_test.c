/* lua_memory_test.c - an allocator that fails at the nth call, for every n: the modules give a clean error, leak nothing,
 * and the state can be used afterwards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "check.h"

int luaopen_replycode_core(lua_State *L);
int luaopen_replycode_cbor_core(lua_State *L);

struct account { long calls, fails_at; size_t bytes; };

static void *allocate(void *data, void *old, size_t old_size, size_t size) {
  struct account *account = data;
  void *block;
  if (old == NULL) old_size = 0;
  if (size == 0) {
    account->bytes -= old_size;
    free(old);
    return NULL;
  }
  /* Lua trusts that to shrink a block cannot fail. */
  if (size > old_size && ++account->calls == account->fails_at) return NULL;
  block = realloc(old, size);
  if (block != NULL) account->bytes += size - old_size;
  return block;
}

static const char *const scripts[] = {
  "local v = cbor.encode(core.classify('452 4.2.2 full, try again in 5 minutes', 'rcpt'))"
  "assert(cbor.decode(v).cause == 'mailbox_full')",
  "local big = {} for i = 1, 100 do big['key' .. i] = { i, i / 3, 'x', enhanced = '5.1.1', s = ('y'):rep(i * 9) } end"
  " local bytes = cbor.encode(big) assert(cbor.encode(cbor.decode(bytes)) == bytes)",
  "local s = cbor.sequence() local n = 0 local bytes = cbor.encode({ text = ('z'):rep(5000) })"
  " for i = 1, 3 do for v in s:feed(bytes:sub(1, 3000)) do n = n + 1 end for v in s:feed(bytes:sub(3001)) do n = n + #v.text end end"
  " assert(n == 15000 and s:finish())",
  "assert(cbor.decode('\\127\\98ab\\97c\\255') == 'abc') assert(not cbor.decode('\\130\\1'))",
  "local r = core.parse('550-5.1.1 No such\\r\\n550 5.1.1 user\\r\\n') assert(cbor.decode(cbor.encode(r)).raw == r.raw)"};

static int run(lua_State *L) {
  luaL_openlibs(L);
  lua_pushcfunction(L, luaopen_replycode_core);
  lua_call(L, 0, 1);
  lua_setglobal(L, "core");
  lua_pushcfunction(L, luaopen_replycode_cbor_core);
  lua_call(L, 0, 1);
  lua_setglobal(L, "cbor");
  if (luaL_loadstring(L, lua_touserdata(L, 1)) != LUA_OK) lua_error(L);
  lua_pushvalue(L, -1);
  lua_setglobal(L, "script");
  lua_call(L, 0, 0);
  return 0;
}

static int call(lua_State *L, const char *script) {
  lua_pushcfunction(L, run);
  lua_pushlightuserdata(L, (void *)(size_t)script);
  return lua_pcall(L, 1, 0, 0);
}

/* How many calls a run without failure makes. */
static long check_script(const char *script, long fails_at) {
  struct account account = {0, 0, 0};
  lua_State *L = lua_newstate(allocate, &account);
  int status;
  long calls;
  account.fails_at = account.calls + fails_at;
  calls = account.calls;
  status = call(L, script);
  calls = account.calls - calls;
  CHECK(status == LUA_OK || (status == LUA_ERRMEM && fails_at > 0) || (fails_at > 0 && strstr(lua_tostring(L, -1), "memory")),
        "%s, call %ld: %s", script, fails_at, status == LUA_OK ? "" : lua_tostring(L, -1));
  account.fails_at = 0;
  lua_settop(L, 0);
  status = call(L, script);
  CHECK(status == LUA_OK, "%s, after call %ld: %s", script, fails_at, status == LUA_OK ? "" : lua_tostring(L, -1));
  lua_close(L);
  CHECK(account.bytes == 0, "%s, call %ld: %lu bytes left", script, fails_at, (unsigned long)account.bytes);
  return calls;
}

int main(void) {
  size_t at;
  for (at = 0; at < sizeof scripts / sizeof scripts[0]; at++) {
    long calls = check_script(scripts[at], -1), fails_at;
    for (fails_at = 1; fails_at <= calls; fails_at++) check_script(scripts[at], fails_at);
  }
  return check_report();
}
