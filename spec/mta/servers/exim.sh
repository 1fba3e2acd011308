# Exim on port 25030 that takes user@example.org and throws mail away. Run inside its namespace.
mkdir -p /etc/exim4 /var/spool/exim4
chown Debian-exim /var/spool/exim4
cat > /etc/exim4/exim4.conf <<'X'
primary_hostname = mail.example.org
exim_user = Debian-exim
exim_group = Debian-exim
spool_directory = /var/spool/exim4
log_file_path = /var/spool/exim4/%slog
pid_file_path = /var/spool/exim4/exim.pid
keep_environment =
local_interfaces = <; 127.0.0.1.25030
host_lookup =
rfc1413_query_timeout = 0s
smtp_banner = $smtp_active_hostname ESMTP Exim
smtp_accept_max = 300
smtp_accept_max_per_host = 300
smtp_max_synprot_errors = 100
smtp_max_unknown_commands = 100
acl_smtp_rcpt = rcpt
acl_smtp_data = content
acl_smtp_vrfy = content
prdr_enable = true
tls_advertise_hosts =
begin acl
rcpt:
  deny  local_parts = full
        message = 552 5.2.2 Mailbox full
  deny  local_parts = many
        message = 552 5.5.3 Too many recipients
  defer local_parts = later
        message = 451 4.7.1 Greylisted, please try again in 300 seconds
  deny  domains = ! example.org
        message = relay not permitted
  deny  local_parts = ! user
        message = first line of the reason\nno such user here
  accept
content:
  accept
begin routers
all:
  driver = accept
  transport = away
begin transports
away:
  driver = appendfile
  file = /dev/null
  user = Debian-exim
X
chown root:root /etc/exim4/exim4.conf
exec /usr/sbin/exim4 -bdf -q1h
