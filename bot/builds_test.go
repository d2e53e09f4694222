package bot

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/store"
)

// withAll is an app that may look for what it posted, and send files.
var withAll = strings.Replace(withHistory, `"im:write"]`, `"im:write", "files:write"]`, 1)

func openShopWith(t *testing.T, o slackdev.Options) *shop {
	t.Helper()
	s := start(t, says("x"), o)
	return &shop{site: s, store: s.options.Shown.(*store.Store)}
}

// builds begins a build of omar's, for a run if there is one.
func (s *shop) builds(run *workflow.Run) *images.Build {
	s.t.Helper()
	b := &images.Build{ID: "b-5c1e07", Plan: "p-1", State: images.Running, Order: images.Order{
		Name: "AWS EE", Edition: "EE", Version: workflow.Version{Major: 17, Minor: 6, Patch: 2}, Provider: workflow.AWS, Account: "123456784127",
		Region: "us-east-1", Regions: []string{"us-east-1"}, By: "U0OMAR", At: time.Now(), Channel: "C0GENERAL",
	}, Steps: []images.Step{
		{Name: images.Launch, Role: "builder", Phase: 1, State: images.StepDone, Attempt: 1},
		{Name: images.Install, Role: "builder", Phase: 2, State: images.StepWorking, Attempt: 1, Since: time.Now()},
	}}
	if run != nil {
		b.Order.Run = run.ID
	}
	made, err := s.store.CreateBuilds(context.Background(), s.request(), []*images.Build{b}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Wake()
	return made[0]
}

func (s *shop) build(b *images.Build, change func(*images.Build)) {
	s.t.Helper()
	_, err := s.store.UpdateBuild(context.Background(), b.ID, "", func(b *images.Build) error {
		change(b)
		return nil
	}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Wake()
}

// breaks lets the install fail with a log.
func (s *shop) breaks(b *images.Build) {
	s.t.Helper()
	s.build(b, func(b *images.Build) {
		b.State = images.Stuck
		t := &b.Steps[1]
		t.State, t.Log = images.StepFailed, "Unpacking\nE: the package does not match\n"
		t.Fault = &images.Fault{Class: images.ScriptFailed, Said: "exit status 1"}
	})
}

// shows is a message of ours that the channel shows, or that is in a thread, by its id.
func (s *shop) shows(all []slackdev.Message, id string) (out []slackdev.Message) {
	for _, m := range all {
		var meta struct {
			Payload struct {
				ID string `json:"id"`
			} `json:"event_payload"`
		}
		if json.Unmarshal(m.Metadata, &meta) == nil && meta.Payload.ID == id {
			out = append(out, m)
		}
	}
	return out
}

func (s *shop) channel() []slackdev.Message { return s.slack.User("ana").Messages("#general") }

// drawn waits until nothing is behind.
func (s *shop) drawn() {
	s.t.Helper()
	late := time.After(patience)
	for {
		stirred := s.Stirred()
		pending, err := s.store.Pending(context.Background(), 10)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(pending) == 0 && s.Quiet() {
			return
		}
		select {
		case <-stirred:
		case <-late:
			s.t.Fatalf("%d messages stay behind: %+v; log:\n%s", len(pending), pending, s.log)
		}
	}
}

// logs are the names of the files in a thread.
func (s *shop) logs(thread []slackdev.Message) (out []string) {
	s.t.Helper()
	for _, m := range thread {
		for _, id := range m.Files {
			f, ok := s.slack.User("ana").File(id)
			if !ok || !strings.Contains(string(f.Data), "E: the package does not match") {
				s.t.Errorf("the file %s says %q", f.Name, f.Data)
			}
			out = append(out, f.Name)
		}
	}
	return out
}

const logName = "install-log.txt"

// The builds of a run are told of in the thread of its card, once that is posted.
func TestBuildsOfARun(t *testing.T) {
	t.Parallel()
	s := openShopWith(t, slackdev.Options{Manifest: []byte(withAll)})
	s.slack.FailNext("chat.postMessage", 2, slackdev.Fault{Status: 503}) // the card comes later
	r := s.begin()
	b := s.builds(r)
	s.breaks(b)
	s.drawn()
	cards := s.shows(s.channel(), string(r.ID)+".card")
	if len(cards) != 1 || len(s.shows(s.channel(), "build.p-1")) != 0 {
		t.Fatalf("the channel has %d cards, and reads:\n%s", len(cards), s.slack.User("ana").Sees("#general"))
	}
	thread := s.slack.User("ana").Thread("#general", cards[0].TS)
	news, log := s.shows(thread, "build.p-1"), s.shows(thread, "log.b-5c1e07.1.1")
	if len(news) != 1 || !mentions(news[0].Text(), "DigitalOcean: 1 image in AWS …4127", "AWS EE", "stuck at install") {
		t.Errorf("the thread tells of the build %d times:\n%s", len(news), s.slack.User("ana").SeesThread("#general", cards[0].TS))
	}
	if len(log) != 1 || !mentions(log[0].Text(), "@omar The install of AWS EE has failed", "Read the log") || mentions(log[0].Text(), "does not match") {
		t.Errorf("the thread tells of the failure %d times:\n%s", len(log), s.slack.User("ana").SeesThread("#general", cards[0].TS))
	}
	if got := s.logs(thread); !slices.Equal(got, []string{logName}) {
		t.Errorf("the thread has the files %q", got)
	}
	s.build(b, func(b *images.Build) { b.State, b.Steps[1].State = images.Done, images.StepDone })
	s.drawn()
	thread = s.slack.User("ana").Thread("#general", cards[0].TS)
	if news = s.shows(thread, "build.p-1"); len(news) != 1 || !mentions(news[0].Text(), "built and checked") {
		t.Errorf("afterwards the thread reads:\n%s", s.slack.User("ana").SeesThread("#general", cards[0].TS))
	}
	if got := s.logs(thread); len(got) != 1 {
		t.Errorf("the thread has the files %q", got)
	}
}

// A build of no run has a message in the channel, and its thread.
func TestBuildOfNoRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fails   func(*slackdev.Workspace)
		scopes  string
		spelled bool
	}{
		"with its log as a file": {nil, withAll, false},
		"an answer that is lost": {func(w *slackdev.Workspace) { w.FailNext("chat.postMessage", 1, slackdev.Fault{StoredThenStatus: 500}) }, withAll, false},
		"no scope for files":     {nil, withHistory, true},
		"files that are not taken": {func(w *slackdev.Workspace) {
			w.FailNext("files.getUploadURLExternal", 1, slackdev.Fault{Code: "file_uploads_disabled"})
		}, withAll, true},
		"files that cannot be shared": {func(w *slackdev.Workspace) { w.FailNext(completeUpload, 1, slackdev.Fault{Status: 500}) }, withAll, true},
		"files after a wait":          {func(w *slackdev.Workspace) { w.FailNext(completeUpload, 1, slackdev.Fault{RetryAfter: time.Second}) }, withAll, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShopWith(t, slackdev.Options{Manifest: []byte(c.scopes)})
			b := s.builds(nil)
			s.drawn()
			if c.fails != nil {
				c.fails(s.slack)
			}
			s.breaks(b)
			s.drawn()
			news := s.shows(s.channel(), "build.p-1")
			if len(news) != 1 || !mentions(news[0].Text(), "17.6.2: 1 image in AWS …4127", "stuck at install") {
				t.Fatalf("the channel reads:\n%s", s.slack.User("ana").Sees("#general"))
			}
			thread := s.slack.User("ana").Thread("#general", news[0].TS)
			log := s.shows(thread, "log.b-5c1e07.1.1")
			if len(log) != 1 || !mentions(log[0].Text(), "@omar The install of AWS EE has failed", "Whole log") {
				t.Fatalf("the thread reads:\n%s", s.slack.User("ana").SeesThread("#general", news[0].TS))
			}
			if got := s.logs(thread); c.spelled != (len(got) == 0) || len(got) > 1 {
				t.Errorf("the thread has the files %q", got)
			}
			if got := mentions(log[0].Text(), "E: the package does not match"); got != c.spelled {
				t.Errorf("the message has the end of the log: %t, want %t", got, c.spelled)
			}
		})
	}
}

