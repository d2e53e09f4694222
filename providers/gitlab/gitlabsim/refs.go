package gitlabsim

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Ref names an item as GitLab does in texts: "group/project#3" is an issue,
// "group/project!2" a merge request.
type Ref string

var refForm = regexp.MustCompile(`^(.+)([#!])(\d+)$`)

// split is what a reference is made of; ok is false when it is none.
func (r Ref) split() (path, sign string, iid int, ok bool) {
	m := refForm.FindStringSubmatch(string(r))
	if m == nil {
		return "", "", 0, false
	}
	n, err := strconv.Atoi(m[3])
	return m[1], m[2], n, err == nil
}

func (it *item) ref() Ref {
	return Ref(it.project.full() + it.sign() + strconv.Itoa(it.iid))
}

// item finds what a reference names; nil when there is none.
func (st *state) item(r Ref) *item {
	path, sign, iid, ok := r.split()
	if !ok {
		return nil
	}
	p := st.byPath[strings.ToLower(path)]
	if p == nil {
		return nil
	}
	if sign == "!" {
		return p.merges[iid]
	}
	return p.issues[iid]
}

// from is the reference of an item as it is written in a project: as short as it
// is clear (lib/gitlab, Project#to_reference_base).
func (it *item) from(p *project) string {
	short := it.sign() + strconv.Itoa(it.iid)
	switch {
	case p == it.project:
		return short
	case p.group == it.project.group:
		return it.project.path + short
	}
	return it.project.full() + short
}

// web is the address of an item's page.
func (s *Server) web(it *item) string {
	part := "issues"
	if it.merge != nil {
		part = "merge_requests"
	}
	return fmt.Sprintf("%s/%s/-/%s/%d", s.baseURL(), it.project.full(), part, it.iid)
}

var (
	mentionForm = regexp.MustCompile(`(?:^|[^\w&/.#!-])((?:[\w][\w.-]*/)*[\w][\w.-]*)?([#!])(\d+)\b`)
	addressForm = regexp.MustCompile(`(https?://[^\s/()<>]+)/([\w][\w./-]*?)/(?:-/)?(issues|work_items|merge_requests)/(\d+)\b`)
	codeForm    = regexp.MustCompile("(?s)```.*?(?:```|$)|~~~.*?(?:~~~|$)|`[^`\n]*`|<!--.*?-->")
)

// mentioned are the items that a text in a project mentions, each once, in the
// order in which they stand there. Code and comments mention nothing.
func (s *Server) mentioned(p *project, text string) []*item {
	var out []*item
	if !strings.ContainsAny(text, "#!") && !strings.Contains(text, "://") {
		return nil
	}
	add := func(path, sign, iid string) {
		switch {
		case path == "":
			path = p.full()
		case !strings.Contains(path, "/"):
			path = p.group.path + "/" + path
		}
		it := s.state.item(Ref(path + sign + iid))
		for _, have := range out {
			if have == it {
				return
			}
		}
		if it != nil {
			out = append(out, it)
		}
	}
	text = codeForm.ReplaceAllString(text, " ")
	for _, m := range addressForm.FindAllStringSubmatch(text, -1) {
		if m[1] != s.baseURL() {
			continue
		}
		sign := "#"
		if m[3] == "merge_requests" {
			sign = "!"
		}
		add(m[2], sign, m[4])
	}
	text = addressForm.ReplaceAllString(text, " ")
	for _, m := range mentionForm.FindAllStringSubmatch(text, -1) {
		add(m[1], m[2], m[3])
	}
	return out
}

// crossReference tells each item that a text mentions so, once for each place,
// and only when the writer may see it. in is where it is mentioned; by is the
// note there, nil for the description.
func (s *Server) crossReference(who *user, in *item, by *note, text string) {
	for _, it := range s.mentioned(in.project, text) {
		if it == in || !it.canRead(who) || it.mentions[in] {
			continue
		}
		if it.mentions == nil {
			it.mentions = map[*item]bool{}
		}
		it.mentions[in] = true
		n := s.systemNote(it, who, "cross_reference", "mentioned in "+in.noun()+" "+in.from(it.project))
		n.from, n.fromNote = in, by
		s.touch(it)
	}
}
