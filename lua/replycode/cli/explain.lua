--- `replycode explain`: the entry of a code, status or slug; the verdict of a reply.

local replycode = require "replycode"
local entries = require "replycode.cli.entry"
local text = require "replycode.cli.text"
local verdicts = require "replycode.cli.verdict"

local function trim(bytes)
  return (bytes:gsub("^[ \t\r\n]+", ""):gsub("[ \t\r\n]+$", ""))
end

-- A reply has a code and something behind it, or words; a lone word is a slug that nobody knows.
local function is_reply(bytes)
  return bytes:find("^%d%d%d") and #bytes > 3 and not bytes:find("^%d+$") or bytes:find("[ \r\n]") ~= nil
end

local function print_replies(page, bytes, request)
  local at = 1
  while at do
    local reply, after = replycode.parse(bytes, at)
    verdicts.print_reply(page, reply, request)
    at = bytes:find("[^\r\n]", after)
  end
end

-- A bare code at a stage is judged as well.
local function print_entry(page, entry, bytes, request)
  entries.print_head(page, entry, request)
  if request.stage and bytes:find("^%d+$") then
    verdicts.print(page, request.classifier:explain(bytes, { stage = request.stage, host = request.host }), request)
  end
  entries.print_words(page, entry, request)
end

--- Explains request.what on the page. Gives the exit status.
return function(page, request)
  local bytes = trim(request.what == "-" and request.input:read("*a") or request.what):gsub("\\r\\n", "\r\n")
  local options = { stage = request.stage, lang = request.lang }
  local entry = replycode.describe(text.fold(bytes), options) or replycode.describe(bytes, options)
  if entry then
    print_entry(page, entry, bytes, request)
  elseif is_reply(bytes) then
    print_replies(page, bytes, request)
  else
    request.complain("unknown", bytes)
    return 1
  end
  return 0
end
