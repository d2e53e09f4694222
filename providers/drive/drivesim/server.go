package drivesim

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Options are a server's. All are optional.
type Options struct {
	// Addr is where it listens. Defaults to a free port of loopback.
	Addr string
	// Account is the address of the service account. Defaults to
	// cloudimage@demo.iam.gserviceaccount.com.
	Account string
	// Signing is the account's private key. Defaults to a new one, which takes a
	// moment to make.
	Signing *rsa.PrivateKey
	// Files are there at first.
	Files []File
	// Now defaults to time.Now. Assertions are signed on the real clock.
	Now func() time.Time
}

// Server is a Google Drive that runs.
type Server struct {
	account string
	signing *rsa.PrivateKey
	now     func() time.Time
	http    *http.Server
	addr    string
	done    chan struct{}
	err     error // how serving ended; set when done closes

	mu       sync.Mutex
	files    []File // in the order they were made
	made     int
	tokens   map[string]grant
	fault    Fault
	times    int // how often it still acts; 0 for always
	pageSize int
	requests []string
}

// Start starts a server.
func Start(o Options) (*Server, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Account == "" {
		o.Account = "cloudimage@demo.iam.gserviceaccount.com"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Signing == nil {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, fmt.Errorf("drivesim: %w", err)
		}
		o.Signing = key
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("drivesim: %w", err)
	}
	s := &Server{account: o.Account, signing: o.Signing, now: o.Now, addr: listener.Addr().String(), done: make(chan struct{}),
		files: slices.Clone(o.Files), tokens: map[string]grant{}, pageSize: 100}
	s.http = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.done)
		s.err = s.http.Serve(listener)
	}()
	return s, nil
}

// URL is the address of the server, without a path.
func (s *Server) URL() string { return "http://" + s.addr }

// Endpoint is the address of the Drive API, as Google's client wants it.
func (s *Server) Endpoint() string { return s.URL() + "/drive/v3/" }

// Account is the address of the service account.
func (s *Server) Account() string { return s.account }

// Close stops the server.
func (s *Server) Close() error {
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

// Key is the JSON key of the service account, as the Google Cloud console hands
// it out.
func (s *Server) Key() []byte {
	der, err := x509.MarshalPKCS8PrivateKey(s.signing)
	if err != nil {
		panic(err) // it is an RSA key
	}
	key, err := json.MarshalIndent(map[string]string{
		"type":           "service_account",
		"project_id":     "demo",
		"private_key_id": keyID,
		"private_key":    string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email":   s.account,
		"client_id":      "100000000000000000001",
		"token_uri":      s.URL() + "/token",
	}, "", "  ")
	if err != nil {
		panic(err) // they are strings
	}
	return key
}

// Requests are the requests until now, as method and path.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("GET /drive/v3/files", s.api(reading, s.list))
	mux.HandleFunc("GET /drive/v3/files/{id}", s.api(reading, s.get))
	mux.HandleFunc("POST /drive/v3/files/{id}/copy", s.api(writing, s.copy))
	mux.HandleFunc("GET /document/d/{id}/edit", s.page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Method+" "+r.URL.Path)
		s.mu.Unlock()
		mux.ServeHTTP(w, r)
	})
}

// api is a method of the API: who asks has a token with one of the scopes, and no
// fault acts.
func (s *Server) api(scopes []string, method func(http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.act(w, false) || !s.authorized(w, r, scopes) {
			return
		}
		method(w, r)
	}
}
