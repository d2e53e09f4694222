package guest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var blob = "AAAAC3NzaC1lZDI1NTE5AAAAIHk" + strings.Repeat("Q", 30)

// broken is a rule that is broken in a system, and where.
type broken struct {
	rule, path string
	mode       string // empty: capture
	do         func(t *testing.T, r root)
}

// put writes a file.
func put(path, text string) func(*testing.T, root) {
	return func(t *testing.T, r root) { r.write(t, path, text) }
}

// more writes more into a file.
func more(path, text string) func(*testing.T, root) {
	return func(t *testing.T, r root) { r.add(t, path, text) }
}

// swap replaces text in a file.
func swap(path, from, to string) func(*testing.T, root) {
	return func(t *testing.T, r root) { r.write(t, path, strings.ReplaceAll(r.read(t, path), from, to)) }
}

func without(path string) func(*testing.T, root) {
	return func(t *testing.T, r root) { r.remove(t, path) }
}

func TestForbiddenFinds(t *testing.T) {
	t.Parallel()
	cases := []broken{
		{rule: "ssh-host-key", path: "/etc/ssh/ssh_host_rsa_key", do: put("etc/ssh/ssh_host_rsa_key", secretKey)},
		{rule: "ssh-host-key", path: "/etc/ssh", mode: "boot", do: without("etc/ssh/ssh_host_ed25519_key")},
		{rule: "authorized-keys", path: "/root/.ssh/authorized_keys", do: put("root/.ssh/authorized_keys", "# me\nssh-ed25519 "+blob+" me\n")},
		{rule: "authorized-keys", path: "/home/ubuntu/.ssh/authorized_keys2", do: put("home/ubuntu/.ssh/authorized_keys2", "no key at all")},
		{rule: "authorized-keys", path: "/root/.ssh/authorized_keys", mode: "boot", do: put("root/.ssh/authorized_keys", "ssh-ed25519 "+blob+"x other\n")},
		{rule: "authorized-keys", path: "/srv/git/.ssh/authorized_keys", do: func(t *testing.T, r root) {
			r.add(t, "etc/passwd", "git:x:998:998::/srv/git:/bin/sh\n")
			r.write(t, "srv/git/.ssh/authorized_keys", "ssh-ed25519 "+blob)
		}},
		{rule: "known-hosts", path: "/root/.ssh/known_hosts", do: put("root/.ssh/known_hosts", "x")},
		{rule: "known-hosts", path: "/home/ubuntu/.ssh/known_hosts.old", mode: "boot", do: put("home/ubuntu/.ssh/known_hosts.old", "x")},
		{rule: "history", path: "/root/.bash_history", do: put("root/.bash_history", "ls\n")},
		{rule: "history", path: "/home/ubuntu/.python_history", mode: "boot", do: put("home/ubuntu/.python_history", "x\n")},
		{rule: "machine-id", path: "/etc/machine-id", do: put("etc/machine-id", "0123456789abcdef0123456789abcdef\n")},
		{rule: "machine-id", path: "/etc/machine-id", mode: "boot", do: put("etc/machine-id", "")},
		{rule: "machine-id", path: "/var/lib/dbus/machine-id", do: func(t *testing.T, r root) {
			r.remove(t, "var/lib/dbus/machine-id")
			r.write(t, "var/lib/dbus/machine-id", "0123456789abcdef0123456789abcdef\n")
		}},
		{rule: "cloud-init-state", path: "/var/lib/cloud/data/instance-id", do: put("var/lib/cloud/data/instance-id", "i-1\n")},
		{rule: "cloud-init-state", path: "/var/lib/cloud/instances/i-1", do: func(t *testing.T, r root) {
			if err := os.MkdirAll(r.at("var/lib/cloud/instances/i-1"), 0o755); err != nil {
				t.Fatal(err)
			}
		}},
		{rule: "secrets-file", path: "/etc/gitlab/gitlab-secrets.json", do: put("etc/gitlab/gitlab-secrets.json", secretKey)},
		{rule: "secrets-file", path: "/etc/gitlab/gitlab-secrets.json", mode: "boot", do: without("etc/gitlab/gitlab-secrets.json")},
		{rule: "initial-password", path: "/etc/gitlab/initial_root_password", do: put("etc/gitlab/initial_root_password", "x")},
		{rule: "license", path: "/etc/gitlab/predefined.gitlab-license", do: put("etc/gitlab/predefined.gitlab-license", "x")},
		{rule: "certificate", path: "/etc/gitlab/ssl/gitlab.crt", do: put("etc/gitlab/ssl/gitlab.crt", "x")},
		{rule: "certificate", path: "/etc/gitlab/trusted-certs/our.pem", do: put("etc/gitlab/trusted-certs/our.pem", secretKey)},
		{rule: "data", path: "/var/opt/gitlab/postgresql", do: put("var/opt/gitlab/postgresql/data/x", "x")},
		{rule: "bootstrapped", path: "/var/opt/gitlab/bootstrapped", do: put("var/opt/gitlab/bootstrapped", "")},
		{rule: "chef-node", path: "/opt/gitlab/embedded/nodes/ip-10-0-0-1.json", do: put("opt/gitlab/embedded/nodes/ip-10-0-0-1.json", "{}")},
		{rule: "external-url-not-placeholder", path: "/etc/gitlab/gitlab.rb", do: put("etc/gitlab/gitlab.rb", "external_url \"http://10.0.0.1\"\n")},
		{rule: "external-url-placeholder", path: "/etc/gitlab/gitlab.rb", mode: "boot", do: put("etc/gitlab/gitlab.rb", "external_url 'http://gitlab.example.com/'\n")},
		{rule: "logs", path: "/var/log/dpkg.log", do: put("var/log/dpkg.log", "x\n")},
		{rule: "journal", path: "/var/log/journal/0123/system.journal", do: put("var/log/journal/0123/system.journal", "x")},
		{rule: "wtmp", path: "/var/log/wtmp", do: put("var/log/wtmp", "x")},
		{rule: "apt-lists", path: "/var/lib/apt/lists/archive_Packages", do: put("var/lib/apt/lists/archive_Packages", "x")},
		{rule: "apt-lists", path: "/var/cache/apt/archives/x.deb", do: put("var/cache/apt/archives/x.deb", "x")},
		{rule: "tmp", path: "/var/tmp/gitlab.deb", do: put("var/tmp/gitlab.deb", "x")},
		{rule: "random-seed", path: "/var/lib/systemd/random-seed", do: put("var/lib/systemd/random-seed", "x")},
		{rule: "swap", path: "/swap.img", do: put("swap.img", "x")},
		{rule: "swap", path: "/etc/fstab", mode: "boot", do: more("etc/fstab", "/swap.img none swap sw 0 0\n")},
		{rule: "agent-registration", path: "/var/lib/amazon/ssm/i-1", do: put("var/lib/amazon/ssm/i-1/registration", "x")},
		{rule: "agent-registration", path: "/var/lib/waagent/ovf-env.xml", do: put("var/lib/waagent/ovf-env.xml", "x")},
		{rule: "agent-registration", path: "/var/lib/amazon/ssm", mode: "boot", do: put("var/lib/amazon/ssm/i-0builder/x", "x")},
		{rule: "build-user", path: "/etc/passwd", do: more("etc/passwd", "packer:x:1001:1001::/home/packer:/bin/bash\n")},
		{rule: "build-user", path: "/etc/passwd", mode: "boot", do: more("etc/passwd", "packer:x:1001:1001::/home/packer:/bin/bash\n")},
		{rule: "sudoers", path: "/etc/sudoers.d/90-cloud-init-users", do: put("etc/sudoers.d/90-cloud-init-users", "x")},
		{rule: "sudoers", path: "/etc/sudoers.d/packer", mode: "boot", do: put("etc/sudoers.d/packer", "x")},
		{rule: "credentials", path: "/root/.netrc", do: put("root/.netrc", "x")},
		{rule: "credentials", path: "/home/ubuntu/.wgetrc", mode: "boot", do: put("home/ubuntu/.wgetrc", "x")},
		{rule: "credentials", path: "/root/.curlrc", do: put("root/.curlrc", "x")},
		{rule: "credentials", path: "/root/.aws", do: put("root/.aws/credentials", "x")},
		{rule: "credentials", path: "/etc/apt/auth.conf", do: put("etc/apt/auth.conf", "machine x login y password z\n")},
		{rule: "credentials", path: "/etc/apt/auth.conf.d/gitlab.conf", do: put("etc/apt/auth.conf.d/gitlab.conf", "x")},
		{rule: "credentials", path: "/etc/apt/apt.conf.d/95proxy", do: put("etc/apt/apt.conf.d/95proxy", "Acquire::http::Proxy \"http://10.0.0.1:3128\";\n")},
		{rule: "credentials", path: "/etc/apt/sources.list", do: put("etc/apt/sources.list", "deb https://me:pw@packages.example.org/ noble main\n")},
		{rule: "credentials", path: "/etc/environment", do: more("etc/environment", "HTTPS_PROXY=http://10.0.0.1:3128\n")},
		{rule: "credentials", path: "/etc/environment", mode: "boot", do: more("etc/environment", "CI_JOB_TOKEN=\"abc\"\n")},
		{rule: "credentials", path: "/etc/profile.d/build.sh", do: put("etc/profile.d/build.sh", "export AWS_SECRET_ACCESS_KEY=abc\n")},
		{rule: "credentials", path: "/etc/wgetrc", do: more("etc/wgetrc", "https_proxy = http://10.0.0.1/\n")},
		{rule: "private-key", path: "/home/ubuntu/deploy", do: put("home/ubuntu/deploy", secretKey)},
		{rule: "private-key", path: "/etc/ssl/private/x.key", mode: "boot", do: put("etc/ssl/private/x.key", secretKey)},
		{rule: "private-key", path: "/opt/gitlab/etc/x.json", do: put("opt/gitlab/etc/x.json", `{"k":"`+strings.ReplaceAll(secretKey, "\n", `\n`)+`"}`)},
		{rule: "token", path: "/usr/local/bin/tool", do: more("usr/local/bin/tool", "key='AKIA"+"ABCDEFGHIJKLMNOP'\n")},
		{rule: "token", path: "/root/.bashrc", do: more("root/.bashrc", "T=glpat"+"-abcdefghij0123456789\n")},
		{rule: "token", path: "/root/.bashrc", mode: "boot", do: more("root/.bashrc", "T=ghp"+"_abcdefghij0123456789abcdefghij012345\n")},
		{rule: "token", path: "/etc/op", do: put("etc/op", "ops"+"_eyJabcdefghij0123456789\n")},
		{rule: "uid0-password", path: "/etc/shadow", do: swap("etc/shadow", "root:*", "root:$y$j9T$abc")},
		{rule: "uid0-password", path: "/etc/passwd", do: more("etc/passwd", "toor:x:0:0::/root:/bin/bash\n")},
		{rule: "locked-root", path: "/etc/shadow", do: swap("etc/shadow", "root:*", "root:")},
		{rule: "locked-root", path: "/etc/passwd", mode: "boot", do: swap("etc/passwd", "root:x", "root:")},
		{rule: "empty-password", path: "/etc/shadow", mode: "boot", do: swap("etc/shadow", "ubuntu:!", "ubuntu:")},
		{rule: "empty-password", path: "/etc/ssh/sshd_config", do: more("etc/ssh/sshd_config", "PermitEmptyPasswords yes\n")},
		{rule: "password-authentication", path: "/etc/ssh/sshd_config.d/50-x.conf", mode: "boot", do: put("etc/ssh/sshd_config.d/50-x.conf", "passwordauthentication=yes\n")},
		{rule: "password-authentication", path: "/etc/ssh/sshd_config", do: without("etc/ssh/sshd_config.d/60-cloud.conf")},
		{rule: "password-authentication", path: "/etc/ssh/sshd_config", do: more("etc/ssh/sshd_config", "Match User x\n\tPasswordAuthentication yes\n")},
		{rule: "root-login", path: "/etc/ssh/sshd_config", do: more("etc/ssh/sshd_config", "PermitRootLogin yes\n")},
		{rule: "netplan", path: "/etc/netplan/50-cloud-init.yaml", do: put("etc/netplan/50-cloud-init.yaml", "x")},
		{rule: "dhcp-lease", path: "/var/lib/dhcp/dhclient.eth0.leases", do: put("var/lib/dhcp/dhclient.eth0.leases", "x")},
		{rule: "hostname", path: "/etc/hostname", do: put("etc/hostname", "ip-10-0-0-1\n")},
		{rule: "hostname", path: "/etc/hosts", do: more("etc/hosts", "127.0.1.1 builder\n")},
		{rule: "udev-net", path: "/etc/udev/rules.d/70-persistent-net.rules", do: put("etc/udev/rules.d/70-persistent-net.rules", "x")},
	}
	tried := map[string]bool{}
	for _, c := range cases {
		tried[c.rule] = true
		t.Run(c.rule+strings.ReplaceAll(c.path, "/", "_")+c.mode, func(t *testing.T) {
			t.Parallel()
			r, args := newRoot(t), []string{"--mode", "capture"}
			if c.mode == "boot" {
				r, args = booted(t, "a"), []string{"--mode", "boot", "--key", "ssh-ed25519 " + blob + " me", "--secret", "/etc/gitlab/gitlab-secrets.json"}
			}
			c.do(t, r)
			code, lines := forbidden(t, r, args...)
			if code != 1 || len(lines) != 1 || !strings.HasPrefix(lines[0], c.rule+"\t"+c.path+"\t") {
				t.Errorf("exit %d, and\n%s\nwant only %s at %s", code, strings.Join(lines, "\n"), c.rule, c.path)
			}
			for _, l := range lines {
				if strings.Contains(l, "QUJD") || strings.Contains(l, "abcdefghij") {
					t.Errorf("it shows what it found: %s", l)
				}
			}
		})
	}
	for _, r := range Rules() {
		if !tried[r.Name] {
			t.Errorf("no case breaks the rule %s", r.Name)
		}
	}
}

