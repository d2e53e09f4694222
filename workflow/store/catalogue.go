package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file keeps the catalogue. A listing comes into it, and gets another version,
// in the commit by which a run says that it is live; or because a person says so.

func readListed(revision int64, body []byte) (l workflow.Listed, err error) {
	if err = json.Unmarshal(body, &l); err != nil {
		return l, fmt.Errorf("read a listing: %w", err)
	}
	l.Revision = revision
	return l, nil
}

// Catalogue are all listings, by id.
func (s *Store) Catalogue(ctx context.Context) ([]workflow.Listed, error) {
	var out []workflow.Listed
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var revision int64
		var body []byte
		if err := r.Scan(&revision, &body); err != nil {
			return err
		}
		l, err := readListed(revision, body)
		out = append(out, l)
		return err
	}, "SELECT revision, body FROM listings ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	return out, nil
}

// ChangeListings changes listings of the catalogue for a person, all of them or
// none: change sees them as they are, nil for one that is not there, and makes of
// them what is to be. It is pure and may be called more than once. When request was
// seen before, nothing is changed.
func (s *Store) ChangeListings(ctx context.Context, request workflow.RequestID, by workflow.UserID, ids []workflow.ListingID, change func([]*workflow.Listed) error) error {
	if err := checkRequest(request); err != nil {
		return err
	}
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		if _, seen, err := b.requestOf(request); err != nil || seen {
			return nil, err
		}
		were, are := make([]*workflow.Listed, len(ids)), make([]*workflow.Listed, len(ids))
		for i, id := range ids {
			l, err := b.listed(id)
			if err != nil {
				return nil, err
			}
			if were[i] = l; l != nil {
				c := l.Clone()
				are[i] = &c
			}
		}
		if refused := b.guard(func() error { return change(are) }); refused != nil {
			return refused, nil
		}
		bodies := make([]string, len(are))
		for i, l := range are {
			if l == nil {
				continue
			}
			if bodies[i], refused = encodeText(l); refused != nil {
				return refused, nil
			}
		}
		if fresh, err := b.keepRequest(request, ""); err != nil || !fresh {
			return nil, err
		}
		for i, l := range are {
			if l == nil {
				continue
			}
			if err := b.saveListing(l, bodies[i]); err != nil {
				return nil, err
			}
			if was := were[i]; !l.Published.IsZero() && (was == nil || was.Published != l.Published) {
				if err := b.said(l, by); err != nil {
					return nil, err
				}
			}
		}
		b.show = true
		return nil, b.setWatch(workflow.WatchWork, b.now)
	})
	return err
}

// said notes that a person said which version of a listing is live. They may take
// back what was said before.
func (b *batch) said(l *workflow.Listed, by workflow.UserID) error {
	if err := b.exec("DELETE FROM publications WHERE listing = $1 AND version > $2", string(l.ID), order(l.Published)); err != nil {
		return fmt.Errorf("take back what was live: %w", err)
	}
	if err := b.exec("UPDATE owed SET met_at = '', met_by = '', late = 0, ours = 0, partners = 0, nobodys = 0 WHERE listing = $1 AND version > $2", string(l.ID), order(l.Published)); err != nil {
		return fmt.Errorf("take back what was met: %w", err)
	}
	return b.publication(l.ID, l.Published, live{at: stamp(l.At), person: by})
}

// listed is the listing as it is in this transaction; nil when there is none.
func (b *batch) listed(id workflow.ListingID) (*workflow.Listed, error) {
	var revision int64
	var body []byte
	err := one(b.ctx, b.session, []any{&revision, &body}, "SELECT revision, body FROM listings WHERE id = $1"+b.held(), string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read listing %s: %w", id, err)
	}
	l, err := readListed(revision, body)
	return &l, err
}

// held makes a row that is read wait for others to be done with it, where there may
// be others.
func (b *batch) held() string {
	if b.store.dialect.shared() {
		return " FOR UPDATE"
	}
	return ""
}

func (b *batch) saveListing(l *workflow.Listed, body string) error {
	err := b.exec(`
		INSERT INTO listings (id, revision, published, body) VALUES ($1, 1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET revision = listings.revision + 1, published = excluded.published, body = excluded.body`,
		string(l.ID), order(l.Published), body)
	if err != nil {
		return fmt.Errorf("save listing %s: %w", l.ID, err)
	}
	return nil
}

// live is since when a version is, and by what.
type live struct {
	at     string
	run    workflow.RunID
	person workflow.UserID
	late   workflow.Lateness
}

// publication notes that a version is live, and what is thereby owed no more.
func (b *batch) publication(id workflow.ListingID, v workflow.Version, by live) error {
	err := b.exec(`
		INSERT INTO publications (listing, version, at, run, person) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (listing, version, run) DO UPDATE SET at = excluded.at, person = excluded.person`,
		string(id), order(v), by.at, string(by.run), string(by.person))
	if err != nil {
		return fmt.Errorf("publish %s of listing %s: %w", v, id, err)
	}
	return b.meet(id, v, by)
}

