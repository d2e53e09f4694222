package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// Identity is who the bot is and where.
type Identity struct {
	Team       string // the workspace's name
	TeamID     string
	Enterprise string // the organisation's id, on Enterprise Grid
	UserID     string // the bot's own
	Scopes     []string
	Ends       time.Time // of the bot token, with token rotation; zero for never
}

// ours reports whether the workspace, or the organisation, is the bot's own.
func (i Identity) ours(team string) bool {
	return team == "" || i.TeamID == "" || team == i.TeamID || i.Enterprise != "" && team == i.Enterprise
}

// lacks are the scopes of want that the token was not given. None when the
// server did not say which it was given.
func (i Identity) lacks(want []string) []string {
	var out []string
	for _, s := range want {
		if len(i.Scopes) > 0 && !slices.Contains(i.Scopes, s) {
			out = append(out, s)
		}
	}
	return out
}

// fatalAuth are the answers that no waiting will change.
var fatalAuth = map[string]string{
	"invalid_auth":           "Slack does not know this token. Copy it again from the app's settings.",
	"not_authed":             "No token reached Slack. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN.",
	"account_inactive":       "The app was uninstalled, or its bot user was deactivated. Install it again.",
	"token_revoked":          "The token was revoked. Install the app again and use the new token.",
	"token_expired":          "The token has expired. Turn token rotation off in the app's settings, or use a fresh one.",
	"not_allowed_token_type": "This is the wrong kind of token: SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-.",
	"missing_scope":          "The app-level token needs the scope connections:write.",
	"no_permission":          "The token may not do this. Check the app's scopes and install it again.",
	"access_denied":          "Slack denies this app access. Ask a workspace admin.",
	unknownMethod:            "There is no Socket Mode at this address. Check SLACK_API_URL; it ends in /api/.",
	"forbidden_team":         "The app may not be used in this workspace. Ask a workspace admin.",
}

// TokenError is a token that will not work however often it is tried.
type TokenError struct {
	Code string // Slack's
	Cure string
}

// Error says what to do about it.
func (e *TokenError) Error() string { return fmt.Sprintf("slack says %s: %s", e.Code, e.Cure) }

// tokenError is err as a TokenError, when it is one.
func tokenError(err error) error {
	code := slackError(err)
	if cure, ok := fatalAuth[code]; ok {
		return &TokenError{code, cure}
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok && status.Code == http.StatusNotFound {
		return &TokenError{"404", "There is no Slack API at this address. Check SLACK_API_URL; it ends in /api/."}
	}
	return err
}

// identify asks Slack who the bot is, and until when.
func identify(ctx context.Context, w *web, token *tokenRecorder, now func() time.Time) (Identity, error) {
	var answer *slack.AuthTestResponse
	err := w.do(ctx, "auth.test", func(ctx context.Context) (err error) {
		answer, err = w.client.AuthTestContext(ctx)
		return err
	})
	if slackError(err) == unknownMethod {
		return Identity{}, nil // a stand-in; whether there is one at all, the sockets find out
	}
	if err != nil {
		return Identity{}, tokenError(err)
	}
	who := Identity{Team: answer.Team, TeamID: answer.TeamID, Enterprise: answer.EnterpriseID, UserID: answer.UserID}
	var lasts time.Duration
	if who.Scopes, lasts = token.said(); lasts > 0 {
		who.Ends = now().Add(lasts)
	}
	return who, nil
}

// tokenRecorder keeps what auth.test says of the bot token and the client
// library leaves out: its scopes, which are in a header, and how long it lasts.
type tokenRecorder struct {
	http.RoundTripper
	mu     sync.Mutex
	scopes string
	lasts  time.Duration
}

// mostIdentity bounds what is read of auth.test, which is a few lines.
const mostIdentity = 1 << 20

// RoundTrip implements [http.RoundTripper].
func (r *tokenRecorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.RoundTripper.RoundTrip(req)
	if err != nil || !strings.HasSuffix(req.URL.Path, "/auth.test") {
		return resp, err
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, mostIdentity))
	resp.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	var answer struct {
		ExpiresIn int64 `json:"expires_in"`
	}
	_ = json.Unmarshal(raw, &answer) // what cannot be read, the library complains of
	r.mu.Lock()
	defer r.mu.Unlock()
	r.scopes, r.lasts = resp.Header.Get("X-OAuth-Scopes"), time.Duration(answer.ExpiresIn)*time.Second
	return resp, nil
}

func (r *tokenRecorder) said() (scopes []string, lasts time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.FieldsFunc(r.scopes, func(c rune) bool { return c == ',' || c == ' ' }), r.lasts
}
