package view

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// MaxCard is how many bytes of JSON a card takes at most. Every click brings
// the whole message back, and decoding it is the largest cost of a click.
const MaxCard = 4096

// detail is how much of a run is drawn. A card is drawn with the first of
// [cardDetails] that fits.
type detail struct {
	rows      int  // steps and lanes with a row of their own
	lanes     int  // of one step
	title     int  // characters of a title
	text      int  // characters of what somebody typed
	blocks    int  // things that hold a step
	closed    int  // closed steps told with who and when
	links     int  // of the small print
	listings  int  // named one by one
	names     int  // open steps without a row that are named
	foldParts bool // the parts of a step share a row
	foldLanes bool // lanes that stand alike share a row
	terse     bool // a person is named on a row only where the stage's bar does not
}

// cardDetails go from all there is to what always fits.
func cardDetails() [13]detail {
	return [...]detail{
		{rows: 12, lanes: 6, title: 60, text: 80, blocks: 3, closed: 3, links: 8, listings: 6, names: 6},
		{rows: 12, lanes: 6, title: 40, text: 60, blocks: 3, closed: 2, links: 8, listings: 4, names: 6},
		{rows: 12, lanes: 6, title: 40, text: 60, blocks: 3, closed: 1, links: 6, listings: 4, names: 6, foldParts: true},
		{rows: 12, lanes: 6, title: 40, text: 50, blocks: 3, closed: 0, links: 5, listings: 4, names: 6, foldParts: true, foldLanes: true},
		{rows: 12, lanes: 6, title: 40, text: 40, blocks: 2, closed: 0, links: 3, listings: 3, names: 6, foldParts: true, foldLanes: true},
		{rows: 12, lanes: 6, title: 40, text: 40, blocks: 2, closed: 0, links: 4, listings: 3, names: 6, foldParts: true, foldLanes: true, terse: true},
		{rows: 9, lanes: 6, title: 40, text: 30, blocks: 2, closed: 0, links: 3, listings: 2, names: 6, foldParts: true, foldLanes: true, terse: true},
		{rows: 8, lanes: 6, title: 36, text: 30, blocks: 2, closed: 0, links: 3, listings: 2, names: 5, foldParts: true, foldLanes: true, terse: true},
		{rows: 7, lanes: 5, title: 36, text: 24, blocks: 1, closed: 0, links: 3, listings: 2, names: 4, foldParts: true, foldLanes: true, terse: true},
		{rows: 6, lanes: 4, title: 32, text: 24, blocks: 1, closed: 0, links: 2, listings: 2, names: 3, foldParts: true, foldLanes: true, terse: true},
		{rows: 5, lanes: 3, title: 28, text: 20, blocks: 1, closed: 0, links: 2, listings: 2, names: 2, foldParts: true, foldLanes: true, terse: true},
		{rows: 3, lanes: 2, title: 20, text: 16, blocks: 1, closed: 0, links: 1, listings: 1, names: 1, foldParts: true, foldLanes: true, terse: true},
		{rows: 1, lanes: 1, title: 12, text: 8, blocks: 1, closed: 0, links: 0, listings: 0, names: 0, foldParts: true, foldLanes: true, terse: true},
	}
}

// Card is the message that always shows a run's present state, the same for
// everyone. It is for reading: each open step has one button at most, and what
// a button may do is decided when it is pressed. It takes [MaxCard] bytes of
// JSON at most; what does not fit is counted and found under "Update a step…".
func (names Names) Card(r *workflow.Run) Message {
	c := newCard(r, names)
	details := cardDetails()
	return fitted(len(details), MaxCard, func(i int) Message {
		c.detail = details[i]
		return c.draw()
	})
}

// CardModal is the card in a modal, where there is room for more of it.
func (names Names) CardModal(r *workflow.Run) slack.ModalViewRequest {
	c := newCard(r, names)
	c.detail = detail{rows: 40, lanes: 20, title: 80, text: 200, blocks: 6, closed: 10, links: 20, listings: 20, names: 20}
	v := modal(r.Name())
	v.CallbackID = PageCallback
	v.Close = words("Close", maxTitle)
	v.Blocks.BlockSet = c.draw().Blocks
	return v
}

// card is a run that is being drawn: what has to be looked up once, and how much
// of it is drawn this time.
type card struct {
	*workflow.Run
	detail
	called    Names
	progress  workflow.Progress
	lanes     lanes // of a run about a catalyst
	open      []openStep
	folds     map[fold][]openStep
	closed    []workflow.Node // newest first
	asked     []workflow.Node // optional steps without an answer
	resources []string
}

