package guest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

func product() Product {
	p := Omnibus("EE", "17.6.2-ee.0", "amd64", "gitlab-aws-ami")
	p.URL, p.SHA256 = `https://packages.example.org/gitlab-ee "1".deb`, sum("a package")
	return p
}

// builder is a machine that something can be installed in.
func builder(t testing.TB) machine {
	m := newMachine(t, newRoot(t))
	m.remove(t, "var/lib/cloud")
	m.stubs.write(t, "package", "a package")
	m.stubs.write(t, "deb-says", "gitlab-ee 17.6.2-ee.0 amd64")
	m.stubs.write(t, "installs", "17.6.2-ee.0")
	return m
}

func TestInstall(t *testing.T) {
	t.Parallel()
	m := builder(t)
	code, r, out := m.result(t, Install(product()))
	if code != 0 || r.Package != "gitlab-ee" || r.Version != "17.6.2-ee.0" || r.SHA256 != sum("a package") || r.Kernel != "6.8.0-101-generic" {
		t.Errorf("exit %d: %+v\n%s", code, r, out)
	}
	if r.Signed != nil || r.Reconfigured == nil || *r.Reconfigured || len(r.Notes) != 1 {
		t.Errorf("signed %v, reconfigured %v, notes %q", r.Signed, r.Reconfigured, r.Notes)
	}
	if m.has("var/tmp/cloudimage") {
		t.Error("the package is left")
	}
	if got := m.read(t, "opt/gitlab/embedded/service/gitlab-rails/INSTALLATION_TYPE"); got != "gitlab-aws-ami\n" {
		t.Errorf("it says that it was installed as %q", got)
	}
	if !strings.Contains(m.calls(t), `curl config: url = "https://packages.example.org/gitlab-ee \"1\".deb"`) {
		t.Errorf("the address was not asked for:\n%s", m.calls(t))
	}
	first := m.at("var/lib/cloud/scripts/per-instance/gitlab")
	if i, err := os.Stat(first); err != nil || i.Mode().Perm() != 0o755 {
		t.Errorf("the script for the first boot: %v, %v", i, err)
	}
	if code, _, errs := run(t, nil, bash(t), "-n", first); code != 0 {
		t.Errorf("the script for the first boot: %s", errs)
	}
	for i, l := range strings.Split(strings.TrimSpace(m.stubs.read(t, "urls")), "\n") {
		if l != "EXTERNAL_URL=http://gitlab.example.com" && l != "EXTERNAL_URL=" {
			t.Errorf("call %d had %s", i, l)
		}
	}
	for l := range strings.Lines(m.calls(t)) {
		if strings.HasPrefix(l, "apt-get") && !strings.Contains(l, "Lock::Timeout") {
			t.Errorf("apt does not wait: %s", l)
		}
	}

	code, again, out := m.result(t, Install(product()))
	if code != 0 || again.Version != r.Version || again.SHA256 != r.SHA256 || !strings.Contains(out, "installed already") {
		t.Errorf("the second time: exit %d: %+v\n%s", code, again, out)
	}
	if n := m.installs(t); n != 1 {
		t.Errorf("it was installed %d times:\n%s", n, m.calls(t))
	}
}

func TestInstallStops(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		do     func(t *testing.T, m machine, p *Product)
		want   string
		early  bool // before the package was looked into
		limits []string
	}{
		"wrong checksum":         {func(t *testing.T, m machine, _ *Product) { m.stubs.write(t, "package", "another") }, "The checksum of the package is " + sum("another"), true, nil},
		"no checksum":            {func(_ *testing.T, _ machine, p *Product) { p.SHA256 = "" }, "not known", true, nil},
		"not there":              {func(t *testing.T, m machine, _ *Product) { m.stubs.remove(t, "package") }, "could not be downloaded", true, nil},
		"disk full":              {func(t *testing.T, m machine, _ *Product) { m.stubs.write(t, "free", "412\n") }, "412 MB are free", true, nil},
		"odd name":               {func(_ *testing.T, _ machine, p *Product) { p.Package = "-x; id" }, "cannot be that of a package", true, nil},
		"odd folder":             {func(_ *testing.T, _ machine, p *Product) { p.Ctl = "../x-ctl" }, "folders cannot be", true, nil},
		"wrong version":          {func(t *testing.T, m machine, _ *Product) { m.stubs.write(t, "deb-says", "gitlab-ee 17.6.1-ee.0 amd64") }, "says that it is gitlab-ee 17.6.1-ee.0", false, nil},
		"wrong architecture":     {func(_ *testing.T, _ machine, p *Product) { p.Architecture = "arm64" }, "and not gitlab-ee 17.6.2-ee.0 arm64", false, nil},
		"other version is there": {func(t *testing.T, m machine, _ *Product) { m.stubs.write(t, "installed", "16.0.0-ee.0") }, "Another version", true, nil},
		"other version after":    {func(t *testing.T, m machine, _ *Product) { m.stubs.write(t, "installs", "16.0.0-ee.0") }, "It is not 17.6.2-ee.0", false, nil},
		"configures itself":      {func(t *testing.T, m machine, _ *Product) { m.stubs.write(t, "configures", "") }, "configured itself", false, nil},
		"apt locked": {func(t *testing.T, m machine, _ *Product) {
			m.stubs.write(t, "apt-says", "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 812 (apt-get)\n")
		}, "lock of apt", true, []string{"LOCK_WAIT=600", "LOCK_WAIT=1"}},
		"apt fails": {func(t *testing.T, m machine, _ *Product) {
			m.stubs.write(t, "apt-says", strings.Repeat("a long line of apt\n", 2000)+"initial password: hunter2\nDB_PASSWORD='hunter3'\nGet https://u:hunter4@x/\ntoken = hunter5\n"+strings.Repeat("\x1b\x00\xff\"\\", 2000))
		}, "lists of packages could not be read", true, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, p := builder(t), product()
			c.do(t, m, &p)
			code, r, out := m.result(t, Install(p), c.limits...)
			if code != 1 || !strings.Contains(r.Failure, c.want) {
				t.Errorf("exit %d: %q\n%s", code, r.Failure, out)
			}
			if calls := m.calls(t); c.early && (strings.Contains(calls, "dpkg-deb") || m.installs(t) != 0) {
				t.Errorf("the package was looked into:\n%s", calls)
			}
			if strings.Contains(out, "hunter") {
				t.Errorf("it prints a password:\n%s", out)
			}
			if m.has("var/tmp/cloudimage/gitlab-ee.deb") && c.early {
				t.Error("the wrong package is left")
			}
		})
	}
}

