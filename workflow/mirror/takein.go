package mirror

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file takes in what people did to an issue.

// takeIn takes in what has happened to an issue since it was looked at, and judges
// whether it is in step. It returns the issue as it was looked at last.
func (it *item) takeIn(ctx context.Context, issue Issue) (Issue, error) {
	for n := 0; issue.Moved && n < mostMoves; n++ {
		moved, err := it.follow(ctx, issue)
		if err != nil {
			return issue, err
		}
		issue = moved
	}
	m := &it.memory
	if !m.Known || !issue.Updated.Equal(m.Updated) {
		n, err := it.news(ctx)
		if err != nil {
			return issue, err
		}
		if slices.ContainsFunc(n.acts, func(a Activity) bool { return a.At.After(issue.Updated) }) {
			// It went on while we were reading.
			if issue, err = it.s.options.Tracker.Issue(ctx, it.at()); err != nil {
				return issue, err
			}
		}
		if err := it.read(ctx, issue, n); err != nil {
			return issue, err
		}
	}
	return issue, it.judge(ctx, issue)
}

// mostMoves is how often an issue is followed at once.
const mostMoves = 10

// news is what has happened at an issue since we looked last.
type news struct {
	acts  []Activity // of others
	seen  int64      // the last of all
	noted int64      // the event up to which a note of ours among them tells
}

func (it *item) news(ctx context.Context) (news, error) {
	n := news{seen: it.memory.Seen}
	me, err := it.s.myself(ctx)
	if err != nil {
		return n, err
	}
	acts, err := it.s.options.Tracker.Activity(ctx, it.at(), it.memory.Seen)
	if err != nil {
		return n, err
	}
	for _, a := range acts {
		n.seen = max(n.seen, a.ID)
		if a.Author.ID == me.ID {
			n.noted = max(n.noted, toldIn(it.id(), a.Text))
			continue
		}
		n.acts = append(n.acts, a)
	}
	return n, nil
}

// remember notes that what has happened was taken in.
func (it *item) remember(n news) {
	m := &it.memory
	m.Seen, m.Noted = n.seen, max(m.Noted, n.noted)
}

// read takes in an issue and what others have done to it.
func (it *item) read(ctx context.Context, issue Issue, n news) error {
	acts := n.acts
	if err := it.readBoxes(ctx, issue, acts); err != nil {
		return err
	}
	for _, a := range acts {
		var err error
		switch a.Kind {
		case Commented:
			if it.memory.Known { // what was written before it was ours is not news
				err = it.readComment(ctx, a)
			}
		case Mentioned:
			err = it.readMention(ctx, a)
		case Described:
			it.memory.Editor, err = it.s.people.outsider(ctx, it.run, a.Author)
		case Unticked:
			it.memory.Unticker, err = it.s.people.outsider(ctx, it.run, a.Author)
		}
		if err != nil {
			return err
		}
	}
	if it.memory.Known {
		if err := it.readFields(ctx, issue, acts); err != nil {
			return err
		}
	}
	it.has(issue)
	it.remember(n)
	return it.save(ctx)
}

// tick is a box that is not as we left it.
type tick struct {
	ticked bool
	by     Account // zero when nobody can tell
	id     int64   // of the activity; 0 when only the text tells
}

// readBoxes takes in the boxes that were ticked. Who ticked one, the activity
// tells; that it was ticked, the text tells as well, for what was pasted into it.
func (it *item) readBoxes(ctx context.Context, issue Issue, acts []Activity) error {
	m := &it.memory
	_, ours, _, err := marksOf(it.id()).split(issue.Description)
	if err == nil && m.Writing != "" && unticked(ours) == unticked(m.Writing) {
		m.Wrote, m.Writing = m.Writing, "" // what we were about to write was written
	}
	if m.Wrote == "" {
		return nil // there is none of ours yet
	}
	known := boxes(m.Wrote)
	ticks := map[workflow.StepKey]tick{}
	if err == nil && unticked(ours) == unticked(m.Wrote) {
		for i, b := range boxes(ours) {
			if i < len(known) && known[i].key == b.key && known[i].ticked != b.ticked {
				ticks[b.key] = tick{ticked: b.ticked}
			}
		}
	} else if err == nil {
		was := map[workflow.StepKey]bool{}
		for _, b := range known {
			was[b.key] = b.ticked
		}
		for _, b := range boxes(ours) {
			if had, is := was[b.key]; is && had != b.ticked {
				ticks[b.key] = tick{ticked: b.ticked}
			}
		}
	}
	for _, a := range acts {
		if a.Kind != Ticked && a.Kind != Unticked {
			continue
		}
		if key, ok := keyOf(a.Text, known); ok {
			ticks[key] = tick{a.Kind == Ticked, a.Author, a.ID}
		}
	}
	odd := false
	for _, b := range known {
		t, changed := ticks[b.key]
		if !changed {
			continue
		}
		if err := it.readTick(ctx, issue, b.key, t); err != nil {
			return err
		}
		odd = odd || !t.ticked && it.isDone(b.key)
	}
	if err == nil && !odd && unticked(ours) == unticked(m.Wrote) {
		m.Wrote = ours // so that what is not as it should be is written again
	}
	return nil
}