func newCard(r *workflow.Run, names Names) *card {
	c := &card{Run: r, called: names, progress: r.Progress(), lanes: countLanes(r), open: openSteps(r), folds: map[fold][]openStep{}}
	c.closed, c.asked = over(r)
	c.resources = names.resources(r)
	return c
}

func (c *card) draw() Message {
	m := Message{Text: c.summary(), Blocks: make([]slack.Block, 0, 16)}
	m.Blocks = append(m.Blocks, header(c.title()), c.facts())
	var small []string
	switch c.State {
	case workflow.Proposed:
		m.Blocks = append(m.Blocks, section(c.proposal(), nil))
	case workflow.Complete:
		m.Blocks = append(m.Blocks, section(c.praise(), nil))
	case workflow.Cancelled:
		m.Blocks = append(m.Blocks, section(c.ending(), nil))
	default:
		rows, left := c.openBlocks()
		m.Blocks = append(m.Blocks, c.stages())
		if about := c.catalyst(); about != nil {
			m.Blocks = append(m.Blocks, about)
		}
		m.Blocks = append(m.Blocks, rows...)
		small = append(small, left...)
	}
	if trouble := c.disturbed(); trouble != nil {
		m.Blocks = append(m.Blocks, trouble)
	}
	small = append(small, c.closedLines()...)
	small = append(small, c.spared()...)
	if small = append(small, c.standins()...); len(small) > 0 {
		m.Blocks = append(m.Blocks, smallPrint(strings.Join(small, "\n")))
	}
	m.Blocks = steady(append(m.Blocks, c.actions(), smallPrint(c.links())))
	return m
}

// title is "DigitalOcean: first-time image", or "GitLab 17.5.1: security update, 4
// listings".
func (c *card) title() string {
	if c.Catalyst != nil {
		kind := "release"
		switch c.Catalyst.Kind {
		case workflow.CatalystSecurity:
			if kind = "security update"; c.Catalyst.Unsure {
				kind = "may be a security update"
			}
		case workflow.CatalystFix:
			kind = "fix of the image"
		}
		return c.Partner + ": " + kind + ", " + counted(len(c.Listings), "listing")
	}
	return c.Partner + ": " + lowerFirst(c.Definition().Title)
}

// summary is the card in a notification.
func (c *card) summary() string {
	name := typedLine(c.title(), 4*c.detail.title)
	switch c.State {
	case workflow.Proposed:
		return name + ", proposed"
	case workflow.Complete:
		return name + ", complete"
	case workflow.Cancelled:
		return name + ", " + endedAs(c.Run)
	}
	return name + ", " + c.progressText()
}

// progressText is the only thing on a card that is written "3 of 14 steps".
func (c *card) progressText() string {
	return strconv.Itoa(c.progress.Done) + " of " + strconv.Itoa(c.progress.Total) + " steps"
}

// facts are what everybody asks first.
func (c *card) facts() *slack.SectionBlock {
	fields := make([]*slack.TextBlockObject, 0, 4)
	if c.State == workflow.Proposed {
		fields = append(fields, field("Proposed by", mention(c.Opener)))
	} else {
		fields = append(fields, field("Owner", holder(c.Run, c.Owner)))
	}
	switch {
	case c.Definition().Subject == workflow.SubjectPartnership:
		fields = append(fields, field("Launch", c.launch()))
	case !c.Promise.IsZero():
		fields = append(fields, field("Live by", c.promise()))
	}
	if c.Catalyst == nil || c.State != workflow.Running || c.lanes.open == 0 {
		fields = append(fields, field("Listings", c.listingNames())) // else each has a row
	}
	if c.State == workflow.Running {
		fields = append(fields, field("Progress", c.progressText()))
	}
	return slack.NewSectionBlock(nil, fields, nil)
}

// field is a fact under its name.
func field(name, text string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: cutMarkup("*"+name+"*\n"+text, maxField)}
}

func (c *card) launch() string {
	switch date, agreed := c.Launch(); {
	case date == "":
		return "no date yet"
	case agreed:
		return typed(day(date)) + ", agreed"
	default:
		return "target " + typed(day(date)) + ", not agreed"
	}
}

