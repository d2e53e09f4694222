# Runs while the machine shuts down, after the agent of the cloud and the logging of the
# system have stopped, from a folder in memory. It removes what they wrote to the end.
if command -v waagent >/dev/null; then timeout 60 waagent -force -deprovision+user >/dev/null 2>&1 || true; fi
rm -rf "$ROOT"/var/lib/amazon/ssm/* "$ROOT"/var/lib/waagent/* "$ROOT"/var/log/amazon "$ROOT"/var/log/azure
rm -f "$ROOT"/var/lib/systemd/random-seed "$ROOT"/root/.*history "$ROOT"/home/*/.*history "$ROOT"/etc/ssh/ssh_host_*
find "$ROOT/var/log" -xdev -type f -exec truncate -s 0 {} +
find "$ROOT/var/log/journal" -xdev -mindepth 1 -delete 2>/dev/null || true
: >"$ROOT/etc/machine-id"
# Waagent knows what cloud-init leaves, but not what of it is ours.
install -D -m 755 "$ROOT/run/cloudimage/first-boot" "$ROOT/var/lib/cloud/scripts/per-instance/$HOME_NAME"
sync
