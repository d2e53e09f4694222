package guest

import (
	"strings"
	"testing"
)

// instance is a machine of the image, after its first boot.
func instance(t testing.TB, id string) machine {
	t.Helper()
	m := newMachine(t, booted(t, id))
	m.write(t, "var/lib/gitlab-first-boot/finished", "187\n")
	m.write(t, "root/.ssh/authorized_keys", "command=\"echo\" ssh-ed25519 "+blob+" builder\n")
	m.stubs.write(t, "installed", "17.6.2-ee.0")
	m.stubs.write(t, "aws/openssh-key", "ssh-ed25519 "+blob+" builder\n")
	return m
}

func TestCheck(t *testing.T) {
	t.Parallel()
	var results []Result
	for i, id := range []string{"a", "b"} {
		m := instance(t, id)
		code, r, out := m.result(t, Check(product(), i+1))
		if code != 0 || r.Health != "ok" || r.Status != "ok" || r.Version != "17.6.2-ee.0" || r.FirstBootSeconds != 187 || len(r.Violations) != 0 || len(r.Fingerprints) != 3 {
			t.Errorf("exit %d: %+v\n%s", code, r, out)
		}
		if strings.Contains(out, "i-0abc") || strings.Contains(out, strings.Repeat(id, 32)) {
			t.Errorf("it prints a password or an id:\n%s", out)
		}
		if !strings.Contains(m.calls(t), "Host: ec2-3-4-5-6.compute-1.amazonaws.com http://127.0.0.1/-/readiness") {
			t.Errorf("the health page was not asked for:\n%s", m.calls(t))
		}
		results = append(results, r)
	}
	if v := Compare(results[0], results[1]); len(v) != 0 {
		t.Errorf("they are alike: %v", v)
	}
	if v := Compare(results[0], results[0]); len(v) != 3 {
		t.Errorf("one is like itself in %v", v)
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	never := []string{"FIRST_BOOT_WAIT=1500", "FIRST_BOOT_WAIT=1", "HEALTH_WAIT=600", "HEALTH_WAIT=1"}
	cases := map[string]struct {
		do   func(t *testing.T, m machine)
		want string
		rule string
	}{
		"other version": {func(t *testing.T, m machine) { m.stubs.write(t, "installed", "17.6.1-ee.0") }, "is 17.6.1-ee.0 and not", ""},
		"not installed": {func(t *testing.T, m machine) { m.stubs.remove(t, "installed") }, "is not installed", ""},
		"not healthy":   {func(t *testing.T, m machine) { m.stubs.write(t, "health", "502") }, "in time: 502", ""},
		"service is down": {func(t *testing.T, m machine) {
			m.stubs.write(t, "status", "run: puma: (pid 1) 5s; run: log: (pid 2) 5s\ndown: sidekiq: 1s, normally up; run: log: (pid 4) 5s\n")
		}, "Not all services run: sidekiq", ""},
		"no service": {func(t *testing.T, m machine) { m.stubs.write(t, "status", "\n") }, "No service runs", ""},
		"first boot failed": {func(t *testing.T, m machine) {
			m.remove(t, "var/lib/gitlab-first-boot")
			m.write(t, "var/lib/gitlab-first-boot/failed", "1\n")
			m.write(t, "var/log/gitlab-first-boot.log", "password: hunter2\nred\n")
		}, "first boot failed", ""},
		"first boot endless": {func(t *testing.T, m machine) { m.remove(t, "var/lib/gitlab-first-boot") }, "has not ended", ""},
		"placeholder": {func(t *testing.T, m machine) {
			m.write(t, "etc/gitlab/gitlab.rb", "external_url 'http://gitlab.example.com'\n")
		}, "must not be", "external-url-placeholder"},
		"key of another": {func(t *testing.T, m machine) {
			m.write(t, "home/ubuntu/.ssh/authorized_keys", "ssh-ed25519 "+blob+"x\n")
		}, "must not be", "authorized-keys"},
		"no secrets": {func(t *testing.T, m machine) { m.remove(t, "etc/gitlab/gitlab-secrets.json") }, "must not be", "secrets-file"},
		"history":    {func(t *testing.T, m machine) { m.write(t, "root/.bash_history", "x") }, "must not be", "history"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := instance(t, "a")
			c.do(t, m)
			code, r, out := m.result(t, Check(product(), 1), never...)
			if code != 1 || !strings.Contains(r.Failure, c.want) {
				t.Errorf("exit %d: %q\n%s", code, r.Failure, out)
			}
			if c.rule == "" != (len(r.Violations) == 0) || c.rule != "" && r.Violations[0].Rule != c.rule {
				t.Errorf("violations %v", r.Violations)
			}
			if strings.Contains(out, "hunter") {
				t.Errorf("it prints a password:\n%s", out)
			}
		})
	}
}