// promise is until when every listing is to be live, and why then.
func (c *card) promise() string {
	days, what := c.Definition().Promise.For(c.Catalyst.Kind), "the release"
	switch {
	case c.Catalyst.From.After(c.Catalyst.At):
		what = "a quiet time"
	case c.Catalyst.Unsure:
		what = "the release, until it is settled"
	case c.Catalyst.Kind == workflow.CatalystSecurity:
		what = "the security update"
	case c.Catalyst.Kind == workflow.CatalystFix && c.Catalyst.Because != "":
		what = "it became known"
	}
	return moment(c.Promise) + " (" + counted(days, "business day") + " after " + what + ")"
}

// listingNames are "CE image, EE image (AWS)".
func (c *card) listingNames() string {
	out := strconv.Itoa(len(c.Listings))
	if c.listings > 0 {
		out = firstNamed(len(c.Listings), c.listings, func(i int) string {
			return typedLine(c.Run.ListingName(&c.Listings[i]), max(c.detail.title, 20))
		})
	}
	if c.Catalyst != nil {
		return out // each has its own
	}
	return out + " (" + providerName(c.Provider) + ")"
}

func providerName(p workflow.Provider) string {
	if p == workflow.Manual {
		return "by hand"
	}
	return p.Name()
}

// proposal says who decides.
func (c *card) proposal() string {
	team := c.Definition().TeamName(c.Definition().Owner)
	text := "*Proposed.* " + typedLine(team.Name, 60) + " decides whether it starts"
	if isWhetherItComesOut(c.Run) {
		text = "*Does it come out?* " + typedLine(team.Name, 60) + " decides"
	}
	if lead := c.Lead(c.Definition().Owner); lead != "" {
		text += ": " + holder(c.Run, lead) + " was asked"
	}
	text += "."
	if c.Catalyst != nil {
		for _, why := range []string{c.because(), c.evidence()} {
			if why != "" {
				text += "\n" + why
			}
		}
	}
	return text
}

// praise says what was achieved, and by whom.
func (c *card) praise() string {
	what := "Complete"
	if c.Definition().Subject == workflow.SubjectPartnership {
		what = "Launched"
	}
	text := fmt.Sprintf(":tada: *%s.* Started %s, complete %s", what, date(c.Started), date(c.Ended))
	var people []string
	for _, who := range c.everyone() {
		people = append(people, mention(who))
	}
	if len(people) > 0 {
		text += ".\nThank you, " + sentenceList(people)
	}
	text += "."
	if c.lanes.missing > 0 && c.lanes.live > 0 {
		text += "\n" + c.unsigned()
	}
	return text
}

// everyone is the owner and the people who answered for a stage, each once.
func (c *card) everyone() []workflow.UserID {
	out := []workflow.UserID{}
	add := func(who workflow.UserID) {
		for _, have := range out {
			if have == who {
				return
			}
		}
		if who != "" && len(out) < 6 {
			out = append(out, who)
		}
	}
	add(c.Owner)
	for i := range c.Definition().Stages {
		add(c.StageHolder(&c.Definition().Stages[i]))
	}
	return out
}

// ending says why a run was cancelled.
func (c *card) ending() string {
	if c.Superseded() {
		return "*Superseded* " + date(c.Ended) + " by " + typedLine(c.Next.What, 60) + " (" + typedLine(c.Next.Name, 20) + "), which goes on with what was left. " + c.liveText()
	}
	text := "*Cancelled* " + date(c.Ended)
	if reason := typedLine(c.Reason, 4*c.text); reason != "" {
		text += ": " + reason
	}
	return text
}

// actions are what concerns the run as a whole.
func (c *card) actions() *slack.ActionBlock {
	t := commands.Target{Run: c.ID}
	update := button("Update a step…", "update", t)
	brief := button("Brief and links", "brief", t)
	note, people := choice{"Add note…", string(workflow.VerbNote)}, choice{"People and dates…", "people"}
	history, cancel := choice{"History", "history"}, choice{"Cancel run…", string(workflow.VerbCancel)}
	switch c.State {
	case workflow.Proposed:
		return buttons(brief, more(t, note, history, cancel))
	case workflow.Complete:
		return buttons(update, brief, more(t, note, people, history))
	case workflow.Cancelled:
		return buttons(brief, button("History", "history", t))
	}
	if c.Catalyst != nil && c.lanes.open > 0 {
		return buttons(primary(button("Build the rest…", string(workflow.VerbBuild), t)), update, button("Board", "board", commands.Target{}),
			more(t, choice{"Brief and links", "brief"}, choice{"Why this clock", "why"}, note, history, cancel))
	}
	return buttons(primary(update), brief, more(t, note, people, history, cancel))
}

// sentenceList joins words as a sentence does: "a, b and c".
func sentenceList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
