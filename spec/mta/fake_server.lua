-- A server that answers as a scenario says, and keeps what it answered. Runs on cqueues.

local socket = require "cqueues.socket"
local scenarios = require "spec.mta.scenarios"

local server = {}

local stages = { EHLO = "ehlo", HELO = "helo", MAIL = "mail", RCPT = "rcpt", DATA = "data", RSET = "rset", QUIT = "quit" }

local function stage_of(line)
  return stages[line:sub(1, 4):gsub("%l", string.upper)] or "other"
end

-- Answers, notes stage and bytes, and gives whether the connection goes on.
local function answer(connection, scenario, stage, sent)
  local bytes, closes = scenarios.answer(scenario, stage)
  sent[#sent + 1] = { stage = stage, bytes = bytes }
  if bytes ~= "" and not connection:xwrite(bytes, "bn") then return false end
  return not closes, bytes:sub(1, 3) == "354"
end

local function take_message(connection, scenario)
  local lines = {}
  for line in connection:lines("*L") do
    if line == ".\r\n" then
      scenario.message = table.concat(lines)
      return true
    end
    lines[#lines + 1] = line
  end
  return false
end

local function converse(connection, scenario, sent)
  if not answer(connection, scenario, "connect", sent) then return end
  for line in connection:lines("*L") do
    local goes_on, takes_message = answer(connection, scenario, stage_of(line), sent)
    if takes_message then
      goes_on = take_message(connection, scenario) and answer(connection, scenario, "content", sent)
    end
    if not goes_on then return end
  end
end

--- Serves a scenario on a controller; connections are added to scenario.connections, a list of what was answered each. The
--- message that was taken last is scenario.message.
function server.serve(controller, scenario)
  local listener = socket.listen{ host = scenario.address, port = scenarios.port, reuseaddr = true }
  scenario.connections = {}
  assert(listener:listen(5))
  controller:wrap(function()
    for connection in listener:clients() do
      local sent = {}
      table.insert(scenario.connections, sent)
      controller:wrap(function()
        connection:setmode("b", "b")
        connection:onerror(function(_, _, code) return code end)
        converse(connection, scenario, sent)
        connection:shutdown("w")
        connection:close()
      end)
    end
  end)
end

return server
