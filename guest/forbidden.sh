#!/bin/bash
# Looks for what an image must not hold.
#
#   forbidden.sh [--mode capture|boot] [option ...] ROOT
#
# Capture is for the root of a system that becomes an image, boot for that of a machine
# that was booted from one. Each violation is a line: RULE, a tab, its path, a tab, words.
# It exits with 1 if there is one, and with 2 if it could not look.
#
#   --except PATH      nothing below it is looked at; may be repeated, like those that follow
#   --secret PATH      a file that each machine makes: not in an image, but in a machine
#   --user NAME        an account of people that may be there, beside ubuntu
#   --key KEY          a public key that may open the machine
#   --placeholder URL  what a product's external_url is in an image; without it every
#                      address of example.com and the like is one
#   --rules            prints the names of the rules and looks at nothing
#
# The rules of this script:
#   - It changes nothing, and it reads nothing outside of ROOT: links that lead out are
#     not followed.
#   - It never prints what it found, only where: its answer goes to a chat.
#   - A product is anything that was made with Omnibus: /opt/NAME/embedded or /etc/NAME/NAME.rb.
set -euo pipefail
export LC_ALL=C
shopt -s nullglob dotglob

RULES=(ssh-host-key authorized-keys known-hosts history machine-id cloud-init-state
	secrets-file initial-password license certificate data bootstrapped chef-node
	external-url-not-placeholder external-url-placeholder logs journal wtmp apt-lists tmp
	random-seed swap agent-registration build-user sudoers credentials private-key token
	uid0-password locked-root empty-password password-authentication root-login netplan
	dhcp-lease hostname udev-net)

