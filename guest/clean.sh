# Removes what a machine must not leave to those that are made from it.
#
# The agent of the cloud that runs this script must live until it has told the answer, and
# it writes its state again as long as it lives. So its state, and what the system writes
# when it shuts down, is removed while the machine shuts down, by a unit that is only in
# memory: see forget.sh. The machine must be stopped, not captured while it runs.
HISTSIZE=0
shopt -s nullglob dotglob

# empty removes what is in folders, and not the folders.
empty() {
	local d
	for d in "$@"; do
		[[ -d $d && ! -L $d ]] || continue
		find "$d" -xdev -mindepth 1 -delete 2>>"$LOG" || true
	done
}
# blank empties a file that must be there.
blank() {
	local f
	for f in "$@"; do [[ ! -f $f || -L $f ]] || : >"$f"; done
}

ETC=$ROOT/etc
VAR=$ROOT/var
FIRST_BOOT=$VAR/lib/cloud/scripts/per-instance/$HOME_NAME
if [[ -e $FIRST_BOOT ]]; then cp -p "$FIRST_BOOT" "$WORK/first-boot"; fi
[[ -s $WORK/first-boot ]] || fail 'There is no script for the first boot: nothing was installed in this machine.'

step 'stopping what would write again'
if [[ -e $VAR/opt/$HOME_NAME/bootstrapped ]] && command -v "$CTL" >/dev/null; then
	note 'The product had been configured. Its secrets and its data are removed.'
	quietly timeout 300 "$CTL" stop || true
fi
systemctl stop "$HOME_NAME-runsvdir.service" apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service \
	syslog.socket rsyslog.service >>"$LOG" 2>&1 || true

