-- What a server offers, read from its reply to EHLO, in the forms that servers really send.

local replycode = require "replycode"
local session = require "replycode.session"

local function of(...)
  return session.capabilities("250-" .. table.concat({ ... }, "\r\n250-"):gsub("250%-([^\n]*)$", "250 %1") .. "\r\n")
end

describe("capabilities", function()
  it("takes the first line for domain and greeting, not for a keyword", function()
    local found = of("SIZE 1000 at your service", "PIPELINING")
    assert.equal("SIZE", found.domain)
    assert.equal("1000 at your service", found.greeting)
    assert.is_nil(found.size)
    assert.same({ PIPELINING = {} }, found.keywords)
  end)

  it("gives keywords in upper case, their parameters as they came", function()
    local found = of("mx.example.org", "pipelining", "Size 35882577", "X-Exps  NTLM\tLogin ", "8BITMIME")
    assert.same({ PIPELINING = {}, SIZE = { "35882577" }, ["X-EXPS"] = { "NTLM", "Login" }, ["8BITMIME"] = {} },
      found.keywords)
    assert.equal(35882577, found.size)
  end)

  it("says 0 when SIZE has no fixed limit, and nil when it is not offered", function()
    assert.equal(0, of("mx", "SIZE").size)
    assert.equal(0, of("mx", "SIZE 0").size)
    assert.equal(0, of("mx", "SIZE 000").size)
    assert.equal(0, of("mx", "SIZE many").size)
    assert.equal(0, of("mx", "SIZE -5").size)
    assert.equal(999999999999999, of("mx", "SIZE 999999999999999").size)
    assert.equal(0, of("mx", "SIZE 1000000000000000").size)
    assert.is_nil(of("mx", "HELP").size)
  end)

  it("joins AUTH= of before the standard with AUTH, each mechanism once, in upper case", function()
    assert.same({ "LOGIN", "PLAIN", "CRAM-MD5" },
      of("mx", "AUTH=LOGIN PLAIN", "AUTH PLAIN cram-md5", "auth LOGIN").keywords.AUTH)
    assert.same({ "LOGIN" }, of("mx", "AUTH=LOGIN").keywords.AUTH)
    assert.same({}, of("mx", "AUTH").keywords.AUTH)
  end)

  it("gives LIMITS as numbers", function()
    local found = of("mx", "LIMITS MAILMAX=10 rcptmax=100 RCPTDOMAINMAX=1 RCPTMAX OTHER=a ZERO=0")
    assert.same({ MAILMAX = 10, RCPTMAX = 100, RCPTDOMAINMAX = 1 }, found.limits)
    assert.same({}, of("mx", "SIZE").limits)
  end)

  it("leaves out lines that are no keyword", function()
    assert.same({ OK = {} }, of("mx", "", " SIZE 5", "=LOGIN", "SIZE=5", "ST\195\156CK", "OK").keywords)
  end)

  it("says that a firewall has overwritten keywords", function()
    local found = of("mx", "PIPELINING", "XXXXXXXA", "XXXXXXXXXX", "XCLIENT NAME")
    assert.is_true(found.masked)
    assert.same({ PIPELINING = {}, XCLIENT = { "NAME" } }, found.keywords)
    assert.is_nil(of("mx", "XXX").masked)
  end)

  it("reads the reply to HELO and one without any text", function()
    assert.same({ domain = "mx.example.org", greeting = "", keywords = {}, limits = {} },
      session.capabilities("250 mx.example.org\r\n"))
    assert.same({ domain = "", greeting = "", keywords = {}, limits = {} }, session.capabilities("250\r\n"))
  end)

  it("takes a parsed reply too", function()
    assert.equal("mx", session.capabilities((replycode.parse("250-mx\r\n250 SIZE 5\r\n"))).domain)
  end)

  it("is nil when the server did not agree", function()
    assert.is_nil(session.capabilities("502 5.5.1 What?\r\n"))
    assert.is_nil(session.capabilities("250-mx\r\n"))
    assert.is_nil(session.capabilities(""))
  end)

  it("raises for what is no reply", function()
    assert.error_matches(function() session.capabilities(5) end, "expected a reply or its bytes, found number")
    assert.error_matches(function() session.capabilities({}) end, "expected a reply or its bytes, found table")
    assert.error_matches(function() session.capabilities() end, "expected a reply or its bytes, found nil")
  end)
end)
