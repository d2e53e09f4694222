package guest

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func scripts() map[string]Script {
	p := product()
	p.Name, p.Keys = "It's $HOME `x` \"y\"", []string{"AB", "C'D"}
	return map[string]Script{"install": Install(p), "clean": Clean(p), "check": Check(p, 2), "forbidden": Forbidden()}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	for name, s := range scripts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if s.Name != name || s.Timeout < 5*time.Minute || s.Timeout > 90*time.Minute {
				t.Errorf("its name is %s, its timeout %v", s.Name, s.Timeout)
			}
			if !strings.HasPrefix(s.Text, "#!/bin/bash\n# cloudimage: "+name+" v1\n") || !strings.Contains(s.Text, "set -Eeuo pipefail") || strings.Contains(s.Text, "set -x") {
				t.Error("it does not begin as it should")
			}
			// What AWS and Azure take as a script is longer, but not by much.
			if len(s.Text) > 48_000 {
				t.Errorf("it has %d characters", len(s.Text))
			}
			file := filepath.Join(t.TempDir(), "script.sh")
			if err := os.WriteFile(file, []byte(s.Text), 0o644); err != nil {
				t.Fatal(err)
			}
			if code, _, errs := run(t, nil, bash(t), "-n", file); code != 0 {
				t.Errorf("bash: %s", errs)
			}
		})
	}
}

func TestScriptsAreCleanForShellcheck(t *testing.T) {
	t.Parallel()
	check, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("there is no shellcheck here")
	}
	texts := map[string]string{"forbidden.sh": forbiddenSh, "forget.sh": "#!/bin/bash\nROOT='' HOME_NAME=''\n" + forgetSh,
		"first-boot.sh": "#!/bin/bash\nROOT='' PLACEHOLDER='' HOME_NAME='' CTL=''\n" + firstBootSh}
	for name, s := range scripts() {
		texts[name] = s.Text
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "script.sh")
			if err := os.WriteFile(file, []byte(texts[name]), 0o644); err != nil {
				t.Fatal(err)
			}
			// SC2034: not every script uses every parameter. SC2329, SC2317: nor all of lib.sh.
			// SC2016: what is not expanded is not meant to be.
			if code, out, _ := run(t, nil, check, "--shell=bash", "--exclude=SC2016,SC2034,SC2317,SC2329", file); code != 0 {
				t.Error(out)
			}
		})
	}
}

// sh may be what runs the text: then bash takes over.
func TestScriptsRunBySh(t *testing.T) {
	t.Parallel()
	m := newMachine(t, newRoot(t))
	file := filepath.Join(t.TempDir(), "script.sh")
	text := strings.ReplaceAll(Forbidden().Text, "ROOT=''\n", assign("ROOT", string(m.root)))
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh here")
	}
	code, out, errs := run(t, nil, sh, file)
	if _, ok, _ := Read(out); code != 0 || !ok {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

func TestUnexpectedEndHasAResult(t *testing.T) {
	t.Parallel()
	m := newMachine(t, newRoot(t))
	s := build("install", time.Minute, parameters(product()), "step 'x'\nfalse\nsucceed\n")
	if code, r, _ := m.result(t, s); code != 1 || !strings.Contains(r.Failure, "nobody expected") {
		t.Errorf("exit %d: %+v", code, r)
	}
	s = build("install", time.Minute, parameters(product()), "exec 2>/dev/null\nprintf '%s' \"$not_set\"\nsucceed\n")
	code, out := m.do(t, s.Text)
	if _, ok, err := Read(out); code == 0 || !ok || err != nil {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestUserData(t *testing.T) {
	t.Parallel()
	p := product()
	p.Name = "Git\nLab"
	text := UserData(90*time.Minute+time.Second, p)
	if !strings.HasPrefix(text, "#!/bin/bash\n") || !strings.Contains(text, "\nshutdown -P +91\n") || !strings.Contains(text, "GitLab") {
		t.Error(text)
	}
	if !strings.Contains(UserData(0, p), "shutdown -P +1\n") {
		t.Error("without a deadline it would never end")
	}
}

func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a b", "it's", "$(id) `id` \\ \" \n\t", "'\\''", "\x00\xff", "-n", "END"} {
		f.Add(s)
	}
	path, err := exec.LookPath("bash")
	if err != nil {
		f.Skip("there is no bash here")
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 10_000 {
			return
		}
		cmd := exec.Command(path)
		cmd.Stdin = strings.NewReader(assign("A", s) + assignAll("B", []string{s, "x", s}) + "printf '%s|%s|%d' \"$A\" \"${B[2]}\" ${#B[@]}\n")
		out, err := cmd.Output()
		want := strings.ReplaceAll(s, "\x00", "")
		if err != nil || string(out) != want+"|"+want+"|3" {
			t.Errorf("%q is read as %q: %v", s, out, err)
		}
	})
}
