--- Keeps standard output and input for the protocol: smtpd stops with the first line that it does not understand.
---
--- Programs that are started write to standard error and read nothing, for they share both with the filter. What cannot be
--- held off is C code that writes by itself, and a `print` that was kept before.

local guard = {}

-- luacheck: globals print io os

local kept

local function show(...)
  local parts = {}
  for at = 1, select("#", ...) do parts[at] = tostring((select(at, ...))) end
  io.stderr:write(table.concat(parts, "\t"), "\n")
end

local function no_exit()
  error("os.exit: a filter that exits stops the mail server", 2)
end

local function guarded_execute(command)
  if command == nil then return kept.execute() end
  return kept.execute("exec </dev/null 1>&2\n" .. command)
end

local function guarded_popen(command, mode)
  local writes = type(mode) == "string" and mode:sub(1, 1) == "w"
  return kept.popen((writes and "exec 1>&2\n" or "exec </dev/null\n") .. command, mode)
end

--- Redirects print, io and os until `remove`; gives { input =, output = } with the real ones.
function guard.install()
  if kept then return kept end
  kept = { input = io.stdin, output = io.stdout, print = print, exit = os.exit, execute = os.execute, popen = io.popen }
  local nothing = io.open("/dev/null", "rb") or io.tmpfile()
  io.input(nothing)
  io.output(io.stderr)
  io.stdin, io.stdout, io.popen = nothing, io.stderr, guarded_popen
  os.exit, os.execute, print = no_exit, guarded_execute, show
  return kept
end

--- Puts back what `install` has redirected.
function guard.remove()
  if not kept then return end
  io.input(kept.input)
  io.output(kept.output)
  io.stdin, io.stdout, io.popen = kept.input, kept.output, kept.popen
  os.exit, os.execute, print = kept.exit, kept.execute, kept.print
  kept = nil
end

return guard
