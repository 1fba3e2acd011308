-- Every line that compose.line makes of an advice for a refusal, each once, in a fixed order.

local compose = require "replycode.compose"
local replycode = require "replycode"

local lines, known = {}, {}

local function add(situation, stage, lang)
  local advice = compose.advise(situation, stage, { lang = lang })
  if advice.code < 400 then return end
  local line = compose.line(advice)
  if not known[line] then
    known[line] = true
    lines[#lines + 1] = line
  end
end

for situation in replycode.entries "situation" do
  for stage in replycode.entries "stage" do
    for _, lang in ipairs { "en", "tr" } do add(situation.slug, stage.slug, lang) end
  end
end

return lines
