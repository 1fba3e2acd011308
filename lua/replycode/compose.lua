--- What to say as a server, filter or proxy. The functions are C, in `replycode.core`.

-- luacheck: no max comment line length
-- (an annotation of a function has to stand on one line)

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

---@class replycode.compose
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

require "replycode.core"

---@type replycode.compose
return require "replycode.compose.core"
