package maintenance

import (
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

func TestTell(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		version string
		kind    workflow.CatalystKind
		want    string
	}{
		"a release, without a word of its kind": {"17.5.1", "", "out release aws-ee"},
		"a security update":                     {"17.5.1", workflow.CatalystSecurity, "out security aws-ee"},
		"a rebuild":                             {"17.5.0+1", "", "out fix aws-ee"},
		"what was out before anybody watched":   {"17.5.0", workflow.CatalystSecurity, "out security"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := began(t, "", "aws ee 17.5.0")
			if _, err := w.watch.Tell(t.Context(), w.who(maya), version(c.version), c.kind, cards); workflow.KindOf(err) != workflow.Denied {
				t.Errorf("anybody can tell of it: %v", err)
			}
			told, err := w.watch.Tell(t.Context(), w.who(olu), version(c.version), c.kind, cards)
			must(t, err)
			if told.Release.Version != version(c.version) || !strings.HasPrefix(told.Said.String(), "U0OLU said that it is ") {
				t.Errorf("it is told: %s: %s", told.Release.Version, told.Said)
			}
			w.is(c.version, c.want)
			w.rests()
			// Its sources say the same later, and change nothing of that.
			w.advance(time.Hour)
			w.releases(c.version)
			w.pass()
			w.is(c.version, c.want)
		})
	}
}

func TestToldCardsGoWhereItWasSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.options.Channel = ""
	w.restarts()
	w.lists("aws ee 17.5.0")
	_, err := w.watch.Tell(t.Context(), w.who(omar), version("17.5.1"), "", "C0HERE")
	must(t, err)
	if run := w.about("17.5.1"); run.Channel != "C0HERE" {
		t.Errorf("its card is in %s", run.Channel)
	}
}

// Without a channel nothing opens, and it opens once there is one.
func TestNoChannelOpensNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.options.Channel = ""
	w.restarts()
	w.releases("17.5.0")
	w.pass()
	w.lists("aws ee 17.5.0")
	w.advance(time.Hour)
	w.releases("17.5.1")
	w.pass()
	w.is("17.5.1", "out release")
	w.rests()
	must(t, w.watch.Change(t.Context(), w.who(omar), "aws-ee-image", 0, func(l *workflow.Listed) { l.Channel = "C0HOME" }))
	w.is("17.5.1", "out release aws-ee")
	if run := w.about("17.5.1"); run.Channel != "C0HOME" {
		t.Errorf("its card is in %s", run.Channel)
	}
}

func TestAddAndChange(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0")
	add := func(want int, list ...workflow.Listed) {
		t.Helper()
		added, err := w.watch.Add(t.Context(), w.who(omar), list)
		if err != nil || added != want {
			t.Errorf("%d were added, want %d: %v", added, want, err)
		}
	}
	again := listing("AWS ee 17.5.1")
	again.Pricing = "BYOL"
	add(1, again, listing("azure ce"))
	l := w.listed("aws-ee-image")
	if l.Published != version("17.5.1") || !l.At.Equal(w.clock()) || l.Pricing != "BYOL" || l.Revision != 2 || l.Partner != "aws" {
		t.Errorf("it was merged to %+v", l)
	}
	add(0, listing("aws ee"))
	if l := w.listed("aws-ee-image"); l.Published != version("17.5.1") || l.Pricing != "BYOL" {
		t.Errorf("what was left out is gone: %+v", l)
	}
	for name, list := range map[string][]workflow.Listed{
		"one twice":            {listing("ibm ee 17.5.0"), listing("IBM ee 17.5.1")},
		"one of them is wrong": {listing("ibm ee 17.5.0"), listing("ibm ultimate 17.5.0")},
	} {
		if _, err := w.watch.Add(t.Context(), w.who(omar), list); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.watch.Listed(t.Context(), "ibm-ee-image"); workflow.KindOf(err) != workflow.NotFound {
		t.Errorf("one of those that were refused is there: %v", err)
	}
	if _, err := w.watch.Add(t.Context(), w.who(ned), []workflow.Listed{listing("ibm ee")}); workflow.KindOf(err) != workflow.Denied {
		t.Errorf("anybody can add listings: %v", err)
	}
	for name, c := range map[string]struct {
		who  workflow.UserID
		id   workflow.ListingID
		seen int64
		to   string
		want workflow.Kind
	}{
		"by nobody of ours":       {ned, "aws-ee-image", 0, "BYOL", workflow.Denied},
		"of one that there isn't": {omar, "ibm-ee-image", 0, "BYOL", workflow.NotFound},
		"of what was otherwise":   {omar, "aws-ee-image", 1, "BYOL", workflow.Stale},
		"to what cannot be":       {omar, "aws-ee-image", 0, strings.Repeat("x", 201), workflow.Invalid},
	} {
		if err := w.watch.Change(t.Context(), w.who(c.who), c.id, c.seen, func(l *workflow.Listed) { l.Pricing = c.to }); workflow.KindOf(err) != c.want {
			t.Errorf("a change %s: %v", name, err)
		}
	}
}

// A fix of the image is the same version once more: nothing closes it because the
// version is live, and a newer release goes on with it.
func TestFix(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0", "azure ee 17.5.0", "ibm ee 17.4.0")
	w.pass()
	if _, err := w.watch.Fix(t.Context(), w.who(omar), []workflow.ListingID{"aws-ee-image", "ibm-ee-image"}, "its disk is too small", workflow.CatalystFix, cards); workflow.KindOf(err) != workflow.Invalid {
		t.Errorf("two versions at once: %v", err)
	}
	if _, err := w.watch.Fix(t.Context(), w.who(omar), nil, "its disk is too small", workflow.CatalystFix, cards); workflow.KindOf(err) != workflow.Invalid {
		t.Errorf("of nothing: %v", err)
	}
	fix, err := w.watch.Fix(t.Context(), w.who(omar), []workflow.ListingID{"aws-ee-image"}, "its disk is too small", workflow.CatalystFix, cards)
	must(t, err)
	w.pass()
	if fix, err = w.store.Run(t.Context(), fix.ID); err != nil || lanes(fix) != "aws-ee" || fix.Catalyst.Because == "" {
		t.Errorf("the fix has the lanes %s: %v", lanes(fix), err)
	}
	w.rests()
	w.advance(time.Hour)
	w.releases("17.5.1")
	w.pass()
	w.is("17.5.1", "out release aws-ee azure-ee ibm-ee")
	if fix, err = w.store.Run(t.Context(), fix.ID); err != nil || !fix.Superseded() || fix.Next.Run != w.about("17.5.1").ID {
		t.Errorf("the fix is %s: %v", fix.State, err)
	}
	w.rests()
}
