/* lua_catalogue.c - entries and comparisons as plain Lua tables. */
#include "lua_fields.h"

/* ---- Entries ---------------------------------------------------------------------------------------------------- */

/* "a; b" -> { "a", "b" }. [-0, +1] */
static void push_parts(lua_State *L, const char *text, const char *separator) {
  int count = 0;
  lua_newtable(L);
  while (*text != '\0') {
    const char *end = strstr(text, separator);
    size_t size = end == NULL ? strlen(text) : (size_t)(end - text);
    lua_pushlstring(L, text, size);
    lua_rawseti(L, -2, ++count);
    text += size + (end == NULL ? 0 : strlen(separator));
  }
}

static void set_parts(lua_State *L, const char *key, const char *text, const char *separator) {
  if (text[0] == '\0') return;
  push_parts(L, text, separator);
  lua_setfield(L, -2, key);
}

static void set_stages(lua_State *L, uint32_t stages) {
  int stage, count = 0;
  stages &= ~(UINT32_C(1) << REPLYCODE_NO_STAGE);
  if (stages == 0) return;
  lua_newtable(L);
  for (stage = REPLYCODE_CONNECT; stage <= REPLYCODE_LOCAL; stage++) {
    if ((stages & UINT32_C(1) << stage) == 0) continue;
    lua_pushstring(L, replycode_slug(REPLYCODE_KIND_STAGE, stage));
    lua_rawseti(L, -2, ++count);
  }
  lua_setfield(L, -2, "stages");
}

static void set_classes(lua_State *L, unsigned classes) {
  int digit, count = 0;
  if (classes == 0) return;
  lua_newtable(L);
  for (digit = 2; digit <= 5; digit++) {
    if ((classes & 1u << digit) == 0) continue;
    lua_pushinteger(L, digit);
    lua_rawseti(L, -2, ++count);
  }
  lua_setfield(L, -2, "classes");
}

static const char *standing_slug(int standing) {
  switch (standing) {
    case REPLYCODE_STANDARD: return "standard";
    case REPLYCODE_OBSOLETE: return "obsolete";
    case REPLYCODE_NONSTANDARD: return "nonstandard";
    default: return "";
  }
}

static void set_lists(lua_State *L, unsigned lists) {
  static const char names[][8] = {"ip", "domain", "url"};
  int bit, count = 0;
  if (lists == 0) return;
  lua_newtable(L);
  for (bit = 0; bit < 3; bit++) {
    if ((lists & 1u << bit) == 0) continue;
    lua_pushstring(L, names[bit]);
    lua_rawseti(L, -2, ++count);
  }
  lua_setfield(L, -2, "lists");
}

/* "sisimai: userunknown filtered; kumomta: ..." -> { sisimai = { "userunknown", "filtered" }, ... }. Who has no name is absent. */
static void set_labels(lua_State *L, const char *labels) {
  int count = 0;
  lua_newtable(L);
  while (*labels != '\0') {
    const char *names = strstr(labels, ": ") + 2, *end = strstr(names, ";");
    size_t size = end == NULL ? strlen(names) : (size_t)(end - names);
    lua_pushlstring(L, labels, (size_t)(names - 2 - labels));
    lua_pushlstring(L, names, size);
    push_parts(L, lua_tostring(L, -1), " ");
    lua_remove(L, -2);
    if (size > 0) lua_rawset(L, -3);
    else lua_pop(L, 2);
    count += size > 0;
    labels = names + size + (end == NULL ? 0 : 2);
  }
  if (count > 0) lua_setfield(L, -2, "labels");
  else lua_pop(L, 1);
}

