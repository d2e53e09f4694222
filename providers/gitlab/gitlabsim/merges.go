package gitlabsim

import (
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// merge is what a merge request has beyond an issue.
type merge struct {
	source, target string // branches
	sha, mergedSHA string
	mergedAt       time.Time
	mergedBy       *user
	reviewers      []*user
	approvals      []approval
	conflicts      bool
	required       int // approvals, on Premium
}

type approval struct {
	user *user
	at   time.Time
}

// draftForm is how the title of a draft begins (MergeRequest::DRAFT_REGEX).
var draftForm = regexp.MustCompile(`(?i)^\s*(?:\[draft\]|\(draft\)|draft:|draft\s-\s)\s*`)

func isDraft(title string) bool { return draftForm.MatchString(title) }

func undraft(title string) string {
	for isDraft(title) {
		title = draftForm.ReplaceAllString(title, "")
	}
	return title
}

// passesMerge are the filters that merge requests alone have.
func (f *filter) passesMerge(it *item, reader *user) bool {
	m := it.merge
	reviews := func(of func(*user) bool) bool { return slices.ContainsFunc(m.reviewers, of) }
	return (f.sourceBranch == "" || m.source == f.sourceBranch) &&
		(f.targetBranch == "" || m.target == f.targetBranch) &&
		(!f.hasDraft || isDraft(it.title) == f.draft) &&
		(f.approved == "" || (len(m.approvals) > 0) == (f.approved == "yes")) &&
		(f.scope != "reviews_for_me" || reviews(func(u *user) bool { return u == reader })) &&
		(f.reviewerID == 0 || reviews(func(u *user) bool { return int64(u.id) == f.reviewerID })) &&
		(f.reviewer == "" || reviews(func(u *user) bool { return strings.EqualFold(u.username, f.reviewer) }))
}

// applyMerge is the part of a change that merge requests alone have.
func (s *Server) applyMerge(it *item, who *user, c change) bool {
	changed := false
	if c.reviewers != nil {
		list := *c.reviewers
		if !s.opts.Premium && len(list) > 1 {
			list = list[:1]
		}
		if body := changedPeople(it.merge.reviewers, list, "requested review from", "removed review request for"); body != "" {
			s.systemNote(it, who, "reviewer", body)
			changed = true
		}
		it.merge.reviewers = slices.Clone(list)
	}
	if c.target != nil && *c.target != "" && *c.target != it.merge.target {
		s.systemNote(it, who, "branch", fmt.Sprintf("changed target branch from `%s` to `%s`", it.merge.target, *c.target))
		it.merge.target, changed = *c.target, true
	}
	return changed
}

// closesForm are the words with which a merge request closes issues
// (Gitlab::ClosingIssueExtractor).
var closesForm = regexp.MustCompile(`(?i)\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?)(?:\s+issues?)?:?\s+((?:(?:issues?\s+)?\S*?(?:#\d+|/(?:issues|work_items)/\d+)(?:\s*,?\s*(?:and\s+)?)?)+)`)

// closes are the issues that a merge request closes when it is merged.
func (s *Server) closes(it *item) []*item {
	var out []*item
	for _, m := range closesForm.FindAllStringSubmatch(codeForm.ReplaceAllString(it.description, " "), -1) {
		for _, issue := range s.mentioned(it.project, m[1]) {
			if issue.merge == nil && !slices.Contains(out, issue) {
				out = append(out, issue)
			}
		}
	}
	return out
}

// related are the merge requests that mention an issue and that the reader sees,
// the newest first.
func (s *Server) related(it *item, reader *user) []*item {
	var out []*item
	for other := range it.mentions {
		if other.merge != nil && other.project.merges[other.iid] == other && other.canRead(reader) {
			out = append(out, other)
		}
	}
	slices.SortFunc(out, func(a, b *item) int { return cmp.Compare(b.id, a.id) })
	return out
}

// closers are those of them that close it.
func (s *Server) closers(it *item, reader *user) []*item {
	if len(it.mentions) == 0 {
		return nil
	}
	return slices.DeleteFunc(s.related(it, reader), func(m *item) bool { return !slices.Contains(s.closes(m), it) })
}

// commit is a made-up commit id for a text.
func commit(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// mergeChange is what a new merge request is made of.
type mergeChange struct {
	change
	source, target string
}

// newMerge writes a merge request.
func (s *Server) newMerge(p *project, who *user, c mergeChange) (*item, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	for _, other := range p.merges {
		if other.opened() && other.merge.source == c.source && other.merge.target == c.target {
			return nil, message(409, []string{"Another open merge request already exists for this source branch: !" + fmt.Sprint(other.iid)})
		}
	}
	now := s.now()
	p.lastMerge++
	it := &item{id: s.ids.next("merge_request"), iid: p.lastMerge, project: p, author: who, state: "opened", title: *c.title, created: now, updated: now,
		merge: &merge{source: c.source, target: c.target}}
	it.merge.sha = commit(fmt.Sprint(it.id, c.source))
	p.merges[it.iid] = it
	s.begin(it, who, c.change)
	return it, nil
}

// accept merges a merge request, and closes what it closes.
func (s *Server) accept(it *item, who *user) {
	m := it.merge
	it.state, m.mergedAt, m.mergedBy = "merged", s.now(), who
	m.mergedSHA = commit(m.sha + "merged")
	it.updated = s.now()
	s.stateChanged(it, who, "merged", nil)
	if m.target != it.project.defaultBranch {
		return
	}
	for _, issue := range s.closes(it) {
		if issue.canUpdate(who) {
			s.setState(issue, who, "close", it)
		}
	}
}
