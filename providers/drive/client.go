package drive

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"google.golang.org/api/drive/v3"
	"google.golang.org/api/option"
)

// tries is how often a call is made that may be repeated. Whoever has to be sure
// repeats the whole later.
const tries = 3

// longestWait is how long is waited between two tries, whatever Google asks for.
const longestWait = 10 * time.Second

// Options are a client's.
type Options struct {
	// Key is the JSON key of the service account. Needed.
	Key Key
	// Template is what is copied, and Folder where to, each as its id or its link.
	// Needed.
	Template, Folder string
	// Endpoint is the address of the Drive API, for stand-ins. Defaults to
	// Google's.
	Endpoint string
	// HTTPClient is what is spoken with. Defaults to one that waits 30 seconds for an
	// answer.
	HTTPClient *http.Client
	// Logger hears of tries that failed. Defaults to slog.Default.
	Logger *slog.Logger
	// Wait waits between two tries, or until ctx ends. Defaults to waiting.
	Wait func(ctx context.Context, d time.Duration)
}

// Client finds and makes documents. It may be used by many at once.
type Client struct {
	account          string // the service account's address
	template, folder string // ids
	endpoint         string
	http             *http.Client
	log              *slog.Logger
	wait             func(context.Context, time.Duration)

	reading, writing *door
}

// New makes a client. It checks what it is given, and connects to nothing.
func New(o Options) (*Client, error) {
	signer, err := o.Key.signer()
	if err != nil {
		return nil, err
	}
	c := &Client{account: signer.account, endpoint: o.Endpoint, http: cmp.Or(o.HTTPClient, &http.Client{Timeout: 30 * time.Second}),
		log: cmp.Or(o.Logger, slog.Default()), wait: o.Wait}
	if c.wait == nil {
		c.wait = wait
	}
	if c.template, err = idOf("template", o.Template); err != nil {
		return nil, err
	}
	if c.folder, err = idOf("folder", o.Folder); err != nil {
		return nil, err
	}
	if c.endpoint != "" {
		if u, err := url.Parse(c.endpoint); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, &Error{ErrInvalid, "the address of the Google Drive API is none; leave it out to use Google's"}
		}
		c.endpoint = strings.TrimRight(c.endpoint, "/") + "/"
	}
	// Looking needs no more than the right to read what files are called. Copying has no
	// narrower scope than all of Drive: drive.file reaches what was made with it
	// alone, and the template was made by people. What bounds the account is
	// what is shared with it.
	c.reading = &door{client: c, signer: signer, scope: drive.DriveMetadataReadonlyScope}
	c.writing = &door{client: c, signer: signer, scope: drive.DriveScope}
	return c, nil
}

// Account is the address of the service account, which the template and the
// folder are shared with.
func (c *Client) Account() string { return c.account }

var (
	plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{10,}$`)
	linkID  = regexp.MustCompile(`^https://[a-z]+\.google\.com/.*(?:/d/|/folders/|[?&]id=)([A-Za-z0-9_-]{10,})(?:[/?&#]|$)`)
)

// idOf is the id in what people copy out of the browser: a link, mostly.
func idOf(what, text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", &Error{ErrInvalid, "the " + what + " of the partnership documents is not set; open it in Google Drive and give its link"}
	}
	if plainID.MatchString(text) {
		return text, nil
	}
	if m := linkID.FindStringSubmatch(text); m != nil {
		return m[1], nil
	}
	return "", &Error{ErrInvalid, "the " + what + " of the partnership documents, " + strconv.Quote(line(text)) + ", is neither a link to Google Drive nor an id; open it in Google Drive and give its link"}
}

// door is the API with the tokens of one scope.
type door struct {
	client *Client
	signer signer
	scope  string

	mu   sync.Mutex
	open *opened // nil at first, and when its token is refused
}

// opened are the tokens, which are made when they are needed and kept until they
// end, and the API that uses them.
type opened struct {
	tokens oauth2.TokenSource
	api    *drive.Service
}

func (d *door) enter() (*opened, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open != nil {
		return d.open, nil
	}
	tokens := d.signer.tokens(d.client.http, d.scope)
	authorized := *d.client.http
	authorized.Transport = &oauth2.Transport{Source: tokens, Base: d.client.http.Transport}
	// A variable of Google's in the environment would have it log all that is sent.
	options := []option.ClientOption{option.WithHTTPClient(&authorized), option.WithLogger(slog.New(slog.DiscardHandler))}
	if d.client.endpoint != "" {
		options = append(options, option.WithEndpoint(d.client.endpoint))
	}
	api, err := drive.NewService(context.Background(), options...)
	if err != nil {
		return nil, err
	}
	d.open = &opened{tokens, api}
	return d.open, nil
}

// shut forgets the token, unless somebody else did.
func (d *door) shut(o *opened) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open == o {
		d.open = nil
	}
}

// call makes a call, and makes it again where that is safe: when it only reads
// (idempotent), or when Google did nothing.
func call[T any](ctx context.Context, d *door, idempotent bool, do func(*drive.Service) (T, error)) (T, error) {
	c := d.client
	refused := false
	for try := 1; ; try++ {
		var out T
		o, err := d.enter()
		if err == nil {
			// The token is fetched apart from the call, so that a failure of that is
			// not taken for one of the call.
			_, err = o.tokens.Token()
		}
		begun := err == nil
		if begun {
			if out, err = do(o.api); err == nil {
				return out, nil
			}
		}
		f := c.judge(err)
		f.undone = f.undone || !begun
		retry := f.again && (idempotent || f.undone)
		if f.signIn && !refused {
			d.shut(o)
			refused, retry = true, true
		}
		if !retry || try == tries || ctx.Err() != nil {
			if !idempotent && !f.undone && f.kind == ErrUnavailable {
				f.kind = ErrUnknown
				f.sentence = "it is not known whether the document was made; look for it before making another. " + f.sentence
			}
			return out, &Error{f.kind, f.sentence}
		}
		c.log.Debug("Google Drive is asked again", "try", try, "err", f.sentence)
		if !f.signIn {
			c.wait(ctx, pause(try, f.wait))
		}
	}
}

// pause is how long to wait after a try.
func pause(try int, asked string) time.Duration {
	d := time.Second << (try - 1)
	if seconds, err := strconv.Atoi(asked); err == nil && seconds > 0 {
		d = time.Duration(seconds) * time.Second
	}
	return min(d, longestWait)
}

// wait waits, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