// meet notes what is owed no more, now that a version is live.
func (b *batch) meet(id workflow.ListingID, v workflow.Version, by live) error {
	err := b.exec(`
		UPDATE owed SET met_at = $1, met_by = $2, late = $3, ours = $4, partners = $5, nobodys = $6
		WHERE listing = $7 AND version <= $8 AND met_at = ''`,
		by.at, string(by.run), by.late.Days, by.late.Ours, by.late.Partners, by.late.Nobodys, string(id), order(v))
	if err != nil {
		return fmt.Errorf("meet what listing %s is owed: %w", id, err)
	}
	return nil
}

// publish brings the catalogue in line with what a change of a run says is live.
func (b *batch) publish(before, after *workflow.Run) error {
	changed := after.Published(before)
	if len(changed) == 0 {
		return nil
	}
	for _, p := range changed {
		l, err := b.listed(p.Listing.ID)
		if err != nil {
			return err
		}
		switch {
		case p.Live:
			err = b.publishOne(after, l, p)
		case l != nil:
			err = b.unpublish(after, l)
		}
		if err != nil {
			return err
		}
	}
	return b.setWatch(workflow.WatchWork, b.now)
}

func (b *batch) publishOne(run *workflow.Run, l *workflow.Listed, p workflow.Published) error {
	if l == nil {
		l = &workflow.Listed{Added: p.At, Run: run.ID}
	}
	p.Into(l)
	body, err := encodeText(l)
	if err != nil {
		return err
	}
	if err := b.saveListing(l, body); err != nil {
		return err
	}
	if run.Steps[p.Key].Actor == workflow.Bot && !p.Version.IsZero() && p.Version.Compare(l.Published) < 0 {
		return nil // it was closed because of the newer one, which met what was owed
	}
	return b.publication(l.ID, p.Version, live{at: stamp(p.At), run: run.ID, late: run.LatenessOf(p.Key, p.At)})
}

// unpublish takes back that a run has made something live: what was live before is
// so again, and a listing that there was nothing of before is none.
func (b *batch) unpublish(run *workflow.Run, l *workflow.Listed) error {
	if err := b.exec("DELETE FROM publications WHERE listing = $1 AND run = $2", string(l.ID), string(run.ID)); err != nil {
		return fmt.Errorf("take back listing %s: %w", l.ID, err)
	}
	if err := b.exec("UPDATE owed SET met_at = '', met_by = '', late = 0, ours = 0, partners = 0, nobodys = 0 WHERE listing = $1 AND met_by = $2", string(l.ID), string(run.ID)); err != nil {
		return fmt.Errorf("take back what listing %s had: %w", l.ID, err)
	}
	left, err := b.leftLive(l.ID)
	if err != nil {
		return err
	}
	if len(left) == 0 && l.Run == run.ID {
		if err := b.exec("DELETE FROM listings WHERE id = $1", string(l.ID)); err != nil {
			return fmt.Errorf("take back listing %s: %w", l.ID, err)
		}
		return nil
	}
	l.Published, l.At = workflow.Version{}, time.Time{}
	for _, p := range left {
		if p.Version.Compare(l.Published) > 0 {
			l.Published, l.At = p.Version, p.At
		}
		if err := b.meet(l.ID, p.Version, live{at: stamp(p.At), run: p.Run}); err != nil { // what it had by another as well
			return err
		}
	}
	body, err := encodeText(l)
	if err != nil {
		return err
	}
	return b.saveListing(l, body)
}

// leftLive are the versions that were live of a listing, the oldest publication first.
func (b *batch) leftLive(id workflow.ListingID) (out []workflow.Publication, err error) {
	err = rows(b.ctx, b.session, func(r *sql.Rows) error {
		p, err := scanPublication(r)
		out = append(out, p)
		return err
	}, "SELECT "+publicationColumns+" FROM publications WHERE listing = $1 ORDER BY at, version", string(id))
	if err != nil {
		return nil, fmt.Errorf("read what was live before: %w", err)
	}
	return out, nil
}

// owe keeps what the customers of a listing are owed, or changes by when.
func (b *batch) owe(o workflow.Owed) error {
	err := b.exec(`
		INSERT INTO owed (version, listing, kind, run, since, due_at, met_at, met_by, late, ours, partners, nobodys, cause)
		VALUES ($1, $2, $3, $4, $5, $6, '', '', 0, 0, 0, 0, '')
		ON CONFLICT (listing, version, run) DO UPDATE SET kind = excluded.kind, since = excluded.since, due_at = excluded.due_at`,
		order(o.Version), string(o.Listing), string(o.Kind), string(o.Run), stamp(o.Since), stamp(o.Due))
	if err != nil {
		return fmt.Errorf("keep what listing %s is owed: %w", o.Listing, err)
	}
	return nil
}

