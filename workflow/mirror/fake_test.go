package mirror

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// fake is a tracker in memory. It counts what it is asked, and fails when a test
// says so.
type fake struct {
	sync.Mutex
	now      func() time.Time
	accounts []Account
	emails   map[string]string // handles by address
	issues   map[Ref]*Issue
	merges   map[Ref]*MergeRequest
	acts     map[Ref][]Activity
	links    [][2]Ref
	last     int64 // id of an activity
	calls    []string
	// before may refuse a call, and after may lose the answer to one that was
	// carried out.
	before, after func(call string) error
	quiet         bool // nothing is dated anew
	ignores       bool // whom an issue is assigned to stays as it is, and nobody is told
}

var (
	_ Tracker = (*fake)(nil)

	bot    = Account{ID: 1, Handle: "cloudimage-bot", Name: "cloudimage", Bot: true}
	pat    = Account{ID: 2, Handle: "pat", Name: "Pat"} // known to nobody in the chat
	gAna   = Account{ID: 3, Handle: "ana.m", Name: "Ana"}
	gOmar  = Account{ID: 4, Handle: "omar_k", Name: "Omar"}
	gOther = Account{ID: 5, Handle: "other", Name: "Other"}
)

func newFake(now func() time.Time) *fake {
	return &fake{
		now: now, accounts: []Account{bot, pat, gAna, gOmar, gOther}, emails: map[string]string{},
		issues: map[Ref]*Issue{}, merges: map[Ref]*MergeRequest{}, acts: map[Ref][]Activity{},
	}
}

// asked notes a call; what it returns gives the answer.
func (f *fake) asked(call string, args ...any) (answer func(error) error, refused error) {
	call = strings.TrimSpace(call + " " + strings.TrimSpace(fmt.Sprintln(args...)))
	f.calls = append(f.calls, call)
	if f.before != nil {
		if err := f.before(call); err != nil {
			return nil, err
		}
	}
	return func(err error) error {
		if err == nil && f.after != nil {
			err = f.after(call)
		}
		return err
	}, nil
}

// failing is a hook that fails for calls that begin with a word, n times; -1 for
// always.
func failing(call string, n int, failure Failure, wait time.Duration) func(string) error {
	return func(asked string) error {
		if n == 0 || !strings.HasPrefix(asked, call) {
			return nil
		}
		n--
		return &TrackerError{Failure: failure, Wait: wait, Err: errors.New("the test says so")}
	}
}

func gone(what any) error {
	return &TrackerError{Failure: Gone, Err: fmt.Errorf("there is no %v", what)}
}

// taken are the calls since it was asked last, that begin with a word.
func (f *fake) taken(call string) (out []string) {
	f.Lock()
	defer f.Unlock()
	for _, c := range f.calls {
		if strings.HasPrefix(c, call) {
			out = append(out, c)
		}
	}
	f.calls = nil
	return out
}

// as does something in the tracker, and notes it as somebody's.
func (f *fake) as(who Account, at Ref, kind ActivityKind, text string, change func(*Issue)) Activity {
	f.Lock()
	defer f.Unlock()
	return f.act(Activity{Kind: kind, Author: who, Text: text}, at, change)
}

func (f *fake) act(a Activity, at Ref, change func(*Issue)) Activity {
	f.last++
	a.ID, a.At = f.last, f.now()
	f.acts[at] = append(f.acts[at], a)
	if i := f.issues[at]; i != nil {
		if change != nil {
			change(i)
		}
		if !f.quiet {
			i.Updated = f.now()
		}
	}
	if m := f.merges[at]; m != nil && !f.quiet {
		m.Updated = f.now()
	}
	return a
}