func TestForbiddenAgreesWithRules(t *testing.T) {
	t.Parallel()
	var want []string
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.Name] || !strings.HasSuffix(r.What, ".") {
			t.Errorf("the rule %s is there twice, or has no sentence", r.Name)
		}
		seen[r.Name] = true
		want = append(want, r.Name)
	}
	_, out, _ := run(t, nil, bash(t), "forbidden.sh", "--rules")
	if got := strings.Fields(out); !slices.Equal(got, want) {
		t.Errorf("forbidden.sh knows\n%v\nand Rules\n%v", got, want)
	}
	for _, m := range regexp.MustCompile(`\b(?:say|report) ([a-z0-9-]+) "`).FindAllStringSubmatch(forbiddenSh, -1) {
		if !seen[m[1]] {
			t.Errorf("forbidden.sh says %q, which is no rule", m[1])
		}
	}
}

func TestForbiddenPassesWhatIsClean(t *testing.T) {
	t.Parallel()
	if code, lines := forbidden(t, newRoot(t)); code != 0 {
		t.Errorf("exit %d: %s", code, strings.Join(lines, "\n"))
	}
	r := booted(t, "a")
	r.write(t, "root/.ssh/authorized_keys", "no-port-forwarding,command=\"echo 'Please login as \\\"ubuntu\\\"'\" ssh-ed25519 "+blob+" me\n")
	r.write(t, "home/ubuntu/.ssh/authorized_keys", "ssh-ed25519 "+blob+" me\n")
	r.add(t, "etc/passwd", "azureuser:x:1001:1001::/home/azureuser:/bin/bash\n")
	code, lines := forbidden(t, r, "--mode", "boot", "--key", "ssh-ed25519 "+blob, "--user", "azureuser", "--secret", "/etc/gitlab/gitlab-secrets.json", "--placeholder", "http://gitlab.example.com")
	if code != 0 {
		t.Errorf("exit %d: %s", code, strings.Join(lines, "\n"))
	}
}

