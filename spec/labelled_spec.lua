-- The labelled set: replies whose verdict was written from the law before any rule was asked. Scored by field, with a floor
-- for each, because a set that is hard on purpose is never all right and a list of exceptions would only hide what is wrong.
-- REPLYCODE_VERBOSE=1 prints every miss.

local replycode = require "replycode"
local read_file = require "spec.tools.read_file"

-- A cell: `a` one value, `a|b` either is right by the law, `+` any value, `-` absent, empty not judged. Raise a floor when
-- more is reached; lower one only together with a label that the law shows to be wrong.
local floors = {
  transience = 448, cause = 447, scope = 444, action = 443, settles = 445, closes = 448, waiting = 448, retry_after = 448,
  provider = 446, blocklist = 444, also = 20,
}
local fields = { "transience", "cause", "scope", "action", "settles", "closes", "waiting", "retry_after", "provider",
  "blocklist", "also" }
local kinds = { transience = "transience", cause = "cause", scope = "scope", action = "action" }

local escapes = { r = "\r", n = "\n", t = "\t", ["\\"] = "\\" }

local function unescape(text)
  return (text:gsub("\\(.)", escapes))
end

local function cells(line)
  local found = {}
  for cell in (line .. "\t"):gmatch "([^\t]*)\t" do found[#found + 1] = cell end
  return found
end

local function rows_of(bytes)
  local rows, header = {}, nil
  for line in bytes:gmatch "[^\n]+" do
    local row = cells(line)
    if header then
      local named = { line = #rows + 2, width = #row }
      for column, name in ipairs(header) do named[name] = row[column] end
      rows[#rows + 1] = named
    else header = row end
  end
  return rows, header
end

local function present(cell)
  if cell ~= "" then return cell end
end

local function verdict_of(row)
  return replycode.classify(unescape(row.reply),
    { stage = present(row.stage), host = present(row.host), accepted = tonumber(row.accepted) })
end

local function agrees(label, got)
  if label == "+" then return got ~= "-" end
  return ("|" .. label .. "|"):find("|" .. got .. "|", 1, true) ~= nil
end

local function shown(value)
  if value == nil then return "-" end
  return tostring(value)
end

local function score(rows)
  local judged, right, misses = {}, {}, {}
  for _, field in ipairs(fields) do judged[field], right[field] = 0, 0 end
  for _, row in ipairs(rows) do
    local verdict = verdict_of(row)
    for _, field in ipairs(fields) do
      local label, got = row[field], shown(verdict[field])
      if label ~= "" then
        judged[field] = judged[field] + 1
        if agrees(label, got) then right[field] = right[field] + 1
        else
          misses[#misses + 1] = ("%d\t%s\t%s\t%s\t%s\t%s\t%s"):format(row.line, field, label, got, shown(verdict.rule),
            row.stage, row.reply)
        end
      end
    end
  end
  return judged, right, misses
end

describe("the labelled set", function()
  local rows, header = rows_of(read_file "spec/labelled/replies.tsv")

  it("has at least 240 rows of sixteen columns", function()
    assert.is_true(#rows >= 240)
    assert.are.equal(16, #header)
    for _, row in ipairs(rows) do assert.are.equal(16, row.width, "row " .. row.line) end
  end)

  it("names only slugs the catalogue knows", function()
    for _, row in ipairs(rows) do
      for field, kind in pairs(kinds) do
        for slug in row[field]:gmatch "[^|]+" do
          assert.is_truthy(replycode.describe(slug, { kind = kind }), ("row %d: %s %s"):format(row.line, field, slug))
        end
      end
    end
  end)

  it("asks each question of a reply once", function()
    local seen = {}
    for _, row in ipairs(rows) do
      local key = table.concat({ row.reply, row.stage, row.host, row.accepted }, "\t")
      assert.is_nil(seen[key], "row " .. row.line)
      seen[key] = true
    end
  end)

  local judged, right, misses = score(rows)

  for _, field in ipairs(fields) do
    it(("reaches the floor of %s: %d"):format(field, floors[field]), function()
      assert.is_true(right[field] >= floors[field], ("%d of %d"):format(right[field], judged[field]))
    end)
  end

  if os.getenv "REPLYCODE_VERBOSE" then
    print "row\tfield\tlabel\tgot\trule\tstage\treply"
    for _, miss in ipairs(misses) do print(miss) end
    for _, field in ipairs(fields) do print(("%s\t%d of %d"):format(field, right[field], judged[field])) end
  end
end)
