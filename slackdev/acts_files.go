package slackdev

import (
	"context"
	"fmt"
)

// Upload is a file that a person sends, with what he says to it; in a file input
// (Person.Attach) nothing is said.
type Upload struct {
	Name   string // with its ending, which tells what it is: notes.txt
	Title  string // Name by default
	Alt    string // what a picture shows, for who cannot see it
	Data   []byte // at most 32 MB, in a file input 10 MB
	Text   string // may be empty
	Thread TS     // of the message it is a reply to; empty for the channel
}

// upload posts a message with a file.
func (ws *Workspace) upload(ctx context.Context, u *user, where string, up Upload) (Outcome, error) {
	ws.mu.Lock()
	ch, err := ws.held(u, where)
	switch {
	case err != nil:
	case up.Name == "" || len(up.Data) == 0:
		err = fmt.Errorf("%w: a file needs a name, and something in it", ErrNotPossible)
	case len(up.Data) > maxUpload:
		err = fmt.Errorf("%w: a file has at most %d MB", ErrNotPossible, maxUpload>>20)
	case ch.kind == kindIM && ws.manifest.messagesReadOnly():
		err = fmt.Errorf("%w: sending messages to this app has been turned off", ErrNotPossible)
	case up.Thread != "" && ch.byTS[up.Thread] == nil:
		err = fmt.Errorf("%w: the thread is gone", ErrNotPossible)
	}
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	f := ws.newFile(u, up, ch.id)
	m := &message{
		ts: ws.st.nextTS(ws.clock.Now()), channel: ch, user: u.id, text: ws.st.typed(up.Text, true, false),
		thread: threadOf(ch, up.Thread), files: []*file{f},
	}
	u.read[ch.id] = m.ts
	waits := ws.publish(m)
	if ch.memberSet[ws.st.bot.id] {
		waits = append(waits, ws.emit("file_shared", u.id, map[string]any{
			"type": "file_shared", "channel_id": ch.id, "file_id": f.id, "user_id": u.id, "file": map[string]any{"id": f.id},
		}))
	}
	ws.mu.Unlock()
	out := Outcome{OK: true}
	for _, s := range waits {
		out = s.await(ctx, out)
	}
	return out, nil
}
