package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// This file is the sign-off: before something goes live, different people agree to
// one plan. A signature is for the plan as it was, and lapses when it changes.

// Signature is that a person has signed the plan of a run.
type Signature struct {
	User UserID    `json:"user,omitzero"`
	For  UserID    `json:"for,omitzero"` // who is away, and was signed for
	At   time.Time `json:"at,omitzero"`
	Plan string    `json:"plan,omitzero"` // its digest
}

// signed is the step of the process that waits for signatures; nil when none does.
func (d *Definition) signed() *Step {
	for i := range d.Stages {
		for j := range d.Stages[i].Steps {
			s := &d.Stages[i].Steps[j]
			if s.Sign.People > 0 {
				return s
			}
			for k := range s.Steps {
				if s.Steps[k].Sign.People > 0 {
					return &s.Steps[k]
				}
			}
		}
	}
	return nil
}

// SignPlan is a digest of what goes live when the run is through: the version, what it
// is made from, and for which listings.
func (r *Run) SignPlan() string {
	h := sha256.New()
	if c := r.Catalyst; c != nil {
		fmt.Fprintf(h, "version %s\n", c.Version)
		sums := make([]string, 0, len(c.Packages))
		for _, p := range c.Packages {
			sums = append(sums, p.Edition+" "+p.Distribution+" "+p.Architecture+" "+p.SHA256)
		}
		slices.Sort(sums)
		for _, s := range sums {
			fmt.Fprintf(h, "package %s\n", s)
		}
	}
	ids := make([]string, 0, len(r.Listings))
	for i := range r.Listings {
		ids = append(ids, string(r.Listings[i].ID)+" "+r.Listings[i].Facts[FactProduct])
	}
	slices.Sort(ids)
	for _, id := range ids {
		fmt.Fprintf(h, "listing %s\n", id)
	}
	for _, goes := range r.GoesAlong() {
		fmt.Fprintf(h, "goes %s\n", goes)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// GoesAlong is what builds do outside beyond the listings themselves, such as turning a
// protection off for a while; nil for nothing.
func (r *Run) GoesAlong() (out []string) {
	step := r.def.publishing()
	if step == nil {
		return nil
	}
	for i := range r.Listings {
		if s := r.Steps[StepKey{Step: step.ID, Listing: r.Listings[i].ID}]; s != nil && s.Build != nil && s.Build.Phase != BuildAbandoned && s.Build.Goes != "" {
			out = append(out, string(r.Listings[i].ID)+": "+s.Build.Goes)
		}
	}
	return out
}

// Sign signs the plan for the person. Seen is the plan that they were shown; one
// that has changed since is not signed.
func (r *Run) Sign(act Act, seen string) error {
	step := r.def.signed()
	switch {
	case r.State != Running:
		return r.notNow("signed")
	case step == nil:
		return fail(Conflict, "Nothing of %s waits for a signature.", r.Name())
	case seen != "" && seen != r.SignPlan():
		return fail(Stale, "What goes live has changed since you looked, so nothing was signed. Please look again.")
	}
	signed, missing := r.Signatures()
	for _, s := range signed {
		if s.User == act.Actor {
			return fail(Conflict, "You have signed %s already, %s. The other signature is for somebody else to give.", r.Name(), s.At)
		}
	}
	if missing == 0 {
		return fail(Conflict, "%s has all its signatures.", r.Name())
	}
	e := act.event(RunSigned)
	e.Text = r.SignPlan()
	r.emit(e)
	return nil
}

// Signatures are those for the plan as it is, and how many are missing still.
func (r *Run) Signatures() (signed []Signature, missing int) {
	step := r.def.signed()
	if step == nil {
		return nil, 0
	}
	if len(r.Signed) == 0 {
		return nil, step.Sign.People
	}
	plan := r.SignPlan()
	for _, s := range r.Signed {
		if s.Plan == plan {
			signed = append(signed, s)
		}
	}
	return signed, max(0, step.Sign.People-len(signed))
}

// Lapsed reports whether somebody has signed a plan that is another by now.
func (r *Run) Lapsed() bool {
	signed, _ := r.Signatures()
	return len(signed) < len(r.Signed)
}

// NextSigner is who is asked to sign, once an image waits for it or somebody has signed: of those who answer for
// the teams that sign, the first who has not and is here. Empty when nobody is
// asked, or nobody else is known.
func (r *Run) NextSigner() UserID {
	signed, missing := r.Signatures()
	if len(signed) == 0 && !r.waitsForSignature() || missing == 0 || r.State != Running || len(r.OpenLanes()) == 0 {
		return ""
	}
	return r.signer(signed)
}

// waitsForSignature reports whether an image is ready that may not go live unsigned.
func (r *Run) waitsForSignature() bool {
	for _, s := range r.Steps {
		if s.Build != nil && s.Build.Phase == BuildSigning && s.Status == Open {
			return true
		}
	}
	return false
}

func (r *Run) signer(signed []Signature) UserID {
	var asked []UserID // and not the owner of the run, who may be of none of the teams
	for _, team := range r.def.signed().Sign.Teams {
		asked = append(asked, r.lead(team), r.Leads[team])
	}
	for _, who := range asked {
		if who = r.Acting(who); who != "" && !slices.ContainsFunc(signed, func(s Signature) bool { return s.User == who }) {
			return who
		}
	}
	return ""
}

// SignTeams are the teams whose people may sign; nil when nothing is signed.
func (r *Run) SignTeams() []TeamID {
	if step := r.def.signed(); step != nil {
		return step.Sign.Teams
	}
	return nil
}
