package maintenance

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file asks the sources, and keeps what they say. It decides nothing.

// The names of the sources.
const (
	sourceTags          = "tags"
	sourcePackages      = "packages"
	sourceAnnouncements = "announcements"
	sourceOpinions      = "version service"
)

const (
	// keptBranches is of how many minor versions releases are kept that were out before
	// anybody watched.
	keptBranches = 6
	// comingFor is how long after its tag a release may come out, that was tagged before
	// anybody watched.
	comingFor = 7 * 24 * time.Hour
	// heardFor is for how long what is said of a release that is out may still change
	// how it is judged.
	heardFor = 30 * 24 * time.Hour
	// lookWithin is how long all sources have together.
	lookWithin = 3 * time.Minute
	// askAgain is how often the version service is asked of a release that is out, and
	// mostAsked how many releases it is asked of in a pass.
	askAgain  = 6 * time.Hour
	mostAsked = 10
)

// Look asks each source and keeps what it says. A source that fails keeps no other
// from being heard, and leaves what it said before as it was.
func (s *Service) Look(ctx context.Context) error {
	s.looking.Lock()
	defer s.looking.Unlock()
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	before, err := s.options.Book.Releases(ctx)
	if err != nil {
		return err
	}
	l := &look{Service: s, now: s.options.Now().UTC().Truncate(time.Millisecond), byVersion: map[workflow.Version]*workflow.Release{}, first: true}
	for i := range before {
		c := before[i].Clone()
		l.byVersion[c.Version] = &c
		l.first = l.first && c.ByHand
		if l.since.IsZero() || c.Seen.Before(l.since) {
			l.since = c.Seen
		}
	}
	l.tags(ctx)
	l.announcements(ctx)
	if l.first {
		l.keepNewest()
	}
	l.packages(ctx)
	if l.first {
		l.keepComing()
	}
	l.opinions(ctx)
	changed := l.changed(before)
	if len(changed) == 0 {
		return nil
	}
	if saved, err := s.options.Book.SaveReleases(ctx, changed, nil); err != nil {
		return err
	} else if !saved {
		return s.options.Book.SetWatch(ctx, workflow.WatchSources, s.options.Now()) // somebody has said something meanwhile
	}
	return nil
}

// look is one pass over the sources.
type look struct {
	*Service
	now       time.Time
	since     time.Time // when anybody looked for the first time
	first     bool      // nobody has looked before; what is known was told by people
	byVersion map[workflow.Version]*workflow.Release
}

// release is the record of a version, made now if there is none. At is when the
// source says that it was made; what is older than the first look was out before it.
func (l *look) release(v workflow.Version, at time.Time) *workflow.Release {
	if r := l.byVersion[v]; r != nil {
		return r
	}
	r := &workflow.Release{Version: v, Seen: l.now, State: workflow.ReleaseWaits}
	if l.first || !at.IsZero() && at.Before(l.since) || at.IsZero() && l.isOld(v) {
		r.State, r.Published = workflow.ReleaseBefore, at
	}
	l.byVersion[v] = r
	return r
}

// isOld reports whether a version of which no source says when it was made is older
// than one of its own branch that was out before anybody looked, or of a branch that
// is older than all of those.
func (l *look) isOld(v workflow.Version) bool {
	oldest := workflow.Branch{}
	for had, r := range l.byVersion {
		if r.State != workflow.ReleaseBefore {
			continue
		}
		if had.Branch() == v.Branch() && v.Compare(had) < 0 {
			return true
		}
		if oldest == (workflow.Branch{}) || had.Branch().Compare(oldest) < 0 {
			oldest = had.Branch()
		}
	}
	return oldest != (workflow.Branch{}) && v.Branch().Compare(oldest) < 0
}

func (l *look) tags(ctx context.Context) {
	if l.options.Sources.Tags == nil {
		return
	}
	tags, err := l.options.Sources.Tags.Tags(ctx)
	l.heard(sourceTags, len(tags), err)
	for _, t := range tags {
		r := l.release(t.Version, t.At)
		if !slices.ContainsFunc(r.Tags, func(had workflow.Tag) bool { return had.Name == t.Name }) {
			r.Tags = append(r.Tags, t)
		}
	}
	for _, r := range l.byVersion {
		slices.SortFunc(r.Tags, func(a, b workflow.Tag) int { return cmp.Compare(a.Name, b.Name) })
	}
}

func (l *look) announcements(ctx context.Context) {
	if l.options.Sources.Announcements == nil {
		return
	}
	posts, err := l.options.Sources.Announcements.Announcements(ctx)
	l.heard(sourceAnnouncements, len(posts), err)
	best := map[workflow.Version]workflow.Announcement{}
	for _, post := range posts {
		for _, v := range post.Versions {
			if had, is := best[v]; !is || graver(post, had) {
				best[v] = post
			}
		}
	}
	for v, post := range best {
		r := l.release(v, post.At)
		if had := r.Announcement; had != nil && had.Fixes && !post.Fixes && had.URL != post.URL {
			continue // another post about it, which says less
		}
		r.Announcement = &post
	}
}

// graver reports whether a post says more of a version than another does.
func graver(a, b workflow.Announcement) bool {
	rank := func(p workflow.Announcement) int {
		n := 0
		for _, yes := range []bool{p.Fixes, p.Kind == workflow.AnnouncesCritical, p.Whole, p.Kind == workflow.AnnouncesPatch} {
			n *= 2
			if yes {
				n++
			}
		}
		return n
	}
	return rank(a) > rank(b)
}

