package releases

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// This file asks a source over HTTP. The rules are: a limit on the time of a whole
// answer, on its size, and on the size of what it unpacks to; no cookies; a redirect
// leads only to hosts that are known, and never from https to http.

// Web is how sources are reached. The zero value is good.
type Web struct {
	// Transport carries the requests. Defaults to one of its own, which heeds the
	// proxy of the environment.
	Transport http.RoundTripper
	// UserAgent is what the operators of a source see in their logs. Defaults to
	// "cloudimage".
	UserAgent string
	// Timeout is how long one answer may take, its body included. Defaults to 20
	// seconds.
	Timeout time.Duration
	// Hosts are those to which a redirect may lead, beside the source's own:
	// "d1.example.net", with a port where it is not the usual one, or
	// "*.example.net" for all below a domain.
	Hosts []string
}

// mostRedirects is how many redirects are followed for one answer.
const mostRedirects = 5

// headerLimit is how many bytes the headers of an answer may have.
const headerLimit = 256 << 10

// limit is how much one answer may be, in bytes.
type limit struct {
	wire     int64 // as it comes
	unpacked int64 // once it is unpacked, if it was packed
}

// Error is what went wrong with a source.
type Error struct {
	Source  string        // such as "the package index"
	Address string        // where it was asked, without the query; empty if it was not
	Status  int           // of the answer; 0 for none, or when it was not the reason
	Wait    time.Duration // how long the source asks us to wait; 0 when it did not say
	Err     error
}

// Error is a sentence without its full stop.
func (e *Error) Error() string {
	if e.Address == "" {
		return fmt.Sprintf("%s: %v", e.Source, e.Err)
	}
	return fmt.Sprintf("%s at %s: %v", e.Source, e.Address, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// The reasons for which an answer is given up.
var (
	errTooLarge   = errors.New("the answer is larger than it may be")
	errTooManyHop = fmt.Errorf("it sends us on more than %d times", mostRedirects)
)

// fetcher asks one source. It is safe for concurrent use.
type fetcher struct {
	source  string // for errors
	client  *http.Client
	agent   string
	timeout time.Duration
	most    limit
}

func newFetcher(source string, w Web, most limit) (*fetcher, error) {
	for _, h := range w.Hosts {
		if name, _ := strings.CutPrefix(h, "*."); name == "" || strings.ContainsAny(name, "/*@?# ") {
			return nil, fmt.Errorf("%q is no host that %s may send us to; write a name such as d1.example.net, or *.example.net", h, source)
		}
	}
	if w.Timeout < 0 {
		return nil, fmt.Errorf("the time that %s has for an answer is below zero", source)
	}
	f := &fetcher{source: source, agent: cmp.Or(w.UserAgent, "cloudimage"), timeout: cmp.Or(w.Timeout, 20*time.Second), most: most}
	transport := w.Transport
	if transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxResponseHeaderBytes = headerLimit
		transport = own
	}
	hosts := w.Hosts
	f.client = &http.Client{Transport: transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		return mayFollow(r.URL, via, hosts)
	}}
	return f, nil
}

// mayFollow says why a redirect must not be followed.
func mayFollow(to *url.URL, via []*http.Request, hosts []string) error {
	first, last := via[0].URL, via[len(via)-1].URL
	switch {
	case len(via) > mostRedirects:
		return errTooManyHop
	case to.Scheme != "https" && to.Scheme != "http":
		return fmt.Errorf("it sends us to an address of the scheme %q", to.Scheme)
	case last.Scheme == "https" && to.Scheme != "https":
		return fmt.Errorf("it sends us from https to http, to %s", to.Host)
	case to.User != nil:
		return errors.New("it sends us to an address with a user in it")
	case !strings.EqualFold(to.Host, first.Host) && !known(to.Host, hosts):
		return fmt.Errorf("it sends us to %s, which is not among the hosts it may send us to", to.Host)
	}
	return nil
}

