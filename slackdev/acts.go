package slackdev

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// This file has what people do outside of blocks: commands, messages,
// shortcuts, looking at the Home tab. The Go API and the control API both end
// here.

func notPossible(format string, a ...any) (Outcome, error) {
	told := fmt.Sprintf(format, a...)
	return Outcome{Error: told}, fmt.Errorf("%w: %s", ErrNotPossible, told)
}

// slash runs a command. line is the whole of what is typed.
func (ws *Workspace) slash(ctx context.Context, u *user, where, line string) (Outcome, error) {
	name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
	cmd, ok := ws.manifest.command(name)
	ws.mu.Lock()
	ch := ws.place(u, where)
	switch {
	case ch == nil:
		ws.mu.Unlock()
		return notPossible("There is no channel %s that %s can see.", where, u.name)
	case !ok:
		ws.mu.Unlock()
		return notPossible("%s is not a valid command. In Slack, all messages that start with the \"/\" character are interpreted as commands.", name)
	case u.kind == KindStranger:
		ws.mu.Unlock()
		return notPossible("People of other organisations cannot use %s here.", name)
	case ch.archived:
		ws.mu.Unlock()
		return notPossible("#%s is archived, so commands cannot be used in it.", ch.name)
	case !ws.st.app.scopes["commands"]:
		ws.mu.Unlock()
		return notPossible("%s failed because the app lacks the scope commands.", name)
	}
	ref := channelRefOf(ch)
	p := &slashPayload{
		Token: "slackdev", TeamID: ws.st.team.id, TeamDomain: ws.st.team.domain, ChannelID: ch.id, ChannelName: ref.Name,
		UserID: u.id, UserName: u.name, Command: cmd.Command, Text: ws.st.typed(strings.TrimSpace(text), cmd.ShouldEscape, true),
		APIAppID: ws.st.app.id, IsEnterprise: "false",
	}
	p.ResponseURL = ws.newResponseURL(responseURL{user: u.id, channel: ch.id})
	p.TriggerID = ws.newTrigger(trigger{user: u.id, channel: ch.id})
	sent := ws.send(&envelope{
		Type: "slash_commands", Payload: p, AcceptsReply: true, who: u.id, kind: "slash_command", summary: strings.TrimSpace(line),
	})
	ws.mu.Unlock()
	out, err := ws.await(ctx, sent)
	if err != nil {
		if out.Error != "" && !strings.Contains(out.Error, "given up") {
			out.Error = fmt.Sprintf("%s failed: %s", cmd.Command, out.Error)
		}
		return out, err
	}
	return ws.slashReply(u, ch, line, out)
}

