package slackdev

import (
	"context"
	"fmt"
	"time"
)

// Person is a human of the workspace. What he does returns when the app has
// acked and the workspace has done what the ack says; the error wraps
// ErrNotPossible when he cannot do it, ErrNoResponse when the app did not ack,
// ErrBadResponse when Slack would refuse the ack.
type Person struct {
	ws     *Workspace
	u      *user
	absent error // why he cannot act: there is no such person, or he left
}

// User returns a person by name ("ana") or id. One who does not exist is
// returned as well; whatever he does fails.
func (ws *Workspace) User(name string) *Person {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	u := ws.st.userByName(name)
	switch {
	case u == nil:
		return &Person{ws: ws, u: &user{name: name}, absent: fmt.Errorf("%w: there is nobody named %q", ErrNotPossible, name)}
	case u.kind == KindBot:
		return &Person{ws: ws, u: u, absent: fmt.Errorf("%w: %s is a bot", ErrNotPossible, name)}
	case u.kind == KindDeleted:
		return &Person{ws: ws, u: u, absent: fmt.Errorf("%w: %s has left the company", ErrNotPossible, name)}
	}
	return &Person{ws: ws, u: u}
}

// ID is the person's user id.
func (p *Person) ID() UserID { return p.u.id }

// Name is the person's name, as in @ana.
func (p *Person) Name() string { return p.u.name }

// Zone is the person's time zone, UTC for one who does not exist.
func (p *Person) Zone() *time.Location {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	if p.u.zone == nil {
		return time.UTC
	}
	return p.u.zone
}

func (p *Person) refuse() (Outcome, error) { return refused(p.absent) }

// Slash types a line that begins with a slash into a channel ("" or "dm" is
// the direct message with the app).
func (p *Person) Slash(ctx context.Context, channel, line string) (Outcome, error) {
	if p.absent != nil {
		return p.refuse()
	}
	return p.ws.slash(ctx, p.u, channel, line)
}

// Say posts a message. It succeeds although no app listens; a warning tells
// when a subscribed event was not acked.
func (p *Person) Say(ctx context.Context, channel, text string) (Outcome, error) {
	return p.say(ctx, channel, said{text: text})
}

// SayIn posts a reply into the thread under a message.
func (p *Person) SayIn(ctx context.Context, channel string, thread TS, text string) (Outcome, error) {
	return p.say(ctx, channel, said{text: text, thread: thread})
}

// Broadcast posts a reply into a thread and sends it to the channel, too.
func (p *Person) Broadcast(ctx context.Context, channel string, thread TS, text string) (Outcome, error) {
	return p.say(ctx, channel, said{text: text, thread: thread, broadcast: true})
}

func (p *Person) say(ctx context.Context, channel string, what said) (Outcome, error) {
	if p.absent != nil {
		return p.refuse()
	}
	return p.ws.say(ctx, p.u, channel, what)
}

// ClickOption says what is chosen with a click.
type ClickOption func(*click)

type click struct{ values []string }

// Choose picks options by their words or values in a menu or select; for a
// date or time picker the date or time, for a people or channel select names.
func Choose(values ...string) ClickOption {
	return func(c *click) { c.values = append(c.values, values...) }
}

// Click presses a button, or chooses something in a menu or select; confirm
// dialogs are confirmed.
func (p *Person) Click(ctx context.Context, t Target, opts ...ClickOption) (Outcome, error) {
	if p.absent != nil {
		return p.refuse()
	}
	var k click
	for _, o := range opts {
		o(&k)
	}
	ws := p.ws
	ws.mu.Lock()
	s, c, err := ws.find(p.u, t)
	if err == nil && s.channel != nil && s.channel.archived {
		err = fmt.Errorf("%w: #%s is archived", ErrNotPossible, s.channel.name)
	}
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	choice, err := ws.choice(c, k.values)
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	return ws.press(ctx, p.u, s, c, choice)
}

// Fill sets an input of the modal on top, found by label, block id or action
// id: one text for text inputs, dates and times, any number of options, people
// or channels for selects, checkboxes and radio buttons; none clears it. A
// select that asks the app is asked with the text and takes its first offer
// that has the words. Inputs that dispatch tell the app.
func (p *Person) Fill(ctx context.Context, label string, values ...string) (Outcome, error) {
	return p.FillIn(ctx, InModal(label), values...)
}

