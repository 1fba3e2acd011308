# Dovecot's LMTP on port 25080 that takes user@example.org and other@example.org. Run inside its namespace:
# dovecot.sh STATE, a folder of its own.
state=$1
mkdir -p "$state/run" "$state/mail"
cat > "$state/users" <<X
user:{PLAIN}x:65534:65534::$state/mail/user::
other:{PLAIN}x:65534:65534::$state/mail/other::
X
chmod 755 "$state"
chown -R 65534:65534 "$state/mail"
cat > "$state/dovecot.conf" <<X
base_dir = $state/run
state_dir = $state/run
log_path = /dev/stderr
protocols = lmtp
listen = 127.0.0.1
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
ssl = no
hostname = mail.example.org
mail_location = maildir:$state/mail/%n
first_valid_uid = 1
auth_mechanisms = plain
passdb {
  driver = passwd-file
  args = username_format=%n $state/users
}
userdb {
  driver = passwd-file
  args = username_format=%n $state/users
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = 25080
  }
}
X
exec dovecot -F -c "$state/dovecot.conf"
