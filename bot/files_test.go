package bot

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/slackdev"
	"cloudimage/workflow"
)

// withFiles is an app that may send files, and knows where direct messages are.
var withFiles = []string{"commands", "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read", "files:write", "im:write"}

func without(scope string) []string {
	return slices.DeleteFunc(slices.Clone(withFiles), func(s string) bool { return s == scope })
}

// board answers everything with a picture and a table.
func board(text workflow.Text) Desk {
	return deskFunc(func(context.Context, commands.Request) (commands.Reply, error) {
		return commands.Reply{Text: text, Files: []commands.File{
			{Name: "board.png", Title: "The board", Alt: "Three images are late", Data: []byte("\x89PNG")},
			{Name: "figures.csv", Data: []byte("image,days\nCE,3\n")},
		}}, nil
	})
}

// typed has ana type a command, and waits until all of it is answered.
func (s *site) typed(channel string) slackdev.Outcome {
	s.t.Helper()
	out, err := s.slack.User("ana").Slash(s.t.Context(), channel, "/cloudimage board")
	if err != nil {
		s.t.Fatal(err)
	}
	s.quiet()
	return out
}

func (s *site) quiet() {
	s.t.Helper()
	late := time.After(patience)
	for {
		stirred := s.Stirred()
		if s.Quiet() {
			return
		}
		select {
		case <-stirred:
		case <-late:
			s.t.Fatalf("the bot is never quiet; log:\n%s", s.log)
		}
	}
}

// holds checks which files somebody got in a conversation, and that they are
// what was sent.
func (s *site) holds(person, channel string, want ...string) {
	s.t.Helper()
	var got []string
	for _, m := range s.slack.User(person).Messages(channel) {
		for _, id := range m.Files {
			f, ok := s.slack.User(person).File(id)
			if !ok || len(f.Data) == 0 {
				s.t.Errorf("%s cannot open %s", person, id)
			}
			got = append(got, f.Name)
		}
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("%s has the files %q in %s, want %q", person, got, channel, want)
	}
}

func TestFilesAndTheirWordsAreOneMessage(t *testing.T) {
	t.Parallel()
	text := workflow.Say("Here it is, %s & %s.", workflow.UserID("U0ANA"), "<!channel> *x*")
	s := start(t, board(text), slackdev.Options{ScopesGranted: withFiles})
	if out := s.typed("#general"); len(out.Response) > 0 {
		t.Errorf("something was said besides: %s", out.Response)
	}
	s.holds("omar", "#general", "board.png", "figures.csv")
	seen := s.slack.User("omar").Messages("#general")
	if len(seen) != 1 || seen[0].Raw != view.Sentence(text) || strings.Contains(seen[0].Raw, "<!channel>") {
		t.Errorf("omar sees %d messages, the first of them %q", len(seen), seen[0].Raw)
	}
	picture, _ := s.slack.User("omar").File(seen[0].Files[0])
	table, _ := s.slack.User("omar").File(seen[0].Files[1])
	if picture.Title != "The board" || picture.Alt != "Three images are late" || table.Title != "figures.csv" || string(table.Data) != "image,days\nCE,3\n" {
		t.Errorf("the files are %+v and %+v", picture, table)
	}
	if n := s.slack.CallCount(completeUpload); n != 1 {
		t.Errorf("the files were shared in %d calls", n)
	}
	if got := len(s.slack.User("ana").Messages("#general")); got != 1 {
		t.Errorf("ana sees %d messages", got)
	}
}

func TestFilesWithoutWords(t *testing.T) {
	t.Parallel()
	s := start(t, board(workflow.Text{}), slackdev.Options{ScopesGranted: withFiles})
	s.typed("#general")
	s.holds("omar", "#general", "board.png", "figures.csv")
	if m := s.slack.User("omar").Messages("#general")[0]; m.Raw != "" {
		t.Errorf("they come with the words %q", m.Raw)
	}
}

// Where files may not be shown they go to the person alone, who is told.
func TestFilesThatGoToThePersonAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		channel string
		told    string
		scopes  []string
		fault   *slackdev.Fault // of the channel's being looked up
	}{
		"the bot is no member":            {channel: "#random", told: "I am not in #random"},
		"the channel cannot be seen":      {channel: "#private-partners", told: "Invite me there first"},
		"others are in the channel":       {channel: "#shared-digitalocean", told: "shared with another organisation"},
		"it is not known who is":          {channel: "#general", told: "I could not see just now", fault: &slackdev.Fault{Status: 500}},
		"and where that is, only a post":  {channel: "#random", told: "I am not in #random", scopes: without("im:write")},
		"and who may see it is not known": {channel: "#general", told: "lacks the scope channels:read", scopes: without("channels:read")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.scopes == nil {
				c.scopes = withFiles
			}
			s := start(t, board(workflow.Say("Here it is.")), slackdev.Options{ScopesGranted: c.scopes})
			if c.fault != nil {
				s.slack.FailNext("conversations.info", 1, *c.fault)
			}
			s.typed(c.channel)
			s.holds("ana", "dm", "board.png", "figures.csv")
			s.holds("ana", c.channel)
			if sees := s.slack.User("ana").Sees("dm"); !mentions(sees, "Here it is.") {
				t.Errorf("the direct message says %q", sees)
			}
			if sees := s.slack.User("ana").Sees(c.channel); !mentions(sees, "You find board.png and figures.csv in our direct message.", c.told) {
				t.Errorf("in %s she is told %q", c.channel, sees)
			}
		})
	}
}

