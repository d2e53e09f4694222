package gitlabsim

// mergeJSON is API::Entities::MergeRequestBasic, and MergeRequest when it is
// asked for alone.
type mergeJSON struct {
	ID                  int64          `json:"id"`
	IID                 int            `json:"iid"`
	ProjectID           ProjectID      `json:"project_id"`
	Title               string         `json:"title"`
	Description         nullable       `json:"description"`
	State               string         `json:"state"`
	CreatedAt           moment         `json:"created_at"`
	UpdatedAt           moment         `json:"updated_at"`
	MergedBy            *userBasic     `json:"merged_by"`
	MergeUser           *userBasic     `json:"merge_user"`
	MergedAt            moment         `json:"merged_at"`
	ClosedBy            *userBasic     `json:"closed_by"`
	ClosedAt            moment         `json:"closed_at"`
	TargetBranch        string         `json:"target_branch"`
	SourceBranch        string         `json:"source_branch"`
	UserNotesCount      int            `json:"user_notes_count"`
	Upvotes             int            `json:"upvotes"`
	Downvotes           int            `json:"downvotes"`
	Author              *userBasic     `json:"author"`
	Assignees           []*userBasic   `json:"assignees"`
	Assignee            *userBasic     `json:"assignee"`
	Reviewers           []*userBasic   `json:"reviewers"`
	SourceProjectID     ProjectID      `json:"source_project_id"`
	TargetProjectID     ProjectID      `json:"target_project_id"`
	Labels              any            `json:"labels"`
	Draft               bool           `json:"draft"`
	Imported            bool           `json:"imported"`
	ImportedFrom        string         `json:"imported_from"`
	WorkInProgress      bool           `json:"work_in_progress"`
	Milestone           *milestoneJSON `json:"milestone"`
	WhenPipeline        bool           `json:"merge_when_pipeline_succeeds"`
	MergeStatus         string         `json:"merge_status"`
	DetailedMergeStatus string         `json:"detailed_merge_status"`
	MergeAfter          *string        `json:"merge_after"`
	SHA                 string         `json:"sha"`
	MergeCommitSHA      nullable       `json:"merge_commit_sha"`
	SquashCommitSHA     nullable       `json:"squash_commit_sha"`
	DiscussionLocked    *bool          `json:"discussion_locked"`
	ShouldRemove        *bool          `json:"should_remove_source_branch"`
	ForceRemove         bool           `json:"force_remove_source_branch"`
	PreparedAt          moment         `json:"prepared_at"`
	Reference           string         `json:"reference"`
	References          references     `json:"references"`
	WebURL              string         `json:"web_url"`
	TimeStats           timeStats      `json:"time_stats"`
	Squash              bool           `json:"squash"`
	SquashOnMerge       bool           `json:"squash_on_merge"`
	Tasks               tasksJSON      `json:"task_completion_status"`
	HasConflicts        bool           `json:"has_conflicts"`
	Resolved            bool           `json:"blocking_discussions_resolved"`
	*mergeSingle
}

// mergeSingle is what only a single merge request tells.
type mergeSingle struct {
	Subscribed   bool    `json:"subscribed"`
	ChangesCount string  `json:"changes_count"`
	MergeError   *string `json:"merge_error"`
	User         struct {
		CanMerge bool `json:"can_merge"`
	} `json:"user"`
}

// detailed says whether a merge request can be merged, and if not, why
// (doc/api/merge_requests.md, "Merge status").
func (s *Server) detailed(it *item) string {
	m := it.merge
	switch {
	case !it.opened():
		return "not_open"
	case isDraft(it.title):
		return "draft_status"
	case m.conflicts:
		return "conflict"
	case len(m.approvals) < m.required:
		return "not_approved"
	}
	return "mergeable"
}

func (s *Server) mergeRequest(it *item, reader *user, as shown) mergeJSON {
	m := it.merge
	out := mergeJSON{
		ID: it.id, IID: it.iid, ProjectID: it.project.id, Title: it.title, Description: nullable(it.description), State: it.state,
		CreatedAt: moment(it.created), UpdatedAt: moment(it.updated), MergedBy: s.basic(m.mergedBy), MergeUser: s.basic(m.mergedBy),
		MergedAt: moment(m.mergedAt), ClosedBy: s.basic(it.closedBy), ClosedAt: moment(it.closedAt), TargetBranch: m.target, SourceBranch: m.source,
		UserNotesCount: it.comments, Author: s.basic(it.author), Assignees: s.basics(it.assignees), Reviewers: s.basics(m.reviewers),
		SourceProjectID: it.project.id, TargetProjectID: it.project.id, Labels: it.labelsJSON(as.labels), Draft: isDraft(it.title),
		WorkInProgress: isDraft(it.title), ImportedFrom: "none", Milestone: s.milestone(it.milestone), MergeStatus: "can_be_merged",
		DetailedMergeStatus: s.detailed(it), SHA: m.sha, MergeCommitSHA: nullable(m.mergedSHA), DiscussionLocked: it.locked, PreparedAt: moment(it.created),
		Reference: it.references(as.within).Relative, References: it.references(as.within), WebURL: s.web(it), Tasks: it.tasksJSON(),
		HasConflicts: m.conflicts, Resolved: true,
	}
	if len(it.assignees) > 0 {
		out.Assignee = s.basic(it.assignees[0])
	}
	if m.conflicts {
		out.MergeStatus = "cannot_be_merged"
	}
	if as.single {
		out.mergeSingle = &mergeSingle{ChangesCount: "1", Subscribed: it.involves(reader)}
		out.User.CanMerge = it.project.does(reader, Developer)
	}
	return out
}