func (it *item) isDone(key workflow.StepKey) bool {
	s := it.run.Steps[key]
	return s != nil && s.Status == workflow.Done
}

func (it *item) readTick(ctx context.Context, issue Issue, key workflow.StepKey, t tick) error {
	by := workflow.Outsider{}
	if t.by.ID != 0 {
		var err error
		if by, err = it.s.people.outsider(ctx, it.run, t.by); err != nil {
			return err
		}
	}
	id := request("tick", it.id(), key, t.ticked, t.id, issue.Updated.UnixMilli())
	if t.id != 0 {
		id = request("tick", it.id(), key, t.id)
	}
	if !t.ticked {
		if it.isDone(key) {
			return nil // that is judged, and not taken over
		}
		return it.observe(ctx, id, func(act workflow.Act, r *workflow.Run) error {
			r.UntickOutside(act, key, by)
			return nil
		})
	}
	return it.outsider(ctx, id, by, workflow.Ask{Verb: workflow.VerbDone, Step: key}, func(act workflow.Act, r *workflow.Run, may bool) error {
		return r.TickOutside(act, key, it.Fact, by, may)
	})
}

// outsider changes the run by what somebody did.
func (it *item) outsider(ctx context.Context, id workflow.RequestID, by workflow.Outsider, ask workflow.Ask, change func(workflow.Act, *workflow.Run, bool) error) error {
	run, err := it.s.options.Service.Outsider(ctx, id, it.Run, by, ask, change)
	if err == nil {
		it.saw(run)
	}
	return err
}

var linkCode = regexp.MustCompile(`(?i)\bcloudimage link ([a-z0-9]{10})\b`)

// readComment takes in what somebody wrote.
func (it *item) readComment(ctx context.Context, a Activity) error {
	if a.Author.Bot {
		return nil
	}
	if m := linkCode.FindStringSubmatch(a.Text); m != nil {
		who, ok, err := it.s.options.Service.ConfirmHandle(ctx, request("handle", it.id(), a.ID), a.Author.Handle, a.Author.ID, strings.ToLower(m[1]))
		if ok {
			it.s.people.forget(who)
			it.s.log.Info("somebody has shown who they are in the issue tracker", "user", who, "handle", a.Author.Handle)
		}
		return err
	}
	by, err := it.s.people.outsider(ctx, it.run, a.Author)
	if err != nil {
		return err
	}
	text := a.Text
	if a.Internal {
		text = "(an internal note: read it there)"
	}
	return it.observe(ctx, request("heard", it.id(), a.ID), func(act workflow.Act, r *workflow.Run) error {
		r.Hear(act, it.Fact, by, text)
		return nil
	})
}

// readMention takes a merge request that mentions the run's issue for the run's
// own, if it has none and the merge request is labelled as one. It has to be in the
// project of the issue, where not anybody may label: it completes steps.
func (it *item) readMention(ctx context.Context, a Activity) error {
	fact := it.run.NoMergeRequest()
	if fact == "" || a.Target.Kind != MergeRequestKind {
		return nil
	}
	mr, err := it.s.options.Tracker.MergeRequest(ctx, a.Target)
	var refused *TrackerError
	if errors.As(err, &refused) && !refused.Failure.Everything() {
		return nil // it is not for us to see
	}
	if err != nil || mr.Project != it.Project || !slices.ContainsFunc(mr.Labels, func(l string) bool { return slices.Contains(it.s.options.Labels, l) }) {
		return err
	}
	return it.observe(ctx, request("found", it.id(), a.ID), func(act workflow.Act, r *workflow.Run) error {
		if r.NoMergeRequest() != fact {
			return nil
		}
		return r.Link(act, fact, mr.URL, mr.Path)
	})
}

// digest tells one text from another.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// lookBack looks, after we wrote, at what others did in the same moment: a tick
// that we have overwritten is not lost, and of text that we may have, people are
// told. Sent is the text that we wrote; empty when we wrote none.
func (it *item) lookBack(ctx context.Context, read, wrote Issue, sent string) error {
	n, err := it.news(ctx)
	if err != nil {
		return err
	}
	if len(n.acts) == 0 {
		it.remember(n)
		return nil
	}
	for _, a := range n.acts {
		if a.Kind != Described || sent == "" || !a.At.After(read.Updated) && !a.At.Equal(wrote.Updated) {
			continue
		}
		now, err := it.s.options.Tracker.Issue(ctx, it.at())
		if err != nil {
			return err
		}
		if wrote = now; normal(now.Description) != normal(sent) {
			break // it was written after ours, and is there
		}
		by, err := it.s.people.outsider(ctx, it.run, a.Author)
		if err != nil {
			return err
		}
		it.memory.Overwrote = &workflow.Trouble{Kind: workflow.Overwrote, Key: fmt.Sprint(a.ID), By: by,
			There: []string{"what was written there at " + a.At.UTC().Format(time.TimeOnly) + " UTC; the issue's history has it"}}
		break
	}
	if err := it.read(ctx, wrote, n); err != nil {
		return err
	}
	return it.judge(ctx, wrote)
}
