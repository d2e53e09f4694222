package guest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// stubs are the commands of a machine that would change it. Each writes down that it was
// called; what it is told to do is in files of its folder.
var stubs = map[string]string{
	"apt-get": `
if [[ -e $STUBS/apt-says ]]; then cat "$STUBS/apt-says"; exit 100; fi
for a; do
	case $a in *.deb)
		[[ -f $a ]] || exit 100
		cp "$STUBS/installs" "$STUBS/installed"
		if [[ -e $STUBS/configures ]]; then mkdir -p "$MACHINE/var/opt/gitlab"; : >"$MACHINE/var/opt/gitlab/bootstrapped"; fi ;;
	esac
done`,
	"dpkg":       ``,
	"dpkg-deb":   `if [[ -e $STUBS/deb-says ]]; then cat "$STUBS/deb-says"; else exec /usr/bin/dpkg-deb "$@"; fi`,
	"dpkg-query": `[[ -e $STUBS/installed ]] || exit 1; printf 'installed %s' "$(cat "$STUBS/installed")"`,
	"df":         `echo Avail; cat "$STUBS/free" 2>/dev/null || echo 12000`,
	"curl": `
out='' code='' url="${!#}" config=$(cat)
for ((i = 1; i <= $#; i++)); do j=$((i + 1)); [[ ${!i} != --output ]] || out=${!j}; [[ ${!i} != --write-out ]] || code=1; done
printf 'curl config: %s\n' "${config//$'\n'/; }" >>"$STUBS/calls"
if [[ -n $code ]]; then cat "$STUBS/health" 2>/dev/null || printf 200; exit 0; fi
case $url$config in
*169.254.169.254/latest/api/token*) [[ -e $STUBS/aws ]] && printf 'TOKEN==' || exit 22 ;;
*169.254.169.254/latest/*) [[ -e $STUBS/aws && $config == *'X-aws-ec2-metadata-token: TOKEN=='* ]] && cat "$STUBS/aws/${url##*/}" 2>/dev/null || exit 22 ;;
*169.254.169.254/metadata/*) f=${url##*/}; [[ -e $STUBS/azure && $config == *'Metadata: true'* ]] && cat "$STUBS/azure/${f%%\?*}" 2>/dev/null || exit 22 ;;
*/keys*) cp "$STUBS/keys" "$out" 2>/dev/null || exit 22 ;;
*) cp "$STUBS/package" "$out" 2>/dev/null || { echo 'curl: (22) 404' >&2; exit 22; } ;;
esac`,
	"gitlab-ctl": `
case $1 in
status) cat "$STUBS/status" 2>/dev/null || printf 'run: puma: (pid 1) 5s; run: log: (pid 2) 5s\nrun: sidekiq: (pid 3) 5s; run: log: (pid 4) 5s\n' ;;
reconfigure) printf 'password %s\n' "${GITLAB_ROOT_PASSWORD:-none}" >>"$STUBS/calls"; [[ ! -e $STUBS/breaks ]] ;;
esac`,
	"userdel":    `sed -i "/^${!#}:/d" "$MACHINE/etc/passwd"`,
	"passwd":     ``,
	"cloud-init": ``,
	"systemctl":  ``,
	"journalctl": ``,
	"swapoff":    ``,
	"fstrim":     ``,
	"waagent":    ``,
	"sleep":      ``,
	"sync":       ``,
}

// machine is where scripts are run: a root, and the stubs.
type machine struct {
	root
	stubs root
}

func newMachine(t testing.TB, r root) machine {
	t.Helper()
	bash(t)
	if _, err := exec.LookPath("flock"); err != nil {
		t.Skip("there is no flock here, which the scripts need")
	}
	m := machine{r, root(filepath.Join(t.TempDir(), "stubs"))}
	// While a file is open for writing nobody may be forked: the child would have it open,
	// and a file that is open for writing cannot be run.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	for name, text := range stubs {
		m.stubs.write(t, "bin/"+name, "#!/bin/bash\nset -e\nprintf '%s %s\\n' \"${0##*/}\" \"$*\" >>\"$STUBS/calls\"\n"+
			"printf 'EXTERNAL_URL=%s\\n' \"${EXTERNAL_URL-unset}\" >>\"$STUBS/urls\"\n"+text+"\n")
		if err := os.Chmod(m.stubs.at("bin/"+name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// do runs a script, after replacing its limits, which are meant for real machines.
func (m machine) do(t testing.TB, text string, limits ...string) (int, string) {
	t.Helper()
	text = strings.ReplaceAll(text, "ROOT=''\n", assign("ROOT", string(m.root)))
	text = strings.NewReplacer(limits...).Replace(text)
	file := filepath.Join(t.TempDir(), "script.sh")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, []string{
		"PATH=" + m.stubs.at("bin") + ":" + os.Getenv("PATH"),
		"STUBS=" + string(m.stubs), "MACHINE=" + string(m.root), "EXTERNAL_URL=",
	}, bash(t), file)
	if errs != "" {
		t.Errorf("it printed to stderr: %s", errs)
	}
	if len(out) >= 20_000 {
		t.Errorf("it printed %d characters", len(out))
	}
	return code, out
}

// result runs a script of ours, and reads what it says.
func (m machine) result(t testing.TB, s Script, limits ...string) (int, Result, string) {
	t.Helper()
	code, out := m.do(t, s.Text, limits...)
	r, ok, err := Read(out)
	if err != nil || !ok {
		t.Fatalf("no result: %v\n%s", err, out)
	}
	if !strings.HasPrefix(out[strings.LastIndex(strings.TrimSuffix(out, "\n"), "\n")+1:], marker) {
		t.Errorf("the result is not the last line:\n%s", out)
	}
	if r.Script != s.Name || (code == 0) != (r.Failure == "") {
		t.Errorf("exit %d, and the result is %+v", code, r)
	}
	return code, r, out
}

// calls is what was called.
func (m machine) calls(t testing.TB) string {
	t.Helper()
	if !m.stubs.has("calls") {
		return ""
	}
	return m.stubs.read(t, "calls")
}

// installs is how often a package was installed from a file.
func (m machine) installs(t testing.TB) int {
	t.Helper()
	n := 0
	for l := range strings.Lines(m.calls(t)) {
		if strings.HasPrefix(l, "apt-get ") && strings.HasSuffix(l, ".deb\n") {
			n++
		}
	}
	return n
}
