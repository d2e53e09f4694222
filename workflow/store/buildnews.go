package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file says which messages tell of builds: one for each plan, which is edited
// as its builds go on, and one for each attempt at a step that failed with a log.

func buildNewsID(plan images.PlanID) MessageID {
	return MessageID(string(BuildNews) + "." + string(plan))
}

func buildLogID(l Log) MessageID {
	return MessageID(fmt.Sprintf("%s.%s.%d.%d", BuildLog, l.Build, l.Step, l.Attempt))
}

// Log is which log a message is about, as its About has it.
type Log struct {
	Build   images.BuildID `json:"build"`
	Step    int            `json:"step"` // its index among the steps of the build
	Attempt int            `json:"attempt"`
}

// ReadLog reads what a message with a log is about.
func ReadLog(about string) (l Log, err error) {
	if err := json.Unmarshal([]byte(about), &l); err != nil {
		return l, fmt.Errorf("read which log it is: %w", err)
	}
	return l, nil
}

// BuildMessage is the message that tells of a plan; a NotFound error when there is
// none, as for one that was given no channel.
func (s *Store) BuildMessage(ctx context.Context, plan images.PlanID) (Message, error) {
	return s.Message(ctx, buildNewsID(plan))
}

// wantBuildNews makes the messages of the plans of new builds, in the channels that
// their first builds name. Of a plan that has one it is drawn anew.
func (b *batch) wantBuildNews(made []*images.Build) error {
	plans := map[images.PlanID]bool{}
	var first []*images.Build
	for _, build := range made {
		if !plans[build.Plan] {
			plans[build.Plan] = true
			first = append(first, build)
		}
	}
	slices.SortFunc(first, func(x, y *images.Build) int { return cmp.Compare(x.Plan, y.Plan) })
	for _, build := range first {
		m := Message{ID: buildNewsID(build.Plan), Kind: BuildNews, Channel: build.Order.Channel, About: string(build.Plan)}
		fresh, err := b.tellOnce(m)
		if err != nil {
			return err
		}
		if !fresh {
			b.stale[m.ID] = true
		}
	}
	return nil
}

// wantLogs makes the messages of the steps that have just failed, where there is one
// of their plan.
func (b *batch) wantLogs(was, is *images.Build) error {
	logs := failedLogs(was, is)
	if len(logs) == 0 {
		return nil
	}
	var channel workflow.ChannelID
	err := one(b.ctx, b.session, []any{&channel}, "SELECT channel FROM messages WHERE id = $1", string(buildNewsID(is.Plan)))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the message of plan %s: %w", is.Plan, err)
	}
	for _, l := range logs {
		about, err := json.Marshal(l)
		if err != nil {
			return err
		}
		if _, err := b.tellOnce(Message{ID: buildLogID(l), Kind: BuildLog, Channel: channel, About: string(about)}); err != nil {
			return err
		}
	}
	return nil
}

// failedLogs are the logs of the steps that a change lets fail: those that had not
// failed before, or at another attempt.
func failedLogs(was, is *images.Build) (out []Log) {
	for i := range is.Steps {
		s := &is.Steps[i]
		if s.State != images.StepFailed {
			continue
		}
		if i < len(was.Steps) && was.Steps[i].State == images.StepFailed && was.Steps[i].Attempt == s.Attempt {
			continue
		}
		out = append(out, Log{Build: is.ID, Step: i, Attempt: s.Attempt})
	}
	return out
}

// tellOnce makes a message that is posted once and edited from then on; fresh is
// false when it is there, and when it has no channel.
func (b *batch) tellOnce(m Message) (fresh bool, err error) {
	if m.Channel == "" {
		return false, nil
	}
	n, err := b.changed(`
		INSERT INTO messages (`+messageColumns+`)
		VALUES ($1, '', $2, '', $3, '', 1, 0, 0, 0, '', $4, '', '', 0, '', $5, 0, 0)
		ON CONFLICT (id) DO NOTHING`,
		string(m.ID), string(m.Kind), string(m.Channel), stamp(b.now), m.About)
	if err != nil {
		return false, fmt.Errorf("want message %s: %w", m.ID, err)
	}
	b.show = b.show || n > 0
	return n > 0, nil
}
