package bot

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// rooms knows which channels internal data may be shown in.
type rooms struct {
	web *web
	log *slog.Logger

	mu    sync.Mutex
	known map[workflow.ChannelID]room
}

type room struct {
	refusal workflow.Text // zero when cards may be posted
	at      time.Time
}

// roomAge is how long an answer about a channel is believed: a channel can be
// shared with others at any time.
const roomAge = 10 * time.Minute

// refusal says why a channel may not show internal data; nothing when it may. A
// channel that cannot be looked up for want of a scope may not; one on a server
// that has no such method may, since Slack always has it. An error means that it
// is not known, and worth asking again.
func (r *rooms) refusal(ctx context.Context, id workflow.ChannelID) (workflow.Text, error) {
	if strings.HasPrefix(string(id), "D") || strings.HasPrefix(string(id), "U") {
		return workflow.Text{}, nil
	}
	r.mu.Lock()
	known, ok := r.known[id]
	r.mu.Unlock()
	if ok && time.Since(known.at) < roomAge {
		return known.refusal, nil
	}
	var channel *slack.Channel
	err := r.web.do(ctx, "conversations.info", func(ctx context.Context) (err error) {
		channel, err = r.web.client.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: string(id)})
		return err
	})
	found := room{at: time.Now()}
	switch code := slackError(err); {
	case err == nil && channel.IsExtShared:
		found.refusal = workflow.Say("%s is shared with another organisation, so I keep internal data out of it. Use a channel of our own.", id)
	case err == nil:
	case code == "missing_scope":
		found.refusal = workflow.Say("I cannot see whether %s is shared with another organisation, because the app lacks the scope channels:read (groups:read for private channels). Ask the operator to add it.", id)
	case code == "channel_not_found":
		found.refusal = workflow.Say("I cannot see %s. Invite me there first: %s", id, workflow.Command("/invite @cloudimage"))
		found.at = time.Time{} // an invitation is looked for each time
	case code == unknownMethod:
		r.log.Warn("this server has no conversations.info: whether a channel is shared with others cannot be checked", "channel", id)
	default:
		return workflow.Text{}, fmt.Errorf("look %s up: %w", id, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = map[workflow.ChannelID]room{}
	}
	r.known[id] = found
	return found.refusal, nil
}

func (r *rooms) forget(id workflow.ChannelID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, id)
}
