package gitlabsim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file carries quick actions out: lines of a comment or description that
// begin with a slash and a word that GitLab knows. Such a line never stays in
// the text, whether it could be carried out or not
// (lib/gitlab/quick_actions/extractor.rb).

// command is one quick action.
type command struct{ name, arg string }

// otherActions are known to GitLab, and taken out of a text here as well; they
// are not carried out.
const otherActions = "add_child add_contacts add_email add_parent add_to_epic approve award blocked_by blocks board_move clone convert_to_ticket " +
	"copy_metadata create_merge_request cc done draft duplicate due epic estimate health_status invite_email iteration link linked_to merge move " +
	"milestone page parent promote promote_to promote_to_incident publish react ready rebase relate relabel remove_child remove_contacts remove_email " +
	"remove_epic remove_estimate remove_iteration remove_milestone remove_parent remove_parent_epic remove_time_spent remove_zoom " +
	"request_review request_changes assign_reviewer reviewer restore_reviewer unassign_reviewer remove_reviewer severity shrug spend spend_time spent " +
	"submit_review subscribe summarize_diff tableflip tag target_branch timeline todo type unapprove unlink unsubscribe weight clear_weight wip zoom estimate_time checkin_reminder"

// actions are those that are carried out.
const actions = "close reopen assign unassign reassign due remove_due_date label labels unlabel remove_label relabel confidential title lock unlock"

var (
	actionLine = regexp.MustCompile(`(?i)^/([a-z_]+)(?: ([^\n]*))?\s*$`)
	openTag    = regexp.MustCompile(`^<([a-zA-Z][^>]*)>$`)
	closeTag   = regexp.MustCompile(`^</[^>]+>$`)
)

// quickActions takes the quick actions out of a text. Blocks of code, of HTML
// and of >>> quotes have none.
func quickActions(text string) (rest string, found []command) {
	if !strings.Contains(text, "/") {
		return text, nil
	}
	known := strings.Fields(actions + " " + otherActions)
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	var keep []string
	end := func(string) bool { return false } // whether a line ends the block
	inside := false
	for i, line := range lines {
		if inside {
			inside = !end(line)
			keep = append(keep, line)
			continue
		}
		switch {
		case strings.HasPrefix(line, "```"):
			end = func(l string) bool { return l == "```" }
		case line == ">>>":
			end = func(l string) bool { return l == ">>>" }
		case openTag.MatchString(line):
			end = closeTag.MatchString
		default:
			end = nil
		}
		if end != nil {
			inside = slices.ContainsFunc(lines[i+1:], end) // a block that never ends is none
			keep = append(keep, line)
			continue
		}
		m := actionLine.FindStringSubmatch(line)
		if m == nil || !slices.Contains(known, strings.ToLower(m[1])) {
			keep = append(keep, line)
			continue
		}
		found = append(found, command{strings.ToLower(m[1]), strings.TrimSpace(m[2])})
	}
	if len(found) == 0 {
		return text, nil
	}
	return strings.TrimRight(strings.Join(keep, "\n"), " \t\n"), found
}

// outcome is what quick actions did: the changes as the API tells them, and
// sentences.
type outcome struct {
	changes map[string]any
	said    []string
}

// interpret turns quick actions into a change of the item. isNew means that it
// is being created, where there is nothing to close.
func (s *Server) interpret(it *item, who *user, commands []command, c *change, isNew bool) outcome {
	out := outcome{changes: map[string]any{}}
	for _, cmd := range commands {
		if said := s.interpretOne(it, who, cmd, c, &out, isNew); said != "" {
			out.said = append(out.said, said)
		} else {
			out.said = append(out.said, "Could not apply "+cmd.name+" command.")
		}
	}
	return out
}

