package gitlabsim

// This file tells the resource events: what became of labels, the state and the
// milestone, of which GitLab writes no system notes
// (doc/api/resource_{label,state,milestone}_events.md).

type eventBasic struct {
	ID           int64      `json:"id"`
	User         *userBasic `json:"user"`
	CreatedAt    moment     `json:"created_at"`
	ResourceType string     `json:"resource_type"`
	ResourceID   int64      `json:"resource_id"`
}

func (s *Server) event(it *item, id int64, who *user, at moment) eventBasic {
	return eventBasic{id, s.basic(who), at, it.kind(), it.id}
}

// action is what happened to the thing: add or remove.
func action(removed bool) string {
	if removed {
		return "remove"
	}
	return "add"
}

type eventLabel struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	Color       string   `json:"color"`
	Description nullable `json:"description"`
}

func listLabelEvents(q *request) (any, error) {
	it, err := q.item()
	if err != nil {
		return nil, err
	}
	page, err := paginate(q, it.labelEv)
	if err != nil {
		return nil, err
	}
	type row struct {
		eventBasic
		Label  eventLabel `json:"label"`
		Action string     `json:"action"`
	}
	out := make([]row, 0, len(page))
	for _, e := range page {
		out = append(out, row{q.s.event(it, e.id, e.user, moment(e.at)),
			eventLabel{e.label.id, e.label.name, e.label.color, nullable(e.label.description)}, action(e.removed)})
	}
	return out, nil
}

func listStateEvents(q *request) (any, error) {
	it, err := q.item()
	if err != nil {
		return nil, err
	}
	page, err := paginate(q, it.stateEv)
	if err != nil {
		return nil, err
	}
	type row struct {
		eventBasic
		SourceCommit *string `json:"source_commit"`
		SourceMerge  *int64  `json:"source_merge_request_id"`
		State        string  `json:"state"`
	}
	out := make([]row, 0, len(page))
	for _, e := range page {
		r := row{eventBasic: q.s.event(it, e.id, e.user, moment(e.at)), State: e.state}
		if e.by != nil {
			r.SourceMerge = &e.by.id
		}
		out = append(out, r)
	}
	return out, nil
}

func listMilestoneEvents(q *request) (any, error) {
	it, err := q.item()
	if err != nil {
		return nil, err
	}
	page, err := paginate(q, it.stoneEv)
	if err != nil {
		return nil, err
	}
	type row struct {
		eventBasic
		Milestone *milestoneJSON `json:"milestone"`
		Action    string         `json:"action"`
		State     string         `json:"state"`
	}
	out := make([]row, 0, len(page))
	for _, e := range page {
		out = append(out, row{q.s.event(it, e.id, e.user, moment(e.at)), q.s.milestone(e.milestone), action(e.removed), it.state})
	}
	return out, nil
}
