-- Every code block of README.md runs, and prints what the block behind it says.

local cbor = require "replycode.cbor"
local json = require "dkjson"
local read = require "spec.tools.read_file"

-- { language, body, output }: a block "text" belongs to the block before it.
local function blocks_of(markdown)
  local blocks = {}
  for language, body in markdown:gmatch("```(%w+)\n(.-)```") do
    if language == "text" then blocks[#blocks].output = body
    else blocks[#blocks + 1] = { language = language, body = body } end
  end
  return blocks
end

-- Where commands run, among the files that README shows.
local folder = "build/readme"

local function run(command)
  local pipe = assert(io.popen(command .. " 2>&1"))
  local output = pipe:read("*a")
  pipe:close()
  return output
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

-- Lua runs in this very Lua, with print going into a string.
local function run_lua(body)
  local printed = {}
  local function collect(...)
    local cells = {}
    for at = 1, select("#", ...) do cells[at] = tostring((select(at, ...))) end
    printed[#printed + 1] = table.concat(cells, "\t") .. "\n"
  end
  local load_text = loadstring or load -- luacheck: ignore 113
  local chunk = assert(load_text("local print = ...\n" .. body))
  chunk(collect)
  return table.concat(printed)
end

local function run_c(body)
  os.execute("make -s library >/dev/null")
  write(folder .. "/example.c", body)
  return run("cc -std=c99 -Wall -Wextra -Werror -Icsrc -o build/readme/example build/readme/example.c build/libreplycode.a "
    .. "&& build/readme/example")
end

local function settings()
  local path = (os.getenv("REPLYCODE_COMMAND") or "build/5.4/bin/replycode"):match("^(.*)/[^/]*$")
  return ("PATH=$(cd '%s' && pwd):$PATH LC_ALL=C; export PATH LC_ALL; cd %s && "):format(path, folder)
end

-- "$ command" lines and what each prints.
local function run_session(body)
  local output = {}
  for line in body:gmatch("[^\n]+") do
    local command = line:match("^%$ (.+)$")
    if command then output[#output + 1] = "$ " .. command .. "\n" .. run(settings() .. command) end
  end
  return table.concat(output)
end

-- Lua that begins with a comment of its file's name alone is that file, for the commands behind it.
local function name_of(body) return body:match("^%-%- ([%w_]+%.lua)\n") end

-- Rows that README quotes stand in the file that its first line names.
local function find_rows(body)
  local path, rows = body:match("^/%* (csrc/data/[%w_/]+%.def) %*/\n(.+)$")
  assert.truthy(read(path):find(rows, 1, true))
end

-- Values in diagnostic notation, of which JSON is a part: those that a file before it begins with. Each begins on a line
-- with "{".
local function find_values(body)
  local sequence = cbor.sequence(read(folder .. "/verdicts.cbor"))
  for value in ("\n" .. body:gsub("\n{", "\n\1{")):gmatch "[^\1]+" do
    local expected = assert(json.decode(value))
    expected.enhanced = expected.enhanced and table.concat(expected.enhanced, ".")
    assert.same(expected, sequence())
  end
end

-- Commands that this suite is itself a part of, or that need a server: what they rest on is looked at instead.
local known = {
  ["make test\n"] = function() assert.truthy(read(".ci/run"):find("make test", 1, true)) end,
  ["make demo\n"] = function() assert.truthy(run("make -n demo"):find("demo.sh", 1, true)) end,
  ["luarocks install replycode && luarocks install replycode-cli\n"] = function()
    for _, name in ipairs { "replycode", "replycode-cli" } do
      assert.truthy(read("rockspec/" .. name .. "-scm-1.rockspec"):find('package = "' .. name .. '"', 1, true))
    end
  end,
}

describe("README", function()
  local blocks = blocks_of(read("README.md"))
  os.execute("mkdir -p " .. folder)

  it("has its first example, the two commands and the LuaRocks line in this order", function()
    local languages = {}
    for at = 1, 4 do languages[at] = blocks[at].language end
    assert.same({ "lua", "sh", "sh", "sh" }, languages)
  end)

  for number, block in ipairs(blocks) do
    it(("runs block %d (%s)"):format(number, block.language), function()
      if known[block.body] then known[block.body]()
      elseif name_of(block.body) then write(folder .. "/" .. name_of(block.body), block.body)
      elseif block.language == "lua" then assert.equal(block.output, run_lua(block.body))
      elseif block.language == "c" then assert.equal(block.output, run_c(block.body))
      elseif block.language == "def" then find_rows(block.body)
      elseif block.language == "cbor" then find_values(block.body)
      elseif block.language == "sh" then assert.equal(block.body, run_session(block.body))
      else error("README has a block that nothing runs: " .. block.language) end
    end)
  end
end)
