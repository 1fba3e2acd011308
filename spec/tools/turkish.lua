-- Loaded before the suite: a Lua program is in the C locale until it asks for another.
assert(os.setlocale("tr_TR.UTF-8"), "the locale tr_TR.UTF-8 is not installed")
