package workflow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

func TestCheckHandle(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"omar": "omar", "@omar_k": "omar_k", " @o.m-k9 ": "o.m-k9",
		"https://gitlab.example/omar_k": "omar_k", "https://gitlab.example/omar_k/": "omar_k", "gitlab.example/@omar_k": "omar_k",
		strings.Repeat("x", 255): strings.Repeat("x", 255),
		"":                       "", "@": "", "/": "", "omar k": "", "ömar": "", "<@U0OMAR>": "", "@@omar": "", "omar;drop": "", "a\nb": "",
		strings.Repeat("x", 256): "",
	} {
		got, err := workflow.CheckHandle(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v, want %q", typed, got, err, want)
		}
		if err != nil {
			wantKind(t, err, workflow.Invalid)
		}
	}
}

// Somebody is who they say once the account they named has written their code, within
// a day.
func TestHandleIsProvedByItsCode(t *testing.T) {
	t.Parallel()
	now := monday
	for what, tt := range map[string]struct {
		name    string
		account int64
		code    string
		after   time.Duration
		want    workflow.UserID
	}{
		"as it should be":    {"omar_k", 4, "code", time.Hour, omar},
		"in other letters":   {"Omar_K", 4, "code", time.Hour, omar},
		"at the last moment": {"omar_k", 4, "code", 24*time.Hour - time.Second, omar},
		"too late":           {"omar_k", 4, "code", 24 * time.Hour, ""},
		"another account":    {"pat", 2, "code", time.Hour, ""},
		"another code":       {"omar_k", 4, "cod", time.Hour, ""},
		"no code":            {"omar_k", 4, "", time.Hour, ""},
		"somebody's account": {"omar_k", 5, "code", time.Hour, ""},
	} {
		o := &workflow.Office{Handles: map[workflow.UserID]workflow.Handle{maya: {Name: "maya", Account: 5}}}
		if err := o.WantHandle(omar, "omar_k", "code", now); err != nil {
			t.Fatal(err)
		}
		before := o.Clone()
		who, ok := o.ConfirmHandle(tt.name, tt.account, tt.code, now.Add(tt.after))
		if who != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: it is %q, %v", what, who, ok)
		}
		if !ok {
			if diff := cmp.Diff(before, o); diff != "" {
				t.Errorf("%s: it changed (-want +got):\n%s", what, diff)
			}
			continue
		}
		want := workflow.Handle{Name: tt.name, Account: tt.account, Since: now.Add(tt.after)}
		if diff := cmp.Diff(want, o.Handles[omar]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		if _, again := o.ConfirmHandle(tt.name, tt.account, tt.code, now.Add(tt.after)); again {
			t.Errorf("%s: a code is good twice", what)
		}
	}
}

// A code that is asked for again is another, a name that somebody has shown to be
// theirs is taken, and one's own stays until another is proved.
func TestWantHandle(t *testing.T) {
	t.Parallel()
	const none = workflow.Internal // for no error
	o := &workflow.Office{}
	want := func(who workflow.UserID, name, code string, kind workflow.Kind) {
		t.Helper()
		switch err := o.WantHandle(who, name, code, monday); {
		case kind != none:
			wantKind(t, err, kind)
		case err != nil:
			t.Error(err)
		}
	}
	want(omar, "omar_k", "first", none)
	want(maya, "OMAR_k", "hers", none) // nobody has shown it yet
	want(omar, "omar_k", "second", none)
	if who, ok := o.ConfirmHandle("omar_k", 4, "first", monday); ok {
		t.Errorf("the first code is good still, for %s", who)
	}
	if who, ok := o.ConfirmHandle("omar_k", 4, "second", monday); who != omar || !ok {
		t.Errorf("the second code is %q's, %v", who, ok)
	}
	if who, ok := o.ConfirmHandle("omar_k", 4, "hers", monday); ok {
		t.Errorf("one account is two people's: %s", who)
	}
	want(omar, "Omar_K", "x", workflow.Conflict)
	want(maya, "omar_K", "x", workflow.Conflict)
	want(omar, "omar.new", "third", none)
	if h := o.Handles[omar]; h.Name != "omar_k" || h.Account != 4 || h.Wants != "omar.new" {
		t.Errorf("until it is proved he is %+v", h)
	}
	if err := o.ForgetHandle(omar); err != nil || len(o.Handles) != 1 {
		t.Errorf("%v, %v", err, o.Handles)
	}
	wantKind(t, o.ForgetHandle(omar), workflow.Conflict)
	want(maya, "omar_k", "now", none)
}

// A copy of the office is its own.
func TestOfficeFactsAndHandles(t *testing.T) {
	t.Parallel()
	o := &workflow.Office{}
	o.SetFact("our-logos", "https://logos.example/")
	if err := o.WantHandle(omar, "omar_k", "code", monday); err != nil {
		t.Fatal(err)
	}
	c := o.Clone()
	c.SetFact("our-logos", "")
	if err := c.ForgetHandle(omar); err != nil {
		t.Fatal(err)
	}
	if o.Facts["our-logos"] != "https://logos.example/" || len(o.Handles) != 1 || len(c.Facts) != 0 || len(c.Handles) != 0 {
		t.Errorf("it has %v, %v and its copy %v, %v", o.Facts, o.Handles, c.Facts, c.Handles)
	}
}
