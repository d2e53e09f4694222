package workflow_test

import (
	"strings"
	"testing"

	"cloudimage/workflow"
)

// BenchmarkDone is one click as a store sees it: a copy of the run, a step
// marked done, and what follows from it.
func BenchmarkDone(b *testing.B) {
	p := beginWith(b, firstTime(), startWith(ceImage(), eeImage()))
	p.stage1()
	answers := map[workflow.FieldID]string{"effort-days": "8"}
	act := p.by(olu)
	b.ReportAllocs()
	for b.Loop() {
		r := p.Clone()
		if err := r.Done(act, key("scope-effort"), 0, answers); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDoneOpensStages is the click with the most to follow: the last one
// of stage 1.
func BenchmarkDoneOpensStages(b *testing.B) {
	p := beginWith(b, firstTime(), startWith(ceImage(), eeImage()))
	p.done(ana, "create-issue", "gather-documentation", "joint-marketing", "partner-account")
	n, _ := p.Node(key("introduce-marketing"))
	answers := evidenceFor(n.Step)
	act := p.by(ana)
	b.ReportAllocs()
	for b.Loop() {
		r := p.Clone()
		if err := r.Done(act, n.Key, 0, answers); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClone(b *testing.B) {
	p := beginWith(b, firstTime(), startWith(ceImage(), eeImage()))
	b.ReportAllocs()
	for b.Loop() {
		p.Clone()
	}
}

// BenchmarkNotices is what a store asks after each change.
func BenchmarkNotices(b *testing.B) {
	p := beginWith(b, firstTime(), startWith(ceImage(), eeImage()))
	p.stage1()
	after := p.Clone()
	if err := after.Done(p.by(olu), key("scope-effort"), 0, map[workflow.FieldID]string{"effort-days": "8"}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		workflow.Notices(p.Run, after, olu)
	}
}

func BenchmarkAttach(b *testing.B) {
	p := begin(b)
	def := p.Definition()
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Attach(def, week{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLooksSecret reads the longest text that a field takes.
func BenchmarkLooksSecret(b *testing.B) {
	text := strings.Repeat("The console asks for a token, which is kept in the vault. ", 50)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		workflow.LooksSecret(text)
	}
}

// BenchmarkTodos and BenchmarkNextDue are what a store asks after each change,
// too.
func BenchmarkTodos(b *testing.B) {
	p := beginWith(b, firstTime(), startWith(ceImage(), eeImage()))
	p.stage1()
	for _, who := range []workflow.UserID{omar, maya} { // so that it is asked when they may be reminded again
		for _, m := range p.Moves()[who] {
			p.Remind(p.now, who, m)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		p.Todos()
	}
}

func BenchmarkNextDue(b *testing.B) {
	p := beginWith(b, firstTime(), startWith(ceImage(), eeImage()))
	p.stage1()
	b.ReportAllocs()
	for b.Loop() {
		p.NextDue()
	}
}
