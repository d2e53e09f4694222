package ingestsim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// span is a duration, which JSON writes as Go does: "45m".
type span time.Duration

func (d *span) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = span(v)
	return err
}

// controlIn is what any control may be asked over HTTP. Each takes what it needs.
type controlIn struct {
	Op, Product, Plan, Target, Reason string
	Language, Number                  string
	Times                             int
	After, On                         bool
	Takes                             span
	Reasons                           []string
	Fault                             Fault
	Plans                             []Plan
	Version                           Version
	Text                              map[string]string // members of a listing
	Set                               map[string]span   // of Times
}

// Controls are the paths below /_ingestsim/ that take a POST with a JSON object, and
// what each does. GET state and GET calls answer JSON.
func (s *Server) Controls() []string { return sortedKeys(s.controls()) }

func (s *Server) controls() map[string]func(controlIn) any {
	do := func(f func(controlIn)) func(controlIn) any {
		return func(in controlIn) any { f(in); return map[string]any{} }
	}
	return map[string]func(controlIn) any{
		"inject":       do(func(in controlIn) { s.Inject(in.Op, in.Times, in.After, in.Fault) }),
		"clear-faults": do(func(controlIn) { s.ClearFaults() }),
		"times":        do(func(in controlIn) { s.SetTimes(in.times) }),
		"hold-jobs":    do(func(in controlIn) { s.HoldJobs(in.On) }),
		"server-fault": do(func(controlIn) { s.NextServerFault() }),
		"oldest-first": do(func(in controlIn) { s.SetOldestFirst(in.On) }),

		"fail-certification": do(func(in controlIn) { s.FailCertification(in.Reasons...) }),
		"refuse-live":        do(func(in controlIn) { s.RefuseLive(in.Reasons...) }),
		"lock-product":       func(in controlIn) any { return s.LockProduct(in.Product, in.Reason) },
		"foreign-submission": func(in controlIn) any {
			return s.AddForeignSubmission(in.Product, in.Target, time.Duration(in.Takes))
		},

		"add-product":          func(in controlIn) any { return s.AddProduct(in.Product, in.Plans...) },
		"add-draft-version":    func(in controlIn) any { return s.AddDraftVersion(in.Product, in.Plan, in.Version) },
		"remove-draft-version": func(in controlIn) any { return s.RemoveDraftVersion(in.Product, in.Plan, in.Number) },
		"edit-listing": func(in controlIn) any {
			return s.EditListing(in.Product, in.Language, func(d map[string]any) {
				for k, v := range in.Text {
					d[k] = v
				}
			})
		},
	}
}

// times changes those that are named.
func (in controlIn) times(t *Times) {
	for name, to := range map[string]*time.Duration{
		"Queue": &t.Queue, "Configure": &t.Configure, "Preview": &t.Preview, "Live": &t.Live, "Cancellable": &t.Cancellable,
	} {
		if v, ok := in.Set[name]; ok {
			*to = time.Duration(v)
		}
	}
}

// serveOwn answers what is below own.
func (s *Server) serveOwn(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, own)
	switch {
	case r.Method == http.MethodPost:
		s.serveControl(w, r, name)
	case !slices.Contains([]string{http.MethodGet, http.MethodHead}, r.Method):
		http.Error(w, "only GET and POST are known here", http.StatusMethodNotAllowed)
	case name == "":
		s.servePage(w)
	case name == "state":
		sendJSON(w, http.StatusOK, s.State())
	case name == "calls":
		sendJSON(w, http.StatusOK, s.Calls())
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) serveControl(w http.ResponseWriter, r *http.Request, name string) {
	do, ok := s.controls()[name]
	if !ok {
		http.Error(w, "there is no such control; there are: "+strings.Join(s.Controls(), ", "), http.StatusNotFound)
		return
	}
	var in controlIn
	d := json.NewDecoder(io.LimitReader(r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil && err != io.EOF {
		http.Error(w, fmt.Sprintf("the body is not what a control takes: %v", err), http.StatusBadRequest)
		return
	}
	sendJSON(w, http.StatusOK, do(in))
}
