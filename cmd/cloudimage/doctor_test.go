package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/checkup"
	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/providers/onepassword/connectsim"
	"cloudimage/providers/releases/releasesim"
	"cloudimage/slackdev"
)

var updateDoctor = flag.Bool("update-doctor", false, "write testdata/doctor anew")

// patient is an installation that doctor looks at.
type patient struct {
	t      *testing.T
	dir    string
	slack  *slackdev.Workspace
	gitlab *gitlabsim.Server
	url    string // of GitLab
	env    []string
	args   []string
}

// newPatient is an installation with two tokens and nothing else; the GitLab beside
// it is not used.
func newPatient(t *testing.T, o slackdev.Options) *patient {
	t.Helper()
	o.Manifest = slackManifest
	slack, err := slackdev.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	sim := demoGitLab(slackdev.DefaultSeed(), time.Now)
	url, stop, err := hostGitLab(sim, "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(slack.Close(), stop()); err != nil {
			t.Error(err)
		}
	})
	p := &patient{t: t, dir: t.TempDir(), slack: slack, gitlab: sim, url: url}
	p.set("SLACK_API_URL", slack.APIURL())
	p.set(slackBotToken, slack.BotToken())
	p.set(slackAppToken, slack.AppToken())
	return p
}

func (p *patient) set(name, value string) { p.env = append(p.env, name+"="+value) }

// configure writes the configuration. GITLAB in it is the stand-in's address.
func (p *patient) configure(text string) {
	p.t.Helper()
	text = strings.ReplaceAll(text, "GITLAB", p.url)
	if err := os.WriteFile(filepath.Join(p.dir, defaultConfigFile), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// withGitLab is an installation that uses all there is.
func (p *patient) withGitLab() {
	p.t.Helper()
	p.set(gitLabToken, demoToken)
	p.configure(wellConfigured)
}

// withReleases is an installation that watches releases.
func (p *patient) withReleases() *releaseStand {
	p.t.Helper()
	now := func() time.Time { return scenarioStart }
	stand, err := newReleaseStand("127.0.0.1:0", now, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		if err := stand.close(); err != nil {
			p.t.Error(err)
		}
	})
	stand.releasedBefore(scenarioStart.AddDate(0, 0, -60), "17.4.0", "17.5.0")
	w := stand.watch()
	text := "releases:\n  tags: { url: " + w.Tags.URL + ", project: " + w.Tags.Project + " }\n  packages:\n    indexes:\n"
	for _, x := range w.Packages.Indexes {
		text += fmt.Sprintf("      - { edition: %s, root: \"%s\", name: %s, distributions: [noble], architectures: [amd64] }\n", x.Edition, x.Root, x.Name)
	}
	text += "  announcements: { feeds: [\"" + strings.Join(w.Announcements.Feeds, "\", \"") + "\"] }\n  version_service: { url: " + w.VersionService.URL + " }\n"
	p.configure(text)
	return stand
}

const wellConfigured = `
channel: C0CLOUDIMAGES
operator_channel: C0CLOUDIMAGESOPS
admins: [U0INES]
teams:
  omnibus: { members: [U0OMAR, U0LENA], lead: U0LENA }
gitlab:
  url: GITLAB
  issues:
    issue: { project: acme/omnibus, labels: [cloud image] }
    marketing-issue: { project: acme/marketing, labels: [launch] }
  people: { U0OMAR: omar }
`

// examine runs doctor, and returns what it printed and its status.
func (p *patient) examine() (out string, status int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	doctor := exec.CommandContext(ctx, "cloudimage", append([]string{"doctor"}, p.args...)...)
	doctor.Dir, doctor.Env = p.dir, append(os.Environ(), p.env...)
	var stdout, stderr bytes.Buffer
	doctor.Stdout, doctor.Stderr = &stdout, &stderr
	err := doctor.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) || stderr.Len() > 0 {
		p.t.Fatalf("%v\n%s", err, &stderr)
	}
	for _, pair := range p.env {
		name, value, _ := strings.Cut(pair, "=")
		if slices.Contains(secretNames(), name) && name != connectHost && !strings.HasPrefix(value, "op:") && strings.Contains(stdout.String(), value) {
			p.t.Errorf("%s is printed:\n%s", name, &stdout)
		}
	}
	return stdout.String(), doctor.ProcessState.ExitCode()
}

