package bot

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/workflow"
)

// answer is what an envelope is answered with: what rides on the
// acknowledgement, and what is said after it.
type answer struct {
	payload any
	after   []func(context.Context)
	outcome string // for the metrics
	// spare says what payload would have said, where none is taken or not one of
	// that size.
	spare func(context.Context)
}

// unsent moves what would have ridden on the acknowledgement behind it.
func (a *answer) unsent() {
	a.payload = nil
	if a.spare != nil {
		a.after = append([]func(context.Context){a.spare}, a.after...)
	}
}

func (a *answer) then(f func(context.Context)) { a.after = append(a.after, f) }

// answer carries out what came in. When it returns, what was changed is on
// disk. In the first moments after a start it waits until people and teams are
// known.
func (b *Bot) answer(ctx context.Context, in Incoming) answer {
	select {
	case <-b.prepared:
	case <-ctx.Done():
		out := answer{outcome: "refused"}
		b.say(&out, in, workflow.Say("I have only just started and do not know who is who yet. Nothing was changed; please try again in a moment."))
		return out
	}
	switch in.Kind {
	case Slash:
		return b.slash(ctx, in)
	case Click:
		return b.click(ctx, in)
	case Submission:
		return b.submission(ctx, in)
	case Shortcut:
		return b.reply(ctx, in, commands.Request{ID: workflow.RequestID(in.Key), User: in.User, Verb: "new"})
	case Happened:
		return b.happened(ctx, in)
	}
	return answer{outcome: "ignored"}
}

// slash answers a typed command.
func (b *Bot) slash(ctx context.Context, in Incoming) answer {
	verb, text, _ := strings.Cut(strings.TrimSpace(in.Text), " ")
	return b.reply(ctx, in, commands.Request{
		ID: workflow.RequestID(in.Key), User: in.User, Channel: in.Channel,
		Verb: strings.ToLower(verb), Text: unescape(strings.TrimSpace(text)),
	})
}

// unescape turns what Slack made of typed text back into what was typed: the
// three entities, and links, which come in angle brackets. Mentions keep their
// form.
func unescape(s string) string {
	return entities.Replace(typedLink.ReplaceAllString(s, "$1"))
}

var (
	entities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	typedLink = regexp.MustCompile(`<(?:mailto:)?((?:https?://)?[^@#!|>\s][^|>\s]*)(?:\|[^>]*)?>`)
)

// click answers a button or menu. Several actions in one envelope are answered
// one after the other.
func (b *Bot) click(ctx context.Context, in Incoming) answer {
	out := answer{outcome: "ignored"}
	for _, a := range in.Actions {
		verb, target, err := view.ParseAction(a.ID, a.Value)
		if err != nil || verb == "" || verb == view.LinkAction {
			continue // a link, or an input that only changed
		}
		one := b.reply(ctx, in, commands.Request{
			ID: workflow.RequestID(in.Key), User: in.User, Channel: in.Channel, Verb: verb, Target: target,
		})
		out.outcome = one.outcome
		out.after = append(out.after, one.after...)
	}
	return out
}

// reply carries out a typed command, a click or a shortcut.
func (b *Bot) reply(ctx context.Context, in Incoming, req commands.Request) answer {
	reply, err := b.desk.Do(ctx, req)
	if err != nil {
		out := answer{outcome: outcomeOf(err)}
		b.say(&out, in, explain(b.log, err))
		b.homes.acted(in.User) // what they clicked may not be so any more
		return out
	}
	out := answer{outcome: "ok"}
	switch {
	case reply.Form != nil:
		if reply.Form.Verb == "new" && !isShared(reply.Form.Target.Channel) {
			b.say(&out, in, workflow.Say("Type %s in the channel where the card should be.", workflow.Command(b.options.Command+" new")))
			return out
		}
		form := view.Modal(reply.Form)
		out.then(func(ctx context.Context) {
			if reply.Form.Verb == "new" {
				if refusal := b.refusal(ctx, reply.Form.Target.Channel); !refusal.IsZero() {
					b.sayLater(ctx, in, refusal)
					return
				}
			}
			b.showAndThen(ctx, in, form, view.Message{}, reply)
		})
	case reply.Page != nil && reply.Home && in.View.Type == "home":
		b.homes.turned(in.User, req.Target)
	case reply.Page != nil:
		b.page(&out, in, reply)
	case reply.Run != nil:
		b.card(&out, in, reply.Run)
	case len(reply.Files) > 0:
		b.files(&out, asking{in.Channel, in.Thread, in}, reply)
	case reply.Text.IsZero():
	case in.Ephemeral && in.Response != "": // what was clicked is done with
		m := view.Notice(reply.Text, reply.Buttons...)
		out.then(func(ctx context.Context) {
			if err := b.web.replace(ctx, in.Response, m); err != nil {
				b.speak(ctx, in, m)
			}
		})
	case req.Typed() && in.Kind == Slash || in.View.ID != "" || reply.Tell || len(reply.Buttons) > 0 && isShared(in.Channel):
		b.say(&out, in, reply.Text, reply.Buttons...)
	}
	if reply.Form == nil && reply.Page == nil && reply.Run == nil { // those only show
		b.homes.acted(in.User)
	}
	return out
}