func (s *Server) interpretOne(it *item, who *user, cmd command, c *change, out *outcome, isNew bool) string {
	may := it.canAdmin(who) || isNew && it.project.member(who)
	yes := true
	switch cmd.name {
	case "close":
		if !isNew && it.opened() && it.canUpdate(who) {
			c.state, out.changes["state_event"] = "close", "close"
			return "Closed this " + it.noun() + "."
		}
	case "reopen":
		if !isNew && it.state == "closed" && it.canUpdate(who) {
			c.state, out.changes["state_event"] = "reopen", "reopen"
			return "Reopened this " + it.noun() + "."
		}
	case "title":
		if cmd.arg != "" && it.canUpdate(who) {
			c.title, out.changes["title"] = &cmd.arg, cmd.arg
			return fmt.Sprintf("Changed the title to %q.", cmd.arg)
		}
	case "confidential":
		if it.merge == nil && !it.confidential && (may || isNew) {
			c.confidential, out.changes["confidential"] = &yes, true
			return "Made this issue confidential."
		}
	case "lock", "unlock":
		lock := cmd.name == "lock"
		if may && !isNew && it.isLocked() != lock {
			c.locked, out.changes["discussion_locked"] = &lock, lock
			if lock {
				return "Locked the discussion."
			}
			return "Unlocked the discussion."
		}
	case "assign", "reassign", "unassign":
		if may {
			return s.interpretAssign(it, who, cmd, c, out)
		}
	case "due", "remove_due_date":
		if !may || it.merge != nil {
			break
		}
		due, ok := dueDate(cmd.arg, s.now())
		if cmd.name == "remove_due_date" {
			due, ok = "", it.due != ""
		}
		if !ok {
			break
		}
		c.due, out.changes["due_date"] = &due, nullable(due)
		if due == "" {
			return "Removed the due date."
		}
		return "Set the due date to " + day(due).Format("Jan 2, 2006") + "."
	case "label", "labels", "relabel", "unlabel", "remove_label":
		if may {
			return interpretLabel(it, cmd, c, out)
		}
	}
	return ""
}

var atName = regexp.MustCompile(`@([\w][\w.-]*)|\bme\b`)

func (s *Server) interpretAssign(it *item, who *user, cmd command, c *change, out *outcome) string {
	var people []*user
	for _, m := range atName.FindAllStringSubmatch(cmd.arg, -1) {
		u := who
		if m[1] != "" {
			u = s.state.user(m[1])
		}
		if u != nil && it.project.canRead(u) && !slices.Contains(people, u) {
			people = append(people, u)
		}
	}
	list := slices.Clone(it.assignees)
	if c.assignees != nil {
		list = slices.Clone(*c.assignees)
	}
	said := ""
	switch {
	case cmd.name == "unassign" && len(list) > 0:
		gone := list
		if len(people) > 0 {
			gone = people
		}
		list = without(list, gone)
		said = "Removed assignee " + sentence(gone) + "."
	case cmd.name == "unassign" || len(people) == 0:
		return ""
	case cmd.name == "reassign" || !s.opts.Premium:
		list = people
		said = "Assigned " + sentence(people) + "."
	default:
		list = append(list, without(people, list)...)
		said = "Assigned " + sentence(people) + "."
	}
	ids := []UserID{}
	for _, u := range list {
		ids = append(ids, u.id)
	}
	c.assignees, out.changes["assignee_ids"] = &list, ids
	return said
}

var labelName = regexp.MustCompile(`~(?:"([^"]+)"|([^\s~"]+))`)

func interpretLabel(it *item, cmd command, c *change, out *outcome) string {
	var found []*label
	for _, m := range labelName.FindAllStringSubmatch(cmd.arg, -1) {
		if l := it.project.label(m[1] + m[2]); l != nil && !slices.Contains(found, l) {
			found = append(found, l)
		}
	}
	ids, refs, word := []int64{}, []string{}, "label"
	for _, l := range found {
		ref := "~" + l.name
		if strings.Contains(l.name, " ") {
			ref = `~"` + l.name + `"`
		}
		ids, refs = append(ids, l.id), append(refs, ref)
	}
	if len(refs) > 1 {
		word = "labels"
	}
	told := strings.Join(refs, " ") + " " + word + "."
	switch cmd.name {
	case "label", "labels":
		if len(found) == 0 {
			return ""
		}
		c.add = append(c.add, names(found)...)
		out.changes["add_label_ids"] = ids
		return "Added " + told
	case "relabel":
		if len(found) == 0 {
			return ""
		}
		all := names(found)
		c.labels, out.changes["label_ids"] = &all, ids
		return "Replaced all labels with " + told
	}
	if cmd.arg == "" {
		c.labels, out.changes["label_ids"] = &[]string{}, ids
		return "Removed all labels."
	}
	if len(found) == 0 {
		return ""
	}
	c.remove = append(c.remove, names(found)...)
	out.changes["remove_label_ids"] = ids
	return "Removed " + told
}

var inDays = regexp.MustCompile(`^in (\d{1,4}) (day|week)s?$`)

// dueDate reads what may stand behind /due: a date, today, tomorrow, "in 3 days"
// or "in 2 weeks". GitLab reads much more.
func dueDate(arg string, now time.Time) (string, bool) {
	arg = strings.ToLower(arg)
	if d := day(arg); !d.IsZero() {
		return arg, true
	}
	ahead := 0
	switch m := inDays.FindStringSubmatch(arg); {
	case arg == "today":
	case arg == "tomorrow":
		ahead = 1
	case m != nil:
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return "", false
		}
		ahead = n
		if m[2] == "week" {
			ahead *= 7
		}
	default:
		return "", false
	}
	return now.AddDate(0, 0, ahead).Format(time.DateOnly), true
}
