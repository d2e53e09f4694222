package view

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"cloudimage/workflow"
	"cloudimage/workflow/reminder"
)

// releaseDirects are people's messages about a release, by name.
func releaseDirects(t testing.TB) map[string]Message {
	now := func(p *play, who workflow.UserID) Message { return named.Direct(p.Run, who, p.at) }
	spread := release(t, 4, insecure).live(1).submitted(1, 1)
	spread.must(spread.Assign(spread.act(omar), stepKey(lane("update-image", spread.Listings[2])), 0, lena))
	late := release(t, 12).later(6)
	asked := release(t, 4, unannounced)
	asked.away(omar, lena, "2025-11-27")
	fix := release(t, 2, proposedRelease, func(s *workflow.Start) {
		s.Catalyst.Kind, s.Catalyst.Because, s.Catalyst.Evidence = workflow.CatalystFix, "The image asks for a <password> at the first boot & stops.", nil
	})
	return map[string]Message{
		"release":            now(release(t, 4), omar),
		"release-texts":      now(release(t, 4), maya),
		"release-lanes":      now(spread, omar),
		"release-lane":       now(spread, lena),
		"release-late":       now(late, omar),
		"release-2000":       now(release(t, 2000).later(6), omar),
		"release-hostile":    now(release(t, 9, nasty).submitted(0, 3).later(9), omar),
		"release-classify":   now(release(t, 4, unannounced), omar),
		"release-cover":      now(asked, lena),
		"release-sign":       now(release(t, 4).signs(omar), ana),
		"release-signed":     now(release(t, 4).signs(omar, ana), ana),
		"release-proposed":   now(release(t, 4, proposedRelease), omar),
		"release-nasty":      now(release(t, 4, proposedRelease, nasty, func(s *workflow.Start) { s.Catalyst.Because = "" }), omar),
		"release-fix":        now(fix, omar),
		"release-superseded": now(release(t, 4).live(1).superseded(), omar),
		"release-over":       now(release(t, 1).live(1).finish(), omar),
	}
}

func TestDirectOfRelease(t *testing.T) {
	t.Parallel()
	for name, m := range releaseDirects(t) {
		t.Logf("%s: %d bytes in %d blocks\n%s\n%s", name, m.size(), len(m.Blocks), m.Text, m.Plain().Text)
		checkMessage(t, m, MaxDirect)
		golden(t, "direct-"+name, m)
	}
}

// moveRows are the rows of a morning message that are about one kind of move.
func moveRows(p *play, who workflow.UserID, kind workflow.MoveKind) []reminder.Row {
	return slices.DeleteFunc(rowsOf(p.Run, who, p.at), func(r reminder.Row) bool { return r.Item.Move.Kind != kind })
}

// releaseMornings are morning messages about releases, by name.
func releaseMornings(t testing.TB) map[string]Message {
	asked, fix := release(t, 4, proposedRelease), release(t, 2, proposedRelease, func(s *workflow.Start) {
		s.Catalyst.Kind, s.Catalyst.Because = workflow.CatalystFix, "It does not boot."
	})
	unsure, sign, late := release(t, 4, unannounced), release(t, 4).signs(omar), release(t, 4, insecure).live(1).submitted(1, 1).later(5)
	named := func(who workflow.UserID, rows ...[]reminder.Row) Message {
		return named.Morning(reminder.Morning{Person: who, Day: "2025-11-25", Rows: slices.Concat(rows...)}, day0930("2025-11-25"))
	}
	each := func(p *play, id workflow.RunID, number int) *play { p.Run.ID, p.Number = id, number; return p }
	each(fix, "run_fix", 22)
	each(unsure, "run_unsure", 23)
	each(late, "run_late", 24)
	return map[string]Message{
		"release": named(omar, moveRows(asked, omar, workflow.MoveAccept), moveRows(fix, omar, workflow.MoveAccept), moveRows(unsure, omar, workflow.MoveClassify),
			rowsOf(late.Run, omar, late.at)),
		"release-sign":    named(ana, moveRows(sign, ana, workflow.MoveSign)),
		"release-hostile": named(omar, rowsOf(release(t, 9, nasty).submitted(0, 3).later(9).Run, omar, day0930("2025-11-29"))),
		"release-lanes":   named(omar, rowsOf(release(t, 30, insecure).later(6).Run, omar, day0930("2025-11-26"))),
	}
}

