--- Takes the people out of a refusal: of an address only the domain stays.

local redact = {}

-- The local part before "@", quoted or not (RFC 5321 section 4.1.2), in what may be any text.
local function hide_addresses(text)
  return (text:gsub('"[^"]*"@', "*@"):gsub("[^%z\1-\32<>@:;,\"'()%[%]]+@", "*@"))
end

local function escape(text)
  return (text:gsub("[^A-Za-z0-9\128-\255]", "%%%0"))
end

-- Servers also name a recipient without its domain. Two letters are no name.
local function hide_name(text, address)
  local name = address and address:match("^(.*)@")
  if not name or #name < 3 then return text end
  return (text:gsub("%f[A-Za-z0-9]" .. escape(name) .. "%f[^A-Za-z0-9]", "*"))
end

--- The same refusal with addresses as "*@example.org", those in the server's words too.
function redact.refusal(refusal)
  local shown = {}
  for key, value in pairs(refusal) do shown[key] = value end
  shown.recipient = refusal.recipient and hide_addresses(refusal.recipient)
  shown.sender = refusal.sender and hide_addresses(refusal.sender)
  if not refusal.reply or not refusal.reply.text then return shown end
  shown.reply = {}
  for key, value in pairs(refusal.reply) do shown.reply[key] = value end
  shown.reply.text = hide_addresses(hide_name(refusal.reply.text, refusal.recipient))
  return shown
end

return redact
