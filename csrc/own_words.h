/* own_words.h - which bytes of a reply are the server's own words. Internal.
 *
 * What stands in <...>, in an address, a host name, a file name or a URL is named, not said: a pattern does not match there
 * unless it asks for such a thing itself. Looked at once a pattern has matched, for few do; text and place are folded. */
#ifndef REPLYCODE_OWN_WORDS_H
#define REPLYCODE_OWN_WORDS_H

#include <stddef.h>

#include "bytes.h"

/* Whether the server says text[from..to) itself. `brackets`: whether there is a '<' in the text. */
REPLYCODE__INTERNAL int replycode__is_own(const char *text, size_t size, size_t from, size_t to, int brackets);

#endif
