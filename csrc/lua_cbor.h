/* lua_cbor.h - what the files of the binding to CBOR share. It links encode.c and nothing of the core. */
#ifndef REPLYCODE_LUA_CBOR_H
#define REPLYCODE_LUA_CBOR_H

#include "encode.h"
#include "lua_compat.h"

/* encode(value): the value as CBOR; raises for what has no form there. */
REPLYCODE__INTERNAL int replycode__encode(lua_State *L);

/* Whether a key's value is an enhanced status: an array of three numbers on the wire, "5.7.26" in Lua. */
REPLYCODE__INTERNAL int replycode__is_status_key(const char *bytes, size_t size);

/* Whether the value on top of the stack is a list of three numbers that is read as a status: [-0, +0]. */
REPLYCODE__INTERNAL int replycode__status_list(lua_State *L, unsigned parts[3]);

/* decode(bytes, first, limits): a value and the position behind it, or nil, a message and a position. */
REPLYCODE__INTERNAL int replycode__decode(lua_State *L);

/* The limits in the table at `at`, the defaults when there is none; raises for what is no limit. */
REPLYCODE__INTERNAL void replycode__check_limits(lua_State *L, int at, struct replycode__limits *limits);

/* Builds the value of an item that a scan has found whole. Gives 1 and pushes it; or 0 and *fault, and *at is the byte that
 * is wrong: [-0, +(0|1)]. */
REPLYCODE__INTERNAL int replycode__push_item(lua_State *L, const unsigned char *bytes, size_t size, size_t *at,
                                             struct replycode__fault *fault);

/* Pushes nil, a message and a position from 1, and gives 3: [-0, +3]. */
REPLYCODE__INTERNAL int replycode__push_fault(lua_State *L, const struct replycode__fault *fault, size_t at);

/* Registers the metatable of sequences: [-0, +0]. sequence(bytes, limits) or sequence(limits). */
REPLYCODE__INTERNAL void replycode__open_sequence(lua_State *L);
REPLYCODE__INTERNAL int replycode__new_sequence(lua_State *L);

#endif
