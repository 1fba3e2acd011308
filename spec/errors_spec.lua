-- The caller's mistakes are errors that name the argument and say what is right.

local replycode = require "replycode"

local all_stages = "connect, ehlo, helo, lhlo, starttls, auth, mail, rcpt, data, content, delivery, bdat, burl, rset, vrfy, "
  .. "expn, help, noop, quit, etrn, atrn, turn, xclient, xforward, other, local"

local all_kinds = "code, status, command_reply, cause, provider, blocklist, rule, stage, class, transience, scope, action, "
  .. "basis, malformed, oddity, situation, finding"

-- Rows of { name, arguments, number of the wrong one, what the message says }.
local function raise(rows)
  for _, row in ipairs(rows) do
    local name, arguments, number, says = row[1], row[2], row[3], row[4]
    it(("%s: argument %d, %s"):format(name, number, says), function()
      local ok, message = pcall(replycode[name], arguments[1], arguments[2], arguments[3])
      assert.is_false(ok)
      assert.truthy(message:find("bad argument #" .. number, 1, true), message)
      assert.truthy(message:find(says, 1, true), message)
    end)
  end
end

local function of_each(names, arguments, number, says)
  local rows = {}
  for name in names:gmatch "%a+" do rows[#rows + 1] = { name, arguments, number, says } end
  raise(rows)
end

local function with(options)
  return { "550 5.1.1 no", options }
end

describe("bytes", function()
  of_each("parse stage", {}, 1, "expected a string of bytes")
  of_each("parse stage", { 250 }, 1, "expected a string of bytes, found number")
  of_each("parse stage", { {} }, 1, "expected a string of bytes, found table")
  of_each("parse stage", { true }, 1, "expected a string of bytes, found boolean")
  raise {
    { "parse", { "250", 0 }, 2, "expected a position from 1 to the size of the bytes plus 1" },
    { "parse", { "250", 5 }, 2, "expected a position from 1 to the size of the bytes plus 1" },
    { "parse", { "250", {} }, 2, "expected" },
  }
end)

describe("a reply", function()
  local judging = "classify judge explain"
  of_each(judging, {}, 1, "expected a string of bytes or a reply")
  of_each(judging, { nil, "rcpt" }, 1, "expected a string of bytes or a reply, found nil")
  of_each(judging, { 550, "rcpt" }, 1, "expected a string of bytes or a reply, found number")
  of_each(judging, { print }, 1, "expected a string of bytes or a reply, found function")
  of_each(judging, { replycode.stream() }, 1, "expected a string of bytes or a reply, found userdata")

  for _, code in ipairs { 99, 1000, 0, -550, 550.5, 1 / 0, 0 / 0, "550", true } do
    of_each(judging, { { code = code } }, 1, "field 'code': expected an integer from 100 to 999")
  end
  for _, enhanced in ipairs { "X.1.1", "3.1.1", "5.1", "5.1.1 ", "5.1.1000", "5.01.1", "", 5.1, true } do
    of_each(judging, { { code = 550, enhanced = enhanced } }, 1, "field 'enhanced': expected a status such as \"5.7.26\"")
  end
  for _, text in ipairs { 5, true, {}, print } do
    of_each(judging, { { code = 550, text = text } }, 1, "field 'text': expected a string")
  end
  for _, nothing in ipairs { {}, { "550 x" }, { Code = 550 }, { stage = "rcpt" }, { reply = "550 x" } } do
    of_each(judging, { nothing }, 1, "expected a reply: a table with code, enhanced, malformed or text")
  end
  for _, malformed in ipairs { "cut", "Truncated", "truncated\0", true, 1 } do
    of_each(judging, { { code = 550, malformed = malformed } }, 1,
      "field 'malformed': expected one of code, separator, truncated, too_long")
  end
end)

describe("a stage", function()
  for _, stage in ipairs { "recipient", "RCPT", "rcpt ", "rcpt\0", "", 5, true, print } do
    of_each("classify judge explain", with(stage), 2, "stage: expected one of " .. all_stages)
    of_each("classify judge explain", with { stage = stage }, 2, "stage: expected one of " .. all_stages)
    raise {
      { "describe", { 421, { stage = stage } }, 2, "stage: expected one of " .. all_stages },
      { "compare", { 421, 502, { stage = stage } }, 3, "stage: expected one of " .. all_stages },
    }
  end
end)

describe("a context", function()
  for _, accepted in ipairs { -1, 1.5, 1 / 0, 0 / 0, "1", true } do
    of_each("classify judge explain", with { stage = "data", accepted = accepted }, 2,
      "option 'accepted': expected how many recipients were accepted, an integer from 0")
  end
  for _, host in ipairs { 5, true, {}, print } do
    of_each("classify judge explain", with { host = host }, 2, "option 'host': expected the server's name, a string")
  end
  of_each("classify judge explain", with { state = "rcpt" }, 2,
    "unknown option 'state'; expected one of stage, accepted, host")
  of_each("classify judge explain", with { lang = "en" }, 2,
    "unknown option 'lang'; expected one of stage, accepted, host")
  of_each("classify judge explain", with { "rcpt" }, 2, "unknown option 'number'; expected one of stage, accepted, host")
  of_each("classify judge explain", with { ["stage\0"] = "rcpt" }, 2, "expected one of stage, accepted, host")
end)

describe("what is described", function()
  raise {
    { "describe", {}, 1, "expected a code, a status, a slug or a verdict" },
    { "describe", { true }, 1, "expected a code, a status, a slug or a verdict, found boolean" },
    { "describe", { print }, 1, "expected a code, a status, a slug or a verdict, found function" },
    { "describe", { 421, "tr" }, 2, "table expected, got string" },
    { "describe", { 421, { kind = "codes" } }, 2, "kind: expected one of " .. all_kinds .. "; found 'codes'" },
    { "describe", { 421, { kind = "waiting" } }, 2, "kind: expected one of " .. all_kinds },
    { "describe", { 421, { kind = 1 } }, 2, "kind: expected one of " .. all_kinds },
    { "describe", { 421, { kind = "code\0" } }, 2, "kind: expected one of " .. all_kinds },
    { "describe", { 421, { lang = "de" } }, 2, "option 'lang': expected one of en, tr; found 'de'" },
    { "describe", { 421, { lang = "TR" } }, 2, "option 'lang': expected one of en, tr" },
    { "describe", { 421, { lang = true } }, 2, "option 'lang': expected one of en, tr; found 'boolean'" },
    { "describe", { 421, { lang = "tr\0" } }, 2, "option 'lang': expected one of en, tr" },
    { "describe", { 421, { language = "tr" } }, 2, "unknown option 'language'; expected one of kind, stage, lang" },
    { "describe", { 421, { la = "tr" } }, 2, "unknown option 'la'; expected one of kind, stage, lang" },
    { "describe", { 421, { [""] = "tr" } }, 2, "unknown option ''; expected one of kind, stage, lang" },
    { "describe", { 421, { ["lang\0"] = "tr" } }, 2, "expected one of kind, stage, lang" },
    { "describe", { 421, { "tr" } }, 2, "unknown option 'number'; expected one of kind, stage, lang" },
  }

  it("is nil when it is not known, and no error", function()
    for _, what in ipairs { "no_such_slug", "text/no_such_row", "caller/1", "", "5.7.26 ", 42, 421.5, 1 / 0, "421\0",
      {} } do
      assert.is_nil(replycode.describe(what))
    end
  end)
end)

describe("what is compared", function()
  local expected = "expected a code such as 421 or a status such as \"5.1.1\""
  for _, wrong in ipairs { "mailbox_full", "", "X", 42, 421.5, true, {}, print } do
    raise { { "compare", { wrong, 502 }, 1, expected }, { "compare", { 421, wrong }, 2, expected } }
  end
  raise {
    { "compare", {}, 1, expected },
    { "compare", { 421 }, 2, expected },
    { "compare", { 421, 502, "tr" }, 3, "table expected, got string" },
    { "compare", { 421, 502, { lang = "de" } }, 3, "option 'lang': expected one of en, tr; found 'de'" },
    { "compare", { 421, 502, { kind = "code" } }, 3, "unknown option 'kind'; expected one of stage, lang" },
  }
end)

describe("what is listed", function()
  raise {
    { "entries", {}, 1, "kind: expected one of " .. all_kinds },
    { "entries", { "codes" }, 1, "kind: expected one of " .. all_kinds .. "; found 'codes'" },
    { "entries", { "waiting" }, 1, "kind: expected one of " .. all_kinds },
    { "entries", { "code\0" }, 1, "kind: expected one of " .. all_kinds },
    { "entries", { {} }, 1, "kind: expected one of " .. all_kinds },
    { "entries", { "code", "tr" }, 2, "table expected, got string" },
    { "entries", { "code", { lang = "de" } }, 2, "option 'lang': expected one of en, tr; found 'de'" },
    { "entries", { "code", { stage = "rcpt" } }, 2, "unknown option 'stage'; expected one of lang" },
  }
end)

describe("a stream", function()
  raise {
    { "stream", { 4096 }, 1, "table expected, got number" },
    { "stream", { { size = 4096 } }, 1, "unknown option 'size'; expected 'limit'" },
    { "stream", { { 4096 } }, 1, "; expected 'limit'" },
    { "stream", { { ["limit\0"] = 4096 } }, 1, "; expected 'limit'" },
    { "stream", { { limit = "4096" } }, 1, "option 'limit': expected an integer from 8 to 1073741824, in bytes" },
    { "stream", { { limit = 8.5 } }, 1, "option 'limit': expected an integer from 8 to 1073741824, in bytes" },
    { "stream", { { limit = 7 } }, 1, "option 'limit': expected an integer from 8 to 1073741824, in bytes" },
    { "stream", { { limit = 2 ^ 31 } }, 1, "option 'limit': expected an integer from 8 to 1073741824, in bytes" },
  }

  local function message_of(method, ...)
    local stream = replycode.stream()
    local ok, message = pcall(stream[method], ...)
    assert.is_false(ok)
    return message
  end

  it("takes strings only", function()
    for _, method in ipairs { "feed", "line" } do
      for _, wrong in ipairs { 250, true, {}, print } do
        local message = message_of(method, replycode.stream(), wrong)
        assert.truthy(message:find("bad argument #2", 1, true), message)
        assert.truthy(message:find("expected a string of bytes, found " .. type(wrong), 1, true), message)
      end
    end
  end)

  it("is the first argument of its methods", function()
    for _, method in ipairs { "feed", "line", "finish" } do
      for _, wrong in ipairs { "250 ok", {}, io.stdout } do
        local message = message_of(method, wrong, "250 ok")
        assert.truthy(message:find("bad argument #1", 1, true), message)
        assert.truthy(message:find("replycode.stream expected", 1, true), message)
      end
    end
  end)

  it("is as before after an error", function()
    local stream = replycode.stream()
    stream:line "250-a"
    pcall(stream.line, stream, {})
    pcall(stream.feed, stream, 250)
    assert.equal("a\nb", stream:line("250 b").text)
  end)
end)
