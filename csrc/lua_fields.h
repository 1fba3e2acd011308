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

static inline size_t replycode__write_number(char *to, unsigned number) {
  size_t size = number >= 100 ? 3 : number >= 10 ? 2 : 1, at = size;
  do to[--at] = (char)('0' + number % 10); while ((number /= 10) > 0 && at > 0);
  return size;
}

static inline void replycode__set_status(lua_State *L, const char *key, const struct replycode_status *status) {
  char text[12];
  size_t size = 0;
  if (status->klass == 0) return;
  size += replycode__write_number(text, status->klass);
  text[size++] = '.';
  size += replycode__write_number(text + size, status->subject);
  text[size++] = '.';
  size += replycode__write_number(text + size, status->detail);
  lua_pushlstring(L, text, size);
  lua_setfield(L, -2, key);
}

#endif
