/* lua_fields.h - fields of the table on top of the stack: [-0, +0] each. Absent values set nothing. Internal to the
 * binding. */
#ifndef REPLYCODE_LUA_FIELDS_H
#define REPLYCODE_LUA_FIELDS_H

#include "lua_values.h"

static inline void replycode__set_slug(lua_State *L, const char *key, int kind, int value) {
  if (value == 0) return;
  replycode__push_slug(L, kind, value);
  lua_setfield(L, -2, key);
}

static inline void replycode__set_words(lua_State *L, const char *key, const char *words) {
  if (words[0] == '\0') return;
  lua_pushstring(L, words);
  lua_setfield(L, -2, key);
}

static inline void replycode__set_status(lua_State *L, const char *key, const struct replycode_status *status) {
  char text[REPLYCODE__STATUS_SIZE];
  if (status->klass == 0) return;
  lua_pushlstring(L, text, replycode__write_status(text, status->klass, status->subject, status->detail));
  lua_setfield(L, -2, key);
}

#endif
