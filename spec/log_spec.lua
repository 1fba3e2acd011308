-- Templates: what a server said without whom it was said to.

local corpus = require "spec.tools.corpus"
local log = require "replycode.log"
local read_file = require "spec.tools.read_file"

-- Rows of { text, template }.
local rows = {
  { "No such user", "No such user" },
  { "", "" },
  -- addresses
  { "<bob@example.org>: User unknown", "<address>: User unknown" },
  { "bob@example.org... User unknown", "<address>... User unknown" },
  { "bob<bob@example.org>", "bob<address>" },
  { "o'brien+x=y@example.org.", "<address>." },
  { '"John Smith"@example.org, "a\\"b c"@example.org', "<address>, <address>" },
  { "to=bob@[192.0.2.1]:25", "<address>[<ip>]:<number>" },
  { "mailto:bob@example.org", "mailto:<address>" },
  { "kullanıcı@örnek.com.tr", "<address>" },
  { "a@b@c @ x @@", "<address> @ x @@" },
  -- hosts, IPs, URLs
  { "mx1.example.org[192.0.2.1]:25", "<host>[<ip>]:<number>" },
  { "[IPv6:2001:db8::1] ::1 2001:db8::/64", "[<ip>] <ip> <ip>/<number>" },
  { "see https://example.org/a?b=c@d. (http://x.org/)", "see <url>. (<url>)" },
  { "www.example.org/x/12", "<host>/x/<number>" },
  { "xn--80akh.xn--p1ai örnek.рф", "<host> <host>" },
  -- ids and numbers
  { "queued as 4YkT2J0Vq0z9sT3", "queued as <id>" },
  { "250 OK id=1rXyz-0001Ab-CD", "250 OK id=<id>" },
  { "v14si1155795plk.134 - gsmtp", "<id> - gsmtp" },
  { "550 5.1.1 No mailbox 550", "550 5.1.1 No mailbox <number>" },
  { "550-No", "550-No" },
  { "5500 users", "<number> users" },
  { "550", "<number>" },
  { "550e8400-e29b-41d4-a716-446655440000", "<id>" },
  { "(-1915321397:308:-2147467259) 1,000 10.5 50%",
    "(-<number>:<number>:-<number>) <number>,<number> <number> <number>%" },
  -- times
  { "2024-06-11T09:04:02.679Z 2024-06-11 09:04:02 9:04", "<time> <time> <time> <time>" },
  { "Tue, 11 Jun 2024", "<time>, <number> <time> <number>" },
  { "11 May 2024: May be", "<number> <time> <number>: May be" },
  -- what stays
  { "5.1.1 x (#4.2.2) S3150 OFR_102 IPv6", "5.1.1 x (#4.2.2) S3150 OFR_102 IPv6" },
  { "john1985 is unknown", "<id> is unknown" },
  -- one line
  { " a\r\n\tb\0c ", "a b c" },
}

describe("log.redact", function()
  for _, row in ipairs(rows) do
    it(("makes %q of %q"):format(row[2], row[1]), function()
      assert.equal(row[2], (log.redact(row[1])))
    end)
  end

  -- Values of FNV-1a's authors.
  it("gives a fingerprint that is FNV-1a of the template", function()
    for text, fingerprint in pairs { [""] = "811c9dc5", a = "e40c292c", foobar = "bf9cf968", ["örnek"] = "1d075e70" } do
      assert.same({ text, fingerprint }, { log.redact(text) })
    end
    assert.same({ log.redact "<a@example.org>: no" }, { log.redact "<b@example.com>: no" })
  end)

  it("takes strings alone", function()
    for _, value in ipairs { 5, true, {} } do
      local ok, message = pcall(log.redact, value)
      assert.is_false(ok)
      assert.truthy(message:find("'redact' (expected a string, found " .. type(value) .. ")", 1, true))
    end
    assert.is_false(pcall(log.redact))
  end)
end)

-- ---- Any text -------------------------------------------------------------------------------------------------------

-- By another way than the module's: an "@" with anything of a name beside it, four numbers with dots, a scheme.
local function leak_of(template)
  return template:match("[%w\128-\255_]@") or template:match("@[%w\128-\255_]") or template:match("%d+%.%d+%.%d+%.%d+")
    or template:match("%a://%w") or template:match("[%z\1-\31\127]") or template:match("%d%d%d%d%d")
end

local function check(text)
  local template, fingerprint = log.redact(text)
  assert.is_nil(leak_of(template), template)
  assert.same({ template, fingerprint }, { log.redact(template) })
  return template
end

describe("a template", function()
  it("has no address, and is its own template, for every reply of the captures and the labelled set", function()
    local items = corpus()
    assert.is_true(#items > 1000)
    for _, item in ipairs(items) do check(item.reply.text) end
  end)

  it("has none for the replies of REPLYCODE_CORPUS", function()
    local path = os.getenv("REPLYCODE_CORPUS")
    if not path then return pending "REPLYCODE_CORPUS names no table of replies" end
    for line in read_file(path):gmatch("[^\n]+") do check((line:match("[^\t]*$"):gsub("\\r\\n", "\r\n"))) end
  end)

  it("has none for any bytes", function()
    local seed = 3463
    local function random(below)
      seed = seed * 16807 % 2147483647
      return seed % below
    end
    local parts = { "@", "a", "bob", "1", "10.0.0.1", ".", ":", "::", '"', "\\", "<", ">", " ", "://", "May ", "Tue",
      "-", "'",
      "\0", "örnek", "=", "/", "example.org", "5.1.1", "IPv6:", "(", "]", ",", "\255" }
    for _ = 1, 3000 do
      local text = {}
      for at = 1, random(20) do text[at] = parts[random(#parts) + 1] end
      local template = log.redact(table.concat(text))
      assert.is_nil(template:match("[%w\128-\255_]@") or template:match("@[%w\128-\255_]"), template)
      assert.equal(template, (log.redact(template)))
    end
  end)

  it("does not take long for text that is made to", function()
    for _, unit in ipairs { "@", "a.a.a.", "1:1:1:", "a", "1", "<", "<<>", '"', '"@', "\\", "://", "a://", ".", "-", "/",
      "a@", "@a", " ",
      "<<<ip>>> ", "::", "1.", "a'", "<number> May ", "aa." } do
      local text = unit:rep(math.floor(65536 / #unit))
      for _, hostile in ipairs { text, "a" .. text .. "a", "x@" .. text } do
        local begun = os.clock()
        log.redact(hostile)
        assert.is_true(os.clock() - begun < 3, unit)
      end
    end
  end)
end)
