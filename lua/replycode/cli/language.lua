--- The language to speak: the one asked for, else that of the environment.

local language = {}

-- "tr", "tr_TR.UTF-8", "tr@x": a language code, and nothing or no letter behind it ("trv" is another language).
local function is_turkish(locale)
  return locale:find("^[Tt][Rr]$") or locale:find("^[Tt][Rr][^A-Za-z]")
end

--- "en" or "tr". `getenv` is os.getenv unless given.
function language.choose(asked, getenv)
  if asked then return asked end
  for _, name in ipairs { "LC_ALL", "LC_MESSAGES", "LANG" } do
    local locale = (getenv or os.getenv)(name)
    if locale and locale ~= "" then return is_turkish(locale) and "tr" or "en" end
  end
  return "en"
end

return language
