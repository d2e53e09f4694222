package gitlabsim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrRefused is wrapped by what GitLab does not let a person do.
var ErrRefused = errors.New("refused")

// Person is somebody who uses the web interface. He may do what his roles let
// him do there.
type Person struct {
	s    *Server
	name string
}

// As is a person by username. One who does not exist is returned as well;
// whatever he does is refused.
func (s *Server) As(username string) Person { return Person{s, username} }

// act does something to an item, with the server locked.
func (p Person) act(on Ref, do func(who *user, it *item) error) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	who := p.s.state.user(p.name)
	if !who.active() {
		return fmt.Errorf("%w: there is nobody named %q who may sign in", ErrRefused, p.name)
	}
	it := p.s.state.item(on)
	if it == nil || !it.canRead(who) {
		return fmt.Errorf("%w: %s sees no %s", ErrRefused, p.name, on)
	}
	if err := do(who, it); err != nil {
		return fmt.Errorf("%w: %s, %s: %w", ErrRefused, p.name, on, err)
	}
	return nil
}

// change updates an item as far as the person may; may says whether he may at all.
func (p Person) change(on Ref, may func(it *item, who *user) bool, c change) error {
	return p.act(on, func(who *user, it *item) error {
		if !may(it, who) {
			return forbidden()
		}
		return p.s.update(it, who, c)
	})
}

// CreateIssue writes an issue in a project, "group/project". Quick actions in
// the description are carried out.
func (p Person) CreateIssue(in, title, description string) (Ref, error) {
	return p.create(in, func(who *user, pr *project) (*item, error) {
		if !pr.canCreateIssue(who) {
			return nil, forbidden()
		}
		return p.s.newIssue(pr, who, change{title: &title, description: &description}, 0)
	})
}

// CreateMergeRequest writes a merge request from a branch to the default branch.
// What its description closes ("Closes #3") is closed when it is merged.
func (p Person) CreateMergeRequest(in, title, description, branch string) (Ref, error) {
	return p.create(in, func(who *user, pr *project) (*item, error) {
		if !pr.does(who, Developer) || pr.archived {
			return nil, forbidden()
		}
		return p.s.newMerge(pr, who, mergeChange{change{title: &title, description: &description}, branch, pr.defaultBranch})
	})
}

func (p Person) create(in string, do func(*user, *project) (*item, error)) (Ref, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	who, pr := p.s.state.user(p.name), p.s.state.byPath[strings.ToLower(in)]
	if !who.active() || pr == nil || !pr.canRead(who) {
		return "", fmt.Errorf("%w: %s sees no project %s", ErrRefused, p.name, in)
	}
	it, err := do(who, pr)
	if err != nil {
		return "", fmt.Errorf("%w: %s, %s: %w", ErrRefused, p.name, in, err)
	}
	return it.ref(), nil
}

// Tick ticks the box of the one open checklist item whose line has this text.
func (p Person) Tick(on Ref, text string) error { return p.box(on, text, true) }

// Untick takes the tick away from the one ticked item whose line has this text.
func (p Person) Untick(on Ref, text string) error { return p.box(on, text, false) }

func (p Person) box(on Ref, text string, done bool) error {
	return p.act(on, func(who *user, it *item) error {
		if !it.canUpdate(who) {
			return forbidden()
		}
		var found []task
		for _, t := range it.tasks {
			if t.done != done && strings.Contains(t.source, text) {
				found = append(found, t)
			}
		}
		if len(found) != 1 {
			return fmt.Errorf("%d boxes have %q and could change; the description is:\n%s", len(found), text, it.description)
		}
		return p.s.update(it, who, change{description: ptr(withBox(it.description, found[0], done))})
	})
}

// withBox is a description with a box ticked or not, and nothing else changed.
func withBox(description string, t task, done bool) string {
	mark := " "
	if done {
		mark = "x"
	}
	return description[:t.at] + mark + description[t.at+1:]
}

func ptr[T any](v T) *T { return &v }

// EditTitle changes the title.
func (p Person) EditTitle(on Ref, title string) error {
	return p.change(on, (*item).canUpdate, change{title: &title})
}

// EditDescription changes the description as the function says. The function
// sees the description as it is at that moment and must not use the server.
func (p Person) EditDescription(on Ref, edit func(string) string) error {
	return p.act(on, func(who *user, it *item) error {
		if !it.canUpdate(who) {
			return forbidden()
		}
		return p.s.update(it, who, change{description: ptr(edit(it.description))})
	})
}

// Comment writes a comment and carries its quick actions out. The id is 0 when
// there was nothing but quick actions.
func (p Person) Comment(on Ref, body string) (NoteID, error) { return p.say(on, body, false) }

// CommentInternally writes an internal note, which guests do not see.
func (p Person) CommentInternally(on Ref, body string) (NoteID, error) { return p.say(on, body, true) }

func (p Person) say(on Ref, body string, internal bool) (id NoteID, err error) {
	err = p.act(on, func(who *user, it *item) error {
		n, _, err := p.s.say(it, who, body, internal)
		if n != nil {
			id = n.id
		}
		return err
	})
	return id, err
}

