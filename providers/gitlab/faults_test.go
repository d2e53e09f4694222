package gitlab

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/workflow/mirror"
)

// TestFaultsOfTheStandIn are those that a server has from time to time.
func TestFaultsOfTheStandIn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	t.Run("429, many times over", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, gitlabsim.Options{})
		ref := w.issues(t, 1)[0]
		at := mirror.Ref{Kind: mirror.IssueKind, Project: "group/images", Number: 1}
		w.FailNext(20, "", "**", gitlabsim.Fault{RetryAfter: 7 * time.Second})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				_, err := w.client.Comment(ctx, at, "hello")
				if e := failureIn(t, err); e.Failure != mirror.Limited || e.Wait <= 0 || e.Wait > 7*time.Second {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if v, _ := w.View(ref); len(v.Notes) != 0 {
			t.Errorf("%+v", v.Notes)
		}
	})
	t.Run("a limit is not reached", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, gitlabsim.Options{RateLimit: 30})
		w.issues(t, 1)
		at := mirror.Ref{Kind: mirror.IssueKind, Project: "group/images", Number: 1}
		made, held := 0, 0
		for range 100 {
			_, err := w.client.Issue(ctx, at)
			switch {
			case err == nil:
				made++
			default:
				e := failureIn(t, err)
				if e.Failure != mirror.Limited || e.Wait <= 0 || e.Wait > time.Minute {
					t.Fatal(err)
				}
				held++
			}
		}
		if made != 27 || held != 73 {
			t.Errorf("%d were asked, %d held back", made, held)
		}
		for _, c := range w.Calls("", "**") {
			if c.Status == http.StatusTooManyRequests {
				t.Error("the limit was reached")
			}
		}
		w.clock.Add(int64(time.Minute / time.Microsecond))
		if _, err := w.client.Issue(ctx, at); err != nil {
			t.Errorf("after the window: %v", err)
		}
	})
	t.Run("down, and up again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, gitlabsim.Options{})
		for _, o := range []gitlabsim.Outage{gitlabsim.Refusing, gitlabsim.BadGateway, gitlabsim.Unavailable} {
			w.Down(o)
			if _, err := w.client.Changed(ctx, "group/images", today); failureIn(t, err).Failure != mirror.Unreachable {
				t.Error(err)
			}
		}
		w.Up()
		if _, err := w.client.Changed(ctx, "group/images", today); err != nil {
			t.Error(err)
		}
	})
	t.Run("slow, and we leave", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, gitlabsim.Options{})
		w.issues(t, 1)
		w.FailNext(1, "", "**", gitlabsim.Fault{HoldReply: true})
		ctx, cancel := context.WithCancel(ctx)
		done := make(chan error)
		go func() {
			_, err := w.client.Comment(ctx, mirror.Ref{Kind: mirror.IssueKind, Project: "group/images", Number: 1}, "hello")
			done <- err
		}()
		if err := w.WaitHeld(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		cancel()
		if e := failureIn(t, <-done); e.Failure != mirror.Unreachable {
			t.Error(e)
		}
		w.Release()
		if v, _ := w.View("group/images#1"); len(v.Notes) != 1 {
			t.Errorf("it may have been done, and here it was: %+v", v.Notes)
		}
	})
	t.Run("a token that is taken away", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, gitlabsim.Options{})
		w.RevokeToken(token)
		_, err := w.client.Changed(ctx, "group/images", today)
		if e := failureIn(t, err); e.Failure != mirror.Unauthorized {
			t.Error(e)
		}
	})
	t.Run("a token that may only read", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, gitlabsim.Options{}, func(o *Options) { o.Token = "glpat-reads" })
		w.AddToken(gitlabsim.Token{Secret: "glpat-reads", User: "cloudimage", Scopes: []string{"read_api"}})
		_, err := w.client.Create(ctx, "group/images", mirror.NewIssue{Title: "a"})
		if e := failureIn(t, err); e.Failure != mirror.Unauthorized || !strings.Contains(e.Error(), "(scope api is missing)") {
			t.Error(e)
		}
	})
}
