rockspec_format = "3.0"
package = "replycode"
version = "scm-1"
source = { url = "git+file://." }
description = {
  summary = "What an SMTP reply means, whether it is transient or permanent, what it concerns and what to do",
  detailed = [[
    Any bytes an SMTP or LMTP server sends become a reply; the reply becomes a verdict: transience, cause, scope, action.
    A catalogue says in English and Turkish what each code and enhanced status means and how to fix it.
    C core without allocation; Lua 5.1 to 5.4 and LuaJIT.]],
  labels = { "smtp", "email", "lmtp", "mail", "bounce", "parser" },
  license = "MIT",
}
dependencies = { "lua >= 5.1, < 5.5" }
test_dependencies = { "busted" }
external_dependencies = { CBOR = { header = "cbor.h", library = "cbor" } }
build = {
  type = "builtin",
  modules = {
    replycode = "lua/replycode.lua",
    ["replycode.core"] = {
      sources = {
        "csrc/advise.c", "csrc/ascii.c", "csrc/builtin.c", "csrc/catalogue.c", "csrc/classifier.c", "csrc/command.c", "csrc/compare.c",
        "csrc/compile.c", "csrc/compose.c", "csrc/condition.c", "csrc/fault.c", "csrc/fold.c", "csrc/index.c", "csrc/layout.c",
        "csrc/line.c", "csrc/lint.c", "csrc/lint_form.c", "csrc/lint_matter.c", "csrc/lint_text.c", "csrc/match.c", "csrc/own_words.c", "csrc/pattern.c", "csrc/provider.c", "csrc/reading.c",
        "csrc/reply.c", "csrc/rules.c", "csrc/signals.c", "csrc/slug.c", "csrc/status.c", "csrc/stream.c",
        "csrc/verdict.c", "csrc/wait.c", "csrc/window.c", "csrc/words.c",
        "csrc/lua_advise.c", "csrc/lua_arguments.c", "csrc/lua_catalogue.c", "csrc/lua_classifier.c",
        "csrc/lua_compose.c", "csrc/lua_core.c", "csrc/lua_lint.c",
        "csrc/lua_stream.c", "csrc/lua_values.c", "csrc/lua_verdict.c",
      },
      incdirs = { "csrc" },
      defines = { "REPLYCODE_HIDDEN" },
    },
    ["replycode.cbor"] = "lua/replycode/cbor.lua",
    ["replycode.cbor.core"] = {
      sources = {
        "csrc/encode.c", "csrc/lua_cbor.c", "csrc/lua_decode.c", "csrc/lua_encode.c", "csrc/lua_sequence.c",
      },
      incdirs = { "csrc", "$(CBOR_INCDIR)" },
      libdirs = { "$(CBOR_LIBDIR)" },
      libraries = { "cbor" },
    },
    ["replycode.compose"] = "lua/replycode/compose.lua",
    ["replycode.log"] = "lua/replycode/log.lua",
    ["replycode.opensmtpd"] = "lua/replycode/opensmtpd.lua",
    ["replycode.opensmtpd.answers"] = "lua/replycode/opensmtpd/answers.lua",
    ["replycode.opensmtpd.dialogue"] = "lua/replycode/opensmtpd/dialogue.lua",
    ["replycode.opensmtpd.events"] = "lua/replycode/opensmtpd/events.lua",
    ["replycode.opensmtpd.guard"] = "lua/replycode/opensmtpd/guard.lua",
    ["replycode.opensmtpd.lines"] = "lua/replycode/opensmtpd/lines.lua",
    ["replycode.opensmtpd.message"] = "lua/replycode/opensmtpd/message.lua",
    ["replycode.opensmtpd.registration"] = "lua/replycode/opensmtpd/registration.lua",
    ["replycode.opensmtpd.sessions"] = "lua/replycode/opensmtpd/sessions.lua",
    ["replycode.session"] = "lua/replycode/session.lua",
    ["replycode.session.capabilities"] = "lua/replycode/session/capabilities.lua",
    ["replycode.session.client"] = "lua/replycode/session/client.lua",
    ["replycode.session.command"] = "lua/replycode/session/command.lua",
    ["replycode.session.message"] = "lua/replycode/session/message.lua",
    ["replycode.session.open"] = "lua/replycode/session/open.lua",
    ["replycode.session.pairing"] = "lua/replycode/session/pairing.lua",
    ["replycode.session.transaction"] = "lua/replycode/session/transaction.lua",
  },
}
test = {
  type = "busted",
  flags = { "spec" },
}
