package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// todo is a step that somebody is to do, due so many days from the start; on no
// date for 0.
func todo(who workflow.UserID, step string, days int) workflow.Todo {
	t := workflow.Todo{Person: who, Move: workflow.Move{Kind: workflow.MoveDo, Key: workflow.ParseStepKey(step)}, Since: start}
	if days != 0 {
		t.Due = start.AddDate(0, 0, days)
	}
	return t
}

// steps names todos.
func steps(all []workflow.RunTodo) []string {
	out := []string{}
	for _, t := range all {
		out = append(out, t.Key.String())
	}
	return out
}

// bare is a run without any todos.
func (b *bundle) bare(partner string) *workflow.Run {
	b.t.Helper()
	r := b.create(partner)
	must(b.t, b.MoveTodos(context.Background(), r.ID, r.Todos(), nil))
	return r
}

func TestTodosAreKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.bare("DigitalOcean")
		full := workflow.Todo{
			Person: maya,
			Move: workflow.Move{Kind: workflow.MoveAnswer, Key: workflow.StepKey{Step: "b4", Listing: "ce-image"}, Field: "link",
				Stage: "build", For: omar},
			Due: start.Add(time.Hour), Since: start.Add(-time.Hour), Reminded: 2, Quiet: start.AddDate(0, 0, 1), Snoozed: true,
		}
		read := func() []workflow.RunTodo {
			t.Helper()
			list, err := s.Todos(ctx, maya, 10)
			must(t, err)
			return list
		}
		must(t, s.MoveTodos(ctx, r.ID, nil, []workflow.Todo{full}))
		if diff := cmp.Diff([]workflow.RunTodo{{Run: r.ID, Todo: full}}, read()); diff != "" {
			t.Errorf("once kept (-want +got):\n%s", diff)
		}
		// Each of what can change is written.
		for i, change := range []func(*workflow.Todo){
			func(t *workflow.Todo) { t.For = "" },
			func(t *workflow.Todo) { t.Due = time.Time{} },
			func(t *workflow.Todo) { t.Since = time.Time{} },
			func(t *workflow.Todo) { t.Reminded++ },
			func(t *workflow.Todo) { t.Quiet = t.Quiet.Add(time.Minute) },
			func(t *workflow.Todo) { t.Snoozed = false },
			func(t *workflow.Todo) { t.Key.Listing = "" },
			func(t *workflow.Todo) { t.Key.Step = "b1" },
			func(t *workflow.Todo) { t.Kind = workflow.MoveDo },
			func(t *workflow.Todo) { t.Field = "" },
			func(t *workflow.Todo) { t.Stage = "" },
		} {
			had := full
			change(&full)
			must(t, s.MoveTodos(ctx, r.ID, []workflow.Todo{had}, []workflow.Todo{full}))
			if diff := cmp.Diff([]workflow.RunTodo{{Run: r.ID, Todo: full}}, read()); diff != "" {
				t.Errorf("change %d (-want +got):\n%s", i, diff)
			}
		}
		must(t, s.MoveTodos(ctx, r.ID, []workflow.Todo{full}, nil))
		if list := read(); len(list) != 0 {
			t.Errorf("once done %d are left", len(list))
		}
		// Asked twice for one thing, and asked without being known.
		twice := full
		twice.For = omar
		must(t, s.MoveTodos(ctx, r.ID, nil, []workflow.Todo{full, twice, {Move: full.Move}}))
		if list := read(); len(list) != 1 || list[0].For != "" {
			t.Errorf("asked twice for one thing, maya has %+v", list)
		}
	})
}