var port = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// TestDoctor holds what doctor prints of installations that are well and that are
// not to testdata/doctor.
func TestDoctor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		slack  slackdev.Options
		ail    func(*patient)
		status int
	}{
		{name: "well", ail: (*patient).withGitLab},
		{name: "two-tokens", ail: func(*patient) {}},
		{name: "no-tokens", status: 1, ail: func(p *patient) { p.env = nil }},
		{name: "swapped", status: 1, ail: func(p *patient) {
			p.set(slackBotToken, p.slack.AppToken())
			p.set(slackAppToken, p.slack.BotToken())
		}},
		{name: "refused", status: 1, ail: func(p *patient) {
			p.set(slackBotToken, "xoxb-0000000000-hunter2")
			p.set(slackAppToken, "xapp-0000000000-hunter2")
		}},
		{name: "no-optional-scopes", slack: slackdev.Options{ScopesGranted: []string{
			"commands", "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read"}}, ail: (*patient).withGitLab},
		{name: "no-needed-scopes", status: 1, slack: slackdev.Options{ScopesGranted: []string{"commands", "chat:write"}}, ail: (*patient).withGitLab},
		{name: "no-user-groups", status: 1, slack: slackdev.Options{NoUserGroups: true}, ail: func(*patient) {}},
		{name: "slack-places", status: 1, ail: func(p *patient) {
			p.configure(`
channel: C0SHAREDDIGITALOCEAN
operator_channel: C0RANDOM
admins: [U0GUS, U0NOBODY]
teams:
  omnibus: { group: omnibuss }
  partner-marketing: { members: [U0DANA, U0BUILDBOT, U0OSCAR] }
`)
		}},
		{name: "slack-archived", status: 1, ail: func(p *patient) {
			p.configure("channel: C0OLDIMAGES\noperator_channel: C0NOWHERE\n")
		}},
		{name: "slack-down", status: 1, ail: func(p *patient) {
			p.withGitLab()
			p.set("SLACK_API_URL", "http://"+nobodyListens(p.t)+"/api/")
		}},
		{name: "configuration", status: 1, ail: func(p *patient) {
			p.withGitLab()
			p.configure("chanel: C0CLOUDIMAGES\n")
		}},
		{name: "process", status: 1, ail: func(p *patient) {
			p.configure("teams: { omnibuss: { group: x } }\ncalendar: { zone: Berln }\n")
		}},
		{name: "gitlab-expired", status: 1, ail: func(p *patient) {
			p.withGitLab()
			p.gitlab.ExpireToken(demoToken)
		}},
		{name: "gitlab-read-only", status: 1, ail: func(p *patient) {
			p.withGitLab()
			p.gitlab.AddToken(gitlabsim.Token{Secret: "glpat-read-0000000000", User: demoBot, Scopes: []string{"read_api"}})
			p.set(gitLabToken, "glpat-read-0000000000")
		}},
		{name: "gitlab-missing", status: 1, ail: func(p *patient) {
			p.withGitLab()
			p.configure(strings.NewReplacer("acme/marketing", "acme/markting", "cloud image", "cloud images", "omar }", "omr }").Replace(wellConfigured))
		}},
		{name: "gitlab-label", ail: func(p *patient) {
			p.withGitLab()
			p.configure(strings.Replace(wellConfigured, "cloud image", "cloud images", 1))
		}},
		{name: "gitlab-no-token", status: 1, ail: func(p *patient) { p.configure(wellConfigured) }},
		{name: "gitlab-no-configuration", ail: func(p *patient) {
			p.configure("gitlab: { url: GITLAB }\n")
			p.set(gitLabToken, demoToken)
		}},
		{name: "gitlab-down", status: 1, ail: func(p *patient) {
			p.withGitLab()
			p.gitlab.Down(gitlabsim.BadGateway)
		}},
		{name: "releases", ail: func(p *patient) { p.withReleases() }},
		{name: "releases-away", status: 1, ail: func(p *patient) {
			stand := p.withReleases()
			stand.sim.FailNext(-1, "/releases/**", releasesim.Fault{Status: 503})
			stand.sim.FailNext(-1, "/gitlab/**", releasesim.Fault{Garbage: true})
		}},
		{name: "1password", status: 1, ail: func(p *patient) {
			connect := startConnect(p.t, connectsim.Field{Label: "bot", Value: p.slack.BotToken()})
			p.set(connectHost, connect.URL())
			p.set(connectToken, "connect-token")
			p.set(slackBotToken, "op://GitLab Images/cloudimage/bot")
			p.set(slackAppToken, "op://GitLab Images/cloudimage/app")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t, c.slack)
			c.ail(p)
			out, status := p.examine()
			if status != c.status {
				t.Errorf("it ended with status %d, want %d", status, c.status)
			}
			if n := p.slack.CallCount("chat.postMessage"); n > 0 || p.slack.Sockets() > 0 {
				t.Error("it posted or connected")
			}
			for _, call := range p.gitlab.Calls("", "") {
				if call.Method != "GET" {
					t.Errorf("it asked GitLab to %s %s", call.Method, call.Path)
				}
			}
			golden(t, c.name, strings.ReplaceAll(port.ReplaceAllString(out, "127.0.0.1:PORT"), p.dir, "DIR"))
		})
	}
}

