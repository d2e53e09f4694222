package gitlabsim

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// This file carries out what people do on the pages. Each form names what it
// does; the answer leads back to the page. Another page's forms are refused.

func (s *Server) serveForm(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		http.Error(w, "This instance takes no forms from other pages.", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, largestBody)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return
	}
	back := r.URL.Path
	if r.PostForm.Get("do") == "be" {
		http.SetCookie(w, &http.Cookie{Name: whoCookie, Value: url.QueryEscape(r.PostForm.Get("user")), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		if to := r.PostForm.Get("back"); strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.Contains(to, `\`) {
			back = to
		}
		http.Redirect(w, r, back, http.StatusSeeOther)
		return
	}
	to, err := s.submit(r)
	if to != "" {
		back = to
	}
	if err != nil {
		back += "?says=" + url.QueryEscape(sentenceOf(err))
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// sameOrigin reports whether a form comes from a page of this instance.
func sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	u, err := url.Parse(origin)
	return origin == "" || err == nil && u.Host == r.Host
}

// sentenceOf is what a person reads about a refusal.
func sentenceOf(err error) string {
	var refused *apiError
	if errors.As(err, &refused) && (refused.status == http.StatusForbidden || refused.status == http.StatusUnauthorized) {
		return "You may not do that here."
	}
	return err.Error()
}

// submit does what a form says, as who looks; to is where it leads, "" back.
func (s *Server) submit(r *http.Request) (to string, err error) {
	s.mu.Lock()
	who := s.viewer(r)
	at, _ := s.at(r.URL.Path)
	s.mu.Unlock()
	if who == nil {
		return "", errors.New("choose who you are first, at the top of the page")
	}
	p, f := s.As(who.username), r.PostForm
	if at.item == nil {
		if at.project == nil || f.Get("do") != "create" {
			return "", errors.New("there is nothing to do here")
		}
		ref, err := p.CreateIssue(at.project.full(), f.Get("title"), f.Get("description"))
		if err != nil {
			return "", err
		}
		_, _, iid, _ := ref.split()
		return "/" + at.project.full() + "/-/issues/" + strconv.Itoa(iid), nil
	}
	return "", s.submitItem(p, at.item.ref(), f)
}

func (s *Server) submitItem(p Person, ref Ref, f url.Values) error {
	switch f.Get("do") {
	case "tick", "untick":
		n, err := strconv.Atoi(f.Get("box"))
		if err != nil {
			return errors.New("which box?")
		}
		return p.boxAt(ref, n, f.Get("do") == "tick")
	case "comment":
		say := p.Comment
		if f.Get("internal") != "" {
			say = p.CommentInternally
		}
		_, err := say(ref, f.Get("body"))
		return err
	case "close":
		return p.Close(ref)
	case "reopen":
		return p.Reopen(ref)
	case "assign":
		return p.Assign(ref, strings.Fields(f.Get("user"))...)
	case "due":
		return p.SetDue(ref, f.Get("due"))
	case "label":
		return p.Label(ref, f.Get("label"))
	case "unlabel":
		return p.Unlabel(ref, f.Get("label"))
	case "milestone":
		return p.SetMilestone(ref, f.Get("milestone"))
	case "describe":
		text := strings.ReplaceAll(f.Get("description"), "\r\n", "\n")
		if err := p.EditTitle(ref, f.Get("title")); err != nil {
			return err
		}
		return p.EditDescription(ref, func(string) string { return text })
	case "lock", "unlock":
		return p.Lock(ref, f.Get("do") == "lock")
	case "hide", "show":
		return p.SetConfidential(ref, f.Get("do") == "hide")
	case "approve":
		return p.Approve(ref)
	case "unapprove":
		return p.Unapprove(ref)
	case "merge":
		return p.Merge(ref)
	}
	return errors.New("there is nothing to do here")
}

// boxAt ticks or unticks the n-th box, from the top.
func (p Person) boxAt(on Ref, n int, done bool) error {
	return p.act(on, func(who *user, it *item) error {
		if !it.canUpdate(who) {
			return forbidden()
		}
		if n < 0 || n >= len(it.tasks) || it.tasks[n].done == done {
			return errors.New("the description has changed meanwhile; look again")
		}
		return p.s.update(it, who, change{description: ptr(withBox(it.description, it.tasks[n], done))})
	})
}