void replycode__push_entry(lua_State *L, const struct replycode_entry *entry) {
  luaL_checkstack(L, 8, "entry");
  lua_createtable(L, 0, 12);
  replycode__set_words(L, "kind", replycode_slug(REPLYCODE_KIND_KIND, entry->kind));
  replycode__set_words(L, "slug", entry->slug);
  lua_pushboolean(L, entry->exact);
  lua_setfield(L, -2, "exact");
  replycode__set_words(L, "title", entry->title);
  replycode__set_words(L, "meaning", entry->meaning);
  replycode__set_words(L, "when", entry->when);
  replycode__set_words(L, "remedy", entry->remedy);
  replycode__set_words(L, "operator_remedy", entry->operator_remedy);
  replycode__set_words(L, "send_when", entry->send_when);
  push_parts(L, entry->references, "; ");
  lua_setfield(L, -2, "references");
  set_parts(L, "codes", entry->codes, " ");
  replycode__set_words(L, "standing", standing_slug(entry->standing));
  set_stages(L, entry->stages);
  set_classes(L, entry->classes);
  replycode__set_status(L, "guess", &entry->guess);
  replycode__set_words(L, "help", entry->help);
  replycode__set_words(L, "confirmed", entry->confirmed);
  replycode__set_words(L, "pattern", entry->pattern);
  replycode__set_words(L, "example", entry->example);
  if (entry->cause != 0) replycode__set_words(L, "cause", replycode_slug(REPLYCODE_KIND_CAUSE, entry->cause));
  replycode__set_words(L, "zone", entry->zone);
  set_lists(L, entry->lists);
  if (entry->closed) lua_pushboolean(L, 1), lua_setfield(L, -2, "closed");
  set_labels(L, entry->labels);
}

/* ---- Comparisons ------------------------------------------------------------------------------------------------ */

/* The stages of a side as words, where no cell says them shorter. [-0, +1] */
static void push_cell(lua_State *L, const struct replycode_side *side, int key) {
  luaL_Buffer buffer;
  int stage, count = 0;
  if (key != REPLYCODE_KEY_STAGES || side->cells[key][0] != '\0') {
    lua_pushstring(L, side->cells[key]);
    return;
  }
  luaL_buffinit(L, &buffer);
  for (stage = REPLYCODE_CONNECT; stage <= REPLYCODE_LOCAL; stage++) {
    if ((side->entry.stages & UINT32_C(1) << stage) == 0) continue;
    if (count++ > 0) luaL_addchar(&buffer, ' ');
    luaL_addstring(&buffer, replycode_slug(REPLYCODE_KIND_STAGE, stage));
  }
  luaL_pushresult(&buffer);
}

/* { key, label, a, b, equal }. [-0, +1] */
static void push_row(lua_State *L, const struct replycode_comparison *comparison, int key, int lang) {
  lua_createtable(L, 0, 5);
  replycode__set_words(L, "key", replycode_key_slug(key));
  replycode__set_words(L, "label", replycode_key_label(key, lang));
  push_cell(L, &comparison->a, key);
  push_cell(L, &comparison->b, key);
  lua_pushboolean(L, lua_rawequal(L, -1, -2));
  lua_setfield(L, -4, "equal");
  lua_setfield(L, -3, "b");
  lua_setfield(L, -2, "a");
}

void replycode__push_comparison(lua_State *L, const struct replycode_comparison *comparison, int lang) {
  int key;
  luaL_checkstack(L, 10, "comparison");
  lua_createtable(L, 0, 6);
  replycode__push_entry(L, &comparison->a.entry);
  lua_setfield(L, -2, "a");
  replycode__push_entry(L, &comparison->b.entry);
  lua_setfield(L, -2, "b");
  lua_createtable(L, REPLYCODE_KEYS, 0);
  for (key = 0; key < REPLYCODE_KEYS; key++) {
    push_row(L, comparison, key, lang);
    lua_rawseti(L, -2, key + 1);
  }
  lua_setfield(L, -2, "rows");
  replycode__set_words(L, "difference", comparison->difference);
  replycode__set_words(L, "which", comparison->which);
  push_parts(L, comparison->references, "; ");
  lua_setfield(L, -2, "references");
}
