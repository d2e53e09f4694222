package commands

import (
	"cmp"
	"context"
	"slices"

	"cloudimage/workflow"
)

// What the buttons of settings carry: which switch, and what it is to be, so that
// clicking twice is clicking once.
const (
	setMorning workflow.FieldID = "morning"
	setNews    workflow.FieldID = "news"
	setDaily   workflow.FieldID = "daily"
	setThread  workflow.FieldID = "thread"
	setTime    workflow.FieldID = "time"

	on  = "-on"
	off = "-off"
)

// settings shows what reaches a person and a channel, and changes it.
func (d *Desk) settings(ctx context.Context, req Request) (Reply, error) {
	channel := cmp.Or(req.Target.Channel, req.Channel)
	if req.Target.Field == setTime && req.Values == nil {
		return d.timeForm(ctx, req)
	}
	if req.Target.Field != "" {
		if err := d.set(ctx, req, channel); err != nil {
			return Reply{}, err
		}
	}
	page, err := d.settingsPage(ctx, req, channel)
	return Reply{Page: page}, err
}

// set turns the switch that was clicked.
func (d *Desk) set(ctx context.Context, req Request, channel workflow.ChannelID) error {
	field := req.Target.Field
	mine := func(change func(*workflow.Preferences)) error { return d.Prefer(ctx, req.who(), change) }
	here := func(change func(*workflow.ChannelPreferences)) error {
		return d.PreferIn(ctx, req.who(), channel, change)
	}
	switch field {
	case setTime:
		at := req.Values.One(workflow.FieldMorning)
		if at == d.morning() {
			at = ""
		}
		return mine(func(p *workflow.Preferences) { p.Morning = at })
	case setMorning + on, setMorning + off:
		return mine(func(p *workflow.Preferences) { p.NoMorning = field == setMorning+off })
	case setNews + on, setNews + off:
		return mine(func(p *workflow.Preferences) { p.NoNews = field == setNews+off })
	case setDaily + on, setDaily + off:
		return here(func(p *workflow.ChannelPreferences) { p.NoDaily = field == setDaily+off })
	case setThread + on, setThread + off:
		return here(func(p *workflow.ChannelPreferences) { p.NoThread = field == setThread+off })
	}
	return workflow.Fail(workflow.NotFound, "There is no such setting any more.")
}

// morning is when morning messages come, where nobody says otherwise.
func (d *Desk) morning() string { return cmp.Or(d.options.Morning, "09:30") }

func (d *Desk) timeForm(ctx context.Context, req Request) (Reply, error) {
	office, err := d.Office(ctx)
	if err != nil {
		return Reply{}, err
	}
	at := cmp.Or(office.People[req.User].Morning, d.morning())
	return Reply{Form: &Form{Verb: "settings", Target: Target{Field: setTime, Channel: req.Target.Channel}, Title: "Morning message", Submit: "Save",
		Fields: []Field{{ID: workflow.FieldMorning, Label: "At what time?", Hint: "On your working days and on your clock, such as 09:30.", Kind: Text, MaxLength: 5, Initial: []string{at}}}}}, nil
}

func (d *Desk) settingsPage(ctx context.Context, req Request, channel workflow.ChannelID) (*Page, error) {
	office, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	page := &Page{Title: "Settings", Rows: []Row{heading("What reaches me")}}
	page.Rows = append(page.Rows, d.mySwitches(office.People[req.User], channel)...)
	page.Rows = append(page.Rows, d.linkRow(office, req.User)...)
	shown, err := d.hasCards(ctx, office, channel)
	if err != nil {
		return nil, err
	}
	if shown {
		may := d.MayPreferIn(ctx, req.User, channel) == nil
		page.Rows = append(page.Rows, channelSwitches(channel, office.Channels[channel], may)...)
	}
	page.Rows = append(page.Rows, d.awayRows(office, req.User)...)
	page.Rows = append(page.Rows, d.standinRows(ctx, req, office)...)
	return page, nil
}

