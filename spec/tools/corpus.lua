-- Every reply of the captures and of the labelled set, with what is known of where it came from.

local replycode = require "replycode"
local recording = require "replycode.cli.recording"
local read_file = require "spec.tools.read_file"

local escapes = { r = "\r", n = "\n", t = "\t", ["\\"] = "\\" }

local function present(cell)
  if cell ~= "" then return cell end
end

local function add_captures(found)
  local files = assert(io.popen "find spec/replies -name '*.raw' -o -name '*.txt' | LC_ALL=C sort")
  for path in files:lines() do
    for _, item in ipairs(recording.read(read_file(path))) do
      found[#found + 1] = { file = path, reply = item.reply, context = { stage = item.stage, accepted = item.accepted } }
    end
  end
  files:close()
end

local function add_labelled(found)
  local path = "spec/labelled/replies.tsv"
  for line in read_file(path):gsub("^[^\n]*\n", ""):gmatch "[^\n]+" do
    local text, stage, host, accepted = line:match "^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)"
    found[#found + 1] = { file = path, reply = replycode.parse((text:gsub("\\(.)", escapes))),
      context = { stage = present(stage), host = present(host), accepted = tonumber(accepted) } }
  end
end

--- A list of { file, reply, context }, the context as `classify` takes it.
return function()
  local found = {}
  add_captures(found)
  add_labelled(found)
  return found
end
