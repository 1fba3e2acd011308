--- `replycode read`: the verdicts of the replies in files, or how often which came; as a table, lines of JSON, or CBOR.

local file = require "replycode.cli.file"
local group = require "replycode.cli.group"
local json = require "replycode.cli.json"
local record = require "replycode.cli.record"
local recording = require "replycode.cli.recording"
local sequences = require "replycode.cli.sequence"
local text = require "replycode.cli.text"

-- ---- Printing: each calls records(take), which calls take(record) for each reply ------------------------------------

local function print_table(page, records, called, request)
  local rows = { record.head(request.words) }
  records(function(object) rows[#rows + 1] = record.row(object, request.words) end)
  if #request.files > 1 then page:title(text.printable(called)) end
  page:table(rows, 0, true)
end

local function print_json(page, records)
  records(function(object) page:line(json.line(object)) end)
end

-- A function that prints the records of a file. Nil and the exit status when there can be none.
local function printer_of(page, request)
  if not request.cbor then return request.json and print_json or print_table end
  local write, status = sequences.begin(page, request)
  return write and function(_, records) records(write) end, status, write
end

-- ---- Reading --------------------------------------------------------------------------------------------------------

local function print_file(page, name, print, request)
  local bytes, message = file.read(name, request.input)
  if not bytes then
    request.complain("unreadable", message)
    return 1
  end
  local found = recording.read(bytes, request.stage)
  local called = name == "-" and request.words.standard_input or name
  if #found == 0 then request.complain("no_replies", called) return 0 end
  print(page, function(take)
    for _, item in ipairs(found) do take(record.of(item, request, name ~= "-" and name or nil)) end
  end, called, request)
  return 0
end

local function print_files(page, print, request)
  local status = 0
  if #request.files == 0 then request.files = { "-" } end
  for _, name in ipairs(request.files) do status = math.max(status, print_file(page, name, print, request)) end
  return status
end

-- The replies of all files are counted together.
local function print_groups(page, request)
  local print, status, write = printer_of(page, request)
  if not print then return status end
  local groups = group.new()
  status = print_files(page, function(_, records)
    records(function(object) groups:add(object) end)
  end, request)
  groups:print(page, request, write)
  return status
end

--- Reads request.files, standard input when there are none. Gives the exit status.
return function(page, request)
  if request.group then return print_groups(page, request) end
  local print, status = printer_of(page, request)
  return print and print_files(page, print, request) or status
end
