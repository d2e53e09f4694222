package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file keeps the office: a row for each thing it knows.

// The kinds of rows of the office.
const (
	awayRow    = "away"
	standinRow = "standin"
	personRow  = "person"
	channelRow = "channel"
	factRow    = "fact"
	handleRow  = "handle"
)

// officeKey is which row.
type officeKey struct{ kind, key string }

// Office implements [workflow.Library].
func (s *Store) Office(ctx context.Context) (*workflow.Office, error) {
	if o := s.office.Load(); o != nil {
		return o.Clone(), nil
	}
	return loadOffice(ctx, s.reader())
}

// UpdateOffice implements [workflow.Store]. Change may leave the office as it is;
// the runs follow all the same. A run whose process cannot be read any more does
// not.
func (s *Store) UpdateOffice(ctx context.Context, request workflow.RequestID, change func(*workflow.Office) error, follow func(*workflow.Office, *workflow.Run)) error {
	if err := checkRequest(request); err != nil {
		return err
	}
	_, err := s.do(ctx, hold{open: follow != nil}, func(b *batch) (refused, failed error) {
		return b.updateOffice(request, change, follow)
	})
	return err
}

func (b *batch) updateOffice(request workflow.RequestID, change func(*workflow.Office) error, follow func(*workflow.Office, *workflow.Run)) (refused, failed error) {
	was, err := b.officeNow()
	if err != nil {
		return nil, err
	}
	if _, seen, err := b.requestOf(request); err != nil || seen {
		return nil, err
	}
	is := was.Clone()
	if refused := b.guard(func() error { return change(is) }); refused != nil {
		return refused, nil
	}
	is = tidy(is.Clone()) // change may have kept what it was given
	rows, refused := encodeOffice(is)
	if refused != nil {
		return refused, nil
	}
	var followed []*decided
	if follow != nil {
		followed, refused, err = b.follow(func(r *workflow.Run) error {
			follow(is, r)
			return nil
		})
		if refused != nil || err != nil {
			return refused, err
		}
	}
	if fresh, err := b.keepRequest(request, ""); err != nil || !fresh {
		return nil, err
	}
	if err := b.saveOffice(was, rows); err != nil {
		return nil, fmt.Errorf("save the office: %w", err)
	}
	if err := b.moveMornings(was, is); err != nil {
		return nil, err
	}
	b.reviewed(was, is)
	b.office = is
	return nil, b.saveAll(followed...)
}

// moveMornings lets the clocks of people run out now who want their morning
// message at another time than they did: so it is planned anew.
func (b *batch) moveMornings(was, is *workflow.Office) error {
	people := maps.Clone(was.People)
	if people == nil {
		people = map[workflow.UserID]workflow.Preferences{}
	}
	maps.Copy(people, is.People)
	for _, who := range slices.Sorted(maps.Keys(people)) {
		if was.People[who].Morning == is.People[who].Morning {
			continue
		}
		err := b.exec("UPDATE clocks SET due_at = $1 WHERE kind = $2 AND subject = $3", stamp(b.now), string(workflow.MorningClock), string(who))
		if err != nil {
			return fmt.Errorf("plan the morning of %s: %w", who, err)
		}
	}
	return nil
}

// reviewed draws the morning messages anew of those whose time as acting
// maintainers has changed, for these ask about it.
func (b *batch) reviewed(was, is *workflow.Office) {
	for _, s := range slices.Concat(was.Standins, is.Standins) {
		same := func(o workflow.Standin) bool { return o.Team == s.Team && o.User == s.User && o.Review == s.Review }
		if !slices.ContainsFunc(was.Standins, same) || !slices.ContainsFunc(is.Standins, same) {
			b.stale[morningID(s.User)] = true
		}
	}
}