// oweOf keeps what a change of a run says is owed.
func (b *batch) oweOf(before, after *workflow.Run) error {
	for _, o := range after.Owes(before) {
		if err := b.owe(o); err != nil {
			return err
		}
	}
	if after.Catalyst == nil || before == nil || before.State == after.State {
		return nil
	}
	return b.setWatch(workflow.WatchWork, b.now) // it was decided that the release comes out, or that it is none of ours
}

// Owed is what customers were and are owed, by version, listing and run: what is not met,
// and what was due since a moment.
func (s *Store) Owed(ctx context.Context, since workflow.Date) ([]workflow.Owed, error) {
	var out []workflow.Owed
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		o, err := scanOwed(r)
		out = append(out, o)
		return err
	}, `
		SELECT version, listing, kind, run, since, due_at, met_at, met_by, late, ours, partners, nobodys, cause FROM owed
		WHERE met_at = '' OR due_at >= $1`, string(since))
	if err != nil {
		return nil, fmt.Errorf("read what is owed: %w", err)
	}
	slices.SortFunc(out, func(a, b workflow.Owed) int {
		return cmp.Or(a.Version.Compare(b.Version), cmp.Compare(a.Listing, b.Listing), cmp.Compare(a.Run, b.Run))
	})
	return out, nil
}

// Promised is by when each listing is to have what it lacks, the soonest; a listing
// that is owed nothing is left out.
func (s *Store) Promised(ctx context.Context) (map[workflow.ListingID]time.Time, error) {
	out := map[workflow.ListingID]time.Time{}
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var id workflow.ListingID
		var due string
		if err := r.Scan(&id, &due); err != nil {
			return err
		}
		at, err := unstamp(due)
		out[id] = at
		return err
	}, "SELECT listing, MIN(due_at) FROM owed WHERE met_at = '' GROUP BY listing")
	if err != nil {
		return nil, fmt.Errorf("read what was promised: %w", err)
	}
	return out, nil
}

func scanOwed(r *sql.Rows) (o workflow.Owed, err error) {
	var version, since, due, met string
	if err := r.Scan(&version, &o.Listing, &o.Kind, &o.Run, &since, &due, &met, &o.By, &o.Late.Days, &o.Late.Ours, &o.Late.Partners, &o.Late.Nobodys, &o.Cause); err != nil {
		return o, err
	}
	var errs [4]error
	o.Version, errs[0] = unorder(version)
	o.Since, errs[1] = unstamp(since)
	o.Due, errs[2] = unstamp(due)
	o.Met, errs[3] = unstamp(met)
	return o, errors.Join(errs[:]...)
}

// Explain keeps why customers of a listing had a version late. It reports whether
// there is such a thing.
func (s *Store) Explain(ctx context.Context, request workflow.RequestID, version workflow.Version, listing workflow.ListingID, cause string) (found bool, err error) {
	if err := checkRequest(request); err != nil {
		return false, err
	}
	if cause, err = plain(cause); err != nil {
		return false, err
	}
	done, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		if _, seen, err := b.requestOf(request); err != nil || seen {
			found = seen
			return nil, err
		}
		n, err := b.changed("UPDATE owed SET cause = $1 WHERE listing = $2 AND version = $3", cause, string(listing), order(version))
		if found = n > 0; err != nil || !found { // a fix of the image owes the same version once more
			return nil, err
		}
		_, err = b.keepRequest(request, "")
		return nil, err
	})
	return done && found && err == nil, err
}

// plain is text that can be kept as it is, outside of JSON.
func plain(s string) (string, error) {
	_, err := encodeText(s)
	return s, err
}

// Publications are the versions that were live of a listing, the newest first.
func (s *Store) Publications(ctx context.Context, id workflow.ListingID) ([]workflow.Publication, error) {
	var out []workflow.Publication
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		p, err := scanPublication(r)
		out = append(out, p)
		return err
	}, "SELECT "+publicationColumns+" FROM publications WHERE listing = $1 ORDER BY at DESC, version DESC", string(id))
	if err != nil {
		return nil, fmt.Errorf("read what was live: %w", err)
	}
	return slices.Clip(out), nil
}

const publicationColumns = "version, at, run, person"

func scanPublication(r *sql.Rows) (p workflow.Publication, err error) {
	var version, at string
	if err := r.Scan(&version, &at, &p.Run, &p.By); err != nil {
		return p, err
	}
	var errs [2]error
	p.Version, errs[0] = unorder(version)
	p.At, errs[1] = unstamp(at)
	return p, errors.Join(errs[:]...)
}