func TestFilesInTheDirectMessage(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*slackdev.Person, context.Context) (slackdev.Outcome, error){
		"a command": func(p *slackdev.Person, ctx context.Context) (slackdev.Outcome, error) {
			return p.Slash(ctx, "dm", "/cloudimage board")
		},
		"a message": func(p *slackdev.Person, ctx context.Context) (slackdev.Outcome, error) {
			return p.Say(ctx, "dm", "board")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, board(workflow.Say("Here it is.")), slackdev.Options{ScopesGranted: append(slices.Clone(withFiles), "im:history")})
			if _, err := do(s.slack.User("ana"), t.Context()); err != nil {
				t.Fatal(err)
			}
			s.quiet()
			s.holds("ana", "dm", "board.png", "figures.csv")
			if sees := s.slack.User("ana").Sees("dm"); strings.Count(sees, "Here it is.") != 1 || mentions(sees, "You find") {
				t.Errorf("she sees %q", sees)
			}
		})
	}
}

// A conversation between two others is none of the bot's.
func TestFilesAskedForBetweenOthers(t *testing.T) {
	t.Parallel()
	s := start(t, board(workflow.Say("Here it is.")), slackdev.Options{ScopesGranted: withFiles})
	frame := `{"envelope_id":"e","type":"slash_commands","accepts_response_payload":true,"payload":{"command":"/cloudimage","text":"board","user_id":"U0ANA","channel_id":"D0OTHERS","trigger_id":"t"}}`
	if _, err := s.slack.SendEnvelope(t.Context(), json.RawMessage(frame)); err != nil {
		t.Fatal(err)
	}
	s.quiet()
	s.holds("ana", "dm", "board.png", "figures.csv")
	if sees := s.slack.User("ana").Sees("dm"); !mentions(sees, "I am not in that conversation.") {
		t.Errorf("she sees %q", sees)
	}
}

// A modal and Home have no place for files.
func TestFilesAskedForInAView(t *testing.T) {
	t.Parallel()
	show := commands.Button{Label: "Board", Verb: "board"}
	s := start(t, deskFunc(func(ctx context.Context, req commands.Request) (commands.Reply, error) {
		switch {
		case req.Verb == "first":
			return commands.Reply{Page: &commands.Page{Title: "A page", Rows: []commands.Row{{Text: workflow.Say("Look."), Buttons: []commands.Button{show}}}}}, nil
		case req.Verb == "form":
			return commands.Reply{Form: &commands.Form{Title: "A form", Verb: "board", Submit: "Show", Target: commands.Target{Channel: req.Channel}}}, nil
		}
		return board(workflow.Say("Here it is.")).Do(ctx, req)
	}), slackdev.Options{ScopesGranted: withFiles})
	ana := s.slack.User("ana")
	modal := func(verb, title string) {
		t.Helper()
		if _, err := ana.Slash(t.Context(), "#general", "/cloudimage "+verb); err != nil {
			t.Fatal(err)
		}
		s.until(title, func() bool { v, ok := ana.Modal(); return ok && v.Title == title })
	}

	modal("first", "A page")
	if _, err := ana.Click(t.Context(), slackdev.InModal("Board")); err != nil {
		t.Fatal(err)
	}
	s.quiet()
	s.holds("ana", "dm", "board.png", "figures.csv")
	if v, ok := ana.Modal(); !ok || !mentions(v.Text(), "You find board.png and figures.csv in our direct message.") {
		t.Errorf("the modal says %q", v.Text())
	}
	if _, err := ana.CloseAll(t.Context()); err != nil {
		t.Fatal(err)
	}

	modal("form", "A form")
	if out, err := ana.Submit(t.Context()); err != nil || !out.OK {
		t.Fatalf("%+v, %v", out, err)
	}
	s.quiet()
	s.holds("ana", "dm", "board.png", "figures.csv", "board.png", "figures.csv")
	if sees := ana.Sees("#general"); !mentions(sees, "You find board.png and figures.csv in our direct message.") {
		t.Errorf("where the form was opened she is told %q", sees)
	}
}

