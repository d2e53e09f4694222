package page_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mrkdwnRenders runs the renderer itself in the page, once per case, and
// compares the tags and words it makes.
func mrkdwnRenders(t *testing.T, b context.Context) {
	p := open(t, b, newWorkspace(t), "as="+ana, 1200, 800)
	render := func(text string) string {
		t.Helper()
		return value[string](p, `import('/dev/static/js/blockkit/mrkdwn.js').then(({ mrkdwn }) => {
			const directory = { user: (id) => ({U0ANA: {name: 'ana'}})[id], group: () => undefined, conversation: () => undefined };
			const nodes = mrkdwn(`+quote(text)+`, { directory, me: 'U0ANA', zone: 'UTC', now: new Date(0) });
			const show = (node) => node.nodeType === 3 ? node.data
				: node.nodeType === 11 ? [...node.childNodes].map(show).join('')
				: '[' + node.localName + (node.href ? ' ' + node.getAttribute('href') : '') + ':' + [...node.childNodes].map(show).join('') + ']';
			return show(nodes);
		})`)
	}
	for _, c := range []struct{ text, want string }{
		{"plain", "plain"},
		{"*bold* _it_ ~gone~", "[strong:bold] [em:it] [s:gone]"},
		{"*bold and _both_*", "[strong:bold and [em:both]]"},
		{"2*3*4 a_b_c x~y~z", "2*3*4 a_b_c x~y~z"},
		{"* not bold *", "* not bold *"},
		{"*not\nbold*", "*not\nbold*"},
		{"`code *x* &lt;b&gt;`", "[code:code *x* <b>]"},
		{"`open", "`open"},
		{"a\n```\nx &amp; y\n```\nb", "a[pre:x & y]b"},
		{"&gt; one\n&gt; *two*\nthree", "[blockquote:one\n[strong:two]]three"},
		{">>> all\nof it", "[blockquote:all\nof it]"},
		{"&amp;lt;b&amp;gt; &lt;b&gt;", "&lt;b&gt; <b>"},
		{"<https://a.example/?x=1&amp;y=2|a &amp; b>", "[a https://a.example/?x=1&y=2:a & b]"},
		{"<https://a.example>", "[a https://a.example:https://a.example]"},
		{"see https://a.example/x, or", "see [a https://a.example/x:https://a.example/x], or"},
		{"<mailto:x@a.example|x@a.example>", "[a mailto:x@a.example:x@a.example]"},
		{"<javascript:alert(1)|x> <data:text/html,x|y>", "[span:x] [span:y]"},
		{"<b>not a tag</b>", "<b>not a tag</b>"},
		{"<@U0ANA> <@U0WHO|who> <@U0WHO>", "[span:@ana] [span:@who] [span:@U0WHO]"},
		{"<!here> <!channel>", "[span:@here] [span:@channel]"},
		{"<#C0X|general>", "[span:#general]"},
		{"<!subteam^S0X|@omnibus>", "[span:@omnibus]"},
		{":tada: :no_such_emoji: 10:30:00", "[span:🎉] :no_such_emoji: 10:30:00"},
		{":wave::skin-tone-5: :man-shrugging::skin-tone-2: :rocket::skin-tone-3: :flag-pt: :v::skin-tone-6:", "[span:👋🏾] [span:🤷🏻‍♂️] [span:🚀] [span:🇵🇹] [span:✌🏿]"},
		{"*:tada: yes*", "[strong:[span:🎉] yes]"},
		{"<!date^86400^{date_num} {date_short} {time}|fallback>", "[time:1970-01-02 Jan 2, 1970 12:00 AM]"},
		{"<!date^0^{date_short_pretty} at {time}|x> <!date^86400^{date_pretty}|x>", "[time:today at 12:00 AM] [time:tomorrow]"},
		{"<!date^0^{date} {date_long} {nonsense}|x>", "[time:January 1st Thursday, January 1st, 1970 {nonsense}]"},
		{"<!date^0^{date}^https://a.example|x>", "[time:[a https://a.example:January 1st]]"},
		{"<!date^172800^{day_divider_pretty} {date_slash} {date_long_full}|x>", "[time:Saturday, January 3rd 1970/01/03 January 3, 1970]"},
		{"<!date^0^{time_secs} {ago} {date_long_pretty} {day_divider_pretty}|x>", "[time:12:00:00 AM now today today]"},
		{"<!date^soon^{date}|later>", "[span:later]"},
	} {
		if got := strings.ReplaceAll(render(c.text), "\u00a0", " "); strings.ReplaceAll(got, "\u202f", " ") != c.want {
			t.Errorf("mrkdwn %q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// The same message says different hours to people in different zones.
func datesAreTheReaders(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.message(obj{"text": "<!date^1764066600^{date_short_pretty} at {time}|then>"})
	for person, want := range map[string]string{ana: "today at 10:30 AM", maya: "today at 4:00 PM"} {
		p := open(t, b, ws, "as="+person, 1200, 800)
		got := strings.ReplaceAll(p.text(testid("message")+" .message-text"), "\u202f", " ")
		contains(t, got, want)
	}
}

func unknownIsNamed(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.message(obj{"text": "card", "blocks": []obj{
		{"type": "hologram", "block_id": "x", "depth": 3},
		{"type": "actions", "block_id": "y", "elements": []obj{{"type": "lever", "action_id": "l"}, button("A button whose text is longer than thirty", "long")}},
	}})
	p := open(t, b, ws, "as="+ana, 1200, 800)
	got := value[[]string](p, `[...document.querySelectorAll('[data-testid="placeholder"]')].map((node) => node.textContent)`)
	if len(got) != 2 {
		t.Fatalf("%d placeholders: %q", len(got), got)
	}
	contains(t, got[0], "Unknown block: hologram")
	contains(t, got[0], `"depth": 3`)
	contains(t, got[1], "Unknown element: lever")

	type long struct{ Text, Title string }
	shown := value[long](p, `(() => { const b = document.querySelector('[data-action-id="long"]'); return {Text: b.textContent, Title: b.title}; })()`)
	if diff := cmp.Diff(long{"A button whose text is longer…", "A button whose text is longer than thirty"}, shown); diff != "" {
		t.Errorf("a long button (-want +got):\n%s", diff)
	}
}

func workingMornings(t *testing.T, b context.Context) {
	p := open(t, b, newWorkspace(t), "as="+ana, 1200, 800)
	for _, c := range []struct{ now, zone, want string }{
		{"2025-11-25T10:31:00Z", "Europe/Lisbon", "2025-11-26T09:30:00.000Z"},
		{"2025-11-25T08:00:00Z", "Europe/Lisbon", "2025-11-25T09:30:00.000Z"},
		{"2025-11-25T09:30:00Z", "Europe/Lisbon", "2025-11-26T09:30:00.000Z"},
		{"2025-11-28T17:00:00Z", "Europe/Lisbon", "2025-12-01T09:30:00.000Z"},       // Friday evening
		{"2025-11-28T17:00:00Z", "Asia/Kolkata", "2025-12-01T04:00:00.000Z"},        // half-hour zone
		{"2026-03-27T18:00:00Z", "Europe/Lisbon", "2026-03-30T08:30:00.000Z"},       // summer time begins on the Sunday
		{"2026-10-23T20:00:00Z", "America/Los_Angeles", "2026-10-26T16:30:00.000Z"}, // still summer time
		{"2026-10-30T20:00:00Z", "America/Los_Angeles", "2026-11-02T17:30:00.000Z"}, // it ended on the Sunday
	} {
		got := value[string](p, `import('/dev/static/js/ui/time.js').then(({ nextWorkingMorning }) => nextWorkingMorning(new Date(`+quote(c.now)+`), `+quote(c.zone)+`).toISOString())`)
		if got != c.want {
			t.Errorf("after %s in %s: %s, want %s", c.now, c.zone, got, c.want)
		}
	}
}
