package drivesim

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Fault is a way to fail.
type Fault int

// The faults.
const (
	None       Fault = iota
	Cut              // the connection breaks before anything is done
	LoseReply        // a copy is made, and the connection breaks before the answer
	Error            // 500, backendError
	Limited          // 403, userRateLimitExceeded
	Limited429       // 429, rateLimitExceeded
	Full             // 403, teamDriveFileLimitExceeded: the shared drive is full
	Disabled         // 403, accessNotConfigured: the API is off in the project
	Foreign          // 502 of something that stands before Google, in HTML
	Incomplete       // a search that did not look everywhere
	KeyRevoked       // the token endpoint knows the key no more
	TokenDown        // the token endpoint answers 503
)

// Break makes requests fail from now on: so many times, or always with 0.
// A fault of the token endpoint leaves the API as it is, and the other way round.
func (s *Server) Break(f Fault, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.times = f, times
}

// Mend ends the fault.
func (s *Server) Mend() { s.Break(None, 0) }

// spend counts a fault that acts. s.mu is held.
func (s *Server) spend() {
	if s.times > 0 {
		if s.times--; s.times == 0 {
			s.fault = None
		}
	}
}

// lose reports whether the answer to a copy is to be lost. s.mu is held.
func (s *Server) lose() bool {
	if s.fault != LoseReply {
		return false
	}
	s.spend()
	return true
}

// act lets the fault act, and reports whether the request is over with that.
// s.mu is held.
func (s *Server) act(w http.ResponseWriter, token bool) bool {
	if token != (s.fault == KeyRevoked || s.fault == TokenDown) {
		return false
	}
	switch s.fault {
	case Cut:
		s.spend()
		panic(http.ErrAbortHandler)
	case Error:
		refuse(w, http.StatusInternalServerError, "Internal Error", problem{Domain: "global", Reason: "backendError"})
	case Limited:
		refuse(w, http.StatusForbidden, "User Rate Limit Exceeded", problem{Domain: "usageLimits", Reason: "userRateLimitExceeded"})
	case Limited429:
		w.Header().Set("Retry-After", "7")
		refuse(w, http.StatusTooManyRequests, "Rate Limit Exceeded", problem{Domain: "usageLimits", Reason: "rateLimitExceeded"})
	case Full:
		refuse(w, http.StatusForbidden, "The file limit for this shared drive has been exceeded.", problem{Domain: "global", Reason: "teamDriveFileLimitExceeded"})
	case Disabled:
		refuse(w, http.StatusForbidden, "Google Drive API has not been used in project 100000000000 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/drive.googleapis.com/overview?project=100000000000 then retry.",
			problem{Domain: "usageLimits", Reason: "accessNotConfigured"})
	case Foreign:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html><title>Error 502 (Server Error)</title></html>"))
	case KeyRevoked:
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
	case TokenDown:
		answer(w, http.StatusServiceUnavailable, map[string]string{"error": "internal_failure", "error_description": "Backend Error"})
	default:
		return false
	}
	s.spend()
	return true
}

// problem says what an error is about.
type problem struct {
	Message      string `json:"message"`
	Domain       string `json:"domain"`
	Reason       string `json:"reason"`
	Location     string `json:"location,omitempty"`
	LocationType string `json:"locationType,omitempty"`
}

// refuse answers as the API refuses.
func refuse(w http.ResponseWriter, status int, message string, p problem) {
	p.Message = message
	answer(w, status, map[string]any{"error": map[string]any{"code": status, "message": message, "errors": []problem{p}}})
}

func notFound(w http.ResponseWriter, id string) {
	refuse(w, http.StatusNotFound, fmt.Sprintf("File not found: %s.", id), problem{Domain: "global", Reason: "notFound", Location: "fileId", LocationType: "parameter"})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
