package mirror

import (
	"testing"
	"time"

	"cloudimage/workflow"
)

// confirms lets a person say who they are there, and prove it.
func (w *world) confirms(who workflow.UserID, a Account) {
	w.t.Helper()
	code, err := w.service.WantHandle(w.t.Context(), workflow.Who{User: who, Request: w.next()}, a.Handle)
	if err != nil {
		w.t.Fatal(err)
	}
	_, ok, err := w.service.ConfirmHandle(w.t.Context(), w.next(), a.Handle, a.ID, code)
	if err != nil || !ok {
		w.t.Fatalf("%s is not confirmed: %v", who, err)
	}
	w.mirror.people.forget(who)
}

// account is whose account somebody has; empty for nobody.
func (w *world) account(who workflow.UserID) string {
	w.t.Helper()
	a, ok, err := w.mirror.people.account(w.t.Context(), who)
	if err != nil {
		w.t.Fatal(err)
	}
	if !ok {
		return ""
	}
	return a.Handle
}

// person is who an account is; empty for nobody.
func (w *world) person(r workflow.RunID, a Account) workflow.UserID {
	w.t.Helper()
	who, err := w.mirror.people.person(w.t.Context(), w.run(r), a)
	if err != nil {
		w.t.Fatal(err)
	}
	return who
}

// The configuration stands above what people say, and that above their addresses.
func TestWhoIsWho(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	if got := w.account(ana); got != gAna.Handle {
		t.Errorf("by her address ana is %q", got)
	}
	if got := w.account(maya); got != "" {
		t.Errorf("without an address maya is %q", got)
	}
	if got := w.account(workflow.Bot); got != "" {
		t.Errorf("the bot is %q", got)
	}
	w.confirms(ana, gOther)
	if got := w.account(ana); got != gOther.Handle {
		t.Errorf("by her own word ana is %q", got)
	}
	if got := w.person(r, gOther); got != ana {
		t.Errorf("%s is %q", gOther.Handle, got)
	}
	if got := w.person(r, gAna); got != "" {
		t.Errorf("the account of her address is %q still", got)
	}
	w.options.Handles = map[workflow.UserID]string{ana: "@" + pat.Handle, maya: "nobody-there"}
	w.restarts()
	if got := w.account(ana); got != pat.Handle {
		t.Errorf("by the configuration ana is %q", got)
	}
	if got := w.account(maya); got != "" {
		t.Errorf("with a name that is none maya is %q", got)
	}
	if got := w.person(r, pat); got != ana {
		t.Errorf("%s is %q", pat.Handle, got)
	}
}

// An account that two people have is nobody's: neither acts in the other's name.
func TestTwoPeopleWithOneAccountAreNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Handles = map[workflow.UserID]string{maya: gAna.Handle} })
	r := w.begins("DigitalOcean")
	if got := w.person(r, gAna); got != "" {
		t.Errorf("%s is %q", gAna.Handle, got)
	}
	w.waits(5 * time.Minute)
	w.tick(gAna, w.place(r), "joint-marketing", true)
	w.waits(2 * time.Minute)
	if s := w.run(r).Steps[key("joint-marketing")]; s.Tick == nil || s.Tick.Own || s.Tick.By.User != "" {
		t.Errorf("the tick is %+v", s.Tick)
	}
}

// An address that is a guest's, or of somebody who has left, is nobody's.
func TestAddressOfAGuestIsNotBelieved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for what, p := range map[string]workflow.Profile{
		"a guest": {Guest: true}, "an outsider": {Outsider: true}, "somebody who has left": {Deactivated: true},
	} {
		p.Email = "ana@acme.example"
		w.town.profiles[ned] = p
		w.mirror.people.forget(ned)
		if got := w.account(ned); got != "" {
			t.Errorf("%s is %q", what, got)
		}
	}
	w.counted("by-email", 0)
}

// Who somebody is is asked for now and then, and when they say so.
func TestWhoIsWhoIsRememberedForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 3 {
		w.account(ana)
		w.account(ned)
	}
	w.counted("by-email", 1)
	w.advance(unknown)
	w.town.profiles[ned] = workflow.Profile{Email: "omar@acme.example"}
	if w.account(ana); w.account(ned) != gOmar.Handle {
		t.Error("who was not known is not looked up again")
	}
	w.counted("by-email", 1)
	w.advance(believed)
	w.account(ana)
	w.counted("by-email", 1)
	w.town.away = true
	w.mirror.people.forget(ana)
	if got := w.account(ana); got != "" {
		t.Errorf("while nobody can be looked up ana is %q", got)
	}
}

// Somebody is who they say only by a comment of that account with that code.
func TestNameIsProvedByAComment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(5 * time.Minute)
	at := w.place(r)
	code, err := w.service.WantHandle(t.Context(), workflow.Who{User: maya, Request: w.next()}, gOther.Handle)
	if err != nil {
		t.Fatal(err)
	}
	is := func() string {
		w.waits(2 * time.Minute)
		office, err := w.store.Office(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return office.Handles[maya].Name
	}
	w.as(pat, at, Commented, "cloudimage link "+code, nil)
	if got := is(); got != "" {
		t.Errorf("another account proved that maya is %q", got)
	}
	w.as(gOther, at, Commented, "cloudimage link aaaaaaaaaa", nil)
	w.as(gOther, at, Commented, "cloudimage link "+code+"a", nil)
	if got := is(); got != "" {
		t.Errorf("another code proved that maya is %q", got)
	}
	w.as(gOther, at, Commented, "Here it is: Cloudimage LINK "+code+".", nil)
	if got := is(); got != gOther.Handle {
		t.Errorf("maya is %q, want %q", got, gOther.Handle)
	}
	if got := w.person(r, gOther); got != maya {
		t.Errorf("%s is %q at once", gOther.Handle, got)
	}
	for _, text := range w.heard(r) {
		if text != "other: cloudimage link "+code+"a" {
			t.Errorf("a code is told of in the chat: %q", text)
		}
	}
}

func TestOldCodeProvesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(5 * time.Minute)
	code, err := w.service.WantHandle(t.Context(), workflow.Who{User: maya, Request: w.next()}, gOther.Handle)
	if err != nil {
		t.Fatal(err)
	}
	w.advance(24 * time.Hour)
	w.as(gOther, w.place(r), Commented, "cloudimage link "+code, nil)
	w.waits(2 * time.Minute)
	if office, err := w.store.Office(t.Context()); err != nil || office.Handles[maya].Name != "" {
		t.Errorf("maya is %+v, %v", office.Handles[maya], err)
	}
	if who := w.person(r, gOther); who != "" {
		t.Errorf("%s is %q", gOther.Handle, who)
	}
}

// Who takes back that they are somebody in the tracker is so no longer, from that
// moment on.
func TestWhoTakesItBackIsNobodyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.confirms(maya, gOther)
	if got := w.person(r, gOther); got != maya {
		t.Fatalf("%s is %q", gOther.Handle, got)
	}
	if err := w.service.ForgetHandle(t.Context(), workflow.Who{User: maya, Request: w.next()}); err != nil {
		t.Fatal(err)
	}
	if got := w.person(r, gOther); got != "" {
		t.Errorf("%s is %q still", gOther.Handle, got)
	}
}