// A log that is asked for by its button comes where the button is.
func TestWholeLogInItsThread(t *testing.T) {
	t.Parallel()
	s := &shop{site: start(t, board(workflow.Say("Here it is.")), slackdev.Options{Manifest: []byte(withAll)})}
	s.store = s.options.Shown.(*store.Store)
	s.breaks(s.builds(nil))
	s.drawn()
	news := s.shows(s.channel(), "build.p-1")[0]
	log := s.shows(s.slack.User("ana").Thread("#general", news.TS), "log.b-5c1e07.1.1")[0]
	if _, err := s.slack.User("ana").Click(t.Context(), slackdev.In("#general", "Whole log").At(log.TS)); err != nil {
		t.Fatal(err)
	}
	s.quiet()
	thread := s.slack.User("ana").Thread("#general", news.TS)
	if last := thread[len(thread)-1]; len(last.Files) != 2 || len(s.channel()) != 1 {
		t.Errorf("the thread has %d files at its end, and the channel %d messages", len(last.Files), len(s.channel()))
	}
}

// What was tried again before it was told of is not told of any more.
func TestFailureThatIsOver(t *testing.T) {
	t.Parallel()
	s := openShopWith(t, slackdev.Options{Manifest: []byte(withAll)})
	b := s.builds(nil)
	s.drawn()
	s.slack.FailNext("chat.postMessage", 1, slackdev.Fault{RetryAfter: time.Second})
	s.breaks(b)
	s.until("the failure", func() bool { return s.slack.FailedCallCount("chat.postMessage") > 0 })
	s.build(b, func(b *images.Build) {
		b.State = images.Running
		b.Steps[1] = images.Step{Name: images.Install, Role: "builder", Phase: 2, State: images.StepWorking, Attempt: 2, Since: time.Now()}
	})
	s.drawn()
	news := s.shows(s.channel(), "build.p-1")
	if got := s.slack.User("ana").Thread("#general", news[0].TS); len(got) != 1 || mentions(news[0].Text(), "stuck") {
		t.Errorf("the thread reads:\n%s", s.slack.User("ana").SeesThread("#general", news[0].TS))
	}
}