step 'removing what the product made'
for f in "${SECRETS[@]}"; do rm -f "$ROOT$f"; done
rm -f "$ETC/$HOME_NAME"/*-secrets.json "$ETC/$HOME_NAME/initial_root_password" "$ETC/$HOME_NAME"/*license*
empty "$ETC/$HOME_NAME/ssl" "$ETC/$HOME_NAME/trusted-certs" "$VAR/opt/$HOME_NAME" "$VAR/log/$HOME_NAME" "$VAR/lib/$HOME_NAME-first-boot"
rm -f "$ROOT/opt/$HOME_NAME/embedded/nodes"/*.json
# Links to files that were made when it was configured, and are made again.
if [[ -d $ROOT/opt/$HOME_NAME/embedded/service ]]; then
	find "$ROOT/opt/$HOME_NAME/embedded/service" -xdev -type l -lname "/var/opt/$HOME_NAME/*" -delete
fi
rb=$ETC/$HOME_NAME/$HOME_NAME.rb
if [[ -f $rb ]]; then
	safe=${PLACEHOLDER//[^A-Za-z0-9:\/.-]/}
	sed -i -E "s|^[[:space:]]*external_url[[:space:](]+[\"'].*|external_url '$safe'|" "$rb"
fi

step 'removing who worked here'
others=()
while IFS=: read -r name _ uid _; do
	if [[ $uid =~ ^[0-9]+$ ]] && ((uid >= 1000 && uid < 60000)) && [[ $name != ubuntu ]]; then others+=("$name"); fi
done <"$ETC/passwd"
for name in "${others[@]}"; do quietly userdel --force --remove "$name" || note "The account $name could not be removed."; done
# Root and the others have no password; who may log in is asked of the cloud.
for name in root ubuntu; do
	if grep -q "^$name:" "$ETC/passwd"; then quietly passwd --lock "$name" || true; fi
done
for f in "$ETC"/sudoers.d/*; do [[ ${f##*/} == README ]] || rm -f "$f"; done
for home in "$ROOT/root" "$ROOT"/home/*; do
	[[ -d $home && ! -L $home ]] || continue
	rm -f "$home"/.ssh/authorized_keys* "$home"/.ssh/known_hosts* "$home"/.*history "$home"/.lesshst "$home"/.viminfo
	for f in .netrc .curlrc .wgetrc .git-credentials .npmrc .pypirc .pgpass .my.cnf .vault-token .docker .gem .aws .azure .kube \
		.gnupg .cache .config/gcloud .config/op .config/glab-cli; do rm -rf "${home:?}/$f"; done
done

step 'removing what belongs to this machine'
rm -f "$ETC"/ssh/ssh_host_* "$ETC"/ssh/ssh_known_hosts "$ETC"/apt/auth.conf "$ETC"/apt/auth.conf.d/* "$ETC"/apt/apt.conf.d/*proxy*
if command -v cloud-init >/dev/null; then quietly cloud-init clean --logs --seed || true; fi
empty "$VAR/lib/cloud"
# Cloud-init removes its scripts too, and the one for the first boot must stay.
mkdir -p "$VAR/lib/cloud/scripts"/per-{boot,once}
install -D -m 755 "$WORK/first-boot" "$FIRST_BOOT"
for f in "$ETC"/netplan/*.yaml "$ETC"/netplan/*.yml; do [[ ${f##*/} == 90-hotplug-azure.yaml ]] || rm -f "$f"; done
rm -f "$ETC"/udev/rules.d/*persistent-net* "$VAR"/lib/dhcp/*lease* "$VAR"/lib/dhclient/*lease* "$VAR"/lib/NetworkManager/*lease*
blank "$ETC/hostname"
if [[ -f $ETC/hosts ]]; then sed -i -E '/^[[:space:]]*(127\.0\.1\.1|[0-9.]+[[:space:]]+ip-)/d' "$ETC/hosts"; fi
# Empty, and not absent: systemd then makes one that stays.
blank "$ETC/machine-id"
rm -f "$VAR/lib/dbus/machine-id"
if [[ -d $VAR/lib/dbus ]]; then ln -s /etc/machine-id "$VAR/lib/dbus/machine-id"; fi
swapoff -a >>"$LOG" 2>&1 || true
rm -f "$ROOT/swapfile" "$ROOT/swap.img" "$VAR"/lib/systemd/random-seed "$VAR"/lib/urandom/random-seed "$ROOT"/boot/efi/loader/random-seed
if [[ -f $ETC/fstab ]]; then sed -i -E '/^[^#[:space:]]+[[:space:]]+[^[:space:]]+[[:space:]]+swap[[:space:]]/d' "$ETC/fstab"; fi

step 'removing what is old or temporary'
quietly apt-get clean || true
empty "$VAR/lib/apt/lists" "$VAR/cache/apt"
mkdir -p "$VAR/lib/apt/lists/partial" "$VAR/cache/apt/archives/partial"
for d in "$ROOT/tmp" "$VAR/tmp"; do
	if [[ -d $d ]]; then find "$d" -xdev -mindepth 1 ! -type d -delete 2>>"$LOG" || true; fi
done
# The journal is written in memory from now on, and what is on the disk goes.
if command -v journalctl >/dev/null; then quietly journalctl --relinquish-var || true; fi
empty "$VAR/log/journal"
if [[ -d $VAR/log ]]; then find "$VAR/log" -xdev -type f \( -name '*.gz' -o -name '*.[0-9]' -o -name '*.log.*' \) -delete; fi
if [[ -d $VAR/log ]]; then find "$VAR/log" -xdev -type f -exec truncate -s 0 {} +; fi

step 'leaving the rest for the shutdown'
forget_text >"$WORK/forget.sh"
mkdir -p "$ROOT/run/systemd/system"
# What this unit comes before when the machine starts stops before it when it shuts down.
cat >"$ROOT/run/systemd/system/cloudimage-forget.service" <<UNIT
[Unit]
Description=Forget this machine while it shuts down
DefaultDependencies=no
RequiresMountsFor=/var
Before=shutdown.target rsyslog.service systemd-random-seed.service systemd-update-utmp.service
Before=amazon-ssm-agent.service snap.amazon-ssm-agent.amazon-ssm-agent.service walinuxagent.service
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
ExecStop=/bin/bash $WORK/forget.sh
TimeoutStopSec=90
UNIT
quietly systemctl daemon-reload || fail 'The unit for the shutdown could not be loaded.'
quietly systemctl start cloudimage-forget.service || fail 'The unit for the shutdown could not be started.'
note 'The state of the agent of the cloud is removed while the machine shuts down.'

# What the agent and the system still write is of the unit.
excepted=()
for f in /var/lib/amazon /var/log/amazon /var/lib/waagent /var/log/waagent.log /var/log/azure /var/log/syslog /var/log/auth.log /var/log/kern.log; do excepted+=(--except "$f"); done
for f in "${SECRETS[@]}"; do excepted+=(--secret "$f"); done
look capture --placeholder "$PLACEHOLDER" "${excepted[@]}" || fail 'Something is left that must not be in an image.'

step 'giving free blocks back'
sync
fstrim --all >>"$LOG" 2>&1 || note 'Free blocks could not be given back, so the image is larger.'
succeed
