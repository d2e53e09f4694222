package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// people knows the workspace's profiles. They are loaded at the start, kept by
// user_change events, and looked up one at a time when missing.
type people struct {
	web  *web
	log  *slog.Logger
	home func() Identity

	mu       sync.RWMutex
	profiles map[workflow.UserID]cachedProfile
	gone     map[workflow.UserID]bool // who left, as far as events and the list told
	asking   map[workflow.UserID]*lookUp
	// blind is until when the server is not asked, because it has no way to look
	// anyone up. Slack always has one, so this is a stand-in: its members are
	// told from outsiders by the payload alone.
	blind time.Time
}

// lookUp is a question to Slack on its way.
type lookUp struct {
	done    chan struct{} // closed when profile and err are there
	profile workflow.Profile
	err     error
}

type cachedProfile struct {
	workflow.Profile
	at time.Time
}

// profileAge is how long a profile is believed without an event confirming it.
const profileAge = 10 * time.Minute

// lookUpLimit bounds the wait for the one look-up that may happen before an
// acknowledgement. The look-up goes on, and the next try has its answer.
const lookUpLimit = 1500 * time.Millisecond

func newPeople(w *web, log *slog.Logger, home func() Identity) *people {
	return &people{web: w, log: log, home: home, profiles: map[workflow.UserID]cachedProfile{}, gone: map[workflow.UserID]bool{}, asking: map[workflow.UserID]*lookUp{}}
}

// profile is what is known of a person; see workflow.Directory.
func (p *people) profile(ctx context.Context, id workflow.UserID) (workflow.Profile, error) {
	p.mu.RLock()
	cached, ok := p.profiles[id]
	blind := time.Now().Before(p.blind)
	p.mu.RUnlock()
	if ok && time.Since(cached.at) < profileAge {
		return cached.Profile, nil
	}
	if blind {
		return workflow.Profile{ID: id, Zone: time.UTC}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpLimit)
	defer cancel()
	asked := p.ask(ctx, id)
	var err error
	select {
	case <-asked.done:
		if asked.err == nil {
			return asked.profile, nil
		}
		err = asked.err
	case <-ctx.Done():
		err = ctx.Err()
	}
	if ok && !errors.Is(err, errNoScope) { // better a profile some minutes old than nobody able to work
		return cached.Profile, nil
	}
	message := workflow.Say("I could not look up who you are just now, so nothing was changed. Please try again in a moment.")
	if errors.Is(err, errNoScope) {
		message = workflow.Say("I cannot see who you are, because the app lacks the scope users:read. Nothing was changed. Ask the operator to add it and reinstall the app.")
	}
	return workflow.Profile{}, &workflow.Error{Kind: workflow.Unavailable, Err: err, Message: message}
}

var errNoScope = errors.New("the app lacks the scope users:read")

// ask looks a person up, or joins those who wait for the same answer. It goes on
// when ctx ends.
func (p *people) ask(ctx context.Context, id workflow.UserID) *lookUp {
	p.mu.Lock()
	defer p.mu.Unlock()
	if on := p.asking[id]; on != nil {
		return on
	}
	q := &lookUp{done: make(chan struct{})}
	p.asking[id] = q
	go func() {
		q.profile, q.err = p.lookUp(context.WithoutCancel(ctx), id)
		p.mu.Lock()
		delete(p.asking, id)
		p.mu.Unlock()
		close(q.done)
	}()
	return q
}

func (p *people) lookUp(ctx context.Context, id workflow.UserID) (workflow.Profile, error) {
	var user *slack.User
	err := p.web.do(ctx, "users.info", func(ctx context.Context) (err error) {
		user, err = p.web.client.GetUserInfoContext(ctx, string(id))
		return err
	})
	if err == nil {
		user.ID = string(id) // there are servers that leave it out
		return p.keep(user), nil
	}
	switch slackError(err) {
	case "user_not_found", "user_not_visible":
		return workflow.Profile{ID: id, Outsider: true, Zone: time.UTC}, nil
	case "missing_scope":
		return workflow.Profile{}, errNoScope
	case unknownMethod:
		p.mu.Lock()
		p.blind = time.Now().Add(profileAge)
		p.mu.Unlock()
		p.log.Warn("this server has no users.info: guests and deactivated people cannot be told from members; only the workspace is checked")
		return workflow.Profile{ID: id, Zone: time.UTC}, nil
	}
	return workflow.Profile{}, err
}

// keep remembers a profile.
func (p *people) keep(u *slack.User) workflow.Profile {
	home := p.home()
	zone, err := time.LoadLocation(u.TZ)
	if err != nil || u.TZ == "" {
		zone = time.FixedZone("", u.TZOffset)
	}
	profile := workflow.Profile{
		ID: workflow.UserID(u.ID), Name: u.Name, FullName: u.RealName, Email: u.Profile.Email,
		Outsider:    u.IsStranger || u.TeamID != "" && !home.ours(u.TeamID),
		Guest:       u.IsRestricted || u.IsUltraRestricted || u.IsInvitedUser,
		Bot:         u.IsBot || u.ID == "USLACKBOT",
		Deactivated: u.Deleted,
		Zone:        zone,
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.profiles[profile.ID] = cachedProfile{profile, time.Now()}
	return profile
}

// changed takes an account as an event or the list has it, and reports whether
// the person left since the last time. A look-up in between does not count: its
// answer may come before the event that tells of it.
func (p *people) changed(u *slack.User) (left bool) {
	id := p.keep(u).ID
	p.mu.Lock()
	defer p.mu.Unlock()
	left = u.Deleted && !p.gone[id]
	if u.Deleted {
		p.gone[id] = true
	} else {
		delete(p.gone, id)
	}
	return left
}

// present is a roster without those who have left: user groups and configurations
// may name them for long.
func (p *people) present(r workflow.Roster) workflow.Roster {
	p.mu.RLock()
	defer p.mu.RUnlock()
	left := func(id workflow.UserID) bool { return p.gone[id] }
	for id, t := range r.Teams {
		if !left(t.Lead) && !slices.ContainsFunc(t.Members, left) {
			continue
		}
		t.Members = slices.DeleteFunc(slices.Clone(t.Members), left)
		if left(t.Lead) {
			t.Lead = ""
			if len(t.Members) > 0 {
				t.Lead = t.Members[0]
			}
		}
		r.Teams[id] = t
	}
	return r
}

// outsider notes that a payload said that a person is of another workspace.
func (p *people) outsider(id workflow.UserID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.profiles[id] = cachedProfile{workflow.Profile{ID: id, Outsider: true, Zone: time.UTC}, time.Now()}
}

// load fills the cache, a page at a time. A server that cannot list people is no
// reason not to start: they are looked up one at a time.
func (p *people) load(ctx context.Context) {
	page := p.web.client.GetUsersPaginated(slack.GetUsersOptionLimit(200))
	for {
		before := page.Cursor
		err := p.web.paced(ctx, "users.list", func(ctx context.Context) (err error) {
			page, err = page.Next(ctx)
			return err
		})
		if _, limited := retryAfter(err); limited {
			continue // it waits for as long as was asked for
		}
		if err != nil {
			if ctx.Err() == nil {
				p.log.Warn("not everybody could be listed; the others are looked up as they act", "err", err)
			}
			return
		}
		for i := range page.Users {
			p.changed(&page.Users[i])
		}
		// There are servers that send one and the same page for ever.
		if page.Cursor == "" || page.Cursor == before || len(page.Users) == 0 {
			return
		}
	}
}
