-- Every example in the annotations of the Lua files shows what it says.

local examples = require "spec.tools.examples"

-- The blocks of comments of a file, each a list of lines without "--- ".
local function comments_of(path)
  local blocks, block = {}, {}
  for line in assert(io.open(path, "rb")):lines() do
    local text = line:match "^%s*%-%-%- ?(.*)$"
    if text and not text:find "^@" then block[#block + 1] = text
    elseif #block > 0 then blocks[#blocks + 1], block = block, {} end
  end
  return blocks
end

local globals = { replycode = require "replycode" }

-- What each file calls the module that it documents.
local files = {
  { "lua/replycode/cbor.lua", "cbor", "replycode.cbor" },
  { "lua/replycode/compose.lua", "compose", "replycode.compose" },
  { "lua/replycode/log.lua", "log", "replycode.log" },
  { "lua/replycode/session.lua", "session", "replycode.session" },
}

describe("an example", function()
  for _, file in ipairs(files) do
    local path, name, module = file[1], file[2], file[3]
    local count = 0
    for _, comments in ipairs(comments_of(path)) do
      local body, expected = examples.read(comments)
      if body ~= "" then
        count = count + 1
        it(("%d of %s holds"):format(count, path), function()
          assert.is_true(#expected > 0)
          globals[name] = require(module)
          assert.same(expected, examples.run(body, globals))
        end)
      end
    end
    it("is found in " .. path, function() assert.is_true(count > 0) end)
  end
end)
