package azuresim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// own is where the server shows and takes what no service of Azure does.
const own = "/_azuresim/"

// span is a duration, which JSON writes as Go does: "45m".
type span time.Duration

func (d *span) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = span(v)
	return err
}

// controlIn is what any control may be asked over HTTP. Each takes what it needs.
type controlIn struct {
	Op, Region, Action, Size, Code, Reason string
	ID, Name, Secret, Issuer, Subject      string
	Namespace, State, Group                string
	Scope, Principal, Role                 string
	Times, Limit                           int
	After, On                              bool
	Takes                                  span
	At                                     time.Time
	Fault                                  Fault
	Offer                                  Offer
	Definition                             Definition
	Set                                    map[string]span // of Times
}

// Controls are the paths below /_azuresim/ that take a POST with a JSON object, and
// what each does is the method of [Server] with that name. GET state and GET calls
// answer JSON.
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
		"inject":            do(func(in controlIn) { s.Inject(in.Op, in.Region, in.Times, in.After, in.Fault) }),
		"clear-faults":      do(func(controlIn) { s.ClearFaults() }),
		"deny":              do(func(in controlIn) { s.Deny(in.Action) }),
		"allow":             do(func(in controlIn) { s.Allow(in.Action) }),
		"times":             do(func(in controlIn) { s.SetTimes(in.Region, in.times) }),
		"page-size":         do(func(in controlIn) { s.SetPageSize(in.Limit) }),
		"expire-tokens":     do(func(controlIn) { s.ExpireTokens() }),
		"forget-operations": do(func(controlIn) { s.ForgetOperations() }),

		"add-client":     do(func(in controlIn) { s.AddClient(in.ID, in.Secret) }),
		"remove-client":  do(func(in controlIn) { s.RemoveClient(in.ID) }),
		"expire-secret":  do(func(in controlIn) { s.ExpireSecret(in.ID) }),
		"add-federation": do(func(in controlIn) { s.AddFederation(in.ID, in.Issuer, in.Subject) }),

		"add-subscription":     do(func(in controlIn) { s.AddSubscription(in.ID, in.Name) }),
		"disable-subscription": do(func(in controlIn) { s.DisableSubscription(in.ID, in.On) }),
		"registration":         do(func(in controlIn) { s.SetRegistration(in.Namespace, in.State) }),
		"grant":                func(in controlIn) any { return s.Grant(in.Scope, in.Principal, in.Role) },
		"revoke":               do(func(in controlIn) { s.Revoke(in.Scope, in.Principal, in.Role) }),

		"lack-capacity":     do(func(in controlIn) { s.LackCapacity(in.Size, in.Region, in.Code, in.Times) }),
		"restrict":          do(func(in controlIn) { s.Restrict(in.Size, in.Region, in.Reason) }),
		"vcpu-limit":        do(func(in controlIn) { s.SetVCPULimit(in.Region, in.Limit) }),
		"terminate-machine": func(in controlIn) any { return s.TerminateMachine(in.ID) },
		"stop-machine":      func(in controlIn) any { return s.StopMachine(in.ID) },

		"publish-base":  func(in controlIn) any { return s.PublishBase(in.At) },
		"base-age":      do(func(in controlIn) { s.SetBaseAge(time.Duration(in.Takes)) }),
		"publish-offer": do(func(in controlIn) { s.PublishOffer(in.Offer) }),

		"add-gallery":      func(in controlIn) any { return s.AddGallery(in.Group, in.Name, in.Region) },
		"add-definition":   func(in controlIn) any { return s.AddDefinition(in.ID, in.Definition) },
		"fail-version":     do(func(in controlIn) { s.FailVersion(in.Reason) }),
		"fail-replication": do(func(in controlIn) { s.FailReplication(in.Region, in.Times) }),
		"slow-replication": do(func(in controlIn) { s.SlowReplication(in.Region, time.Duration(in.Takes)) }),
	}
}

// times changes those of a location that are named.
func (in controlIn) times(t *Times) {
	for name, to := range map[string]*time.Duration{
		"Create": &t.Create, "Agent": &t.Agent, "Start": &t.Start, "PowerOff": &t.PowerOff, "Deallocate": &t.Deallocate,
		"Delete": &t.Delete, "Network": &t.Network, "Update": &t.Update, "Deliver": &t.Deliver, "PowersOff": &t.PowersOff,
		"Image": &t.Image, "Capture": &t.Capture, "Replicate": &t.Replicate, "DeleteGroup": &t.DeleteGroup, "RetryAfter": &t.RetryAfter,
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
	switch name {
	case "":
		s.servePage(w)
	case "state":
		sendJSON(w, http.StatusOK, s.State())
	case "calls":
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