// keepNewest forgets, of what was out before anybody watched, what is old.
func (l *look) keepNewest() {
	var branches []workflow.Branch
	for v := range l.byVersion {
		if !slices.Contains(branches, v.Branch()) {
			branches = append(branches, v.Branch())
		}
	}
	slices.SortFunc(branches, func(a, b workflow.Branch) int { return b.Compare(a) })
	kept := branches[:min(len(branches), keptBranches)]
	for v := range l.byVersion {
		if !slices.Contains(kept, v.Branch()) {
			delete(l.byVersion, v)
		}
	}
}

// keepComing lets, of what was seen at the first look, wait for the rest what is only
// tagged yet, and not long ago: it is about to come out.
func (l *look) keepComing() {
	for _, r := range l.byVersion {
		if r.Announcement != nil || len(r.Packages) > 0 {
			continue
		}
		if slices.ContainsFunc(r.Tags, func(t workflow.Tag) bool { return l.now.Sub(t.At) < comingFor }) {
			r.State, r.Published = workflow.ReleaseWaits, time.Time{}
		}
	}
}

// undecided are the releases of which something may still be heard, the newest
// first.
func (l *look) undecided() []*workflow.Release {
	var out []*workflow.Release
	newest := map[workflow.Branch]*workflow.Release{}
	for _, r := range l.byVersion {
		switch r.State {
		case workflow.ReleaseWaits, workflow.ReleaseAsked, workflow.ReleaseQuiet:
			out = append(out, r)
		case workflow.ReleaseOut, workflow.ReleasePassed:
			if l.now.Sub(r.Seen) < heardFor {
				out = append(out, r)
			}
		case workflow.ReleaseBefore:
			if b := r.Version.Branch(); newest[b] == nil || newest[b].Version.Compare(r.Version) < 0 {
				newest[b] = r
			}
		}
	}
	for _, r := range newest {
		if len(r.Packages) == 0 {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *workflow.Release) int { return b.Version.Compare(a.Version) })
	return out
}

func (l *look) packages(ctx context.Context) {
	if l.options.Sources.Packages == nil {
		return
	}
	var versions []workflow.Version
	for _, r := range l.undecided() {
		versions = append(versions, r.Version)
	}
	if len(versions) == 0 {
		return
	}
	found, err := l.options.Sources.Packages.Packages(ctx, versions)
	l.heard(sourcePackages, len(found), err)
	for _, p := range found {
		r := l.byVersion[p.Version]
		if r == nil {
			continue
		}
		i := slices.IndexFunc(r.Packages, func(had workflow.Package) bool {
			return had.Edition == p.Edition && had.Distribution == p.Distribution && had.Architecture == p.Architecture
		})
		if i < 0 {
			r.Packages = append(r.Packages, p)
		} else {
			r.Packages[i] = p
		}
	}
	c := court{product: l.options.Product}
	for _, r := range l.byVersion {
		slices.SortFunc(r.Packages, func(a, b workflow.Package) int {
			return cmp.Or(cmp.Compare(a.Edition, b.Edition), cmp.Compare(a.Distribution, b.Distribution), cmp.Compare(a.Architecture, b.Architecture))
		})
		for _, e := range l.options.Product.Editions {
			if len(l.options.Product.wants(e)) == 0 || len(c.lacks(r, e)) > 0 || !r.Packaged[e].IsZero() {
				continue
			}
			if r.Packaged == nil {
				r.Packaged = map[string]time.Time{}
			}
			r.Packaged[e] = l.now
		}
	}
}

// opinions asks the version service what it says to who has the version before.
func (l *look) opinions(ctx context.Context) {
	if l.options.Sources.Opinions == nil {
		return
	}
	asked := 0
	for _, r := range l.undecided() {
		if r.State == workflow.ReleaseBefore || r.Version.Rebuild > 0 || asked == mostAsked {
			continue
		}
		if r.IsOut() && (!r.Unsure && r.Opinion != nil || l.now.Sub(l.opined[r.Version]) < askAgain) {
			continue
		}
		of := l.predecessor(r.Version)
		if of.IsZero() || l.hasSuccessor(r.Version) {
			continue // what endangers the one before may be fixed by the one after
		}
		asked++
		l.opined[r.Version] = l.now
		opinion, err := l.options.Sources.Opinions.Opinion(ctx, of)
		l.heard(sourceOpinions, 1, err)
		if err != nil {
			return
		}
		if opinion.Latest.Compare(r.Version.First()) < 0 {
			continue // it has not heard of the release, and says nothing of it
		}
		r.Opinion = &opinion
	}
}

// predecessor is the version that was the newest before another: of its own branch,
// or else of the one before.
func (l *look) predecessor(v workflow.Version) workflow.Version {
	var own, older workflow.Version
	for had := range l.byVersion {
		if had = had.First(); had.Compare(v.First()) >= 0 {
			continue
		}
		if had.Branch() == v.Branch() {
			if own.Compare(had) < 0 {
				own = had
			}
		} else if older.Compare(had) < 0 {
			older = had
		}
	}
	if !own.IsZero() {
		return own
	}
	return older
}

// hasSuccessor reports whether there is a newer version of the same branch.
func (l *look) hasSuccessor(v workflow.Version) bool {
	for other := range l.byVersion {
		if other.Branch() == v.Branch() && other.First().Compare(v.First()) > 0 {
			return true
		}
	}
	return false
}

// changed are the records that are not as they were.
func (l *look) changed(before []workflow.Release) []workflow.Release {
	had := make(map[workflow.Version]workflow.Release, len(before))
	for _, r := range before {
		had[r.Version] = r
	}
	var out []workflow.Release
	for v, r := range l.byVersion {
		if was, is := had[v]; is && sameRelease(was, *r) {
			continue
		}
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b workflow.Release) int { return a.Version.Compare(b.Version) })
	return out
}

// sameRelease reports whether two records would be kept alike.
func sameRelease(a, b workflow.Release) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
