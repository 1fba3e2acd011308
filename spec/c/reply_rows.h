/* reply_rows.h - single replies and what they must be read as, written as transcript.h does. */
#ifndef REPLY_ROWS_H
#define REPLY_ROWS_H

#include <stddef.h>

struct reply_row { const char *bytes; size_t size; const char *read; };

#define ROW(bytes, read) {bytes, sizeof bytes - 1, read}
#define X100 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X506 X100 X100 X100 X100 X100 "xxxxxx"

static const struct reply_row reply_rows[] = {
  /* What breaks elsewhere. */
  ROW("334\r\n", "334 - []"),
  ROW("250\r\n", "250 - []"),
  ROW("250-a\r\n250\r\n", "250 - [a|]"),
  ROW("550-a\r\n450 b\r\n", "450 - [a|b] mixed_codes"),
  ROW("220-x\r\n521 5.7.1 blocked\r\n", "521 5.7.1 [x|blocked] mixed_codes"),
  ROW("220-wait\r\n250-name\r\n250 SIZE\r\n", "250 - [wait|name|SIZE] mixed_codes"),
  ROW("550-5.7.26 a\r\n550 5.7.26 b\r\n", "550 5.7.26 [a|b]"),
  ROW("421-4.7.28 a\r\n421 4.7.28 b\r\n", "421 4.7.28 [a|b]"),
  ROW("550-5.1.10 a\r\n550 5.1.10 b\r\n", "550 5.1.10 [a|b]"),
  ROW("550 5.7.515 Access denied\r\n", "550 5.7.515 [Access denied]"),
  ROW("550 5.7.606 Access denied\r\n", "550 5.7.606 [Access denied]"),
  ROW("421 relay 92.5.1.10 timeout\r\n", "421 - [relay 92.5.1.10 timeout]"),
  ROW("550 4.2.2.1 is listed\r\n", "550 - [4.2.2.1 is listed]"),
  ROW("503-503 sender not yet given\r\n503 x\r\n", "503 - [503 sender not yet given|x]"),
  ROW("250-#2.1.5 ok\r\n250 #2.1.5 ok\r\n", "250 2.1.5 [ok|ok] status_misplaced"),
  ROW("550 no such user here (#5.1.1)\r\n", "550 5.1.1 [no such user here (#5.1.1)] status_misplaced"),
  ROW("2500 x\r\n", "250 - [0 x] !separator"),
  ROW("250_x\r\n", "250 - [_x] !separator"),
  ROW("250OK\r\n", "250 - [OK] !separator"),
  ROW("2xx oops\r\n", "- - [2xx oops] !code"),
  ROW("250 a\0b\r\n", "250 - [a\\x00b] nul_byte"),
  ROW("250\ta\r\n", "250 - [a] tab_separator"),
  ROW("250-a\n250 b\n", "250 - [a|b] bare_lf"),
  ROW("250 a\rb\r\n", "250 - [a\\x0db] bare_cr"),
  ROW("550 \xd3\xc3\xbb\xa7\r\n", "550 - [\\xd3\\xc3\\xbb\\xa7] eight_bit"),
  ROW("250-a\r\n\r\n250 b\r\n", "250 - [a||b] uncoded_line"),
  ROW("no such user\r\n", "- - [no such user] !code"),
  ROW("250 \r\n", "250 - []"),
  ROW("254 x\r\n", "254 - [x]"),

  /* RFC 5321 4.2, 4.2.1: code, separator, text; the last line may be bare; the grammar of the code. */
  ROW("250-a\r\n250-b\r\n250 c\r\n", "250 - [a|b|c]"),
  ROW("571 x\r\n", "571 - [x] code_range"),
  ROW("599 x\r\n", "599 - [x] code_range"),
  ROW("559 x\r\n", "559 - [x]"),
  ROW("200 x\r\n", "200 - [x]"),
  ROW("100 x\r\n", "100 - [x] code_range"),
  ROW("650 x\r\n", "650 - [x] code_range"),
  ROW("999 x\r\n", "999 - [x] code_range"),
  ROW("099 x\r\n", "- - [099 x] !code"),
  ROW("250 a\tb\r\n", "250 - [a\\x09b]"),
  ROW("250 caf\xc3\xa9\r\n", "250 - [caf\\xc3\\xa9] eight_bit"),
  ROW("250-a\r\n550 b\r\n", "550 - [a|b] mixed_codes"),
  ROW("550-a\r\n250 b\r\n", "250 - [a|b] mixed_codes"),
  ROW("250-234 text\r\n250 250 text\r\n", "250 - [234 text|250 text]"),
  ROW("250-250-a\r\n250 b\r\n", "250 - [250-a|b]"),
  ROW("250--\r\n250 -\r\n", "250 - [-|-]"),
  ROW("250-a\r\n250b\r\n", "250 - [a|b] !separator"),
  ROW("250 " X506 "\r\n", "250 - [" X506 "]"),
  ROW("250 " X506 "x\r\n", "250 - [" X506 "x] long_line"),
  ROW("250 " X506 "x\n", "250 - [" X506 "x] bare_lf"),
  ROW("250-a\r250 b\r\n250 c\r\n", "250 - [a\\x0d250 b|c] bare_cr"),
  ROW("250 a\r\r\n", "250 - [a] bare_cr"),
  ROW("250 a\x1b[2J\r\n", "250 - [a\\x1b[2J] control_byte"),
  ROW("250 a\x7f\r\n", "250 - [a\\x7f] control_byte"),
  ROW("220-mx.example.org ESMTP\r\n220 hello\r\n", "220 - [mx.example.org ESMTP|hello]"),
  ROW("250-a\r\nb\r\n250 c\r\n", "250 - [a|b|c] uncoded_line"),
  ROW("250-a\r\n25\r\n250 c\r\n", "250 - [a|25|c] uncoded_line"),
  ROW("\r\n", "- - [] !code"),
  ROW("\n", "- - [] bare_lf !code"),
  ROW("\r\r\n", "- - [] bare_cr !code"),
  ROW("25\r\n", "- - [25] !code"),
  ROW("-\r\n", "- - [-] !code"),
  ROW(" 250 a\r\n", "- - [ 250 a] !code"),
  ROW("\0\r\n", "- - [\\x00] nul_byte !code"),

  /* RFC 3463 2, RFC 2034 4: the enhanced status. */
  ROW("250 2.1.0 ok\r\n", "250 2.1.0 [ok]"),
  ROW("250 2.1.0   ok\r\n", "250 2.1.0 [ok]"),
  ROW("250 2.1.0\r\n", "250 2.1.0 []"),
  ROW("550 5.1.1\r\n", "550 5.1.1 []"),
  ROW("550 5.0.0 x\r\n", "550 5.0.0 [x]"),
  ROW("550 5.999.999 x\r\n", "550 5.999.999 [x]"),
  ROW("550 5.1000.1 x\r\n", "550 - [5.1000.1 x]"),
  ROW("550 5.1.1000 x\r\n", "550 - [5.1.1000 x]"),
  ROW("550 5.01.1 x\r\n", "550 - [5.01.1 x]"),
  ROW("550 5.1.01 x\r\n", "550 - [5.1.01 x]"),
  ROW("550 5. 1.1 x\r\n", "550 - [5. 1.1 x]"),
  ROW("550 3.1.1 x\r\n", "550 - [3.1.1 x]"),
  ROW("550 5.1 x\r\n", "550 - [5.1 x]"),
  ROW("550 5.1.\r\n", "550 - [5.1.]"),
  ROW("550 5.\r\n", "550 - [5.]"),
  ROW("550 5\r\n", "550 - [5]"),
  ROW("550 5.1.1a x\r\n", "550 - [5.1.1a x]"),
  ROW("550 5.1.1: x\r\n", "550 5.1.1 [x]"),
  ROW("220 2.0.0.1 ESMTP\r\n", "220 - [2.0.0.1 ESMTP]"),
  ROW("354 2.0.0 go on\r\n", "354 - [2.0.0 go on]"),
  ROW("334 5.1.1\r\n", "334 - [5.1.1]"),
  ROW("550-5.1.1 a\r\n550 b\r\n", "550 5.1.1 [a|b]"),
  ROW("550-a\r\n550 5.1.1 b\r\n", "550 5.1.1 [a|b]"),
  ROW("550-5.1.1 a\r\n550 5.2.2 b\r\n", "550 5.1.1 [a|5.2.2 b] mixed_statuses"),
  ROW("550-5.1.1 a\r\n450 4.2.2 b\r\n", "450 4.2.2 [5.1.1 a|b] mixed_codes"),
  ROW("421 5.7.32 x\r\n", "421 5.7.32 [x] status_mismatch"),
  ROW("550 4.4.7 expired\r\n", "550 4.4.7 [expired] status_mismatch"),
  ROW("550 #5.1.0 Address rejected.\r\n", "550 5.1.0 [Address rejected.] status_misplaced"),
  ROW("550 Postfix 4.2.2 (#5)\r\n", "550 - [Postfix 4.2.2 (#5)]"),
  ROW("550 x #5.1.1\r\n", "550 5.1.1 [x #5.1.1] status_misplaced"),
  ROW("550 x #\r\n", "550 - [x #]"),
  ROW("550 #\r\n", "550 - [#]"),
};

enum { REPLY_ROWS = sizeof reply_rows / sizeof reply_rows[0] };

#endif
