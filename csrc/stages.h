/* stages.h - sets of stages, as the tables in data/ write them. Internal. */
#ifndef REPLYCODE_STAGES_H
#define REPLYCODE_STAGES_H

#include "replycode.h"

#define AT(NAME) (UINT32_C(1) << REPLYCODE_##NAME)

#define ANY_STAGE (AT(LOCAL) | (AT(LOCAL) - 1))
#define AFTER_GREETING (ANY_STAGE & ~AT(CONNECT))
#define HELLO_STAGES (AT(EHLO) | AT(HELO) | AT(LHLO))
#define BEFORE_RCPT (AT(CONNECT) | HELLO_STAGES | AT(STARTTLS) | AT(AUTH) | AT(MAIL))
#define ECHO_STAGES (AT(RCPT) | AT(DATA) | AT(BDAT) | AT(BURL))
#define MAIL_STAGES (AT(NO_STAGE) | AT(MAIL) | ECHO_STAGES | AT(CONTENT) | AT(DELIVERY))
#define SIDE_STAGES \
  (AT(VRFY) | AT(EXPN) | AT(HELP) | AT(NOOP) | AT(RSET) | AT(QUIT) | AT(ETRN) | AT(ATRN) | AT(TURN))

#endif
