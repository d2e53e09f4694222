package workflow

import "time"

// This file is what a change of a run says to the catalogue: what is live now, and
// what customers are owed.

// Publication is that a version of a listing was live.
type Publication struct {
	Version Version // zero where nobody said which
	At      time.Time
	Run     RunID  // by which it was; empty for because a person said so
	By      UserID // who said so
}

// Published is what a change of a run says of one listing.
type Published struct {
	Key     StepKey
	Listing Listing // as the catalogue calls it
	Live    bool    // or else it was taken back
	Version Version
	At      time.Time
	Channel ChannelID // of the run
}

// publishing is the step by which a listing goes live; nil when the process has none.
func (d *Definition) publishing() *Step {
	for i := range d.Stages {
		var found *Step
		eachStep(d.Stages[i].Steps, func(s *Step) {
			if s.Publishes {
				found = s
			}
		})
		if found != nil {
			return found
		}
	}
	return nil
}

// Published are the listings that have gone live since before, or are not live
// after all; before is nil for a run that has just begun.
func (r *Run) Published(before *Run) []Published {
	step := r.def.publishing()
	if step == nil {
		return nil
	}
	var out []Published
	seen := map[StepKey]bool{}
	for _, e := range r.emitted {
		if e.Step.Step != step.ID || e.Step.Listing == "" || seen[e.Step] {
			continue
		}
		seen[e.Step] = true
		is, was := r.Steps[e.Step], (*StepState)(nil)
		if before != nil {
			was = before.Steps[e.Step]
		}
		live, wasLive := is.Status == Done, was != nil && was.Status == Done
		if live == wasLive {
			continue
		}
		l, ok := r.Listing(e.Step.Listing)
		if !ok {
			continue
		}
		out = append(out, Published{Key: e.Step, Listing: r.catalogued(l), Live: live, Version: r.versionOf(l), At: is.At, Channel: r.Channel})
	}
	return out
}

// catalogued is a listing of the run as the catalogue calls it.
func (r *Run) catalogued(l *Listing) Listing {
	if r.Catalyst != nil {
		return *l
	}
	c := *l
	c.Partner = r.Partner
	c.ID = ListedID(r.Partner, l.Edition, l.Delivery, l.Architecture)
	return c
}

// versionOf is the version that is live once a lane is through; zero when nobody
// said.
func (r *Run) versionOf(l *Listing) Version {
	if r.Catalyst != nil {
		return r.Catalyst.Version
	}
	v, _ := ParseVersion(r.Fact(FactVersion, l.ID))
	return v
}

// Into brings a listing of the catalogue up to what was published.
func (p Published) Into(l *Listed) {
	if l.ID == "" {
		l.Listing = Listing{ID: p.Listing.ID, Edition: p.Listing.Edition, Delivery: p.Listing.Delivery, Provider: p.Listing.Provider,
			Partner: p.Listing.Partner, Architecture: p.Listing.Architecture}
	}
	facts := p.Listing.Facts
	for _, f := range []struct {
		to   *string
		name FactName
	}{{&l.Product, FactProduct}, {&l.Link, FactMarketplace}, {&l.Pricing, FactPricing}} {
		if v := facts[f.name]; v != "" {
			*f.to = v
		}
	}
	l.Retired, l.Channel = time.Time{}, p.Channel
	if !p.Version.IsZero() {
		l.Publish(p.Version, p.At)
	}
}

// Owes is what the customers of the run's listings are owed since before, or by
// another time than they were.
func (r *Run) Owes(before *Run) []Owed {
	if r.Catalyst == nil || r.Catalyst.Version.IsZero() || r.Promise.IsZero() || r.State != Running {
		return nil
	}
	all := before == nil || before.State == Proposed
	var joined map[ListingID]bool
	for _, e := range r.emitted {
		switch e.Type {
		case RunClassified:
			all = true
		case ListingJoined:
			if joined == nil {
				joined = map[ListingID]bool{}
			}
			joined[e.Listing.ID] = true
		}
	}
	if !all && joined == nil {
		return nil
	}
	out := make([]Owed, 0, len(r.Listings))
	for i := range r.Listings {
		l := &r.Listings[i]
		if !all && !joined[l.ID] {
			continue
		}
		since := r.Catalyst.Counted()
		if l.Since.After(since) {
			since = l.Since
		}
		due := r.Promise
		if !l.Since.IsZero() && r.cal != nil {
			due = r.cal.After(r.def.Owner, l.Since, r.def.Promise.For(r.Catalyst.Kind)).UTC()
		}
		out = append(out, Owed{Version: r.Catalyst.Version, Listing: l.ID, Kind: r.Catalyst.Kind, Run: r.ID, Since: since, Due: due})
	}
	return out
}
