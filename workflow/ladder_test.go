package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

// partnerTesting is a step of Omnibus, with Ned; its stage is with Olu, and Ana
// leads Strategic Partnerships.
var partnerTesting = key("partner-testing@ce-image")

func withNed(t testing.TB) *play {
	t.Helper()
	p := uploading(t)
	p.must(p.Assign(p.by(omar), partnerTesting, 0, ned))
	return p
}

// on is a moment of a day at Omnibus: "2026-03-04 10:00".
func on(text string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, (week{}).zone(om))
	if err != nil {
		panic(err)
	}
	return at.UTC()
}

// at makes it that moment, at which the person acts.
func (p *play) at(text string, who workflow.UserID) workflow.Act {
	p.now = on(text)
	return workflow.Act{Actor: who, At: p.now}
}

// climbs lets time pass until a day, and says which rungs were climbed when.
func (p *play) climbs(kind workflow.EventType, until string) string {
	var out []string
	for seen := len(p.Emitted()); ; {
		next := p.NextDue()
		if next.IsZero() || next.After(on(until+" 23:59")) {
			return strings.Join(out, ", ")
		}
		p.Tick(next)
		p.now = next
		for _, e := range p.Emitted()[seen:] {
			if e.Type == kind {
				out = append(out, strings.TrimSpace(fmt.Sprintf("%d on %s %s", e.Rung, e.At.In((week{}).zone(om)).Format("Mon 2 15:04"), e.User)))
			}
		}
		seen = len(p.Emitted())
	}
}

func TestSilenceLadder(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		asked    string
		promised workflow.Date
		then     func(*play)
		want     string
	}{
		"across a weekend": {
			asked: "2026-03-02 10:00",
			want:  "1 on Wed 4 09:00, 2 on Thu 5 09:00, 3 on Mon 9 09:00 U0ANA",
		},
		"asked on Friday evening": {
			asked: "2026-03-06 20:00",
			want:  "1 on Tue 10 09:00, 2 on Wed 11 09:00, 3 on Fri 13 09:00 U0ANA",
		},
		"asked on a Saturday": {
			asked: "2026-03-07 11:00",
			want:  "1 on Tue 10 09:00, 2 on Wed 11 09:00, 3 on Fri 13 09:00 U0ANA",
		},
		"from the day they promised": {
			asked: "2026-03-02 10:00", promised: "2026-03-10",
			want: "1 on Thu 12 09:00, 2 on Fri 13 09:00, 3 on Tue 17 09:00 U0ANA",
		},
		"promised on a Saturday": {
			asked: "2026-03-02 10:00", promised: "2026-03-07",
			want: "1 on Tue 10 09:00, 2 on Wed 11 09:00, 3 on Fri 13 09:00 U0ANA",
		},
		"anew when they write": {
			asked: "2026-03-02 10:00",
			then: func(p *play) {
				p.climbs(workflow.SilenceTold, "2026-03-05")
				p.must(p.PartnerWrote(p.at("2026-03-05 15:00", ned), partnerTesting, 0, "we look into it", ""))
			},
			want: "1 on Mon 9 09:00, 2 on Tue 10 09:00, 3 on Thu 12 09:00 U0ANA",
		},
		"from the day they promise when they write": {
			asked: "2026-03-02 10:00",
			then: func(p *play) {
				p.must(p.PartnerWrote(p.at("2026-03-03 15:00", ned), partnerTesting, 0, "by Friday", "2026-03-06"))
			},
			want: "1 on Tue 10 09:00, 2 on Wed 11 09:00, 3 on Fri 13 09:00 U0ANA",
		},
		"on, when they are asked again": {
			asked: "2026-03-02 10:00",
			then: func(p *play) {
				p.must(p.StillSilent(p.at("2026-03-03 15:00", ned), partnerTesting, 0, "wrote again"))
				if taken := p.Steps[partnerTesting].Waiting.Taken; len(taken) != 1 || taken[0].By != ned || taken[0].Note != "wrote again" {
					t.Errorf("what was tried is %+v", taken)
				}
			},
			want: "1 on Wed 4 09:00, 2 on Thu 5 09:00, 3 on Mon 9 09:00 U0ANA",
		},
		"handed over by hand, once": {
			asked: "2026-03-02 10:00",
			then: func(p *play) {
				p.climbs(workflow.SilenceTold, "2026-03-05")
				p.must(p.Escalate(p.at("2026-03-05 15:00", ned), partnerTesting, 0, ""))
			},
			want: "3 on Mon 9 09:00", // it is with Ana already
		},
		"not at all when they answer": {
			asked: "2026-03-02 10:00",
			then: func(p *play) {
				p.must(p.PartnerAnswered(p.at("2026-03-04 08:00", ned), partnerTesting, 0, "done"))
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := withNed(t)
			p.must(p.Wait(p.at(tt.asked, ned), partnerTesting, 0, workflow.Question{Asked: "please test it", Promised: tt.promised}))
			if tt.then != nil {
				tt.then(p)
			}
			if got := p.climbs(workflow.SilenceTold, "2026-03-31"); got != tt.want {
				t.Errorf("rungs are climbed\n\t%s, want\n\t%s", got, tt.want)
			}
		})
	}
}

