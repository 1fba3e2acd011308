--- Replies to be sent: by a server, a proxy, or a filter in one.
---
--- The functions are C, in the library of `replycode.core`. Text may be relayed from anybody: no bytes in it make a
--- reply that is not one. What the caller says wrong raises and names the field.
---
--- Examples show the values of a line behind `-->`.

-- luacheck: no max comment line length
-- (an annotation of a function has to stand on one line)

-- ---- Drafts ---------------------------------------------------------------------------------------------------------

--- A reply to be sent. The fields of an advice that are not here are passed over; any other raises.
---@class replycode.draft
---@field code integer 200 to 559, the second digit 0 to 5 (RFC 5321 section 4.2)
---@field enhanced string? "5.7.26"; it begins with the code's first digit, and 3yz has none (RFC 2034 section 4)
---@field text string? any bytes up to 128 MiB; LF or CRLF parts lines
---@field lines string[]? instead of text: its lines
---@field utf8 boolean? the client asked for SMTPUTF8 (RFC 6531 section 3.5): UTF-8 stays

-- ---- Advice ---------------------------------------------------------------------------------------------------------

--- The reply to send in a situation. The text is ASCII, complete as it stands and yours to change: name the list, the limit
--- or the file; a number ("try again in 5 minutes") is read as a wait. RFC 5321 section 4.2.2 wants the name of your host in
--- front of the text of a 421, RFC 7504 section 3 of a 521: put it there, and close the connection after a 421.
---@class replycode.compose.advice
---@field situation string slug of kind "situation"
---@field stage replycode.stage what the reply answers: the one you named, where the situation can be told there
---@field code integer
---@field enhanced string? nil in a greeting, also that of XCLIENT, and in what answers EHLO, HELO and LHLO (RFC 2034 section 4)
---@field text string without code and status; Turkish without its accents, for SMTP takes ASCII alone
---@field utf8_text string the same with all letters, for a client that asked for SMTPUTF8 (RFC 6531 section 3.7.4)
---@field why string when it is so, and why this reply
---@field reference string "RFC 6647 2.4, 5; RFC 5321 4.2.3", sections behind each
---@field cause replycode.cause what a client reads from it: `replycode.classify` gives it back, in both languages

---@class replycode.compose.advise_options
---@field lang replycode.lang? "en" when not said

-- ---- Lint -----------------------------------------------------------------------------------------------------------

--- "error" breaks a rule of the protocol or loses mail, "warning" misleads the other side, "note" is a matter of style.
---@alias replycode.severity "error"|"warning"|"note"

---@class replycode.compose.lint_options
---@field lang replycode.lang? the language of title, problem and remedy; "en" unless said otherwise
---@field enhanced boolean? false: the session announced no ENHANCEDSTATUSCODES, a missing status is no fault (RFC 2034)
---@field utf8 boolean? true: the client asked for SMTPUTF8, UTF-8 is no fault (RFC 6531)

--- One thing that is wrong. `describe(finding.slug, { kind = "finding" })` knows it too.
---@class replycode.compose.finding
---@field slug string "wrong_stage"
---@field severity replycode.severity
---@field title string in a few words
---@field problem string what is wrong and what comes of it
---@field remedy string what would be right
---@field reference string RFCs and sections, parted by "; "
---@field first integer? where it begins, from 1; nil when it is about no place
---@field last integer? where it ends

-- ---- Module ---------------------------------------------------------------------------------------------------------

---@class replycode.compose
--- The bytes of a reply, with CRLF. The status stands on each line, no line is over 512 octets with CRLF (RFC 5321
--- section 4.5.3.1.5): what is longer goes on in a next line at a word edge; a longer word is cut, never inside a
--- character.
---
--- `parse` reads back this code, this status, and these lines, where nothing of this had to change:
---
--- - Control bytes (CR, NUL and tab among them) become blanks. Blanks at either end of a line go, and so do empty lines
---   at the end.
--- - Without utf8, Latin letters lose their accents, typographic quotes, dashes, blanks and ellipses become ASCII, any
---   other character "?". With or without it, a byte that is no UTF-8 becomes "?".
--- - Without enhanced, text that would be read as a status is no longer: "5.7.1 x" becomes "(5.7.1) x", "x (#5.1.1)"
---   becomes "x (5.1.1)".
--- - Without words it says "OK", "Go ahead", "Failed for now" or "Failed for good", which decide nothing.
---
--- Raises for a code, a status, or two that do not fit each other, text beside lines, and an unknown field.
--- ```lua
--- compose.reply{ code = 354 }                                        --> 354 Go ahead\r\n
--- compose.reply{ code = 550, enhanced = "5.1.1", text = "No\r\nDATA" }  --> 550-5.1.1 No\r\n550 5.1.1 DATA\r\n
--- ```
---@field reply fun(draft: replycode.draft): string
--- The same as one line of at most 510 octets without line end, which OpenSMTPD takes from a filter behind "reject|" or
--- "disconnect|". The code is 400 to 559. Line ends and runs of blanks become one blank; words that have no room are
--- left out.
--- ```lua
--- compose.line{ code = 451, enhanced = "4.7.1", lines = { "Greylisted,", "later" } }  --> 451 4.7.1 Greylisted, later
--- ```
---@field line fun(draft: replycode.draft): string
--- What to send in a situation: the slug of a cause that a server can mean ("mailbox_full"), or a finer one
--- ("auth_required", "shutdown"); `replycode.entries "situation"` has all, their stages and titles.
---
--- `stage` is what the reply answers; nil: where it is usually said. Where a situation cannot be told, the reply is for the
--- nearest stage at which it can: the next of connect, ehlo, helo, lhlo, mail, rcpt, data, content, delivery, else the last
--- before, else the usual one; `advice.stage` says which. A virus that is known at the greeting is told after the message.
---
--- Raises when `situation`, `stage` or `lang` is unknown, and names those that are known.
--- ```lua
--- local advice = compose.advise("greylisted", "rcpt")
--- print(advice.code, advice.enhanced, advice.text)  --> 450, 4.7.1, Greylisted. Please try again later.
--- compose.advise("greylisted", "connect").code      --> 421
--- compose.advise("content_virus", "rcpt").stage     --> content
--- ```
---@field advise fun(situation: string, stage: replycode.stage?, options: replycode.compose.advise_options?): replycode.compose.advice
--- What is wrong with a reply that you are about to send. A list, empty when nothing is, in a fixed order; each kind of
--- finding once, by its first place.
---
--- `reply` is bytes, of which the first reply counts, or what `parse` gave: then `first` and `last` count in these bytes
--- (`reply.raw`). Or it is a draft, { code =, enhanced =, text = }: then they count in `text`, and what composing mends
--- (line ends, the status on each line) is no fault.
---
--- `stage` is what the reply answers, nil when that is not known: then nothing is said about codes at their stages and
--- missing statuses. Raises for a wrong type, and for an unknown stage or option.
--- ```lua
--- local found = compose.lint("550 5.7.1 Greylisted, come back in 5 minutes\r\n", "rcpt")
--- #found, found[1].severity, found[1].title  --> 1, error, Permanent, though it passes
--- ```
---@field lint fun(reply: string|replycode.parts, stage: replycode.stage?, options: replycode.compose.lint_options?): replycode.compose.finding[]

require "replycode.core"   -- it puts the functions into package.preload

---@type replycode.compose
local compose = require "replycode.compose.core"

return compose
