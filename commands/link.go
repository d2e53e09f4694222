package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// forget is what is typed, or carried by a button, to take one's name back.
const forget workflow.FieldID = "none"

// link says who a person is in the issue tracker. They prove it with a code that
// they write there under that name, so nobody can speak for another.
func (d *Desk) link(ctx context.Context, req Request) (Reply, error) {
	if d.options.Tracker == "" {
		return d.noTracker(), nil
	}
	name := strings.TrimSpace(req.Text)
	if req.Values != nil {
		name = req.Values.One(workflow.FieldHandle)
	}
	switch {
	case req.Target.Field == forget || strings.EqualFold(name, string(forget)):
		if err := d.ForgetHandle(ctx, req.who()); err != nil {
			return Reply{}, err
		}
		return Reply{Tell: true, Text: workflow.Say("I do not take you for anybody in %s any more because you said so. %s", d.tracker(), d.howFound())}, nil
	case name == "":
		return d.linkForm(ctx, req.User)
	}
	if user, ok := mentioned(name); ok { // somebody here has the same name as they have there
		p, err := d.Profile(ctx, user)
		if err != nil {
			return Reply{}, err
		}
		name = p.Name
	}
	if _, err := d.WantHandle(ctx, req.who(), name); err != nil {
		return Reply{}, err
	}
	page, err := d.codePage(ctx, req.User)
	return Reply{Page: page}, err
}

// howFound says how people are known in the tracker who have not said who they are.
func (d *Desk) howFound() workflow.Text {
	return workflow.Say("Who has not said it is found by the configuration, or by their e-mail address.")
}

// linkForm says who the person is there as far as they said it, and asks.
func (d *Desk) linkForm(ctx context.Context, who workflow.UserID) (Reply, error) {
	office, err := d.Office(ctx)
	if err != nil {
		return Reply{}, err
	}
	h := office.Handles[who]
	f := &Form{Verb: "link", Title: cut("Me in "+d.tracker(), 24), Submit: "Get a code"}
	f.Intro = append(f.Intro, d.known(h))
	if h.Name != "" {
		f.Intro = append(f.Intro, workflow.Say("%s takes that back.", d.command("link none")))
	}
	if h.Wants != "" && h.Until.After(d.Now()) {
		f.Intro = append(f.Intro, workflow.Say("You have said that you are %s, and I wait for the code that I gave you, until %s. A new one takes its place.", h.Wants, h.Until))
	}
	f.Fields = []Field{{ID: workflow.FieldHandle, Label: cut("My name in "+d.tracker(), 40), Hint: "as in the address of your profile there, such as @omar_k", Kind: Text, MaxLength: 255}}
	return Reply{Form: f}, nil
}

// known is who a person is there, and how that is known.
func (d *Desk) known(h workflow.Handle) workflow.Text {
	if h.Name != "" {
		return workflow.Say("You are %s in %s: you have shown it, %s.", workflow.Strong(h.Name), d.tracker(), h.Since)
	}
	return workflow.Say("You have not said who you are in %s. %s", d.tracker(), d.howFound())
}

// codePage says what to write, and where.
func (d *Desk) codePage(ctx context.Context, who workflow.UserID) (*Page, error) {
	office, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	h := office.Handles[who]
	page := &Page{Title: cut("Me in "+d.tracker(), 24), Brief: true}
	if h.Code == "" { // it came twice, and was shown meanwhile
		page.Rows = append(page.Rows, row(d.known(h)))
		return page, nil
	}
	page.Rows = append(page.Rows, row(workflow.Say("To show that you are %s in %s, write this there as a comment, under that name:\n%s",
		workflow.Strong(h.Wants), d.tracker(), workflow.Command("cloudimage link "+h.Code))))
	at, r, err := d.writable(ctx, who)
	if err != nil {
		return nil, err
	}
	if r == nil {
		page.Rows = append(page.Rows, row(workflow.Say("Any issue that I keep will do. There is none yet: it comes with the next partnership.")))
	} else {
		page.Rows = append(page.Rows, row(workflow.Say("Any issue that I keep will do, such as the %s of %s.", r.ItemName(workflow.FactIssue), r.Partner), Button{Label: "Open the issue", URL: at}))
	}
	page.Foot = append(page.Foot, workflow.Say("The code is good until %s, and for that name alone. You may delete the comment afterwards.", h.Until))
	return page, nil
}

// writable is the issue of an open run, one that concerns the person if there is
// one; nil when no run has any.
func (d *Desk) writable(ctx context.Context, who workflow.UserID) (url string, of *workflow.Run, err error) {
	runs, err := d.Open(ctx, openRuns)
	if err != nil {
		return "", nil, err
	}
	mine := func(u workflow.UserID) bool { return u == who }
	for _, r := range runs {
		it := r.Items[workflow.FactIssue]
		if it == nil || it.Path == "" || it.Trouble != nil && it.Trouble.Kind == workflow.Vanished {
			continue
		}
		if concerns(r, mine) {
			return it.URL, r, nil
		}
		if of == nil {
			url, of = it.URL, r
		}
	}
	return url, of, nil
}

// linkRow is the row of the settings that says who a person is in the tracker; no
// row where there is none.
func (d *Desk) linkRow(office *workflow.Office, who workflow.UserID) []Row {
	if d.options.Tracker == "" {
		return nil
	}
	h := office.Handles[who]
	said := d.known(h)
	if h.Code != "" && h.Until.After(d.Now()) {
		said = workflow.Say("%s\nI wait for the code that %s is to write.", said, h.Wants)
	}
	buttons := []Button{{Label: "Say who I am…", Verb: "link"}}
	if h != (workflow.Handle{}) {
		buttons = append(buttons, Button{Label: "Forget it", Verb: "link", Target: Target{Field: forget}})
	}
	return []Row{row(workflow.Say("%s\n%s", workflow.Strong(cut("Me in "+d.tracker(), 60)), said), buttons...)}
}
