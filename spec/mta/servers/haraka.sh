# Haraka on port 25070 that takes user@example.org and throws mail away: haraka.sh STATE, beside npm's node_modules.
cd "$1" || exit 1
rm -rf i
node node_modules/.bin/haraka -i i > /dev/null
cat > i/config/smtp.ini <<'X'
listen=127.0.0.1:25070
nodes=0
daemonize=false
X
echo mail.example.org > i/config/me
echo example.org > i/config/host_list
echo answers > i/config/plugins
cat > i/plugins/answers.js <<'X'
'use strict'
exports.hook_rcpt = function (next, connection, params) {
  const address = params[0]
  if (address.host !== 'example.org') return next(DENY, 'I cannot deliver mail for ' + address.address())
  const dsn = require('haraka-dsn')
  switch (address.user) {
    case 'user': return next(OK)
    case 'full': return next(DENYSOFT, dsn.mbox_full('mailbox full'))
    case 'many': return next(DENY, ['too many recipients', 'send the rest later'])
    case 'later': return next(DENYSOFT, 'greylisted')
    default: return next(DENY, dsn.no_such_user())
  }
}
exports.hook_queue = function (next) { next(OK, 'thrown away') }
X
exec node node_modules/.bin/haraka -c i