func TestFirstBoot(t *testing.T) {
	t.Parallel()
	const was = "external_url 'http://gitlab.example.com'\n"
	aws := map[string]string{"aws/public-hostname": "ec2-1-2-3-4.compute.amazonaws.com", "aws/public-ipv4": "1.2.3.4", "aws/local-ipv4": "10.0.0.9", "aws/instance-id": "i-0123456789"}
	only := func(names ...string) map[string]string {
		out := map[string]string{"aws/x": ""}
		for _, n := range names {
			out[n] = aws[n]
		}
		return out
	}
	cases := map[string]struct {
		says     map[string]string
		rb       string // before
		want     string // after
		password string
	}{
		"a name":            {aws, was, "external_url 'http://ec2-1-2-3-4.compute.amazonaws.com'\n", "i-0123456789"},
		"a public address":  {only("aws/public-ipv4", "aws/local-ipv4", "aws/instance-id"), was, "external_url 'http://1.2.3.4'\n", "i-0123456789"},
		"a private address": {only("aws/local-ipv4", "aws/instance-id"), was, "external_url 'http://10.0.0.9'\n", "i-0123456789"},
		"no address":        {only(), was, was, "none"},
		"an odd name":       {map[string]string{"aws/public-hostname": "<?xml'; exit 1", "aws/local-ipv4": "10.0.0.9"}, was, "external_url 'http://10.0.0.9'\n", "none"},
		"in Azure":          {map[string]string{"azure/publicIpAddress": "5.6.7.8", "azure/privateIpAddress": "10.0.0.4"}, was, "external_url 'http://5.6.7.8'\n", "none"},
		"elsewhere":         {nil, was, was, "none"},
		"one has been set":  {aws, "external_url \"https://git.customer.test\"\ngitlab_rails['initial_root_password'] = 'x'\n", "external_url \"https://git.customer.test\"\ngitlab_rails['initial_root_password'] = 'x'\n", "none"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := builder(t)
			if code, r, _ := m.result(t, Install(product())); code != 0 {
				t.Fatal(r.Failure)
			}
			m.stubs.remove(t, "calls")
			for path, text := range c.says {
				m.stubs.write(t, path, text)
			}
			m.write(t, "etc/gitlab/gitlab.rb", c.rb)
			script := m.read(t, "var/lib/cloud/scripts/per-instance/gitlab")
			if code, out := m.do(t, script); code != 0 || out != "" {
				t.Fatalf("exit %d: %s", code, out)
			}
			if got := m.read(t, "etc/gitlab/gitlab.rb"); got != c.want {
				t.Errorf("gitlab.rb is %q, want %q", got, c.want)
			}
			if !strings.Contains(m.calls(t), "\npassword "+c.password+"\n") || strings.Contains(m.calls(t), "gitlab-ctl reconfigure i-") {
				t.Errorf("the first password is not %s:\n%s", c.password, m.calls(t))
			}
			if !m.has("var/lib/gitlab-first-boot/finished") || m.has("var/lib/gitlab-first-boot/failed") {
				t.Error("it does not say that it has finished")
			}
			for l := range strings.Lines(m.calls(t)) {
				if strings.HasPrefix(l, "curl ") && !strings.HasPrefix(l, "curl config") && strings.Contains(l, "TOKEN") {
					t.Errorf("a token is on a command line: %s", l)
				}
			}
			m.stubs.write(t, "breaks", "")
			if code, _ := m.do(t, script); code == 0 || !m.has("var/lib/gitlab-first-boot/failed") || m.has("var/lib/gitlab-first-boot/finished") {
				t.Errorf("exit %d when it breaks", code)
			}
		})
	}
}
