package awssim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// own is where the server shows and takes what no service of AWS does.
const own = "/_awssim/"

// span is a duration, which JSON writes as Go does: "45m".
type span time.Duration

func (d *span) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = span(v)
	return err
}

// controlIn is what any control may be asked over HTTP. Each takes what it needs.
type controlIn struct {
	Op, Region, Action, Type, State, ManagedBy string
	ID, Title, Architecture, Name, By, Reason  string
	Secret, Principal                          string
	Times, Limit                               int
	After, On                                  bool
	Takes, Check, Prepare, Apply               span
	Names, Versions, Codes                     []string
	Findings                                   []Finding
	Fault                                      Fault
	Image                                      Image
	Created                                    time.Time
	Set                                        map[string]span // of Times
}

// Controls are the paths below /_awssim/ that take a POST with a JSON object, and
// what each does. GET state and GET calls answer JSON; GET findings/ID.json is what a
// scan has found.
func (s *Server) Controls() []string {
	var out []string
	for name := range s.controls() {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (s *Server) controls() map[string]func(controlIn) any {
	do := func(f func(controlIn)) func(controlIn) any {
		return func(in controlIn) any { f(in); return map[string]any{} }
	}
	return map[string]func(controlIn) any{
		"inject":       do(func(in controlIn) { s.Inject(in.Op, in.Region, in.Times, in.After, in.Fault) }),
		"clear-faults": do(func(controlIn) { s.ClearFaults() }),
		"deny":         do(func(in controlIn) { s.Deny(in.Action) }),
		"allow":        do(func(in controlIn) { s.Allow(in.Action) }),
		"rates":        do(func(in controlIn) { s.SetRates(in.On) }),
		"add-key":      do(func(in controlIn) { s.AddKey(in.ID, in.Secret, in.Principal) }),
		"remove-key":   do(func(in controlIn) { s.RemoveKey(in.ID) }),
		"roles":        do(func(in controlIn) { s.SetRoles(in.Names...) }),
		"profiles":     do(func(in controlIn) { s.SetProfiles(in.Names...) }),
		"times":        do(func(in controlIn) { s.SetTimes(in.Region, in.times) }),

		"lack-capacity":       do(func(in controlIn) { s.LackCapacity(in.Type, in.Region, in.Times) }),
		"vcpu-limit":          do(func(in controlIn) { s.SetVCPULimit(in.Region, in.Limit) }),
		"public-image-quota":  do(func(in controlIn) { s.SetPublicImageQuota(in.Region, in.Limit) }),
		"block-public-access": do(func(in controlIn) { s.SetBlockPublicAccess(in.Region, in.State, in.ManagedBy) }),
		"default-vpc":         do(func(in controlIn) { s.SetDefaultVPC(in.Region, in.On) }),
		"fail-images":         do(func(in controlIn) { s.FailImages(in.Op, in.Region, in.Times, in.Reason) }),
		"slow-images":         do(func(in controlIn) { s.SlowImages(in.Op, in.Region, in.Times, time.Duration(in.Takes)) }),
		"make-private":        func(in controlIn) any { return s.MakePrivate(in.Region, in.ID) },
		"terminate-instance":  func(in controlIn) any { return s.TerminateInstance(in.ID) },
		"add-image":           func(in controlIn) any { return s.AddImage(in.Region, in.Image) },
		"publish-base":        do(func(in controlIn) { s.PublishBase(in.Architecture, in.Created) }),
		"base-age":            do(func(in controlIn) { s.SetBaseAge(time.Duration(in.Takes)) }),

		"add-product":       do(func(in controlIn) { s.AddProduct(in.ID, in.Title, in.Architecture, in.Versions...) }),
		"ingestion-roles":   do(func(in controlIn) { s.SetIngestionRoles(in.Names...) }),
		"fail-scan":         do(func(in controlIn) { s.FailScan(in.ID, in.Findings...) }),
		"fail-change-set":   do(func(in controlIn) { s.FailNextChangeSet(in.Codes...) }),
		"server-fault":      do(func(controlIn) { s.NextServerFault() }),
		"cancel-change-set": func(in controlIn) any { return s.CancelChangeSet(in.ID) },
		"change-set-times":  do(func(in controlIn) { s.changeSetTimes(in) }),
		"foreign-change-set": func(in controlIn) any {
			return s.AddForeignChangeSet(in.ID, in.Name, in.By, time.Duration(in.Takes))
		},
	}
}

func (s *Server) changeSetTimes(in controlIn) {
	s.SetChangeSetTimes(time.Duration(in.Check), time.Duration(in.Prepare), time.Duration(in.Apply))
}

// times changes those of a region that are named.
func (in controlIn) times(t *Times) {
	for name, to := range map[string]*time.Duration{
		"Run": &t.Run, "StatusOK": &t.StatusOK, "Online": &t.Online, "Stop": &t.Stop, "Terminate": &t.Terminate,
		"Image": &t.Image, "Copy": &t.Copy, "BlockPublicAccess": &t.BlockPublicAccess, "Invisible": &t.Invisible,
		"CommandInvisible": &t.CommandInvisible, "Deliver": &t.Deliver,
	} {
		if v, ok := in.Set[name]; ok {
			*to = time.Duration(v)
		}
	}
}

// serveOwn answers what is below own.
func (s *Server) serveOwn(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, own)
	if r.Method == http.MethodPost {
		s.serveControl(w, r, name)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "only GET and POST are known here", http.StatusMethodNotAllowed)
		return
	}
	switch {
	case name == "":
		s.servePage(w)
	case name == "state":
		sendJSON(w, s.State())
	case name == "calls":
		sendJSON(w, s.Calls())
	case strings.HasPrefix(name, "findings/"):
		s.serveFindings(w, r, strings.TrimSuffix(strings.TrimPrefix(name, "findings/"), ".json"))
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
	sendJSON(w, do(in))
}

// serveFindings answers the file that an error of a scan links to. The form of the
// real one is not documented.
func (s *Server) serveFindings(w http.ResponseWriter, r *http.Request, id string) {
	s.mu.Lock()
	now := s.time()
	set := s.market.sets[id]
	found := set != nil && set.scanned(now) && now.Before(set.born.Add(retained))
	var out map[string]any
	if found {
		out = map[string]any{
			"ChangeSetId": id, "EntityId": set.assessment.product, "AssessmentId": set.assessment.id,
			"Findings": slices.Clone(set.assessment.findings),
		}
	}
	s.mu.Unlock()
	if !found {
		http.NotFound(w, r)
		return
	}
	sendJSON(w, out)
}

func sendJSON(w http.ResponseWriter, v any) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, http.StatusOK, "application/json", string(body)+"\n")
}
