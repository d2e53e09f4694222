# Looks at a machine that was booted from the image.
FIRST_BOOT_WAIT=1500 # seconds, from when this script starts
HEALTH_WAIT=600

problem=''
# wrong remembers what is wrong first, and goes on: more may be learned.
wrong() {
	printf 'wrong: %s\n' "$1"
	problem=${problem:-$1}
}

# imds asks the cloud about this machine, as the script of the first boot does.
imds() {
	printf '%s\n' "${@:2}" |
		curl --config - --silent --fail --noproxy '*' --connect-timeout 2 --max-time 5 "http://169.254.169.254$1" 2>>"$LOG" || true
}

step "waiting for cloud-init and for the first boot of machine $BOOT"
if command -v cloud-init >/dev/null && ! timeout "$FIRST_BOOT_WAIT" cloud-init status --wait >>"$LOG" 2>&1; then
	note 'Cloud-init did not end well in this machine.'
fi
STATE=$ROOT/var/lib/$HOME_NAME-first-boot
while [[ ! -e $STATE/finished && ! -e $STATE/failed ]] && ((SECONDS < FIRST_BOOT_WAIT)); do sleep 5; done
if [[ -s $STATE/finished ]]; then
	seconds=$(<"$STATE/finished")
	if [[ $seconds =~ ^[0-9]{1,6}$ ]]; then raw first_boot_seconds "$((10#$seconds))"; fi
elif [[ -e $STATE/failed ]]; then
	tail -n 200 "$ROOT/var/log/$HOME_NAME-first-boot.log" >>"$LOG" 2>/dev/null || true
	tail_log
	wrong 'The script of the first boot failed.'
else
	wrong "The first boot has not ended after $FIRST_BOOT_WAIT seconds."
fi

step 'looking at the package'
version=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$PACKAGE" 2>/dev/null) || version=''
if [[ $version == installed\ * ]]; then
	version=${version#installed }
	field package "$PACKAGE"
	field version "$version"
	[[ $version == "$VERSION" ]] || wrong "The version of $PACKAGE is $version and not $VERSION."
else
	wrong "$PACKAGE is not installed."
fi
field kernel "$(uname -r)"

# Without the package, or when the first boot failed, nobody waits for its health.
step 'waiting for the health page'
url=$(sed -nE "s/^[[:space:]]*external_url[[:space:](]+[\"']([^\"']*)[\"'].*/\1/p" "$ROOT/etc/$HOME_NAME/$HOME_NAME.rb" 2>/dev/null | tail -n 1) || url=''
host=${url#*://} host=${host%%/*}
until=$((SECONDS + HEALTH_WAIT))
[[ -z $problem ]] || until=$SECONDS
while :; do
	# The server may answer by the name that it was asked for.
	health=$(curl --silent --noproxy '*' --max-time 20 --output /dev/null --write-out '%{http_code}' \
		--header "Host: ${host:-localhost}" "http://127.0.0.1$HEALTH_PATH" 2>>"$LOG") || health=${health:-000}
	[[ $health != 200 ]] || break
	((SECONDS < until)) || break
	sleep 5
done
case $health in
200) health=ok ;;
000) health='no answer' ;;
esac
field health "$health"
[[ $health == ok ]] || wrong "The health page has not answered well in time: $health."

step 'looking at the services'
services=$("$CTL" status 2>>"$LOG" 9>&-) || true
down=$(sed -nE 's/^(down|fail|warning|finish|timeout): ([^:]+):.*/\2/p' <<<"$services" | tr '\n' ' ')
if [[ -n $down ]]; then
	printf '%s\n' "$services" | cut -c -160 | head -n 30
	field status "${down% }"
	wrong "Not all services run: ${down% }."
elif [[ $services == *run:* ]]; then
	field status ok
else
	field status 'no service runs'
	wrong 'No service runs.'
fi

step 'taking fingerprints'
shopt -s nullglob
for f in "${SECRETS[@]/#/$ROOT}" "$ROOT"/etc/ssh/ssh_host_*_key.pub "$ROOT/etc/machine-id"; do
	[[ -s $f ]] || continue
	sum=$(sha256sum <"$f")
	FINGERPRINTS+=${FINGERPRINTS:+,}$(json "${f#"$ROOT"}"):\"${sum%% *}\"
done

# The keys and the user that the machine was started with are the cloud's.
known=()
token=$(imds /latest/api/token 'request = "PUT"' 'header = "X-aws-ec2-metadata-token-ttl-seconds: 300"')
if [[ $token =~ ^[A-Za-z0-9+/=_-]+$ ]]; then
	known+=(--key "$(imds /latest/meta-data/public-keys/0/openssh-key "header = \"X-aws-ec2-metadata-token: $token\"")")
else
	about='?api-version=2021-02-01&format=text'
	known+=(--key "$(imds "/metadata/instance/compute/publicKeys/0/keyData$about" 'header = "Metadata: true"')")
	known+=(--user "$(imds "/metadata/instance/compute/osProfile/adminUsername$about" 'header = "Metadata: true"')")
fi
for f in "${SECRETS[@]}"; do known+=(--secret "$f"); done
look boot --placeholder "$PLACEHOLDER" "${known[@]}" || wrong 'Something is there that must not be in a machine that booted.'

[[ -z $problem ]] || fail "$problem"
succeed