mode=capture placeholder='' except=() secrets=() users=(ubuntu) keys=()
while (($#)); do
	case $1 in
	--mode) mode=${2-} ;;
	--placeholder) placeholder=${2-} ;;
	--except) except+=("${2-}") ;;
	--secret) secrets+=("${2-}") ;;
	--user) users+=("${2-}") ;;
	--key) keys+=("${2-}") ;;
	--rules) printf '%s\n' "${RULES[@]}" && exit 0 ;;
	--) shift && break ;;
	-*) echo "forbidden.sh: unknown option $1" >&2 && exit 2 ;;
	*) break ;;
	esac
	(($# > 1)) || { echo "forbidden.sh: $1 wants a value" >&2 && exit 2; }
	shift 2
done
[[ $# == 1 && ($mode == capture || $mode == boot) ]] ||
	{ echo 'usage: forbidden.sh [--mode capture|boot] [option ...] ROOT' >&2 && exit 2; }
root=$(realpath -e -- "$1" 2>/dev/null) || root=''
# A folder that is no system has nothing that is forbidden, and nothing would be learned.
[[ -n $root && -e $root/etc/passwd ]] || { echo "forbidden.sh: $1 is not the root of a system" >&2 && exit 2; }
root=${root%/} # empty for the system itself

capture() { [[ $mode == capture ]]; }
boot() { [[ $mode == boot ]]; }

# say prints a violation: rule, path, words. After 20 of a rule nobody learns more.
declare -A said=()
say() {
	local path=${2#"$root"} p
	for p in "${except[@]}"; do
		[[ $path == "$p" || $path == "$p"/* ]] && return 0
	done
	path=${path//\\/\\\\} path=${path//$'\n'/\\n} path=${path//$'\t'/\\t}
	path=${path//[[:cntrl:]]/?}
	said[$1]=$((${said[$1]:-0} + 1))
	if ((said[$1] <= 20)); then
		printf '%s\t%s\t%s\n' "$1" "${path:-/}" "$3"
	elif ((said[$1] == 21)); then
		printf '%s\t%s\t%s\n' "$1" '' 'There are more.'
	fi
}

# inside: it is there, and so is what it links to, below the root. Where nothing is a link
# there is nothing to follow.
inside() {
	local real at=$root rest=${1#"$root"}
	[[ -e $1 ]] || return 1
	[[ -n $root ]] || return 0
	while [[ -n $rest ]]; do
		rest=${rest#/}
		at+=/${rest%%/*}
		if [[ $rest == */* ]]; then rest=/${rest#*/}; else rest=''; fi
		[[ -L $at || ${at##*/} == .. ]] || continue
		real=$(realpath -e -- "$1" 2>/dev/null) || return 1
		[[ $real == "$root" || $real == "$root"/* ]]
		return
	done
}
# present: something of this name is there, be it a link to nowhere.
present() { [[ (-e $1 || -L $1) ]] && inside "${1%/*}/"; }
# readable: a file that can be read without leaving the root.
readable() { [[ -f $1 ]] && inside "$1"; }
filled() { readable "$1" && [[ -s $1 ]]; }

is_folder() { [[ -d $1 ]] && inside "$1"; }

# walk prints the paths that find finds in a folder, each ended by NUL. In the folder, so
# that its own name is never a pattern.
walk() {
	local folder=$1
	shift
	is_folder "$folder" || return 0
	(cd -- "$folder" && find -P . -xdev -mindepth 1 "$@" -printf '%P\0' 2>/dev/null) || true
}
# report says of everything that find finds in a folder that it breaks a rule.
report() {
	local rule=$1 folder=$2 words=$3 p
	shift 3
	is_folder "$folder" || return 0
	while IFS= read -r -d '' p; do say "$rule" "$folder/$p" "$words"; done < <(walk "$folder" "$@")
}
# each calls a function with every path that matches a pattern in a folder.
each() {
	local function=$1 folder=$2 p
	shift 2
	is_folder "$folder" || return 0
	while IFS= read -r -d '' p; do "$function" "$folder/$p"; done < <(walk "$folder" -maxdepth 1 "$@")
}

# The products, and the homes of people and programs.
products=() homes=()
declare -A seen=()
for p in "$root"/opt/*/embedded "$root"/etc/*/*.rb; do
	name=${p%/*} && name=${name##*/}
	[[ $p == */embedded || ${p##*/} == "$name.rb" ]] || continue
	inside "$p" || continue
	[[ -n ${seen[:$name]:-} ]] || products+=("$name")
	seen[:$name]=1
done
accounts=()
if readable "$root/etc/passwd"; then
	while IFS= read -r line || [[ -n $line ]]; do [[ $line == *:*:*:* ]] && accounts+=("$line"); done <"$root/etc/passwd"
fi
add_home() {
	local real
	[[ -d $1 ]] && inside "$1" && real=$(realpath -e -- "$1") || return 0
	[[ $real == "$root" || -n ${seen[/$real]:-} ]] || homes+=("$real")
	seen[/$real]=1
}
for p in "$root/root" "$root"/home/*; do add_home "$p"; done
for line in "${accounts[@]}"; do
	IFS=: read -r _ _ _ _ _ p _ <<<"$line"
	[[ $p == /?* ]] && add_home "$root$p"
done

ssh() {
	local any='' f h
	for f in "$root"/etc/ssh/ssh_host_*; do
		if capture; then say ssh-host-key "$f" 'It is left.'; fi
		[[ $f == *_key ]] && filled "$f" && any=1
	done
	if boot && [[ -z $any ]]; then say ssh-host-key "$root/etc/ssh" 'The machine has made no host key.'; fi
	for h in "${homes[@]}"; do
		for f in "$h"/.ssh/known_hosts*; do [[ -s $f || -L $f ]] && say known-hosts "$f" 'It is left.'; done
		for f in "$h"/.ssh/authorized_keys*; do authorized "$f"; done
	done
	if filled "$root/etc/ssh/ssh_known_hosts"; then say known-hosts "$root/etc/ssh/ssh_known_hosts" 'It is left.'; fi
	for f in "$root"/etc/ssh/authorized_keys*; do authorized "$f"; done
}
authorized() {
	local line blob k n=0
	inside "${1%/*}/" || return 0
	if [[ -L $1 || ! -f $1 ]]; then say authorized-keys "$1" 'It is not a file.' && return 0; fi
	while IFS= read -r line || [[ -n $line ]]; do
		[[ $line =~ ^[[:space:]]*(#|$) ]] && continue
		blob=$(grep -oE -m1 'AAAA[A-Za-z0-9+/=]+' <<<"$line" | head -n 1) || blob=''
		for k in "${keys[@]}"; do [[ -n $blob && " $k " == *" $blob "* ]] && continue 2; done
		n=$((n + 1))
	done < <(tr -d '\000' <"$1")
	if ((n > 0)); then say authorized-keys "$1" "It opens the machine to $n unknown key(s)."; fi
}

sshd() {
	local files=() f value='' line key
	readable "$root/etc/ssh/sshd_config" || return 0
	# The first value counts, and the files of the folder are included before the rest.
	if grep -qiE '^[[:space:]]*include[[:space:]=]+.*sshd_config\.d' "$root/etc/ssh/sshd_config"; then
		files=("$root"/etc/ssh/sshd_config.d/*.conf)
	fi
	for f in "${files[@]}" "$root/etc/ssh/sshd_config"; do
		readable "$f" || continue
		while IFS= read -r line; do
			key=${line,,} && key=${key//[=\"]/ }
			read -r key line _ <<<"$key"
			case $key in
			passwordauthentication)
				[[ -n $value ]] || value=$line
				[[ $line == no ]] || say password-authentication "$f" 'It lets people in by password.'
				;;
			kbdinteractiveauthentication | challengeresponseauthentication)
				[[ $line == no ]] || say password-authentication "$f" 'It lets people in by what they type.'
				;;
			permitemptypasswords) [[ $line == no ]] || say empty-password "$f" 'It lets people in without a password.' ;;
			permitrootlogin) [[ $line != yes ]] || say root-login "$f" 'It lets root in by any means.' ;;
			esac
		done < <(tr -d '\000' <"$f" | grep -iE '^[[:space:]]*(passwordauth|kbdinter|challenge|permitempty|permitroot)')
	done
	if [[ -z $value ]]; then say password-authentication "$root/etc/ssh/sshd_config" 'Nothing forbids passwords, which are allowed unless it is said.'; fi
}

accounts() {
	local line name password uid u
	for line in "${accounts[@]}"; do
		IFS=: read -r name password uid _ <<<"$line"
		[[ $uid =~ ^[0-9]{1,9}$ ]] || continue
		if ((10#$uid == 0)) && [[ $name != root ]]; then say uid0-password "$root/etc/passwd" 'An account beside root has the user id 0.'; fi
		if [[ -z $password && $name == root ]]; then say locked-root "$root/etc/passwd" 'The password of root is empty.'; fi
		if [[ -z $password && $name != root ]]; then say empty-password "$root/etc/passwd" "The password of $name is empty."; fi
		((10#$uid >= 1000 && 10#$uid < 60000)) || continue
		for u in "${users[@]}"; do [[ $u == "$name" ]] && continue 2; done
		say build-user "$root/etc/passwd" "The account $name is left."
	done
	local file=$root/etc/shadow
	readable "$file" || return 0
	while IFS=: read -r name password _; do
		case $name:$password in
		root:) say locked-root "$file" 'The password of root is empty.' ;;
		root:[!*\!]*) say uid0-password "$file" 'Root has a password.' ;;
		?*:) say empty-password "$file" "The password of $name is empty." ;;
		esac
	done < <(tr -d '\000' <"$file")
}

product() {
	local name=$1 etc=$root/etc/$1 var=$root/var/opt/$1 url host f
	if capture; then
		each kept_secret "$etc" -name '*-secrets.json'
		if present "$etc/initial_root_password"; then say initial-password "$etc/initial_root_password" 'It is left.'; fi
		report certificate "$etc/ssl" 'It is left.' ! -type d
		report certificate "$etc/trusted-certs" 'It is left.' ! -type d ! -name README
		if present "$var/bootstrapped"; then say bootstrapped "$var/bootstrapped" 'It is left.'; fi
		report data "$var" 'It is left.' -maxdepth 1 ! -name bootstrapped
		report chef-node "$root/opt/$name/embedded/nodes" 'It is left.' -name '*.json'
	fi
	report license "$etc" 'It is left.' -maxdepth 2 -iname '*license*' ! -type d
	readable "$etc/$name.rb" || return 0
	url=$(sed -nE "s/^[[:space:]]*external_url[[:space:](]+[\"']([^\"']*)[\"'].*/\1/p" "$etc/$name.rb" | tail -n 1)
	[[ -n $url ]] || return 0
	host=${url#*://} && host=${host%%[:/]*}
	local is=''
	if [[ -n $placeholder ]]; then
		[[ ${url%/} == "${placeholder%/}" ]] && is=1
	elif [[ .$host =~ \.(example|example\.(com|net|org))$ ]]; then
		is=1
	fi
	if capture && [[ -z $is ]]; then say external-url-not-placeholder "$etc/$name.rb" 'Its external_url is an address of its own.'; fi
	if boot && [[ -n $is ]]; then say external-url-placeholder "$etc/$name.rb" 'Its external_url is still the placeholder.'; fi
}
kept_secret() { say secrets-file "$1" 'It is left.'; }
secrets() {
	local s
	for s in "${secrets[@]}"; do
		if boot && ! filled "$root$s"; then say secrets-file "$root$s" 'The machine has not made it.'; fi
		# What is named like a secrets file of a product is found with the product.
		if capture && [[ $s != /etc/*/*-secrets.json ]] && present "$root$s"; then kept_secret "$root$s"; fi
	done
}

credentials() {
	local h f
	for h in "${homes[@]}"; do
		for f in .netrc .curlrc .wgetrc .git-credentials .npmrc .pypirc .pgpass .my.cnf .vault-token .docker/config.json \
			.gem/credentials .aws .azure .kube .config/gcloud .config/op .config/glab-cli; do
			if present "$h/$f"; then say credentials "$h/$f" 'It is left.'; fi
		done
		report history "$h" 'It is left.' -maxdepth 1 \( -name '.*history' -o -name '.lesshst' -o -name '.viminfo' \) -size +0
		report private-key "$h/.gnupg/private-keys-v1.d" 'It is left.' -type f
	done
	f=$root/etc/apt
	if filled "$f/auth.conf"; then say credentials "$f/auth.conf" 'It is left.'; fi
	report credentials "$f/auth.conf.d" 'It is left.' -type f -size +0
	lines "$f" '^[^#/]*proxy[^;]*"[^"]*://' 'It sets a proxy.' apt.conf apt.conf.d
	lines "$f" '^[^#]*://[^/@[:space:]]+:[^/@[:space:]]+@' 'It holds a password.' sources.list sources.list.d
	lines "$root/etc" '^[^#]*(proxy[[:space:]]*=[[:space:]]*[^[:space:]]|(passw(or)?d|proxy-user)[[:space:]]*=)' 'It sets a proxy or a password.' wgetrc curlrc
	lines "$root/etc" '^[^#]*([a-z]+_proxy|token|secret|passw(or)?d|api_?key|access_key(_id)?)["]?=["]?[^"[:space:]]' 'It sets a proxy, a password or a token.' environment environment.d profile.d
	local made=()
	if boot; then made=(! -name 90-cloud-init-users ! -name waagent ! -name ssm-agent-users); fi
	report sudoers "$root/etc/sudoers.d" 'It is left.' ! -type d ! -name README "${made[@]}"
}
# lines says of files that have a line like it, in a folder, that it is a credential.
lines() {
	local folder=$1 pattern=$2 words=$3 f
	shift 3
	for f in "$@"; do
		f=$folder/$f
		if [[ -d $f ]]; then
			while IFS= read -r -d '' p; do line_in "$f/$p" "$pattern" "$words"; done < <(walk "$f" -type f -size -1024k)
		else
			line_in "$f" "$pattern" "$words"
		fi
	done
}
line_in() { if readable "$1" && grep -qaiE -e "$2" -- "$1"; then say credentials "$1" "$3"; fi; }

# scan looks into files where people leave things, but not into those of other rules.
scan() {
	local folder p name folders others=()
	local -A scanned=()
	folders=("$root"/{etc,home,root,srv,usr/local} "${homes[@]}")
	for name in "${products[@]}"; do
		folders+=("$root/opt/$name/etc")
		others+=("$root/etc/$name/ssl" "$root/etc/$name/trusted-certs" "$root/etc/$name"/*-secrets.json)
	done
	for name in "${secrets[@]}"; do others+=("$root$name"); done
	if capture; then folders+=("$root/var/lib/cloud"); fi
	for folder in "${folders[@]}"; do
		# What programs keep is theirs, and often large; only what people keep is read.
		[[ $folder == "$root"/var/* && $folder != "$root/var/lib/cloud" ]] && continue
		is_folder "$folder" || continue
		while IFS= read -r -d '' p; do
			p=$folder/$p
			[[ -z ${scanned[":$p"]:-} ]] || continue
			scanned[":$p"]=1
			for name in "${others[@]}"; do [[ $p == "$name" || $p == "$name"/* ]] && continue 2; done
			[[ $p == "$root"/etc/ssh/ssh_host_* || $p == */.gnupg/private-keys-v1.d/* ]] && continue
			if grep -qazP -e "$key" -- "$p" 2>/dev/null; then say private-key "$p" 'It holds a private key.'; fi
			if grep -qaE -e "$token" -- "$p" 2>/dev/null; then say token "$p" 'It holds what looks like a token.'; fi
		done < <(suspects "$folder")
	done
}
key='-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\\nr\s#"]*([A-Za-z0-9+/=]{40}|Proc-Type:)'
token='(^|[^A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}([^A-Z0-9]|$)|gl(pat|rt|dt|ptt|cbt|imt|agent|ft|soat)-[A-Za-z0-9_-]{20}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{30}|ops_eyJ[A-Za-z0-9]{20}|xox[abeprs]-[0-9A-Za-z-]{20}'
# suspects prints the files of a folder that are worth a closer look.
suspects() {
	cd -- "$1" || return 0
	walk "$PWD" -type f -size -1024k | head -z -n 20000 |
		xargs -0 -r grep -laZE -e "PRIVATE KEY-----|$token" -- 2>/dev/null || true
}

system() {
	local f id var=$root/var
	f=$root/etc/machine-id id=''
	if readable "$f"; then id=$(tr -d '\000\n' <"$f" | head -c 64); fi
	if capture && [[ -n $id && $id != uninitialized ]]; then say machine-id "$f" 'It is not empty.'; fi
	if boot && [[ ! $id =~ ^[0-9a-f]{32}$ ]]; then say machine-id "$f" 'The machine has none.'; fi
	for f in "$root/swapfile" "$root/swap.img" "$root/swap"; do
		if present "$f" && [[ ! -d $f ]]; then say swap "$f" 'It is there.'; fi
	done
	if readable "$root/etc/fstab" && grep -qaE '^[^#[:space:]]+[[:space:]]+[^[:space:]]+[[:space:]]+swap[[:space:]]' "$root/etc/fstab"; then say swap "$root/etc/fstab" 'It mounts swap.'; fi
	if boot; then
		# The agent keeps a folder for each machine that it took itself for.
		id=0
		for f in "$var"/lib/amazon/ssm/{i,mi}-*/; do id=$((id + 1)); done
		if ((id > 1)) && inside "$var/lib/amazon/ssm"; then say agent-registration "$var/lib/amazon/ssm" "It knows $id machines."; fi
		return 0
	fi
	if filled "$var/lib/dbus/machine-id" && [[ ! -L $var/lib/dbus/machine-id ]]; then say machine-id "$var/lib/dbus/machine-id" 'It is not empty.'; fi
	report cloud-init-state "$var/lib/cloud" 'It is left.' -path './scripts' -prune -o \( ! -type d -o -path './instances/*' \)
	report logs "$var/log" 'It is left.' -path './journal' -prune -o -type f -size +0 ! -name 'wtmp*' ! -name 'btmp*' ! -name 'lastlog*'
	report journal "$var/log/journal" 'It is left.' ! -type d
	report wtmp "$var/log" 'It is not empty.' -maxdepth 1 -size +0 \( -name 'wtmp*' -o -name 'btmp*' -o -name 'lastlog*' \)
	report apt-lists "$var/lib/apt/lists" 'It is left.' -type f ! -name lock
	report apt-lists "$var/cache/apt" 'It is left.' -type f \( -name '*.deb' -o -name '*.bin' \)
	for f in "$root/tmp" "$var/tmp"; do report tmp "$f" 'It is left.' \( -type f -o -type l \); done
	for f in "$var/lib/systemd/random-seed" "$var/lib/urandom/random-seed" "$root/boot/efi/loader/random-seed"; do
		if present "$f"; then say random-seed "$f" 'It is left.'; fi
	done
	for f in "$var/lib/amazon/ssm" "$var/lib/waagent"; do report agent-registration "$f" 'It is left.' -maxdepth 1; done
	report netplan "$root/etc/netplan" 'It is left.' \( -name '*.yaml' -o -name '*.yml' \) ! -name 90-hotplug-azure.yaml
	for f in "$var/lib/dhcp" "$var/lib/dhclient" "$var/lib/NetworkManager"; do report dhcp-lease "$f" 'It is left.' -name '*lease*' -size +0; done
	report udev-net "$root/etc/udev/rules.d" 'It is left.' -name '*persistent-net*'
	f=$root/etc/hostname
	if filled "$f" && ! grep -qxE '[[:space:]]*(ubuntu|localhost|localhost\.localdomain)?[[:space:]]*' "$f"; then say hostname "$f" 'It has a name.'; fi
	f=$root/etc/hosts
	if readable "$f" && grep -qaE '^[[:space:]]*(127\.0\.1\.1|[0-9.]+[[:space:]]+ip-)' "$f"; then say hostname "$f" 'It has a name.'; fi
}

ssh
sshd
accounts
for p in "${products[@]}"; do product "$p"; done
secrets
credentials
scan
system
((${#said[@]} == 0)) || exit 1
