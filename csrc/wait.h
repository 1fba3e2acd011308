/* wait.h - how long a reply asks to wait. Internal. */
#ifndef REPLYCODE_WAIT_H
#define REPLYCODE_WAIT_H

#include "bytes.h"
#include "replycode.h"

/* Reads a time behind `at` ("in 5 minutes", "1h30m", "00:04:32", "5-10 min"), or one that ends before it ("5 dakika sonra").
 * Returns its seconds and where it stands; 0 when there is none, or none between 1 second and 5 days. */
REPLYCODE__INTERNAL uint32_t replycode__wait_behind(const char *text, size_t size, size_t at, struct replycode_span *span);
REPLYCODE__INTERNAL uint32_t replycode__wait_before(const char *text, size_t at, struct replycode_span *span);

#endif
