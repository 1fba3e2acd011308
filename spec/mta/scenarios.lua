-- What the fake server says, at which stage, and what smtpd makes of it. Each has an address of its own, for smtpd avoids
-- an address that failed.

local scenarios = { port = 2525 }

local stages = { "connect", "ehlo", "mail", "rcpt", "data", "content" }

local long = ("x"):rep(65536)

-- Bytes of the reply; closes: the server hangs up behind it; smtpd: what it makes of a reply at MAIL and later. A reply of
-- another form, or none, ends the session. said: what the server did, where smtpd has reported it but cannot read it.
local replies = {
  { "421",       "421 4.3.2 mx.example.org shutting down\r\n", closes = true,                   smtpd = "TempFail" },
  { "450",       "450 4.2.1 Mailbox busy\r\n",                                                  smtpd = "TempFail" },
  { "452",       "452 4.3.1 Insufficient system storage\r\n",                                   smtpd = "TempFail" },
  { "502",       "502 5.5.1 Command not implemented\r\n",                                       smtpd = "PermFail" },
  { "550",       "550 5.7.1 Rejected by policy\r\n",                                            smtpd = "PermFail" },
  { "550-bare",  "550\r\n",                                                                     smtpd = "PermFail" },
  { "550-plain", "550 Rejected\r\n",                                                            smtpd = "PermFail" },
  { "554",       "554 5.7.1 Go away\r\n",                                                       smtpd = "PermFail" },
  { "521",       "521 mx.example.org does not accept mail\r\n", closes = true,                  smtpd = "PermFail" },
  { "many",      "550-5.7.1 first|line\r\n550-5.7.1 \r\n550 5.7.1  last line\r\n",              smtpd = "PermFail" },
  { "garbage",   "I am no reply\r\n", ends = true,                                              smtpd = "TempFail" },
  { "eight-bit", "550 5.7.1 refus\233 \195\169\r\n",                                            smtpd = "PermFail" },
  { "bare-lf",   "451 4.3.0 bare line end\n",                                                   smtpd = "TempFail" },
  { "nul",       "550 5.7.1 before\0behind\r\n",                                                smtpd = "PermFail" },
  { "5000",      "550 5.7.1 " .. long:sub(1, 5000) .. "\r\n", ends = true, said = "refused",    smtpd = "TempFail" },
  { "drop",      "", closes = true, ends = true,                                                smtpd = "TempFail" },
  { "long",      "550 5.7.1 " .. long .. "\r\n", ends = true,                                   smtpd = "TempFail" },
}

local good = {
  connect = "220 mx.example.org ESMTP\r\n",
  ehlo = "250-mx.example.org\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 1000000\r\n",
  helo = "250 mx.example.org\r\n",
  mail = "250 2.1.0 Ok\r\n",
  rcpt = "250 2.1.5 Ok\r\n",
  data = "354 Go on\r\n",
  content = "250 2.0.0 Taken\r\n",
  rset = "250 2.0.0 Ok\r\n",
  quit = "221 2.0.0 Bye\r\n",
  other = "500 5.5.2 What?\r\n",
}

--- What to answer at a stage: the bytes, and whether to hang up.
function scenarios.answer(scenario, stage)
  if stage == scenario.stage then return scenario.bytes, scenario.closes end
  return good[stage] or good.other, stage == "quit"
end

scenarios[1] = { name = "accepted", address = "127.77.9.1", smtpd = "Ok" }

for at, stage in ipairs(stages) do
  for number, reply in ipairs(replies) do
    scenarios[#scenarios + 1] = { name = stage .. "-" .. reply[1], address = ("127.77.%d.%d"):format(at, number),
      stage = stage, bytes = reply[2], closes = reply.closes, smtpd = reply.smtpd, said = reply.said,
      helo = stage == "ehlo" and not reply.closes and not reply.ends,
      is_unnamed = reply.said ~= nil or stage == "ehlo" and reply.closes }
  end
end

return scenarios
