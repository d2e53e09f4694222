package gitlab

import (
	"regexp"
	"strings"

	"cloudimage/workflow/mirror"
)

// This file reads GitLab's system notes. The rules are: only what is listed here
// means something, everything else is OtherActivity; each wording is one that
// GitLab's source has or had, or that its servers were seen to write. Until
// GitLab 10 they began with a capital.
//
//	the ticks, the description, assignees, mentions, moves:
//	  app/services/system_notes/issuables_service.rb
//	dates: app/services/system_notes/time_tracking_service.rb
//	what a mention is called: gfm_reference in app/models/concerns/mentionable.rb
//	  and app/models/issue.rb
//
// GitLab tells a tick by comparing the boxes one by one in their order
// (app/models/concerns/taskable.rb), and tells of a description that changed only
// when no box did (app/services/issuable/common_system_notes_service.rb). So
// Described may be missing when somebody ticked and wrote at once, and a tick when
// they added a line above. A newer server takes the line from the rendered
// description: it is the text without its markup, and what an HTML comment in it
// hides is in it all the same.

// systemNote is what one says.
type systemNote struct {
	kind mirror.ActivityKind
	text string // behind a box
	ref  string // to an issue or a merge request, as GitLab writes it
}

var (
	// "marked the task" until 15.3, and on servers that have not renamed old ones.
	taskNote = regexp.MustCompile(`(?is)^marked the (?:task|checklist item) \*\*(.*)\*\* as (completed|complete|incomplete)\.?$`)

	// "removed due date" had the date added in 15.9, and a start date beside it.
	dateNote = regexp.MustCompile(`(?i)^(?:(?:changed|removed) start date .*and )?(?:changed|removed) due date\b`)

	assigneeNote = regexp.MustCompile(`(?i)^(?:assigned to|unassigned|reassigned to|removed assignee|removed all assignees|changed assignee)\b`)

	describedNote = regexp.MustCompile(`(?i)^changed the description$`)

	// "merge request !12", "issue group/project#12", or whatever else the type of the
	// issue is called: "incident", "task", "test case". Commits have an @ or nothing
	// but a hash, and epics an &; an epic that is a work item has a # and its group.
	mentionNote = regexp.MustCompile(`(?i)^mentioned in (?:(.*\S) )?(\S*[#!][1-9][0-9]*|https?://\S+)$`)

	movedNote = regexp.MustCompile(`(?i)^moved to (\S*#[1-9][0-9]*|https?://\S+)$`)
)

// parseSystemNote reads one.
func parseSystemNote(body string) systemNote {
	body = strings.TrimSpace(unix(body))
	if m := taskNote.FindStringSubmatch(body); m != nil {
		kind := mirror.Ticked
		if strings.EqualFold(m[2], "incomplete") {
			kind = mirror.Unticked
		}
		return systemNote{kind: kind, text: unescaped(strings.TrimSpace(m[1]))}
	}
	switch {
	case describedNote.MatchString(body):
		return systemNote{kind: mirror.Described}
	case assigneeNote.MatchString(body):
		return systemNote{kind: mirror.Assigned}
	case dateNote.MatchString(body):
		return systemNote{kind: mirror.Dated}
	}
	if m := mentionNote.FindStringSubmatch(body); m != nil && !strings.EqualFold(m[1], "epic") {
		return systemNote{kind: mirror.Mentioned, ref: m[2]}
	}
	if m := movedNote.FindStringSubmatch(body); m != nil {
		return systemNote{kind: mirror.MovedTo, ref: m[1]}
	}
	return systemNote{kind: mirror.OtherActivity}
}

// escapedAlways are marks that newer servers put a backslash before, wherever they
// stand in a line; others too, but these gitlab.com was seen to in 2026. Older
// servers write the line as it is.
const escapedAlways = `#.-=`

// unescaped is a line behind a box without the backslashes that a newer server put
// in. A line in which one of these marks stands bare is from an older server, and
// its backslashes are its author's.
func unescaped(line string) string {
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && punctuation(line[i+1]):
			i++
		case strings.IndexByte(escapedAlways, line[i]) >= 0:
			return line
		}
	}
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		if line[i] == '\\' && i+1 < len(line) && punctuation(line[i+1]) {
			i++
		}
		b.WriteByte(line[i])
	}
	return b.String()
}

// punctuation reports whether Markdown lets a backslash stand before it.
// https://spec.commonmark.org/0.31.2/#backslash-escapes
func punctuation(c byte) bool {
	return '!' <= c && c <= '/' || ':' <= c && c <= '@' || '[' <= c && c <= '`' || '{' <= c && c <= '~'
}