// golden compares with a file of testdata/doctor.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "doctor", name+".golden")
	if *updateDoctor {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(readFile(t, path)), got); diff != "" {
		t.Errorf("(-want +got), and -update-doctor writes it anew:\n%s", diff)
	}
}

// nobodyListens is an address at which nobody does.
func nobodyListens(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

// TestDoctorForPrograms holds that --json says the same, and nothing else.
func TestDoctorForPrograms(t *testing.T) {
	t.Parallel()
	p := newPatient(t, slackdev.Options{NoUserGroups: true})
	text, _ := p.examine()
	p.args = []string{"--json"}
	raw, status := p.examine()
	var said struct {
		OK      bool
		Systems []system
	}
	if err := json.Unmarshal([]byte(raw), &said); err != nil || said.OK || status != 1 {
		t.Fatalf("status %d, ok %t, %v:\n%s", status, said.OK, err, raw)
	}
	if len(said.Systems) != 10 {
		t.Errorf("there are %d systems", len(said.Systems))
	}
	for _, s := range said.Systems {
		for _, f := range s.Findings {
			if !strings.Contains(text, fmt.Sprintf("  %-4s  %s\n", f.Level, f.Text)) {
				t.Errorf("the text has no %+v", f)
			}
		}
	}
}

// TestDoctorWhileTheBotRuns holds that a running bot is no reason to complain, and
// not disturbed.
func TestDoctorWhileTheBotRuns(t *testing.T) {
	t.Parallel()
	p := newPatient(t, slackdev.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	serve, log := serving(ctx, t, p.slack, p.slack.BotToken(), p.slack.AppToken())
	serve.Dir = p.dir
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	if err := p.slack.WaitConnected(ctx, 1); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	out, status := p.examine()
	if status != 0 || !strings.Contains(out, "  ok    A cloudimage has it open at the moment.\n  ok    Its schema is up to date") {
		t.Errorf("status %d:\n%s", status, out)
	}
	if err := serve.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("%v\n%s", err, log)
	}
}

// TestDoctorHidesSecrets holds that a finding that holds a secret is cleaned.
func TestDoctorHidesSecrets(t *testing.T) {
	t.Parallel()
	r := newReport([]system{{"Slack", []checkup.Finding{checkup.Failing("not hunter2, please", "it is hunter2!")}}}, []string{"hunter2"})
	var out bytes.Buffer
	if err := errors.Join(r.text(&out), r.json(&out)); err != nil || strings.Contains(out.String(), "hunter2") || strings.Contains(out.String(), "\x1b") {
		t.Errorf("%v\n%s", err, &out)
	}
}
