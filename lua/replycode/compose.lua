--- What to say as a server, filter or proxy. The functions are C, in `replycode.core`.

require "replycode.core"

return require "replycode.compose.core"
