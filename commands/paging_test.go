package commands_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// The pages of a history, one older than the other, hold each line once; on the
// way back they hold the same.
func TestHistoryPages(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for i := range 130 {
		o.must("ana", fmt.Sprintf("note DigitalOcean Note %d.", i))
		o.now = o.now.Add(time.Hour)
	}
	body := func(p *commands.Page) (lines []string) {
		for _, r := range p.Rows {
			if !r.Heading && len(r.Buttons) == 0 {
				lines = append(lines, text(r.Text))
			}
		}
		return lines
	}
	turn := func(p *commands.Page, label string) *commands.Page {
		for _, r := range p.Rows {
			for _, b := range r.Buttons {
				if b.Label == label {
					reply, err := o.do("ana", commands.Request{Verb: b.Verb, Target: b.Target})
					if err != nil {
						t.Fatal(err)
					}
					return reply.Page
				}
			}
		}
		return nil
	}
	seen := map[string]int{}
	pages := [][]string{}
	var last *commands.Page
	for p := o.must("ana", "history DigitalOcean").Page; p != nil; p = turn(p, "Older") {
		last = p
		pages = append(pages, body(p))
		for _, line := range body(p) {
			seen[line]++
		}
		if len(p.Rows) > 90 {
			t.Errorf("a page has %d rows", len(p.Rows))
		}
	}
	for i := range 130 {
		found := 0
		for line, n := range seen {
			if strings.HasSuffix(line, fmt.Sprintf(" Note %d.", i)) {
				found += n
			}
		}
		if found != 1 {
			t.Errorf("note %d is there %d times", i, found)
		}
	}
	if turn(last, "Newer") == nil || len(pages) < 4 {
		t.Fatalf("%d pages, and no way back", len(pages))
	}
	back := 0
	for p := last; p != nil; p = turn(p, "Newer") {
		back++
		last = p
	}
	if back != len(pages) || fmt.Sprint(body(last)) != fmt.Sprint(pages[0]) {
		t.Errorf("%d pages back, %d there; it ends with %q", back, len(pages), body(last)[:3])
	}
}

// Every button of every page leads somewhere, and what it leads to fits the chat.
func TestEveryButton(t *testing.T) {
	t.Parallel()
	base := opened(t)
	base.releases("GitLab 17.5.1")
	base.starts("maya", "Linode")
	base.must("omar", "maintainer omnibus @tom until they are five review 2026-12-15 because hiring")
	base.must("lee", "away until 2026-12-03 cover @ana")
	for range 14 {
		base.starts("maya", fmt.Sprintf("Partner %d", base.asked))
	}
	type click struct {
		verb   string
		target commands.Target
	}
	for _, who := range []string{"ana", "omar", "tom"} {
		done := map[click]bool{}
		todo := []click{{verb: ""}, {verb: "mine"}, {verb: "help"}, {verb: "settings"}, {verb: "report"}, {verb: "handback"}, {verb: "review"},
			{verb: "settings", target: commands.Target{Channel: "C1"}}}
		for _, verb := range []string{"why", "launch", "history", "update"} {
			todo = append(todo, click{verb, commands.Target{Run: base.run("DigitalOcean").ID}}, click{verb, commands.Target{Run: base.run("GitLab").ID}})
		}
		for len(todo) > 0 && len(done) < 600 {
			c := todo[0]
			if todo = todo[1:]; done[c] {
				continue
			}
			done[c] = true
			reply, err := base.again(t).do(who, commands.Request{Verb: c.verb, Target: c.target})
			if said := print(reply, err); strings.HasPrefix(said, "fault") || strings.Contains(said, "%!") || strings.Contains(said, "I do not know “") {
				t.Errorf("%s, %+v: %s", who, c, said)
			}
			if reply.Form != nil && (utf8.RuneCountInString(reply.Form.Title) > 24 || utf8.RuneCountInString(reply.Form.Submit) > 24) {
				t.Errorf("%+v: the form's title or button is too long", c)
			}
			if reply.Page == nil {
				continue
			}
			if utf8.RuneCountInString(reply.Page.Title) > 24 || blocks(reply.Page) > 100 || reply.Home && blocks(reply.Page) > 49 {
				t.Errorf("%s, %+v: “%s” is too long, or its %d blocks are too many", who, c, reply.Page.Title, blocks(reply.Page))
			}
			for _, r := range reply.Page.Rows {
				if utf8.RuneCountInString(text(r.Text)) > 3000 || r.Heading && utf8.RuneCountInString(text(r.Text)) > 150 {
					t.Errorf("%s, %+v: a row is too long", who, c)
				}
				for _, b := range r.Buttons {
					if utf8.RuneCountInString(b.Label) > 30 {
						t.Errorf("%s, %+v: the button “%s” is too long", who, c, b.Label)
					}
					if b.URL == "" {
						todo = append(todo, click{b.Verb, b.Target})
					}
				}
			}
		}
		if len(done) < 50 {
			t.Errorf("%s: only %d buttons", who, len(done))
		}
	}
}

// blocks is how many blocks a page takes when it is drawn.
func blocks(p *commands.Page) int {
	n := len(p.Foot)
	for _, r := range p.Rows {
		if !r.Text.IsZero() {
			n++
		}
		if len(r.Buttons) > 1 || r.Text.IsZero() {
			n++
		}
	}
	return n
}

// Days are understood as people write them.
func TestTypedDays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for typed, want := range map[string]string{
		"2026-12-03": "2026-12-03", "today": "2026-11-20", "tomorrow": "2026-11-21", "friday": "2026-11-27", "Fri": "2026-11-27",
		"saturday": "2026-11-21", "monday": "2026-11-23", "thursday,": "2026-11-26", "3 December": "2026-12-03", "3 dec": "2026-12-03",
		"3. december": "2026-12-03", "1 november": "2027-11-01", "20 November": "2026-11-20", "5 January 2027": "2027-01-05",
	} {
		form := o.must("omar", "away until "+typed).Form
		if form == nil || strings.Join(form.Fields[1].Initial, "") != want {
			t.Errorf("%s is %+v, want %s", typed, form, want)
		}
	}
	for _, typed := range []string{"2026-11-31", "2026-13-01", "31 november", "0 december", "fri day", "32 december", "someday"} {
		if reply, err := o.types("omar", "away until "+typed); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("%s: %v", typed, print(reply, err))
		}
	}
}
