package commands

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// fieldWho is the person who is away.
const fieldWho workflow.FieldID = "who"

// leave is who is away, until when, and who covers; what was not said is empty.
type leave struct {
	who, cover workflow.UserID
	until      workflow.Date
	over       bool // they are back
}

// away says that a person is away and who covers for them.
func (d *Desk) away(ctx context.Context, req Request) (Reply, error) {
	l := leave{who: req.Values.User(fieldWho), cover: req.Values.User(workflow.FieldCover), until: workflow.Date(req.Values.One(workflow.FieldUntil))}
	if req.Values == nil {
		var err error
		if l, err = d.typedLeave(ctx, req); err != nil {
			return Reply{}, err
		}
	}
	l.who = cmp.Or(l.who, req.User)
	if l.over {
		return d.isBack(ctx, req, l.who)
	}
	if err := d.MayPlanFor(ctx, req.who(), l.who); err != nil {
		return Reply{}, err
	}
	if req.Values == nil && (l.until == "" || l.cover == "") {
		return d.awayForm(ctx, l)
	}
	if err := d.FitFor(ctx, l.who, fieldWho); err != nil {
		return Reply{}, err
	}
	if err := d.SetAway(ctx, req.who(), l.who, l.cover, l.until); err != nil {
		return Reply{}, err
	}
	steps, err := d.passed(ctx, l.who)
	if err != nil {
		return Reply{}, err
	}
	said := workflow.Say("%s is away until %s, and %s covers. %s", l.who, l.until, l.cover, goesTo(steps, l.cover))
	if l.who == req.User {
		said = workflow.Say("You are away until %s, and %s covers. %s", l.until, l.cover, goesTo(steps, l.cover))
	}
	return Reply{Tell: true, Text: workflow.Say("%s It all comes back on the day after; %s ends it sooner.", said, d.command("back"))}, nil
}

// typedLeave reads "@ana until 2026-12-03 cover @omar", in any order.
func (d *Desk) typedLeave(ctx context.Context, req Request) (l leave, err error) {
	today, err := d.today(ctx, req.User)
	if err != nil {
		return l, err
	}
	covers := false // the next person covers
	for words := strings.Fields(req.Text); len(words) > 0; words = words[1:] {
		word := strings.ToLower(strings.Trim(words[0], ",."))
		who, isPerson := mention(words[0])
		if word == "@me" || word == "me" {
			who, isPerson = req.User, true
		}
		day, took, err := dayTyped(words, today, workflow.FieldUntil)
		switch {
		case err != nil:
			return l, err
		case isPerson && covers:
			l.cover, covers = who, false
		case isPerson:
			l.who = who
		case took > 0:
			l.until = day
			words = words[took-1:]
		case word == "cover", word == "covers", word == "by":
			covers = true
		case word == "off", word == "over", word == "back":
			l.over = true
		case word == "until", word == "till", word == "covered", word == "with", word == "and":
		case strings.HasPrefix(word, "@"):
			return l, workflow.Fail(workflow.Invalid, "I do not know who %s is. Choose the person from the list that opens as you type the name.", words[0])
		default:
			return l, workflow.Fail(workflow.Invalid, "I do not understand “%s”. Write it as %s.", words[0], d.command("away until 2026-12-03 cover @name"))
		}
	}
	return l, nil
}

func (d *Desk) awayForm(ctx context.Context, l leave) (Reply, error) {
	office, err := d.Office(ctx)
	if err != nil {
		return Reply{}, err
	}
	if c, is := office.Away[l.who]; is && c.Until.After(d.Now()) {
		l.until, l.cover = cmp.Or(l.until, c.Day), cmp.Or(l.cover, c.By)
	}
	f := &Form{Verb: "away", Title: "Away", Submit: "Save",
		Intro: []workflow.Text{workflow.Say("What is due goes to the person who covers, and comes back by itself. The history keeps both names.")},
		Fields: []Field{
			{ID: fieldWho, Label: "Who is away?", Kind: Person, Initial: user(l.who)},
			{ID: workflow.FieldUntil, Label: "Until", Hint: "The last day away.", Kind: Date, Initial: dates(l.until)},
			{ID: workflow.FieldCover, Label: "Who covers?", Hint: "They may do what the person who is away may.", Kind: Person, Initial: user(l.cover)},
		}}
	if lines := d.awayNow(office); len(lines) > 0 {
		f.Intro = append(f.Intro, workflow.Say("Away now: %s", listed(lines)))
	}
	return Reply{Form: f}, nil
}

// back ends an absence before its time: one's own, that of the button, or that of
// the person who was named.
func (d *Desk) back(ctx context.Context, req Request) (Reply, error) {
	l, err := d.typedLeave(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	return d.isBack(ctx, req, cmp.Or(l.who, workflow.UserID(req.Target.Field), req.User))
}

func (d *Desk) isBack(ctx context.Context, req Request, who workflow.UserID) (Reply, error) {
	steps, err := d.passed(ctx, who)
	if err != nil {
		return Reply{}, err
	}
	if err := d.Back(ctx, req.who(), who); err != nil {
		return Reply{}, err
	}
	if who == req.User {
		return Reply{Text: workflow.Say("Welcome back. %s", goesTo(steps, who))}, nil
	}
	return Reply{Text: workflow.Say("%s is back. %s", who, goesTo(steps, who))}, nil
}

// passed are what waits for somebody else because that person is away.
func (d *Desk) passed(ctx context.Context, away workflow.UserID) (out []workflow.Text, err error) {
	runs, err := d.Open(ctx, openRuns)
	for _, r := range runs {
		for _, moves := range r.Moves() {
			for _, m := range moves {
				if passesBy(r, m.For, away) {
					out = append(out, moveName(r, m))
				}
			}
		}
	}
	return out, err
}

// passesBy reports whether what is a person's comes to who has it by way of
// somebody who is away.
func passesBy(r *workflow.Run, person, away workflow.UserID) bool {
	for range len(r.Covers) + 1 {
		if person == "" || person == away {
			return person != ""
		}
		person = r.Covers[person].By
	}
	return false
}

// moveName is what a move is about, in a few words.
func moveName(r *workflow.Run, m workflow.Move) workflow.Text {
	if n, ok := r.Node(m.Key); ok {
		return workflow.Say("%s %s", r.Partner, r.StepName(n))
	}
	if stage, ok := r.Definition().StageByID(m.Stage); ok {
		return workflow.Say("%s, the date of stage %s", r.Partner, stage.Number)
	}
	return workflow.Say("the proposal of %s", r.Partner)
}

// goesTo says how many steps are with a person from now on, and the first few.
func goesTo(steps []workflow.Text, who workflow.UserID) workflow.Text {
	if len(steps) == 0 {
		return workflow.Say("Nothing waits right now.")
	}
	return workflow.Say("%s with %s now: %s.", count(len(steps), "step is", "steps are"), who, firstOf(steps, 4))
}

// awayNow says of each person who is away until when, and who covers.
func (d *Desk) awayNow(o *workflow.Office) (out []workflow.Text) {
	for _, who := range slices.Sorted(maps.Keys(o.Away)) {
		if c := o.Away[who]; c.Until.After(d.Now()) {
			out = append(out, workflow.Say("%s until %s (%s covers)", who, c.Day, c.By))
		}
	}
	return out
}

func dates(day workflow.Date) []string {
	if day == "" {
		return nil
	}
	return []string{string(day)}
}
