package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// card is a run card of about 4 KB, the largest the product posts.
var card = func() string {
	rows := make([]string, 9)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"type":"section","block_id":"row-%d","expand":true,
			"text":{"type":"mrkdwn","text":"*1.%d Gather integration documentation* <@U0000001>, due <!date^1764147600^{date_short_pretty}|Wed 26 Nov>","verbatim":true},
			"accessory":{"type":"button","action_id":"done-%d","style":"primary","value":"run_7f:step_%d:12","text":{"type":"plain_text","text":"Done...","emoji":true}}}`, i, i, i, i)
	}
	return `[{"type":"header","block_id":"head","text":{"type":"plain_text","text":"DigitalOcean - first-time image"}},
		{"type":"section","block_id":"facts","fields":[
			{"type":"mrkdwn","text":"Owner <@U0000001>"},{"type":"mrkdwn","text":"Launch: target 15 Jan, not agreed"},
			{"type":"mrkdwn","text":"Listings: CE, EE (image)"},{"type":"mrkdwn","text":"2 of 14 steps"}]},` +
		strings.Join(rows, ",") + `,
		{"type":"context","block_id":"foot","elements":[{"type":"mrkdwn","text":"R-17, issue, Doc, vault, docs section; GitLab in step, 10:04"}]},
		{"type":"actions","block_id":"acts","elements":[
			{"type":"button","action_id":"update","text":{"type":"plain_text","text":"Update a step..."}},
			{"type":"button","action_id":"brief","text":{"type":"plain_text","text":"Brief and links"}},
			{"type":"overflow","action_id":"more","options":[
				{"text":{"type":"plain_text","text":"Add note"},"value":"note"},
				{"text":{"type":"plain_text","text":"History and why"},"value":"why"}]}]}]`
}()

func BenchmarkValidateCard(b *testing.B) {
	b.SetBytes(int64(len(card)))
	b.ReportAllocs()
	for b.Loop() {
		if errs := Validate(Message, json.RawMessage(card)); errs != nil {
			b.Fatal(errs)
		}
	}
}

func BenchmarkValidateFullModal(b *testing.B) {
	view := json.RawMessage(`{"type":"modal","title":` + plain("x") + `,"submit":` + plain("x") + `,"blocks":` +
		items(100, input(`{"type":"static_select","action_id":"a","options":`+items(20, `{"text":{"type":"plain_text","text":"x"},"value":"v"}`)+`}`)) + `}`)
	b.SetBytes(int64(len(view)))
	b.ReportAllocs()
	for b.Loop() {
		if errs := ValidateView(view); errs != nil {
			b.Fatal(errs)
		}
	}
}

// TestACardIsJudgedInUnderAMillisecond keeps the validator cheap enough to
// judge every message a load test posts.
func TestACardIsJudgedInUnderAMillisecond(t *testing.T) {
	if errs := Validate(Message, json.RawMessage(card)); errs != nil {
		t.Fatalf("the card is not good: %v", errs)
	}
	// Not in parallel, and the best of many runs: others share the machine.
	best := time.Hour
	for range 200 {
		start := time.Now()
		Validate(Message, json.RawMessage(card))
		best = min(best, time.Since(start))
	}
	if best > time.Millisecond {
		t.Errorf("a card of %d bytes took %v", len(card), best)
	}
}
