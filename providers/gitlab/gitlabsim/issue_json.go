package gitlabsim

import (
	"fmt"
	"slices"
	"strings"
)

type timeStats struct {
	Estimate      int     `json:"time_estimate"`
	Spent         int     `json:"total_time_spent"`
	HumanEstimate *string `json:"human_time_estimate"`
	HumanSpent    *string `json:"human_total_time_spent"`
}

type tasksJSON struct {
	Count     int `json:"count"`
	Completed int `json:"completed_count"`
}

type references struct {
	Short    string `json:"short"`
	Relative string `json:"relative"`
	Full     string `json:"full"`
}

type issueLinks struct {
	Self      string  `json:"self"`
	Notes     string  `json:"notes"`
	Emoji     string  `json:"award_emoji"`
	Project   string  `json:"project"`
	Duplicate *string `json:"closed_as_duplicate_of"`
}

// issueBasic is API::Entities::IssueBasic, which links show.
type issueBasic struct {
	ID                 int64          `json:"id"`
	IID                int            `json:"iid"`
	ProjectID          ProjectID      `json:"project_id"`
	Title              string         `json:"title"`
	Description        nullable       `json:"description"`
	State              string         `json:"state"`
	CreatedAt          moment         `json:"created_at"`
	UpdatedAt          moment         `json:"updated_at"`
	ClosedAt           moment         `json:"closed_at"`
	ClosedBy           *userBasic     `json:"closed_by"`
	Labels             any            `json:"labels"`
	Milestone          *milestoneJSON `json:"milestone"`
	Assignees          []*userBasic   `json:"assignees"`
	Author             *userBasic     `json:"author"`
	Type               string         `json:"type"`
	Assignee           *userBasic     `json:"assignee"`
	UserNotesCount     int            `json:"user_notes_count"`
	MergeRequestsCount int            `json:"merge_requests_count"`
	Upvotes            int            `json:"upvotes"`
	Downvotes          int            `json:"downvotes"`
	StartDate          *string        `json:"start_date"`
	DueDate            nullable       `json:"due_date"`
	Confidential       bool           `json:"confidential"`
	DiscussionLocked   *bool          `json:"discussion_locked"`
	IssueType          string         `json:"issue_type"`
	WebURL             string         `json:"web_url"`
	TimeStats          timeStats      `json:"time_stats"`
	Tasks              tasksJSON      `json:"task_completion_status"`
	Blocking           int            `json:"blocking_issues_count"`
}

// issueJSON is API::Entities::Issue.
type issueJSON struct {
	issueBasic
	HasTasks     bool       `json:"has_tasks"`
	TaskStatus   *string    `json:"task_status,omitempty"`
	Links        issueLinks `json:"_links"`
	References   references `json:"references"`
	Severity     string     `json:"severity"`
	Subscribed   *bool      `json:"subscribed,omitempty"`
	MovedToID    *int64     `json:"moved_to_id"`
	Imported     bool       `json:"imported"`
	ImportedFrom string     `json:"imported_from"`
	ServiceDesk  *string    `json:"service_desk_reply_to"`
}

// labelDetail is API::Entities::LabelBasic, for with_labels_details.
type labelDetail struct {
	ID              int64    `json:"id"`
	Name            string   `json:"name"`
	Description     nullable `json:"description"`
	DescriptionHTML string   `json:"description_html"`
	TextColor       string   `json:"text_color"`
	Color           string   `json:"color"`
	Archived        bool     `json:"archived"`
}

// shown is how a list or a single item is asked for.
type shown struct {
	within *project // references are relative to it; nil is none
	single bool
	labels bool // with_labels_details
}

func (it *item) labelsJSON(detail bool) any {
	if !detail {
		return it.labelNames()
	}
	out := make([]labelDetail, 0, len(it.labels))
	for _, l := range it.labels {
		out = append(out, labelDetail{ID: l.id, Name: l.name, Description: nullable(l.description), DescriptionHTML: pageText(l.description), TextColor: "#FFFFFF", Color: l.color})
	}
	slices.SortFunc(out, func(a, b labelDetail) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (it *item) references(within *project) references {
	short := fmt.Sprintf("%s%d", it.sign(), it.iid)
	r := references{Short: short, Relative: it.project.full() + short, Full: it.project.full() + short}
	if within != nil {
		r.Relative = it.from(within)
	}
	return r
}

func (it *item) tasksJSON() tasksJSON {
	return tasksJSON{Count: len(it.tasks), Completed: doneTasks(it.tasks)}
}

func (s *Server) issue(it *item, reader *user, as shown) issueJSON {
	project := fmt.Sprintf("%s%s/projects/%d", s.baseURL(), root, it.project.id)
	self := fmt.Sprintf("%s/issues/%d", project, it.iid)
	out := issueJSON{issueBasic: issueBasic{
		ID: it.id, IID: it.iid, ProjectID: it.project.id, Title: it.title, Description: nullable(it.description), State: it.state,
		CreatedAt: moment(it.created), UpdatedAt: moment(it.updated), ClosedAt: moment(it.closedAt), ClosedBy: s.basic(it.closedBy),
		Labels: it.labelsJSON(as.labels), Milestone: s.milestone(it.milestone), Assignees: s.basics(it.assignees), Author: s.basic(it.author),
		Type: "ISSUE", IssueType: "issue", UserNotesCount: it.comments, MergeRequestsCount: len(s.closers(it, reader)),
		DueDate: nullable(it.due), Confidential: it.confidential, DiscussionLocked: it.locked, WebURL: s.web(it), Tasks: it.tasksJSON(),
	},
		HasTasks:   len(it.tasks) > 0,
		Links:      issueLinks{Self: self, Notes: self + "/notes", Emoji: self + "/award_emoji", Project: project},
		References: it.references(as.within), Severity: "UNKNOWN", ImportedFrom: "none",
	}
	if len(it.assignees) > 0 {
		out.Assignee = s.basic(it.assignees[0])
	}
	if out.HasTasks {
		noun := "checklist items"
		if len(it.tasks) == 1 {
			noun = "checklist item"
		}
		status := fmt.Sprintf("%d of %d %s completed", out.Tasks.Completed, out.Tasks.Count, noun)
		out.TaskStatus = &status
	}
	if it.movedTo != nil {
		out.MovedToID = &it.movedTo.id
	}
	for _, l := range it.links {
		if _, kind := l.other(it); kind == "blocks" {
			out.Blocking++
		}
	}
	if as.single && reader != nil {
		subscribed := it.involves(reader)
		out.Subscribed = &subscribed
	}
	return out
}