// officeNow is the office as it is in this transaction, not to be changed. On
// PostgreSQL nobody else can change it, or number a run, until the transaction
// ends: a run that is being begun is waited for, so that it follows too.
func (b *batch) officeNow() (o *workflow.Office, err error) {
	if b.office != nil {
		return b.office, nil
	}
	if b.writer.office != nil {
		return b.writer.office, nil
	}
	if b.store.dialect.shared() {
		if _, err := b.nextNumber(); err != nil {
			return nil, err
		}
		if err := b.exec("UPDATE counters SET value = value WHERE name = 'office'"); err != nil {
			return nil, err
		}
	}
	b.office, err = loadOffice(b.ctx, b.session)
	return b.office, err
}

// follow decides for every open run, and returns what changes. Runs that began
// since the batch locked its own are locked now.
func (b *batch) follow(change func(*workflow.Run) error) (followed []*decided, refused, failed error) {
	var ids, late []workflow.RunID
	err := rows(b.ctx, b.session, func(r *sql.Rows) error {
		var id workflow.RunID
		err := r.Scan(&id)
		ids = append(ids, id)
		if _, locked := b.versions[id]; !locked && b.runs[id] == nil {
			late = append(late, id)
		}
		return err
	}, "SELECT id FROM runs WHERE state IN ('proposed', 'running') ORDER BY id")
	if err == nil && b.store.dialect.shared() {
		err = b.lockRuns(late, false)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the open runs: %w", err)
	}
	for _, id := range ids {
		run, err := b.readable(id)
		if err != nil {
			return nil, nil, err
		}
		if run == nil {
			continue
		}
		d, refused := b.decide(run, change)
		if refused != nil {
			return nil, refused, nil
		}
		if d != nil {
			followed = append(followed, d)
		}
	}
	return followed, nil, nil
}

// personPrefers is what a person wants to be told.
func (b *batch) personPrefers(who workflow.UserID) (p workflow.Preferences, err error) {
	if o := b.knownOffice(); o != nil {
		return o.People[who], nil
	}
	return p, b.officeRow(personRow, string(who), &p)
}

// channelPrefers is what a channel wants to be told.
func (b *batch) channelPrefers(channel workflow.ChannelID) (p workflow.ChannelPreferences, err error) {
	if o := b.knownOffice(); o != nil {
		return o.Channels[channel], nil
	}
	return p, b.officeRow(channelRow, string(channel), &p)
}

// knownOffice is the office, where it need not be read: nil for not known.
func (b *batch) knownOffice() *workflow.Office {
	if b.office != nil {
		return b.office
	}
	return b.writer.office
}

// officeRow reads one row of the office, which need not be there. It holds
// nobody up: who changes the office in the same moment is heard the next time.
func (b *batch) officeRow(kind, key string, into any) error {
	var body []byte
	err := one(b.ctx, b.session, []any{&body}, "SELECT body FROM office WHERE kind = $1 AND key = $2", kind, key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(body, into)
	}
	if err != nil {
		return fmt.Errorf("read the office's %s %s: %w", kind, key, err)
	}
	return nil
}

