package workflow

import "slices"

// Block is one thing that holds a step: a stage or a step that must come first,
// or a need that is not met.
type Block struct {
	Stage  *Stage   // must be complete; nil when it is a step or a fact
	Step   *Node    // must be closed, or asked for
	Asked  bool     // Step is optional, and somebody has to ask for it
	Fact   FactName // must be known
	Giver  *Node    // the step that makes the fact known, if any
	Holder UserID   // the person it waits on, if one is known
}

// LockedBy says what must come before the step opens; nothing for a step that
// is not locked.
func (r *Run) LockedBy(key StepKey) []Block {
	n, ok := r.Node(key)
	if !ok || n.State.Status != Locked {
		return nil
	}
	var out []Block
	for _, id := range n.Stage.After {
		if r.Stages[id].Status != StageComplete {
			stage, _ := r.def.StageByID(id)
			out = append(out, Block{Stage: stage, Holder: r.Acting(r.StageHolder(stage))})
		}
	}
	for k, ok := key, true; ok; k, ok = r.parent(k) {
		at, _ := r.Node(k)
		if at.Lane() {
			continue
		}
		for _, id := range at.Step.After {
			if before, ok := r.Node(StepKey{id, k.Listing}); ok && !before.State.Status.Closed() {
				out = append(out, Block{Step: &before, Holder: r.Acting(r.Responsible(before.Key))})
			}
		}
		if p, ok := r.parent(k); ok && r.unasked(p) {
			group, _ := r.Node(p)
			out = append(out, Block{Step: &group, Asked: true, Holder: r.Acting(r.lead(group.Step.AskTeam))})
		}
	}
	return out
}

// Unmet says which of the step's needs are not true yet. While one is not, the
// step may be open but cannot be done. A need that was given up, because the
// step that would meet it was waived, holds nothing.
func (r *Run) Unmet(key StepKey) []Block {
	n, ok := r.Node(key)
	if !ok {
		return nil
	}
	var out []Block
	for _, need := range n.Step.Needs {
		if need.Fact != "" {
			if r.Fact(need.Fact, key.Listing) != "" {
				continue
			}
			b := Block{Fact: need.Fact, Giver: r.giver(need.Fact, key.Listing)}
			if b.Giver != nil {
				if r.givenUp(b.Giver.Key) {
					continue
				}
				b.Holder = r.Acting(r.Responsible(b.Giver.Key))
			}
			out = append(out, b)
			continue
		}
		before, ok := r.Node(StepKey{need.Step, key.Listing}) // the same lane's, where it has lanes
		if !ok {
			before, ok = r.Node(StepKey{Step: need.Step})
		}
		if ok && !before.State.Status.Closed() && !r.givenUp(before.Key) {
			out = append(out, Block{Step: &before, Holder: r.Acting(r.Responsible(before.Key))})
		}
	}
	return out
}

// givenUp reports whether the step was waived or skipped, by itself or with a
// group that it is part of.
func (r *Run) givenUp(key StepKey) bool {
	for k, ok := key, true; ok; k, ok = r.parent(k) {
		if s := r.Steps[k].Status; s == Waived || s == Skipped {
			return true
		}
	}
	return false
}

// giver is the step whose evidence makes the fact known.
func (r *Run) giver(fact FactName, listing ListingID) (found *Node) {
	r.Walk(func(n Node) bool {
		if n.Key.Listing != "" && n.Key.Listing != listing || r.IsGroup(n.Key) {
			return true
		}
		if slices.ContainsFunc(n.Step.Evidence, func(f Field) bool { return f.Fact == fact }) {
			found = &n
		}
		return found == nil
	})
	return found
}

// CanDo is [Run.Doable] for a node.
func (r *Run) CanDo(n Node) bool { return r.Doable(n.Key) }

// Doable reports whether marking the step done now would be accepted from a
// member of its team: it is open, nobody else's part, and its needs are met.
func (r *Run) Doable(key StepKey) bool {
	n, ok := r.Node(key)
	return ok && r.State != Cancelled && n.State.Status == Open && !r.IsGroup(key) && len(r.Unmet(key)) == 0
}

// Responsible is the person who will do the step: its assignee, its stage's
// assignee when the stage's team does it, or the lead of its team. Empty when
// nobody is known.
func (r *Run) Responsible(key StepKey) UserID {
	who, _, _ := r.Whose(key)
	return who
}

// StageHolder is the stage's assignee, or who answers for its team.
func (r *Run) StageHolder(stage *Stage) UserID {
	if who := r.Stages[stage.ID].Assignee; who != "" {
		return who
	}
	return r.lead(stage.Team)
}

// blocksText is what has to happen, for the end of a sentence: "stage 1 is
// complete".
func blocksText(blocks []Block) Text {
	if len(blocks) == 0 {
		return Say("the run goes on")
	}
	out := Text{}
	for i, b := range blocks {
		if i > 0 {
			out.Format += ", and "
		}
		out.Format += "%s"
		out.Args = append(out.Args, b.Text())
	}
	return out
}

// Text is what has to happen: "3.3 Image description is done (with @maya)".
func (b Block) Text() Text {
	var what Text
	switch {
	case b.Asked:
		what = Say("somebody asks for %s", b.Step.Step.name())
	case b.Stage != nil:
		what = Say("stage %s, %s, is complete", b.Stage.Number, b.Stage.Title)
	case b.Step != nil:
		what = Say("%s is done", b.Step.Step.name())
	case b.Giver != nil:
		what = Say("%s is done", b.Giver.Step.name())
	default:
		what = Say("%s is known", string(b.Fact))
	}
	if b.Holder != "" {
		what = Say("%s (with %s)", what, b.Holder)
	}
	return what
}
