package bot

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"cloudimage/commands"
	"cloudimage/slackdev"
	"cloudimage/workflow"
)

// looking answers everything with a page that is to be filled, by what it is told.
type looking struct {
	first commands.Reply
	later chan func(context.Context) (commands.Reply, error)
}

func newLooking(first commands.Reply) *looking {
	return &looking{first, make(chan func(context.Context) (commands.Reply, error), 1)}
}

// Do implements [Desk].
func (l *looking) Do(_ context.Context, req commands.Request) (commands.Reply, error) {
	out := l.first
	if req.Verb == "plain" {
		return commands.Reply{Text: workflow.Say("Still here.")}, nil
	}
	out.Later = func(ctx context.Context) (commands.Reply, error) {
		select {
		case f := <-l.later:
			return f(ctx)
		case <-ctx.Done():
			return commands.Reply{}, ctx.Err()
		}
	}
	return out, nil
}

// finds ends what is looked up.
func (l *looking) finds(r commands.Reply, err error) {
	l.later <- func(context.Context) (commands.Reply, error) { return r, err }
}

func page(title string, rows ...commands.Row) commands.Reply {
	return commands.Reply{Page: &commands.Page{Title: title, Rows: rows}}
}

func form(title string) commands.Reply {
	return commands.Reply{Form: &commands.Form{Verb: "build", Title: title, Fields: []commands.Field{{ID: "text", Label: "Text", Optional: true}}}}
}

// sees waits until ana has a modal that reads so.
func (s *site) sees(words ...string) {
	s.t.Helper()
	s.until(fmt.Sprint(words), func() bool {
		v, ok := s.slack.User("ana").Modal()
		return ok && mentions(v.Text(), words...)
	})
}

func (s *site) types(text string) {
	s.t.Helper()
	if _, err := s.slack.User("ana").Slash(s.t.Context(), "#general", text); err != nil {
		s.t.Fatal(err)
	}
}

// What is looked up is shown when it is known, in the place of what says so.
func TestModalThatIsFilledLater(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		found commands.Reply
		err   error
		want  []string
	}{
		"a form":     {form("Build 17.6.2"), nil, []string{"Build 17.6.2"}},
		"a page":     {page("The plan", commands.Row{Text: workflow.Say("Two images.")}), nil, []string{"The plan", "Two images."}},
		"a sentence": {commands.Reply{Text: workflow.Say("Nothing is left to build.")}, nil, []string{"Nothing is left to build."}},
		"a refusal":  {commands.Reply{}, workflow.Fail(workflow.Unavailable, "AWS does not answer."), []string{"AWS does not answer."}},
		"a fault":    {commands.Reply{}, errors.New("a bug"), []string{"Something went wrong on my side"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := newLooking(page("Checking…"))
			s := start(t, desk, slackdev.Options{})
			s.types("/cloudimage build")
			s.sees("Checking…")
			if s.Quiet() {
				t.Error("the bot is quiet while something is looked up")
			}
			desk.finds(c.found, c.err)
			s.quiet()
			s.sees(c.want...)
			if n := len(s.slack.User("ana").Modals()); n != 1 {
				t.Errorf("ana has %d modals", n)
			}
			if got := s.slack.User("ana").Sees("#general"); got != "" {
				t.Errorf("something was said besides: %s", got)
			}
		})
	}
}

func TestModalThatIsFilledLaterByABug(t *testing.T) {
	t.Parallel()
	desk := newLooking(page("Checking…"))
	s := start(t, desk, slackdev.Options{})
	s.types("/cloudimage build")
	desk.later <- func(context.Context) (commands.Reply, error) { panic("a bug") }
	s.quiet()
	s.sees("Something went wrong on my side")
}

// A form that was sent, and a modal that was clicked, are filled where they are.
func TestModalInItsPlaceIsFilledLater(t *testing.T) {
	t.Parallel()
	desk := newLooking(form("Which ones?"))
	s := start(t, desk, slackdev.Options{})
	ana := s.slack.User("ana")
	s.types("/cloudimage build")
	s.sees("Which ones?")
	desk.finds(page("Click it", commands.Row{Text: workflow.Say("Here."), Buttons: []commands.Button{{Label: "Again", Verb: "again"}}}), nil)
	s.sees("Click it")
	desk.first = page("Checking…")
	if _, err := ana.Click(t.Context(), slackdev.InModal("Again")); err != nil {
		t.Fatal(err)
	}
	s.sees("Checking…")
	desk.finds(form("Build them?"), nil)
	s.sees("Build them?")
	desk.finds(commands.Reply{Text: workflow.Say("2 images are being built.")}, nil) // known before the answer is shown
	if _, err := ana.Submit(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.quiet()
	s.sees("2 images are being built.")
	if n := len(ana.Modals()); n != 1 {
		t.Errorf("ana has %d modals", n)
	}
}

// One thing that is looked up may lead to another.
func TestModalThatIsFilledTwice(t *testing.T) {
	t.Parallel()
	desk := newLooking(page("Checking…"))
	s := start(t, desk, slackdev.Options{})
	s.types("/cloudimage build")
	next := page("Checking more…")
	next.Later = func(context.Context) (commands.Reply, error) { return page("All of it"), nil }
	desk.finds(next, nil)
	s.quiet()
	s.sees("All of it")
}

// Who closed the modal, or looks at something else in it, hears what was done and
// nothing of what was only looked up.
func TestModalThatWasClosedMeanwhile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		found commands.Reply
		hears string
	}{
		"what was done":      {commands.Reply{Text: workflow.Say("3 leftovers are gone.")}, "3 leftovers are gone."},
		"what was looked up": {page("The plan"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := newLooking(page("Checking…"))
			s := start(t, desk, slackdev.Options{})
			ana := s.slack.User("ana")
			s.types("/cloudimage build")
			s.sees("Checking…")
			if _, err := ana.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			desk.finds(c.found, nil)
			s.quiet()
			if got := ana.Sees("#general"); got != c.hears && (c.hears == "" || !mentions(got, c.hears)) {
				t.Errorf("ana reads %q, want %q", got, c.hears)
			}
			if n := len(ana.Modals()); n != 0 {
				t.Errorf("ana has %d modals", n)
			}
		})
	}
}

