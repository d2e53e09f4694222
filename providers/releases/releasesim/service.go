package releasesim

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

// This file is the version service. Its answers have the fields that GitLab's pages
// carry on; how it comes to them is told in GitLab's handbook ("Version Check") in
// few words, and the rest was not verified: that a version of a minor that is still
// supported lacks only the fixes of its own minor.

// level is what a version fixes.
type level int

const (
	plain level = iota
	security
	critical
)

// supportedMinors is how many minor versions get fixes.
// https://docs.gitlab.com/policy/maintenance/
const supportedMinors = 3

// AddVersion tells the version service of a version that fixes no security. One that
// it knows stays what it is. It panics when the version is none.
func (s *Server) AddVersion(version string) { s.tell(version, plain) }

// SetSecurity tells the version service that a version fixes security.
func (s *Server) SetSecurity(version string) { s.tell(version, security) }

// SetCritical tells the version service that a version fixes what is critical.
func (s *Server) SetCritical(version string) { s.tell(version, critical) }

func (s *Server) tell(written string, l level) {
	v := mustVersion(written).first()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.versions[v] = max(s.versions[v], l)
	s.touch()
}

// answer is what the version service says.
type answer struct {
	Stable   []string `json:"latest_stable_versions"`
	OfMinor  string   `json:"latest_stable_version_of_minor"`
	Latest   string   `json:"latest_version"`
	Severity string   `json:"severity"`
	Critical bool     `json:"critical_vulnerability"`
	Details  string   `json:"details"`
}

func (s *Server) serveCheck(w http.ResponseWriter, r *http.Request, f Fault) {
	var info struct{ Version string }
	raw, err := base64.URLEncoding.DecodeString(r.URL.Query().Get("gitlab_info"))
	if err == nil {
		err = json.Unmarshal(raw, &info)
	}
	var of version
	if err == nil {
		of, err = parseVersion(info.Version)
	}
	a, known := s.answer(of)
	if err != nil || !known {
		http.Error(w, "Bad Request", http.StatusBadRequest) // what the real one says is not known
		return
	}
	body, err := json.Marshal(a)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	switch {
	case f.Garbage:
		body = []byte(`{"severity":"apocalypse","latest_version":"soon"}`)
	case f.Cut:
		body = body[:len(body)/2]
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=0, private, must-revalidate")
	w.Write(body) // the caller may be gone
}

// answer is what is said to an installation of a version; false while nothing was
// released.
func (s *Server) answer(of version) (answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	of = of.first()
	all := slices.SortedFunc(maps.Keys(s.versions), func(a, b version) int { return b.compare(a) })
	if len(all) == 0 {
		return answer{}, false
	}
	a := answer{Stable: []string{}, Latest: all[0].String(), Severity: "success"}
	supported := map[[2]int]bool{}
	for _, v := range all {
		if v.minorOf() == of.minorOf() && a.OfMinor == "" {
			a.OfMinor = v.String()
		}
		if len(supported) < supportedMinors && !supported[v.minorOf()] {
			supported[v.minorOf()] = true
			a.Stable = append(a.Stable, v.String())
		}
	}
	if of.compare(all[0]) < 0 {
		a.Severity = "warning"
	}
	for _, v := range all {
		if v.compare(of) <= 0 || supported[of.minorOf()] && v.minorOf() != of.minorOf() {
			continue
		}
		if s.versions[v] >= security {
			a.Severity = "danger"
		}
		a.Critical = a.Critical || s.versions[v] >= critical
	}
	return a, true
}
