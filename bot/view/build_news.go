package view

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file draws the one message that tells how the builds of a plan stand.

// buildRoom is how much of builds is told. A message is drawn with the first of
// [buildRooms] that fits.
type buildRoom struct {
	builds   int  // with a paragraph of their own
	name     int  // characters of a name
	text     int  // characters of what a cloud said
	faults   int  // steps that failed, each told in full
	findings int  // of a check
	regions  int  // named one by one
	brief    bool // a build has one button, and what hardly anybody needs is left out
}

func buildRooms() [12]buildRoom {
	return [...]buildRoom{
		{builds: 20, name: 60, text: 400, faults: 4, findings: 8, regions: 18},
		{builds: 20, name: 60, text: 250, faults: 3, findings: 5, regions: 8},
		{builds: 20, name: 60, text: 160, faults: 2, findings: 3, regions: 4},
		{builds: 20, name: 40, text: 120, faults: 1, findings: 2, regions: 3},
		{builds: 20, name: 40, text: 80, faults: 1, findings: 1, regions: 2},
		{builds: 20, name: 40, text: 60, faults: 1, findings: 1},
		{builds: 20, name: 40, text: 80, faults: 1, findings: 1, regions: 1, brief: true},
		{builds: 12, name: 30, text: 60, faults: 1, brief: true},
		{builds: 9, name: 30, text: 40, faults: 1, brief: true},
		{builds: 6, name: 24, text: 30, faults: 1, brief: true},
		{builds: 3, name: 20, text: 20, faults: 1, brief: true},
		{builds: 1, name: 12, text: 12, faults: 1, brief: true},
	}
}

// BuildNews is the message that tells how the builds of a plan stand, with what may
// be done about each. It takes [MaxCard] bytes of JSON at most; what does not fit is
// counted.
func (names Names) BuildNews(from images.News) Message {
	n := &buildNews{News: from, called: names}
	rooms := buildRooms()
	return fitted(len(rooms), MaxCard, func(i int) Message {
		n.buildRoom = rooms[i]
		return n.draw()
	})
}

// BuildFades is when the message of a plan is to be drawn anew although nothing
// happens: its estimate is over. The zero time for never.
func BuildFades(n images.News) (next time.Time) {
	for i := range n.Builds {
		if end := buildEnds(&n, i); end.After(n.Now) && (next.IsZero() || end.Before(next)) {
			next = end
		}
	}
	if next.IsZero() {
		return next
	}
	return next.Add(time.Minute)
}

// buildEnds is until when a build is busy; zero when nobody can tell, as of what waits for
// others or takes longer than usual.
func buildEnds(n *images.News, i int) time.Time {
	b := n.Builds[i]
	if b.State != images.Running || i >= len(n.Left) || n.Left[i] <= 0 || i < len(n.Stalled) && n.Stalled[i] || waitsForOthers(b) {
		return time.Time{}
	}
	return n.Now.Add(n.Left[i])
}

// buildNews is one drawing of the builds of a plan.
type buildNews struct {
	images.News
	buildRoom
	called Names
	colour bool // one button stands out already
}

func (n *buildNews) draw() Message {
	n.colour = false
	m := Message{Text: n.summary(), Blocks: []slack.Block{section(n.title(), nil)}}
	shown := n.pressing()
	var left []string
	for i, b := range n.Builds {
		if shown[i] {
			m.Blocks = append(m.Blocks, n.build(i)...)
		} else {
			left = append(left, phaseWord(b))
		}
	}
	if text := n.signing(); text != "" {
		b := button("Review and sign…", string(workflow.VerbSign), commands.Target{Run: n.Run.ID})
		m.Blocks = append(m.Blocks, section(text, n.standsOut(b)))
	}
	if len(left) > 0 {
		m.Blocks = append(m.Blocks, smallPrint(fmt.Sprintf("%d more: %s", len(left), tally(left))))
	}
	m.Blocks = steady(m.Blocks)
	return m
}

// standsOut gives the first button that is wanted its colour.
func (n *buildNews) standsOut(b *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	if !n.colour {
		n.colour = true
		primary(b)
	}
	return b
}