func TestForbiddenRefusesWhatItCannotLookAt(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {t.TempDir()}, {"/nowhere"}, {"--mode", "other", string(newRoot(t))}, {"--mode"}, {"--what", "x"}, {"a", "b"}} {
		if code, _, _ := run(t, nil, bash(t), append([]string{"forbidden.sh"}, args...)...); code != 2 {
			t.Errorf("%q: exit %d, want 2", args, code)
		}
	}
}

func TestForbiddenSurvivesHostileNames(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	outside := root(t.TempDir())
	outside.write(t, "key", secretKey)
	outside.write(t, "folder/.bash_history", "secret\n")
	outside.write(t, "folder/.ssh/authorized_keys", "ssh-ed25519 "+blob+"\n")
	outside.write(t, "folder/deploy", secretKey)
	r.link(t, string(outside)+"/key", "home/ubuntu/key")        // out
	r.link(t, string(outside)+"/folder", "home/friend")         // out, a home
	r.link(t, string(outside)+"/folder", "etc/sub")             // out
	r.link(t, "../../../../../../../../../../../../etc", "srv") // out, by going up
	r.link(t, "loop-b", "etc/loop-a")
	r.link(t, "loop-a", "etc/loop-b")
	r.link(t, "..", "home/ubuntu/up")
	r.link(t, "loop", "home/loop")
	r.write(t, "home/ubuntu/-rf", secretKey)
	r.write(t, "home/ubuntu/a *[b]? c", secretKey)
	r.write(t, "home/ubuntu/new\nline\ttab\\back\x1b[31m", secretKey)
	r.write(t, "home/$(touch owned)/.bash_history", "x")
	r.write(t, "home/a'b\"c`id`/.netrc", "x")
	r.write(t, "home/ubuntu/"+strings.Repeat("long", 60), secretKey)
	r.write(t, "etc/@/@.rb", "external_url 'http://1.2.3.4'\n")
	r.add(t, "etc/passwd", "x:x:x\n::::\nodd:x:08:8::/home/../../..:/bin/sh\nhuge:x:99999999999999999999:1::/:/x\n")
	code, lines := forbidden(t, r)
	var got []string
	for _, l := range lines {
		rule, rest, _ := strings.Cut(l, "\t")
		path, words, ok := strings.Cut(rest, "\t")
		if !ok || strings.Contains(words, "\t") {
			t.Errorf("not a line of three: %q", l)
		}
		got = append(got, rule+" "+path)
	}
	slices.Sort(got)
	want := []string{
		"credentials /home/a'b\"c`id`/.netrc",
		"external-url-not-placeholder /etc/@/@.rb",
		"history /home/$(touch owned)/.bash_history",
		"private-key /home/ubuntu/-rf",
		"private-key /home/ubuntu/a *[b]? c",
		"private-key /home/ubuntu/" + strings.Repeat("long", 60),
		`private-key /home/ubuntu/new\nline\ttab\\back?[31m`,
	}
	if code != 1 || !slices.Equal(got, want) {
		t.Errorf("exit %d, and\n%s\nwant\n%s", code, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, err := os.Stat(filepath.Join(string(r), "owned")); err == nil {
		t.Error("a name was run")
	}
}

func TestForbiddenBoundsWhatItSays(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	for i := range 60 {
		r.write(t, "etc/netplan/"+strings.Repeat("x", i+1)+".yaml", "x")
	}
	if _, lines := forbidden(t, r); len(lines) != 21 || !strings.HasSuffix(lines[20], "There are more.") {
		t.Errorf("it says %d lines, want 21", len(lines))
	}
}