// FillIn is Fill for any surface.
func (p *Person) FillIn(ctx context.Context, t Target, values ...string) (Outcome, error) {
	if p.absent != nil {
		return p.refuse()
	}
	ws := p.ws
	s, c, err := ws.lockedByWords(p.u, t)
	if err != nil {
		return refused(err)
	}
	var choice map[string]any
	if c.External() {
		ws.mu.Unlock()
		var out Outcome
		if choice, out, err = p.ask(ctx, t, c, values); err != nil {
			return out, err
		}
		if s, c, err = ws.lockedByWords(p.u, t); err != nil {
			return refused(err)
		}
	} else if choice, err = ws.choice(c, values); err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	return ws.press(ctx, p.u, s, c, choice)
}

// Attach uploads files and adds them to a file input of the modal on top, found
// by label, block id or action id. They are the person's own and shared nowhere;
// Fill without values takes them out again.
func (p *Person) Attach(label string, files ...Upload) error {
	if p.absent != nil {
		return p.absent
	}
	s, c, err := p.ws.lockedByWords(p.u, InModal(label))
	if err == nil {
		_, err = p.ws.attach(p.u, s, c, files)
	}
	return err
}

// Suggest types into a select that asks the app and returns what it offers.
func (p *Person) Suggest(ctx context.Context, t Target, typed string) (Suggestions, Outcome, error) {
	if p.absent != nil {
		out, err := p.refuse()
		return Suggestions{}, out, err
	}
	s, c, err := p.ws.lockedByWords(p.u, t)
	if err != nil {
		out, err := refused(err)
		return Suggestions{}, out, err
	}
	return p.ws.suggest(ctx, p.u, s, c, typed)
}

// Submit presses the submit button of the modal on top. When inputs are
// refused, by Slack or by the app, the outcome is not OK and FieldErrors says
// why; that is no error of the call.
func (p *Person) Submit(ctx context.Context) (Outcome, error) {
	return p.withTop(func(v *view) (Outcome, error) { return p.ws.submit(ctx, p.u, v) })
}

// Close closes the modal on top.
func (p *Person) Close(ctx context.Context) (Outcome, error) {
	return p.withTop(func(v *view) (Outcome, error) { return p.ws.closeView(ctx, p.u, v, false) })
}

// CloseAll closes every modal.
func (p *Person) CloseAll(ctx context.Context) (Outcome, error) {
	return p.withTop(func(v *view) (Outcome, error) { return p.ws.closeView(ctx, p.u, v, true) })
}

// withTop calls do with the modal on top, the workspace locked.
func (p *Person) withTop(do func(*view) (Outcome, error)) (Outcome, error) {
	if p.absent != nil {
		return p.refuse()
	}
	p.ws.mu.Lock()
	if n := len(p.u.stack); n > 0 {
		return do(p.u.stack[n-1])
	}
	p.ws.mu.Unlock()
	return notPossible("%s has no modal open.", p.u.name)
}

// OpenHome opens the app's Home tab and returns when the app has acked the
// event; use WaitFor to wait for what it publishes.
func (p *Person) OpenHome(ctx context.Context) (Outcome, error) { return p.OpenTab(ctx, "home") }

// OpenTab opens a tab of the app: "home" or "messages".
func (p *Person) OpenTab(ctx context.Context, tab string) (Outcome, error) {
	if p.absent != nil {
		return p.refuse()
	}
	return p.ws.openHome(ctx, p.u, tab)
}

// Shortcut runs a global shortcut, by callback id or name.
func (p *Person) Shortcut(ctx context.Context, name string) (Outcome, error) {
	if p.absent != nil {
		return p.refuse()
	}
	return p.ws.useShortcut(ctx, p.u, name)
}

// MessageAction runs a message shortcut on a message.
func (p *Person) MessageAction(ctx context.Context, channel string, ts TS, name string) (Outcome, error) {
	if p.absent != nil {
		return p.refuse()
	}
	return p.ws.useMessageAction(ctx, p.u, channel, ts, name)
}

// Join makes the person a member of a public channel.
func (p *Person) Join(channel string) error {
	return p.change(func() (Outcome, error) { return p.ws.join(p.u, channel) })
}

// Leave takes the person out of a channel.
func (p *Person) Leave(channel string) error {
	return p.change(func() (Outcome, error) { return p.ws.leave(p.u, channel) })
}

// Invite brings another person, or the app's bot by its name, into a channel.
func (p *Person) Invite(channel, whom string) error {
	return p.change(func() (Outcome, error) { return p.ws.invite(p.u, channel, whom) })
}

func (p *Person) change(act func() (Outcome, error)) error {
	if p.absent != nil {
		return p.absent
	}
	_, err := act()
	return err
}

// Reload reloads the person's Slack: his ephemeral messages and modals are gone.
func (p *Person) Reload() { p.ws.reload(p.u) }

// MarkRead marks a channel read up to now.
func (p *Person) MarkRead(channel string) { p.ws.markRead(p.u, channel) }
