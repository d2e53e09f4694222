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
	"sync"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/time/rate"

	"cloudimage/bot/view"
	"cloudimage/workflow"
)

// web is Slack's Web API as the bot uses it: every call is counted, paced and
// bounded in time, and its errors are Slack's own words.
type web struct {
	client  *slack.Client
	http    *http.Client
	metrics *Metrics
	pace    *pace
	foreign bool // the server is not Slack's own
}

// callTimeout bounds one call, so that a hanging server holds up nothing for
// long; what a call was to show is drawn again by the sweep.
const callTimeout = 10 * time.Second

// do makes one call of a method.
func (w *web) do(ctx context.Context, method string, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := call(ctx)
	if _, odd := errors.AsType[*json.UnmarshalTypeError](err); odd && w.foreign {
		err = slack.SlackErrorResponse{Err: unknownMethod} // what it answers cannot be read
	}
	w.metrics.Calls.WithLabelValues(method, result(err)).Inc()
	if wait, ok := retryAfter(err); ok {
		w.pace.hold(method, wait)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

// paced is do for calls that can wait their turn.
func (w *web) paced(ctx context.Context, method string, call func(context.Context) error) error {
	if err := w.pace.wait(ctx, method); err != nil {
		return err
	}
	return w.do(ctx, method, call)
}

// retryAfter is how long Slack asked to wait, if it did.
func retryAfter(err error) (time.Duration, bool) {
	limited, ok := errors.AsType[*slack.RateLimitedError](err)
	if !ok {
		return 0, false
	}
	return max(limited.RetryAfter, time.Second), true
}

// soon is a wait that somebody who looks on will bear.
const soon = 2 * time.Second

// atOnce is do for what somebody waits for: it is tried again once when Slack
// asks for a short wait.
func (w *web) atOnce(ctx context.Context, method string, call func(context.Context) error) error {
	err := w.do(ctx, method, call)
	if wait, limited := retryAfter(err); limited && wait <= soon && pause(ctx, wait) {
		return w.do(ctx, method, call)
	}
	return err
}

// patientTries is how often a call is made when Slack asks for a wait each time.
const patientTries = 3

// errNoTurn says that a call was not made, because its turn did not come in time.
var errNoTurn = errors.New("its turn did not come in time")

// patient is paced for what is made once, whose turn may take a while: when Slack
// asks for a wait, it is tried again after that. No other failure is tried again.
func (w *web) patient(ctx context.Context, method string, call func(context.Context) error) error {
	for n := 1; ; n++ {
		if err := w.pace.wait(ctx, method); err != nil {
			return fmt.Errorf("%s: %w: %w", method, errNoTurn, err)
		}
		err := w.do(ctx, method, call)
		if _, limited := retryAfter(err); !limited || n == patientTries {
			return err
		}
	}
}

// unknownMethod is Slack's code for a method it does not have. Slack has all
// that are used here, so whoever says it is a stand-in, and is served as well as
// can be without; see foreignAnswer for how else it is said.
const unknownMethod = "unknown_method"

// slackError is Slack's code for what went wrong; empty when the error is not an
// answer of Slack's.
func slackError(err error) string {
	if answer, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return answer.Err
	}
	return ""
}

// result names the outcome of a call for the metrics, in few words.
func result(err error) string {
	switch {
	case err == nil:
		return "ok"
	case slackError(err) != "":
		return slackError(err)
	}
	if _, ok := retryAfter(err); ok {
		return "ratelimited"
	}
	return "unreachable"
}

// uncertain reports whether a call may have had its effect although it failed:
// anything but a definite answer.
func uncertain(err error) bool {
	if err == nil {
		return false
	}
	if _, ok := retryAfter(err); ok || errors.Is(err, errNoTurn) {
		return false
	}
	switch slackError(err) {
	case "":
		return true
	case "fatal_error", "internal_error", "request_timeout", "service_unavailable":
		return true // Slack says of these that they may have partly succeeded
	}
	return false
}

func (w *web) publishHome(ctx context.Context, user workflow.UserID, v slack.HomeTabViewRequest) error {
	return w.paced(ctx, "views.publish", func(ctx context.Context) error {
		_, err := w.client.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: string(user), View: v})
		return err
	})
}

// post sends a message whose identity is in its metadata, so that it can be
// found again when the answer is lost.
func (w *web) post(ctx context.Context, channel string, m view.Message, meta slack.SlackMetadata, more ...slack.MsgOption) (at, ts string, err error) {
	how := append(posted(m), slack.MsgOptionMetadata(meta))
	err = w.paced(ctx, "chat.postMessage", func(ctx context.Context) error {
		at, ts, err = w.client.PostMessageContext(ctx, channel, append(how, more...)...)
		return err
	})
	return at, ts, err
}

// thread is where a reply is posted.
type thread struct {
	under     string // the message replied to
	broadcast bool   // the channel shows the reply, too
}

// reply is post in a thread. Where the message replied to is gone, Slack posts a
// plain message; of one that had replies already there is a tombstone to hang
// on.
func (w *web) reply(ctx context.Context, channel string, t thread, m view.Message, meta slack.SlackMetadata) (at, ts string, err error) {
	where := []slack.MsgOption{slack.MsgOptionTS(t.under)}
	if t.broadcast {
		where = append(where, slack.MsgOptionBroadcast())
	}
	return w.post(ctx, channel, m, meta, where...)
}

