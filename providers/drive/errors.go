package drive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/oauth2"
	"google.golang.org/api/googleapi"
)

// The kinds of errors, for errors.Is.
var (
	// ErrInvalid: what the operator or the caller gave makes no sense.
	ErrInvalid = errors.New("not valid")
	// ErrMissing: the template or the folder is not there, or is not shared with
	// the service account, which Google does not tell apart.
	ErrMissing = errors.New("not found")
	// ErrDenied: the service account may not do that.
	ErrDenied = errors.New("not allowed")
	// ErrRefused: Google does not take the key.
	ErrRefused = errors.New("the key is refused")
	// ErrFull: there is no room for a copy.
	ErrFull = errors.New("no room")
	// ErrUnavailable: Google did not answer, or asked to wait. Nothing was made.
	ErrUnavailable = errors.New("no answer from Google Drive")
	// ErrUnknown: the answer to a copy was lost, so there may be a document. Look
	// before making another.
	ErrUnknown = errors.New("it is not known whether the document was made")
)

// Error says what went wrong, and what to do about it.
type Error struct {
	Kind     error  // one of those above
	Sentence string // for the operator
}

func (e *Error) Error() string { return e.Sentence }

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.Kind }

// failure is what is to be known of a call that failed.
type failure struct {
	kind     error
	sentence string
	// undone says that Google did nothing, so that the call may be made again
	// even where it must not be made twice.
	undone bool
	again  bool   // it may succeed a little later
	signIn bool   // it may succeed with a new token
	wait   string // how many seconds Google asks to wait; empty when it does not say
}

// judge tells what an error of Google's client means. It is the only place that
// knows their forms.
//
// Source: https://developers.google.com/workspace/drive/api/guides/handle-errors
func (c *Client) judge(err error) failure {
	if e, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return c.judgeToken(e)
	}
	e, ok := errors.AsType[*googleapi.Error](err)
	if !ok {
		return judgeNetwork(err)
	}
	is := func(reasons ...string) bool {
		return slices.ContainsFunc(e.Errors, func(item googleapi.ErrorItem) bool { return slices.Contains(reasons, item.Reason) })
	}
	says := "It says: " + line(e.Message)
	switch {
	case e.Code == http.StatusUnauthorized:
		return failure{kind: ErrRefused, undone: true, signIn: true, sentence: fmt.Sprintf("Google does not take the token of %s. If that stays so, make a new key for it. %s", c.account, says)}
	case e.Code == http.StatusTooManyRequests || is("userRateLimitExceeded", "rateLimitExceeded", "dailyLimitExceeded", "sharingRateLimitExceeded"):
		return failure{kind: ErrUnavailable, undone: true, again: true, wait: e.Header.Get("Retry-After"), sentence: "Google Drive has been asked too often for now. " + says}
	case is("accessNotConfigured", "SERVICE_DISABLED"):
		return failure{kind: ErrDenied, sentence: fmt.Sprintf("the Google Drive API is off in the project of %s. Turn it on in the Google Cloud console, under APIs and services. %s", c.account, says)}
	case is("storageQuotaExceeded", "quotaExceeded", "teamDriveFileLimitExceeded", "numChildrenInNonRootLimitExceeded"):
		return failure{kind: ErrFull, sentence: fmt.Sprintf("there is no room for the copy. A service account has no storage of its own: the folder has to be in a shared drive, with room in it, of which %s is a content manager. %s", c.account, says)}
	case e.Code == http.StatusForbidden:
		return failure{kind: ErrDenied, sentence: fmt.Sprintf("%s may not do that in Google Drive. %s", c.account, says)}
	case e.Code == http.StatusNotFound:
		return failure{kind: ErrMissing, sentence: fmt.Sprintf("that is not in Google Drive, or is not shared with %s. %s", c.account, says)}
	case e.Code >= 500:
		return failure{kind: ErrUnavailable, again: true, sentence: fmt.Sprintf("Google Drive does not work for now: it answers %d. %s", e.Code, says)}
	}
	return failure{kind: ErrInvalid, sentence: fmt.Sprintf("Google Drive does not understand what it is asked: it answers %d. %s", e.Code, says)}
}

// judgeToken tells what an answer of the token endpoint means. No file has been
// asked for when there is no token.
func (c *Client) judgeToken(e *oauth2.RetrieveError) failure {
	var body struct {
		Code        string `json:"error"`
		Description string `json:"error_description"`
	}
	_ = json.Unmarshal(e.Body, &body) // what is no JSON says nothing
	says := "It says: " + line(body.Code+" "+body.Description)
	if e.Response != nil && (e.Response.StatusCode >= 500 || e.Response.StatusCode == http.StatusTooManyRequests) {
		return failure{kind: ErrUnavailable, undone: true, again: true, sentence: "Google hands out no tokens for now. " + says}
	}
	if strings.Contains(body.Description, "short-lived token") {
		return failure{kind: ErrRefused, undone: true, sentence: fmt.Sprintf("Google refuses the key of %s, because the clock of this machine is wrong; set it. %s", c.account, says)}
	}
	return failure{kind: ErrRefused, undone: true, sentence: fmt.Sprintf("Google refuses the key of %s; it was deleted, or the account was. Make a new key in the Google Cloud console, under IAM, Service accounts, Keys. %s", c.account, says)}
}

// judgeNetwork tells what an error is that is no answer of Google's.
func judgeNetwork(err error) failure {
	f := failure{kind: ErrUnavailable, again: true}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		f.again = false
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		f.undone = true // it did not get there
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // an address holds ids that are nobody's business
	}
	f.sentence = "Google Drive cannot be reached: " + line(err.Error())
	return f
}

// line is what is shown of a text that somebody else wrote.
func line(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	return strings.TrimSpace(text)
}
