package commands

import (
	"context"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// Fields of the form that starts a partnership, the only four there are: every
// other fact is asked for by the step that needs it.
const (
	fieldPartner  workflow.FieldID = "partner"
	fieldProvider workflow.FieldID = "provider"
	fieldListings workflow.FieldID = "listings"
	fieldTarget   workflow.FieldID = "target"
	fieldProcess  workflow.FieldID = "process" // only where there is more than one to choose from
)

// start opens the form, and starts a run with its answers.
func (d *Desk) start(ctx context.Context, req Request) (Reply, error) {
	def, ok := d.Service.Process(d.processFor(req))
	if !ok {
		return Reply{}, workflow.Fail(workflow.NotFound, "There is no such process any more. %s lists those there are.", d.command("process"))
	}
	roster := d.Roster(def)
	if problem := roster.Teams[def.Owner].Problem; !problem.IsZero() && !roster.IsAdmin(req.User) {
		return Reply{}, &workflow.Error{Kind: workflow.Denied, Message: problem}
	}
	if req.Values == nil {
		return Reply{Form: d.startForm(req, def, roster)}, nil
	}
	s := workflow.Start{
		Partner:  req.Values.One(fieldPartner),
		Provider: workflow.Provider(req.Values.One(fieldProvider)),
		Target:   workflow.Date(req.Values.One(fieldTarget)),
		Channel:  req.Target.Channel,
	}
	switch {
	case s.Target == "":
		return Reply{}, wrong(fieldTarget, workflow.Say("Choose the day you aim to launch; it can be moved."))
	case s.Target > workflow.DateOf(d.Now().AddDate(farthest, 0, 0)):
		return Reply{}, wrong(fieldTarget, workflow.Say("That is more than %d years ahead. Is the year right?", farthest))
	}
	for _, v := range req.Values[fieldListings] {
		if edition, delivery, ok := strings.Cut(v, "/"); ok && slices.Contains(d.options.Editions, edition) {
			s.Listings = append(s.Listings, workflow.NewListing(edition, workflow.Delivery(delivery), s.Provider))
		}
	}
	d.starting.Lock()
	defer d.starting.Unlock()
	if err := d.isRunning(ctx, s); err != nil {
		return Reply{}, err
	}
	r, err := d.Begin(ctx, workflow.Who{User: req.User, Request: req.ID}, def.Name, s)
	if err != nil {
		return Reply{}, err
	}
	if r.State == workflow.Proposed {
		return Reply{Tell: true, Text: workflow.Say("%s is proposed as %s. %s starts partnerships, so they decide; you will see the card when they accept.", r.Partner, r.Name(), def.TeamName(def.Owner))}, nil
	}
	return Reply{Text: workflow.Say("%s has started as %s.", r.Partner, r.Name())}, nil
}

// farthest is how many years ahead a launch may be; beyond it a date is mistyped.
const farthest = 3

// wrong is an answer of a form that needs another look.
func wrong(field workflow.FieldID, t workflow.Text) error {
	return &workflow.Error{Kind: workflow.Invalid, Message: t, Fields: map[workflow.FieldID]workflow.Text{field: t}}
}

// isRunning refuses to start what runs already: the same partner with one of the
// same listings. Other listings of a partner may have a run of their own.
func (d *Desk) isRunning(ctx context.Context, s workflow.Start) error {
	name := strings.TrimSpace(s.Partner)
	if name == "" {
		return nil
	}
	runs, err := d.Find(ctx, name)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if !strings.EqualFold(name, r.Partner) || r.State != workflow.Running && r.State != workflow.Proposed {
			continue
		}
		for _, l := range s.Listings {
			if _, shared := r.Listing(l.ID); shared {
				how, p := "runs", r.Progress()
				if r.State == workflow.Proposed {
					how = "is proposed"
				}
				return wrong(fieldPartner, workflow.Say("%s %s already as %s, with %s: %d of %d steps. Choose other listings, or go on with %s.", r.Partner, how, r.Name(), l.Name(), p.Done, p.Total, r.Name()))
			}
		}
	}
	return nil
}

// processFor is the process a request means: the one chosen, or the default.
func (d *Desk) processFor(req Request) workflow.ProcessName {
	if p := req.Values.One(fieldProcess); p != "" {
		return workflow.ProcessName(p)
	}
	return d.options.Default
}

