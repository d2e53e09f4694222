package guestsim

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/guest"
)

func product() guest.Product {
	p := guest.Omnibus("CE", "17.6.2-ce.0", "arm64", "it's a 'kind'\nof $(x)")
	p.URL, p.SHA256 = "https://packages.example.org/x.deb", strings.Repeat("ab", 32)
	return p
}

// result runs a script and reads its result.
func result(t *testing.T, m *Machines, instance, image string, s guest.Script) (int, guest.Result, time.Duration) {
	t.Helper()
	exit, out, errs, takes := m.Run(instance, image, s.Text)
	r, ok, err := guest.Read(out)
	if !ok || err != nil || errs != "" || r.Script != s.Name || (exit == 0) != (r.Failure == "") || len(out) > 20_000 {
		t.Fatalf("exit %d, %v, %v: %s%s", exit, ok, err, out, errs)
	}
	for _, v := range r.Violations {
		if !slices.ContainsFunc(guest.Rules(), func(x guest.Rule) bool { return x.Name == v.Rule }) {
			t.Errorf("%s is no rule", v.Rule)
		}
	}
	if takes <= 0 || takes > s.Timeout {
		t.Errorf("%s takes %v of %v", s.Name, takes, s.Timeout)
	}
	return exit, r, takes
}

func TestAnImage(t *testing.T) {
	t.Parallel()
	p := product()
	m := New(Options{Packages: map[string]string{p.URL: p.SHA256}})
	exit, r, _ := result(t, m, "i-1", "ami-base", guest.Install(p))
	if exit != 0 || r.Version != p.Version || r.Package != "gitlab-ce" || r.SHA256 != p.SHA256 || r.Reconfigured == nil || *r.Reconfigured || r.Signed != nil || r.Kernel == "" {
		t.Errorf("install: %+v", r)
	}
	if exit, r, _ := result(t, m, "i-1", "ami-base", guest.Install(p)); exit != 0 || r.SHA256 != p.SHA256 {
		t.Errorf("install again: %+v", r)
	}
	if exit, r, _ := result(t, m, "i-1", "", guest.Forbidden()); exit != 1 || len(r.Violations) == 0 {
		t.Errorf("forbidden, before it is clean: %+v", r)
	}
	for range 2 {
		if exit, r, _ := result(t, m, "i-1", "", guest.Clean(p)); exit != 0 {
			t.Errorf("clean: %+v", r)
		}
	}
	m.Captured("i-1", "ami-1")
	m.Copied("ami-1", "ami-2")
	_, a, _ := result(t, m, "i-2", "ami-1", guest.Check(p, 1))
	_, again, _ := result(t, m, "i-2", "ami-1", guest.Check(p, 1))
	_, b, _ := result(t, m, "i-3", "ami-2", guest.Check(p, 2))
	if a.Failure != "" || b.Failure != "" || a.Health != "ok" || a.Status != "ok" || a.Version != p.Version || a.FirstBootSeconds == 0 {
		t.Errorf("check: %+v, %+v", a, b)
	}
	if v := guest.Compare(a, b); len(v) != 0 || len(a.Fingerprints) != 5 || !maps.Equal(a.Fingerprints, again.Fingerprints) {
		t.Errorf("alike: %v of %v", v, a.Fingerprints)
	}
}

