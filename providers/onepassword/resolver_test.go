package onepassword_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/onepassword"
	"cloudimage/providers/onepassword/connectsim"
)

const password = "op://GitLab Images/AWS/password"

// clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is a resolver on a Connect server, a clock and a log.
type bench struct {
	*onepassword.Resolver
	t      *testing.T
	server *connectsim.Server
	clock  *clock
	log    *bytes.Buffer
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, server: startConnect(t), clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}}
	var err error
	b.Resolver, err = onepassword.New(onepassword.Options{Source: connectTo(t, b.server, token), Now: b.clock.Now, Logger: slog.New(slog.NewTextHandler(b.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// is holds what the password is said to be, and whether 1Password was asked.
func (b *bench) is(want string, asked bool) {
	b.t.Helper()
	before := len(b.server.Requests())
	got, err := b.Resolve(b.t.Context(), password)
	if err != nil || got.Reveal() != want {
		b.t.Errorf("%q, %v; want %q", got.Reveal(), err, want)
	}
	if after := len(b.server.Requests()); (after > before) != asked {
		b.t.Errorf("there were %d requests, want some: %v", after-before, asked)
	}
}

// set changes the password in the vault.
func (b *bench) set(value string) {
	b.server.Put(connectsim.Vault{Name: "GitLab Images", Items: []connectsim.Item{
		{Title: "AWS", Fields: []connectsim.Field{{Label: "password", Value: value}}}}})
}

func TestResolverKeepsWhatItWasTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.is("hunter2-password", true)
	b.set("hunter2-new")
	b.is("hunter2-password", false)
	b.clock.Add(10*time.Minute - time.Second)
	b.is("hunter2-password", false)
	b.clock.Add(time.Second)
	b.is("hunter2-new", true)
	b.clock.Add(10 * time.Minute)
	b.is("hunter2-new", true)
	if b.log.Len() > 0 {
		t.Errorf("it said: %s", b.log)
	}
}

// TestResolverUsesAnOlderValue holds that 1Password may be away for a day, that
// the log says so without the value, and that it is not asked all the time.
func TestResolverUsesAnOlderValue(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.is("hunter2-password", true)
	b.server.Break(connectsim.Busy)
	b.clock.Add(time.Hour)
	b.is("hunter2-password", true)
	b.is("hunter2-password", false) // it was asked a moment ago
	b.clock.Add(30 * time.Second)
	b.is("hunter2-password", true)
	said := b.log.String()
	if n := strings.Count(said, "1Password does not answer; a secret that was read earlier is used"); n != 2 {
		t.Errorf("it was said %d times, want twice:\n%s", n, said)
	}
	if !strings.Contains(said, `reference="`+password+`" age=1h0m0s`) || strings.Contains(said, "hunter2") {
		t.Errorf("the log does not say which secret and how old, or says too much:\n%s", said)
	}
	b.clock.Add(23 * time.Hour) // a day is over
	_, err := b.Resolve(t.Context(), password)
	fails(t, err, onepassword.ErrUnavailable, password+": 1Password Connect cannot be reached")
	b.server.Mend()
	b.is("hunter2-password", true)
}

// TestResolverBelieves1Password holds that a secret that was taken away is not
// used any more.
func TestResolverBelieves1Password(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		takeAway func(*connectsim.Server)
		kind     error
	}{
		"the item is gone": {func(s *connectsim.Server) { s.Put(connectsim.Vault{Name: "GitLab Images"}) }, onepassword.ErrMissing},
		"the vault is closed": {func(s *connectsim.Server) {
			s.Put(connectsim.Vault{Name: "GitLab Images", OutOfScope: true})
		}, onepassword.ErrMissing},
		"the token is revoked": {func(s *connectsim.Server) { s.SetToken("another") }, onepassword.ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.is("hunter2-password", true)
			c.takeAway(b.server)
			b.clock.Add(10 * time.Minute)
			if _, err := b.Resolve(t.Context(), password); !errors.Is(err, c.kind) {
				t.Errorf("the error is %v, want %v", err, c.kind)
			}
			b.server.Break(connectsim.Cut)
			if _, err := b.Resolve(t.Context(), password); !errors.Is(err, onepassword.ErrUnavailable) {
				t.Errorf("the error is %v, and no older value", err)
			}
		})
	}
}

// TestResolverAsksOnceForMany holds that many who want the same wait for one
// answer, and that one who loses patience takes it from nobody else.
func TestResolverAsksOnceForMany(t *testing.T) {
	t.Parallel()
	source := &gate{open: make(chan struct{}), reached: make(chan struct{}, 20)}
	r, err := onepassword.New(onepassword.Options{Source: source})
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := r.Resolve(impatient, password)
		gone <- err
	}()
	<-source.reached
	cancel()
	fails(t, <-gone, onepassword.ErrUnavailable, password+": 1Password was not waited for any longer")
	answers := make(chan string, 10)
	for range cap(answers) {
		go func() {
			s, err := r.Resolve(t.Context(), password)
			answers <- fmt.Sprint(s.Reveal(), err)
		}()
	}
	close(source.open)
	for range cap(answers) {
		if got := <-answers; got != "hunter2-gate<nil>" {
			t.Errorf("an answer is %s", got)
		}
	}
	if n := len(source.reached); n != 0 {
		t.Errorf("it was asked %d times more", n)
	}
}

// gate is a source that answers when it is opened.
type gate struct{ open, reached chan struct{} }

func (g *gate) Read(ctx context.Context, _ onepassword.Reference) (onepassword.Secret, error) {
	g.reached <- struct{}{}
	select {
	case <-g.open:
		return onepassword.NewSecret("hunter2-gate"), nil
	case <-ctx.Done():
		return onepassword.Secret{}, &onepassword.Error{Kind: onepassword.ErrUnavailable, Sentence: "it was not opened"}
	}
}

func TestResolverSettings(t *testing.T) {
	t.Parallel()
	_, err := onepassword.New(onepassword.Options{})
	fails(t, err, onepassword.ErrInvalid, "a resolver needs a source")
	b := newBench(t)
	_, err = b.Resolve(t.Context(), "op://GitLab Images/AWS")
	fails(t, err, onepassword.ErrInvalid, "op://GitLab Images/AWS: a reference is")
	if n := len(b.server.Requests()); n != 0 {
		t.Errorf("a reference that is none was asked for, %d times", n)
	}
}
