package commands

import (
	"cmp"
	"context"
	"strings"

	"cloudimage/workflow"
)

// This file is about what is out of sync with the issue tracker: what is there,
// what the run has, and deciding that the run is right. A form carries which
// trouble was looked at, as "issue/3f2a", so that what has changed since is not
// repaired unseen.

// tracker is what the issue tracker is called. What happened there stays so when
// there is none any more.
func (d *Desk) tracker() string {
	if d.options.Tracker == "" {
		return "the issue tracker"
	}
	return d.options.Tracker
}

// noTracker says that there is no issue tracker.
func (d *Desk) noTracker() Reply {
	return Reply{Text: workflow.Say("No issue tracker is set up here, so there is nothing of the kind.")}
}

// repair shows what is out of sync in a run, and lets it be put right.
func (d *Desk) repair(ctx context.Context, req Request) (Reply, error) {
	if d.options.Tracker == "" {
		return d.noTracker(), nil
	}
	fact, key, shown := strings.Cut(string(req.Target.Field), "/")
	if req.Values != nil && shown {
		return d.repaired(ctx, req, workflow.FactName(fact), key)
	}
	runs, err := d.runsOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil {
		return Reply{}, err
	}
	var rows []Row
	var only *workflow.Run
	for _, r := range runs {
		for _, f := range r.Disturbed() {
			if fact == "" || string(f) == fact {
				rows, only = append(rows, d.troubleRow(r, f)), r
			}
		}
	}
	switch {
	case len(rows) == 0 && len(runs) == 1:
		return Reply{Text: workflow.Say("%s is in step with %s: there is nothing to repair.", runs[0].Partner, d.tracker())}, nil
	case len(rows) == 0:
		return Reply{Text: workflow.Say("Everything is in step with %s: there is nothing to repair.", d.tracker())}, nil
	case len(rows) == 1:
		if fact == "" {
			fact = string(only.Disturbed()[0])
		}
		return d.repairForm(only, workflow.FactName(fact), req, workflow.Text{})
	}
	return Reply{Page: &Page{Title: "Out of sync", Rows: rows}}, nil
}

// repaired decides that an item is to be as the run has it.
func (d *Desk) repaired(ctx context.Context, req Request, fact workflow.FactName, key string) (Reply, error) {
	r, err := d.Service.Do(ctx, req.who(), req.Target.Run, workflow.Ask{Verb: workflow.VerbRepair}, func(act workflow.Act, r *workflow.Run) error {
		return r.Repair(act, fact, key)
	})
	if workflow.KindOf(err) == workflow.Stale {
		r, readErr := d.Run(ctx, req.Target.Run)
		if readErr != nil {
			return Reply{}, readErr
		}
		return d.repairForm(r, fact, req, workflow.Say("It has changed since you looked. This is how it is now."))
	}
	if err != nil {
		return Reply{}, err
	}
	return Reply{Tell: true, Text: workflow.Say("%s of %s is being repaired. The card says when it is done.", capital(r.ItemName(fact)), r.Partner)}, nil
}

// troubleRow is what is out of sync, with what can be done about it.
func (d *Desk) troubleRow(r *workflow.Run, fact workflow.FactName) Row {
	it := r.Items[fact]
	text := workflow.Say("%s, %s\n%s.", workflow.Strong(r.Partner), r.ItemName(fact), d.troubleText(r, it.Trouble))
	if it.Trouble.Kind.Heals() || it.Repairs() {
		return row(text, Button{Label: "Open", URL: it.URL})
	}
	return row(text, Button{Label: "Repair…", Verb: string(workflow.VerbRepair), Target: Target{Run: r.ID, Field: workflow.FieldID(fact)}})
}

// troubleText is what is the matter, as a sentence without its full stop.
func (d *Desk) troubleText(r *workflow.Run, t *workflow.Trouble) workflow.Text {
	said := t.Text(r, d.tracker())
	said.Format = capital(said.Format)
	return said
}