// title says what is built, where, for whom and who ordered it.
func (n *buildNews) title() string {
	if len(n.Builds) == 0 {
		return "There is nothing to build."
	}
	o := &n.Builds[0].Order
	where := " in " + providerName(o.Provider) + " " + account(o.Account)
	if o.ByHand {
		where = ", by hand"
	}
	text := bold(n.name() + ": " + counted(len(n.Builds), "image") + where)
	text += "\n" + mention(o.By) + ", " + moment(o.At) + "."
	switch {
	case !o.Publishes() && !o.ByHand:
		text += " Private: nobody outside sees anything of it."
	case slices.ContainsFunc(n.Builds, func(b *images.Build) bool { return b.State == images.Running || b.State == images.Stuck }):
		text += " " + n.goes(n.Builds[0]) + "."
	}
	return text
}

// name is what it is of: the run, or else the version.
func (n *buildNews) name() string {
	if n.Run != nil {
		return typedLine(n.Run.Partner, max(n.buildRoom.name, 20))
	}
	return typedLine(strings.TrimSpace(n.Product+" "+n.Builds[0].Order.Version.String()), 40)
}

// goes says where a build goes to.
func (n *buildNews) goes(b *images.Build) string {
	o := &b.Order
	for _, other := range n.Builds {
		if o.ByHand && n.market(&other.Order) != n.market(o) {
			return "Signed, each goes to its partner"
		}
	}
	var to []string
	if o.Public {
		to = append(to, "becomes public in "+counted(len(o.Regions), "region"))
	}
	if o.Product != "" {
		to = append(to, "goes to "+n.market(o))
	}
	text := "Signed, it " + sentenceList(to)
	if b.Step(images.Preview, "", "") != nil {
		text += "; before that to its preview, which customers do not see"
	}
	return text
}

// summary is the message in a notification.
func (n *buildNews) summary() string {
	if len(n.Builds) == 0 {
		return "There is nothing to build."
	}
	for _, b := range n.Builds {
		if f := b.Failed(); len(f) > 0 {
			return n.name() + ": " + typedLine(b.Order.Name, n.buildRoom.name) + " is stuck, " + troubleLine(b, f[0], min(n.text, 120))
		}
	}
	words := make([]string, len(n.Builds))
	for i, b := range n.Builds {
		words[i] = phaseWord(b)
	}
	return n.name() + ": " + counted(len(n.Builds), "image") + ", " + tally(words)
}

// tally counts words that are alike: "2 building, 1 live", or "live" for all.
func tally(words []string) string {
	var order []string
	times := map[string]int{}
	for _, w := range words {
		if times[w]++; times[w] == 1 {
			order = append(order, w)
		}
	}
	for i, w := range order {
		if len(order) > 1 {
			order[i] = strconv.Itoa(times[w]) + " " + w
		}
	}
	return strings.Join(order, ", ")
}

// phaseWord is how a build stands in a word or two.
func phaseWord(b *images.Build) string {
	if s := handStep(b); s != nil && b.State == images.Running {
		return handWord(s)
	}
	switch p := b.Phase(); p {
	case workflow.BuildBuilt:
		return "built"
	case workflow.BuildPreviewing:
		return "at the preview"
	case workflow.BuildSigning:
		return "waiting for signatures"
	case workflow.BuildPublishing:
		return "going live"
	case workflow.BuildSubmitted:
		return "with the marketplace"
	default:
		return string(p)
	}
}

// pressing are the builds that there is room for, those that need a person first.
func (n *buildNews) pressing() map[int]bool {
	order := make([]int, len(n.Builds))
	for i := range order {
		order[i] = i
	}
	rank := func(i int) int {
		switch b := n.Builds[i]; {
		case len(b.Failed()) > 0:
			return 0
		case reports(b) != nil:
			return 1
		case b.State.Open():
			return 2
		}
		return 3
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(rank(i), rank(j)) })
	out := map[int]bool{}
	for _, i := range order[:min(len(order), n.builds)] {
		out[i] = true
	}
	return out
}