func TestWhatWasNotDone(t *testing.T) {
	t.Parallel()
	p := product()
	m := New(Options{})
	if _, r, _ := result(t, m, "i-1", "ami-base", guest.Check(p, 1)); !strings.Contains(r.Failure, "not installed") {
		t.Errorf("check of a bare system: %+v", r)
	}
	result(t, m, "i-2", "ami-base", guest.Install(p))
	m.Captured("i-2", "ami-1")
	_, a, _ := result(t, m, "i-3", "ami-1", guest.Check(p, 1))
	_, b, _ := result(t, m, "i-4", "ami-1", guest.Check(p, 2))
	if v := guest.Compare(a, b); len(v) != 4 {
		t.Errorf("of an image that was not cleaned: %v", v)
	}
	p.Version = "17.7.0-ce.0"
	if _, r, _ := result(t, m, "i-2", "", guest.Install(p)); !strings.Contains(r.Failure, "Another version") {
		t.Errorf("another version: %+v", r)
	}
	p.Package, p.URL = "other", "https://elsewhere.example.org/"
	m = New(Options{Packages: map[string]string{}})
	if _, r, _ := result(t, m, "i-1", "", guest.Install(p)); !strings.Contains(r.Failure, "downloaded") {
		t.Errorf("not served: %+v", r)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	p := product()
	cases := []struct {
		script string
		fault  Fault
		want   string // of the failure
	}{
		{"install", WrongChecksum, "checksum"},
		{"install", AptLocked, "lock of apt"},
		{"install", DiskFull, "space"},
		{"install", WrongVersion, "says that it is"},
		{"clean", LeftKeys, "left"},
		{"clean", LeftSecrets, "left"},
		{"check", WrongVersion, "and not"},
		{"check", NeverHealthy, "health"},
		{"check", LeftKeys, "must not be"},
		{"check", SlowBoot, ""},
		{"check", SameSecrets, ""},
		{"check", LeftSecrets, ""},
	}
	for _, c := range cases {
		t.Run(c.script+" "+string(c.fault), func(t *testing.T) {
			t.Parallel()
			m := New(Options{})
			m.FailNext(1, "other", AptLocked)
			m.FailNext(2, c.script, c.fault)
			scripts := map[string]guest.Script{"install": guest.Install(p), "clean": guest.Clean(p), "check": guest.Check(p, 1)}
			if c.script == "check" {
				result(t, m, "i-0", "ami-0", scripts["install"])
				result(t, m, "i-0", "ami-0", scripts["clean"])
				m.Captured("i-0", "ami-0")
			}
			_, a, takes := result(t, m, "i-1", "ami-0", scripts[c.script])
			_, b, _ := result(t, m, "i-2", "ami-0", scripts[c.script])
			if c.want == "" && a.Failure != "" || !strings.Contains(a.Failure, c.want) || a.Failure != b.Failure {
				t.Errorf("%q, %q", a.Failure, b.Failure)
			}
			if c.fault == SlowBoot && takes < 20*time.Minute {
				t.Errorf("it takes %v", takes)
			}
			if c.script != "check" {
				return
			}
			var same []string
			for _, v := range guest.Compare(a, b) {
				same = append(same, v.Path)
			}
			want := []string{}
			if c.fault == SameSecrets || c.fault == LeftSecrets {
				want = p.Secrets
			}
			if !slices.Equal(same, want) && len(same)+len(want) > 0 {
				t.Errorf("alike in %v, want %v", same, want)
			}
			if _, r, _ := result(t, m, "i-3", "ami-0", scripts["check"]); r.Failure != "" {
				t.Errorf("after the fault: %+v", r)
			}
		})
	}
}

func TestAnswerThatIsCut(t *testing.T) {
	t.Parallel()
	p := product()
	m := New(Options{})
	m.FailNext(-1, "*", Cut)
	exit, out, _, _ := m.Run("i-1", "", guest.Install(p).Text)
	if _, ok, err := guest.Read(out); exit != 0 || ok || err != nil {
		t.Errorf("exit %d, %v, %v", exit, ok, err)
	}
	m.ClearFaults()
	if _, r, _ := result(t, m, "i-1", "", guest.Install(p)); len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "already") {
		t.Errorf("it was not installed the first time: %+v", r)
	}
}

func TestOtherScripts(t *testing.T) {
	t.Parallel()
	m := New(Options{})
	for _, s := range []string{"", "echo x", "# cloudimage: install v2\n", "# cloudimage: install v1", "# cloudimage: install v1\nROOT='", "# cloudimage: install v1\nROOT=x"} {
		if exit, out, errs, _ := m.Run("i", "", s); exit != 0 || out+errs != "" {
			t.Errorf("%q: exit %d: %s%s", s, exit, out, errs)
		}
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	p := product()
	p.Keys = []string{"a b", "it's", "", "x)\nROOT='y'"}
	for _, s := range []guest.Script{guest.Install(p), guest.Clean(p), guest.Check(p, 3)} {
		c, ok := recognise(s.Text)
		if !ok || c.name != s.Name || c.get("KIND") != p.Kind || c.get("VERSION") != p.Version || c.get("ROOT") != "" || !slices.Equal(c.vars["KEYS"], p.Keys) || !slices.Equal(c.vars["SECRETS"], p.Secrets) {
			t.Errorf("%v: %+v", ok, c)
		}
	}
	p.Keys = nil
	if c, ok := recognise(guest.Install(p).Text); !ok || len(c.vars["KEYS"]) != 0 || c.get("KEYS") != "" {
		t.Errorf("%v: %+v", ok, c)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	m := New(Options{})
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b", "a"} {
		wg.Go(func() {
			for range 20 {
				m.Run(name, "", guest.Install(product()).Text)
				m.FailNext(1, "check", SlowBoot)
				m.Captured(name, "image "+name)
				m.Copied("image "+name, "copy")
				m.ClearFaults()
			}
		})
	}
	wg.Wait()
}
