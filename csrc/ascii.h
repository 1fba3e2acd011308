/* ascii.h - text for those who take ASCII alone. Internal. */
#ifndef REPLYCODE_ASCII_H
#define REPLYCODE_ASCII_H

#include "bytes.h"

/* Writes ASCII for a character beyond it and gives its size, never longer than the character in UTF-8: Latin letters lose
 * their accents and keep their case, a combining accent is nothing, what has no ASCII is '?'. */
REPLYCODE__INTERNAL size_t replycode__ascii(char *to, uint32_t character);

#endif
