package gitlabsim

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// noteJSON is API::Entities::Note.
type noteJSON struct {
	ID              NoteID         `json:"id"`
	Type            *string        `json:"type"`
	Body            string         `json:"body"`
	Author          *userBasic     `json:"author"`
	CreatedAt       moment         `json:"created_at"`
	UpdatedAt       moment         `json:"updated_at"`
	System          bool           `json:"system"`
	NoteableID      int64          `json:"noteable_id"`
	NoteableType    string         `json:"noteable_type"`
	ProjectID       ProjectID      `json:"project_id"`
	Resolvable      bool           `json:"resolvable"`
	Confidential    bool           `json:"confidential"`
	Internal        bool           `json:"internal"`
	Imported        bool           `json:"imported"`
	ImportedFrom    string         `json:"imported_from"`
	NoteableIID     int            `json:"noteable_iid"`
	CommandsChanges map[string]any `json:"commands_changes"`
}

func (s *Server) note(it *item, n *note, changes map[string]any) noteJSON {
	if changes == nil {
		changes = map[string]any{}
	}
	return noteJSON{ID: n.id, Body: n.body, Author: s.basic(n.author), CreatedAt: moment(n.created), UpdatedAt: moment(n.updated), System: n.system,
		NoteableID: it.id, NoteableType: it.kind(), ProjectID: it.project.id, Confidential: n.internal, Internal: n.internal,
		ImportedFrom: "none", NoteableIID: it.iid, CommandsChanges: changes}
}

// noteCommands is the answer to a note of quick actions alone: there is no note.
type noteCommands struct {
	Changes map[string]any `json:"commands_changes"`
	Summary []string       `json:"summary"`
}

// item is the issue or merge request that the path names.
func (q *request) item() (*item, error) {
	if q.path["merge_request_iid"] != "" {
		_, it, err := q.mergeRequest()
		return it, err
	}
	_, it, err := q.issue()
	return it, err
}

func (q *request) note() (*item, *note, error) {
	it, err := q.item()
	if err != nil {
		return nil, nil, err
	}
	id, _, err := asInteger("note_id", q.path["note_id"])
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(it.notes, func(n *note) bool { return int64(n.id) == id })
	if i < 0 {
		return nil, nil, noRecord()
	}
	if !it.notes[i].canRead(it, q.user) {
		return nil, nil, notFound("Note")
	}
	return it, it.notes[i], nil
}

func listNotes(q *request) (any, error) {
	it, err := q.item()
	if err != nil {
		return nil, err
	}
	sort, err := q.params.one("sort", "desc", "asc", "desc")
	if err != nil {
		return nil, err
	}
	by, err := q.params.one("order_by", "created_at", "created_at", "updated_at")
	if err != nil {
		return nil, err
	}
	only, err := q.params.one("activity_filter", "all_notes", "all_notes", "only_comments", "only_activity")
	if err != nil {
		return nil, err
	}
	// Cross references that the reader may not see are left out after the page is
	// cut, so that a page may have fewer notes than it says (lib/api/notes.rb).
	all := slices.DeleteFunc(slices.Clone(it.notes), func(n *note) bool {
		return only == "only_comments" && n.system || only == "only_activity" && !n.system
	})
	slices.SortStableFunc(all, func(a, b *note) int {
		d := a.created.Compare(b.created)
		if by == "updated_at" {
			d = a.updated.Compare(b.updated)
		}
		d = cmp.Or(d, cmp.Compare(a.id, b.id))
		if sort == "desc" {
			d = -d
		}
		return d
	})
	page, err := paginate(q, all)
	if err != nil {
		return nil, err
	}
	out := make([]noteJSON, 0, len(page))
	for _, n := range page {
		if n.canRead(it, q.user) {
			out = append(out, q.s.note(it, n, nil))
		}
	}
	return out, nil
}

