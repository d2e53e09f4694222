package slackdev

import (
	"context"
	"fmt"

	"cloudimage/slackdev/surface"
)

// uploadAct sends a file: with a message into a channel, or into a file input,
// which is named by its words or, as the page does, by its ids.
func uploadAct(ctx context.Context, ws *Workspace, u *user, o *order) (answer, error) {
	data := o.Base64
	switch {
	case data != nil && o.Content != "":
		return notTaken("a file is its content or its content_base64, not both")
	case data == nil:
		data = []byte(o.Content)
	}
	p := &Person{ws: ws, u: u}
	up := Upload{Name: o.Name, Title: o.Title, Alt: o.Alt, Data: data, Text: o.Text}
	if o.Label != "" || o.ActionID != "" {
		return attachAct(p, o, up)
	}
	thread, err := o.parent(p)
	if err != nil {
		out, err := refused(err)
		return answer{Outcome: out}, err
	}
	up.Thread = thread
	out, err := p.Upload(ctx, o.Channel, up)
	return answer{Outcome: out}, err
}

// attachAct puts a file into an input and answers what is in it then.
func attachAct(p *Person, o *order, up Upload) (answer, error) {
	if o.Channel != "" || o.ThreadTS != "" || o.Thread != "" {
		return notTaken("a file goes into a channel or into an input, not into both")
	}
	var s *spot
	var c *surface.Control
	var err error
	if o.Label != "" {
		s, c, err = p.ws.lockedByWords(p.u, InModal(o.Label))
	} else {
		s, c, err = p.ws.locked(p.u, o)
	}
	var files []any
	if err == nil {
		files, err = p.ws.attach(p.u, s, c, []Upload{up})
	}
	if err != nil {
		out, err := refused(err)
		return answer{Outcome: out}, err
	}
	return answer{Outcome: Outcome{OK: true}, Files: files}, nil
}

func notTaken(why string) (answer, error) {
	out, err := refused(fmt.Errorf("%w: %s", ErrNotPossible, why))
	return answer{Outcome: out}, err
}
