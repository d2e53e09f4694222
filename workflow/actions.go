package workflow

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Act is who does something, when, and why if they said so. Whether they may
// has been decided before; see [Authorize].
type Act struct {
	Actor  UserID
	At     time.Time
	Reason string
	Leave  // how they may
	// Outside is where it was done, when it was done in the tracker.
	Outside *Outside
}

func (a Act) event(t EventType) Event {
	return Event{Type: t, At: a.At, Actor: a.Actor, Text: clean(a.Reason), Override: a.Override, For: a.For, Outside: a.Outside}
}

// Limits on what a run may hold, so that a card can always be drawn.
const (
	maxPartner  = 80
	maxListings = 20   // that a partnership launches together
	maxLanes    = 5000 // that a catalyst concerns
	maxText     = 3000
)

// Begin starts a run, or proposes it when start says so. The number and the id
// come from the store.
func Begin(act Act, def *Definition, cal Calendars, start Start) (*Run, error) {
	r := &Run{}
	r.attach(def, cal)
	bad := map[FieldID]Text{}
	switch start.Partner = clean(start.Partner); {
	case start.Partner == "":
		bad["partner"] = Say("Name the partner, as people know it.")
	case len([]rune(start.Partner)) > maxPartner:
		bad["partner"] = Say("Keep the partner's name to %d characters.", maxPartner)
	case strings.ContainsFunc(start.Partner, unicode.IsControl):
		bad["partner"] = Say("Write the partner's name on one line.")
	}
	switch start.Provider {
	case AWS, Azure, Manual:
	default:
		if def.Subject == SubjectPartnership { // a catalyst concerns listings of several
			bad["provider"] = Say("Choose AWS, Azure or another partner.")
		}
	}
	if problem := checkCatalyst(def, act, start); !problem.IsZero() {
		bad["catalyst"] = problem
	}
	switch {
	case len(start.Listings) == 0:
		bad["listings"] = Say("Choose at least one listing to launch.")
	case len(start.Listings) > def.mostListings():
		bad["listings"] = Say("Choose %d listings at most.", def.mostListings())
	}
	seen := make(map[ListingID]bool, len(start.Listings))
	for _, l := range start.Listings {
		if l.ID == "" || seen[l.ID] {
			bad["listings"] = Say("Choose each listing once.")
		}
		seen[l.ID] = true
	}
	if start.Target != "" {
		if _, err := ParseDate(string(start.Target)); err != nil {
			bad["target"] = Say("Choose the day you aim to launch.")
		} else if start.Target < r.Day(def.Owner, act.At) {
			bad["target"] = Say("The launch cannot be in the past: choose today or a later day.")
		}
	}
	if len(bad) > 0 {
		return nil, &Error{Kind: Invalid, Message: Say("Some answers need another look."), Fields: bad}
	}
	start.Process, start.Hash = def.Name, def.Hash
	if start.Catalyst != nil {
		c := start.Catalyst.clone()
		c.At, c.From = c.At.UTC().Truncate(time.Millisecond), c.From.UTC().Truncate(time.Millisecond)
		start.Catalyst = c
	}
	start.Promise = promised(def, cal, start.Catalyst)
	start.Listings, start.Leads = cloneListings(start.Listings), maps.Clone(start.Leads)
	e := act.event(RunStarted)
	e.Start = &start
	r.emit(e)
	r.replan(act.At)
	r.settle(act.At)
	r.takeOver(act.At, start.Carried)
	return r, nil
}

func (d *Definition) mostListings() int {
	if d.Subject == SubjectCatalyst {
		return maxLanes
	}
	return maxListings
}

// Accept makes a proposed run a real one, owned by the person who accepts.
func (r *Run) Accept(act Act) error { return r.AcceptFor(act, act.Actor) }

// AcceptFor is [Run.Accept] by somebody who does not own it then.
func (r *Run) AcceptFor(act Act, owner UserID) error {
	if r.State != Proposed {
		return r.notNow("accepted")
	}
	e := act.event(RunAccepted)
	e.User = owner
	r.emit(e)
	r.settle(act.At)
	r.replan(act.At) // a proposal may have waited for weeks
	return nil
}

// Cancel ends a run, or declines a proposal, for a reason.
func (r *Run) Cancel(act Act) error {
	if r.isEnded() {
		return r.notNow("cancelled")
	}
	if err := needReason(act, "Say why it ends, so that nobody has to ask later."); err != nil {
		return err
	}
	r.emit(act.event(RunCancelled))
	r.settle(act.At)
	return nil
}

