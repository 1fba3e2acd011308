-- The rocks hold every file that ships: a module that a rockspec forgets works from the tree and nowhere else.

local function load_rockspec(name)
  local file = assert(io.open("rockspec/" .. name .. "-scm-1.rockspec", "rb"))
  local text = file:read("*a")
  file:close()
  local rockspec = {}
  local load_text = loadstring or load -- luacheck: ignore 113
  local chunk = assert(load_text(text, name, "t", rockspec))
  if setfenv then setfenv(chunk, rockspec) end -- luacheck: ignore 113
  chunk()
  return rockspec
end

local function files(pattern)
  local pipe, found = assert(io.popen("ls " .. pattern)), {}
  for path in pipe:lines() do found[#found + 1] = path end
  pipe:close()
  return found
end

local function sorted(list)
  local copy = {}
  for _, item in ipairs(list) do copy[#copy + 1] = item end
  table.sort(copy)
  return copy
end

describe("the rock", function()
  -- The C interface to CBOR is for programs in C alone.
  local for_c = { ["csrc/encode_values.c"] = true }

  it("replycode builds every C file", function()
    local modules, all = load_rockspec("replycode").build.modules, {}
    for _, name in ipairs { "replycode.core", "replycode.cbor.core" } do
      for _, source in ipairs(modules[name].sources) do all[#all + 1] = source end
    end
    for source in pairs(for_c) do all[#all + 1] = source end
    assert.same(sorted(files "csrc/*.c"), sorted(all))
  end)

  it("replycode.cbor links nothing of the core", function()
    local core = {}
    local modules = load_rockspec("replycode").build.modules
    for _, source in ipairs(modules["replycode.core"].sources) do core[source] = true end
    for _, source in ipairs(modules["replycode.cbor.core"].sources) do assert.is_nil(core[source]) end
    assert.same({ "cbor" }, modules["replycode.cbor.core"].libraries)
    assert.is_nil(modules["replycode.core"].libraries)
  end)

  it("replycode holds every Lua file but those of the command line", function()
    local found = {}
    for _, path in pairs(load_rockspec("replycode").build.modules) do
      if type(path) == "string" then found[#found + 1] = path end
    end
    local expected = {}
    for _, path in ipairs(files "lua/*.lua lua/replycode/*.lua lua/replycode/*/*.lua") do
      if not path:find "/cli[/.]" and not path:find "/filter/" then expected[#expected + 1] = path end
    end
    assert.same(sorted(expected), sorted(found))
  end)

  it("replycode-cli holds every file of the command line", function()
    local modules = {}
    for name, path in pairs(load_rockspec("replycode-cli").build.modules) do
      assert.equal(name, (path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/", ".")))
      modules[#modules + 1] = path
    end
    assert.same(sorted(files "lua/replycode/cli.lua lua/replycode/cli/*.lua lua/replycode/filter/*.lua"), sorted(modules))
  end)

  it("has labels, a license and a test of busted", function()
    local rockspec = load_rockspec("replycode")
    assert.equal("3.0", rockspec.rockspec_format)
    assert.equal("MIT", rockspec.description.license)
    assert.equal("busted", rockspec.test.type)
    assert.truthy(#rockspec.description.labels > 0)
  end)
end)
