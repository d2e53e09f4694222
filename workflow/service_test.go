package workflow_test

import (
	"context"
	"testing"
	"time"

	"cloudimage/workflow"
)

const (
	gil workflow.UserID = "U0GIL" // a guest
	oda workflow.UserID = "U0ODA" // of another organisation
)

type office struct {
	*workflow.Service
	*memory
	*town
}

func newOffice() *office {
	def := firstTime()
	o := &office{memory: newMemory(def), town: &town{roster: roster(), profiles: map[workflow.UserID]workflow.Profile{
		gil: {Guest: true}, oda: {Outsider: true},
	}}}
	o.Service = workflow.NewService(workflow.Options{
		Store: o.memory, Library: o.memory, Directory: o.town, Calendars: week{},
		Processes: map[workflow.ProcessName]*workflow.Definition{def.Name: def},
		Now:       func() time.Time { return monday },
	})
	return o
}

// opened is a run that a person has started, or proposed.
func (o *office) opened(t *testing.T, who workflow.UserID) *workflow.Run {
	t.Helper()
	r, err := o.Service.Begin(context.Background(), workflow.Who{User: who, Request: "open"}, "first-time-image",
		workflow.Start{Partner: "DigitalOcean", Provider: workflow.Manual, Listings: []workflow.Listing{ceImage()}, Target: launchDay})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestServiceBegin(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	start := func() workflow.Start {
		// What a forged form might say of who owns it is not believed.
		return workflow.Start{Partner: "DigitalOcean", Provider: workflow.Manual, Listings: []workflow.Listing{ceImage()},
			Owner: ned, Leads: map[workflow.TeamID]workflow.UserID{sp: ned, pm: mo}}
	}
	for _, tt := range []struct {
		who    workflow.UserID
		state  workflow.RunState
		owner  workflow.UserID
		leads  workflow.UserID // Strategic Partnerships
		market workflow.UserID // leads Partner Marketing
	}{
		{sam, workflow.Running, sam, ned, mo},
		{ada, workflow.Running, ada, ned, mo},
		{olu, workflow.Proposed, "", ana, maya}, // who proposes does not choose who accepts
		{ned, workflow.Proposed, "", ana, maya},
	} {
		o := newOffice()
		r, err := o.Service.Begin(ctx, workflow.Who{User: tt.who, Request: "r"}, "first-time-image", start())
		if err != nil {
			t.Fatal(err)
		}
		if r.State != tt.state || r.Owner != tt.owner || r.Opener != tt.who || r.Leads[sp] != tt.leads || r.Leads[pm] != tt.market || r.Leads[om] != omar {
			t.Errorf("begun by %s it is %s, owned by %q, opened by %s, led by %v", tt.who, r.State, r.Owner, r.Opener, r.Leads)
		}
		if r.ID != "run1" || r.Name() != "R-1" || r.Title() != "DigitalOcean: First-time image" {
			t.Errorf("it is called %s, %s, %q", r.ID, r.Name(), r.Title())
		}
		again, err := o.Service.Begin(ctx, workflow.Who{User: tt.who, Request: "r"}, "first-time-image", start())
		if err != nil || again.ID != r.ID || again.Version != r.Version {
			t.Errorf("the same request made %s, version %d, %v", again.ID, again.Version, err)
		}
	}

	o := newOffice()
	for _, who := range []workflow.UserID{gil, oda} {
		_, err := o.Service.Begin(ctx, workflow.Who{User: who, Request: "r"}, "first-time-image", start())
		wantKind(t, err, workflow.Denied)
	}
	_, err := o.Service.Begin(ctx, workflow.Who{User: ana, Request: "r"}, "no-process", start())
	wantKind(t, err, workflow.NotFound)
	_, err = o.Service.Begin(ctx, workflow.Who{User: ana, Request: "r"}, "first-time-image", workflow.Start{})
	wantKind(t, err, workflow.Invalid)

	o.town.roster.Teams[sp] = workflow.TeamRoster{Problem: workflow.Say("The members are not known.")}
	_, err = o.Service.Begin(ctx, workflow.Who{User: ana, Request: "r"}, "first-time-image", start())
	wantKind(t, err, workflow.Denied) // rather than a proposal that nobody could accept
	o.town.away = true
	_, err = o.Service.Begin(ctx, workflow.Who{User: ana, Request: "r"}, "first-time-image", start())
	wantKind(t, err, workflow.Unavailable)
}

func TestServiceDo(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice()
	r := o.opened(t, ana)
	issue := key("create-issue")
	ask := workflow.Ask{Verb: workflow.VerbDone, Step: issue}
	calls := 0
	done := func(act workflow.Act, r *workflow.Run) error {
		calls++
		return r.Done(act, issue, 0, map[workflow.FieldID]string{"issue": "https://gitlab.example/1"})
	}

	for what, tt := range map[string]struct {
		who  workflow.Who
		run  workflow.RunID
		kind workflow.Kind
	}{
		"a guest":               {workflow.Who{User: gil}, r.ID, workflow.Denied},
		"an outsider":           {workflow.Who{User: oda}, r.ID, workflow.Denied},
		"another team":          {workflow.Who{User: olu}, r.ID, workflow.Denied},
		"an admin":              {workflow.Who{User: ada}, r.ID, workflow.NeedReason},
		"an admin with blanks":  {workflow.Who{User: ada, Reason: "  "}, r.ID, workflow.NeedReason},
		"a secret for a reason": {workflow.Who{User: ada, Reason: "password: hunter2"}, r.ID, workflow.Invalid},
		"no such run":           {workflow.Who{User: ana}, "run99", workflow.NotFound},
	} {
		tt.who.Request = workflow.RequestID(what)
		if _, err := o.Do(ctx, tt.who, tt.run, ask, done); workflow.KindOf(err) != tt.kind {
			t.Errorf("%s: %v", what, err)
		}
	}
	if calls > 0 || len(o.events[r.ID]) != int(r.Version) {
		t.Fatalf("something was done by people who may not: %d calls, %d events", calls, len(o.events[r.ID]))
	}

	// An ask that names somebody else does not make it theirs.
	forged := ask
	forged.Who, forged.Reason = ana, "because"
	_, err := o.Do(ctx, workflow.Who{User: olu, Request: "forged"}, r.ID, forged, done)
	wantKind(t, err, workflow.Denied)

	after, err := o.Do(ctx, workflow.Who{User: ada, Request: "click", Reason: " they are all away "}, r.ID, ask, done)
	if err != nil {
		t.Fatal(err)
	}
	s := after.Steps[issue]
	if s.Status != workflow.Done || s.Actor != ada || !s.At.Equal(monday) || s.Reason != "they are all away" {
		t.Errorf("it is %s by %s, %s: %q", s.Status, s.Actor, s.At, s.Reason)
	}
	if e := o.events[r.ID][r.Version]; e.Type != workflow.StepDone || !e.Override {
		t.Errorf("the event is %s, override: %v", e.Type, e.Override)
	}
	again, err := o.Do(ctx, workflow.Who{User: ada, Request: "click", Reason: "they are all away"}, r.ID, ask, done)
	if err != nil || again.Version != after.Version || calls != 1 {
		t.Errorf("the same click again: %v, version %d, %d calls", err, again.Version, calls)
	}
	_, err = o.Do(ctx, workflow.Who{User: ana, Request: "late click"}, r.ID, ask, done)
	wantKind(t, err, workflow.Stale)

	if err := o.May(after, workflow.Ask{Who: olu, Verb: workflow.VerbDone, Step: issue}); workflow.KindOf(err) != workflow.Denied {
		t.Error(err)
	}
	if err := o.May(after, workflow.Ask{Who: ana, Verb: workflow.VerbDone, Step: issue}); err != nil {
		t.Error(err)
	}
	o.town.away = true
	_, err = o.Do(ctx, workflow.Who{User: ana, Request: "while away"}, r.ID, ask, done)
	wantKind(t, err, workflow.Unavailable)
}

func TestFitFor(t *testing.T) {
	t.Parallel()
	o := newOffice()
	ctx := context.Background()
	if err := o.FitFor(ctx, ned, "helper"); err != nil {
		t.Error(err)
	}
	for _, who := range []workflow.UserID{gil, oda} {
		wantKind(t, o.FitFor(ctx, who, "helper"), workflow.Invalid)
	}
	o.town.away = true
	wantKind(t, o.FitFor(ctx, ned, "helper"), workflow.Unavailable)
}

func TestServiceKnows(t *testing.T) {
	t.Parallel()
	o := newOffice()
	if def, ok := o.Process("first-time-image"); !ok || def != o.Processes()["first-time-image"] {
		t.Error("it does not know its process")
	}
	if _, ok := o.Process("another"); ok {
		t.Error("it knows a process that it was not given")
	}
	if !o.Now().Equal(monday) {
		t.Errorf("now is %s", o.Now())
	}
	if now := workflow.NewService(workflow.Options{}).Now(); time.Since(now) > time.Minute {
		t.Errorf("now is %s without a clock of its own", now)
	}
}
