package guest

import (
	"strings"
	"testing"
)

// used is a machine that was booted and worked in, with everything that is forbidden.
func used(t testing.TB) machine {
	t.Helper()
	r := booted(t, "b")
	for path, text := range map[string]string{
		"root/.bash_history":                         "mysql -phunter2\n",
		"root/.ssh/authorized_keys":                  "ssh-ed25519 " + blob + "\n",
		"root/.ssh/known_hosts":                      "x",
		"root/.netrc":                                "machine x password hunter2\n",
		"home/ubuntu/.ssh/authorized_keys":           "ssh-ed25519 " + blob + "\n",
		"home/ubuntu/.aws/credentials":               "x",
		"etc/apt/auth.conf":                          "machine x login y password hunter2\n",
		"etc/apt/auth.conf.d/x":                      "x",
		"etc/apt/apt.conf.d/95proxy":                 "Acquire::http::Proxy \"http://10.0.0.1\";\n",
		"etc/sudoers.d/packer":                       "x",
		"etc/hosts":                                  "127.0.0.1 localhost\n127.0.1.1 builder\n",
		"etc/fstab":                                  "LABEL=x / ext4 defaults 0 1\n/swap.img none swap sw 0 0\n",
		"etc/gitlab/ssl/x.key":                       secretKey,
		"etc/gitlab/trusted-certs/x.crt":             "x",
		"etc/gitlab/predefined.gitlab-license":       "x",
		"etc/udev/rules.d/70-persistent-net.rules":   "x",
		"opt/gitlab/embedded/nodes/ip-10-0-0-1.json": "{}",
		"swap.img":                                   "x",
		"tmp/x y/z":                                  "x",
		"var/tmp/x":                                  "x",
		"var/cache/apt/archives/x.deb":               "x",
		"var/lib/apt/lists/a_Packages":               "x",
		"var/lib/dhcp/dhclient.leases":               "x",
		"var/lib/waagent/x":                          "x",
		"var/log/journal/0123/system.journal":        "x",
		"var/log/gitlab/puma/current":                "x",
		"var/log/amazon/ssm/agent.log":               "x",
		"var/log/wtmp":                               "x",
		"var/log/syslog.1":                           "x",
	} {
		r.write(t, path, text)
	}
	r.add(t, "etc/passwd", "packer:x:1001:1001::/home/packer:/bin/bash\n")
	r.link(t, "/var/opt/gitlab/gitlab-rails/etc/secrets.yml", "opt/gitlab/embedded/service/gitlab-rails/config/secrets.yml")
	return newMachine(t, r)
}

func TestClean(t *testing.T) {
	t.Parallel()
	m := used(t)
	for _, which := range []string{"the first time", "the second time"} {
		code, r, out := m.result(t, Clean(product()))
		if code != 0 || len(r.Violations) != 0 || len(r.Notes) == 0 {
			t.Fatalf("%s: exit %d: %+v\n%s", which, code, r, out)
		}
		if strings.Contains(out, "hunter") {
			t.Errorf("it prints a password:\n%s", out)
		}
	}
	if !m.has("var/lib/cloud/scripts/per-instance/gitlab") {
		t.Error("the script for the first boot was removed")
	}
	if !m.has("var/lib/amazon/ssm/i-0abc") {
		t.Error("the state of the agent was removed while it runs")
	}
	if got := m.read(t, "etc/gitlab/gitlab.rb"); got != "external_url 'http://gitlab.example.com'\n" {
		t.Errorf("the address is %q", got)
	}
	for _, kept := range []string{"etc/machine-id", "home/ubuntu/.bashrc", "etc/sudoers.d/README", "opt/gitlab/embedded/spec/key.pem", "etc/gitlab", "var/opt/gitlab"} {
		if !m.has(kept) {
			t.Errorf("%s was removed", kept)
		}
	}
	for _, call := range []string{"userdel --force --remove packer", "cloud-init clean --logs --seed", "systemctl start cloudimage-forget.service", "fstrim --all", "journalctl --relinquish-var"} {
		if !strings.Contains(m.calls(t), call) {
			t.Errorf("nobody called %s", call)
		}
	}
	if unit := m.read(t, "run/systemd/system/cloudimage-forget.service"); !strings.Contains(unit, "ExecStop=/bin/bash ") || !strings.Contains(unit, "amazon-ssm-agent") {
		t.Errorf("the unit is %s", unit)
	}

	// While the machine shuts down the agent writes once more, and then it forgets.
	m.write(t, "var/log/syslog", "Stopping\n")
	m.write(t, "var/log/journal/0123/system.journal", "x")
	if code, out := m.do(t, m.read(t, "run/cloudimage/forget.sh")); code != 0 || out != "" {
		t.Errorf("forget.sh: exit %d: %s", code, out)
	}
	m.remove(t, "run")
	if code, lines := forbidden(t, m.root); code != 0 {
		t.Errorf("after the shutdown there is left\n%s", strings.Join(lines, "\n"))
	}
}

func TestCleanFailsWhenSomethingIsLeft(t *testing.T) {
	t.Parallel()
	m := used(t)
	m.write(t, "home/ubuntu/deploy", secretKey)
	for i := range 40 {
		m.write(t, "usr/local/etc/"+strings.Repeat("a\"\\\n", 30)+strings.Repeat("x", i), secretKey)
	}
	code, r, out := m.result(t, Clean(product()))
	if code != 1 || !strings.Contains(r.Failure, "left") || len(r.Violations) < 5 || r.Violations[0].Rule != "private-key" || r.Violations[0].Path != "/home/ubuntu/deploy" {
		t.Errorf("exit %d: %+v\n%s", code, r, out)
	}
	if line := out[strings.LastIndex(out, marker):]; len(line) >= 4000 || !strings.Contains(strings.Join(r.Notes, " "), "more places") {
		t.Errorf("the result has %d characters, and says %q", len(line), r.Notes)
	}
	if strings.Contains(m.calls(t), "fstrim") {
		t.Error("it went on")
	}
}

func TestCleanNeedsWhatWasInstalled(t *testing.T) {
	t.Parallel()
	m := used(t)
	m.remove(t, "var/lib/cloud")
	code, r, _ := m.result(t, Clean(product()))
	if code != 1 || !strings.Contains(r.Failure, "nothing was installed") || !m.has("etc/gitlab/gitlab-secrets.json") {
		t.Errorf("exit %d: %+v", code, r)
	}
}

func TestScriptForForbidden(t *testing.T) {
	t.Parallel()
	m := newMachine(t, newRoot(t))
	if code, r, out := m.result(t, Forbidden()); code != 0 {
		t.Errorf("exit %d: %+v\n%s", code, r, out)
	}
	m.write(t, "root/.netrc", "x")
	code, r, _ := m.result(t, Forbidden())
	if code != 1 || len(r.Violations) != 1 || r.Violations[0] != (Violation{"credentials", "/root/.netrc", "It is left."}) {
		t.Errorf("exit %d: %+v", code, r)
	}
	m.remove(t, "etc/passwd")
	if code, r, _ := m.result(t, Forbidden()); code != 1 || !strings.Contains(r.Failure, "Nobody could look") {
		t.Errorf("without a system: exit %d: %+v", code, r)
	}
}