// Who is told of a silence knows of it, once each. A follow-up that is handed over
// by itself is for the morning.
func TestSilenceIsTold(t *testing.T) {
	t.Parallel()
	p := withNed(t)
	doc := workflow.Move{Kind: workflow.MoveDo, Key: key("documentation-mr")}
	p.must(p.Wait(p.at("2026-03-02 10:00", ned), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
	chase, silent := workflow.Move{Kind: workflow.MoveChase, Key: partnerTesting}, workflow.Move{Kind: workflow.MoveSilent, Key: partnerTesting}
	p.climbs(workflow.SilenceTold, "2026-03-04")
	wantMoves(t, p, ned, chase)
	wantMoves(t, p, olu, doc)
	p.climbs(workflow.SilenceTold, "2026-03-05")
	wantMoves(t, p, olu, silent, doc)
	version := p.Steps[partnerTesting].Version
	before := p.Clone()
	p.climbs(workflow.SilenceTold, "2026-03-09")
	if p.Steps[partnerTesting].Version != version {
		t.Error("a button grew stale because a partner is silent")
	}
	wantMoves(t, p, ana, chase)
	wantMoves(t, p, ned)
	wantNews(t, before, p.Run, workflow.Bot, workflow.Notice{User: ana})
	if a := p.Steps[partnerTesting].Waiting; a.Chaser != ana || a.Rung != 3 {
		t.Errorf("it waits: %+v", a)
	}
	wantKind(t, p.Escalate(p.by(ana), partnerTesting, 0, ""), workflow.Conflict)
	p.must(p.PartnerAnswered(p.by(ana), partnerTesting, 0, ""))
	wantMoves(t, p, olu, doc)
	wantMoves(t, p, ned, workflow.Move{Kind: workflow.MoveDo, Key: partnerTesting})
}

// late is a step of Ned's that is due on Friday, 6 March.
func late(t testing.TB) *play {
	t.Helper()
	p := withNed(t)
	p.must(p.SetDue(p.by(ned), partnerTesting, 0, "2026-03-06"))
	return p
}

func TestLatenessLadder(t *testing.T) {
	t.Parallel()
	doNed := workflow.Move{Kind: workflow.MoveDo, Key: partnerTesting}
	reminded := func(p *play, days ...string) {
		for _, d := range days {
			p.Tick(on(d + " 09:30"))
			p.Remind(on(d+" 09:30"), ned, doNed)
		}
	}
	told := workflow.Move{Kind: workflow.MoveLate, Key: partnerTesting}

	t.Run("after three reminders", func(t *testing.T) {
		t.Parallel()
		p := late(t)
		reminded(p, "2026-03-03", "2026-03-05", "2026-03-09")
		if got, want := p.climbs(workflow.LateTold, "2026-03-31"), "1 on Tue 10 09:00, 2 on Thu 12 09:00"; got != want {
			t.Errorf("rungs are climbed %s, want %s", got, want)
		}
		wantMoves(t, p, olu, told, workflow.Move{Kind: workflow.MoveDo, Key: key("documentation-mr")})
		wantMoves(t, p, ana, told)
		wantMoves(t, p, ned, doNed)

		// In other hands it begins anew, by whatever way it got there.
		p.must(p.Assign(p.by(omar), partnerTesting, 0, mo))
		wantMoves(t, p, ana)
		if s := p.Steps[partnerTesting]; s.Reminded != nil || s.Rung != 0 || !s.Overdue {
			t.Errorf("with Mo it is %+v", s)
		}
	})
	t.Run("not while somebody else covers", func(t *testing.T) {
		t.Parallel()
		p := late(t)
		reminded(p, "2026-03-03", "2026-03-05", "2026-03-09")
		p.climbs(workflow.LateTold, "2026-03-10")
		p.Follow(p.by(ned), away(ned, mo, "2026-03-20"))
		wantMoves(t, p, olu, workflow.Move{Kind: workflow.MoveDo, Key: key("documentation-mr")})
		if got := p.climbs(workflow.LateTold, "2026-03-19"); got != "" {
			t.Errorf("Mo, who was not reminded, is told of: %s", got)
		}
	})
	t.Run("not before it is late", func(t *testing.T) {
		t.Parallel()
		p := late(t)
		reminded(p, "2026-03-03", "2026-03-04", "2026-03-05")
		if got, want := p.climbs(workflow.LateTold, "2026-03-31"), "1 on Fri 6 17:00, 2 on Tue 10 09:00"; got != want {
			t.Errorf("rungs are climbed %s, want %s", got, want)
		}
	})
	t.Run("not after two", func(t *testing.T) {
		t.Parallel()
		p := late(t)
		reminded(p, "2026-03-03", "2026-03-09")
		if got := p.climbs(workflow.LateTold, "2026-03-31"); got != "" {
			t.Errorf("rungs are climbed %s", got)
		}
	})
	t.Run("at once when nobody can be reminded", func(t *testing.T) {
		t.Parallel()
		p := late(t)
		p.must(p.Assign(p.by(omar), partnerTesting, 0, ""))
		p.must(p.AssignStage(p.by(omar), "technical", ""))
		p.must(p.SetLead(p.by(ana), om, ""))
		if got, want := p.climbs(workflow.LateTold, "2026-03-31"), "1 on Mon 9 09:00, 2 on Wed 11 09:00"; got != want {
			t.Errorf("rungs are climbed %s, want %s", got, want)
		}
	})
	t.Run("anew when it gets another date", func(t *testing.T) {
		t.Parallel()
		p := late(t)
		reminded(p, "2026-03-03", "2026-03-05", "2026-03-09")
		p.climbs(workflow.LateTold, "2026-03-10")
		p.must(p.SetDue(p.by(ned), partnerTesting, 0, "2026-03-20"))
		if s := p.Steps[partnerTesting]; s.Overdue || s.Reminded[ned].Times != 1 || s.Rung != 0 {
			t.Errorf("with another date it is %+v", s)
		}
		if got := p.climbs(workflow.LateTold, "2026-04-30"); got != "" {
			t.Errorf("rungs are climbed %s", got)
		}
	})
}

// Two rows of one message are one reminder.
func TestRemindersOfOneMessage(t *testing.T) {
	t.Parallel()
	p := late(t)
	p.must(p.Ask(p.by(omar), partnerTesting, 0, ned, "image-id", "", ""))
	p.now = p.now.Add(time.Hour)
	for _, m := range p.Moves()[ned] {
		p.Remind(p.now, ned, m)
	}
	if got := p.Steps[partnerTesting].Reminded[ned]; got != (workflow.Reminded{Times: 1, Last: p.now}) || len(p.Moves()[ned]) != 2 {
		t.Errorf("of %v Ned was reminded %+v", p.Moves()[ned], got)
	}
	p.must(p.Answer(p.by(ned), partnerTesting, "image-id", "ami-1"))
	if p.Steps[partnerTesting].Reminded[ned].Times != 1 {
		t.Error("an answer makes reminders begin anew")
	}
}
