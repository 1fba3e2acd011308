rockspec_format = "3.0"
package = "replycode-cli"
version = "scm-1"
source = { url = "git+file://." }
description = {
  summary = "The command line of replycode: explain, compare, list, read, decode, check and lint SMTP replies, and advise",
  labels = { "smtp", "email", "commandline" },
  license = "MIT",
}
dependencies = { "lua >= 5.1, < 5.5", "replycode", "argparse", "dkjson" }
build = {
  type = "builtin",
  modules = {
    ["replycode.cli"] = "lua/replycode/cli.lua",
    ["replycode.cli.advise"] = "lua/replycode/cli/advise.lua",
    ["replycode.cli.blocks"] = "lua/replycode/cli/blocks.lua",
    ["replycode.cli.check"] = "lua/replycode/cli/check.lua",
    ["replycode.cli.compare"] = "lua/replycode/cli/compare.lua",
    ["replycode.cli.decode"] = "lua/replycode/cli/decode.lua",
    ["replycode.cli.entry"] = "lua/replycode/cli/entry.lua",
    ["replycode.cli.explain"] = "lua/replycode/cli/explain.lua",
    ["replycode.cli.file"] = "lua/replycode/cli/file.lua",
    ["replycode.cli.group"] = "lua/replycode/cli/group.lua",
    ["replycode.cli.json"] = "lua/replycode/cli/json.lua",
    ["replycode.cli.language"] = "lua/replycode/cli/language.lua",
    ["replycode.cli.lint"] = "lua/replycode/cli/lint.lua",
    ["replycode.cli.list"] = "lua/replycode/cli/list.lua",
    ["replycode.cli.marked"] = "lua/replycode/cli/marked.lua",
    ["replycode.cli.read"] = "lua/replycode/cli/read.lua",
    ["replycode.cli.record"] = "lua/replycode/cli/record.lua",
    ["replycode.cli.recording"] = "lua/replycode/cli/recording.lua",
    ["replycode.cli.rules"] = "lua/replycode/cli/rules.lua",
    ["replycode.cli.samples"] = "lua/replycode/cli/samples.lua",
    ["replycode.cli.sequence"] = "lua/replycode/cli/sequence.lua",
    ["replycode.cli.terminal"] = "lua/replycode/cli/terminal.lua",
    ["replycode.cli.text"] = "lua/replycode/cli/text.lua",
    ["replycode.cli.verdict"] = "lua/replycode/cli/verdict.lua",
    ["replycode.cli.width"] = "lua/replycode/cli/width.lua",
    ["replycode.cli.words"] = "lua/replycode/cli/words.lua",
    ["replycode.filter.journal"] = "lua/replycode/filter/journal.lua",
    ["replycode.filter.line"] = "lua/replycode/filter/line.lua",
    ["replycode.filter.main"] = "lua/replycode/filter/main.lua",
    ["replycode.filter.redact"] = "lua/replycode/filter/redact.lua",
    ["replycode.filter.refusal"] = "lua/replycode/filter/refusal.lua",
  },
  install = {
    bin = { "lua/bin/replycode", "lua/bin/filter-replycode" },
  },
}
