/* replycode.h - what an SMTP or LMTP reply means, whether it is transient or permanent, why, what it concerns, what to do.
 *
 *     struct replycode_reply reply;
 *     struct replycode_verdict verdict;
 *     struct replycode_context context = { .stage = REPLYCODE_RCPT };
 *     replycode_parse(bytes, size, 1, &reply);
 *     replycode_classify(&reply, &context, &verdict);
 *     puts(replycode_slug(REPLYCODE_KIND_ACTION, verdict.action));
 *
 * Rules that hold for every call below, said once:
 *   - A length is a promise. NUL is a byte, nothing at or past bytes + size is read, size may be 0 (then bytes may be NULL).
 *   - No call allocates, locks, prints, reads the locale or keeps anything between two calls. Any number of threads.
 *   - Replies, verdicts and entries are values: copy, compare and store them. They hold offsets, not pointers; the one
 *     pointer is reply.bytes, your bytes. Keep these while you ask for text; set it again when you have moved them.
 *   - Every const char * that comes out is static UTF-8, NUL at its end, valid for ever, the same in every thread.
 *   - Enumerators are only appended and 0 is "none". A change of a struct's size changes the soname.
 *   - Between the two marks stand plain declarations only, so that LuaJIT's ffi.cdef and other readers can take them.
 *
 * Sources: RFC 5321 (SMTP, replies 4.2), RFC 3463 and RFC 2034 (enhanced status), RFC 2033 (LMTP). */
#ifndef REPLYCODE_H
#define REPLYCODE_H

#define REPLYCODE_VERSION "0.1.0"

#include <stddef.h>
#include <stdint.h>