// formWithin is how long a form waits for what is known of its channel: the
// trigger that opens it is good for three seconds.
const formWithin = time.Second

// refusal says why no card may be posted in a channel; nothing when it may, or
// when that is not known in time: it is asked again before anything is posted.
func (b *Bot) refusal(ctx context.Context, channel workflow.ChannelID) workflow.Text {
	ctx, cancel := context.WithTimeout(ctx, formWithin)
	defer cancel()
	refusal, err := b.rooms.refusal(ctx, channel)
	if err != nil {
		b.log.Warn("a channel could not be looked up; it is tried again before anything is posted in it", "channel", channel, "err", err)
	}
	return refusal
}

// isShared reports whether others than one person see the conversation, so that
// a card in it is of use. Slack's ids of conversations of two begin with D.
func isShared(channel workflow.ChannelID) bool {
	return channel != "" && !strings.HasPrefix(string(channel), "D")
}

func outcomeOf(err error) string {
	if k := workflow.KindOf(err); k == workflow.Internal {
		return "failed"
	}
	return "refused"
}

// page shows a page: short ones in the conversation they were asked for in, the
// others in a modal, and so those that are to be filled still.
func (b *Bot) page(out *answer, in Incoming, reply commands.Reply) {
	p := reply.Page
	if in.Kind == Slash && p.Brief && reply.Later == nil {
		b.sayMessage(out, in, view.PageMessage(p))
		return
	}
	modal := view.PageModal(p)
	out.then(func(ctx context.Context) { b.showAndThen(ctx, in, modal, view.PageMessage(p), reply) })
}

// card shows a run to the person who asked, where they asked.
func (b *Bot) card(out *answer, in Incoming, r *workflow.Run) {
	card := b.options.Names.Card(r)
	if in.View.ID != "" {
		modal := b.options.Names.CardModal(r)
		out.then(func(ctx context.Context) { b.show(ctx, in, modal, card) })
		return
	}
	b.sayMessage(out, in, card)
}

// say answers with a sentence only the person who asked sees.
func (b *Bot) say(out *answer, in Incoming, t workflow.Text, buttons ...commands.Button) {
	if in.View.ID != "" { // in a modal, or on Home, where a message would go unseen
		modal := view.NoticeModal(t, buttons...)
		out.then(func(ctx context.Context) { b.show(ctx, in, modal, view.Notice(t, buttons...)) })
		return
	}
	b.sayMessage(out, in, view.Notice(t, buttons...))
}

// sayMessage answers with a message only the person who asked sees: on the
// acknowledgement of a command, where that is the quickest, else after it.
func (b *Bot) sayMessage(out *answer, in Incoming, m view.Message) {
	spare := func(ctx context.Context) { b.speak(ctx, in, m) }
	if in.Kind == Slash {
		out.payload, out.spare = privately(m), spare
		return
	}
	out.then(spare)
}

func (b *Bot) sayLater(ctx context.Context, in Incoming, t workflow.Text) {
	b.speak(ctx, in, view.Notice(t))
}

