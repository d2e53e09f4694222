package slackdev

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/slackdev/rates"
)

// logBook is a log that may be written and read at once.
type logBook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBook) count(words string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), words)
}

func usageOf(ws *Workspace, method string) MethodLimits {
	i := slices.IndexFunc(ws.Limits(), func(l MethodLimits) bool { return l.Method == method })
	if i < 0 {
		return MethodLimits{}
	}
	return ws.Limits()[i]
}

func TestEveryMethodOfTheWorkspaceHasATier(t *testing.T) {
	t.Parallel()
	for name := range methodTable() {
		if rates.Of(name).Tier == rates.Unlimited {
			t.Errorf("%s has no tier: add it to slackdev/rates/table.go", name)
		}
	}
}

func TestTooManyCallsAreRefusedWhenLimitsAreEnforced(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.Rates = RatesEnforce })
	c := api(ws)
	for range 20 {
		if _, err := c.GetUserGroups(); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.GetUserGroups()
	var limited *slack.RateLimitedError
	if !errors.As(err, &limited) || limited.RetryAfter < 50*time.Second || limited.RetryAfter > time.Minute {
		t.Fatalf("the twenty-first: %v", err)
	}
	if _, err := c.AuthTest(); err != nil {
		t.Errorf("another method: %v", err)
	}
	u := usageOf(ws, "usergroups.list")
	if u.Total != 21 || u.Failed != 1 || u.Minute != 20 || u.Highest != 20 || u.Limited != 1 || u.Limit.Tier != rates.Tier2 {
		t.Errorf("%+v", u)
	}
	// Who moves the clock by as long as he is told has waited.
	if err := ws.Clock().Advance(t.Context(), limited.RetryAfter); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetUserGroups(); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestAChannelTakesOneMessageASecond(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.Rates = RatesEnforce })
	c := api(ws)
	refused := 0
	for range 8 {
		if _, _, err := c.PostMessage("C0GENERAL", text("much")); err != nil {
			refused++
		}
	}
	if refused == 0 || refused > 3 { // real time goes on meanwhile
		t.Errorf("%d of 8 were refused", refused)
	}
	if _, _, err := c.PostMessage("U0ANA", text("elsewhere")); err != nil {
		t.Errorf("another channel: %v", err)
	}
}

func TestWarningsOfTooManyCallsAreOnceAMinute(t *testing.T) {
	t.Parallel()
	log := &logBook{}
	ws := start(t, func(o *Options) { o.Rates, o.Logger = RatesWarn, slog.New(slog.NewTextHandler(log, nil)) })
	c := api(ws)
	const warning = "calls a method more often than Slack allows"
	many := func() {
		t.Helper()
		for range 30 {
			if _, err := c.GetUserGroups(); err != nil {
				t.Fatal(err)
			}
		}
	}
	many()
	if n := log.count(warning); n != 1 || log.count("method=usergroups.list") != 1 {
		t.Errorf("%d warnings", n)
	}
	if err := ws.Clock().Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	many()
	if n := log.count(warning); n != 2 {
		t.Errorf("%d warnings a minute later", n)
	}
	if err := ws.SetRates(RatesOff); err != nil {
		t.Fatal(err)
	}
	if err := ws.Clock().Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	many()
	if n, u := log.count(warning), usageOf(ws, "usergroups.list"); n != 2 || u.Over != 30 || u.Limited != 0 {
		t.Errorf("off: %d warnings, %+v", n, u)
	}
}

func TestUnknownModesOfRatesAreRefused(t *testing.T) {
	t.Parallel()
	if ws, err := Start(Options{Rates: "strict"}); err == nil {
		ws.Close()
		t.Error("it was taken")
	}
	ws := start(t)
	if err := ws.SetRates("strict"); err == nil || ws.Rates() != RatesOff {
		t.Errorf("%v, %s", err, ws.Rates())
	}
}
