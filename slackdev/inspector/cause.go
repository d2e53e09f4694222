package inspector

import (
	"path"
	"slices"
	"strings"
	"time"
)

// This file finds out which interaction a call belongs to. A trigger, a response
// URL and a view name theirs. A message names whoever acted on it or made it, as
// long as nothing else has happened since that may have led to the call. All
// else is put to the latest interaction of the last seconds, as a guess. What
// remains is the app's own: a timer, its start, what it does when the clock was
// moved.

const (
	// attentive is how long after its last sign of life an interaction is taken
	// for the cause of a call that names none.
	attentive = 5 * time.Second
	// patient is how long after its beginning it may be so at all.
	patient = 30 * time.Second
)

// clues is what a call tells of its cause.
type clues struct {
	began   time.Time
	trigger string
	url     string // the secret of a response URL
	view    string
	message string // ts
	user    string // who gets to see it
	channel string // where it is seen
}

func cluesOf(method string, args map[string]string, shown []Change, began time.Time) clues {
	c := clues{began: began, trigger: args["trigger_id"], view: args["view_id"], channel: args["channel"]}
	if method == "response_url" {
		c.url = path.Base(args["response_url"])
	}
	for _, key := range [...]string{"ts", "timestamp", "message_ts", "thread_ts"} {
		if c.message == "" {
			c.message = args[key]
		}
	}
	switch {
	case method == "views.publish":
		c.user = args["user_id"]
	case method == "chat.postEphemeral":
		c.user = args["user"]
	case strings.HasPrefix(args["channel"], "U"):
		c.user = args["channel"]
	}
	for _, s := range shown {
		if c.view == "" && s.Kind == "modal_updated" { // by its external_id
			c.view = s.ViewID
		}
	}
	return c
}

// carriesLocked notes what an envelope hands to the app, so that calls which use
// it are known as its consequences.
func (r *Record) carriesLocked(i *entry, e Envelope) {
	know := func(kind, id string) {
		if id != "" {
			r.knowLocked(i, kind+":"+id)
		}
	}
	r.knowLocked(i, "envelope:"+e.ID)
	know("trigger", e.Trigger)
	for _, u := range e.ResponseURLs {
		if u != "" {
			know("url", path.Base(u))
		}
	}
	know("view", e.View)
	if first := r.index["event:"+e.EventID]; first != nil {
		i.FirstID = first.ID
	} else {
		know("event", e.EventID)
	}
}

// carries tells whether the app was told of the message. Many apps keep the
// message that a modal is about in its private metadata.
func (i *entry) carries(ts string) bool {
	return slices.Contains(i.messages, ts) || strings.Contains(i.metadata, ts)
}

// causeLocked finds the interaction that led to a call and what tells so; nil
// when it can have been none.
func (r *Record) causeLocked(c clues) (i *entry, by string, likely bool) {
	if i = r.index["trigger:"+c.trigger]; i != nil && c.trigger != "" {
		return i, "trigger_id", false
	}
	if i = r.index["url:"+c.url]; i != nil && c.url != "" {
		return i, "response_url", false
	}
	// When the clock was moved since, whatever came before is over: a timer is
	// what acts now.
	if i = r.index["view:"+c.view]; i != nil && c.view != "" && i.sent.After(r.moved) {
		return i, "view_id", false
	}
	recent := r.recentLocked(c.began)
	if c.message != "" {
		if i, likely := r.aboutMessage(c, recent); i != nil {
			return i, "message", likely
		}
	}
	return latest(c, recent), "time", true
}

// recentLocked lists the interactions that can have led to a call which began
// then, latest first. What the app did itself leads to nothing.
func (r *Record) recentLocked(began time.Time) []*entry {
	var out []*entry
	for n := len(r.entries) - 1; n >= 0; n-- {
		i := r.entries[n]
		if i.EnvelopeID == "" || i.echo || i.sent.After(began) {
			continue
		}
		if began.Sub(i.sent) > patient || !i.sent.After(r.moved) {
			break
		}
		out = append(out, i)
	}
	return out
}

// aboutMessage finds whoever acted on the message, or made it. Somebody who went
// on to something else since has more likely done it with that.
func (r *Record) aboutMessage(c clues, recent []*entry) (i *entry, likely bool) {
	for n, i := range recent {
		if !i.carries(c.message) {
			continue
		}
		for _, later := range recent[:n] {
			if later.User == i.User && c.began.Sub(later.active) <= attentive {
				return later, true
			}
		}
		return i, false
	}
	made := r.index["message:"+c.message]
	for _, i := range recent {
		if i == made {
			return i, false
		}
		if c.began.Sub(i.active) <= attentive {
			return nil, false // a guess between the two
		}
	}
	return nil, false
}

// latest is the best guess: of what each person did last, what fits the person
// and the channel of the call, else the latest.
func latest(c clues, recent []*entry) *entry {
	var best *entry
	most := -1
	seen := map[string]bool{}
	for _, i := range recent {
		if seen[i.User] || c.began.Sub(i.active) > attentive {
			continue
		}
		seen[i.User] = true
		fits := 0
		if c.user != "" && c.user == i.User {
			fits += 2
		}
		if c.channel != "" && c.channel == i.channel {
			fits++
		}
		if fits > most {
			best, most = i, fits
		}
	}
	return best
}
