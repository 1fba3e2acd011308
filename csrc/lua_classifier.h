/* lua_classifier.h - classifiers as userdata. Internal to the binding. */
#ifndef REPLYCODE_LUA_CLASSIFIER_H
#define REPLYCODE_LUA_CLASSIFIER_H

#include "lua_values.h"

/* Pushes a new classifier for the options at 1: [-0, +1]. */
REPLYCODE__INTERNAL int replycode__new_classifier(lua_State *L);

/* The classifier at `at`; anything else raises. */
REPLYCODE__INTERNAL const struct replycode_classifier *replycode__check_classifier(lua_State *L, int at);

#endif
