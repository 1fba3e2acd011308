return require "replycode.core"
