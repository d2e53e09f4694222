package guest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// bash is where bash is; without it the test is skipped.
func bash(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash here, which the scripts are for")
	}
	return path
}

// run runs a command and returns its exit code and what it printed.
func run(t testing.TB, env []string, name string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// root is the root of a system, in a folder.
type root string

func (r root) at(path string) string { return filepath.Join(string(r), path) }

func (r root) write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(r.at(path)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.at(path), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (r root) read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(r.at(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (r root) add(t testing.TB, path, text string) {
	t.Helper()
	r.write(t, path, r.read(t, path)+text)
}

func (r root) has(path string) bool {
	_, err := os.Lstat(r.at(path))
	return err == nil
}

func (r root) remove(t testing.TB, paths ...string) {
	t.Helper()
	for _, p := range paths {
		if err := os.RemoveAll(r.at(p)); err != nil {
			t.Fatal(err)
		}
	}
}

func (r root) link(t testing.TB, to, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(r.at(path)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, r.at(path)); err != nil {
		t.Fatal(err)
	}
}

// newRoot is a small Ubuntu with the product, as it should be captured.
func newRoot(t testing.TB) root {
	t.Helper()
	r := root(filepath.Join(t.TempDir(), "a root [x]* $y"))
	for path, text := range map[string]string{
		"etc/passwd": "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n" +
			"nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash\n",
		"etc/shadow":                           "root:*:19820:0:99999:7:::\ndaemon:*:19820:0:99999:7:::\nubuntu:!:19900:0:99999:7:::\n",
		"etc/hostname":                         "ubuntu\n",
		"etc/hosts":                            "127.0.0.1 localhost\n::1 ip6-localhost ip6-loopback\n",
		"etc/machine-id":                       "",
		"etc/fstab":                            "LABEL=cloudimg-rootfs / ext4 discard,commit=30,errors=remount-ro 0 1\n# /swap.img none swap sw 0 0\n",
		"etc/environment":                      "PATH=\"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin\"\n",
		"etc/wgetrc":                           "#https_proxy = http://proxy.yoyodyne.com:18023/\npassive_ftp = on\n",
		"etc/ssh/sshd_config":                  "Include /etc/ssh/sshd_config.d/*.conf\n#PermitRootLogin prohibit-password\nKbdInteractiveAuthentication no\nUsePAM yes\n#PasswordAuthentication yes\n",
		"etc/ssh/sshd_config.d/60-cloud.conf":  "PasswordAuthentication no\n",
		"etc/ssl/certs/ca.crt":                 "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
		"etc/sudoers":                          "root ALL=(ALL:ALL) ALL\n",
		"etc/sudoers.d/README":                 "#\n",
		"etc/apt/sources.list.d/ubuntu.source": "URIs: http://archive.ubuntu.com/ubuntu\n",
		"etc/apt/apt.conf.d/20auto":            "APT::Periodic::Update-Package-Lists \"1\";\n",
		"etc/gitlab/gitlab.rb":                 "## url\nexternal_url 'http://gitlab.example.com'\n# gitlab_rails['initial_root_password'] = \"password\"\n",
		"opt/gitlab/etc/gitlab.rb.template":    "# 'aws_access_key_id' => 'AKIAKIAKI',\n#   private_key: \"-----BEGIN RSA PRIVATE KEY-----...\"\n",
		"opt/gitlab/embedded/service/gitlab-rails/VERSION": "17.6.2-ee\n",
		"opt/gitlab/embedded/spec/key.pem":                 secretKey, // a test key of a library
		"root/.bashrc":                                     "# ~/.bashrc\n",
		"root/.ssh/authorized_keys":                        "",
		"home/ubuntu/.bashrc":                              "# ~/.bashrc\n",
		"usr/local/bin/tool":                               "#!/bin/sh\n",
		"var/lib/apt/lists/lock":                           "",
		"var/lib/cloud/scripts/per-instance/gitlab":        "#!/bin/bash\n",
		"var/log/dpkg.log":                                 "",
		"var/log/wtmp":                                     "",
		"boot/vmlinuz-6.8.0-31-generic":                    "",
		"boot/vmlinuz-6.8.0-101-generic":                   "",
		"tmp/.X11-unix/.keep-me-out":                       "",
	} {
		r.write(t, path, text)
	}
	r.remove(t, "tmp/.X11-unix/.keep-me-out")
	r.link(t, "/etc/machine-id", "var/lib/dbus/machine-id")
	return r
}

// booted is that system after its first boot.
func booted(t testing.TB, id string) root {
	t.Helper()
	r := newRoot(t)
	for path, text := range map[string]string{
		"etc/machine-id":                       strings.Repeat(id, 32),
		"etc/hostname":                         "ip-10-0-0-7\n",
		"etc/netplan/50-cloud-init.yaml":       "network: {}\n",
		"etc/ssh/ssh_host_ed25519_key":         secretKey,
		"etc/ssh/ssh_host_ed25519_key.pub":     "ssh-ed25519 AAAA" + id + "\n",
		"etc/sudoers.d/90-cloud-init-users":    "ubuntu ALL=(ALL) NOPASSWD:ALL\n",
		"etc/gitlab/gitlab.rb":                 "external_url 'http://ec2-3-4-5-6.compute-1.amazonaws.com'\n",
		"etc/gitlab/gitlab-secrets.json":       `{"id":"` + id + `","openid_connect_signing_key":"` + strings.ReplaceAll(secretKey, "\n", `\n`) + `"}`,
		"etc/gitlab/initial_root_password":     "Password: i-0abc\n",
		"var/opt/gitlab/bootstrapped":          "All your bootstraps are belong to us",
		"var/opt/gitlab/postgresql/data/base":  "x",
		"var/log/syslog":                       "x\n",
		"var/lib/cloud/data/instance-id":       "i-0abc\n",
		"var/lib/cloud/instances/i-0abc/sem/x": "x\n",
		"var/lib/amazon/ssm/i-0abc/x":          "x\n",
		"var/lib/systemd/random-seed":          "x",
	} {
		r.write(t, path, text)
	}
	return r
}

// secretKey has the form of a key, and is none.
var secretKey = "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n" + strings.Repeat("QUJD", 16) + "\n-----END OPENSSH " + "PRIVATE KEY-----\n"

// forbidden runs forbidden.sh and returns the lines that it printed.
func forbidden(t testing.TB, r root, args ...string) (int, []string) {
	t.Helper()
	code, out, errs := run(t, nil, bash(t), append(append([]string{"forbidden.sh"}, args...), string(r))...)
	if errs != "" {
		t.Errorf("forbidden.sh printed to stderr: %s", errs)
	}
	return code, strings.FieldsFunc(out, func(c rune) bool { return c == '\n' })
}
