# Runs once in each machine of the image: cloud-init starts it when it sees an instance
# for the first time, before the scripts of whoever started the machine. It gives the
# product its address and lets it make its own secrets.
set -euo pipefail

RB=$ROOT/etc/$HOME_NAME/$HOME_NAME.rb
STATE=$ROOT/var/lib/$HOME_NAME-first-boot
mkdir -p "$STATE"
rm -f "$STATE/finished" "$STATE/failed"
(umask 077 && : >>"$ROOT/var/log/$HOME_NAME-first-boot.log")
exec >>"$ROOT/var/log/$HOME_NAME-first-boot.log" 2>&1
code=0
trap 'code=$?; [[ $code == 0 ]] || echo "$code" >"$STATE/failed"' EXIT

# ask asks the cloud about this machine. Headers are not on the command line: one holds
# a token.
ask() {
	printf '%s\n' "${@:2}" |
		curl --config - --silent --fail --noproxy '*' --connect-timeout 2 --max-time 5 --retry 3 "http://169.254.169.254$1" || true
}
aws() { ask "/latest/$1" "header = \"X-aws-ec2-metadata-token: $token\""; }
azure() { ask "/metadata/instance/$1?api-version=2021-02-01&format=text" 'header = "Metadata: true"'; }
# first prints the first of its words that can be an address or a name.
first() {
	local a
	for a in "$@"; do
		if [[ $a =~ ^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$ ]]; then
			printf '%s' "$a"
			return 0
		fi
	done
}

address='' password=''
token=$(ask /latest/api/token 'request = "PUT"' 'header = "X-aws-ec2-metadata-token-ttl-seconds: 300"')
if [[ $token =~ ^[A-Za-z0-9+/=_-]+$ ]]; then
	address=$(first "$(aws meta-data/public-hostname)" "$(aws meta-data/public-ipv4)" "$(aws meta-data/local-ipv4)")
	# Only who may see the machine in the account knows its id, and a first password can
	# be found by who has just started it. It has to be changed.
	password=$(first "$(aws meta-data/instance-id)")
else
	# In Azure everybody with a right to read knows the machine's id, so there the product
	# makes a password by itself and leaves it in a file for root.
	ip=network/interface/0/ipv4/ipAddress/0
	address=$(first "$(azure "$ip/publicIpAddress")" "$(azure "$ip/privateIpAddress")")
fi

now=$(sed -nE "s/^[[:space:]]*external_url[[:space:](]+[\"']([^\"']*)[\"'].*/\1/p" "$RB" | tail -n 1)
if [[ -n $address && ${now%/} == "${PLACEHOLDER%/}" ]]; then
	echo "The address is http://$address."
	sed -i -E "s|^[[:space:]]*external_url[[:space:](]+[\"'].*|external_url 'http://$address'|" "$RB"
else
	echo "The address stays as it is: $now."
fi

variable=${HOME_NAME^^}_ROOT_PASSWORD
variable=${variable//[^A-Z0-9]/_}
if [[ ${#password} -ge 8 && -z ${!variable:-} ]] && ! grep -qE '^[^#]*initial_root_password' "$RB"; then
	export "$variable=$password"
fi

SECONDS=0
"$CTL" reconfigure
echo "$SECONDS" >"$STATE/finished"