/* A program that carries the library inside itself defines REPLYCODE_HIDDEN, so that no other copy is mixed up with it. */
#if defined(__GNUC__) && defined(REPLYCODE_HIDDEN)
#pragma GCC visibility push(hidden)
#elif defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#ifdef __cplusplus
extern "C" {
#endif
/* declarations begin */

/* ---- Words ------------------------------------------------------------------------------------------------------ */

enum replycode_lang { REPLYCODE_EN, REPLYCODE_TR };

/* What a reply answers. */
enum replycode_stage {
  REPLYCODE_NO_STAGE,             /* not known: the verdict does without */
  REPLYCODE_CONNECT,              /* the greeting */
  REPLYCODE_EHLO, REPLYCODE_HELO, REPLYCODE_LHLO, REPLYCODE_STARTTLS, REPLYCODE_AUTH,
  REPLYCODE_MAIL, REPLYCODE_RCPT, REPLYCODE_DATA,
  REPLYCODE_CONTENT,              /* the end of the message: final dot, BDAT LAST, BURL LAST */
  REPLYCODE_DELIVERY,             /* the same for one recipient: LMTP, PRDR */
  REPLYCODE_BDAT, REPLYCODE_BURL, /* a part that is not the last */
  REPLYCODE_RSET, REPLYCODE_VRFY, REPLYCODE_EXPN, REPLYCODE_HELP, REPLYCODE_NOOP, REPLYCODE_QUIT,
  REPLYCODE_ETRN, REPLYCODE_ATRN, REPLYCODE_TURN, REPLYCODE_XCLIENT, REPLYCODE_XFORWARD,
  REPLYCODE_OTHER,                /* a command this library does not know, SEND and its kin among them */
  REPLYCODE_LOCAL                 /* text our own side wrote: no code on the wire */
};

enum replycode_transience { REPLYCODE_NOTHING_FAILED = 1, REPLYCODE_TRANSIENT, REPLYCODE_PERMANENT };

/* Why. The catalogue tells what each means: replycode_describe(REPLYCODE_KIND_CAUSE, ...). */
enum replycode_cause {
  REPLYCODE_NO_CAUSE,
  REPLYCODE_ACCEPTED, REPLYCODE_RECIPIENT_UNKNOWN, REPLYCODE_RECIPIENT_DISABLED, REPLYCODE_RECIPIENT_MOVED,
  REPLYCODE_MAILBOX_FULL, REPLYCODE_RECIPIENT_REFUSES, REPLYCODE_SENDER_REJECTED, REPLYCODE_CLIENT_AUTH_FAILED,
  REPLYCODE_DOMAIN_AUTH_FAILED, REPLYCODE_CLIENT_IDENTITY_REJECTED, REPLYCODE_IP_BLOCKED, REPLYCODE_DOMAIN_BLOCKED,
  REPLYCODE_CONTENT_SPAM, REPLYCODE_CONTENT_VIRUS, REPLYCODE_CONTENT_REJECTED, REPLYCODE_POLICY_REJECTED,
  REPLYCODE_RATE_LIMITED, REPLYCODE_GREYLISTED, REPLYCODE_TOO_MANY_RECIPIENTS, REPLYCODE_TOO_MANY_CONNECTIONS,
  REPLYCODE_MESSAGE_TOO_BIG, REPLYCODE_RELAY_DENIED, REPLYCODE_DOMAIN_UNROUTABLE, REPLYCODE_NETWORK_FAILED,
  REPLYCODE_MAIL_LOOP, REPLYCODE_SERVER_ERROR, REPLYCODE_SERVER_FULL, REPLYCODE_PROTOCOL_ERROR, REPLYCODE_TLS_FAILED,
  REPLYCODE_DELIVERY_EXPIRED, REPLYCODE_SERVICE_UNAVAILABLE, REPLYCODE_UNKNOWN
};

/* What shares the reply's fate at this destination. */
enum replycode_scope {
  REPLYCODE_NO_SCOPE, REPLYCODE_COMMAND, REPLYCODE_RECIPIENT, REPLYCODE_MESSAGE, REPLYCODE_SESSION, REPLYCODE_SENDER,
  REPLYCODE_SENDER_DOMAIN, REPLYCODE_CLIENT, REPLYCODE_RECIPIENT_DOMAIN, REPLYCODE_SERVER
};

/* The next step for what the scope names. */
enum replycode_action {
  REPLYCODE_NO_ACTION,
  REPLYCODE_PROCEED,              /* go on with the dialogue */
  REPLYCODE_RETRY,                /* keep it, send it again later */
  REPLYCODE_RECONNECT,            /* this session is used up: all that is undecided goes into a new one, later */
  REPLYCODE_TRY_NEXT_HOST,        /* leave; another host may take it now */
  REPLYCODE_SPLIT,                /* deliver to those accepted so far, the rest in another transaction */
  REPLYCODE_FALL_BACK,            /* go on another way: HELO for EHLO, RCPT for VRFY, without the parameter */
  REPLYCODE_FIX_CLIENT,           /* the sending host must change something */
  REPLYCODE_FIX_SENDER,           /* the sender's address or domain must change */
  REPLYCODE_FIX_MESSAGE,          /* this message must change */
  REPLYCODE_DROP_RECIPIENT,       /* the address is dead: fail it, serve the others */
  REPLYCODE_GIVE_UP               /* fail what the verdict settles; nothing to repair, the address stays */
};

/* Which of these decided the cause. */
enum replycode_basis {
  REPLYCODE_NO_BASIS, REPLYCODE_BY_CODE, REPLYCODE_BY_ENHANCED, REPLYCODE_BY_STAGE, REPLYCODE_BY_TEXT, REPLYCODE_BY_CALLER
};

enum replycode_waiting { REPLYCODE_WAITING_AS_SAID, REPLYCODE_WAITING_HELPS, REPLYCODE_WAITING_USELESS };

enum replycode_malformed {
  REPLYCODE_WELL_FORMED,
  REPLYCODE_BAD_CODE,             /* no three digits, the first from 1 to 9: code is 0, the line is text */
  REPLYCODE_BAD_SEPARATOR,        /* 250OK, 2500, 250_x */
  REPLYCODE_TRUNCATED,            /* the bytes ended before the reply's last line did */
  REPLYCODE_TOO_LONG              /* the stream's buffer was full; the rest of the reply is skipped */
};

/* Deviations that were tolerated: bits of reply.oddities. */
enum replycode_oddity {
  REPLYCODE_BARE_LF = 1,          /* a line ended by LF alone */
  REPLYCODE_BARE_CR = 2,          /* CR inside a line */
  REPLYCODE_MIXED_CODES = 4,      /* lines with different codes: the last counts */
  REPLYCODE_UNCODED_LINE = 8,     /* a line without a code inside a reply, taken as text */
  REPLYCODE_TAB_SEPARATOR = 16,   /* a tab instead of the space after the code */
  REPLYCODE_LONG_LINE = 32,       /* over 512 octets with its line end (RFC 5321 4.5.3.1.5) */
  REPLYCODE_NUL_BYTE = 64,
  REPLYCODE_CONTROL_BYTE = 128,   /* any other control byte but tab */
  REPLYCODE_EIGHT_BIT = 256,      /* bytes above 127 */
  REPLYCODE_CODE_RANGE = 512,     /* a code outside the grammar: first digit not 2 to 5, or second digit above 5 */
  REPLYCODE_STATUS_MISPLACED = 1024, /* status marked by '#', or inside the text: (#5.1.1) */
  REPLYCODE_STATUS_MISMATCH = 2048,  /* its class differs from the code's first digit: the code decides */
  REPLYCODE_MIXED_STATUSES = 4096 /* lines with different statuses: the first on a line with the reply's code counts */
};

/* What an entry of the catalogue is about; also the name of a set of slugs. */
enum replycode_kind {
  REPLYCODE_NO_KIND, REPLYCODE_KIND_CODE, REPLYCODE_KIND_STATUS, REPLYCODE_KIND_COMMAND_REPLY, REPLYCODE_KIND_CAUSE,
  REPLYCODE_KIND_PROVIDER, REPLYCODE_KIND_BLOCKLIST, REPLYCODE_KIND_RULE, REPLYCODE_KIND_STAGE, REPLYCODE_KIND_CLASS,
  REPLYCODE_KIND_TRANSIENCE, REPLYCODE_KIND_SCOPE,
  REPLYCODE_KIND_ACTION, REPLYCODE_KIND_BASIS, REPLYCODE_KIND_MALFORMED, REPLYCODE_KIND_ODDITY, REPLYCODE_KIND_WAITING,
  REPLYCODE_KIND_KIND,            /* the slugs of the kinds themselves */
  REPLYCODE_KIND_SITUATION,       /* what a server may have to say: replycode_advise */
  REPLYCODE_KIND_FINDING          /* what is wrong with a reply: replycode_lint */
};

/* The slug of a value ("mailbox_full"), NULL for 0 and for a number that is none; and back, 0 when there is none.
 * KIND_CLASS values are first digits; KIND_ODDITY values are bits; KIND_RULE values are verdict.rule; KIND_WAITING and
 * KIND_KIND have slugs but no entries. The slugs of codes and statuses are their numbers and have no values here. */
const char *replycode_slug(int kind, int value);
int replycode_value(int kind, const char *slug, size_t size);

/* ---- Bytes -> reply --------------------------------------------------------------------------------------------- */

struct replycode_span { uint32_t at, size; };               /* within reply.bytes; size 0 is empty */

struct replycode_status { uint16_t klass, subject, detail; };  /* 5.7.26; klass 0 is absent */

struct replycode_reply {          /* 48 bytes with 64-bit pointers, 44 with 32 */
  const char *bytes;
  uint32_t size;                  /* of this reply, its last line end included */
  uint32_t lines;                 /* at least 1 when size > 0 */
  uint32_t oddities;              /* enum replycode_oddity */
  uint16_t code;                  /* of the last line that has one; 0: none */
  uint16_t malformed;             /* enum replycode_malformed */
  struct replycode_status status; /* the first on a line with the reply's code, where one may stand */
  uint16_t plain;                 /* 1: bytes are text alone, lines parted by LF, as replycode_text writes it. Set it when the
                                   * wire form is gone and code and status come from a log or a bounce */
  uint16_t reserved[8];
};

/* Reads one reply. Always fills *reply, whatever the bytes are. Returns how many bytes it took; 0 when the reply's last
 * line is still to come, then malformed is REPLYCODE_TRUNCATED and *reply holds what there is: wait, or take it.
 * A last line without line end is a line if `ended` is not 0, else still to come. When the bytes have ended inside a
 * multi-line reply, it takes them all and says REPLYCODE_TRUNCATED. Sizes over 1 GiB are REPLYCODE_TOO_LONG. */
size_t replycode_parse(const char *bytes, size_t size, int ended, struct replycode_reply *reply);

/* The text of the next line, without code, separator, status, line end. *cursor starts at 0. Returns 0 after the last. */
int replycode_line(const struct replycode_reply *reply, uint32_t *cursor, struct replycode_span *line);

/* All lines joined by LF, as Lua's reply.text. Returns the bytes it needs; writes nothing when capacity is less. */
size_t replycode_text(const struct replycode_reply *reply, char *buffer, size_t capacity);

/* Reads "5.7.26" or "X.7.26" (any class, klass 0xffff). Returns 1 when the whole of text is one, else 0. */
int replycode_status_read(const char *text, size_t size, struct replycode_status *status);

/* The stage a command line asks for: "RCPT TO:<a@b>" is REPLYCODE_RCPT, "." is REPLYCODE_CONTENT, "BDAT 9 LAST" too.
 * A line end may follow. An unknown verb, or none, is REPLYCODE_OTHER. Never fails. */
int replycode_stage_of(const char *line, size_t size);

/* ---- Stream: replies from bytes in any cut ---------------------------------------------------------------------- */

/* The buffer is yours and its capacity is the limit: a reply of exactly that many bytes fits. A reply's bytes lie in it
 * until the next call with this stream. You may move or enlarge the buffer between two calls: set buffer and capacity
 * again. There is nothing to free. The fields are the stream's own. */
struct replycode_stream {
  char *buffer;
  uint32_t capacity, size, start, line, seen, skipping, head_size;
  char head[4];
};
void   replycode_stream_init(struct replycode_stream *stream, char *buffer, size_t capacity);
/* Takes bytes; returns how many fitted. Fewer than size: call _next until it returns 0, then feed the rest. */
size_t replycode_stream_feed(struct replycode_stream *stream, const char *bytes, size_t size);
/* 1 and the next reply, 0 when none is whole. */
int    replycode_stream_next(struct replycode_stream *stream, struct replycode_reply *reply);
/* One line without its line end, as OpenSMTPD reports it; the stream puts CRLF behind it. 1 and the reply when it completes
 * one. A LF inside is kept as CR, and so reported as REPLYCODE_BARE_CR. Not while _next still has replies from _feed. */
int    replycode_stream_line(struct replycode_stream *stream, const char *line, size_t size, struct replycode_reply *reply);
/* The peer is gone: 1 and the unfinished reply, truncated; 0 when there is none. The stream is empty afterwards. Take what
 * _next still has before. */
int    replycode_stream_finish(struct replycode_stream *stream, struct replycode_reply *reply);

/* ---- Reply -> verdict ------------------------------------------------------------------------------------------- */

/* Rules that can be searched: read-only, no pointers inside, to be shared by any number of threads. */
struct replycode_classifier;

/* What the caller knows besides the reply. All zero: nothing. */
struct replycode_context {
  int stage;                      /* enum replycode_stage */
  int none_accepted;              /* 1: no recipient of this transaction was accepted so far (Lua: accepted = 0);
                                   * 0: some were, or it is not known */
  const struct replycode_classifier *classifier;   /* rules of your own, see below; NULL: the built-in ones alone */
  const char *host;               /* the server's name, from MX, greeting or EHLO reply: tells its provider; NULL: not known */
  size_t host_size;
};

struct replycode_verdict {
  uint16_t code;
  struct replycode_status status;
  uint8_t transience, cause, scope, action, basis;   /* never 0 */
  uint8_t settles;                /* REPLYCODE_RECIPIENT, REPLYCODE_MESSAGE, or 0: nothing, the mail stays queued */
  uint8_t closes;                 /* 1: nothing but QUIT is worth sending after this reply; 0 is no promise */
  uint8_t waiting;                /* enum replycode_waiting: where it contradicts the transience */
  uint8_t also;                   /* a second cause that the text names; 0: none */
  uint8_t malformed;              /* the reply's: without it a verdict could not be judged again */
  uint16_t provider, blocklist;   /* 0: none identified; replycode_slug(REPLYCODE_KIND_PROVIDER, provider) */
  uint32_t rule;                  /* the row that decided: replycode_slug(REPLYCODE_KIND_RULE, rule); from
                                   * REPLYCODE_CALLERS_RULE on a rule of the caller, see replycode_rule_id */
  uint32_t retry_after;           /* seconds the text asks to wait, 1 to 432000; 0: it does not say */
  struct replycode_span matched;  /* what the rule matched, within the text that replycode_text writes; or empty */
  struct replycode_span waited;   /* where retry_after was read; or empty */
};

/* Judges a reply by its code, status, text, malformed and the context (which may be NULL). Always fills *verdict.
 *
 * Text of 2yz and 3yz, and of what is no SMTP, decides nothing. Else one of the rules that hold wins, by the first of
 * these in which they differ:
 *   - whose it is: the caller's; the identified provider's; anybody's
 *   - the rank of what is said: a reason that can be repaired (SPF, TLS, PTR, login); a named thing (list, quota, user,
 *     virus); a judgement (spam); "policy"; vague words; hints. The caller's rules are all of the rank of a named thing
 *   - a code or an enhanced status as a condition beside words
 *   - literal bytes of the pattern
 *   - the number of conditions
 * Words win over the enhanced status, that over stage and code; but vague words yield to a definite status, hints to a
 * definite code too. Where another host's reply is quoted ("remote host said: 552 5.2.2 ...") its words come before
 * those that introduce it and conditions look at its code and status; the transience is that of the code around it.
 *
 * Words move the transience one way: a 4yz never becomes permanent; a 5yz becomes transient where the cause passes by
 * itself, where the text names a wait, or says "temporarily" of what time heals. */
void replycode_classify(const struct replycode_reply *reply, const struct replycode_context *context,
                        struct replycode_verdict *verdict);

/* ---- The caller's rules ----------------------------------------------------------------------------------------- */

enum { REPLYCODE_CALLERS_RULE = 0x10000 };

/* One row: conditions, and what holds where all of them do. NULL or 0: any, or the cause's default.
 *
 * A pattern, "mailbox * full|no such user":
 *   - The case of ASCII and Cyrillic letters does not matter, nor do the accents of Latin letters (UTF-8, U+00C0 to
 *     U+017F), in pattern and text alike; control bytes and line ends are blanks. Never by locale.
 *   - '|' parts alternatives. '*' is a gap of 0 to 64 bytes that ends with the sentence; blanks beside it do not count.
 *     What stands between gaps is a part: at most 4 parts and 48 bytes in an alternative, and one part of at least 6
 *     bytes, unless code, enhanced or provider are asked for too.
 *   - A part that begins (ends) with a letter, a digit or '_' begins (ends) at a word edge, unless '*' touches it there:
 *     "full" is not in "fully", "full*" is. A blank that begins or ends an alternative is a byte to be found.
 *   - Only the server's own words count: nothing is found within <...>, an address, a host name, a file name or a URL,
 *     unless the alternative itself has one of . @ / < */
struct replycode_rule {
  const char *id;                 /* named by verdicts; NULL: "caller/N", N from 1 */
  const char *text;               /* a pattern, see above */
  const char *code;               /* "550" or "5xx" */
  const char *enhanced;           /* "5.7.26", "x.7.26", "5.7.x" or "5.7.606-649" */
  uint32_t stages;                /* bit 1 << stage for each */
  uint16_t provider;
  uint8_t cause;                  /* required */
  uint8_t transience;             /* REPLYCODE_TRANSIENT makes a 5yz transient; a 4yz never becomes permanent */
  uint8_t scope, action, waiting; /* an action that does not fit the transience is not taken */
  uint8_t reserved;
};

struct replycode_fault {          /* what is wrong: rule counts from 0, or is the number of rules when it is about all */
  size_t rule;
  const char *field, *problem;
};

enum replycode_option {
  REPLYCODE_ONLY_MINE = 1,        /* built-in rows that read text or are a provider's do not count; codes, statuses and
                                   * stages do. No wait, no blocklist and, but for context.host, no provider is known then */
  REPLYCODE_NO_TEXT = 2           /* the same, and text is not read: rules of yours that ask for text never hold */
};

/* Bytes that a classifier of these rules takes at most; 0 and *fault (which may be NULL) when a rule is wrong. */
size_t replycode_classifier_size(const struct replycode_rule *rules, size_t count, struct replycode_fault *fault);
/* Builds it in memory of that size, aligned as for a pointer; the rules and their texts may go afterwards. The result is
 * `memory`; there is nothing to free but that. NULL and *fault when a rule is wrong or the memory too small. */
const struct replycode_classifier *replycode_classifier_init(void *memory, size_t size, const struct replycode_rule *rules,
                                                             size_t count, unsigned options, struct replycode_fault *fault);
size_t replycode_rule_count(const struct replycode_classifier *classifier);
/* The id of verdict.rule when that is a rule of this classifier; NULL when it has none or is a built-in row. */
const char *replycode_rule_id(const struct replycode_classifier *classifier, uint32_t rule);

/* ---- Catalogue -------------------------------------------------------------------------------------------------- */

enum replycode_standing { REPLYCODE_NO_STANDING, REPLYCODE_STANDARD, REPLYCODE_OBSOLETE, REPLYCODE_NONSTANDARD };

enum replycode_listing { REPLYCODE_LISTS_IP = 1, REPLYCODE_LISTS_DOMAIN = 2, REPLYCODE_LISTS_URL = 4 };

struct replycode_entry {          /* absent words are "" */
  int kind;
  int exact;                      /* 0: X.subject.0, the class or the first digit answered instead */
  char slug[64];                  /* "421" "5.7.26" "vrfy/502" "mailbox_full" "google" "text/no_such_user" */
  const char *title, *meaning, *when, *remedy, *operator_remedy;
  const char *send_when;          /* codes: when a server should send this one */
  const char *references;         /* parted by "; " */
  const char *codes;              /* statuses: the basic codes the registry names, parted by blanks */
  const char *help;               /* providers and their rules: a page of theirs; blocklists: where to look up and get off */
  const char *confirmed;          /* providers: when their rules were last compared with their pages, "2026-02" */
  const char *pattern;            /* rules that read text: what they look for */
  const char *example;            /* rules that read text: a reply this very row decides */
  const char *zone;               /* blocklists: the DNS zone that is asked */
  const char *labels;             /* causes: what others call it, "sisimai: userunknown filtered; kumomta: ..." */
  uint32_t stages;                /* codes: bit 1 << stage for each stage a peer sends it at; rules: where they hold, 0: anywhere;
                                   * situations: where they have a reply */
  uint16_t standing;              /* codes: enum replycode_standing */
  uint16_t classes;               /* statuses: bit 1 << class for each class that occurs */
  uint16_t lists;                 /* blocklists: enum replycode_listing, bits */
  uint16_t closed;                /* blocklists: 1: it answers no more; who still asks it refuses at random */
  uint16_t cause;                 /* rules, situations: enum replycode_cause */
  struct replycode_status guess;  /* codes: the status whose dots may have been lost (571: 5.7.1); klass 0: none */
};

/* 1 and the entry of a slug of that kind; 0 when there is none. kind 0 looks through the kinds in the order of the enum,
 * so that "accepted" is the cause. A code at a stage that has a row of its own ("502" with REPLYCODE_VRFY) is a command
 * reply. */
int replycode_describe(int kind, const char *slug, size_t size, int stage, int lang, struct replycode_entry *entry);

/* The next entry of a kind in its written order. *cursor starts at 0. Returns 0 after the last. */
int replycode_entry_next(int kind, int lang, uint32_t *cursor, struct replycode_entry *entry);

/* ---- Comparison ------------------------------------------------------------------------------------------------- */

enum replycode_key {
  REPLYCODE_KEY_CLASS, REPLYCODE_KEY_FAILS, REPLYCODE_KEY_WHO, REPLYCODE_KEY_SESSION_GOES_ON, REPLYCODE_KEY_AGAIN,
  REPLYCODE_KEY_MAIL, REPLYCODE_KEY_UNASKED, REPLYCODE_KEY_STAGES, REPLYCODE_KEY_SEND_WHEN, REPLYCODE_KEY_CONFUSABLE,
  REPLYCODE_KEYS
};

struct replycode_side {           /* one of the two */
  struct replycode_entry entry;
  struct replycode_verdict verdict;   /* of the bare code, or of the status with a code of its class */
  const char *cells[REPLYCODE_KEYS];  /* by key; "" where it does not apply. STAGES: see entry.stages */
};

struct replycode_comparison {
  struct replycode_side a, b;
  const char *difference, *which;     /* prose, "" unless the pair is confusable and worth it */
  const char *references;             /* of the prose */
};

/* Compares two codes or statuses ("421", "5.1.1", "X.2.2"), in either order, at a stage or at 0. Returns 1, or 0 when one
 * of them is neither a code nor a status. Words are in `lang`. */
int replycode_compare(const char *a, size_t a_size, const char *b, size_t b_size, int stage, int lang,
                      struct replycode_comparison *comparison);

/* The slug of a key ("session_goes_on") and its label in a language; NULL for a number that is none. */
const char *replycode_key_slug(int key);
const char *replycode_key_label(int key, int lang);

/* ---- The sending side ------------------------------------------------------------------------------------------- */

/* A reply to be sent. All zero but code: the code alone, with words that decide nothing. */
struct replycode_draft {
  const char *text;               /* any bytes, whoever they are from; LF or CRLF parts lines */
  size_t size;                    /* of text, at most 128 MiB */
  struct replycode_status status; /* klass 0: none. Else the code's first digit, 2, 4 or 5; numbers up to 999 */
  uint16_t code;                  /* 200 to 559, the second digit 0 to 5 (RFC 5321 section 4.2) */
  uint16_t reserved[4];
};

enum replycode_form {             /* bits */
  REPLYCODE_WIRE = 0,             /* lines with CRLF, all but the last with '-' behind the code */
  REPLYCODE_ONE_LINE = 1,         /* one line of at most 510 octets without line end, as OpenSMTPD takes it from a filter to
                                   * refuse: the code is 400 or more, line ends and runs of blanks become one blank, and
                                   * words that have no room are left out */
  REPLYCODE_UTF8 = 2              /* the client asked for SMTPUTF8 (RFC 6531 section 3.5): UTF-8 stays */
};

/* Writes the reply. Returns the bytes it needs; writes nothing when capacity is less. 0 when the code, the status, the two
 * together, the form or the size of the text is not as said above: no text makes it 0. No NUL is added.
 *
 * The status stands on each line (RFC 2034 section 4). No line is over 512 octets with CRLF (RFC 5321 section
 * 4.5.3.1.5): what is longer goes on in a next line at a word edge; a longer word is cut, never inside a character.
 * What replycode_parse reads back has this code and this status, and these lines, where nothing of this had to change:
 *   - Control bytes (CR, NUL, tab and U+0080 to U+009F among them) become blanks. Blanks at either end of a line go, and so
 *     do empty lines at the end.
 *   - Without REPLYCODE_UTF8, Latin letters lose their accents, combining ones too, typographic quotes, dashes, blanks and
 *     ellipses become ASCII, any other character '?'. With or without it, a byte that is no UTF-8 becomes '?'.
 *   - Without a status, text that would be read as one is no longer: "5.7.1 x" becomes "(5.7.1) x", "x (#5.1.1)" becomes
 *     "x (5.1.1)".
 *   - A reply without words says "OK", "Go ahead", "Failed for now" or "Failed for good" by its first digit. */
size_t replycode_compose(const struct replycode_draft *draft, unsigned form, char *buffer, size_t capacity);

/* ---- Advice ----------------------------------------------------------------------------------------------------- */

struct replycode_advice {         /* the reply to send in a situation */
  int situation;                  /* its slug: replycode_slug(REPLYCODE_KIND_SITUATION, situation) */
  int stage;                      /* enum replycode_stage: what the reply answers */
  struct replycode_status status; /* klass 0: none, as in a greeting (RFC 2034 section 4) */
  uint16_t code, cause;           /* enum replycode_cause: what a client reads from it */
  char text[200];                 /* ASCII, without code and status, NUL at its end */
  char utf8_text[200];            /* the same with the letters of its language, for a client that asked for SMTPUTF8 */
  const char *why;                /* when it is so, and why this reply */
  const char *references;         /* parted by "; " */
};

/* What to send in a situation ("greylisted", "shutdown", the slug of a cause that a server can mean). `stage` is what the
 * reply answers, or 0: where it is usually said. Where the situation cannot be told, advice->stage is the nearest at which
 * it can: the next of connect, ehlo, helo, lhlo, mail, rcpt, data, content, delivery; else the last before; else the usual
 * one. Returns 1, or 0 when it is no situation.
 *
 * Classified at advice->stage the reply has advice->cause. The text is complete as it stands and yours to change; a number
 * ("try again in 5 minutes") is read as a wait. Put the name of your host in front of the text of 421 and 521 when you
 * write the reply yourself (RFC 5321 section 4.2.2, RFC 7504 section 3), and close after 421. */
int replycode_advise(const char *situation, size_t size, int stage, int lang, struct replycode_advice *advice);

/* ---- Lint ------------------------------------------------------------------------------------------------------- */

/* ERROR breaks a rule of the protocol or loses mail, WARNING misleads the other side, NOTE is a matter of style. */
enum replycode_severity { REPLYCODE_NOTE = 1, REPLYCODE_WARNING, REPLYCODE_ERROR };

/* What lint cannot see in a reply, bits. 0: ENHANCEDSTATUSCODES was announced, SMTPUTF8 was not asked for. */
enum replycode_lint_option {
  REPLYCODE_LINT_NO_STATUS = 1,   /* the session announced no ENHANCEDSTATUSCODES: a missing status is no fault */
  REPLYCODE_LINT_UTF8 = 2         /* the client asked for SMTPUTF8: UTF-8 is no fault */
};

struct replycode_finding {
  uint16_t finding;               /* replycode_slug(REPLYCODE_KIND_FINDING, ...): "wrong_stage"; its words by describe */
  uint16_t severity;              /* enum replycode_severity */
  struct replycode_span where;    /* within reply.bytes; empty when it is about no place */
};

/* The next thing that is wrong with a reply that one is about to send, each kind once, by its first place. *cursor starts
 * at 0 and grows. Returns 0 after the last; a clean reply has none. Without a stage (0) nothing is said of it. A reply
 * whose `plain` is set, code and status beside a text, is linted as it would stand on the wire. */
int replycode_lint(const struct replycode_reply *reply, int stage, unsigned options, uint32_t *cursor,
                   struct replycode_finding *finding);

/* "error", "warning", "note"; NULL for a number that is none. */
const char *replycode_severity_slug(int severity);

/* declarations end */
#ifdef __cplusplus
}
#endif
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#endif
