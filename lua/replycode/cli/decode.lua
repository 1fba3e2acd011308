--- `replycode decode`: the values of CBOR sequences, as tables or as lines of JSON.

local blocks = require "replycode.cli.blocks"
local file = require "replycode.cli.file"
local json = require "replycode.cli.json"
local sequences = require "replycode.cli.sequence"
local text = require "replycode.cli.text"

-- Functions that take a value, and that print what waits.
local function json_printer(page, cbor)
  return function(value) page:line(json.line(value, cbor.null)) end, function() end
end

local function table_printer(page, cbor, called, request)
  local title = #request.files > 1 and text.printable(called) or nil
  local printer = blocks.new(page, request.words, title, cbor.null)
  return function(value) printer:add(value) end, function() printer:flush() end
end

-- A header is not printed; a newer one may announce what is not known here.
local function check_header(header, called, cbor, request)
  if header.format <= cbor.format then return end
  request.complain("problem", request.words.newer_format:format(called, header.format))
end

-- Nil and what is wrong with the file, or with its bytes.
local function each_value(name, called, cbor, request, take)
  local sequence = cbor.sequence()
  local ok, message = file.each_part(name, request.input, function(bytes)
    for value in sequence:feed(bytes) do take(value) end
    local _, problem = sequence()
    return problem
  end)
  if not ok then return nil, request.words.unreadable:format(message) end
  local whole, problem, position = sequence:finish()
  return whole, problem and request.words.at_byte:format(called, problem, position)
end

local function print_file(page, name, cbor, request)
  local called = name == "-" and request.words.standard_input or name
  local take, flush = (request.json and json_printer or table_printer)(page, cbor, called, request)
  local ok, message = each_value(name, called, cbor, request, function(value)
    if sequences.is_header(value) then check_header(value, called, cbor, request) else take(value) end
  end)
  flush()
  if ok then return 0 end
  page:finish()   -- all that came before, where both go the same way
  request.complain("problem", message)
  return 1
end

--- Prints request.files, standard input when there are none. Gives the exit status.
return function(page, request)
  local cbor, status = sequences.load(request), 0
  if not cbor then return 1 end
  if #request.files == 0 then request.files = { "-" } end
  for _, name in ipairs(request.files) do status = math.max(status, print_file(page, name, cbor, request)) end
  return status
end
