# What the scripts of all stages have in common.
set -Eeuo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin:/usr/bin:/bin
unset HISTFILE
umask 022

# What is below /run is in memory and never in an image.
WORK=$ROOT/run/cloudimage
LOG=$WORK/$SCRIPT.log
mkdir -p "$WORK"
chmod 700 "$WORK"

FIELDS='' NOTES='' VIOLATIONS='' FINGERPRINTS='' FAILED_AT='' SAID=''

# json prints a text as JSON.
json() {
	local s=${1//\\/\\\\}
	s=${s//\"/\\\"} s=${s//$'\n'/\\n} s=${s//$'\t'/\\t}
	printf '"%s"' "${s//[[:cntrl:]]/}"
}
raw() { FIELDS+=",\"$1\":$2"; }
field() { raw "$1" "$(json "${2:0:300}")"; }
note() {
	((${#NOTES} < 400)) || return 0
	NOTES+=${NOTES:+,}$(json "${1:0:300}")
	printf 'note: %s\n' "${1:0:300}"
}

# result prints the line that is read back. It is the last one, and less than 4,000
# characters long, since some clouds answer with the last 4,096 bytes only.
result() {
	SAID=1
	[[ -z $VIOLATIONS ]] || raw violations "[$VIOLATIONS]"
	[[ -z $NOTES ]] || raw notes "[$NOTES]"
	[[ -z $FINGERPRINTS ]] || raw fingerprints "{$FINGERPRINTS}"
	printf 'cloudimage-result {"script":"%s"%s}\n' "$SCRIPT" "$FIELDS"
}
succeed() {
	result
	exit 0
}
fail() {
	printf 'failed: %s\n' "$1"
	field failure "$1"
	result
	exit 1
}
# What nobody thought of ends here too, so that there always is a result.
trap 'FAILED_AT=$LINENO' ERR
trap '[[ -n $SAID ]] || { tail_log; fail "The script stopped at line ${FAILED_AT:-unknown}, which nobody expected."; }' EXIT

step() { printf '[%4d s] %s\n' "$SECONDS" "$1" | tee -a "$LOG"; }

# tail_log prints the end of what commands said, without what looks like a secret. All
# that it prints in a run has this many characters.
SPARE=7000
tail_log() {
	local text
	if [[ ! -s $LOG ]] || ((SPARE <= 0)); then return 0; fi
	text=$(tail -n 150 "$LOG" | tr -d '\000' |
		sed -E 's/((passw(or)?d|secret|token|api.?key)[^:= ]*["'\'']?[[:space:]]*(:|=>?|is)[[:space:]]*).*/\1(hidden)/I; s#(://)[^/@ ]+@#\1(hidden)@#g; s/^(.{200}).*/\1 .../' |
		tail -c "$SPARE")
	SPARE=$((SPARE - ${#text}))
	printf '%s\n' "$text"
}

# quietly runs a command whose output goes to the log. When it fails the end of it is
# printed. Descriptor 9 is the lock: what the command leaves running must not have it.
quietly() {
	local code=0
	"$@" >>"$LOG" 2>&1 </dev/null 9>&- || code=$?
	((code == 0)) || tail_log
	return "$code"
}

# A script whose answer was lost may still run when it is started again.
exec 9>"$WORK/lock"
flock -w 3000 9 || fail 'Another script has been running in this machine for 3000 seconds.'
: >"$LOG"
[[ -z ${HOME_NAME+set} || $HOME_NAME =~ ^[a-z][a-z0-9._-]*$ ]] || fail "The name of the product's folders cannot be $HOME_NAME."

# look looks for what is forbidden: mode, options of forbidden.sh. It is true when
# nothing is.
look() {
	local mode=$1 code=0 line rest n=0 told=0
	shift
	step 'looking for what is forbidden'
	forbidden_text >"$WORK/forbidden.sh"
	bash "$WORK/forbidden.sh" --mode "$mode" "$@" "${ROOT:-/}" >"$WORK/violations" 2>>"$LOG" || code=$?
	if ((code > 1)); then
		tail_log
		fail 'Nobody could look for what is forbidden.'
	fi
	while IFS= read -r line; do
		n=$((n + 1))
		((n <= 20)) || continue
		rest=${line#*$'\t'}
		printf '%s\n' "${line:0:160}"
		((${#VIOLATIONS} < 1500)) || continue
		told=$n
		VIOLATIONS+=${VIOLATIONS:+,}"{\"rule\":$(json "${line%%$'\t'*}"),\"path\":$(json "$(cut_path "${rest%%$'\t'*}")"),\"words\":$(json "${rest#*$'\t'}")}"
	done <"$WORK/violations"
	((n == told)) || note "There are $((n - told)) more places with something that is forbidden."
	return "$code"
}
cut_path() { if ((${#1} > 120)); then printf '%s...' "${1:0:117}"; else printf '%s' "$1"; fi; }