// EditComment changes a comment of the item.
func (p Person) EditComment(on Ref, id NoteID, body string) error {
	return p.withNote(on, id, func(who *user, it *item, n *note) error {
		_, err := p.s.rewrite(it, n, who, body)
		return err
	})
}

// DeleteComment deletes a comment of the item.
func (p Person) DeleteComment(on Ref, id NoteID) error {
	return p.withNote(on, id, func(_ *user, it *item, n *note) error {
		p.s.removeNote(it, n)
		return nil
	})
}

func (p Person) withNote(on Ref, id NoteID, do func(*user, *item, *note) error) error {
	return p.act(on, func(who *user, it *item) error {
		i := slices.IndexFunc(it.notes, func(n *note) bool { return n.id == id })
		if i < 0 || !it.notes[i].canRead(it, who) || !it.notes[i].canAdmin(it, who) {
			return noRecord()
		}
		return do(who, it, it.notes[i])
	})
}

// Close closes an issue or merge request.
func (p Person) Close(on Ref) error {
	return p.change(on, (*item).canUpdate, change{state: "close"})
}

// Reopen opens it again.
func (p Person) Reopen(on Ref) error {
	return p.change(on, (*item).canUpdate, change{state: "reopen"})
}

// Assign sets who it is assigned to; nobody takes everybody away. GitLab Free
// keeps the first.
func (p Person) Assign(on Ref, usernames ...string) error {
	return p.act(on, func(who *user, it *item) error {
		people := []*user{}
		for _, name := range usernames {
			u := p.s.state.user(name)
			if u == nil || !it.project.canRead(u) {
				return fmt.Errorf("%q cannot be assigned", name)
			}
			people = append(people, u)
		}
		if !it.canAdmin(who) {
			return forbidden()
		}
		return p.s.update(it, who, change{assignees: &people})
	})
}

// SetDue sets the due date, YYYY-MM-DD; "" takes it away.
func (p Person) SetDue(on Ref, date string) error {
	if date != "" && day(date).IsZero() {
		return fmt.Errorf("%w: %q is no date", ErrRefused, date)
	}
	return p.change(on, (*item).canAdmin, change{due: &date})
}

// Label adds labels; new ones are made.
func (p Person) Label(on Ref, labels ...string) error {
	return p.change(on, (*item).canAdmin, change{add: labels})
}

// Unlabel takes labels away.
func (p Person) Unlabel(on Ref, labels ...string) error {
	return p.change(on, (*item).canAdmin, change{remove: labels})
}

// SetMilestone sets the milestone by its title; "" takes it away.
func (p Person) SetMilestone(on Ref, title string) error {
	return p.act(on, func(who *user, it *item) error {
		var m *milestone
		for _, x := range it.project.allMilestones() {
			if x.title == title {
				m = x
			}
		}
		if m == nil && title != "" {
			return fmt.Errorf("there is no milestone %q", title)
		}
		if !it.canAdmin(who) {
			return forbidden()
		}
		return p.s.update(it, who, change{milestone: &m})
	})
}

// Lock locks the discussion, or unlocks it: then only members comment.
func (p Person) Lock(on Ref, locked bool) error {
	return p.change(on, (*item).canAdmin, change{locked: &locked})
}

// SetConfidential makes an issue confidential, or visible to everyone.
func (p Person) SetConfidential(on Ref, confidential bool) error {
	return p.change(on, (*item).canAdmin, change{confidential: &confidential})
}

// Move moves an issue to another project and returns where it is now.
func (p Person) Move(on Ref, to string) (now Ref, err error) {
	err = p.act(on, func(who *user, it *item) error {
		target := p.s.state.byPath[strings.ToLower(to)]
		if target == nil || !target.canRead(who) || it.merge != nil {
			return notFound("Project")
		}
		moved, err := p.s.move(it, who, target)
		if err == nil {
			now = moved.ref()
		}
		return err
	})
	return now, err
}

// Delete deletes an issue or merge request, for good.
func (p Person) Delete(on Ref) error {
	return p.act(on, func(who *user, it *item) error {
		if !it.canDelete(who) {
			return forbidden()
		}
		p.s.remove(it)
		return nil
	})
}

// Link marks two issues as related.
func (p Person) Link(on, to Ref) error {
	return p.act(on, func(who *user, it *item) error {
		target := p.s.state.item(to)
		if it.merge != nil || target == nil || target.merge != nil || !target.canRead(who) {
			return noRecord()
		}
		_, err := p.s.link(it, target, who, "relates_to")
		return err
	})
}

// Approve approves a merge request.
func (p Person) Approve(on Ref) error { return p.mergeAct(on, p.s.approve) }

// Unapprove takes the approval back.
func (p Person) Unapprove(on Ref) error { return p.mergeAct(on, p.s.unapprove) }

// Merge merges a merge request, and closes what it closes.
func (p Person) Merge(on Ref) error {
	return p.mergeAct(on, func(it *item, who *user) error {
		if err := p.s.mayAccept(it, who); err != nil {
			return err
		}
		p.s.accept(it, who)
		return nil
	})
}

func (p Person) mergeAct(on Ref, do func(*item, *user) error) error {
	return p.act(on, func(who *user, it *item) error {
		if it.merge == nil {
			return errors.New("this is no merge request")
		}
		return do(it, who)
	})
}