func (d *Desk) startForm(req Request, def *workflow.Definition, roster workflow.Roster) *Form {
	f := &Form{
		Verb: "new", Title: "New partnership", Submit: "Start",
		Target: Target{Channel: d.options.Channel},
		Fields: []Field{
			{ID: fieldPartner, Label: "Partner", Hint: "The cloud partner, as people know it.", Kind: Text, MaxLength: 80},
			{ID: fieldProvider, Label: "Provider", Kind: Radio, Options: []Option{
				{Value: string(workflow.AWS), Label: "AWS"},
				{Value: string(workflow.Azure), Label: "Azure"},
				{Value: string(workflow.Manual), Label: "Other", Note: "People upload the image; I follow"},
			}},
			{ID: fieldListings, Label: "Listings to launch", Kind: Checks, Options: d.listingOptions()},
			{ID: fieldTarget, Label: "Target launch date", Hint: "What you aim for. The date counts as agreed once the partner's product lead confirms it.", Kind: Date},
		},
	}
	if f.Target.Channel == "" {
		f.Target.Channel = req.Channel
	}
	if text := strings.TrimSpace(req.Text); text != "" {
		f.Fields[0].Initial = []string{text} // `new DigitalOcean`
	}
	if processes := d.partnerships(); len(processes) > 1 {
		choice := Field{ID: fieldProcess, Label: "Process", Kind: Select, Initial: []string{string(def.Name)}}
		for _, p := range processes {
			choice.Options = append(choice.Options, Option{Value: string(p.Name), Label: p.Title})
		}
		f.Fields = append(f.Fields, choice)
	}
	if !roster.IsMember(def.Owner, req.User) && !roster.IsAdmin(req.User) {
		f.Submit = "Propose"
		f.Intro = append(f.Intro, workflow.Say("%s starts partnerships. What you fill in here goes to them as a proposal.", def.TeamName(def.Owner)))
	} else if leads := leadsText(def, roster); !leads.IsZero() {
		f.Intro = append(f.Intro, workflow.Say("You will own it. %s. “People and dates” on the card changes that at any time.", leads))
	}
	return f
}

func (d *Desk) listingOptions() []Option {
	var out []Option
	for _, delivery := range []workflow.Delivery{workflow.Image, workflow.OmnibusPackage} {
		for _, edition := range d.options.Editions {
			o := Option{Value: edition + "/" + string(delivery), Label: workflow.NewListing(edition, delivery, "").Name()}
			if delivery == workflow.OmnibusPackage {
				o.Note = "Needs no maintenance for version or security updates"
			}
			out = append(out, o)
		}
	}
	return out
}

// partnerships are the processes that a person can start.
func (d *Desk) partnerships() []*workflow.Definition {
	return slices.DeleteFunc(d.sorted(), func(p *workflow.Definition) bool { return p.Subject != workflow.SubjectPartnership })
}

// leadsText says who leads for each of the other teams that has a lead: "@omar
// leads for Omnibus, @maya leads for Partner Marketing".
func leadsText(def *workflow.Definition, roster workflow.Roster) workflow.Text {
	out := workflow.Text{}
	for _, t := range def.Teams {
		lead := roster.Teams[t.ID].Lead
		if lead == "" || t.ID == def.Owner {
			continue
		}
		if out.Format != "" {
			out.Format += ", "
		}
		out.Format += "%s leads for %s"
		out.Args = append(out.Args, lead, t.Name)
	}
	return out
}

// accept makes a proposal a run owned by the person who accepts.
func (d *Desk) accept(ctx context.Context, req Request) (Reply, error) {
	r, choose, err := d.runOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	id, partner := r.ID, r.Partner
	r, err = d.Service.Do(ctx, req.who(), id, workflow.Ask{Verb: workflow.VerbAccept}, func(act workflow.Act, r *workflow.Run) error {
		return r.Accept(act)
	})
	if workflow.KindOf(err) == workflow.NeedReason {
		return Reply{Form: &Form{Verb: "accept", Target: Target{Run: id}, Title: "Accept", Submit: "Accept",
			Intro:  []workflow.Text{workflow.Say("%s\nYou will own it.", workflow.Strong(partner))},
			Fields: []Field{overrideField()}}}, nil
	}
	if err != nil {
		return Reply{}, err
	}
	return Reply{Text: workflow.Say("%s has started as %s, and you own it.", r.Partner, r.Name())}, nil
}
