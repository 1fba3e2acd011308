-- The built command as a process: exit status, environment, pipes, the demo; and its manual page.

local replycode = require "replycode"
local samples = require "replycode.cli.samples"
local pages = require "spec.tools.page"

local command = os.getenv("REPLYCODE_COMMAND") or "build/5.4/bin/replycode"

-- Runs a shell line, in which `replycode` is the command, without the settings of whoever runs the suite.
local function shell(line)
  local settings = "unset NO_COLOR LC_ALL LC_MESSAGES LANG; replycode() { '" .. command .. "' \"$@\"; }; "
  local pipe = assert(io.popen("{ " .. settings .. line .. "; } 2>&1"))
  local output = pipe:read("*a")
  pipe:close()
  return output
end

local contains, lacks, flaw_of = pages.contains, pages.lacks, pages.flaw_of

describe("the built command", function()
  it("runs and tells its exit status", function()
    assert.equal("replycode " .. replycode._VERSION .. "\n0\n", shell "replycode --version; echo $?")
    contains("\n1\n", shell "replycode explain foobar; echo $?")
    contains("\n2\n", shell "replycode frob; echo $?")
    contains("\n1\n", shell "replycode read no/such/file; echo $?")
  end)

  it("takes the language from the environment", function()
    contains("Hizmet kullanılamıyor", shell "LC_ALL=tr_TR.UTF-8 replycode explain 421")
    contains("Service not available", shell "LC_ALL=C replycode explain 421")
  end)

  it("reads standard input", function()
    contains("mailbox_full", shell "printf '452 4.2.2 full\\r\\n' | replycode read")
  end)

  it("uses no colours in a pipe", function()
    lacks("\27", shell "TERM=xterm replycode explain 550 | cat")
  end)

  it("is quiet when its reader goes away, also where the signal is ignored", function()
    assert.equal("accepted                  Accepted, nothing failed\n", shell "replycode list causes | head -n 1")
    assert.equal("accepted", shell "trap '' PIPE; replycode list causes | head -c 8")
    assert.equal("", shell "trap '' PIPE; replycode list commands | true")
  end)

  it("says when its output cannot be written", function()
    local probe = io.open("/dev/full", "wb")
    if not probe then return pending("this system has no /dev/full") end
    probe:close()
    contains("replycode: cannot write", shell "replycode list causes > /dev/full")
    contains("1\n", shell "replycode list causes > /dev/full 2> /dev/null; echo $?")
  end)

  it("shows a session in the demo, what was refused, and a comparison in both languages", function()
    local output = shell("sh spec/examples/demo.sh '" .. command .. "'; echo $?")
    for _, part in ipairs { "recipient_unknown   drop_recipient  recipient", "SPF, DKIM or DMARC failed", "Key differences",
      "Temel Farklar", "\n0\n" } do
      contains(part, output)
    end
    assert.is_nil(flaw_of(output))
  end)
end)

describe("the manual page", function()
  local file = assert(io.open("lua/bin/replycode.1", "rb"))
  local page = file:read("*a")
  file:close()

  it("formats without a warning", function()
    assert.equal("", shell "groff -man -ww -Tutf8 lua/bin/replycode.1 > /dev/null")
  end)

  it("names every column of samples", function()
    for _, name in ipairs(samples.columns) do assert.truthy(page:find("%f[%a]" .. name .. "%f[^%a_]"), name) end
  end)

  it("names every stage, command and variable", function()
    for entry in replycode.entries "stage" do assert.truthy(page:find("%f[%a]" .. entry.slug .. "%f[%A]"), entry.slug) end
    for _, name in ipairs { "explain", "compare", "list", "read", "decode", "check", "advise", "NO_COLOR", "LC_ALL",
      "LC_MESSAGES", "LANG", "TERM" } do
      contains(name, page)
    end
  end)
end)