// repairForm shows what is there and what would be, and what a repair does. What
// nobody can repair is only read.
func (d *Desk) repairForm(r *workflow.Run, fact workflow.FactName, req Request, first workflow.Text) (Reply, error) {
	it := r.Items[fact]
	if it == nil || it.Trouble == nil {
		return Reply{Text: workflow.Say("%s of %s is in step again, so there is nothing to repair.", capital(r.ItemName(fact)), r.Partner)}, nil
	}
	t := it.Trouble
	said := []workflow.Text{workflow.Say("%s, %s\n%s. Seen %s.", workflow.Strong(r.Partner), r.ItemName(fact), d.troubleText(r, t), t.At)}
	if !first.IsZero() {
		said = append([]workflow.Text{first}, said...)
	}
	if t.Kind.Heals() {
		said = append(said, workflow.Say("That ends by itself as soon as %s answers again. Nothing is lost: what has happened since is written then.", d.tracker()))
		return Reply{Page: textPage("Out of sync", said)}, nil
	}
	said = append(said, differences(t)...)
	said = append(said, d.remedy(r, t))
	if it.Repairs() {
		return Reply{Page: textPage("Out of sync", append(said, workflow.Say("Somebody has decided so: it is being repaired.")))}, nil
	}
	if t.Kind == workflow.Foreign {
		return Reply{Page: textPage("Out of sync", said)}, nil
	}
	err := d.May(r, workflow.Ask{Who: req.User, Verb: workflow.VerbRepair})
	needReason := workflow.KindOf(err) == workflow.NeedReason
	if err != nil && !needReason {
		return Reply{}, err
	}
	about := Target{Run: r.ID, Field: workflow.FieldID(string(fact) + "/" + t.Key), Channel: cmp.Or(req.Target.Channel, req.Channel)}
	f := &Form{Verb: string(workflow.VerbRepair), Target: about, Title: "Repair", Submit: "Repair", Intro: said}
	if t.Kind == workflow.Overwrote {
		f.Submit = "I have seen it"
	}
	if needReason {
		f.Fields = append(f.Fields, overrideField())
	}
	return Reply{Form: f}, nil
}

func textPage(title string, said []workflow.Text) *Page {
	page := &Page{Title: title}
	for _, t := range said {
		page.Rows = append(page.Rows, row(t))
	}
	return page
}

// differences are what is there and what the run has, each under its name.
func differences(t *workflow.Trouble) (out []workflow.Text) {
	if len(t.There) > 0 {
		out = append(out, workflow.Say("%s\n%s", workflow.Strong("What is there"), workflow.Quote(strings.Join(t.There, "\n"))))
	}
	if len(t.Ours) > 0 {
		out = append(out, workflow.Say("%s\n%s", workflow.Strong("What the run has"), workflow.Quote(strings.Join(t.Ours, "\n"))))
	}
	return out
}

// remedy says what a repair does, and what can be done instead.
func (d *Desk) remedy(r *workflow.Run, t *workflow.Trouble) workflow.Text {
	switch t.Kind {
	case workflow.Edited:
		return workflow.Say("%s writes our part anew, as the run has it. What people wrote outside of it stays. What is worth keeping of the change belongs outside, or into the run.", workflow.Strong("Repair"))
	case workflow.Unmarked:
		return workflow.Say("%s writes our part anew, with its marks. All other text stays.", workflow.Strong("Repair"))
	case workflow.Vanished:
		return workflow.Say("%s makes a new one, and the run keeps its link.", workflow.Strong("Repair"))
	case workflow.OddState:
		if r.State == workflow.Running {
			return workflow.Say("%s opens it again. To end the run instead, cancel it: %s.", workflow.Strong("Repair"), d.command("cancel "+r.Name()))
		}
		return workflow.Say("%s closes it again. To go on instead, reopen a step: %s.", workflow.Strong("Repair"), d.command("reopen "+r.Name()))
	case workflow.OddBox:
		return workflow.Say("%s ticks the box again. If the step is not done, reopen it instead: %s.", workflow.Strong("Repair"), d.command("reopen "+r.Name()))
	case workflow.OddPerson:
		return workflow.Say("%s sets assignee and due date as the run has them. To change them, do it here: %s.", workflow.Strong("Repair"), d.command("people "+r.Name()))
	case workflow.Overwrote:
		return workflow.Say("Nothing is written. What they wrote is in the history that %s keeps: look there whether something has to be written again, then say that you have seen it.", d.tracker())
	case workflow.Foreign:
		return workflow.Say("That cannot be repaired: two runs cannot share one. Reopen the step that gives the link, and give another.")
	}
	return workflow.Say("%s makes it as the run has it.", workflow.Strong("Repair"))
}
