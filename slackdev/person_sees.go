package slackdev

import "strings"

// This file is what a person sees.

// Messages lists what the person sees in a channel, oldest first: his
// ephemerals too, replies in threads only when they were broadcast. It is empty
// for a channel he cannot see.
func (p *Person) Messages(channel string) []Message {
	return p.list(channel, func(m *message) bool { return m.inChannel() })
}

// Thread lists a message and its replies.
func (p *Person) Thread(channel string, parent TS) []Message {
	return p.list(channel, func(m *message) bool { return m.ts == parent || m.thread == parent })
}

// DM lists the person's direct message with the app.
func (p *Person) DM() []Message { return p.Messages("dm") }

func (p *Person) list(channel string, want func(*message) bool) []Message {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	if p.absent != nil {
		return nil
	}
	ch := p.ws.place(p.u, channel)
	if ch == nil {
		return nil
	}
	var out []Message
	for _, m := range p.ws.visibleMessages(p.u, ch) {
		if want(m) {
			out = append(out, p.ws.seen(m, p.u))
		}
	}
	return out
}

// Message returns one message the person sees.
func (p *Person) Message(channel string, ts TS) (Message, bool) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	if p.absent != nil {
		return Message{}, false
	}
	if m := p.ws.visibleMessage(p.u, p.ws.place(p.u, channel), ts); m != nil {
		return p.ws.seen(m, p.u), true
	}
	return Message{}, false
}

// File returns a file that a message names; false for one that the person may not
// see.
func (p *Person) File(id FileID) (File, bool) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	f := p.ws.st.files[id]
	if p.absent != nil || f == nil || !f.complete || !p.ws.mayOpen(p.u, f) {
		return File{}, false
	}
	return File{Name: f.name, Title: f.title, Alt: f.altText, Data: f.data}, true
}

// Sees is the whole text of a channel as the person reads it, messages
// separated by an empty line.
func (p *Person) Sees(channel string) string { return wholeText(p.Messages(channel)) }

// SeesThread is the whole text of a thread as the person reads it, the parent
// first.
func (p *Person) SeesThread(channel string, parent TS) string {
	return wholeText(p.Thread(channel, parent))
}

func wholeText(messages []Message) string {
	var parts []string
	for _, m := range messages {
		parts = append(parts, m.Text())
	}
	return strings.Join(parts, "\n\n")
}

// Modal is the modal on top of the person's stack.
func (p *Person) Modal() (View, bool) {
	all := p.Modals()
	if len(all) == 0 {
		return View{}, false
	}
	return all[len(all)-1], true
}

// Modals is the person's stack of modals, bottom first.
func (p *Person) Modals() []View {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	out := make([]View, len(p.u.stack))
	for i, v := range p.u.stack {
		out[i] = p.ws.seenView(v, p.u)
	}
	return out
}

// Home is the person's Home tab, once the app has published it.
func (p *Person) Home() (View, bool) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	if p.u.home == nil {
		return View{}, false
	}
	return p.ws.seenView(p.u.home, p.u), true
}
