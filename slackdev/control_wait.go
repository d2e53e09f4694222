package slackdev

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// waitLong is how long a wait is by default, and maxWait how long at most.
const (
	waitLong = 10 * time.Second
	maxWait  = 5 * time.Minute
)

// waitAct returns as soon as all that the order names is so at once. Otherwise
// the answer is 408, with what is seen instead.
func waitAct(ctx context.Context, ws *Workspace, u *user, o *order) (answer, error) {
	long := waitLong
	err := error(nil)
	if o.Timeout != "" {
		if long, err = time.ParseDuration(o.Timeout); err != nil || long <= 0 || long > maxWait {
			return badOrder(fmt.Errorf("the timeout %q is not a time like 10s, of at most %s", o.Timeout, maxWait))
		}
	}
	is, what, err := ws.conditions(u, o)
	if err != nil {
		return badOrder(err)
	}
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	err = ws.waitTold(ctx, what, is)
	_, seen := is()
	if err == nil {
		return answer{Outcome: Outcome{OK: true}, Seen: seen}, nil
	}
	told := fmt.Sprintf("After %s it is not so that %s.", long, what)
	if o.Channel != "" && !ws.finds(u, o.Channel) { // it might have come
		told += fmt.Sprintf(" There is no channel %s that %s can see.", o.Channel, u.name)
	}
	if !errors.Is(err, ErrNotSeen) {
		told = "The workspace was closed."
	}
	return answer{Outcome: Outcome{Error: told}, Seen: seen, status: http.StatusRequestTimeout}, err
}

// badOrder is the answer to an order that makes no sense.
func badOrder(err error) (answer, error) {
	out, err := refused(fmt.Errorf("%w: %w", ErrNotPossible, err))
	return answer{Outcome: out, status: http.StatusBadRequest}, err
}

// conditions is what an order waits for: everything that it names.
func (ws *Workspace) conditions(u *user, o *order) (awaited, string, error) {
	var all []awaited
	var words []string
	add := func(is awaited, format string, a ...any) {
		all, words = append(all, is), append(words, fmt.Sprintf(format, a...))
	}
	if o.Sockets > 0 {
		add(func() (bool, string) {
			n := ws.Sockets()
			return n >= o.Sockets, fmt.Sprintf("sockets: %d", n)
		}, "sockets >= %d", o.Sockets)
	}
	if o.Method != "" {
		least := max(1, o.Calls)
		add(func() (bool, string) {
			n := ws.CallCount(o.Method)
			return n >= least, fmt.Sprintf("calls of %s: %d", o.Method, n)
		}, "calls of %s >= %d", o.Method, least)
	}
	if o.Channel != "" || o.Surface != "" || o.Text != "" || o.Title != "" || o.Gone {
		if u == nil {
			return nil, "", errors.New("say who looks: as must be a person")
		}
		look, where, err := ws.looks(&Person{ws: ws, u: u}, o.Surface, o.Channel)
		if err != nil {
			return nil, "", err
		}
		is, what := o.shown(look)
		add(is, "%s sees %s in %s", u.name, what, where)
	}
	if len(all) == 0 {
		return nil, "", errors.New("say what to wait for: text, title, gone, sockets or method")
	}
	return func() (bool, string) {
		ok, seen := true, []string{}
		for _, is := range all {
			holds, see := is()
			ok, seen = ok && holds, append(seen, see)
		}
		return ok, strings.Join(seen, "\n")
	}, strings.Join(words, ", and "), nil
}

// shown is the part of an order that is about what a person sees.
func (o *order) shown(look func() glance) (awaited, string) {
	what := fmt.Sprintf("%q", o.Text)
	switch {
	case o.Title != "" && o.Text != "":
		what = fmt.Sprintf("%q with the title %q", o.Text, o.Title)
	case o.Title != "":
		what = fmt.Sprintf("the title %q", o.Title)
	case o.Text == "":
		what = "anything"
	}
	if o.Gone {
		what = "no more of " + what
	}
	return func() (bool, string) {
		g := look()
		there := g.Text != "" && strings.Contains(g.Text, o.Text) && (o.Title == "" || g.Title == o.Title)
		return there != o.Gone, g.Text
	}, what
}
