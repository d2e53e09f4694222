package workflow

import (
	"maps"
	"time"
)

// This file is how a team is asked for what every run is to know, such as where our
// own logos are. It is asked once, by one run: the first in which a stage of the team
// opens while nobody has said it. When that run is over without an answer, the next
// one asks.

// FactAsk is that a run asks a team for what every run is to know.
type FactAsk struct {
	Since    time.Time           `json:"since,omitzero"`
	Reminded map[UserID]Reminded `json:"reminded,omitzero"`
}

func (a *FactAsk) clone() *FactAsk {
	c := *a
	c.Reminded = maps.Clone(a.Reminded)
	return &c
}

// AskFact lets the run ask for a fact, unless it is known or asked for already.
func (r *Run) AskFact(act Act, fact FactName) {
	if r.State != Running || r.Facts[fact] != "" || r.Asks[fact] != nil {
		return
	}
	for _, res := range r.def.Resources {
		if res.Fact == fact && res.Ask != "" {
			e := act.event(FactAsked)
			e.Field = FieldID(fact)
			r.emit(e)
			return
		}
	}
}

// applyFact is change for what the run knows, or asks for, apart from its steps.
func (r *Run) applyFact(e Event) {
	fact := FactName(e.Field)
	if e.Type == FactAsked {
		if r.Asks == nil {
			r.Asks = map[FactName]*FactAsk{}
		}
		r.Asks[fact] = &FactAsk{Since: e.At}
		return
	}
	if r.Facts[fact] = e.Text; e.Text == "" {
		delete(r.Facts, fact)
	}
	if delete(r.Asks, fact); len(r.Asks) == 0 {
		r.Asks = nil // one that is empty is not stored
	}
}

// AsksFor reports whether the run asks for a fact now: nobody has said it, and a
// stage of the team is open.
func (r *Run) AsksFor(fact FactName) bool {
	res, ok := r.def.Resource(fact)
	if !ok || r.Asks[fact] == nil || r.Facts[fact] != "" || r.State != Running {
		return false
	}
	for i := range r.def.Stages {
		if s := &r.def.Stages[i]; s.Team == res.Ask && r.Stages[s.ID].Status == StageOpen {
			return true
		}
	}
	return false
}

// factWants asks the lead of each team for what the run asks of it.
func (r *Run) factWants(ask func(UserID, Move)) {
	for _, res := range r.def.Resources {
		if r.AsksFor(res.Fact) {
			ask(r.lead(res.Ask), Move{Kind: MoveFact, Field: FieldID(res.Fact)})
		}
	}
}

// Resource is the resource of the process that holds a fact.
func (d *Definition) Resource(fact FactName) (Resource, bool) {
	for _, res := range d.Resources {
		if res.Fact == fact {
			return res, true
		}
	}
	return Resource{}, false
}

// ToAsk are the facts that a team could be asked for now: one of its stages has just
// opened.
func (r *Run) ToAsk() (out []FactName) {
	for _, e := range r.emitted {
		if e.Type != StageOpened {
			continue
		}
		stage, ok := r.def.StageByID(e.Stage)
		for _, res := range r.def.Resources {
			if ok && res.Ask == stage.Team && res.Fact != "" && r.Facts[res.Fact] == "" && r.Asks[res.Fact] == nil {
				out = append(out, res.Fact)
			}
		}
	}
	return out
}
