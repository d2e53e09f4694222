package slackdev

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

// bigCard is a card of about n bytes with one button called done.
func bigCard(n int) string {
	var b strings.Builder
	b.WriteString(`[{"type":"actions","block_id":"row","elements":[{"type":"button","action_id":"done","value":"R1:3","text":{"type":"plain_text","text":"Done..."}}]}`)
	for i := 0; b.Len() < n-300; i++ {
		fmt.Fprintf(&b, `,{"type":"section","block_id":"s%d","text":{"type":"mrkdwn","text":"*1.%d Gather integration documentation* <@U0ANA>, due <!date^1764081000^{date_short_pretty}|Wed 26 Nov>, with the partner since Monday"},"accessory":{"type":"button","action_id":"step_%d","value":"R1:%d:7","text":{"type":"plain_text","text":"Update..."}}}`, i, i, i, i)
	}
	return b.String() + "]"
}

// BenchmarkClick is what one click costs the workspace: payload, socket and
// ack, with cards of about 4 KB and an app that does nothing but ack.
func BenchmarkClick(b *testing.B) {
	ws, err := Start(Options{Manifest: []byte(testManifest), KeepCalls: -1, KeepInteractions: -1})
	if err != nil {
		b.Fatal(err)
	}
	defer ws.Close()
	for range 2 {
		s, _ := dial(b, ws)
		s.serve(func(frame) string { return "" })
	}
	cards := make([]TS, 20)
	for i := range cards {
		cards[i] = botPost(b, ws, "C0GENERAL", "card", bigCard(4000))
	}
	people := []*Person{ws.User("ana"), ws.User("lee"), ws.User("omar"), ws.User("lena")}
	var n atomic.Int64
	b.SetParallelism(8)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := int(n.Add(1))
			if out, err := people[i%len(people)].Click(b.Context(), In("C0GENERAL", "done").At(cards[i%len(cards)])); err != nil {
				b.Errorf("%+v, %v", out, err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "clicks/s")
}

// BenchmarkUpdate is what one redrawn card costs.
func BenchmarkUpdate(b *testing.B) {
	ws, err := Start(Options{Manifest: []byte(testManifest), KeepCalls: -1, KeepInteractions: -1})
	if err != nil {
		b.Fatal(err)
	}
	defer ws.Close()
	card := bigCard(4000)
	ts := botPost(b, ws, "C0GENERAL", "card", card)
	form := map[string][]string{"channel": {"C0GENERAL"}, "ts": {string(ts)}, "blocks": {card}}
	b.ReportAllocs()
	for b.Loop() {
		if got := post(b, ws, ws.BotToken(), "chat.update", form); got["ok"] != true {
			b.Fatal(got)
		}
	}
}