// newest are the newest messages of a conversation, or the replies in one of its
// threads, newest first, with their metadata. Of a thread they are all there is
// on its first page, which is more than any of ours has.
func (w *web) newest(ctx context.Context, channel, under string) (found []slack.Message, err error) {
	if under != "" {
		err = w.do(ctx, "conversations.replies", func(ctx context.Context) (err error) {
			found, _, _, err = w.client.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: channel, Timestamp: under, Limit: 1000, IncludeAllMetadata: true,
			})
			return err
		})
		slices.Reverse(found)
		return found, err
	}
	err = w.do(ctx, "conversations.history", func(ctx context.Context) error {
		page, err := w.client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel, Limit: 100, IncludeAllMetadata: true,
		})
		if err == nil {
			found = page.Messages
		}
		return err
	})
	return found, err
}

func (w *web) update(ctx context.Context, channel, ts string, m view.Message) error {
	return w.paced(ctx, "chat.update", func(ctx context.Context) error {
		_, _, _, err := w.client.UpdateMessageContext(ctx, channel, ts, shown(m)...)
		return err
	})
}

func (w *web) delete(ctx context.Context, channel, ts string) error {
	return w.paced(ctx, "chat.delete", func(ctx context.Context) error {
		_, _, err := w.client.DeleteMessageContext(ctx, channel, ts)
		return err
	})
}

func (w *web) ephemeral(ctx context.Context, channel workflow.ChannelID, user workflow.UserID, m view.Message) error {
	return w.ephemeralIn(ctx, channel, "", user, m)
}

// ephemeralIn is ephemeral in the thread under a message; empty for none.
func (w *web) ephemeralIn(ctx context.Context, channel workflow.ChannelID, under string, user workflow.UserID, m view.Message) error {
	how := shown(m)
	if under != "" {
		how = append(how, slack.MsgOptionTS(under))
	}
	return w.atOnce(ctx, "chat.postEphemeral", func(ctx context.Context) error {
		_, err := w.client.PostEphemeralContext(ctx, string(channel), string(user), how...)
		return err
	})
}

func (w *web) direct(ctx context.Context, user workflow.UserID, m view.Message) error {
	return w.atOnce(ctx, "chat.postMessage", func(ctx context.Context) error {
		_, _, err := w.client.PostMessageContext(ctx, string(user), posted(m)...)
		return err
	})
}

// openDirect is where direct messages to a person are.
func (w *web) openDirect(ctx context.Context, user workflow.UserID) (channel string, err error) {
	err = w.do(ctx, "conversations.open", func(ctx context.Context) error {
		im, _, _, err := w.client.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{string(user)}, ReturnIM: true})
		switch {
		case err != nil:
			return err
		case im == nil || im.ID == "":
			return errors.New("the answer names no conversation")
		}
		channel = im.ID
		return nil
	})
	return channel, err
}

// shown is how every message is sent. Nothing in its text is looked for: an
// update would by default make links of names.
func shown(m view.Message) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...), slack.MsgOptionParse(false),
	}
}

// posted is shown for what is posted, where nothing unfolds. Only posts unfold.
func posted(m view.Message) []slack.MsgOption {
	return append(shown(m), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
}

// private is a message only the person who asked sees, as Slack takes it in an
// acknowledgement and at a response address.
type private struct {
	ResponseType    string        `json:"response_type"`
	ReplaceOriginal bool          `json:"replace_original"`
	Text            string        `json:"text"`
	Blocks          []slack.Block `json:"blocks,omitempty"`
}

func privately(m view.Message) private {
	return private{ResponseType: "ephemeral", Text: m.Text, Blocks: m.Blocks}
}

// respond answers at a response address. The address is a secret and appears in
// no error.
func (w *web) respond(ctx context.Context, address string, m view.Message) error {
	return w.respondWith(ctx, address, privately(m))
}

// replace answers at a response address with what takes the place of the message
// that was clicked, which only the person who clicked sees.
func (w *web) replace(ctx context.Context, address string, m view.Message) error {
	p := privately(m)
	p.ReplaceOriginal = true
	return w.respondWith(ctx, address, p)
}

func (w *web) respondWith(ctx context.Context, address string, p private) error {
	return w.do(ctx, "response_url", func(ctx context.Context) error {
		body, err := json.Marshal(p)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			return errors.New("the response address is no URL")
		}
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		resp, err := w.http.Do(req)
		if err != nil {
			return errors.New("the response address cannot be reached")
		}
		defer resp.Body.Close()
		io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
		if resp.StatusCode/100 != 2 {
			return fmt.Errorf("the response address answered %s", resp.Status)
		}
		return nil
	})
}

// pace keeps calls that can wait within Slack's tiers, and holds a method off
// for as long as Slack asked for.
type pace struct {
	mu       sync.Mutex
	limiters map[string]*rate.Limiter // nil to keep to no tiers
	until    map[string]time.Time
}

// tiers are calls a minute that Slack allows a workspace, with what it bears at
// once. Posting is about one a second.
var tiers = map[string]struct{ perMinute, burst int }{
	"chat.postMessage": {60, 20},
	"chat.update":      {50, 20},
	"chat.delete":      {50, 20},
	"views.publish":    {100, 20},

	"files.getUploadURLExternal":   {100, 20},
	"files.completeUploadExternal": {100, 20},
}

func newPace(keep bool) *pace {
	p := &pace{until: map[string]time.Time{}}
	if keep {
		p.limiters = map[string]*rate.Limiter{}
		for method, t := range tiers {
			p.limiters[method] = rate.NewLimiter(rate.Limit(float64(t.perMinute)/60), t.burst)
		}
	}
	return p
}

func (p *pace) hold(method string, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until[method] = time.Now().Add(wait)
}

func (p *pace) wait(ctx context.Context, method string) error {
	p.mu.Lock()
	held := time.Until(p.until[method])
	limiter := p.limiters[method]
	p.mu.Unlock()
	if held > 0 {
		timer := time.NewTimer(held)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if limiter == nil {
		return nil
	}
	return limiter.Wait(ctx)
}
