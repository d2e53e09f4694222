package workflow

// Move is something a run wants of a person.
type Move struct {
	Kind MoveKind
	Key  StepKey // zero for what concerns the run, a stage or a fact
	// Field is what is asked of a helper, or the fact of MoveFact.
	Field FieldID
	Stage StageID // of MoveConfirm
	// For is the person whose move it is, when who is asked covers for them.
	For UserID
}

// MoveKind is what kind of thing is wanted.
type MoveKind string

// The kinds of moves.
const (
	MoveAccept MoveKind = "accept" // accept or decline a proposal
	MoveAsk    MoveKind = "ask"    // say whether an optional step is wanted
	MoveDo     MoveKind = "do"     // do a step
	MoveChase  MoveKind = "chase"  // follow up a wait for the partner
	MoveAnswer MoveKind = "answer" // write the text one was asked for
	// MoveConfirm is to confirm or change the date of a stage that has opened.
	MoveConfirm MoveKind = "confirm"
	// MoveLaunch is what is done on the day of the launch with a step that was
	// done before.
	MoveLaunch MoveKind = "launch"
	// MoveSilent is to know that a partner is silent on somebody else's step, and
	// MoveLate that a person was reminded of a step in vain.
	MoveSilent MoveKind = "silent"
	MoveLate   MoveKind = "late"
	// MoveTick is to accept or decline that a step is done, because its box was
	// ticked in the tracker; or, for who may say so, to add the evidence.
	MoveTick MoveKind = "tick"
	// MoveFact is to say what every run is to know; Field is the fact.
	MoveFact MoveKind = "fact"
	// MoveClassify is to say whether a release is a security update.
	MoveClassify MoveKind = "classify"
	// MoveSign is to sign what goes live, after somebody else has.
	MoveSign MoveKind = "sign"
	// MoveEarly is to know that the merge request was merged before the launch.
	MoveEarly MoveKind = "early"
)

// Moves are what the run wants now, by person, in the order of the process.
// Only the person responsible for an open step is asked, and only for a step
// whose needs are met; a step nobody is known for is nobody's move. Who covers
// for somebody has their moves too.
func (r *Run) Moves() map[UserID][]Move {
	out := map[UserID][]Move{}
	r.wants(func(who UserID, m Move) { out[who] = append(out[who], m) })
	return out
}

// wants calls add for each move, with the person who acts. One person is asked
// for one thing once, even when they cover for another who is asked too.
func (r *Run) wants(add func(who UserID, m Move)) {
	ask := func(who UserID, m Move) {
		if who == "" {
			return
		}
		if by := r.Acting(who); by != who {
			m.For, who = who, by
		}
		add(who, m)
	}
	if r.State == Proposed {
		ask(r.lead(r.def.Owner), Move{Kind: MoveAccept})
		return
	}
	if r.State != Running {
		return
	}
	if r.Catalyst != nil {
		if r.Catalyst.Unsure {
			ask(r.Classifier(), Move{Kind: MoveClassify})
		}
		ask(r.NextSigner(), Move{Kind: MoveSign})
	}
	var stage *Stage
	r.Walk(func(n Node) bool {
		if n.Stage != stage {
			stage = n.Stage
			if r.toConfirm(stage) {
				ask(r.StageHolder(stage), Move{Kind: MoveConfirm, Stage: stage.ID})
			}
		}
		r.stepWants(n, ask)
		return true
	})
	r.factWants(ask)
}

func (r *Run) stepWants(n Node, ask func(UserID, Move)) {
	s := n.State
	r.earlyWants(n, ask)
	if r.onLaunchDay(n) {
		ask(r.Responsible(n.Key), Move{Kind: MoveLaunch, Key: n.Key})
	}
	unasked := n.Step.Optional && !s.Wanted
	if s.Status != Open || r.IsGroup(n.Key) && !unasked {
		return
	}
	for i, h := range s.Helpers {
		if !r.isAnswered(s.Helpers, i) {
			ask(h.User, Move{Kind: MoveAnswer, Key: n.Key, Field: h.Field})
		}
	}
	switch {
	case unasked:
		if n.Step.AskTeam != "" {
			ask(r.lead(n.Step.AskTeam), Move{Kind: MoveAsk, Key: n.Key})
		}
	case s.Waiting != nil:
		chaser := r.Chaser(n.Key)
		ask(chaser, Move{Kind: MoveChase, Key: n.Key})
		r.tells(n, r.def.Silence[:min(s.Waiting.Rung, len(r.def.Silence))], chaser, Move{Kind: MoveSilent, Key: n.Key}, ask)
	case len(r.Unmet(n.Key)) == 0:
		who := r.Responsible(n.Key)
		if by := r.TickHolder(n); s.Tick != nil && by != "" {
			ask(by, Move{Kind: MoveTick, Key: n.Key})
			if by == who {
				return
			}
		}
		ask(who, Move{Kind: MoveDo, Key: n.Key})
		if s.Overdue && inVain(who, s.Reminded[r.Acting(who)]) {
			r.tells(n, r.def.Lateness[:min(s.Rung, len(r.def.Lateness))], who, Move{Kind: MoveLate, Key: n.Key}, ask)
		}
	}
}