// Join adds a listing; its lanes open where the run stands.
func (r *Run) Join(act Act, listing Listing) error {
	if r.State != Running {
		return r.notNow("changed")
	}
	if listing.ID == "" {
		return fail(Invalid, "Say which listing joins %s.", r.Name())
	}
	if _, there := r.Listing(listing.ID); there {
		return fail(Conflict, "%s is already part of %s.", listing.Name(), r.Name())
	}
	if most := r.def.mostListings(); len(r.Listings) >= most {
		return fail(Invalid, "A run has %d listings at most.", most)
	}
	listing.Facts = maps.Clone(listing.Facts)
	e := act.event(ListingJoined)
	e.Listing = &listing
	r.emit(e)
	r.settle(act.At)
	r.replan(act.At)
	return nil
}

// SetOwner hands the run to another person.
func (r *Run) SetOwner(act Act, to UserID) error {
	if r.State == Proposed || r.State == Cancelled {
		return r.notNow("handed over")
	}
	if to == "" {
		t := Say("Choose who owns %s from now on.", r.Name())
		return &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{FieldOwner: t}}
	}
	if to == r.Owner {
		return fail(Conflict, "%s owns %s already.", to, r.Name())
	}
	e := act.event(OwnerChanged)
	e.User = to
	r.emit(e)
	return nil
}

// SetLead says who answers for a team in this run; an empty user, that nobody
// is known to.
func (r *Run) SetLead(act Act, team TeamID, to UserID) error {
	if _, ok := r.def.Team(team); !ok {
		return fail(NotFound, "There is no team %q in this process.", string(team))
	}
	if r.State == Cancelled {
		return r.notNow("changed")
	}
	if r.Leads[team] == to {
		return nil
	}
	e := act.event(LeadChanged)
	e.Team, e.User = team, to
	r.emit(e)
	return nil
}

// Note appends words to the history, of a step or of the whole run.
func (r *Run) Note(act Act, key StepKey, text string) error {
	text, err := checkText(text)
	if err != nil {
		return err
	}
	if _, ok := r.Node(key); key != (StepKey{}) && !ok {
		return r.noStep(key)
	}
	e := act.event(NoteAdded)
	e.Step, e.Text = key, text
	r.emit(e)
	return nil
}

// notNow says why a run as a whole cannot be changed that way.
func (r *Run) notNow(done string) error {
	switch r.State {
	case Proposed:
		return fail(Conflict, "%s is still a proposal; it cannot be %s before someone from %s accepts it.", r.Name(), done, r.def.TeamName(r.def.Owner))
	case Cancelled:
		if r.Superseded() {
			return fail(Conflict, "%s was superseded by %s (%s), %s. What was left is there.", r.Name(), r.Next.What, r.Next.Name, r.Ended)
		}
		return fail(Conflict, "%s was cancelled, %s: %s", r.Name(), r.Ended, r.Reason)
	case Complete:
		return fail(Conflict, "%s is complete: its last step was closed %s.", r.Name(), r.Ended)
	}
	return fail(Conflict, "%s is already running.", r.Name())
}

func (r *Run) noStep(key StepKey) error {
	return fail(NotFound, "%s has no step %q any more.", r.Name(), key.String())
}

func needReason(act Act, why string) error {
	if strings.TrimSpace(act.Reason) != "" {
		_, err := checkWords(FieldReason, act.Reason)
		return err
	}
	return &Error{Kind: Invalid, Message: Say("%s", why), Fields: map[FieldID]Text{FieldReason: Say("%s", why)}}
}

// Form fields that actions name when their answer needs another look.
const (
	FieldReason   FieldID = "reason"   // of a waiver, a cancellation, or an admin's act
	FieldText     FieldID = "text"     // a note, or what the partner was asked or said
	FieldTicket   FieldID = "ticket"   // the partner's
	FieldPromised FieldID = "promised" // the day the partner promised
	FieldContact  FieldID = "contact"  // who was asked, on the partner's side
	FieldUntil    FieldID = "until"    // the last day of something
	FieldFor      FieldID = "for"      // who will read a helper's text
	FieldLaunch   FieldID = "launch"   // the launch date
	FieldOwner    FieldID = "owner"
)

// checkText is the text to keep, or why it cannot be kept. It refuses none.
func checkText(text string) (string, error) {
	if text = clean(text); text == "" {
		t := Say("Write something first.")
		return "", &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{FieldText: t}}
	}
	return checkWords(FieldText, text)
}

// checkWords is checkText for words that may be left out.
func checkWords(field FieldID, text string) (string, error) {
	text = clean(text)
	bad := Text{}
	switch {
	case len([]rune(text)) > maxText:
		bad = Say("Keep it to %d characters; put longer text in the document and link to it.", maxText)
	case LooksSecret(text):
		bad = secretRefused
	default:
		return text, nil
	}
	return "", &Error{Kind: Invalid, Message: bad, Fields: map[FieldID]Text{field: bad}}
}

func hasHelper(helpers []Helper, user UserID, field FieldID) bool {
	return slices.ContainsFunc(helpers, func(h Helper) bool { return h.User == user && h.Field == field })
}
