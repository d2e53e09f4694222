# Brings the system up to date and installs the product, without configuring it.
LOCK_WAIT=600 # how long another program may use apt
NEED_MB=6000  # the package, what is in it, and some room

# With the placeholder the package does not configure itself. Without any address it
# would find that of this machine and do so, with secrets that all machines would share.
# It is set for everything here, since a run that was interrupted is continued by dpkg.
export EXTERNAL_URL=$PLACEHOLDER
# needrestart only lists: nothing is restarted below the agent that runs this.
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1

# apt waits for its locks, but not for all of them.
apt() {
	local until=$((SECONDS + LOCK_WAIT)) code
	while :; do
		code=0
		apt-get -q -y -o DPkg::Lock::Timeout=60 -o Acquire::Retries=5 -o APT::Update::Error-Mode=any \
			-o APT::Get::Always-Include-Phased-Updates=true \
			-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
			"$@" >"$WORK/apt.log" 2>&1 </dev/null 9>&- || code=$?
		cat "$WORK/apt.log" >>"$LOG"
		((code != 0)) || return 0
		if ! grep -qE 'Could not get lock|Unable to (acquire|lock)|is another process using' "$WORK/apt.log"; then
			tail_log
			return "$code"
		fi
		((SECONDS < until)) || fail "Another program has had the lock of apt for $LOCK_WAIT seconds."
		sleep 5
	done
}