func (d *Desk) mySwitches(p workflow.Preferences, channel workflow.ChannelID) []Row {
	flip := func(field workflow.FieldID, isOff bool) Button { return flipButton(field, isOff, channel) }
	morning := row(workflow.Say("%s\nA row for each thing that is due, on working days at %s. None when there is nothing.", workflow.Strong("Morning message"), cmp.Or(p.Morning, d.morning())),
		flip(setMorning, p.NoMorning), Button{Label: "Another time…", Verb: "settings", Target: Target{Field: setTime, Channel: channel}})
	if p.NoMorning {
		morning = row(workflow.Say("%s\nis off. What is due is on Home only.", workflow.Strong("Morning message")), flip(setMorning, p.NoMorning))
	}
	news := row(workflow.Say("%s\nA direct message for what cannot wait until the morning: a first step, an answer, a launch that moved.", workflow.Strong("News")), flip(setNews, p.NoNews))
	if p.NoNews {
		news = row(workflow.Say("%s\nis off. My messages to you are changed in place and never sent anew.", workflow.Strong("News")), flip(setNews, p.NoNews))
	}
	return []Row{morning, news}
}

func channelSwitches(channel workflow.ChannelID, p workflow.ChannelPreferences, may bool) []Row {
	daily := workflow.Say("%s\nOne message about what is late, in the place of yesterday's.", workflow.Strong("Daily message"))
	if p.NoDaily {
		daily = workflow.Say("%s\nis off.", workflow.Strong("Daily message"))
	}
	thread := workflow.Say("%s\nThe thread of each card tells what happens to its run.", workflow.Strong("Threads"))
	if p.NoThread {
		thread = workflow.Say("%s\nare off. What happens is in the history only.", workflow.Strong("Threads"))
	}
	out := []Row{heading("What reaches this channel"), row(daily), row(thread)}
	if may {
		out[1].Buttons = []Button{flipButton(setDaily, p.NoDaily, channel)}
		out[2].Buttons = []Button{flipButton(setThread, p.NoThread, channel)}
	}
	return out
}

// flipButton turns a switch to what it is not.
func flipButton(field workflow.FieldID, isOff bool, channel workflow.ChannelID) Button {
	if isOff {
		return Button{Label: "Turn on", Verb: "settings", Primary: true, Target: Target{Field: field + on, Channel: channel}}
	}
	return Button{Label: "Turn off", Verb: "settings", Target: Target{Field: field + off, Channel: channel}}
}

// hasCards reports whether anything of the bot's reaches a channel, so that there
// is something to turn off.
func (d *Desk) hasCards(ctx context.Context, o *workflow.Office, channel workflow.ChannelID) (bool, error) {
	if channel == "" {
		return false, nil
	}
	if _, changed := o.Channels[channel]; changed || channel == d.options.Channel {
		return true, nil
	}
	runs, err := d.Open(ctx, openRuns)
	return slices.ContainsFunc(runs, func(r *workflow.Run) bool { return r.Channel == channel }), err
}

func (d *Desk) awayRows(o *workflow.Office, who workflow.UserID) []Row {
	out := []Row{heading("Who is away")}
	now := d.awayNow(o)
	if len(now) == 0 {
		now = []workflow.Text{workflow.Say("Nobody.")}
	}
	r := row(lines(now[:min(len(now), shownSteps)]))
	if c, away := o.Away[who]; away && c.Until.After(d.Now()) {
		r.Buttons = append(r.Buttons, Button{Label: "I am back", Verb: "back", Target: Target{Field: workflow.FieldID(who)}})
	}
	r.Buttons = append(r.Buttons, Button{Label: "I am away…", Verb: "away"})
	return append(out, r)
}

func (d *Desk) standinRows(ctx context.Context, req Request, o *workflow.Office) []Row {
	out := []Row{heading("Temporary maintainers")}
	for _, s := range o.Standins {
		if !s.Ends.IsZero() && !s.Ends.After(d.Now()) {
			continue
		}
		r := row(d.standinLine(s))
		if req.User == s.User || d.MayDecide(ctx, req.who(), s) == nil {
			r.Buttons = append(r.Buttons, Button{Label: "Hand back…", Verb: "handback", Target: Target{Field: standinField(s)}})
			if s.Condition != "" {
				r.Buttons = append(r.Buttons, Button{Label: "Still needed…", Verb: "review", Target: Target{Field: standinField(s)}})
			}
		}
		out = append(out, r)
	}
	if len(out) == 1 {
		out = append(out, row(workflow.Say("Nobody stands in for a team.")))
	}
	if slices.ContainsFunc(d.teams(), func(t workflow.Team) bool { return d.MayDecideFor(ctx, req.who(), t.ID) == nil }) {
		out = append(out, Row{Buttons: []Button{{Label: "Temporary maintainer…", Verb: "maintainer"}}})
	}
	return out
}