// signer is a key, in a folder of its own.
type signer struct{ home, id string }

func newSigner(t *testing.T) signer {
	t.Helper()
	home, err := os.MkdirTemp("", "gpg") // short: gpg has a socket in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run()
		_ = os.RemoveAll(home)
	})
	s := signer{home: home}
	s.gpg(t, "--passphrase", "", "--quick-generate-key", "us@example.com", "ed25519", "sign", "never")
	for l := range strings.Lines(s.gpg(t, "--with-colons", "--list-keys")) {
		if f := strings.Split(l, ":"); f[0] == "fpr" {
			s.id = f[9]
		}
	}
	return s
}

func (s signer) gpg(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("gpg", append([]string{"--homedir", s.home, "--batch", "--yes", "--quiet"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("gpg %q: %v", args, err)
	}
	return string(out)
}

// deb makes a package, signed by s as debsigs does, or by nobody.
func deb(t *testing.T, s *signer, spoil bool) string {
	t.Helper()
	dir := root(t.TempDir())
	dir.write(t, "p/DEBIAN/control", "Package: gitlab-ee\nVersion: 17.6.2-ee.0\nArchitecture: amd64\nMaintainer: us <us@example.com>\nDescription: x\n")
	dir.write(t, "p/opt/x", "some text")
	if out, err := exec.Command("dpkg-deb", "--build", "--root-owner-group", dir.at("p"), dir.at("x.deb")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text := dir.read(t, "x.deb")
	if s == nil {
		return text
	}
	var members strings.Builder
	for at := 8; at+60 <= len(text); {
		var size int
		if _, err := fmt.Sscan(text[at+48:at+58], &size); err != nil {
			t.Fatal(err)
		}
		members.WriteString(text[at+60 : at+60+size])
		at += 60 + size + size%2
	}
	dir.write(t, "members", members.String())
	if spoil {
		dir.add(t, "members", "more")
	}
	s.gpg(t, "--armor", "--detach-sign", "--output", dir.at("signature"), dir.at("members"))
	signature := dir.read(t, "signature")
	text += fmt.Sprintf("%-16s%-12d%-6d%-6d%-8s%-10d`\n%s", "_gpgorigin", 0, 0, 0, "100644", len(signature), signature)
	return text + strings.Repeat("\n", len(signature)%2)
}

func TestInstallChecksSignature(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"gpg", "dpkg-deb"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s here, to sign a package with", tool)
		}
	}
	ours, other := newSigner(t), newSigner(t)
	cases := map[string]struct {
		by      *signer
		spoil   bool
		keys    []signer // that are served
		signed  string
		failure string
	}{
		"by us":                 {by: &ours, keys: []signer{ours}, signed: "true"},
		"by us, among others":   {by: &ours, keys: []signer{other, ours}, signed: "true"},
		"by another":            {by: &other, keys: []signer{ours, other}, failure: "signature"},
		"by one who is unknown": {by: &other, keys: []signer{ours}, failure: "signature"},
		"of something else":     {by: &ours, spoil: true, keys: []signer{ours}, failure: "signature"},
		"by nobody":             {keys: []signer{ours}, signed: "false"},
		"keys are not served":   {by: &ours, signed: "nil"},
		"our key is not served": {by: &ours, keys: []signer{other}, signed: "nil"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, p := builder(t), product()
			m.stubs.remove(t, "deb-says")
			text := deb(t, c.by, c.spoil)
			m.stubs.write(t, "package", text)
			keys := ""
			for _, k := range c.keys {
				keys += k.gpg(t, "--armor", "--export")
			}
			if keys != "" {
				m.stubs.write(t, "keys", keys)
			}
			p.SHA256, p.Keys, p.KeyURL = sum(text), []string{strings.ToLower(ours.id)}, "https://packages.example.org/keys"
			code, r, out := m.result(t, Install(p))
			signed := "nil"
			if r.Signed != nil {
				signed = fmt.Sprint(*r.Signed)
			}
			if c.failure != "" {
				if code != 1 || !strings.Contains(r.Failure, c.failure) || m.installs(t) != 0 {
					t.Errorf("exit %d: %q\n%s", code, r.Failure, out)
				}
				return
			}
			if code != 0 || signed != c.signed || (signed == "true") != (len(r.Notes) == 0) {
				t.Errorf("exit %d, signed %s, want %s; %q\n%s", code, signed, c.signed, r.Notes, out)
			}
		})
	}
}