func TestMorningOfRelease(t *testing.T) {
	t.Parallel()
	for name, m := range releaseMornings(t) {
		t.Logf("%s: %d bytes in %d blocks\n%s\n%s", name, m.size(), len(m.Blocks), m.Text, m.Plain().Text)
		checkMessage(t, m, MaxLetter)
		golden(t, "morning-"+name, m)
	}
}

// What was asked in the morning and is answered says by what.
func TestMorningRowsOfReleaseThatAreSettled(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		who    workflow.UserID
		kind   workflow.MoveKind
		begin  *play
		change func(*play)
		want   string
	}{
		"a person said that it is one":   {omar, workflow.MoveClassify, release(t, 2, unannounced), func(p *play) { p.classified(lena, workflow.CatalystSecurity, "") }, "settled: it is a security update"},
		"a person said that it is none":  {omar, workflow.MoveClassify, release(t, 2, unannounced), func(p *play) { p.classified(lena, workflow.CatalystRelease, "") }, "settled: it is no security update"},
		"somebody covers for them":       {omar, workflow.MoveClassify, release(t, 2, unannounced), func(p *play) { p.away(omar, lena, "2025-11-28") }, "no longer yours: with <@" + string(lena) + ">"},
		"it is superseded":               {omar, workflow.MoveClassify, release(t, 2, unannounced), func(p *play) { p.superseded() }, "superseded, "},
		"they signed":                    {ana, workflow.MoveSign, release(t, 2).signs(omar), func(p *play) { p.signs(ana) }, "signed, thank you"},
		"others signed":                  {ana, workflow.MoveSign, release(t, 2).signs(omar), func(p *play) { p.signs(lena) }, "signed by others"},
		"it is live without a signature": {ana, workflow.MoveSign, release(t, 2).signs(omar), func(p *play) { p.live(2) }, "no longer asked"},
		"another one signs for them":     {ana, workflow.MoveSign, release(t, 2).signs(omar), func(p *play) { p.away(ana, lena, "2025-11-28") }, "no longer yours: with <@" + string(lena) + ">"},
		"it comes out":                   {omar, workflow.MoveAccept, release(t, 2, proposedRelease), func(p *play) { p.must(p.AcceptFor(p.bot(), omar)) }, "taken by <@" + string(omar) + ">"},
		"somebody covers for who decides": {omar, workflow.MoveAccept, release(t, 2, proposedRelease), func(p *play) { p.away(omar, lena, "2025-11-28") },
			"no longer yours: with <@" + string(lena) + ">"},
		"it is none of ours": {omar, workflow.MoveAccept, release(t, 2, proposedRelease), func(p *play) {
			act := p.act(omar)
			act.Reason = "it is none of ours"
			p.must(p.Cancel(act))
		}, "cancelled, "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := moveRows(tt.begin, tt.who, tt.kind)
			if len(rows) != 1 {
				t.Fatalf("%d rows ask it, want one", len(rows))
			}
			tt.change(tt.begin)
			m := named.Morning(reminder.Morning{Person: tt.who, Day: "2025-11-25", Rows: again(rows, tt.who, tt.begin.at)}, tt.begin.at)
			checkMessage(t, m, MaxLetter)
			if !strings.Contains(m.Plain().Text, "~ "+tt.want) {
				t.Errorf("%s\nsays not %q", m.Plain().Text, tt.want)
			}
		})
	}
}

