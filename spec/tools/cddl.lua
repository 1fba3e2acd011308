-- Items of spec/tools/items.lua walked against a schema in CDDL (RFC 8610), as far as spec/tools/cddl_reader.lua reads it. A
-- key written `name:` has its cut: what stands under it has to fit.

local cddl_reader = require "spec.tools.cddl_reader"

local cddl = {}

-- ---- Names ----------------------------------------------------------------------------------------------------------

local function is_simple(argument)
  return function(item) return item.major == 7 and item.definite and not item.float and item.argument == argument end
end

local is_false, is_true = is_simple(20), is_simple(21)

local prelude = {
  any = function() return true end,
  uint = function(item) return item.major == 0 end,
  int = function(item) return item.major <= 1 end,
  bstr = function(item) return item.major == 2 end,
  tstr = function(item) return item.major == 3 end,
  ["true"] = is_true,
  bool = function(item) return is_true(item) or is_false(item) end,
}

local function check_names(rules, node)
  if node.kind == "name" and not rules[node.name] and not prelude[node.name] then
    error(("line %d: no rule %s"):format(node.line, node.name), 0)
  end
  for _, choice in ipairs(node.choices or {}) do check_names(rules, choice) end
  for _, entry in ipairs(node.entries or {}) do
    check_names(rules, entry.type)
    if entry.key_type then check_names(rules, entry.key_type) end
  end
end

-- ---- Walking --------------------------------------------------------------------------------------------------------

local majors = { [0] = "an integer", "an integer", "bytes", "text", "an array", "a map", "a tag", "a simple value or float" }

-- What a message says was found.
local function shown(item)
  if item.major == 0 then return ("%d"):format(item.argument) end
  if item.major == 1 then return ("%d"):format(-1 - item.argument) end
  if item.major == 3 then return ("%q"):format(item.bytes:sub(1, 40)) end
  return majors[item.major]
end

local function flaw(path, expected, item)
  return { path = path, message = ("expected %s, found %s"):format(expected, shown(item)) }
end

local walk = {}

-- Nil, or what is wrong where.
local function walk_type(rules, node, item, path)
  return walk[node.kind](rules, node, item, path)
end

local function number_of(item)
  if item.major == 0 then return item.argument end
  if item.major == 1 then return -1 - item.argument end
end

local function value_of(item)
  if item.major == 3 then return item.bytes end
  return number_of(item)
end

function walk.literal(_, node, item, path)
  if value_of(item) ~= node.value then return flaw(path, tostring(node.value), item) end
end

function walk.range(_, node, item, path)
  local value = number_of(item)
  if not value or value < node.least or value > node.most then
    return flaw(path, ("%.0f to %.0f"):format(node.least, node.most), item)
  end
end

function walk.name(rules, node, item, path)
  local rule = rules[node.name]
  if not rule then
    if not prelude[node.name](item) then return flaw(path, node.name, item) end
    return nil
  end
  local found = walk_type(rules, rule, item, path)
  if found and found.path == path and rule.kind == "choice" then return flaw(path, node.name, item) end
  return found
end

-- The choice that came furthest says what is wrong.
function walk.choice(rules, node, item, path)
  local furthest
  local value = value_of(item)
  if value ~= nil and node.literals[value] then return nil end
  for _, choice in ipairs(node.choices) do
    local found = walk_type(rules, choice, item, path)
    if not found then return nil end
    if not furthest or #found.path > #furthest.path then furthest = found end
  end
  return furthest
end

local function flatten(rules, entries, into)
  for _, entry in ipairs(entries) do
    local rule = entry.type.kind == "name" and rules[entry.type.name]
    if rule and rule.kind == "group" then flatten(rules, rule.entries, into) else into[#into + 1] = entry end
  end
  return into
end

-- The entries of a map or an array with those of named groups in their place.
local function entries_of(rules, node)
  node.flat = node.flat or flatten(rules, node.entries, {})
  return node.flat
end

function walk.array(rules, node, item, path)
  if item.major ~= 4 then return flaw(path, "an array", item) end
  local at = 1
  for _, entry in ipairs(entries_of(rules, node)) do
    local count = 0
    while item.list[at] and count < entry.most do
      local found = walk_type(rules, entry.type, item.list[at], ("%s[%d]"):format(path, at))
      if found and (count < entry.least or entry.most == math.huge) then return found end
      if found then break end
      at, count = at + 1, count + 1
    end
    if count < entry.least then return { path = path, message = ("%d items are too few"):format(#item.list) } end
  end
  if item.list[at] then return { path = path, message = ("%d items are too many"):format(#item.list) } end
end

local function missing(path, name)
  return { path = path, message = ("no key '%s'"):format(name) }
end

local function walk_value(rules, entry, item, at, path)
  local key = item.keys[at]
  return walk_type(rules, entry.type, item.values[at], path .. "." .. (key.bytes or shown(key)))
end

-- Takes the pair of a named key from those that are left.
local function walk_named(rules, entry, item, left, path)
  local at = left.named[entry.key]
  if not at then return entry.least > 0 and missing(path, entry.key) or nil end
  left[at] = nil
  return walk_value(rules, entry, item, at, path)
end

-- Takes the pairs whose keys are of a type.
local function walk_typed(rules, entry, item, left, path)
  local count = 0
  for at, key in ipairs(item.keys) do
    if left[at] and count < entry.most and not walk_type(rules, entry.key_type, key, path) then
      left[at], count = nil, count + 1
      local found = walk_value(rules, entry, item, at, path)
      if found then return found end
    end
  end
  if count < entry.least then return missing(path, "of its type") end
end

function walk.map(rules, node, item, path)
  if item.major ~= 5 then return flaw(path, "a map", item) end
  local left = { named = {} }
  for at, key in ipairs(item.keys) do
    left[at] = true
    if key.major == 3 then left.named[key.bytes] = at end
  end
  for _, entry in ipairs(entries_of(rules, node)) do
    local found = (entry.key and walk_named or walk_typed)(rules, entry, item, left, path)
    if found then return found end
  end
  for at, key in ipairs(item.keys) do
    if left[at] then return { path = path, message = "a key that may not be: " .. shown(key) } end
  end
end

-- ---- Schema ---------------------------------------------------------------------------------------------------------

local schema = {}
schema.__index = schema

--- Whether an item is as the rule says: true, or nil and what is wrong, "$.verdict.cause: expected cause, found 5".
function schema:walk(item, rule)
  assert(self.rules[rule], rule)
  local found = walk_type(self.rules, { kind = "name", name = rule }, item, "$")
  if found then return nil, found.path .. ": " .. found.message end
  return true
end

--- The literals of a rule that is a choice of them, in their order; nil of another.
function schema:literals(name)
  local rule, list = self.rules[name], {}
  for at, choice in ipairs(rule.choices or {}) do
    if choice.kind ~= "literal" then return nil end
    list[at] = choice.value
  end
  return #list > 0 and list or nil
end

--- Reads a schema; raises with the line of what is wrong. `names` of it are its rules in their order.
function cddl.parse(source)
  local rules, names = cddl_reader.read(source)
  for _, name in ipairs(names) do check_names(rules, rules[name]) end
  return setmetatable({ rules = rules, names = names }, schema)
end

return cddl
