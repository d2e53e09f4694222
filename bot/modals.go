package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/workflow"
)

// This file shows modals, and puts what had to be looked up first in their place.
// The rules are:
//
//   - A trigger is good for three seconds, so a modal is open before anything is
//     asked of others.
//   - What takes its time keeps no worker, but counts as under way.
//   - A modal that was closed, or that shows something else by now, is left alone.
//     What was done meanwhile is said all the same; what was only looked up is not.

// opened is a modal that somebody looks at.
type opened struct {
	id   string // empty for none
	hash string // of what it shows; empty where that is not known
}

const (
	// viewGone is Slack's code for a modal that is not there any more.
	viewGone = "not_found"
	// laterWithin is how long it may take to find out what a modal is to show.
	laterWithin = 100 * time.Second
	// ackLands is after how long what rode on an acknowledgement is shown. Slack gets
	// that on a socket and a change of the modal on another way, and the later one stays.
	ackLands = 300 * time.Millisecond
)

func (w *web) openModal(ctx context.Context, trigger string, v slack.ModalViewRequest) (at opened, err error) {
	err = w.atOnce(ctx, "views.open", func(ctx context.Context) error {
		answer, err := w.client.OpenViewContext(ctx, trigger, v)
		if err == nil {
			at = opened{answer.View.ID, answer.View.Hash}
		}
		return err
	})
	return at, err
}

func (w *web) updateModal(ctx context.Context, at opened, v slack.ModalViewRequest) (now opened, err error) {
	now = opened{id: at.id}
	err = w.atOnce(ctx, "views.update", func(ctx context.Context) error {
		answer, err := w.client.UpdateViewContext(ctx, v, "", at.hash, at.id)
		if err == nil {
			now.hash = answer.View.Hash
		}
		return err
	})
	return now, err
}

// show opens a modal, or puts it in the place of the one that was clicked. When
// the server has no modals, instead is said, if there is anything to say.
func (b *Bot) show(ctx context.Context, in Incoming, modal slack.ModalViewRequest, instead view.Message) opened {
	at, err := b.place(ctx, in, modal)
	if err != nil {
		b.unshown(ctx, in, err, instead)
	}
	return at
}

// place is show without the words. A server that cannot change a modal may still
// be able to open another.
func (b *Bot) place(ctx context.Context, in Incoming, modal slack.ModalViewRequest) (opened, error) {
	if in.View.Type == "modal" {
		at, err := b.web.updateModal(ctx, opened{id: in.View.ID}, modal)
		if code := slackError(err); code != unknownMethod && !(code == viewGone && b.web.foreign) {
			return at, err
		}
	}
	return b.web.openModal(ctx, in.Trigger, modal)
}

// unshown says instead what a modal could not show, or why there is none.
func (b *Bot) unshown(ctx context.Context, in Incoming, err error, instead view.Message) {
	b.log.Warn("a modal could not be shown", "err", err)
	if len(instead.Blocks) > 0 {
		b.speak(ctx, in, instead)
		return
	}
	t := workflow.Say("I could not open the form (%s). Nothing was changed; please try again.", result(err))
	if slackError(err) == unknownMethod {
		t = noModals()
	}
	b.sayLater(ctx, in, t)
}

func noModals() workflow.Text {
	return workflow.Say("This server has no modals (it answered unknown_method to views.open), and I cannot ask you what I need without one. Nothing was changed.")
}

// showAndThen shows what a reply has at once, and then what it works out later. What
// has no modal to be shown in is said when it is known; but a form that did not open
// is all that the person wanted.
func (b *Bot) showAndThen(ctx context.Context, in Incoming, modal slack.ModalViewRequest, instead view.Message, reply commands.Reply) {
	at, err := b.place(ctx, in, modal)
	switch {
	case err != nil && (reply.Later == nil || reply.Form != nil && slackError(err) != unknownMethod):
		b.unshown(ctx, in, err, instead)
		return
	case err != nil:
		b.log.Warn("a modal could not be shown; what it is for is said when it is known", "err", err)
		at = opened{}
	}
	if reply.Later != nil {
		b.afterwards(ctx, in, at, reply.Later)
	}
}

