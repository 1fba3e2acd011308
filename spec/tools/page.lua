-- What specs ask of a page that the command line printed.

local assert = require "luassert"
local text = require "replycode.cli.text"

local page = {}

function page.contains(part, whole)
  assert.truthy(whole:find(part, 1, true), ("no %q in:\n%s"):format(part, whole))
end

function page.lacks(part, whole)
  assert.falsy(whole:find(part, 1, true), ("%q in:\n%s"):format(part, whole))
end

-- The first line that is too long or has a byte that no terminal should get.
function page.flaw_of(output)
  for line in output:gmatch("[^\n]*") do
    if text.length(line) > 80 or line:find("%c") or text.valid(line) ~= line then return line end
  end
end

return page
