package images

import (
	"context"
	"slices"
	"time"

	"cloudimage/workflow"
)

// Typical is how long the steps of builds take.
type Typical map[StepName]time.Duration

// typical is how long they take where none was ever seen: what documents and
// other people's tools allow for.
var typical = Typical{
	Launch: 3 * time.Minute, Install: 12 * time.Minute, Clean: 2 * time.Minute, Stop: 2 * time.Minute, Capture: 8 * time.Minute,
	Boot: 3 * time.Minute, Check: 7 * time.Minute, Remove: time.Minute, Copy: 12 * time.Minute, Mark: time.Minute,
	Preview: 2 * time.Hour, Retire: 10 * time.Minute, Open: 2 * time.Minute, Submit: 90 * time.Minute, Deprecate: time.Minute,
}

// enough is how many builds have to be seen before they are believed.
const enough = 3

// usual is how long steps take in a cloud where none was ever seen.
func (w Ways) usual(name StepName) time.Duration {
	if own, ok := w.Typical[name]; ok {
		return own
	}
	return typical[name]
}

// Typical is how long steps took in the builds of a provider that were done last.
func (s *Service) Typical(ctx context.Context, p workflow.Provider) (Typical, error) {
	done, err := s.options.Book.BuildsDone(ctx, "", 40)
	if err != nil {
		return nil, err
	}
	ways := s.ways(&Order{Provider: p})
	took := map[StepName][]time.Duration{}
	for _, b := range done {
		if b.Order.Provider != p || b.Order.ByHand {
			continue
		}
		for _, t := range b.Steps {
			if t.State == StepDone && !t.Since.IsZero() && t.Attempt == 1 {
				took[t.Name] = append(took[t.Name], t.Ended.Sub(t.Since))
			}
		}
	}
	out := Typical{}
	for name := range typical {
		out[name] = ways.usual(name)
		if list := took[name]; len(list) >= enough {
			slices.Sort(list)
			out[name] = list[len(list)/2]
		}
	}
	return out, nil
}

// Left is how long the build takes still, until it waits for people or is through; 0
// when nobody can tell.
func (b *Build) Left(now time.Time, like Typical) (left time.Duration) {
	if like == nil {
		like = typical
	}
	present := b.Present()
	if len(present) == 0 || b.State == Stuck || b.Order.ByHand {
		return 0
	}
	phases := map[int]time.Duration{}
	waits := 1 << 30
	for i := range b.Steps {
		s := &b.Steps[i]
		if s.State.Over() {
			continue
		}
		if s.Name == Sign {
			waits = s.Phase
		}
		rest := like[s.Name]
		if !s.Since.IsZero() {
			rest = max(rest-now.Sub(s.Since), rest/10)
			if s.Percent > 0 && now.After(s.Since) {
				rest = now.Sub(s.Since) * time.Duration(100-s.Percent) / time.Duration(s.Percent)
			}
		}
		phases[s.Phase] = max(phases[s.Phase], rest)
	}
	for phase, rest := range phases {
		if phase < waits {
			left += rest
		}
	}
	return left
}

// stalling is how many times as long as usual a submission takes until it is said.
const stalling = 2

// stalls reports whether the build is with the marketplace for much longer than usual.
func (b *Build) stalls(now time.Time, like Typical) bool {
	for _, i := range b.Present() {
		s := &b.Steps[i]
		if (s.Name == Preview || s.Name == Submit) && s.Ref != "" && !s.State.Over() && !b.Order.ByHand && now.Sub(s.Since) > stalling*like[s.Name] {
			return true
		}
	}
	return false
}