func TestModalThatShowsSomethingElseByNow(t *testing.T) {
	t.Parallel()
	desk := newLooking(page("Checking…", commands.Row{Text: workflow.Say("Here."), Buttons: []commands.Button{{Label: "Never mind", Verb: "plain"}}}))
	s := start(t, desk, slackdev.Options{})
	s.types("/cloudimage build")
	s.sees("Checking…")
	if _, err := s.slack.User("ana").Click(t.Context(), slackdev.InModal("Never mind")); err != nil {
		t.Fatal(err)
	}
	s.sees("Still here.")
	desk.finds(page("The plan"), nil)
	s.quiet()
	s.sees("Still here.")
}

// A form that was closed before its answer was there is answered in a message, where
// the form was opened.
func TestSubmissionThatWasClosedMeanwhile(t *testing.T) {
	t.Parallel()
	first := form("Which ones?")
	first.Form.Target.Channel = "C0GENERAL"
	desk := newLooking(first)
	s := start(t, desk, slackdev.Options{})
	ana := s.slack.User("ana")
	s.types("/cloudimage build")
	s.sees("Which ones?")
	desk.finds(first, nil)
	s.quiet()
	desk.first = page("Starting…")
	if _, err := ana.Submit(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.sees("Starting…")
	if _, err := ana.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	desk.finds(commands.Reply{Text: workflow.Say("2 images are being built.")}, nil)
	s.quiet()
	if got := ana.Sees("#general"); !mentions(got, "2 images are being built.") {
		t.Errorf("ana reads %q", got)
	}
}

// A server that has no modals, or that cannot change them, is served with messages.
func TestServerWithoutModalsToFill(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		disabled string
		found    commands.Reply
		hears    string
	}{
		"no modals, a page":      {"views.open", page("The plan", commands.Row{Text: workflow.Say("Two images.")}), "Two images."},
		"no modals, a form":      {"views.open", form("Build them?"), "This server has no modals"},
		"no modals, a sentence":  {"views.open", commands.Reply{Text: workflow.Say("All is built.")}, "All is built."},
		"no changes, a page":     {"views.update", page("The plan", commands.Row{Text: workflow.Say("Two images.")}), "Two images."},
		"no changes, a sentence": {"views.update", commands.Reply{Text: workflow.Say("All is built.")}, "All is built."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := newLooking(page("Checking…"))
			s := start(t, desk, slackdev.Options{DisabledMethods: []string{c.disabled}})
			s.types("/cloudimage build")
			desk.finds(c.found, nil)
			s.quiet()
			if got := s.slack.User("ana").Sees("#general"); !mentions(got, c.hears) || mentions(got, "Checking") {
				t.Errorf("ana reads %q, want %q", got, c.hears)
			}
		})
	}
}

// Who writes to the bot gets the answer in a message.
func TestWrittenWordsAreAnsweredLater(t *testing.T) {
	t.Parallel()
	desk := newLooking(page("Checking…"))
	s := start(t, desk, slackdev.Options{Manifest: []byte(withHistory)})
	ana := s.slack.User("ana")
	if _, err := ana.Say(t.Context(), "dm", "build"); err != nil {
		t.Fatal(err)
	}
	desk.finds(page("The plan", commands.Row{Text: workflow.Say("Two images.")}), nil)
	s.until("the answer", func() bool { return mentions(ana.Sees("dm"), "Two images.") })
	if got := ana.Sees("dm"); mentions(got, "Checking") {
		t.Errorf("ana reads %q", got)
	}
}

// What takes long keeps nobody else waiting.
func TestWhatTakesLongKeepsNoWorker(t *testing.T) {
	t.Parallel()
	desk := newLooking(page("Checking…"))
	s := start(t, desk, slackdev.Options{})
	for range workers + 1 {
		s.types("/cloudimage build")
	}
	out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage plain")
	if err != nil || !mentions(string(out.Response), "Still here.") {
		t.Errorf("the answer is %s, %v", out.Response, err)
	}
	for range workers + 1 {
		desk.finds(commands.Reply{}, context.Canceled)
	}
	s.quiet()
}

// A bot that stops ends what it looks up, and says so.
func TestStopWhileSomethingIsLookedUp(t *testing.T) {
	t.Parallel()
	s := start(t, newLooking(page("Checking…")), slackdev.Options{})
	s.types("/cloudimage build")
	s.sees("Checking…")
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	s.sees("That took too long.")
}
