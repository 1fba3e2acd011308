-- The examples in annotations: lines of Lua, of which "-->" says what they show.

local examples = {}

local unpack_list = unpack or table.unpack -- luacheck: ignore 113 143
local load_text = loadstring or load -- luacheck: ignore 113

-- A line of an example becomes one that shows its values; "-->" says which.
local function show_line(line, expected)
  local code, values = line:match("^(.-)%s+%-%-> (.*)$")
  if not code then return line end
  expected[#expected + 1] = values
  if code:match("^print") or not load_text("return " .. code) then return code end
  return "print(" .. code .. ")"
end

--- The code between fences in the lines of a comment, and what it says that it shows.
function examples.read(comments)
  local lines, expected, inside = {}, {}, false
  for _, line in ipairs(comments) do
    if line:match("^```") then inside = line == "```lua"
    elseif inside then lines[#lines + 1] = show_line(line, expected) end
  end
  return table.concat(lines, "\n"), expected
end

--- Runs it with globals of its own, and gives what it has shown.
function examples.run(body, globals)
  local printed = {}
  local function show(...)
    local values = {}
    for at = 1, select("#", ...) do values[at] = tostring((select(at, ...))):gsub("\r", "\\r"):gsub("\n", "\\n") end
    printed[#printed + 1] = table.concat(values, ", ")
  end
  local names, values = { "print" }, { show }
  for name, value in pairs(globals) do
    names[#names + 1] = name
    values[#values + 1] = value
  end
  assert(load_text("local " .. table.concat(names, ", ") .. " = ...\n" .. body))(unpack_list(values))
  return printed
end

return examples