// Classifier is who says what kind of catalyst it is: who answers for the team that
// owns such runs, or else the owner.
func (r *Run) Classifier() UserID {
	if who := r.lead(r.def.Owner); who != "" {
		return who
	}
	return r.Owner
}

// TickHolder is who answers a tick: whoever ticked, when they may complete the
// step and evidence is missing; else who has the step.
func (r *Run) TickHolder(n Node) UserID {
	if t := n.State.Tick; t != nil && t.Own {
		return t.By.User
	}
	return r.Responsible(n.Key)
}

// earlyWants lets those who see the stages of the documentation and of the launch
// through know that the one was merged before the other.
func (r *Run) earlyWants(n Node, ask func(UserID, Move)) {
	if n.Step.DoneWhen != MergeDone {
		return
	}
	if _, early := r.MergedEarly(); !early {
		return
	}
	holder := r.StageHolder(n.Stage)
	ask(holder, Move{Kind: MoveEarly, Key: n.Key})
	if g := r.giver(FactLaunchAgreed, ""); g != nil {
		if other := r.StageHolder(g.Stage); r.Acting(other) != r.Acting(holder) {
			ask(other, Move{Kind: MoveEarly, Key: n.Key})
		}
	}
}

// isAnswered reports whether who acts for a helper is asked for the same by
// another of the questions: for themselves, or else by one before it.
func (r *Run) isAnswered(helpers []Helper, i int) bool {
	who := r.Acting(helpers[i].User)
	for j, h := range helpers {
		if j != i && h.Field == helpers[i].Field && r.Acting(h.User) == who && (h.User == who || j < i && helpers[i].User != who) {
			return true
		}
	}
	return false
}

// tells asks everybody whom the climbed rungs tell, each once, and not the one
// who is asked anyway.
func (r *Run) tells(n Node, climbed []Rung, asked UserID, m Move, ask func(UserID, Move)) {
	seen := map[UserID]bool{r.Acting(asked): true}
	for _, rung := range climbed {
		if who := r.told(n, rung); who != "" && !seen[r.Acting(who)] {
			seen[r.Acting(who)] = true
			ask(who, m)
		}
	}
}

// Chaser is who follows up with the partner on a step that waits.
func (r *Run) Chaser(key StepKey) UserID {
	if s := r.Steps[key]; s != nil && s.Waiting != nil && s.Waiting.Chaser != "" {
		return s.Waiting.Chaser
	}
	return r.Responsible(key)
}

// toConfirm reports whether the stage is open and nobody has said yet that its
// date holds. A stage with a step for that has no other need of it, and a date that
// follows from a catalyst is not theirs to say: it was promised.
func (r *Run) toConfirm(stage *Stage) bool {
	s := r.Stages[stage.ID]
	if s.Status != StageOpen || !s.Planned || s.Due.IsZero() || r.Catalyst != nil && stage.Due.AfterCatalyst > 0 {
		return false
	}
	for i := range stage.Steps {
		if stage.Steps[i].DoneWhen == AssignedAndDue {
			return false
		}
	}
	return true
}

// onLaunchDay reports whether something is left to be done, on the day of an
// agreed launch, with a step that was done before it. What is done on the day
// itself, or later, needs no second word.
func (r *Run) onLaunchDay(n Node) bool {
	s := n.State
	if n.Step.LaunchDay == "" || s.Status != Done || !s.Launched.IsZero() || r.IsGroup(n.Key) || r.givenUp(n.Key) {
		return false
	}
	date, agreed := r.Launch()
	return agreed && r.Day(n.Step.Team, s.At) < date
}
