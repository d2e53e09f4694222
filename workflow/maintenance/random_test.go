package maintenance

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

// TestWhateverHappens plays releases, people and partners at random. After each pass
// the work is what it should be, and another pass changes nothing.
func TestWhateverHappens(t *testing.T) {
	t.Parallel()
	const games, moves = 24, 20
	for seed := range uint64(games) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			policy := []string{"", "{ concern: supported-minors, supported: 2 }", "\n  concern: highest-minor\n  quiet: [{ from: 2026-03-05, to: 2026-03-09 }]"}[seed%3]
			g := &game{world: newWorld(t, policy), dice: rand.New(rand.NewPCG(seed, 1)), minor: 5}
			g.releases("17.4.0", "17.5.0")
			g.pass()
			g.lists("aws ee 17.5.0", "azure ce 17.4.0", "ibm ee", "pinned ee 17.4.0 follows 17.4")
			for range moves {
				g.advance(time.Duration(g.dice.IntN(30*60)) * time.Minute)
				g.move()
				g.pass()
				g.holds()
				if t.Failed() {
					t.Fatalf("after:\n%s", strings.Join(g.told, "\n"))
				}
			}
		})
	}
}

type game struct {
	*world
	dice  *rand.Rand
	minor int
	told  []string // what happened
	added int
}

func (g *game) says(format string, args ...any) {
	g.told = append(g.told, g.clock().Format("02 15:04 ")+fmt.Sprintf(format, args...))
}

// next is a version that was not released yet: a patch of a minor one, or a new minor.
func (g *game) next() string {
	if g.dice.IntN(4) == 0 {
		g.minor++
		return fmt.Sprintf("17.%d.0", g.minor)
	}
	minor, patch := g.minor-g.dice.IntN(2), 0
	all, err := g.store.Releases(g.Context())
	must(g, err)
	for _, r := range all {
		if r.Version.Minor == minor {
			patch = max(patch, r.Version.Patch+1)
		}
	}
	return fmt.Sprintf("17.%d.%d", minor, patch)
}

func (g *game) move() {
	releases, err := g.store.Releases(g.Context())
	must(g, err)
	release := releases[g.dice.IntN(len(releases))]
	listings, err := g.store.Catalogue(g.Context())
	must(g, err)
	l := listings[g.dice.IntN(len(listings))]
	open := g.open()
	var run *workflow.Run
	if len(open) > 0 {
		run = open[g.dice.IntN(len(open))]
	}
	conflict := func(err error) {
		g.Helper()
		if kind := workflow.KindOf(err); err != nil && kind != workflow.Conflict && kind != workflow.Invalid && kind != workflow.NotFound {
			g.Errorf("it failed: %v", err)
		}
	}
	switch n := g.dice.IntN(16); {
	case n < 3:
		v := g.next()
		g.says("%s is released", v)
		g.releases(v)
		g.posts[0].Fixes = g.dice.IntN(2) == 0
	case n == 3:
		v := g.next()
		g.says("%s is tagged", v)
		g.tagged(v)
	case n == 4:
		kind := []workflow.CatalystKind{"", workflow.CatalystRelease, workflow.CatalystSecurity}[g.dice.IntN(3)]
		g.says("%s is ruled %q", release.Version, kind)
		_, err := g.watch.Rule(g.Context(), g.who(omar), release.Version, kind, "")
		conflict(err)
	case n == 5:
		g.says("%s is told of", release.Version)
		_, err := g.watch.Tell(g.Context(), g.who(omar), release.Version, "", cards)
		conflict(err)
	case n == 6:
		g.added++
		g.says("new%d is added", g.added)
		g.lists(fmt.Sprintf("new%d ee %s", g.added, release.Version.First()))
	case n == 7:
		g.says("%s is said to have %s", l.ID, release.Version)
		conflict(g.watch.Change(g.Context(), g.who(omar), l.ID, 0, func(l *workflow.Listed) { l.Published, l.At = release.Version, g.clock() }))
	case n == 8 && g.dice.IntN(3) == 0:
		g.says("%s is retired", l.ID)
		conflict(g.watch.Change(g.Context(), g.who(omar), l.ID, 0, func(l *workflow.Listed) { l.Retired = g.clock() }))
	case n == 9 && run != nil && g.dice.IntN(3) == 0:
		g.says("%s is cancelled", run.Partner)
		g.does(omar, run.ID, func(a workflow.Act, r *workflow.Run) error { return r.Cancel(a) })
	case n == 10 && run != nil && run.State == workflow.Proposed:
		g.says("%s is accepted", run.Partner)
		g.does(omar, run.ID, func(a workflow.Act, r *workflow.Run) error { return r.Accept(a) })
	case run != nil && run.State == workflow.Running && len(run.OpenLanes()) > 0:
		lane := run.OpenLanes()[g.dice.IntN(len(run.OpenLanes()))]
		if n == 11 {
			g.says("%s is waived for %s", run.Partner, lane)
			g.does(omar, run.ID, func(a workflow.Act, r *workflow.Run) error {
				return r.Waive(a, workflow.StepKey{Step: "update-image", Listing: lane}, 0)
			})
			return
		}
		g.says("%s is live on %s", run.Partner, lane)
		done := g.publishes(run.ID, lane)
		if n == 12 {
			g.says("and not after all")
			g.does(omar, run.ID, func(a workflow.Act, r *workflow.Run) error {
				return r.Undo(a, workflow.StepKey{Step: "update-image", Listing: lane}, 0)
			})
		} else if len(done.OpenLanes()) == 0 && g.dice.IntN(2) == 0 {
			g.says("and complete")
			g.completes(run.ID)
		}
	}
}