// speak tells the person who asked, by the first way that works: the response
// address, a message only they see, a direct message.
func (b *Bot) speak(ctx context.Context, in Incoming, m view.Message) {
	var err error
	if in.Thread != "" && in.Channel != "" { // where they look; a response address leads out of the thread
		if err = b.web.ephemeralIn(ctx, in.Channel, in.Thread, in.User, m); err == nil {
			return
		}
	}
	if in.Response != "" {
		if err = b.web.respond(ctx, in.Response, m); err == nil {
			return
		}
	}
	if in.Channel != "" {
		if err = b.web.ephemeral(ctx, in.Channel, in.User, m); err == nil {
			return
		}
	}
	if err2 := b.web.direct(ctx, in.User, m); err2 != nil {
		b.log.Warn("a person could not be answered", "user", in.User, "err", err, "then", err2)
	}
}

// submission answers a submitted form.
func (b *Bot) submission(ctx context.Context, in Incoming) answer {
	verb, target, err := view.ParseMetadata(in.View.Metadata)
	if err != nil {
		unreadable := workflow.Say("I cannot tell which form that was, so nothing was changed. Please open it again.")
		b.log.Warn("a form could not be read", "err", err)
		out := answer{outcome: "undecodable"}
		b.inForm(&out, in, view.NoticeModal(unreadable), unreadable)
		return out
	}
	values := view.Values(in.View.State)
	reply, err := b.desk.Do(ctx, commands.Request{
		ID: requestOf(in, values), User: in.User, Verb: verb, Target: target, Values: values,
	})
	if err != nil {
		out := answer{outcome: outcomeOf(err)}
		why := explain(b.log, err)
		b.inForm(&out, in, view.NoticeModal(why), why)
		if e, ok := errors.AsType[*workflow.Error](err); ok {
			if fields := view.FieldErrors(e, values); len(fields) > 0 {
				out.payload = slack.NewErrorsViewSubmissionResponse(fields)
			}
		}
		return out
	}
	out := answer{outcome: "ok"}
	if more, ok := b.moreModal(reply); ok {
		at := opened{id: in.View.ID}
		out.payload = slack.NewUpdateViewSubmissionResponse(&more)
		out.spare = func(ctx context.Context) {
			at = b.show(ctx, Incoming{User: in.User, Trigger: in.Trigger}, more, view.Message{})
		}
		if reply.Later != nil {
			in.Channel = target.Channel // for what finds no modal any more
			out.then(func(ctx context.Context) { b.afterwards(ctx, in, at, reply.Later) })
		}
		b.homes.acted(in.User)
		return out
	}
	m := view.Notice(reply.Text, reply.Buttons...)
	switch {
	case len(reply.Files) > 0: // a form is a modal, whatever it was opened in
		b.files(&out, asking{in: Incoming{User: in.User, Channel: target.Channel}}, reply)
	case reply.Tell:
		in.Channel = target.Channel
		out.then(func(ctx context.Context) { b.speak(ctx, in, m) })
	case len(reply.Buttons) > 0 && isShared(target.Channel):
		// A handy extra, which is not worth a direct message where the bot is no
		// member: what it says is in the one of the run as well.
		out.then(func(ctx context.Context) {
			if err := b.web.ephemeral(ctx, target.Channel, in.User, m); err != nil {
				b.log.Info("a button was not offered in the channel", "channel", target.Channel, "err", err)
			}
		})
	}
	b.homes.acted(in.User)
	return out
}

// moreModal is what takes the place of a form that was submitted: another one, or
// something to read.
func (b *Bot) moreModal(reply commands.Reply) (slack.ModalViewRequest, bool) {
	switch {
	case reply.Form != nil:
		return view.Modal(reply.Form), true
	case reply.Page != nil:
		return view.PageModal(reply.Page), true
	case reply.Run != nil:
		return b.options.Names.CardModal(reply.Run), true
	}
	return slack.ModalViewRequest{}, false
}

// sorry answers where something went wrong. What happened without a person's
// asking is nobody's to be told.
func (b *Bot) sorry(in Incoming, err error) answer {
	out := answer{outcome: outcomeOf(err)}
	why := explain(b.log, err)
	switch {
	case in.Kind == Submission:
		b.inForm(&out, in, view.NoticeModal(why), why)
	case in.Kind != Happened || in.Event.Written:
		b.say(&out, in, why)
	}
	return out
}

// inForm answers in the place of the submitted form, or, where no answer is
// taken there, with a message.
func (b *Bot) inForm(out *answer, in Incoming, modal slack.ModalViewRequest, instead workflow.Text) {
	out.payload = slack.NewUpdateViewSubmissionResponse(&modal)
	out.spare = func(ctx context.Context) { b.sayLater(ctx, in, instead) }
}
