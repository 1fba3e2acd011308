-- The command line, run within this Lua through `main`.

local cli = require "replycode.cli"

local command = {}

--- Something to write to, and the list of what was written.
function command.capture()
  local parts = {}
  return { write = function(self, ...)
    for at = 1, select("#", ...) do parts[#parts + 1] = (select(at, ...)) end
    return self
  end }, parts
end

--- Output, errors and exit status. `input`: what standard input holds, or a table with the method read.
function command.run(arguments, input)
  local output, printed = command.capture()
  local errors, complained = command.capture()
  if type(input) ~= "table" then
    local bytes = input or ""
    input = { read = function() return bytes end }
  end
  local status = cli.main(arguments, output, errors, input)
  return table.concat(printed), table.concat(complained), status
end

return command