func getNote(q *request) (any, error) {
	it, n, err := q.note()
	if err != nil {
		return nil, err
	}
	return q.s.note(it, n, nil), nil
}

func createNote(q *request) (any, error) {
	if !q.params.has("body") {
		return nil, fault("body is missing")
	}
	body, err := q.params.str("body")
	if err != nil {
		return nil, err
	}
	internal, _, err := q.params.boolean("internal")
	if err != nil {
		return nil, err
	}
	old, _, err := q.params.boolean("confidential")
	if err != nil {
		return nil, err
	}
	at, err := q.params.moment("created_at")
	if err != nil {
		return nil, err
	}
	it, err := q.item()
	if err != nil {
		return nil, err
	}
	n, out, err := q.s.say(it, q.user, body, internal || old)
	if err != nil {
		return nil, err
	}
	if n == nil {
		return accepted{noteCommands{out.changes, out.said}}, nil
	}
	if !at.IsZero() && it.project.does(q.user, Owner) {
		n.created, n.updated = at, at
	}
	return created{q.s.note(it, n, out.changes)}, nil
}

// longestNote is how long a note may be.
const longestNote = 1_000_000

func checkNote(body string) error {
	switch {
	case strings.TrimSpace(body) == "":
		return badRequest(`Note {note: ["can't be blank"]}`)
	case utf8.RuneCountInString(body) > longestNote:
		return badRequest(`Note {note: ["is too long (maximum is 1000000 characters)"]}`)
	}
	return nil
}

// say writes a note and carries its quick actions out. There is no note when
// there is nothing but quick actions.
func (s *Server) say(it *item, who *user, body string, internal bool) (*note, outcome, error) {
	if !it.canComment(who) || internal && !it.canInternal(who) {
		return nil, outcome{}, forbidden()
	}
	if err := checkNote(body); err != nil {
		return nil, outcome{}, err
	}
	rest, commands := quickActions(body)
	var n *note
	if strings.TrimSpace(rest) != "" {
		n = s.comment(it, who, rest, internal, s.now())
	}
	var c change
	out := s.interpret(it, who, commands, &c, false)
	if len(commands) > 0 {
		if err := c.check(); err != nil {
			return n, out, err
		}
		s.apply(it, who, c)
	}
	return n, out, nil
}

func updateNote(q *request) (any, error) {
	it, n, err := q.note()
	if err != nil {
		return nil, err
	}
	if q.params.has("body") {
		if v, err := q.params.str("body"); err != nil || strings.TrimSpace(v) == "" {
			return nil, fault("body is empty")
		}
	}
	body, err := q.params.str("body")
	if err != nil {
		return nil, err
	}
	if !n.canAdmin(it, q.user) {
		return nil, forbidden()
	}
	if !q.params.has("body") {
		return q.s.note(it, n, nil), nil
	}
	out, err := q.s.rewrite(it, n, q.user, body)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(it.notes, n) {
		return accepted{noteCommands{out.changes, out.said}}, nil
	}
	return q.s.note(it, n, out.changes), nil
}

// rewrite changes the text of a note. A note that is left with nothing but quick
// actions is gone afterwards.
func (s *Server) rewrite(it *item, n *note, who *user, body string) (outcome, error) {
	if err := checkNote(body); err != nil {
		return outcome{}, err
	}
	rest, commands := quickActions(body)
	if strings.TrimSpace(rest) == "" {
		s.removeNote(it, n)
	} else if rest != n.body {
		n.body, n.updated = rest, s.now()
		s.touch(it)
		s.crossReference(who, it, n, rest)
	}
	var c change
	out := s.interpret(it, who, commands, &c, false)
	s.apply(it, who, c)
	return out, nil
}

func deleteNote(q *request) (any, error) {
	it, n, err := q.note()
	if err != nil {
		return nil, err
	}
	if !n.canAdmin(it, q.user) {
		return nil, forbidden()
	}
	q.s.removeNote(it, n)
	return noContent{}, nil
}
