package slackdev

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestWhatAPersonReads(t *testing.T) {
	t.Parallel()
	ws := start(t)
	tomorrow := strconv.FormatInt(testNow.Add(24*time.Hour).Unix(), 10)
	for name, c := range map[string]struct{ blocks, want string }{
		"marks":      {section(`*bold* and _it_ ~gone~ ` + "`code`" + ` *two* *three* a*b*c snake_case_name 2*3*4`), "bold and it gone code two three a*b*c snake_case_name 2*3*4"},
		"references": {section(`<@U0ANA> <@U0NOBODY> <#C0GENERAL|x> <!subteam^S0OMNIBUS> <!here> <https://x.example/a_b_c|the *label*> <https://y.example> <mailto:a@b.example|a@b.example>`), "@ana @U0NOBODY #general @omnibus @here the label https://y.example a@b.example"},
		"entities":   {section(`&lt;@U0ANA&gt; &amp;amp; &amp;lt;`), "<@U0ANA> &amp; &lt;"},
		"dates":      {section(`<!date^` + tomorrow + `^{date_short_pretty} at {time}|soon> <!date^` + tomorrow + `^{date_long}|x> <!date^` + tomorrow + `^{ago}|x> <!date^nonsense|kept>`), "tomorrow at 2:30 PM Wednesday, November 26th, 2025 1 day from now kept"},
		"quote":      {section("&gt; said\\nplain"), "said\nplain"},
		"plain text": {`[{"type":"section","text":{"type":"plain_text","text":"*not bold* <@U0ANA>"}}]`, "*not bold* <@U0ANA>"},
		"fields":     {`[{"type":"section","fields":[{"type":"mrkdwn","text":"*Owner*"},{"type":"plain_text","text":"x"}]}]`, "Owner\nx"},
		"others":     {`[{"type":"header","text":{"type":"plain_text","text":"H"}},{"type":"divider"},{"type":"context","elements":[{"type":"mrkdwn","text":"*c*"},{"type":"image","image_url":"https://x.example/i.png","alt_text":"chart"}]},{"type":"image","image_url":"https://x.example/i.png","alt_text":"alone"}]`, "H\n---\nc (image: chart)\n(image: alone)"},
		"rich": {`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Hi "},{"type":"user","user_id":"U0LEE"},{"type":"text","text":" "},{"type":"channel","channel_id":"C0PRIVATEPARTNERS"},{"type":"usergroup","usergroup_id":"S0OMNIBUS"},{"type":"emoji","name":"tada"},{"type":"broadcast","range":"here"},{"type":"link","url":"https://x.example"},{"type":"link","url":"https://x.example","text":"L"}]},
			{"type":"rich_text_list","style":"ordered","indent":0,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a","style":{"strike":true}}]},{"type":"rich_text_section","elements":[{"type":"text","text":"b"}]}]},
			{"type":"rich_text_list","style":"bullet","indent":1,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"c"}]}]},
			{"type":"rich_text_quote","elements":[{"type":"text","text":"q"}]}]}]`, "Hi @lee #private-channel@omnibus:tada:@herehttps://x.exampleL\n1. a\n2. b\n  - c\nq"},
		"controls": {richCard, "Row (History | Cancel run...)\n[Done...] [Mine] [] [2025-11-28]"},
		"table":    {`[{"type":"table","rows":[[{"type":"raw_text","text":"a"},{"type":"raw_text","text":"b"}],[{"type":"raw_text","text":"c"},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"d"}]}]}]]}]`, "a | b\nc | d"},
	} {
		t.Run(name, func(t *testing.T) {
			ts := botPost(t, ws, "C0GENERAL", "fallback", c.blocks)
			m, _ := ws.User("maya").Message("#general", ts)
			if m.Text() != c.want {
				t.Errorf("reads\n%s\nwant\n%s", m.Text(), c.want)
			}
		})
	}
}

func section(mrkdwn string) string {
	return `[{"type":"section","text":{"type":"mrkdwn","text":"` + strings.ReplaceAll(mrkdwn, `"`, `\"`) + `"}}]`
}

