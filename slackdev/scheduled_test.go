package slackdev

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// in is a moment of the workspace's clock as Slack wants it.
func in(ws *Workspace, d time.Duration) string {
	return strconv.FormatInt(ws.Clock().Now().Add(d).Unix(), 10)
}

func TestScheduledMessagesArePostedByTheClock(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c, ana := api(ws), ws.User("ana")
	parent := card(t, c)
	_, later, err := c.ScheduleMessage("C0GENERAL", in(ws, 2*time.Hour), slack.MsgOptionText("later", false))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ScheduleMessage("C0GENERAL", in(ws, time.Hour), slack.MsgOptionText("sooner", false), slack.MsgOptionTS(string(parent)), slack.MsgOptionBroadcast()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ScheduleMessage("U0ANA", in(ws, time.Hour), slack.MsgOptionText("for you", false)); err != nil {
		t.Fatal(err)
	}
	list, next, err := c.GetScheduledMessages(&slack.GetScheduledMessagesParameters{Channel: "C0GENERAL", Limit: 1})
	if err != nil || len(list) != 1 || next == "" || list[0].ID != later || list[0].Text != "later" || list[0].PostAt != int(testNow.Add(2*time.Hour).Unix()) {
		t.Errorf("%+v, %q, %v", list, next, err)
	}
	if list, _, err = c.GetScheduledMessages(&slack.GetScheduledMessagesParameters{Latest: in(ws, 90*time.Minute)}); err != nil || len(list) != 2 {
		t.Errorf("those of the next 90 minutes: %+v, %v", list, err)
	}
	if got := ana.Sees("#general"); got != "parent" {
		t.Errorf("too soon she reads %q", got)
	}
	if err := ws.Clock().Advance(t.Context(), 3*time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := ana.Sees("#general"); got != "parent\n\nsooner\n\nlater" {
		t.Errorf("she reads %q", got)
	}
	said := ana.Messages("#general")
	if m := said[1]; m.Thread != parent || !m.Broadcast || !m.TS.Time().Equal(testNow.Add(time.Hour)) {
		t.Errorf("the reply: %+v", m)
	}
	if got := ana.DM(); len(got) != 1 || got[0].Text() != "for you" {
		t.Errorf("her direct messages: %+v", got)
	}
	if list, _, err := c.GetScheduledMessages(&slack.GetScheduledMessagesParameters{}); err != nil || len(list) != 0 {
		t.Errorf("what was posted still waits: %+v, %v", list, err)
	}
}

func TestScheduledMessagesAreRefusedAndDeleted(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	ws := start(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	c, ana := api(ws), ws.User("ana")
	tooFar := in(ws, 120*24*time.Hour+time.Second)
	for _, r := range []refusal{
		{"chat.scheduleMessage", "channel=C0GENERAL&text=x&post_at=soon", "invalid_arguments"},
		{"chat.scheduleMessage", "channel=C0GENERAL&text=x&post_at=" + in(ws, 0), "time_in_past"},
		{"chat.scheduleMessage", "channel=C0GENERAL&text=x&post_at=" + tooFar, "time_too_far"},
		{"chat.scheduleMessage", "channel=C0GENERAL&text=x&post_at=" + in(ws, 120*24*time.Hour), ""},
		{"chat.scheduleMessage", "channel=C0GENERAL&post_at=" + in(ws, time.Hour), "no_text"},
		{"chat.scheduleMessage", "channel=C0NOWHERE&text=x&post_at=" + in(ws, time.Hour), "channel_not_found"},
		{"chat.scheduleMessage", "channel=C0OLDIMAGES&text=x&post_at=" + in(ws, time.Hour), "is_archived"},
		{"chat.scheduledMessages.list", "channel=C0NOWHERE", "invalid_channel"},
		{"chat.deleteScheduledMessage", "channel=C0NOWHERE&scheduled_message_id=Q1", "channel_not_found"},
		{"chat.deleteScheduledMessage", "channel=C0GENERAL&scheduled_message_id=Q1", "invalid_scheduled_message_id"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	schedule := func(channel, text string, d time.Duration, more ...slack.MsgOption) string {
		t.Helper()
		_, id, err := c.ScheduleMessage(channel, in(ws, d), append(more, slack.MsgOptionText(text, false))...)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	gone, soon := schedule("C0GENERAL", "never seen", time.Hour), schedule("C0GENERAL", "soon", 59*time.Second)
	schedule("C0CLOUDIMAGES", "archived by then", time.Hour)
	schedule("C0GENERAL", "with metadata", time.Hour, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{}}))
	refusal{"chat.deleteScheduledMessage", "channel=C0RANDOM&scheduled_message_id=" + gone, "invalid_scheduled_message_id"}.check(t, ws, ws.BotToken())
	refusal{"chat.deleteScheduledMessage", "channel=C0GENERAL&scheduled_message_id=" + gone, ""}.check(t, ws, ws.BotToken())
	refusal{"chat.deleteScheduledMessage", "channel=C0GENERAL&scheduled_message_id=" + soon, "invalid_scheduled_message_id"}.check(t, ws, ws.BotToken())
	if err := ws.Archive("cloud-images"); err != nil {
		t.Fatal(err)
	}
	if err := ws.Clock().Advance(t.Context(), 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	if a, b := ana.Sees("#general"), ana.Sees("#cloud-images"); a != "soon" || b != "archived the channel" {
		t.Errorf("she reads %q and %q", a, b)
	}
	for _, want := range []string{"has metadata", "could not be posted"} {
		if !bytes.Contains([]byte(log.String()), []byte(want)) {
			t.Errorf("the log lacks %q", want)
		}
	}
}

func TestThirtyScheduledMessagesInFiveMinutes(t *testing.T) {
	t.Parallel()
	ws := start(t)
	schedule := func(channel string, d time.Duration) string {
		form := url.Values{"channel": {channel}, "text": {"x"}, "post_at": {in(ws, d)}}
		got := post(t, ws, ws.BotToken(), "chat.scheduleMessage", form)
		return strings.TrimPrefix(fmt.Sprint(got["error"]), "<nil>")
	}
	for i := range 30 {
		if got := schedule("C0GENERAL", time.Hour+time.Duration(i)*time.Second); got != "" {
			t.Fatalf("message %d: %s", i, got)
		}
	}
	for _, try := range []struct {
		channel string
		at      time.Duration
		want    string
	}{
		{"C0GENERAL", time.Hour + 4*time.Minute, "restricted_too_many"},
		{"C0GENERAL", time.Hour - 4*time.Minute, "restricted_too_many"},
		{"C0RANDOM", time.Hour, ""},
		{"C0GENERAL", time.Hour + 5*time.Minute, ""},
	} {
		if got := schedule(try.channel, try.at); got != try.want {
			t.Errorf("%s in %s: %q, want %q", try.channel, try.at, got, try.want)
		}
	}
}
