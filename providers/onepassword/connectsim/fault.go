package connectsim

import (
	"net/http"
)

// Fault is a way to fail.
type Fault int

// The faults.
const (
	None    Fault = iota
	Cut           // the connection breaks without an answer
	Hang          // there is no answer until the fault ends or the asker goes
	Error         // 500, in the API's form
	Busy          // 503 of something that stands before the server, in HTML
	Foreign       // 200, and a page that is not the API's
	Limited       // 429, in the API's form
)

// Break makes every request fail from now on.
func (s *Server) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
	s.fault = f
}

// Mend ends the fault.
func (s *Server) Mend() { s.Break(None) }

// end lets those go on that hang. s.mu is held.
func (s *Server) end() {
	close(s.mended)
	s.mended = make(chan struct{})
}

// Hanging delivers when a request hangs.
func (s *Server) Hanging() <-chan struct{} { return s.waiting }

// act lets the fault act, and reports whether the request is over with that.
func (s *Server) act(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	fault, mended := s.fault, s.mended
	s.mu.Unlock()
	switch fault {
	case Cut:
		panic(http.ErrAbortHandler)
	case Hang:
		select {
		case s.waiting <- struct{}{}:
		default:
		}
		select {
		case <-mended:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	case Error:
		refuse(w, http.StatusInternalServerError, "something went wrong")
	case Busy:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("<html><h1>503 Service Temporarily Unavailable</h1></html>"))
	case Foreign:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>It works!</html>"))
	case Limited:
		refuse(w, http.StatusTooManyRequests, "Too many requests")
	default:
		return false
	}
	return true
}
