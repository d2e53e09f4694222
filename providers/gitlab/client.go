package gitlab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	gl "gitlab.com/gitlab-org/api/client-go/v2"

	"cloudimage/workflow/mirror"
)

// DefaultURL is where GitLab is when nobody says otherwise.
const DefaultURL = "https://gitlab.com"

// Options are what a client is made with. It prints without its token.
type Options struct {
	// URL is the address of GitLab, as people open it; a trailing slash or /api/v4
	// is taken away. Defaults to [DefaultURL].
	URL string
	// Token is a personal, project or group access token with the scope api.
	Token string `json:"-"`
	// HTTPClient is what requests go through; its transport, jar and timeout are
	// used, its own rule for redirects is not. Defaults to a client of its own.
	HTTPClient *http.Client
	// Transport takes the place of the transport of HTTPClient.
	Transport http.RoundTripper
	// UserAgent is what GitLab's operators see in their logs. Defaults to
	// "cloudimage".
	UserAgent string
	// Timeout is how long one request may take, its answer included. Defaults to
	// 30 seconds.
	Timeout time.Duration
	// Now is the clock for how long to wait, and for when a token ends. Defaults to
	// [time.Now].
	Now func() time.Time
	// Logger hears of each request at the level debug. Defaults to none.
	Logger *slog.Logger
	// OnCall hears of each request that was made: its method, its route such as
	// "/projects/:id/issues", the status of the answer or 0 for none, and how long
	// it took. It may be called by several goroutines at once.
	OnCall func(method, route string, status int, took time.Duration)
}

// Format writes the options without the token, whatever the verb.
func (o Options) Format(f fmt.State, _ rune) {
	io.WriteString(f, "gitlab.Options{URL: "+redacted(o.URL)+"}")
}

// LogValue is what is logged of the options.
func (o Options) LogValue() slog.Value { return slog.StringValue(redacted(o.URL)) }

// Client is a [mirror.Tracker]. It is made by [New] and safe for concurrent use.
type Client struct {
	site    *url.URL // without a trailing slash
	api     *gl.Client
	timeout time.Duration
	now     func() time.Time
	log     *slog.Logger
	onCall  func(method, route string, status int, took time.Duration)
	scrub   func(string) string // takes the token out of a text
	limits  limits

	mu sync.Mutex
	me mirror.Account // zero until it is known
}

// New returns a client. It asks GitLab nothing; an address or a token that cannot
// be right is an error.
func New(o Options) (*Client, error) {
	token, err := parseToken(o.Token)
	if err != nil {
		return nil, err
	}
	if token == "" {
		return nil, errors.New("a token is needed")
	}
	return assemble(o, token, source(token))
}

// assemble makes a client that says who it is in the way of auth.
func assemble(o Options, token string, auth gl.AuthSource) (*Client, error) {
	site, err := parseSite(cmp.Or(o.URL, DefaultURL))
	if err != nil {
		return nil, err
	}
	c := &Client{
		site:    site,
		timeout: cmp.Or(o.Timeout, 30*time.Second),
		now:     o.Now,
		log:     o.Logger,
		onCall:  o.OnCall,
		scrub:   scrubbing(token),
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.onCall == nil {
		c.onCall = func(string, string, int, time.Duration) {}
	}
	c.api, err = gl.NewAuthSourceClient(auth,
		gl.WithBaseURL(site.String()+"/api/v4/"),
		gl.WithHTTPClient(c.httpClient(o)),
		gl.WithUserAgent(cmp.Or(o.UserAgent, "cloudimage")),
		gl.WithoutRetries(),
		// Without one of ours, the library would set its own pace by the headers of
		// the first answer, and wait inside a call.
		gl.WithCustomLimiter(unpaced{}),
		gl.WithURLWarningLogger(slog.New(slog.DiscardHandler)),
	)
	if err != nil {
		return nil, fmt.Errorf("gitlab at %s: %w", site, err)
	}
	return c, nil
}

// Format writes where the client asks, whatever the verb.
func (c *Client) Format(f fmt.State, _ rune) {
	io.WriteString(f, "gitlab.Client{"+c.site.String()+"}")
}

// LogValue is what is logged of the client.
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.site.String()) }

// httpClient is what requests go through: the given one, which is not changed,
// watched and kept from other hosts.
func (c *Client) httpClient(o Options) *http.Client {
	h := &http.Client{}
	if o.HTTPClient != nil {
		h.Transport, h.Jar, h.Timeout = o.HTTPClient.Transport, o.HTTPClient.Jar, o.HTTPClient.Timeout
	}
	if o.Transport != nil {
		h.Transport = o.Transport
	}
	if h.Transport == nil {
		h.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	h.Transport = &wire{next: h.Transport, below: c.site.Path + "/api/v4"}
	h.CheckRedirect = sameHostOnly
	return h
}

// parseSite reads the address of GitLab.
func parseSite(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		// The parser's own words repeat the address, with a password if it has one.
		return nil, errors.New("the address of GitLab cannot be read")
	case u.User != nil:
		return nil, errors.New("the address of GitLab has a user in it; the token is given apart from it")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("the address of GitLab must begin with https://, and is %q", redacted(address))
	case u.Host == "" || u.Hostname() == "":
		return nil, fmt.Errorf("the address of GitLab has no host: %q", redacted(address))
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("the address of GitLab has more in it than where it is: %q", redacted(address))
	}
	path := strings.TrimRight(u.Path, "/")
	path = strings.TrimRight(strings.TrimSuffix(path, "/api/v4"), "/")
	if u.RawPath != "" || strings.ContainsAny(path, " %?#") {
		return nil, fmt.Errorf("the address of GitLab has a path that cannot be one: %q", redacted(address))
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: path}, nil
}

// redacted is an address without user, query and fragment.
func redacted(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return "an address that cannot be read"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// tokenSource gives requests their token. It is a function, so that the token is in no
// field of anything that somebody might print.
type tokenSource func() string

func source(token string) tokenSource { return func() string { return token } }

func (tokenSource) Init(context.Context, *gl.Client) error { return nil }

func (s tokenSource) Header(context.Context) (string, string, error) {
	return gl.AccessTokenHeaderName, s(), nil
}

// unpaced is a limiter that lets everything through: what GitLab says of its
// limits is heeded before a request is made, by an error instead of by waiting.
type unpaced struct{}

func (unpaced) Wait(context.Context) error { return nil }
