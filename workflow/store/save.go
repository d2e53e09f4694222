package store

import (
	"encoding/json"
	"fmt"
	"strings"

	"cloudimage/workflow"
)

// encoded is what is to be written of a run's change.
type encoded struct {
	head   string   // empty when it is as it was
	steps  []row    // that changed
	events []string // one for each that was emitted
}

type row struct {
	step *workflow.StepState
	body string
	new  bool
}

// encode finds what changed. It refuses text that cannot be kept as it is, by
// an error for the person who wrote it. Before is nil for a new run.
func encode(before, after *workflow.Run) (*encoded, error) {
	out := &encoded{events: make([]string, len(after.Emitted()))}
	for i, e := range after.Emitted() {
		body, err := encodeText(e)
		if err != nil {
			return nil, err
		}
		out.events[i] = body
	}
	for key, step := range after.Steps {
		var was *workflow.StepState
		if before != nil {
			was = before.Steps[key]
		}
		if was != nil && sameStep(was, step) {
			continue
		}
		body, err := encodeText(step)
		if err != nil {
			return nil, err
		}
		out.steps = append(out.steps, row{step, body, was == nil})
	}
	if before == nil || !sameHead(before, after) {
		head := *after
		head.Steps, head.Version = nil, 0 // have a table and a column of their own
		body, err := encodeText(&head)
		if err != nil {
			return nil, err
		}
		out.head = body
	}
	return out, nil
}

// encodeText is v as JSON. Invalid UTF-8 and NULs are refused: the one would
// come back changed, the other not at all from PostgreSQL.
func encodeText(v any) (string, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	if text := string(body); !mangled(text) {
		return text, nil
	}
	return "", workflow.Fail(workflow.Invalid, "That text holds characters that cannot be kept. Please type it again instead of pasting it.")
}

// mangled reports whether the encoder wrote one of the two escapes that stand
// for what is no text. A valid replacement character is written as itself.
func mangled(body string) bool {
	for {
		i := strings.IndexByte(body, '\\')
		if i < 0 || i+1 >= len(body) {
			return false
		}
		if strings.HasPrefix(body[i:], `\ufffd`) || strings.HasPrefix(body[i:], `\u0000`) {
			return true
		}
		body = body[i+2:]
	}
}

// save writes what changed of a run, and what that sets in motion.
func (b *batch) save(before, after *workflow.Run, written *encoded) error {
	if err := b.saveHead(before, after, written.head); err != nil {
		return err
	}
	for _, r := range written.steps {
		if err := b.saveStep(after.ID, r); err != nil {
			return err
		}
	}
	for i, e := range after.Emitted() {
		if err := b.saveEvent(after.ID, e, written.events[i]); err != nil {
			return err
		}
	}
	if err := b.moveClock(before, after); err != nil {
		return err
	}
	if written.head != "" || len(written.steps) > 0 { // else nothing is different but its history
		if err := b.moveTodos(before, after); err != nil {
			return err
		}
		b.dailyNews(before, after, written)
	}
	if err := b.oweOf(before, after); err != nil {
		return err
	}
	if err := b.publish(before, after); err != nil {
		return err
	}
	if err := b.wantMessages(before, after); err != nil {
		return err
	}
	if err := b.wantTracked(before, after); err != nil {
		return err
	}
	b.runs[after.ID] = after
	b.show = true
	return nil
}

func (b *batch) saveHead(before, r *workflow.Run, body string) error {
	if before != nil && body == "" {
		if err := b.exec("UPDATE runs SET version = $1 WHERE id = $2", r.Version, string(r.ID)); err != nil {
			return fmt.Errorf("save its version: %w", err)
		}
		return nil
	}
	if before != nil {
		err := b.exec(`
			UPDATE runs
			SET version = $1, state = $2, partner = $3, partner_key = $4, owner = $5, channel = $6, ended_at = $7, body = $8
			WHERE id = $9`,
			r.Version, string(r.State), r.Partner, partnerKey(r.Partner), string(r.Owner), string(r.Channel), stamp(r.Ended), body,
			string(r.ID))
		if err != nil {
			return fmt.Errorf("save it: %w", err)
		}
		return nil
	}
	err := b.exec(`
		INSERT INTO runs (id, number, process, definition, state, partner, partner_key, owner, channel, version, started_at, ended_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		string(r.ID), r.Number, string(r.Process), r.Hash, string(r.State), r.Partner, partnerKey(r.Partner), string(r.Owner), string(r.Channel),
		r.Version, stamp(r.Started), stamp(r.Ended), body)
	if err != nil {
		return fmt.Errorf("insert it: %w", err)
	}
	return nil
}

// partnerKey is a partner's name as it is searched for.
func partnerKey(name string) string { return strings.ToLower(name) }

func (b *batch) saveStep(run workflow.RunID, r row) error {
	query := `
		UPDATE steps SET status = $1, assignee = $2, due_at = $3, version = $4, body = $5
		WHERE run = $6 AND step = $7 AND listing = $8`
	if r.new {
		query = `
		INSERT INTO steps (status, assignee, due_at, version, body, run, step, listing)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	}
	s := r.step
	err := b.exec(query, string(s.Status), string(s.Assignee), stamp(s.Due), s.Version, r.body,
		string(run), string(s.Key.Step), string(s.Key.Listing))
	if err != nil {
		return fmt.Errorf("save step %s: %w", s.Key, err)
	}
	return nil
}

func (b *batch) saveEvent(run workflow.RunID, e workflow.Event, body string) error {
	err := b.exec(`
		INSERT INTO events (run, seq, type, at, actor, step, listing, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		string(run), e.Seq, string(e.Type), stamp(e.At), string(e.Actor), string(e.Step.Step), string(e.Step.Listing), body)
	if err != nil {
		return fmt.Errorf("append event %d: %w", e.Seq, err)
	}
	return nil
}