// releaseStories are what the thread tells of a release, by name.
func releaseStories(t testing.TB) map[string]Message {
	unsure := release(t, 4, unannounced)
	announced := release(t, 4, unannounced).classified(workflow.Bot, workflow.CatalystSecurity, "“Critical Patch Release: 17.6.0” lists security fixes, the gravest high.")
	settled := release(t, 4, unannounced).classified(workflow.Bot, workflow.CatalystRelease, "“GitLab 17.6 release notes” announces a release without security fixes.")
	grave := release(t, 4).classified(omar, workflow.CatalystSecurity, "")
	doubtful := release(t, 4)
	c := *doubtful.Catalyst
	c.Kind, c.Unsure, c.Evidence = workflow.CatalystSecurity, true, []string{"“GitLab 17.6” lists no security fixes. That contradicts the version service.", "Tagged: CE, EE."}
	doubtful.must(doubtful.Classify(doubtful.bot(), c))
	fix := release(t, 2, insecure).classified(lena, workflow.CatalystFix, "")
	some := release(t, 4).live(1)
	some.must(some.Supersede(some.bot(), newer, some.OpenLanes()[:1]))
	joined := release(t, 2)
	joined.must(joined.Join(joined.bot(), listed(3)[2]))
	byHand := release(t, 2)
	byHand.must(byHand.Join(byHand.act(omar), listed(3)[2]))
	hostileNext := release(t, 2, nasty)
	hostileNext.must(hostileNext.Supersede(hostileNext.bot(), workflow.Successor{Run: "run_x", Name: "R-9", What: hostile(200)}, hostileNext.OpenLanes()))
	hostileJoin := release(t, 1)
	l := listed(2)[1]
	l.Partner, l.Edition = hostile(80), hostile(60)
	hostileJoin.must(hostileJoin.Join(hostileJoin.bot(), l))
	return map[string]Message{
		"classified by a person":        tell(t, unsure.classified(omar, workflow.CatalystRelease, "").Run, workflow.RunClassified),
		"classified by an announcement": tell(t, announced.Run, workflow.RunClassified),
		"settled by an announcement":    tell(t, settled.Run, workflow.RunClassified),
		"classified as security":        tell(t, grave.Run, workflow.RunClassified),
		"in doubt again":                tell(t, doubtful.Run, workflow.RunClassified),
		"classified as a fix":           tell(t, fix.Run, workflow.RunClassified),
		"classified, hostile":           tell(t, release(t, 2, nasty).classified(workflow.Bot, workflow.CatalystRelease, hostile(900)).Run, workflow.RunClassified),
		"some lanes left":               tell(t, some.Run, workflow.LanesLeft),
		"superseded":                    tell(t, release(t, 4).live(1).superseded().Run, workflow.LanesLeft),
		"superseded, hostile":           tell(t, hostileNext.Run, workflow.LanesLeft),
		"signed by one":                 tell(t, release(t, 2).signs(omar).Run, workflow.RunSigned),
		"signed by both":                tell(t, release(t, 2).signs(omar, ana).Run, workflow.RunSigned),
		"joined":                        tell(t, joined.Run, workflow.ListingJoined),
		"joined by hand":                tell(t, byHand.Run, workflow.ListingJoined),
		"joined, hostile":               tell(t, hostileJoin.Run, workflow.ListingJoined),
		"late":                          tell(t, release(t, 2000).later(6).Run, workflow.StepOverdue),
		"complete":                      tell(t, release(t, 1).live(1).finish().Run, workflow.RunCompleted),
	}
}

func TestStoryOfRelease(t *testing.T) {
	t.Parallel()
	all := releaseStories(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Logf("%s\n\t%s", name, all[name].Text)
		checkMessage(t, all[name], 8192)
	}
	golden(t, "stories-release", all)
}

// Packages that come later are no news: what the release is, and by when it is to be
// live, is as it was.
func TestOtherPackagesAreNoStory(t *testing.T) {
	t.Parallel()
	p := release(t, 2)
	c := *p.Catalyst
	c.Packages = append(slices.Clone(c.Packages), workflow.Package{Edition: "CE", Version: c.Version, SHA256: strings.Repeat("b2", 32)})
	before := len(p.Emitted())
	p.must(p.Classify(p.bot(), c))
	e := p.Emitted()[before]
	if e.Type != workflow.RunClassified || slices.Contains(p.Stories(), e.Seq) || e.Tells() {
		t.Errorf("other packages are told of: %+v", e)
	}
	c.Kind = workflow.CatalystSecurity
	p.must(p.Classify(p.bot(), c))
	if e := p.Emitted()[before+1]; !e.Rejudges() || !e.Tells() {
		t.Errorf("another kind is not told of: %+v", e)
	}
}