// Whoever asked gets the words, whatever becomes of the files, and is told.
func TestFilesThatCannotBeSent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		slack  slackdev.Options
		method string
		fault  slackdev.Fault
		told   string
		logged string
		shared int // calls that share files and come to something
	}{
		"no scope": {
			slack: slackdev.Options{ScopesGranted: without("files:write")},
			told:  "pictures and tables need the scope files:write", logged: "the app lacks the scope files:write",
		},
		"no such method": {
			slack: slackdev.Options{DisabledMethods: []string{"files.getUploadURLExternal"}},
			told:  "this server takes no files", logged: "this server takes no files",
		},
		"no method to share with": {
			slack: slackdev.Options{DisabledMethods: []string{completeUpload}},
			told:  "this server takes no files", logged: "this server takes no files",
		},
		"no room for it": {
			method: "files.getUploadURLExternal", fault: slackdev.Fault{Code: "storage_limit_reached"},
			told: "I could not send board.png and figures.csv (storage_limit_reached).", logged: "files could not be sent",
		},
		"refused": {
			method: completeUpload, fault: slackdev.Fault{Code: "file_not_found"},
			told: "I could not send board.png and figures.csv (file_not_found).", logged: "files could not be sent",
		},
		"the answer is lost": {
			method: completeUpload, fault: slackdev.Fault{StoredThenStatus: 500},
			told: "I do not know whether board.png and figures.csv arrived", logged: "whether files arrived is not known", shared: 1,
		},
		"nothing came of it, and nobody knows": {
			method: completeUpload, fault: slackdev.Fault{Status: 503},
			told: "I do not know whether board.png and figures.csv arrived", logged: "whether files arrived is not known",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.slack.ScopesGranted == nil {
				c.slack.ScopesGranted = withFiles
			}
			s := start(t, board(workflow.Say("Here it is.")), c.slack)
			for range 2 {
				if c.method != "" {
					s.slack.FailNext(c.method, 1, c.fault)
				}
				s.typed("#general")
			}
			if sees := s.slack.User("ana").Sees("#general"); !mentions(sees, "Here it is.", c.told) {
				t.Errorf("she is told %q", sees)
			}
			if !mentions(s.log.String(), c.logged) || mentions(s.log.String(), "/upload/") {
				t.Errorf("the log is\n%s", s.log)
			}
			if n := strings.Count(s.log.String(), c.logged); c.method == "" && n != 1 {
				t.Errorf("it is in the log %d times", n)
			}
			if n := strings.Count(s.slack.User("omar").Sees("#general"), "The board"); n != 2*c.shared {
				t.Errorf("the board is there %d times", n)
			}
			if n := len(s.slack.Calls(completeUpload)); c.method == completeUpload && n != 2 {
				t.Errorf("after 2 commands %d tries were made to share files", n)
			}
		})
	}
}

// The address for the bytes may not be what was promised.
func TestUploadThatFails(t *testing.T) {
	t.Parallel()
	s := start(t, board(workflow.Say("Here it is.")), slackdev.Options{ScopesGranted: withFiles}, behind(t, nil, func(method string, resp *http.Response) {
		if method == "files.getUploadURLExternal" {
			with(resp, http.StatusOK, `{"ok":true,"upload_url":"http://127.0.0.1:1/secret","file_id":"F0X"}`)
		}
	}))
	s.typed("#general")
	if sees := s.slack.User("ana").Sees("#general"); !mentions(sees, "Here it is.", "I could not send board.png and figures.csv (unreachable).") {
		t.Errorf("she is told %q", sees)
	}
	if mentions(s.log.String(), "secret") {
		t.Errorf("the address is in the log:\n%s", s.log)
	}
}

// A server may answer that it shared files in a form that nobody can read.
func TestFilesOnAServerWithAnAccent(t *testing.T) {
	t.Parallel()
	s := start(t, board(workflow.Say("Here it is.")), slackdev.Options{ScopesGranted: withFiles}, behind(t, nil, func(method string, resp *http.Response) {
		if method == completeUpload {
			with(resp, http.StatusOK, `{"ok":true,"files":"F1,F2"}`)
		}
	}))
	s.typed("#general")
	s.holds("ana", "#general", "board.png", "figures.csv")
	if sees := s.slack.User("ana").Sees("#general"); mentions(sees, "I cannot send") {
		t.Errorf("she is told %q", sees)
	}
}

func TestFilesAfterAWait(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"files.getUploadURLExternal", completeUpload} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := start(t, board(workflow.Say("Here it is.")), slackdev.Options{ScopesGranted: withFiles})
			s.slack.FailNext(method, 1, slackdev.Fault{RetryAfter: time.Second})
			s.typed("#general")
			s.holds("omar", "#general", "board.png", "figures.csv")
		})
	}
}

// A call that was never made may be made again.
func TestCallWhoseTurnDoesNotCome(t *testing.T) {
	t.Parallel()
	s := newSite(t, slackdev.Options{ScopesGranted: withFiles})
	s.web.pace.hold("files.getUploadURLExternal", time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.web.upload(ctx, commands.File{Name: "a.csv", Data: []byte("a")})
	if err == nil || uncertain(err) || s.slack.CallCount("files.getUploadURLExternal") != 0 {
		t.Errorf("it is %v, and taken for one that may have been made: %v", err, uncertain(err))
	}
}