// tick ticks or unticks the box of a step.
func (f *fake) tick(who Account, at Ref, step string, ticked bool) {
	kind, from, to := Ticked, "[ ]", "[x]"
	if !ticked {
		kind, from, to = Unticked, "[x]", "[ ]"
	}
	var line string
	for l := range strings.SplitSeq(f.issue(at).Description, "\n") {
		if strings.HasSuffix(l, "<!-- "+step+" -->") {
			line = l
		}
	}
	_, text, _ := strings.Cut(line, from+" ")
	f.as(who, at, kind, text, func(i *Issue) {
		i.Description = strings.Replace(i.Description, line, strings.Replace(line, from, to, 1), 1)
	})
}

// issue is an issue as it is.
func (f *fake) issue(at Ref) Issue {
	f.Lock()
	defer f.Unlock()
	if i := f.issues[at]; i != nil {
		return *i
	}
	return Issue{}
}

// write makes an issue as somebody.
func (f *fake) write(who Account, project, title, text string) Issue {
	f.Lock()
	defer f.Unlock()
	return *f.made(who, project, title, text)
}

func (f *fake) made(who Account, project, title, text string) *Issue {
	n := int64(1)
	for at := range f.issues {
		if at.Project == project {
			n = max(n, at.Number+1)
		}
	}
	at := Ref{IssueKind, project, n}
	f.issues[at] = &Issue{
		Ref: at, Path: fmt.Sprintf("%s#%d", project, n), URL: fmt.Sprintf("https://tracker.example/%s/issues/%d", project, n),
		Title: title, Description: text, Author: who, Created: f.now(), Updated: f.now(),
	}
	return f.issues[at]
}

func (f *fake) Me(context.Context) (Account, error) {
	f.Lock()
	defer f.Unlock()
	answer, err := f.asked("me")
	if err != nil {
		return Account{}, err
	}
	return bot, answer(nil)
}

func (f *fake) ByHandle(_ context.Context, handle string) (Account, bool, error) {
	f.Lock()
	defer f.Unlock()
	if _, err := f.asked("by-handle", handle); err != nil {
		return Account{}, false, err
	}
	i := slices.IndexFunc(f.accounts, func(a Account) bool { return a.Handle == strings.TrimPrefix(handle, "@") })
	if i < 0 {
		return Account{}, false, nil
	}
	return f.accounts[i], true, nil
}

func (f *fake) ByEmail(_ context.Context, email string) (Account, bool, error) {
	f.Lock()
	defer f.Unlock()
	if _, err := f.asked("by-email", email); err != nil {
		return Account{}, false, err
	}
	i := slices.IndexFunc(f.accounts, func(a Account) bool { return a.Handle == f.emails[email] })
	if i < 0 {
		return Account{}, false, nil
	}
	return f.accounts[i], true, nil
}

func (f *fake) Locate(url string) (Ref, bool) {
	parts := strings.Split(strings.TrimPrefix(url, "https://tracker.example/"), "/")
	if len(parts) != 3 {
		return Ref{}, false
	}
	n, err := strconv.ParseInt(parts[2], 10, 64)
	kind := map[string]Kind{"issues": IssueKind, "merge_requests": MergeRequestKind}[parts[1]]
	return Ref{kind, parts[0], n}, err == nil && kind != ""
}

func (f *fake) Issue(_ context.Context, at Ref) (Issue, error) {
	f.Lock()
	defer f.Unlock()
	answer, err := f.asked("issue", at.Project, at.Number)
	if err != nil {
		return Issue{}, err
	}
	if f.issues[at] == nil {
		return Issue{}, gone(at)
	}
	return *f.issues[at], answer(nil)
}

func (f *fake) Create(_ context.Context, project string, n NewIssue) (Issue, error) {
	f.Lock()
	defer f.Unlock()
	answer, err := f.asked("create", project)
	if err != nil {
		return Issue{}, err
	}
	i := f.made(bot, project, n.Title, n.Description)
	i.Due, i.Labels, i.Restricted = n.Due, n.Labels, n.Restricted
	f.assign(i, n.Assignee)
	return *i, answer(nil)
}

