-- CDDL (RFC 8610) as far as spec/replycode.cddl uses it: rules; choices of types; ranges and literals of integers; literals
-- of text; maps, arrays and named groups with ? * + n*m; keys written `name:` and `type =>`. Everything else raises.

local cddl_reader = {}

-- ---- Tokens ---------------------------------------------------------------------------------------------------------

local patterns = {
  { "name", "^[%a@_$][%w@_$.-]*" }, { "number", "^%-?%d+" }, { "text", '^"[^"\\]*"' }, { "mark", "^=>" },
  { "mark", "^%.%." }, { "mark", "^[=/{}%[%](),:?*+]" },
}

local function next_token(source, at)
  for _, pattern in ipairs(patterns) do
    local found = source:match(pattern[2], at)
    if found then return { kind = pattern[1], text = found, at = at }, at + #found end
  end
end

local function line_of(source, at)
  local _, ends = source:sub(1, at):gsub("\n", "")
  return ends + 1
end

local function tokens_of(source)
  local tokens, at = {}, 1
  local blanked = source:gsub(";[^\n]*", function(comment) return (" "):rep(#comment) end)
  while true do
    at = blanked:find("%S", at)
    if not at then return tokens end
    local token, behind = next_token(blanked, at)
    if not token then error(("line %d: %q is not known here"):format(line_of(source, at), blanked:sub(at, at)), 0) end
    token.line = line_of(source, at)
    tokens[#tokens + 1] = token
    at = behind
  end
end

-- ---- Reading a schema -----------------------------------------------------------------------------------------------

local reader = {}
reader.__index = reader

function reader:peek(ahead)
  return self.tokens[self.at + (ahead or 0)] or { kind = "end", text = "the end", line = "last" }
end

function reader:fail(expected)
  error(("line %s: expected %s, found %s"):format(self:peek().line, expected, self:peek().text), 0)
end

function reader:take(kind)
  if self:peek().kind ~= kind then self:fail("a " .. kind) end
  self.at = self.at + 1
  return self.tokens[self.at - 1].text
end

-- Whether the next token is this mark, which is taken then.
function reader:accept(mark)
  if self:peek().kind ~= "mark" or self:peek().text ~= mark then return false end
  self.at = self.at + 1
  return true
end

function reader:expect(mark)
  if not self:accept(mark) then self:fail(mark) end
end

function reader:number()
  return tonumber(self:take "number")
end

-- The reader of groups comes after the types that hold them.
function reader:type2()
  local kind = self:peek().kind
  if kind == "number" then return { kind = "literal", value = self:number() } end
  if kind == "text" then return { kind = "literal", value = self:take("text"):sub(2, -2) } end
  if kind == "name" then return { kind = "name", name = self:take "name", line = self:peek(-1).line } end
  if self:accept "{" then return { kind = "map", entries = self:group "}" } end
  if self:accept "[" then return { kind = "array", entries = self:group "]" } end
  self:fail "a type"
end

function reader:type1()
  local type = self:type2()
  if not self:accept ".." then return type end
  local most = self:type2()
  if not (type.kind == "literal" and most.kind == "literal") then self:fail "a range of numbers" end
  return { kind = "range", least = type.value, most = most.value }
end

function reader:type()
  local choices = { self:type1() }
  while self:accept "/" do choices[#choices + 1] = self:type1() end
  if #choices == 1 then return choices[1] end
  local literals = {}
  for _, choice in ipairs(choices) do
    if choice.kind == "literal" then literals[choice.value] = true end
  end
  return { kind = "choice", choices = choices, literals = literals }
end

-- How often: the least and the most.
function reader:occurrence()
  if self:accept "?" then return 0, 1 end
  if self:accept "+" then return 1, math.huge end
  local least = 0
  if self:peek().kind == "number" and self:peek(1).text == "*" then least = self:number() end
  if not self:accept "*" then return 1, 1 end
  local is_bounded = self:peek().kind == "number"
  return least, is_bounded and self:number() or math.huge
end

function reader:entry()
  local entry = {}
  entry.least, entry.most = self:occurrence()
  if self:peek(1).text == ":" and self:peek(1).kind == "mark" then
    entry.key = self:peek().kind == "text" and self:take("text"):sub(2, -2) or self:take "name"
    self:expect ":"
    entry.type = self:type()
    return entry
  end
  entry.type = self:type()
  if self:accept "=>" then entry.key_type, entry.type = entry.type, self:type() end
  return entry
end

function reader:group(close)
  local entries = {}
  while not self:accept(close) do
    entries[#entries + 1] = self:entry()
    self:accept ","
  end
  return entries
end

function reader:rule(rules)
  local name = self:take "name"
  if rules[name] then error(("%s is there twice"):format(name), 0) end
  self:expect "="
  rules[name] = self:accept "(" and { kind = "group", entries = self:group ")" } or self:type()
  return name
end

--- The rules of a schema by name, and their names in order. Raises with the line of what is wrong.
---
--- A rule is a node: { kind = "literal", value }, { kind = "range", least, most }, { kind = "name", name },
--- { kind = "choice", choices, literals }; or of kind "map", "array", "group" with entries: { least, most, type } and
--- key or key_type.
function cddl_reader.read(source)
  local read = setmetatable({ tokens = tokens_of(source), at = 1 }, reader)
  local rules, names = {}, {}
  while read:peek().kind ~= "end" do names[#names + 1] = read:rule(rules) end
  return rules, names
end

return cddl_reader
