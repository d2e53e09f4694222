package partnercenter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cloudimage/workflow/images"
)

const (
	// patience is how long one call may take.
	patience = 30 * time.Second
	// mostAnswer is how long an answer may be, in bytes.
	mostAnswer = 32 << 20
	// unanswered is how soon to look at the earliest what became of a request without an
	// answer.
	unanswered = 20 * time.Second
	// longestWait is the longest that we let ourselves be told to wait.
	longestWait = 15 * time.Minute
)

// get reads what is below the root.
func (c *Client) get(ctx context.Context, path string, query url.Values, out any) error {
	if query == nil {
		query = url.Values{}
	}
	if query.Get("$version") == "" {
		query.Set("$version", c.o.Schemas[treeKind])
	}
	err := c.call(ctx, http.MethodGet, path, query, nil, false, out)
	var f *images.Fault
	if errors.As(err, &f) && f.Code == refusedToken {
		err = c.call(ctx, http.MethodGet, path, query, nil, true, out)
		if errors.As(err, &f) && f.Code == refusedToken {
			f.Class = images.Permission // it is not that it was old
		}
	}
	return err
}

// post changes something. Without an answer its outcome is unknown. A token that was
// refused is another one for the next call; this one is not repeated.
func (c *Client) post(ctx context.Context, path string, body, out any) error {
	query := url.Values{"$version": {c.o.Schemas[configureKind]}}
	err := c.call(ctx, http.MethodPost, path, query, body, false, out)
	var f *images.Fault
	if errors.As(err, &f) && f.Code == refusedToken {
		if _, e := c.token(ctx, true); e != nil {
			return e
		}
	}
	return err
}

// call makes one call. Its error is a [images.Fault].
func (c *Client) call(ctx context.Context, method, path string, query url.Values, body any, fresh bool, out any) error {
	begun := time.Now()
	status, err := c.exchange(ctx, method, path, query, body, fresh, out)
	attrs := []slog.Attr{slog.String("method", method), slog.String("path", path), slog.Int("status", status), slog.Duration("took", time.Since(begun))}
	var f *images.Fault
	if errors.As(err, &f) {
		attrs = append(attrs, slog.String("class", string(f.Class)), slog.String("code", f.Code), slog.String("said", f.Said))
	}
	c.o.Logger.LogAttrs(ctx, slog.LevelDebug, "partner center answered", attrs...)
	return err
}

func (c *Client) exchange(ctx context.Context, method, path string, query url.Values, body any, fresh bool, out any) (int, error) {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	token, err := c.token(within, fresh)
	if err != nil {
		return 0, err
	}
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return 0, &images.Fault{Class: images.Invalid, What: path, Said: "What is to be sent cannot be written as JSON.", Err: err}
		}
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(within, method, c.o.Endpoint+"/"+path+"?"+query.Encode(), content)
	if err != nil {
		return 0, &images.Fault{Class: images.Invalid, What: path, Said: "There is no such address of Partner Center: " + c.clean(err.Error())}
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return 0, c.silence(method, path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return resp.StatusCode, c.refusal(method, path, resp, text)
	}
	if err == nil && (method == http.MethodGet || len(bytes.TrimSpace(text)) > 0) {
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		return resp.StatusCode, c.silence(method, path, err)
	}
	return resp.StatusCode, nil
}

// token is a token, or a fault in words.
func (c *Client) token(ctx context.Context, fresh bool) (string, error) {
	if c.o.Token == nil {
		return "", &images.Fault{Class: images.Permission, What: "token", Said: "There are no credentials for Partner Center."}
	}
	token, err := c.o.Token(ctx, fresh)
	var f *images.Fault
	switch {
	case errors.As(err, &f):
		return "", f
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		return "", &images.Fault{Class: images.Passing, What: "token", Said: "There was no token for Partner Center in time."}
	case err != nil:
		return "", &images.Fault{Class: images.Permission, What: "token", Said: "There is no token for Partner Center for us: " + c.clean(err.Error()), Err: errors.New(c.clean(err.Error()))}
	case token == "":
		return "", &images.Fault{Class: images.Permission, What: "token", Said: "There is no token for Partner Center for us."}
	}
	return token, nil
}

// silence is a call without an answer that can be read.
func (c *Client) silence(method, path string, err error) error {
	var u *url.Error
	if errors.As(err, &u) { // it names the whole address
		err = u.Err
	}
	said := c.clean(err.Error())
	f := &images.Fault{Class: images.Passing, What: path, Said: "Partner Center gave no answer that can be read: " + said, Err: errors.New(said)}
	var op *net.OpError
	switch {
	case errors.As(err, &op) && op.Op == "dial":
		f.Said = "Partner Center could not be reached: " + said
	case method != http.MethodGet:
		f.Class, f.After = images.Unknown, unanswered
	}
	return f
}

// refusedToken is the code of a fault of a token that was not accepted.
const refusedToken = "unauthorized"

// refusal is an answer that is an error.
func (c *Client) refusal(method, path string, resp *http.Response, text []byte) error {
	list := problems(text)
	f := &images.Fault{What: path, Said: c.words(list), After: waitOf(resp, c.o.Now())}
	f.Class, f.Code = classOf(list)
	f.Findings = c.leaves(list)
	if f.Said == "" {
		f.Said = fmt.Sprintf("Partner Center answers with %d.", resp.StatusCode)
	}
	switch status := resp.StatusCode; {
	case status == http.StatusUnauthorized:
		f.Class, f.Code, f.Said = images.Passing, refusedToken, "Partner Center did not accept the token; a new one is fetched. "+f.Said
	case status == http.StatusForbidden:
		f.Class, f.Link = images.Permission, "https://partner.microsoft.com/dashboard/account/v3/usermanagement"
		f.Said = "Partner Center does not let our application do that. It has to be added there with the role Manager. " + f.Said
	case status == http.StatusTooManyRequests:
		f.Class = images.Throttled
	case status >= 500 || status == http.StatusRequestTimeout:
		f.Class = images.Passing
		if method != http.MethodGet {
			f.Class, f.After = images.Unknown, max(f.After, unanswered)
		}
	case status == http.StatusNotFound:
		f.Class = images.Gone
	case f.Class == "" && status == http.StatusConflict:
		f.Class = images.Foreign
	case f.Class == "" || f.Class == images.TheirFault:
		f.Class = images.Invalid
	}
	return f
}

// waitOf is how long an answer tells us to wait.
func waitOf(resp *http.Response, now time.Time) time.Duration {
	text := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return min(time.Duration(n)*time.Second, longestWait)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), longestWait)
	}
	return 0
}
