/* replycode_cbor.h - replies and verdicts as CBOR (RFC 8949), for programs in any language.
 *
 *     unsigned char bytes[REPLYCODE_VERDICT_CBOR];
 *     size_t size = replycode_encode_verdict(NULL, &verdict, bytes, sizeof bytes);
 *     fwrite(bytes, 1, size, log);
 *
 * One map a value, its keys the names of the Lua fields, in the order of the core deterministic encoding (RFC 8949 section
 * 4.2.1): equal values are equal bytes. What is absent has no key. Words are slugs, an enhanced status is an array of three
 * integers, text that is not UTF-8 is a byte string. Values one behind the other are a CBOR sequence (RFC 8742). The schema
 * is spec/replycode.cddl. Needs libcbor: link -lreplycode-cbor -lreplycode -lcbor, or ask pkg-config for replycode-cbor.
 *
 * What replycode.h says of all calls holds here too. */
#ifndef REPLYCODE_CBOR_H
#define REPLYCODE_CBOR_H

#include "replycode.h"

#if defined(__GNUC__) && defined(REPLYCODE_HIDDEN)
#pragma GCC visibility push(hidden)
#elif defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#ifdef __cplusplus
extern "C" {
#endif

/* No verdict takes more, unless a rule of the caller's decided and its id is longer than 64 bytes. */
enum { REPLYCODE_VERDICT_CBOR = 512 };

/* Each gives the bytes written, or 0 when capacity is too small; what the buffer holds then is of no use. */

/* classifier names a rule of the caller's, as in replycode_rule_id; NULL: there is none. */
size_t replycode_encode_verdict(const struct replycode_classifier *classifier, const struct replycode_verdict *verdict,
                                unsigned char *buffer, size_t capacity);

/* Code, class, status, malformed, oddities, text, its lines, and the bytes as they came: at most 4 * reply->size + 512 bytes.
 * A plain reply has no bytes of its own. */
size_t replycode_encode_reply(const struct replycode_reply *reply, unsigned char *buffer, size_t capacity);

#ifdef __cplusplus
}
#endif
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#endif