// holds checks that each listing is worked on for what it is to have, and for nothing
// else, and that nothing is left to do.
func (g *game) holds() {
	g.Helper()
	before := g.written()
	must(g, g.watch.Reconcile(g.Context()))
	if after := g.written(); after != before {
		g.Errorf("a pass with nothing new: %s, and before %s", after, before)
	}
	p, err := g.watch.pass(g.Context(), g.watch.definition())
	must(g, err)
	must(g, p.judgeAll(g.Context()))
	p.aim()
	lanes := map[workflow.ListingID][]workflow.Version{}
	for _, run := range g.open() {
		if run.State == workflow.Running {
			for _, id := range run.OpenLanes() {
				lanes[id] = append(lanes[id], run.Catalyst.Version)
			}
		}
	}
	owed, err := g.store.Owed(g.Context(), "9999")
	must(g, err)
	for i := range p.listings {
		l := &p.listings[i]
		aim := p.aims[l.ID]
		if len(lanes[l.ID]) > 1 {
			g.Errorf("%s is worked on for %v", l.ID, lanes[l.ID])
		}
		if aim != nil && aim.State != workflow.ReleaseBefore && len(lanes[l.ID]) == 0 && !g.givenUp(aim, l.ID) {
			g.Errorf("%s is to have %s, and nobody works on it", l.ID, aim.Version)
		}
		for _, o := range owed {
			if o.Listing == l.ID && o.Version.Compare(l.Published) <= 0 {
				g.Errorf("%s has %s, and is owed %s", l.ID, l.Published, o.Version)
			}
		}
	}
	board, err := g.watch.Board(g.Context(), Filter{})
	must(g, err)
	if sum := board.Count(LateSecurity, Late, DueSecurity, Due, Unknown, Current, Unconcerned, Unmaintained); sum != len(board.Rows) || sum != board.All {
		g.Errorf("%d rows are counted of %d", sum, len(board.Rows))
	}
}

// givenUp reports whether a person gave a release up for a listing.
func (g *game) givenUp(r *workflow.Release, id workflow.ListingID) bool {
	for _, run := range r.Runs {
		run, err := g.store.Run(g.Context(), run)
		must(g, err)
		if _, has := run.Listing(id); has && run.State == workflow.Cancelled && !run.Superseded() {
			return true
		}
		if s := run.Steps[workflow.StepKey{Step: "update-image", Listing: id}]; s != nil && s.Status.Closed() && !run.GaveUp(id) {
			return true
		}
	}
	return false
}