// slashReply shows the message an ack carries.
func (ws *Workspace) slashReply(u *user, ch *channel, line string, out Outcome) (Outcome, error) {
	if out.Response == nil {
		return out, nil
	}
	var b responseBody
	if err := json.Unmarshal(out.Response, &b); err != nil {
		return ws.badResponse(out, "the answer to a command must be a message: "+jsonWrong(err))
	}
	c := &call{ws: ws}
	k, err := c.contentOf(b.Text, b.Blocks, b.Attachments)
	if err != nil {
		return ws.badResponse(out, describe(err))
	}
	if k.empty() && b.ResponseType != "in_channel" {
		w := "the ack of a command carried a payload that shows nothing: it has no text, blocks or attachments"
		out.Warnings = append(out.Warnings, w)
		ws.ackWasWrong(out.EnvelopeID, w)
		return out, nil
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if b.ResponseType == "in_channel" {
		ws.st.post(&message{ts: ws.st.nextTS(ws.clock.Now()), channel: ch, user: u.id, text: entities.Replace(line)})
		if k.empty() { // the command alone is shown
			ws.changedMessages(ch)
			return out, nil
		}
		m := ws.newBotMessage(ch, k)
		ws.publish(m)
		ws.ackShows(out, ws.messageShown("posted", m, nil))
		return out, nil
	}
	ws.ackShows(out, ws.messageShown("posted", ws.showEphemeral(ch, u, k), nil))
	return out, nil
}

// badResponse is what Slack makes of an ack it cannot use: a sentence that
// tells nothing to the person, and here the reason for the developer.
func (ws *Workspace) badResponse(out Outcome, why string) (Outcome, error) {
	ws.log.Error("the app's response was refused", "why", why, "envelope_id", out.EnvelopeID)
	out.OK = false
	out.Error = "We had some trouble connecting. Try again?"
	out.Warnings = append(out.Warnings, why)
	ws.record.Refused(out.EnvelopeID, out.Error, why, problemsIn(why))
	ws.hub.tell(change{kind: "interactions"})
	return out, fmt.Errorf("%w: %s", ErrBadResponse, why)
}

// describe writes a failure with its details.
func describe(err error) string {
	f, ok := err.(*failure)
	if !ok {
		return err.Error()
	}
	if meta, ok := f.detail["response_metadata"]; ok {
		return f.code + ": " + string(mustJSON(meta))
	}
	return f.code
}

// problemsIn are the validator's sentences in a failure that was described.
func problemsIn(why string) []string {
	var meta struct {
		Messages []string `json:"messages"`
	}
	_, detail, _ := strings.Cut(why, ": ")
	if json.Unmarshal([]byte(detail), &meta) != nil {
		return nil // no failure with details
	}
	return meta.Messages
}

// place finds the conversation a person means: "" and "DM" are his direct
// message with the app.
func (ws *Workspace) place(u *user, where string) *channel {
	if where == "" || strings.EqualFold(where, "dm") {
		if !ws.manifest.messagesTab() {
			return nil
		}
		return ws.st.openIM(u, ws.clock.Now())
	}
	ch := ws.st.channelByName(where)
	if ch == nil || !ch.visibleTo(u) {
		return nil
	}
	return ch
}

// said is what a person writes: a message, or a reply in a thread, which the
// channel shows, too, when it is broadcast.
type said struct {
	text      string
	thread    TS
	broadcast bool
}

// say posts a person's message.
func (ws *Workspace) say(ctx context.Context, u *user, where string, what said) (Outcome, error) {
	ws.mu.Lock()
	ch := ws.place(u, where)
	switch {
	case ch == nil:
		ws.mu.Unlock()
		return notPossible("There is no channel %s that %s can see.", where, u.name)
	case strings.TrimSpace(what.text) == "":
		ws.mu.Unlock()
		return notPossible("An empty message cannot be sent.")
	case ch.archived:
		ws.mu.Unlock()
		return notPossible("#%s is archived.", ch.name)
	case !ch.memberSet[u.id]:
		ws.mu.Unlock()
		return notPossible("%s is not a member of #%s: join it first.", u.name, ch.name)
	case ch.kind == kindIM && ws.manifest.messagesReadOnly():
		ws.mu.Unlock()
		return notPossible("Sending messages to this app has been turned off.")
	case what.thread != "" && ch.byTS[what.thread] == nil:
		ws.mu.Unlock()
		return notPossible("The thread is gone.")
	}
	m := &message{
		ts: ws.st.nextTS(ws.clock.Now()), channel: ch, user: u.id, text: ws.st.typed(what.text, true, false),
		thread: threadOf(ch, what.thread), broadcast: what.thread != "" && what.broadcast,
	}
	u.read[ch.id] = m.ts
	waits := ws.publish(m)
	ws.mu.Unlock()
	out := Outcome{OK: true}
	for _, s := range waits {
		out = s.await(ctx, out)
	}
	return out, nil
}

// openHome tells the app that a person looks at one of its tabs.
func (ws *Workspace) openHome(ctx context.Context, u *user, tab string) (Outcome, error) {
	if tab == "" {
		tab = "home"
	}
	if tab != "home" && tab != "messages" {
		return refused(fmt.Errorf("%w: there is no tab %q: it is home or messages", ErrNotPossible, tab))
	}
	if tab == "home" && !ws.manifest.homeTab() {
		return notPossible("%s has no Home tab.", ws.st.bot.name)
	}
	if tab == "messages" && !ws.manifest.messagesTab() {
		return notPossible("%s has no Messages tab.", ws.st.bot.name)
	}
	ws.mu.Lock()
	im := ws.st.openIM(u, ws.clock.Now())
	event := map[string]any{"type": "app_home_opened", "user": u.id, "channel": im.id, "tab": tab}
	if tab == "home" && u.home != nil {
		event["view"] = ws.viewObject(u.home)
	}
	s := ws.emit("app_home_opened", u.id, event)
	ws.mu.Unlock()
	return s.await(ctx, Outcome{OK: true}), nil
}

// useShortcut runs a global shortcut.
func (ws *Workspace) useShortcut(ctx context.Context, u *user, name string) (Outcome, error) {
	sc, ok := ws.manifest.shortcut("global", name)
	if ok && !ws.manifest.interactive() {
		return notPossible(notInteractive)
	}
	if !ok {
		return notPossible("There is no shortcut %s.", name)
	}
	ws.mu.Lock()
	if u.kind == KindStranger {
		ws.mu.Unlock()
		return notPossible("People of other organisations cannot use shortcuts of this workspace.")
	}
	p := ws.newInteractive("shortcut", u)
	p.CallbackID, p.ActionTS = sc.CallbackID, ws.actionTS()
	p.TriggerID = ws.newTrigger(trigger{user: u.id})
	sent := ws.send(interactiveEnvelope(p, sc.CallbackID))
	ws.mu.Unlock()
	return ws.await(ctx, sent)
}

// useMessageAction runs a message shortcut.
func (ws *Workspace) useMessageAction(ctx context.Context, u *user, where string, ts TS, name string) (Outcome, error) {
	sc, ok := ws.manifest.shortcut("message", name)
	if ok && !ws.manifest.interactive() {
		return notPossible(notInteractive)
	}
	if !ok {
		return notPossible("There is no message shortcut %s.", name)
	}
	ws.mu.Lock()
	ch := ws.place(u, where)
	if u.kind == KindStranger {
		ws.mu.Unlock()
		return notPossible("People of other organisations cannot use shortcuts of this workspace.")
	}
	if ch == nil || ch.byTS[ts] == nil {
		ws.mu.Unlock()
		return notPossible("The message is gone.")
	}
	m := ch.byTS[ts]
	p := ws.newInteractive("message_action", u)
	p.CallbackID, p.ActionTS = sc.CallbackID, ws.actionTS()
	p.Channel, p.MessageTS, p.Message = channelRefOf(ch), m.ts, ws.messageJSON(m)
	p.TriggerID = ws.newTrigger(trigger{user: u.id, channel: ch.id})
	p.ResponseURL = ws.newResponseURL(responseURL{user: u.id, channel: ch.id, ts: ts})
	sent := ws.send(interactiveEnvelope(p, sc.CallbackID))
	ws.mu.Unlock()
	return ws.await(ctx, sent)
}

func (ws *Workspace) actionTS() TS { return formatTS(ws.clock.Now().UnixMicro()) }

// reload is a page load: the person's ephemeral messages are gone, and their
// modals, of which the app is told nothing.
func (ws *Workspace) reload(u *user) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for id := range u.ephemerals {
		ws.hub.tell(change{kind: "messages", channel: id, user: u.id})
	}
	clear(u.ephemerals)
	if len(u.stack) > 0 {
		ws.drop(u, 0)
	}
}

func (ws *Workspace) markRead(u *user, where string) (Outcome, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := ws.place(u, where)
	if ch == nil {
		return notPossible("There is no channel %s that %s can see.", where, u.name)
	}
	u.read[ch.id] = formatTS(ws.st.lastTS)
	ws.hub.tell(change{kind: "conversations", user: u.id})
	return Outcome{OK: true}, nil
}