func (f *fake) assign(i *Issue, id int64) {
	if f.ignores {
		return
	}
	i.Assignees = nil
	for _, a := range f.accounts {
		if a.ID == id {
			i.Assignees = []Account{a}
		}
	}
}

func (f *fake) Update(_ context.Context, at Ref, c Change) (Issue, error) {
	f.Lock()
	defer f.Unlock()
	answer, err := f.asked("update", at.Project, at.Number)
	if err != nil {
		return Issue{}, err
	}
	i := f.issues[at]
	if i == nil {
		return Issue{}, gone(at)
	}
	if c.Description != nil && *c.Description != i.Description {
		f.act(Activity{Kind: Described, Author: bot}, at, func(i *Issue) { i.Description = *c.Description })
	}
	if c.Assignee != nil {
		f.assign(i, *c.Assignee)
	}
	if c.Due != nil {
		i.Due = *c.Due
	}
	if c.Closed != nil {
		i.Closed = *c.Closed
	}
	i.Updated = f.now()
	return *i, answer(nil)
}

func (f *fake) Created(_ context.Context, project string, since time.Time) (out []Issue, err error) {
	f.Lock()
	defer f.Unlock()
	if _, err := f.asked("created", project); err != nil {
		return nil, err
	}
	for at, i := range f.issues {
		if at.Project == project && i.Author == bot && !i.Created.Before(since) {
			out = append(out, *i)
		}
	}
	return out, nil
}

func (f *fake) Changed(_ context.Context, project string, since time.Time) (out []Issue, err error) {
	f.Lock()
	defer f.Unlock()
	if _, err := f.asked("changed", project, since.UTC().Format(time.TimeOnly)); err != nil {
		return nil, err
	}
	for at, i := range f.issues {
		if at.Project == project && !i.Updated.Before(since) {
			out = append(out, *i)
		}
	}
	slices.SortFunc(out, func(a, b Issue) int { return cmp.Or(a.Updated.Compare(b.Updated), int(a.Number-b.Number)) })
	return out, nil
}

func (f *fake) Link(_ context.Context, from, to Ref) error {
	f.Lock()
	defer f.Unlock()
	answer, err := f.asked("link", from.Number, to.Number)
	if err != nil {
		return err
	}
	f.links = append(f.links, [2]Ref{from, to})
	return answer(nil)
}

func (f *fake) Activity(_ context.Context, at Ref, after int64) (out []Activity, err error) {
	f.Lock()
	defer f.Unlock()
	if _, err := f.asked("activity", at.Project, at.Number); err != nil {
		return nil, err
	}
	for _, a := range f.acts[at] {
		if a.ID > after {
			out = append(out, a)
		}
	}
	return out, nil
}

func (f *fake) Comment(_ context.Context, at Ref, body string) (Activity, error) {
	f.Lock()
	defer f.Unlock()
	answer, err := f.asked("comment", at.Project, at.Number)
	if err != nil {
		return Activity{}, err
	}
	return f.act(Activity{Kind: Commented, Author: bot, Text: body}, at, nil), answer(nil)
}

func (f *fake) MergeRequest(_ context.Context, at Ref) (MergeRequest, error) {
	f.Lock()
	defer f.Unlock()
	answer, err := f.asked("merge", at.Project, at.Number)
	if err != nil {
		return MergeRequest{}, err
	}
	if f.merges[at] == nil {
		return MergeRequest{}, gone(at)
	}
	return *f.merges[at], answer(nil)
}

func (f *fake) ChangedMergeRequests(_ context.Context, project string, since time.Time) (out []MergeRequest, err error) {
	f.Lock()
	defer f.Unlock()
	if _, err := f.asked("changed-merges", project); err != nil {
		return nil, err
	}
	for at, m := range f.merges {
		if at.Project == project && !m.Updated.Before(since) {
			out = append(out, *m)
		}
	}
	return out, nil
}
