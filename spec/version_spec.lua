-- The version stands in one place, csrc/replycode.h; all that repeats it agrees.

local replycode = require "replycode"

local read = require "spec.tools.read_file"

-- A rockspec is Lua that sets globals.
local function load_rockspec(path)
  local globals = {}
  local chunk = assert(loadfile(path, "t", globals))
  if setfenv then setfenv(chunk, globals) end -- luacheck: ignore 113
  chunk()
  return globals
end

local function rockspec_paths()
  local paths = {}
  local list = io.popen("ls rockspec/*.rockspec 2>/dev/null")
  for path in list:lines() do paths[#paths + 1] = path end
  list:close()
  return paths
end

describe("the version", function()
  local version = read("csrc/replycode.h"):match('#define REPLYCODE_VERSION "([^"]*)"')

  it("is major.minor.patch in the header", function()
    assert.truthy(version:match("^%d+%.%d+%.%d+$"))
  end)

  it("is what the module says", function()
    assert.equal(version, replycode._VERSION)
  end)

  for _, path in ipairs(rockspec_paths()) do
    it("is that of " .. path .. ", or the rockspec is of the working copy", function()
      local rockspec = load_rockspec(path)
      assert.is_string(rockspec.source.url)
      assert.equal(path, ("rockspec/%s-%s.rockspec"):format(rockspec.package, rockspec.version))
      if rockspec.version:match("^scm%-%d+$") then return end
      assert.equal(version, rockspec.version:match("^(.*)%-%d+$"))
      assert.truthy((rockspec.source.tag or rockspec.source.url):find(version, 1, true))
    end)
  end
end)
