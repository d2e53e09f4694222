package commands_test

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// decisions are what is asked about people and time, with the request that asks it
// of a run of ana's in which tom stands in for Omnibus and lee is away.
var decisions = []struct {
	title string
	req   commands.Request
}{
	{"home", commands.Request{Verb: "home"}},
	{"mine", commands.Request{Verb: "mine"}},
	{"why", commands.Request{Verb: "why", Text: "digital"}},
	{"why 2.3.2", commands.Request{Verb: "why", Text: "digital 2.3.2"}},
	{"history", commands.Request{Verb: "history", Text: "digital"}},
	{"report", commands.Request{Verb: "report"}},
	{"launch", commands.Request{Verb: "launch", Text: "digital"}},
	{"launch, moved", commands.Request{Verb: "launch", Values: commands.Values{"launch": {"2027-01-20"}, "reason": {}}}},
	{"link", commands.Request{Verb: "link"}},
	{"link, said", commands.Request{Verb: "link", Text: "some_name"}},
	{"our logos, said", commands.Request{Verb: "resources", Text: "", Target: commands.Target{Field: "our-logos"}, Values: commands.Values{"our-logos": {"https://logos.example/"}}}},
	{"settings", commands.Request{Verb: "settings"}},
	{"settings, own", commands.Request{Verb: "settings", Target: commands.Target{Field: "morning-off"}}},
	{"settings, channel", commands.Request{Verb: "settings", Target: commands.Target{Field: "daily-off", Channel: "C1"}}},
	{"away, self", commands.Request{Verb: "away", Text: "until 2026-12-03 cover <@U0NINA>"}},
	{"away, of lena", commands.Request{Verb: "away", Text: "<@U0LENA> until 2026-12-03 cover <@U0NINA>"}},
	{"back, of lee", commands.Request{Verb: "back", Text: "<@U0LEE>"}},
	{"maintainer, Omnibus", commands.Request{Verb: "maintainer", Text: "omnibus <@U0NINA> until 2026-12-31 because hiring"}},
	{"maintainer, Omnibus, everything", commands.Request{Verb: "maintainer", Text: "omnibus <@U0NINA> for everything until 2026-12-31 because hiring"}},
	{"maintainer, Partnerships, everything", commands.Request{Verb: "maintainer", Text: "strategic-partnerships <@U0NINA> for everything until 2026-12-31 because hiring"}},
	{"handback", commands.Request{Verb: "handback", Target: commands.Target{Field: "omnibus/U0TOM"}}},
	{"handback, read", commands.Request{Verb: "handback", Target: commands.Target{Field: "omnibus/U0TOM/yes"}}},
	{"review", commands.Request{Verb: "review", Target: commands.Target{Field: "omnibus/U0TOM"}, Values: commands.Values{"review": {"2026-12-24"}}}},
}

// Who may decide about people and time, end to end.
func TestWhoMayDecide(t *testing.T) {
	t.Parallel()
	base := opened(t)
	base.must("omar", "maintainer omnibus @tom until they are five review 2026-12-15 because hiring")
	base.must("lee", "away until 2026-12-03 cover @ana")
	run := base.run("DigitalOcean").ID
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, k := range kinds {
		fmt.Fprintf(w, "\t%s", k.title)
	}
	fmt.Fprintln(w)
	for _, decision := range decisions {
		fmt.Fprint(w, decision.title)
		for _, kind := range kinds {
			o := base.again(t)
			req := decision.req
			if req.Verb == "resources" {
				req.Target.Run = run
			}
			if req.Verb == "launch" && req.Values != nil {
				req.Target.Run = run
				req.Values = commands.Values{"launch": req.Values["launch"], "reason": {kind.reason}}
			}
			reply, err := o.do(kind.name, req)
			word := "sees"
			switch changed := o.changed(base); {
			case err != nil && changed:
				word = "CHANGED AND REFUSED"
			case workflow.KindOf(err) == workflow.NeedReason, reply.Form != nil:
				word = "why?"
			case err != nil:
				word = "-"
			case changed:
				word = "yes"
			}
			fmt.Fprintf(w, "\t%s", word)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	var out strings.Builder
	for line := range strings.Lines(table.String()) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	golden(t, "who-decides", out.String()+"\nyes: it happens   sees: they see it   why?: it happens once they say why   -: they are told why not\n")
}
