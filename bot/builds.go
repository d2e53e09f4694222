package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/slack-go/slack"

	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/store"
)

// This file tells of builds. The rules are:
//
//   - What belongs to a run is in the thread of its card. What belongs to none has a
//     message in the channel, and the thread of that.
//   - The log of a step that failed is a file beside the message that says so. The file
//     is sent after it is noted that the message is posted: a crash in between leaves
//     it out, and nothing sends it twice. The message has a button for it.

// errNotYet says that a message waits for another that it is to be under.
var errNotYet = errors.New("what it is to be under is not posted yet")

// logFile is a log that goes along with a message.
type logFile struct {
	commands.File
	spelled view.Message // the message where the file cannot go along
}

// buildNews draws how the builds of a plan stand.
func (p *publisher) buildNews(ctx context.Context, m store.Message, d *drawing) error {
	n, err := p.bot.options.Letters.News(ctx, images.PlanID(m.About))
	if err != nil {
		return fmt.Errorf("the builds of plan %s: %w", m.About, err)
	}
	d.Message, d.fades, d.name = p.bot.options.Names.BuildNews(n), view.BuildFades(n), "message of plan "+m.About
	run := workflow.RunID("")
	if n.Run != nil {
		run = n.Run.ID
	}
	d.thread, err = p.under(ctx, m, run, "")
	return err
}

// buildLog draws that a step of a build has failed. A step that was tried again since
// tells no more of why.
func (p *publisher) buildLog(ctx context.Context, m store.Message, d *drawing) error {
	about, err := store.ReadLog(m.About)
	if err != nil {
		return err
	}
	b, err := p.bot.options.Letters.Build(ctx, about.Build)
	if err != nil {
		return fmt.Errorf("build %s: %w", about.Build, err)
	}
	if about.Step < 0 || about.Step >= len(b.Steps) || b.Steps[about.Step].Attempt != about.Attempt || b.Steps[about.Step].Fault == nil {
		d.gone, d.kept = m.TS == "", m.TS != ""
		return nil
	}
	d.name = "log of build " + string(about.Build)
	spelled, log := view.BuildLog(b, about.Step, true), b.Steps[about.Step].Log
	if d.Message = spelled; log != "" && len(p.bot.identity().lacks([]string{"files:write"})) == 0 {
		d.Message = view.BuildLog(b, about.Step, false)
		d.log = &logFile{commands.File{Name: b.Steps[about.Step].LogName(), Title: view.LogTitle(b, about.Step), Data: []byte(log)}, spelled}
	}
	d.thread, err = p.under(ctx, m, b.Order.Run, b.Plan)
	return err
}

// under is the thread that a message of builds belongs to: of the card of the run, or
// else of the message of the plan. None where neither is there.
func (p *publisher) under(ctx context.Context, m store.Message, run workflow.RunID, plan images.PlanID) (thread, error) {
	if m.TS != "" {
		return thread{}, nil // it is where it is
	}
	top, err := store.Message{}, error(workflow.Fail(workflow.NotFound, "It belongs to no run."))
	if run != "" {
		top, err = p.bot.options.Letters.CardOf(ctx, run)
	}
	if plan != "" && workflow.KindOf(err) == workflow.NotFound {
		top, err = p.bot.options.Letters.BuildMessage(ctx, plan)
	}
	switch {
	case workflow.KindOf(err) == workflow.NotFound, err == nil && top.Channel != m.Channel:
		return thread{}, nil
	case err != nil:
		return thread{}, err
	case top.TS != "":
		return thread{under: top.TS}, nil
	case top.Failures > 0: // and it may be long until it is
		p.hold(m.ID, lookEvery)
	default:
		p.called(m.ID)
	}
	return thread{}, errNotYet
}

// withLog sends the log that goes along with a message which was just noted as posted,
// unless noting it failed. Where that is not possible, the end of it is in the message.
func (p *publisher) withLog(ctx context.Context, d drawing, channel, ts string, err error) error {
	if err != nil || d.log == nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, filesWithin)
	defer cancel()
	id, err := p.bot.web.upload(within, d.log.File)
	if err == nil {
		shared := []slack.FileSummary{{ID: id, Title: d.log.Title}}
		err = p.bot.web.share(within, channel, cmp.Or(d.thread.under, ts), shared, workflow.Text{})
	}
	if err == nil {
		return nil
	}
	if !p.bot.cannotSend(err) {
		p.bot.log.Warn("a log could not be sent; the end of it is in the message", "about", d.name, "err", err)
	}
	if err := p.bot.web.update(ctx, channel, ts, d.log.spelled); err != nil {
		p.bot.log.Warn("the end of a log could not be shown; the message has a button for it", "about", d.name, "err", err)
	}
	return nil
}
