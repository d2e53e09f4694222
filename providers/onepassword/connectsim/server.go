package connectsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Options are a server's.
type Options struct {
	// Token opens it. Needed.
	Token string
	// Vaults are what is in it at first.
	Vaults []Vault
	// Addr is where it listens. Defaults to a free port of loopback.
	Addr string
}

// Server is a Connect server that runs.
type Server struct {
	token string
	http  *http.Server
	addr  string
	done  chan struct{}
	err   error // how serving ended; set when done closes

	mu       sync.Mutex
	vaults   []Vault
	fault    Fault
	mended   chan struct{} // closes when the fault ends
	requests []string
	waiting  chan struct{} // holds one when a request hangs
}

// Start starts a server.
func Start(o Options) (*Server, error) {
	if o.Token == "" {
		return nil, errors.New("connectsim: a server needs a token")
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("connectsim: %w", err)
	}
	s := &Server{token: o.Token, addr: listener.Addr().String(), done: make(chan struct{}), mended: make(chan struct{}), waiting: make(chan struct{}, 1)}
	for _, v := range o.Vaults {
		s.vaults = append(s.vaults, filled(v))
	}
	s.http = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.done)
		s.err = s.http.Serve(listener)
	}()
	return s, nil
}

// URL is the address of the server, without a path.
func (s *Server) URL() string { return "http://" + s.addr }

// Close stops the server. Requests that hang are cut off.
func (s *Server) Close() error {
	s.Mend()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = s.http.Shutdown(ctx) // it only has to stop listening
	err := s.http.Close()
	<-s.done
	if !errors.Is(s.err, http.ErrServerClosed) {
		err = errors.Join(err, s.err)
	}
	return err
}

// Put puts a vault in the place of the one with its id, or of its name, or adds it.
func (s *Server) Put(v Vault) {
	v = filled(v)
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.vaults, func(o Vault) bool { return o.ID == v.ID })
	if i < 0 {
		s.vaults = append(s.vaults, v)
		return
	}
	s.vaults[i] = v
}

// SetToken changes the token that opens it; the one before is refused then.
func (s *Server) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}

// Requests are the requests until now, as method and path with query.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// routes are the paths of the API that are played.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /heartbeat", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("."))
	})
	mux.HandleFunc("GET /health", s.health)
	mux.HandleFunc("GET /v1/vaults", s.authorized(s.listVaults))
	mux.HandleFunc("GET /v1/vaults/{vault}", s.authorized(s.inVault(s.getVault)))
	mux.HandleFunc("GET /v1/vaults/{vault}/items", s.authorized(s.inVault(s.listItems)))
	mux.HandleFunc("GET /v1/vaults/{vault}/items/{item}", s.authorized(s.inVault(s.inItem(s.getItem))))
	mux.HandleFunc("GET /v1/vaults/{vault}/items/{item}/files", s.authorized(s.inVault(s.inItem(s.listFiles))))
	mux.HandleFunc("GET /v1/vaults/{vault}/items/{item}/files/{file}/content", s.authorized(s.inVault(s.inItem(s.getContent))))
	return s.noted(mux)
}

// noted keeps what was asked, and lets the fault act.
func (s *Server) noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Method+" "+r.URL.RequestURI())
		s.mu.Unlock()
		w.Header().Set("1Password-Connect-Version", version)
		if s.act(w, r) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// authorized lets through who has the token.
func (s *Server) authorized(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		ok := r.Header.Get("Authorization") == "Bearer "+s.token
		s.mu.Unlock()
		if !ok {
			refuse(w, http.StatusUnauthorized, "Invalid token signature")
			return
		}
		next(w, r)
	}
}

// refuse answers as the API refuses: an ErrorResponse.
func refuse(w http.ResponseWriter, status int, message string) {
	answer(w, status, struct {
		Status  int    `json:"status"`
		Message string `json:"message"`
	}{status, message})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