func TestTheSamePersonAndMomentEveryTime(t *testing.T) {
	t.Parallel()
	a, b := start(t), start(t)
	if a.BotToken() != b.BotToken() || a.ids.uuid() != b.ids.uuid() {
		t.Error("a fixed seed must repeat its ids")
	}
	c := start(t, func(o *Options) { o.IDSeed = 0 })
	if c.BotToken() == a.BotToken() {
		t.Error("without a seed ids must differ from run to run")
	}
}

func TestControlsAreFoundAsPeoplePointAtThem(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	pressed := make(chan string, 10)
	s.serve(func(f frame) string {
		_, after, _ := strings.Cut(string(f.Payload), `"actions":[`)
		_, v, _ := strings.Cut(after, `"value":"`)
		v, _, _ = strings.Cut(v, `"`)
		pressed <- v
		return ""
	})
	row := func(words, value string) string {
		return `{"type":"section","text":{"type":"mrkdwn","text":"` + words + `"},"accessory":{"type":"button","action_id":"done_` + value + `","value":"` + value + `","text":{"type":"plain_text","text":"Done..."}}}`
	}
	botPost(t, ws, "C0GENERAL", "old", `[`+row("*1.1* Old", "old")+`]`)
	botPost(t, ws, "C0GENERAL", "new", `[`+row("*1.2* Gather", "gather")+`,`+row("*1.4* Set up", "setup")+`,{"type":"divider"},{"type":"section","text":{"type":"mrkdwn","text":"Launch"}},{"type":"actions","elements":[{"type":"button","action_id":"plan","value":"plan","text":{"type":"plain_text","text":"Open"}}]}]`)
	ana := ws.User("ana")
	for _, c := range []struct {
		target Target
		want   string
	}{
		{In("#general", "Done...").Near("1.2 gather"), "gather"},
		{In("general", "done").Near("Set up"), "setup"},
		{In("C0GENERAL", "done_setup"), "setup"},
		{In("#general", "Open").Near("launch"), "plan"},
		{In("#general", "Done").Near("Old"), "old"},
	} {
		if out, err := ana.Click(t.Context(), c.target); err != nil {
			t.Errorf("%s: %+v, %v", c.target, out, err)
		} else if got := <-pressed; got != c.want {
			t.Errorf("%s pressed %s", c.target, got)
		}
	}
	for _, target := range []Target{In("#general", "Done..."), In("#general", "Nothing"), In("#nowhere", "Done"), InModal("Done"), InHome("Done"), InDM("Done"), In("#general", "Open").Near("Gather"), In("#general", "Done").At("1.000000")} {
		if out, err := ana.Click(t.Context(), target); err == nil {
			t.Errorf("%s: %+v", target, out)
		}
	}
	if _, err := ana.Click(t.Context(), In("#general", "Done...")); !strings.Contains(err.Error(), "2 times") {
		t.Errorf("two equal captions: %v", err)
	}
}

// What is inside a layout or a plan can be pressed, and what was chosen in a row
// is what the row then shows.
func TestControlsInsideOtherBlocks(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	ts := botPost(t, ws, "C0GENERAL", "card", `[{"type":"layout","block_id":"l","label":"L","rows":[{"items":[{"block":{"type":"actions","elements":[{"type":"button","action_id":"deep","text":{"type":"plain_text","text":"Deep"}}]}}]}]},
	 {"type":"actions","block_id":"row","elements":[{"type":"static_select","action_id":"pick","placeholder":{"type":"plain_text","text":"Pick"},"options":[{"text":{"type":"plain_text","text":"Red"},"value":"r"}]},
	  {"type":"button","action_id":"not-hers","text":{"type":"plain_text","text":"Lee alone"},"visible_to_user_ids":["U0LEE"]}]}]`)
	_, p := capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Deep")) })
	if id, _ := at(p, "actions", 0, "block_id").(string); at(p, "actions", 0, "action_id") != "deep" || id == "" || id == "l" {
		t.Errorf("pressed %v", p["actions"])
	}
	capture(t, s, func() (Outcome, error) { return ana.FillIn(t.Context(), In("#general", "Pick"), "Red") })
	m, _ := ana.Message("#general", ts)
	if got := m.Text(); got != "[Deep]\n[Red]" {
		t.Errorf("ana reads %q", got)
	}
	m, _ = ws.User("lee").Message("#general", ts)
	if got := m.Text(); got != "[Deep]\n[Pick] [Lee alone]" {
		t.Errorf("lee reads %q", got)
	}
}