// afterwards works something out beside all else and shows it in a modal, or says
// it where there is none.
func (b *Bot) afterwards(ctx context.Context, in Incoming, at opened, later func(context.Context) (commands.Reply, error)) {
	began := time.Now()
	b.dispatcher.beside(func() {
		within, cancel := context.WithTimeout(ctx, laterWithin)
		defer cancel()
		for later != nil {
			reply, err := workOut(within, later)
			if err != nil {
				reply = commands.Reply{Text: explain(b.log, err)}
			}
			if in.Kind == Submission {
				pause(within, ackLands-time.Since(began))
			}
			// What was found out is shown although time is up, or the bot is to stop.
			at = b.turn(context.WithoutCancel(ctx), in, at, reply)
			if reply.Form == nil && reply.Page == nil && reply.Run == nil {
				b.homes.acted(in.User)
			}
			later = reply.Later
		}
	})
}

// workOut is what later comes to, though it panic.
func workOut(ctx context.Context, later func(context.Context) (commands.Reply, error)) (reply commands.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return later(ctx)
}

// turn shows a reply in the place of what a modal shows.
func (b *Bot) turn(ctx context.Context, in Incoming, at opened, reply commands.Reply) opened {
	if len(reply.Files) > 0 {
		within, cancel := context.WithTimeout(ctx, filesWithin)
		told := b.sendFiles(within, asking{in.Channel, in.Thread, Incoming{User: in.User, Channel: in.Channel}}, reply)
		cancel()
		if told.IsZero() {
			told = workflow.Say("%s is in the conversation.", namesOf(reply.Files))
		}
		reply = commands.Reply{Text: told}
	}
	modal, shows := b.moreModal(reply)
	if !shows {
		modal = view.NoticeModal(reply.Text, reply.Buttons...)
	}
	if at.id == "" {
		b.speakReply(ctx, in, reply)
		return at
	}
	now, err := b.web.updateModal(ctx, at, modal)
	switch code := slackError(err); {
	case err == nil:
		return now
	case code == unknownMethod: // of a modal that cannot be changed there may be another
		if now, err = b.web.openModal(ctx, in.Trigger, modal); err == nil {
			return now
		}
		b.speakReply(ctx, in, reply)
	case isClosed(code):
		if !reply.Text.IsZero() {
			b.speak(ctx, in, view.Notice(reply.Text, reply.Buttons...))
		}
	case !reply.Text.IsZero():
		b.log.Warn("a modal could not be brought up to date; it is said in a message", "err", err)
		b.speak(ctx, in, view.Notice(reply.Text, reply.Buttons...))
	default:
		b.log.Warn("a modal could not be brought up to date", "err", err)
		b.sayLater(ctx, in, workflow.Say("I could not show what I found (%s). Please ask again.", result(err)))
	}
	return at
}

// isClosed reports whether a modal is not there any more, or shows something else.
func isClosed(code string) bool {
	switch code {
	case viewGone, "view_not_found", "expired_trigger_id", "expired_trigger", "hash_conflict":
		return true
	}
	return false
}

// speakReply says a reply in a message.
func (b *Bot) speakReply(ctx context.Context, in Incoming, reply commands.Reply) {
	switch {
	case reply.Form != nil && in.Kind == Happened:
		b.sayLater(ctx, in, b.typeIt(in))
	case reply.Form != nil:
		b.sayLater(ctx, in, noModals())
	case reply.Page != nil && reply.Later != nil: // it is to be filled still
	case reply.Page != nil:
		b.speak(ctx, in, view.PageMessage(reply.Page))
	case reply.Run != nil:
		b.speak(ctx, in, b.options.Names.Card(reply.Run))
	default:
		b.speak(ctx, in, view.Notice(reply.Text, reply.Buttons...))
	}
}
