package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/providers/gitlab/openapi"
	"cloudimage/slackdev"
	"cloudimage/workflow"
)

// This file is the words of the scenarios for GitLab; see [TestScenarios].

// startGitLab brings a GitLab into being, once.
func (w *world) startGitLab() error {
	if w.gitlab != nil || !w.withGitLab {
		return nil
	}
	w.token = demoToken
	defer func() {
		if w.gitlab != nil {
			w.gitlab.AddHook(gitlabsim.Hook{After: w.published})
		}
	}()
	seed := w.options.Seed
	if seed == nil {
		seed = slackdev.DefaultSeed()
	}
	w.gitlab = demoGitLab(seed, w.slack.Clock().Now)
	var err error
	w.gitlabURL, w.stopGitLab, err = hostGitLab(w.gitlab, "127.0.0.1:0", w.aroundGitLab)
	return err
}

// published holds every call to what GitLab publishes of its API.
func (w *world) published(c gitlabsim.Call) {
	w.apiMu.Lock()
	defer w.apiMu.Unlock()
	for _, problem := range openapi.CheckCall(c.Method, c.Path, c.Query, c.RawBody, c.Response, c.Status) {
		w.api = errors.Join(w.api, fmt.Errorf("%s %s: %s", c.Method, c.Path, problem))
	}
}

// configureGitLab lets a configuration use the world's GitLab: as the demo does, or
// as the file says.
func (w *world) configureGitLab(c *Config) error {
	if w.gitlab == nil {
		return nil
	}
	if c.GitLab == nil {
		c.GitLab = demoTracker(w.gitlabURL)
		if len(c.Processes) > 0 { // which may keep less than the shipped ones
			delete(c.GitLab.Issues, "marketing-issue")
		}
	}
	c.GitLab.URL = w.gitlabURL
	return c.checkGitLab(w.dir)
}

// place is where in GitLab somebody acts: at the run's issue, the one of marketing,
// or a reference such as acme/omnibus!1.
func (w *world) place() (gitlabsim.Ref, error) {
	switch w.at {
	case "", "the issue":
		return w.itemOf(workflow.FactIssue)
	case "the marketing issue":
		return w.itemOf("marketing-issue")
	}
	return gitlabsim.Ref(w.at), nil
}

// itemOf is where the newest run has an item.
func (w *world) itemOf(fact workflow.FactName) (gitlabsim.Ref, error) {
	var runs []*workflow.Run
	err := w.app.store.Each(context.Background(), func(r *workflow.Run) error { runs = append(runs, r); return nil })
	if err != nil {
		return "", err
	}
	slices.SortFunc(runs, func(a, b *workflow.Run) int { return b.Number - a.Number })
	for _, r := range runs {
		if it := r.Items[fact]; it != nil && it.Path != "" {
			return gitlabsim.Ref(it.Path), nil
		}
	}
	return "", fmt.Errorf("no run has a %s in GitLab", fact)
}

// inGitLab does what somebody does there.
func (w *world) inGitLab(who string, args []string) error {
	p := w.gitlab.As(who)
	words := strings.Join(args[1:], " ")
	switch args[0] {
	case "writes": // a merge request, or an issue
		_, err := p.CreateMergeRequest(demoOmnibus, args[1], args[2], "docs-"+strconv.Itoa(len(args[1])))
		return err
	case "writes-issue":
		_, err := p.CreateIssue(demoOmnibus, args[1], args[2])
		return err
	}
	at, err := w.place()
	if err != nil {
		return err
	}
	switch args[0] {
	case "ticks":
		return p.Tick(at, words)
	case "unticks":
		return p.Untick(at, words)
	case "comments":
		_, err := p.Comment(at, words)
		return err
	case "writes-code": // the one that was given to whoever says to have that name
		office, err := w.app.store.Office(context.Background())
		if err != nil {
			return err
		}
		for _, h := range office.Handles {
			if h.Wants == words {
				_, err := p.Comment(at, "cloudimage link "+h.Code)
				return err
			}
		}
		return fmt.Errorf("nobody says to be %s", words)
	case "comments-internally":
		_, err := p.CommentInternally(at, words)
		return err
	case "assigns":
		return p.Assign(at, args[1:]...)
	case "dates":
		return p.SetDue(at, words)
	case "closes":
		return p.Close(at)
	case "reopens":
		return p.Reopen(at)
	case "labels":
		return p.Label(at, args[1:]...)
	case "unlabels":
		return p.Unlabel(at, args[1:]...)
	case "locks":
		return p.Lock(at, true)
	case "hides":
		return p.SetConfidential(at, true)
	case "reveals":
		return p.SetConfidential(at, false)
	case "moves":
		_, err := p.Move(at, words)
		return err
	case "deletes":
		return p.Delete(at)
	case "approves":
		return p.Approve(at)
	case "merges":
		return p.Merge(at)
	case "replaces":
		return p.EditDescription(at, func(text string) string { return strings.ReplaceAll(text, args[1], args[2]) })
	case "rewrites":
		return p.EditDescription(at, func(string) string { return words })
	case "appends":
		return p.EditDescription(at, func(text string) string { return text + "\n\n" + words })
	}
	return fmt.Errorf("nobody can %q in GitLab", args[0])
}

