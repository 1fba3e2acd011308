--- The caller's rules from a file. It is Lua, read as data: run without globals, it returns the list of rules, or
--- { rules =, builtin =, text = }.

local replycode = require "replycode"
local file = require "replycode.cli.file"

local rules = {}

-- Lua 5.1 gives a chunk its globals afterwards, and loads text and binary alike.
local load_text = loadstring or load -- luacheck: ignore 113
local set_globals = setfenv -- luacheck: ignore 113

local chunk_name = "rules"

local function compile(source)
  if not set_globals then return load(source, "=" .. chunk_name, "t", {}) end
  local chunk, message = load_text(source, "=" .. chunk_name)
  return chunk and set_globals(chunk, {}), message
end

-- As `dofile` takes it: a first line that begins with # is for the shell.
local function run(source)
  source = file.without_mark(source)
  if source:sub(1, 1) == "\27" then return nil, "binary" end
  local chunk, message = compile((source:gsub("^#[^\n]*", "")))
  if not chunk then return nil, message end
  local ok, result = pcall(chunk)
  if ok then return result end
  return nil, tostring(result)
end

-- A list has no names, options have nothing else.
local function options_of(result)
  for key in pairs(result) do
    if type(key) == "string" then return result[1] == nil and result or nil end
  end
  return { rules = result }
end

-- Rules are counted from 1; an id is easier to find in a long file.
local function with_id(message, list)
  return (message:gsub("^rule (%d+)", function(number)
    local rule = type(list) == "table" and list[tonumber(number)]
    local id = type(rule) == "table" and rule.id
    return type(id) == "string" and ("rule %s '%s'"):format(number, id) or nil
  end))
end

-- "file:line: bad argument #1 to 'classifier' (what is wrong)": what is wrong.
local function bare(message)
  return message:match("bad argument #%d+ to '[^']*' (%b())$") and message:match("%((.*)%)$") or message
end

local function build(options)
  local ok, result = pcall(replycode.classifier, options)
  if ok then return result end
  return nil, with_id(bare(result), options.rules)
end

local function from_table(result, words)
  if type(result) ~= "table" then return nil, words.no_rules:format(type(result)) end
  local options = options_of(result)
  if not options then return nil, words.mixed_rules end
  return build(options)
end

-- Lua names the chunk before the line number.
local function from_source(source, words)
  local result, message = run(source)
  if message == "binary" then return nil, ": " .. words.binary_rules end
  if message then
    local rest, count = message:gsub("^" .. chunk_name .. ":", ":")
    return nil, count == 1 and rest or ": " .. message
  end
  local classifier, problem = from_table(result, words)
  return classifier, problem and ": " .. problem
end

--- The classifier of the rules in a file, the built-in one without a name. Nil and what is wrong: file, rule and field.
function rules.load(name, input, words)
  if not name then return replycode.classifier {} end
  local source, message = file.read(name, input)
  if not source then return nil, words.unreadable:format(message) end
  local classifier, problem = from_source(source, words)
  return classifier, problem and (name == "-" and words.standard_input or name) .. problem
end

return rules
