package mirror

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file knows who is who: people here and accounts of the tracker.

// people remembers for a while who is who. It belongs to one turn at a time.
type people struct {
	options Options
	known   map[workflow.UserID]found
	names   map[workflow.UserID]string
}

type found struct {
	account Account
	ok      bool
	at      time.Time
}

// How long it is believed who somebody is, and that nobody is known.
const (
	believed = 6 * time.Hour
	unknown  = time.Hour
)

func newPeople(o Options) *people {
	return &people{options: o, known: map[workflow.UserID]found{}, names: map[workflow.UserID]string{}}
}

// account is a person's account: the one that the operator wrote down, else the one
// that they have shown to be theirs, else the one with their address.
func (p *people) account(ctx context.Context, who workflow.UserID) (Account, bool, error) {
	office, err := p.options.Service.Office(ctx)
	if err != nil {
		return Account{}, false, err
	}
	return p.accountIn(ctx, office, who)
}

// accountIn is account with what people have said of themselves until now, which they
// may take back at any time.
func (p *people) accountIn(ctx context.Context, office *workflow.Office, who workflow.UserID) (Account, bool, error) {
	if who == workflow.Bot {
		return Account{}, false, nil
	}
	if h := office.Handles[who]; h.Account != 0 && p.options.Handles[who] == "" {
		return Account{ID: h.Account, Handle: h.Name}, true, nil
	}
	now := p.options.Now()
	if f, is := p.known[who]; is {
		if keep := believed; now.Sub(f.at) < keep && (f.ok || now.Sub(f.at) < unknown) {
			return f.account, f.ok, nil
		}
	}
	a, ok, err := p.lookUp(ctx, who)
	if err != nil {
		return Account{}, false, err
	}
	p.known[who] = found{a, ok, now}
	return a, ok, nil
}

func (p *people) lookUp(ctx context.Context, who workflow.UserID) (Account, bool, error) {
	if handle := p.options.Handles[who]; handle != "" {
		return p.options.Tracker.ByHandle(ctx, handle)
	}
	profile, err := p.options.Service.Profile(ctx, who)
	if workflow.KindOf(err) == workflow.Unavailable {
		return Account{}, false, nil // it is asked again later
	}
	if err != nil || profile.Email == "" || profile.Deactivated || profile.Guest || profile.Outsider {
		return Account{}, false, err
	}
	return p.options.Tracker.ByEmail(ctx, profile.Email)
}

// forget makes who somebody is be looked up anew.
func (p *people) forget(who workflow.UserID) { delete(p.known, who) }

// person is who an account is here, among those that a run could know: its teams,
// and all who have a part in it. Two people with one account are nobody.
func (p *people) person(ctx context.Context, r *workflow.Run, a Account) (workflow.UserID, error) {
	office, err := p.options.Service.Office(ctx)
	if err != nil {
		return "", err
	}
	var is []workflow.UserID
	seen := map[workflow.UserID]bool{}
	look := func(who workflow.UserID) error {
		if who == workflow.Bot || seen[who] {
			return nil
		}
		seen[who] = true
		b, ok, err := p.accountIn(ctx, office, who)
		if ok && b.ID == a.ID {
			is = append(is, who)
		}
		return err
	}
	var all []workflow.UserID
	for who := range p.options.Handles {
		all = append(all, who)
	}
	for who := range office.Handles {
		all = append(all, who)
	}
	for _, t := range p.options.Service.Roster(r.Definition()).Teams {
		all = append(all, t.Members...)
	}
	all = append(all, r.Owner)
	for _, lead := range r.Leads {
		all = append(all, lead)
	}
	for _, s := range r.Stages {
		all = append(all, s.Assignee)
	}
	for _, s := range r.Steps {
		all = append(all, s.Assignee)
	}
	for _, who := range all {
		if err := look(who); err != nil {
			return "", err
		}
	}
	if len(is) != 1 {
		return "", nil
	}
	return is[0], nil
}

// outsider is an account as runs keep it.
func (p *people) outsider(ctx context.Context, r *workflow.Run, a Account) (workflow.Outsider, error) {
	who, err := p.person(ctx, r, a)
	return workflow.Outsider{Handle: a.Handle, User: who}, err
}

// namer names people in what is written for the tracker: by their handles there,
// or by their names as text. It looks up all that it may be asked for before, so
// that a drawing needs nobody.
func (p *people) namer(ctx context.Context, r *workflow.Run, more ...workflow.UserID) (func(workflow.UserID) string, error) {
	all := append([]workflow.UserID{r.Owner}, more...)
	for _, s := range r.Stages {
		all = append(all, s.Assignee)
	}
	for key, s := range r.Steps {
		all = append(all, s.Assignee, s.Actor, r.Responsible(key))
		if s.Tick != nil {
			all = append(all, s.Tick.By.User)
		}
	}
	office, err := p.options.Service.Office(ctx)
	if err != nil {
		return nil, err
	}
	names := map[workflow.UserID]string{}
	for _, who := range all {
		if who == workflow.Bot || names[who] != "" {
			continue
		}
		a, ok, err := p.accountIn(ctx, office, who)
		if err != nil {
			return nil, err
		}
		if ok {
			names[who] = "@" + a.Handle
			continue
		}
		name, err := p.name(ctx, who)
		if err != nil {
			return nil, err
		}
		names[who] = name
	}
	return func(who workflow.UserID) string {
		if n := names[who]; n != "" {
			return n
		}
		return "somebody"
	}, nil
}

// name is a person's name as text.
func (p *people) name(ctx context.Context, who workflow.UserID) (string, error) {
	profile, err := p.options.Service.Profile(ctx, who)
	var known *workflow.Error
	switch {
	case err == nil && strings.TrimSpace(profile.FullName+profile.Name) != "":
		p.names[who] = plain(cmp.Or(strings.TrimSpace(profile.FullName), profile.Name))
	case err != nil && !errors.As(err, &known):
		return "", err
	}
	if n := p.names[who]; n != "" {
		return n, nil
	}
	return plain(string(who)), nil
}