// known reports whether a host is among those of [Web.Hosts].
func known(host string, hosts []string) bool {
	host = strings.ToLower(host)
	for _, h := range hosts {
		h = strings.ToLower(h)
		if below, ok := strings.CutPrefix(h, "*"); ok && strings.HasSuffix(host, below) && len(host) > len(below) || h == host {
			return true
		}
	}
	return false
}

// parseAddress reads an address of a source.
func parseAddress(what, address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil: // the parser's own words repeat the address, with a password if it has one
		return nil, fmt.Errorf("the address of %s cannot be read", what)
	case u.User != nil:
		return nil, fmt.Errorf("the address of %s has a user in it", what)
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		return nil, fmt.Errorf("the address of %s must begin with https:// and a host, and is %q", what, withoutQuery(u))
	case u.Fragment != "":
		return nil, fmt.Errorf("the address of %s has a # in it: %q", what, withoutQuery(u))
	}
	return u, nil
}

// withoutQuery is an address as it may be shown.
func withoutQuery(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return shown.String()
}

// fail is an error about an address.
func (f *fetcher) fail(at *url.URL, err error) *Error {
	return &Error{Source: f.source, Address: withoutQuery(at), Err: err}
}

// get asks for an address and hands the answer and its unpacked body to read. The
// body ends with [errTooLarge] where a limit is. A 304 is handed on, without a body.
func (f *fetcher) get(ctx context.Context, at *url.URL, header http.Header, read func(*http.Response, io.Reader) error) error {
	within, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(within, http.MethodGet, at.String(), nil)
	if err != nil {
		return f.fail(at, bare(err))
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("User-Agent", f.agent)
	// Said here, so that the library unpacks nothing behind our back: we would not
	// know how much came.
	if req.Header.Get("Accept-Encoding") == "" {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return f.fail(at, f.reason(ctx, within, err))
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotModified:
		return read(resp, strings.NewReader(""))
	case resp.StatusCode != http.StatusOK:
		e := f.fail(at, fmt.Errorf("it answers %d (%s)", resp.StatusCode, cmp.Or(strings.ToLower(http.StatusText(resp.StatusCode)), "without a word")))
		e.Status, e.Wait = resp.StatusCode, retryAfter(resp.Header)
		return e
	}
	body, err := unpack(&bounded{r: resp.Body, left: f.most.wire}, f.most.unpacked)
	if err == nil {
		err = read(resp, body)
	}
	if err != nil {
		return f.fail(at, f.reason(ctx, within, err))
	}
	return nil
}

// reason is why an answer failed: when the time was over, that, and not what the
// network said of it.
func (f *fetcher) reason(ctx, within context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("given up: %w", ctx.Err())
	case within.Err() != nil:
		return fmt.Errorf("no whole answer within %s: %w", f.timeout, within.Err())
	}
	return bare(err)
}

// bare is an error of the network without the address that net/http puts before
// it, which has the query.
func bare(err error) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return err
}

// unpack is what a body holds. Whether it is packed is told by its first bytes: a
// server may pack what it sends, and one that sends a .gz file may say that it did
// or not.
func unpack(body io.Reader, most int64) (io.Reader, error) {
	b := bufio.NewReader(body)
	magic, err := b.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(magic) < 2 || magic[0] != 0x1f || magic[1] != 0x8b {
		return &bounded{r: b, left: most}, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, fmt.Errorf("it cannot be unpacked: %w", err)
	}
	return &bounded{r: z, left: most}, nil
}

// bounded reads so many bytes, and then fails with [errTooLarge] if there are more.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		// Whether there is more decides whether it was too much.
		var one [1]byte
		n, err := b.r.Read(one[:])
		if n > 0 {
			return 0, errTooLarge
		}
		return 0, err
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}

// longestWait bounds what a header may make us wait, should it be wrong.
const longestWait = time.Hour

// retryAfter is the header of that name where it is in seconds, 0 otherwise.
func retryAfter(h http.Header) time.Duration {
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get("Retry-After")), 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(min(max(n, 0), int64(longestWait/time.Second))) * time.Second
}