func TestAsking(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.bare("DigitalOcean")
		with := func(t workflow.Todo, change func(*workflow.Todo)) workflow.Todo {
			t.Reminded = 1
			change(&t)
			return t
		}
		same := func(*workflow.Todo) {}
		all := []workflow.Todo{
			with(todo(ana, "later", 9), same),
			with(todo(ana, "due", 1), same),
			with(todo(ana, "late", -2), same),
			with(todo(ana, "later-and-new", 8), func(t *workflow.Todo) { t.Reminded = 0 }),
			with(todo(ana, "no-date-old", 0), func(t *workflow.Todo) { t.Since = start.AddDate(0, 0, -2) }),
			with(todo(ana, "no-date-young", 0), func(t *workflow.Todo) { t.Since = start }),
			with(todo(ana, "no-date-and-new", 0), func(t *workflow.Todo) { t.Reminded = 0 }),
			with(todo(ana, "late-and-snoozed", -1), func(t *workflow.Todo) { t.Quiet, t.Snoozed = start.AddDate(0, 0, 1), true }),
			with(todo(ana, "late-and-said-often", -1), func(t *workflow.Todo) { t.Reminded = workflow.MostReminders }),
			with(todo(ana, "late-and-quiet", -1), func(t *workflow.Todo) { t.Quiet = start.AddDate(0, 0, 1) }),
			with(todo(ana, "later-at-the-moment", -3), func(t *workflow.Todo) { t.Quiet = start }),
			with(todo(omar, "somebody-elses", -1), same),
		}
		must(t, s.MoveTodos(ctx, r.ID, nil, all))
		ask := func(limit int) ([]string, int) {
			list, n, err := s.Asking(ctx, ana, start, start.AddDate(0, 0, 1), start.AddDate(0, 0, -2), limit)
			must(t, err)
			return steps(list), n
		}
		want := []string{"later-at-the-moment", "late", "due", "later-and-new", "no-date-old", "no-date-and-new"}
		got, n := ask(100)
		if diff := cmp.Diff(want, got); diff != "" || n != len(want) {
			t.Errorf("asked for %d (-want +got):\n%s", n, diff)
		}
		for _, limit := range []int{0, 2} {
			if got, n := ask(limit); !cmp.Equal(want[:limit], got) || n != len(want) {
				t.Errorf("the first %d are %v of %d, want %v of %d", limit, got, n, want[:limit], len(want))
			}
		}
		quieted, err := s.Snoozed(ctx, ana, start, 10)
		must(t, err)
		if diff := cmp.Diff([]string{"late-and-snoozed"}, steps(quieted)); diff != "" {
			t.Errorf("snoozed (-want +got):\n%s", diff)
		}
		if quieted, err = s.Snoozed(ctx, ana, start.AddDate(0, 0, 1), 10); err != nil || len(quieted) != 0 {
			t.Errorf("snoozed once it is over: %v, %v", steps(quieted), err)
		}
		todos, err := s.Todos(ctx, ana, 6)
		must(t, err)
		if diff := cmp.Diff([]string{"later-at-the-moment", "late", "late-and-quiet", "late-and-said-often", "late-and-snoozed", "due"}, steps(todos)); diff != "" {
			t.Errorf("all (-want +got):\n%s", diff)
		}
		if n, err := s.Count(ctx, ana); err != nil || n != 11 {
			t.Errorf("ana has %d, %v, want 11", n, err)
		}
		people, err := s.People(ctx)
		must(t, err)
		if diff := cmp.Diff([]workflow.UserID{ana, omar}, people); diff != "" {
			t.Errorf("people (-want +got):\n%s", diff)
		}
	})
}

func TestNothingIsSortedOrScanned(t *testing.T) {
	t.Parallel()
	s := open(t, options(sqlite(t)))
	asked, behind, err := s.Plans(context.Background())
	must(t, err)
	if !strings.Contains(asked, "USING INDEX todos_due (person=?)") || strings.Contains(asked, "TEMP B-TREE") {
		t.Errorf("what a person is asked for is read by:\n%s", asked)
	}
	if !strings.Contains(behind, "USING INDEX messages_pending") || strings.Contains(behind, "SCAN c") {
		t.Errorf("what is to be shown is read by:\n%s", behind)
	}
}