# fetch gets an address into a file. The address is not on the command line, where
# everybody could read it.
fetch() {
	local url=${1//\\/\\\\}
	printf 'url = "%s"\n' "${url//\"/\\\"}" |
		curl --config - --fail --silent --show-error --location --proto =https --proto-redir =https \
			--retry 5 --retry-connrefused --connect-timeout 20 --max-time 1800 --output "$2" >>"$LOG" 2>&1 9>&-
}

# slice prints a part of a file: its name, where it begins, how long it is.
slice() { dd if="$1" iflag=skip_bytes,count_bytes skip="$2" count="$3" bs=1M status=none; }

# members prints what is in a .deb, which is an archive of ar: a name, where it begins,
# how long it is. The system has no ar.
members() {
	local at=8 end header name size
	[[ $(head -c 7 -- "$1" | tr -d '\000') == '!<arch>' ]] || return 1
	end=$(stat -c %s -- "$1")
	while ((at + 60 <= end)); do
		header=$(slice "$1" "$at" 60 | tr -d '\000')
		name=${header:0:16} size=${header:48:10}
		name=${name%%[ /]*} size=${size// /}
		[[ $size =~ ^[0-9]+$ ]] || return 1
		printf '%s %d %d\n' "$name" "$((at + 60))" "$((10#$size))"
		at=$((at + 60 + 10#$size + 10#$size % 2))
	done
}

# check_signature checks what debsigs adds to a package: a member _gpgorigin, which signs
# the members that dpkg reads, one after the other.
check_signature() {
	local name at size part parts=() signature='' wanted='' k good
	if ((${#KEYS[@]} == 0)); then
		note 'The signature of the package was not checked: no key was given.'
		return 0
	fi
	while read -r name at size; do
		case $name in
		debian-binary | control.tar* | data.tar*) parts+=("$at $size") ;;
		_gpgorigin) signature="$at $size" ;;
		esac
	done < <(members "$DEB")
	if [[ -z $signature ]]; then
		raw signed false
		note 'The package has no signature of its own.'
		return 0
	fi
	if ! command -v gpg >/dev/null; then
		note 'The signature of the package was not checked: there is no gpg.'
		return 0
	fi
	export GNUPGHOME=$WORK/gnupg
	rm -rf "$GNUPGHOME"
	mkdir -m 700 "$GNUPGHOME"
	if [[ -z $KEY_URL ]] || ! fetch "$KEY_URL" "$WORK/keys"; then
		note 'The signature of the package was not checked: the keys could not be downloaded.'
		return 0
	fi
	gpg --batch --import "$WORK/keys" >>"$LOG" 2>&1 9>&- || true
	for k in "${KEYS[@]}"; do
		k=${k// /} && k=${k^^}
		[[ $k =~ ^[0-9A-F]{40}$ ]] || fail 'A fingerprint of a key must have 40 hexadecimal digits.'
		if gpg --batch --list-keys "$k" >/dev/null 2>&1; then wanted+=" $k "; fi
	done
	if [[ -z $wanted ]]; then
		note 'The signature of the package was not checked: none of the keys is where they are downloaded.'
		return 0
	fi
	read -r at size <<<"$signature"
	slice "$DEB" "$at" "$size" >"$WORK/signature"
	for part in "${parts[@]}"; do
		read -r at size <<<"$part"
		slice "$DEB" "$at" "$size"
	done | gpg --batch --status-fd 1 --verify "$WORK/signature" - >"$WORK/verified" 2>>"$LOG" 9>&- || true
	good=''
	if grep -q '^\[GNUPG:\] GOODSIG ' "$WORK/verified"; then
		# The key that signed, and the one that it belongs to.
		while read -r k; do [[ -n $k && $wanted == *" $k "* ]] && good=1; done \
			< <(awk '$2 == "VALIDSIG" { print $3; print $NF }' "$WORK/verified")
	fi
	rm -rf "$GNUPGHOME"
	[[ -n $good ]] || fail 'The signature of the package is wrong, or is not by one of the keys that may sign it.'
	raw signed true
}

installed() { dpkg-query -W -f '${db:Status-Status} ${Version}' "$PACKAGE" 2>/dev/null || true; }

# The package is received and checked before anything of it is unpacked or run.
download() {
	local free got said
	DEB=$ROOT/var/tmp/cloudimage/$PACKAGE.deb
	step "downloading $PACKAGE"
	mkdir -p "${DEB%/*}"
	if [[ ! -f $DEB ]] || ! sha256sum --check --status <<<"$SHA256  $DEB"; then
		rm -f "$DEB"
		free=$(df --output=avail -m "$ROOT/" | tail -n 1)
		((free >= NEED_MB)) || fail "There is too little space on the disk: ${free// /} MB are free, and $NEED_MB MB are needed."
		if ! fetch "$URL" "$DEB"; then
			tail_log
			fail 'The package could not be downloaded.'
		fi
	fi
	step 'checking the package'
	got=$(sha256sum "$DEB")
	got=${got%% *}
	field sha256 "$got"
	if [[ $got != "$SHA256" ]]; then
		rm -f "$DEB"
		fail "The checksum of the package is $got and not $SHA256."
	fi
	said=$(dpkg-deb --showformat '${Package} ${Version} ${Architecture}' --show "$DEB" 2>>"$LOG") || fail 'What was downloaded is no package.'
	[[ $said == "$PACKAGE $VERSION $ARCHITECTURE" ]] || fail "The package says that it is $said, and not $PACKAGE $VERSION $ARCHITECTURE."
	check_signature
}

[[ $SHA256 =~ ^[0-9a-f]{64}$ ]] || fail 'The checksum that the package must have is not known.'
[[ $PACKAGE =~ ^[a-z0-9][a-z0-9+.-]+$ ]] || fail 'The name of the package cannot be that of a package.'

step 'waiting for cloud-init'
if command -v cloud-init >/dev/null && ! timeout 600 cloud-init status --wait >>"$LOG" 2>&1 9>&-; then
	note 'Cloud-init did not end well in this machine.'
fi
# They would take the lock, or upgrade something while it is installed. They are only
# stopped: in a machine of the image they run.
systemctl stop apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service unattended-upgrades.service >>"$LOG" 2>&1 || true

step 'bringing the system up to date'
quietly dpkg --configure -a || fail 'Packages that were half installed could not be finished.'
apt update || fail 'The lists of packages could not be read.'
apt full-upgrade || fail 'The system could not be brought up to date.'
apt install ca-certificates curl openssh-server perl tzdata || fail 'What the package needs could not be installed.'

was=$(installed)
if [[ $was == "installed $VERSION" ]]; then
	note 'It was installed already.'
	if [[ -s $WORK/sha256 ]]; then field sha256 "$(<"$WORK/sha256")"; fi
elif [[ $was == installed* ]]; then
	fail "Another version is installed already: $PACKAGE ${was#installed }."
else
	download
	step "installing $NAME: $PACKAGE $VERSION"
	apt install "$DEB" || fail 'The package could not be installed.'
	[[ $(installed) == "installed $VERSION" ]] || fail "It is not $VERSION that is installed afterwards."
	printf '%s' "$SHA256" >"$WORK/sha256"
fi
rm -rf "$ROOT/var/tmp/cloudimage"
apt autoremove --purge || fail 'What is no longer needed could not be removed.'

for made in "$ROOT/var/opt/$HOME_NAME/bootstrapped" "${SECRETS[@]/#/$ROOT}"; do
	if [[ -e $made ]]; then
		raw reconfigured true
		fail "The package has configured itself: ${made#"$ROOT"} is there. All machines would share its secrets."
	fi
done
raw reconfigured false

step 'leaving the script for the first boot'
first_boot_text >"$WORK/first-boot"
install -D -m 755 "$WORK/first-boot" "$ROOT/var/lib/cloud/scripts/per-instance/$HOME_NAME"
rails=$ROOT/opt/$HOME_NAME/embedded/service/$HOME_NAME-rails
if [[ -n $KIND && -d $rails ]]; then printf '%s\n' "$KIND" >"$rails/INSTALLATION_TYPE"; fi

# The kernel that the image will boot, which need not be the one that runs now.
kernel=$(find "$ROOT/boot" -maxdepth 1 -name 'vmlinuz-*' -printf '%f\n' 2>/dev/null | sort -V | tail -n 1) || kernel=''
kernel=${kernel#vmlinuz-}
field kernel "${kernel:-$(uname -r)}"
field package "$PACKAGE"
field version "$VERSION"
succeed
