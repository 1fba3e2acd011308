--- CBOR sequences (RFC 8742) of the command line: a header, then values. Nothing else here loads replycode.cbor, which
--- needs libcbor.

local replycode = require "replycode"

local sequences = {}

-- Where Lua looked for a module is of no use, why a library does not load is.
local function bare(message)
  return (message:gsub("not found:.*$", "not found"):gsub("%s+", " "))
end

--- The module replycode.cbor. Nil when it cannot be loaded: then it was said.
function sequences.load(request)
  local ok, module = pcall(require, "replycode.cbor")
  if ok then return module end
  request.complain("no_cbor", bare(tostring(module)))
end

--- Writes the header and gives a function that writes a value. Nil and the exit status when that cannot be,
--- which it says.
function sequences.begin(page, request)
  if page.shown then
    request.complain("to_terminal", "")
    return nil, 2
  end
  local cbor = sequences.load(request)
  if not cbor then return nil, 1 end
  local function write(value) page:write(cbor.encode(value)) end
  write { format = cbor.format, replycode = replycode._VERSION }
  return write
end

--- Whether a value is a header. Where sequences were joined, one may stand anywhere.
function sequences.is_header(value)
  return type(value) == "table" and type(value.format) == "number" and type(value.replycode) == "string"
end

return sequences
