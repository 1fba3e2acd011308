rockspec_format = "3.0"
package = "replycode-cli"
version = "scm-1"
source = { url = "git+file://." }
description = {
  summary = "The command line of replycode: explain, compare, list and read SMTP replies",
  labels = { "smtp", "email", "commandline" },
  license = "MIT",
}
dependencies = { "lua >= 5.1, < 5.5", "replycode", "argparse", "dkjson" }
build = {
  type = "builtin",
  modules = {
    ["replycode.cli"] = "lua/replycode/cli.lua",
  },
  install = {
    bin = { "lua/bin/replycode" },
  },
}