// gitlabItems are all issues there, closed ones too.
func (w *world) gitlabItems(project string) (out []gitlabsim.View) {
	for n := 1; ; n++ {
		v, ok := w.gitlab.View(gitlabsim.Ref(fmt.Sprintf("%s#%d", project, n)))
		if !ok {
			return out
		}
		out = append(out, v)
	}
}

var trackerWords = map[string]func(*testscript.TestScript, bool, []string){
	"gitlab": around(func(ts *testscript.TestScript, w *world, args []string) error {
		if len(args) == 0 {
			w.withGitLab = true
			return nil
		}
		if err := w.start(); err != nil {
			return err
		}
		switch args[0] {
		case "at":
			w.at = strings.Join(args[1:], " ")
		case "down":
			w.gitlab.Down(gitlabsim.BadGateway)
		case "refuses":
			w.gitlab.Down(gitlabsim.Refusing)
		case "up":
			w.gitlab.Up()
		case "expires":
			w.gitlab.RevokeToken(demoToken)
		case "renews":
			return w.restartWithToken("glpat-renewed-000000000000")
		case "storm":
			n, err := strconv.Atoi(args[1])
			if err != nil {
				return err
			}
			w.gitlab.FailNext(n, "", "/**", gitlabsim.Fault{RetryAfter: 30 * time.Second})
		case "loses":
			w.gitlab.FailNext(1, args[1], args[2], gitlabsim.Fault{LoseReply: true})
		default:
			return fmt.Errorf("unknown: gitlab %s", args[0])
		}
		return nil
	}),
	"there": func(ts *testscript.TestScript, neg bool, args []string) {
		w := worldOf(ts)
		ts.Check(w.start())
		for i := range args {
			args[i] = given(ts, args[i])
		}
		err := w.inGitLab(args[0], args[1:])
		if (err != nil) != neg {
			ts.Fatalf("%s", w.failure(err))
		}
		ts.Check(w.settle())
	},
	"issue": must(func(w *world, args []string) (bool, error) {
		v, err := w.looksAt()
		words := flat(strings.Join(args, " "))
		if err == nil && words == "closed" {
			return v.State == "closed", nil
		}
		return strings.Contains(flat(w.issueText(v)), words), err
	}),
	"noted": must(func(w *world, args []string) (bool, error) {
		v, err := w.looksAt()
		words := flat(strings.Join(args, " "))
		return slices.ContainsFunc(v.Notes, func(n gitlabsim.NoteView) bool {
			return !n.System && strings.Contains(flat(strings.ReplaceAll(n.Body, "\\", "")), words)
		}), err
	}),
	"notes": must(func(w *world, args []string) (bool, error) {
		v, err := w.looksAt()
		want, bad := strconv.Atoi(args[0])
		n := 0
		for _, note := range v.Notes {
			if !note.System && note.Author == demoBot {
				n++
			}
		}
		return n == want, errors.Join(err, bad)
	}),
	"issues": must(func(w *world, args []string) (bool, error) {
		want, err := strconv.Atoi(args[len(args)-1])
		project := demoOmnibus
		if len(args) == 2 {
			project = args[0]
		}
		return len(w.gitlabItems(project)) == want, err
	}),
	"calls": must(func(w *world, args []string) (bool, error) {
		want, err := strconv.Atoi(args[len(args)-1])
		method, path := "", "/**"
		if len(args) == 3 {
			method, path = args[0], args[1]
		}
		n := len(w.gitlab.Calls(method, path))
		w.gitlab.ResetCalls()
		return n <= want, err
	}),
	"reads": around(func(ts *testscript.TestScript, w *world, _ []string) error {
		v, err := w.looksAt()
		ts.Logf("%s\n", w.issueText(v))
		for _, n := range v.Notes {
			ts.Logf("%v %s: %s\n", n.System, n.Author, n.Body)
		}
		return err
	}),
}

// looksAt is what anybody would see there.
func (w *world) looksAt() (gitlabsim.View, error) {
	at, err := w.place()
	if err != nil {
		return gitlabsim.View{}, err
	}
	v, ok := w.gitlab.View(at)
	if !ok {
		return v, fmt.Errorf("there is no %s", at)
	}
	return v, nil
}

// issueText is an issue as text: its title, what it has, and its description
// without the signs that keep typed text to itself.
func (w *world) issueText(v gitlabsim.View) string {
	facts := []string{v.Title, v.State, "due: " + v.Due, "assignees: " + strings.Join(v.Assignees, ", "), "labels: " + strings.Join(v.Labels, ", ")}
	if v.Confidential {
		facts = append(facts, "confidential")
	}
	return strings.Join(facts, "\n") + "\n" + strings.ReplaceAll(v.Description, "\\", "")
}

// restartWithToken gives the bot another token, which takes a new start.
func (w *world) restartWithToken(secret string) error {
	w.gitlab.AddToken(gitlabsim.Token{Secret: secret, User: demoBot})
	w.token = secret
	if w.stop != nil {
		if err := w.stop(); err != nil {
			return err
		}
	}
	return w.start()
}