// encodeOffice is the office as rows.
func encodeOffice(o *workflow.Office) (map[officeKey]string, error) {
	out := map[officeKey]string{}
	add := func(kind, key string, v any) error {
		id := officeKey{kind, key}
		if _, twice := out[id]; twice {
			return fmt.Errorf("the office has %s %s twice", kind, key)
		}
		body, err := encodeText(v)
		out[id] = body
		return err
	}
	for who, c := range o.Away {
		if err := add(awayRow, string(who), c); err != nil {
			return nil, err
		}
	}
	for _, s := range o.Standins {
		if err := add(standinRow, standinKey(s), s); err != nil {
			return nil, err
		}
	}
	for who, p := range o.People {
		if err := add(personRow, string(who), p); err != nil {
			return nil, err
		}
	}
	for id, p := range o.Channels {
		if err := add(channelRow, string(id), p); err != nil {
			return nil, err
		}
	}
	for fact, value := range o.Facts {
		if err := add(factRow, string(fact), value); err != nil {
			return nil, err
		}
	}
	for who, h := range o.Handles {
		if err := add(handleRow, string(who), h); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// saveOffice writes the rows that changed. An acting maintainer gets a clock, to
// be asked in a morning whether they are needed still.
func (b *batch) saveOffice(was *workflow.Office, rows map[officeKey]string) error {
	had, err := encodeOffice(was)
	if err != nil {
		return err
	}
	order := func(x, y officeKey) int { return cmp.Or(cmp.Compare(x.kind, y.kind), cmp.Compare(x.key, y.key)) }
	for _, id := range slices.SortedFunc(maps.Keys(rows), order) {
		if body, is := had[id]; is && body == rows[id] {
			continue
		}
		err := b.exec(`
			INSERT INTO office (kind, key, body) VALUES ($1, $2, $3)
			ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body`,
			id.kind, id.key, rows[id])
		if err != nil {
			return err
		}
		if _, user, ok := strings.Cut(id.key, "/"); ok && id.kind == standinRow {
			b.start[clockID{workflow.MorningClock, user}] = true
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(had), order) {
		if _, is := rows[id]; is {
			continue
		}
		if err := b.exec("DELETE FROM office WHERE kind = $1 AND key = $2", id.kind, id.key); err != nil {
			return err
		}
	}
	return nil
}

func loadOffice(ctx context.Context, q querier) (*workflow.Office, error) {
	o := tidy(&workflow.Office{})
	err := rows(ctx, q, func(r *sql.Rows) error {
		var kind, key string
		var body []byte
		if err := r.Scan(&kind, &key, &body); err != nil {
			return err
		}
		return readOffice(o, kind, key, body)
	}, "SELECT kind, key, body FROM office ORDER BY kind, key")
	if err != nil {
		return nil, fmt.Errorf("read the office: %w", err)
	}
	return tidy(o), nil
}

// tidy brings an office into the one form in which it is handed out: no map is
// nil, and the oldest acting maintainer comes first.
func tidy(o *workflow.Office) *workflow.Office {
	if o.Away == nil {
		o.Away = map[workflow.UserID]workflow.Cover{}
	}
	if o.People == nil {
		o.People = map[workflow.UserID]workflow.Preferences{}
	}
	if o.Channels == nil {
		o.Channels = map[workflow.ChannelID]workflow.ChannelPreferences{}
	}
	if o.Facts == nil {
		o.Facts = map[workflow.FactName]string{}
	}
	if o.Handles == nil {
		o.Handles = map[workflow.UserID]workflow.Handle{}
	}
	slices.SortFunc(o.Standins, func(x, y workflow.Standin) int {
		return cmp.Or(x.Since.Compare(y.Since), cmp.Compare(standinKey(x), standinKey(y)))
	})
	return o
}

func standinKey(s workflow.Standin) string { return string(s.Team) + "/" + string(s.User) }

func readOffice(o *workflow.Office, kind, key string, body []byte) (err error) {
	switch kind {
	case awayRow:
		var c workflow.Cover
		err = json.Unmarshal(body, &c)
		o.Away[workflow.UserID(key)] = c
	case standinRow:
		var s workflow.Standin
		err = json.Unmarshal(body, &s)
		o.Standins = append(o.Standins, s)
	case personRow:
		var p workflow.Preferences
		err = json.Unmarshal(body, &p)
		o.People[workflow.UserID(key)] = p
	case channelRow:
		var p workflow.ChannelPreferences
		err = json.Unmarshal(body, &p)
		o.Channels[workflow.ChannelID(key)] = p
	case factRow:
		var value string
		err = json.Unmarshal(body, &value)
		o.Facts[workflow.FactName(key)] = value
	case handleRow:
		var h workflow.Handle
		err = json.Unmarshal(body, &h)
		o.Handles[workflow.UserID(key)] = h
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", kind, key, err)
	}
	return nil
}
