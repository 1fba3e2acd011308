# Postfix with a smtpd on port 25010 that takes user@example.org and throws mail away. Run inside its namespace.
mkdir -p /etc/postfix /var/lib/postfix
cat > /etc/postfix/main.cf <<'X'
compatibility_level = 3.6
queue_directory = /var/spool/postfix
data_directory = /var/lib/postfix
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = /dev/stdout
myhostname = mail.example.org
mydestination = example.org
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_transport = discard:
default_transport = discard:
alias_maps =
alias_database =
local_recipient_maps = inline:{user=x, full=x, many=x, later=x}
message_size_limit = 10000000
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 100
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access inline:{
  {full@example.org = 552 5.2.2 Mailbox full}, {many@example.org = 552 5.5.3 Too many recipients},
  {later@example.org = 450 4.7.1 Greylisted for 300 seconds} }
smtpd_tls_cert_file = /etc/postfix/cert.pem
smtpd_tls_key_file = /etc/postfix/key.pem
smtpd_tls_security_level = may
X
cat > /etc/postfix/master.cf <<'X'
25010 inet n - n - 300 smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
discard unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
X
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mail.example.org -keyout /etc/postfix/key.pem \
  -out /etc/postfix/cert.pem 2> /dev/null
chown postfix /var/lib/postfix
chgrp postdrop /usr/sbin/postqueue /usr/sbin/postdrop
chmod g+s /usr/sbin/postqueue /usr/sbin/postdrop
# start-fg leaves the master behind when it is ended itself.
trap "kill \$(cat /var/spool/postfix/pid/master.pid)" TERM
postfix -c /etc/postfix start-fg &
wait
wait
