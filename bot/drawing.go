package bot

import (
	"context"
	"fmt"
	"time"

	"cloudimage/bot/view"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/reminder"
	"cloudimage/workflow/store"
)

// Letters reads what messages show: runs with what happened to them, what was
// composed for a person or a channel, and builds, each as it stands at that moment.
type Letters interface {
	Run(ctx context.Context, id workflow.RunID) (*workflow.Run, error)
	Events(ctx context.Context, id workflow.RunID, before int64, limit int) ([]workflow.Event, error)
	CardOf(ctx context.Context, id workflow.RunID) (store.Message, error)
	MessageAt(ctx context.Context, channel workflow.ChannelID, ts string) (store.Message, error)
	Morning(ctx context.Context, person workflow.UserID, about string) (reminder.Morning, error)
	Daily(ctx context.Context, channel workflow.ChannelID, about string) (reminder.Daily, error)
	BuildLetters
}

// BuildLetters reads what the messages about builds show. Where no images are made it
// is never asked.
type BuildLetters interface {
	News(ctx context.Context, plan images.PlanID) (images.News, error)
	Build(ctx context.Context, id images.BuildID) (*images.Build, error)
	// BuildMessage is the message that tells of a plan; a NotFound error when there is
	// none.
	BuildMessage(ctx context.Context, plan images.PlanID) (store.Message, error)
}

// drawing is a message as it is to be shown now.
type drawing struct {
	view.Message
	version int64         // what it shows; see store.Message.Wanted
	fades   time.Time     // when it is to be drawn anew all the same; zero for never
	name    string        // what it is, for the log
	run     *workflow.Run // whose it is; nil when it is of none
	thread  thread        // where it is posted
	gone    bool          // it is not to be shown any more
	kept    bool          // it stays as it is shown
	log     *logFile      // goes along when it is posted; nil for none
}

// drawn is what is noted of it.
func (d drawing) drawn() store.Drawn {
	return store.Drawn{Version: d.version, Digest: d.Digest(), Fades: d.fades}
}

// drawing draws a message from what is so now.
func (p *publisher) drawing(ctx context.Context, m store.Message) (d drawing, err error) {
	d = drawing{version: m.Wanted, name: string(m.Kind) + " message", gone: m.Recall}
	if d.gone {
		return d, nil
	}
	letters, now := p.bot.options.Letters, p.bot.options.Now()
	if m.Run != "" {
		if d.run, err = letters.Run(ctx, m.Run); err != nil {
			return d, fmt.Errorf("run %s: %w", m.Run, err)
		}
		d.name = string(m.Kind) + " of " + d.run.Name()
	}
	switch m.Kind {
	case store.Card:
		d.Message, d.version = p.bot.options.Names.Card(d.run), d.run.Version
	case store.DM:
		d.Message, d.version = p.bot.options.Names.Direct(d.run, m.Person, now), d.run.Version
		d.fades = view.Fades(d.run, m.Person, now)
	case store.Story:
		err = p.story(ctx, m, &d)
	case store.Morning:
		var l reminder.Morning
		l, err = letters.Morning(ctx, m.Person, m.About)
		d.Message = p.bot.options.Names.Morning(l, now)
	case store.Daily:
		var l reminder.Daily
		l, err = letters.Daily(ctx, m.Channel, m.About)
		d.Message = view.Daily(l, now)
	case store.BuildNews:
		err = p.buildNews(ctx, m, &d)
	case store.BuildLog:
		err = p.buildLog(ctx, m, &d)
	case store.Operator:
		var t reminder.Trouble
		t, err = reminder.ReadTrouble(m.About)
		d.Message = view.Trouble(t.Text, t.Over)
	default:
		err = fmt.Errorf("there are no %q messages", m.Kind)
	}
	return d, err
}

// together is how many events one story may be made of: no process has more
// steps that could become late at one moment.
const together = 100

// story draws what happened, for the thread of the card.
func (p *publisher) story(ctx context.Context, m store.Message, d *drawing) error {
	letters := p.bot.options.Letters
	card, err := letters.CardOf(ctx, m.Run)
	if err != nil {
		return err
	}
	events, err := letters.Events(ctx, m.Run, m.Seq+together, together)
	if err != nil {
		return err
	}
	events = told(events, m.Seq)
	if len(events) == 0 {
		return fmt.Errorf("run %s has no event %d", m.Run, m.Seq)
	}
	holds := false
	d.Message, holds = p.bot.options.Names.Story(d.run, events)
	d.gone = !holds
	d.thread = thread{under: card.TS, broadcast: d.run.Broadcasts(events[0])}
	return nil
}

// told is the event of that number and what happened after it at the same moment,
// oldest first; events come newest first.
func told(events []workflow.Event, seq int64) (out []workflow.Event) {
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		if e.Seq == seq || len(out) > 0 && e.At.Equal(out[0].At) {
			out = append(out, e)
		}
	}
	return out
}