func TestFirstTodoStartsAClock(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r, other := s.bare("DigitalOcean"), s.bare("Hetzner")
		must(t, s.Statements(ctx, "DELETE FROM clocks"))
		clocks := func() []workflow.Clock {
			t.Helper()
			list, err := s.Clocks(ctx, start.AddDate(1, 0, 0), 10)
			must(t, err)
			return list
		}
		s.clock.advance(time.Hour)
		must(t, s.MoveTodos(ctx, r.ID, nil, []workflow.Todo{todo(ana, "s1", 1), todo(ana, "s2", 1), todo(omar, "s3", 1)}))
		unplanned := func(who workflow.UserID, at time.Time) workflow.Clock {
			return workflow.Clock{Kind: workflow.MorningClock, Subject: string(who), Due: at}
		}
		first := start.Add(time.Hour)
		if diff := cmp.Diff([]workflow.Clock{unplanned(ana, first), unplanned(omar, first)}, clocks()); diff != "" {
			t.Errorf("clocks (-want +got):\n%s", diff)
		}
		// One that is planned stays as it is.
		planned := workflow.Clock{Kind: workflow.MorningClock, Subject: string(ana), Due: start.AddDate(0, 0, 1), Sent: start}
		must(t, s.SetClock(ctx, planned))
		must(t, s.MoveTodos(ctx, other.ID, nil, []workflow.Todo{todo(ana, "s1", 1)}))
		if diff := cmp.Diff([]workflow.Clock{unplanned(omar, first), planned}, clocks()); diff != "" {
			t.Errorf("clocks once one is planned (-want +got):\n%s", diff)
		}
		// It rests when there is nothing left, and not sooner.
		rest := workflow.Letter{Clock: workflow.Clock{Kind: workflow.MorningClock, Subject: string(ana)}}
		s.clock.advance(time.Hour)
		must(t, s.Keep(ctx, s.next(), rest))
		planned.Due = s.clock.now()
		if diff := cmp.Diff([]workflow.Clock{unplanned(omar, first), planned}, clocks()); diff != "" {
			t.Errorf("clocks while there is something to do (-want +got):\n%s", diff)
		}
		must(t, s.MoveTodos(ctx, r.ID, []workflow.Todo{todo(ana, "s1", 1), todo(ana, "s2", 1)}, nil))
		must(t, s.MoveTodos(ctx, other.ID, []workflow.Todo{todo(ana, "s1", 1)}, nil))
		must(t, s.Keep(ctx, s.next(), rest))
		if diff := cmp.Diff([]workflow.Clock{unplanned(omar, first)}, clocks()); diff != "" {
			t.Errorf("clocks once there is nothing to do (-want +got):\n%s", diff)
		}
		must(t, s.MoveTodos(ctx, r.ID, nil, []workflow.Todo{todo(ana, "s5", 1)}))
		if n := len(clocks()); n != 2 {
			t.Errorf("something new started %d clocks, want 1", n-1)
		}
		// It is stopped whatever there is, for somebody who has left.
		must(t, s.SetClock(ctx, rest.Clock))
		if diff := cmp.Diff([]workflow.Clock{unplanned(omar, first)}, clocks()); diff != "" {
			t.Errorf("clocks once one is stopped (-want +got):\n%s", diff)
		}
	})
}

func TestMorningIsRedrawnWithItsTodos(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.bare("DigitalOcean")
		list := []workflow.Todo{todo(ana, "s1", 1), todo(omar, "s2", 1)}
		must(t, s.MoveTodos(ctx, r.ID, nil, list))
		if _, err := s.Message(ctx, "morning.U0ANA"); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("a morning message nobody has sent: %v, want NotFound", err)
		}
		must(t, s.Keep(ctx, s.next(), letter(ana, "today")))
		posted := s.post("morning.U0ANA")
		wanted := func() int64 {
			t.Helper()
			m, err := s.Message(ctx, posted.ID)
			must(t, err)
			return m.Wanted - posted.Wanted
		}
		must(t, s.MoveTodos(ctx, r.ID, list, list))
		must(t, s.MoveTodos(ctx, r.ID, list[1:], nil))
		if n := wanted(); n != 0 {
			t.Errorf("what is somebody else's has it drawn %d times", n)
		}
		for i, have := range [][]workflow.Todo{{todo(ana, "s1", 2)}, {todo(ana, "s1", 2), todo(ana, "s3", 1)}, nil} {
			must(t, s.MoveTodos(ctx, r.ID, list, have))
			list = have
			if n := wanted(); n != int64(i)+1 {
				t.Errorf("after change %d it was wanted %d times", i+1, n)
			}
		}
		m := s.post(posted.ID)
		if m.HasNews() {
			t.Error("a change of what was said is called news")
		}
	})
}

// BenchmarkAsking reads what one person is asked for, of 10,000 todos of 200
// people.
func BenchmarkAsking(b *testing.B) {
	for name, database := range map[string]func(testing.TB) string{"SQLite": sqlite, "PostgreSQL": postgres} {
		b.Run(name, func(b *testing.B) {
			ctx := context.Background()
			s := open(b, options(database(b)))
			const people, runs = 200, 50
			for n := range runs {
				r := s.create(fmt.Sprintf("Partner %d", n))
				var list []workflow.Todo
				for p := range people {
					t := todo(workflow.UserID(fmt.Sprintf("U%03d", p)), "s1", (p+n)%30-10)
					t.Reminded = n % 3
					list = append(list, t)
				}
				must(b, s.MoveTodos(ctx, r.ID, nil, list))
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				who := workflow.UserID(fmt.Sprintf("U%03d", i%people))
				list, all, err := s.Asking(ctx, who, start, start.AddDate(0, 0, 1), start, 10)
				if err != nil || len(list) != 10 || all <= 10 {
					b.Fatalf("%d of %d, %v", len(list), all, err)
				}
			}
		})
	}
}