// build is a build with what may be done about it.
func (n *buildNews) build(i int) []slack.Block {
	b := n.Builds[i]
	between := " "
	if s := handStep(b); s != nil && s.Asks != "" && b.Phase() != workflow.BuildSubmitted && b.State != images.Clearing {
		between = ": "
	}
	lines := []string{strong(b.Order.Name, n.buildRoom.name) + between + n.stands(i)}
	failed := b.Failed()
	for _, s := range failed[:min(len(failed), n.faults)] {
		line := ":warning: stuck at " + bold(stepTitle(s)) + ": " + trouble(b, s, n.text, n.brief)
		lines = append(lines, line+findings(s.Fault, n.findings, n.text))
	}
	if more := len(failed) - n.faults; more > 0 {
		lines = append(lines, "and "+counted(more, "more step")+" failed")
	}
	if b.Unproven {
		lines = append(lines, "It was made in a stand-in: its machines ran nothing, so nothing was verified.")
	}
	row, menu := n.actions(b)
	text := strings.Join(lines, "\n")
	switch {
	case len(row) == 0 && menu == nil:
		return []slack.Block{section(text, nil)}
	case len(row) == 0 && !n.brief:
		return []slack.Block{rowWithMenu(text, menu)}
	case len(row) == 0:
		return []slack.Block{section(text, nil)}
	case n.brief || len(row) == 1 && menu == nil:
		return []slack.Block{section(text, row[0])}
	}
	elements := make([]slack.BlockElement, 0, 5)
	for _, b := range row {
		elements = append(elements, b)
	}
	if menu != nil {
		elements = append(elements, menu)
	}
	return []slack.Block{section(text, nil), buttons(elements...)}
}

// actions are what may be done about a build, the most useful first; and a menu of
// what hardly anybody wants.
func (n *buildNews) actions(b *images.Build) (row []*slack.ButtonBlockElement, menu *slack.OverflowBlockElement) {
	t := commands.Target{Build: b.ID}
	about := func(field string) commands.Target {
		return commands.Target{Build: b.ID, Field: workflow.FieldID(field)}
	}
	failed := b.Failed()
	if report := reports(b); report != nil {
		row = append(row, n.standsOut(report))
	}
	switch {
	case len(failed) == 0 && b.State == images.Running:
		rest := []choice{{"Abandon…", "abandon"}}
		switch {
		case !isWithMarket(b):
		case n.stalled(b):
			row = append(row, button(askSupport, "support", t))
		default:
			rest = append([]choice{{askSupport, "support"}}, rest...)
		}
		return row, more(t, rest...)
	case len(failed) == 0 && b.State == images.Done && !b.Order.Publishes() && n.Run != nil:
		return []*slack.ButtonBlockElement{button("Publish…", "publish", t)}, nil
	case len(failed) == 0:
		return row, nil
	}
	row = append(row, n.retries(b, failed, about)...)
	if i := slices.IndexFunc(failed, func(s *images.Step) bool { return s.Log != "" }); i >= 0 {
		row = append(row, button("Log", "log", about(strconv.Itoa(indexOf(b, failed[i])))))
	}
	if b.State != images.Clearing {
		row = append(row, button("Abandon…", "abandon", t).WithStyle(slack.StyleDanger))
	}
	if isWithMarket(b) {
		menu = more(t, choice{askSupport, "support"})
	}
	return row, menu
}

// retries are the ways in which what failed can go on.
func (n *buildNews) retries(b *images.Build, failed []*images.Step, about func(string) commands.Target) (row []*slack.ButtonBlockElement) {
	again := func(says, field string) {
		row = append(row, n.standsOut(button(says, "retry", about(field))))
	}
	if i := slices.IndexFunc(failed, isForeign); i >= 0 {
		at := strconv.Itoa(indexOf(b, failed[i]))
		again("Wait for it", at+":"+images.ChoiceWait)
		if id := failed[i].Fault.What; id != "" {
			again("Cancel theirs…", at+":"+id)
		}
		if len(failed) == 1 {
			return row
		}
	}
	if len(failed) == 1 {
		again("Try again", strconv.Itoa(indexOf(b, failed[0])))
	} else {
		again("Try all again", "")
	}
	return row
}

// isForeign reports whether a step waits for what somebody else submitted.
func isForeign(s *images.Step) bool { return s.Fault != nil && s.Fault.Class == images.Foreign }

// signing says who has signed and who is asked, while an image waits for it.
func (n *buildNews) signing() string {
	waits := slices.ContainsFunc(n.Builds, func(b *images.Build) bool { return b.Phase() == workflow.BuildSigning })
	if !waits || n.Run == nil || !n.Run.NeedsSignature() {
		return ""
	}
	text, _, missing := signing(n.Run)
	if missing == 0 {
		return ""
	}
	return "Go live: " + text
}
