package commands_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// kinds are the people of the matrix, by what they are to the run and to the
// step in question.
var kinds = []struct{ title, name, reason string }{
	{"owner", "ana", ""},
	{"same team", "lee", ""},
	{"Omnibus", "lena", ""},
	{"Marketing", "noor", ""},
	{"assignee", "tom", ""},
	{"helper", "wei", ""},
	{"no team", "una", ""},
	{"admin", "ines", ""},
	{"admin, why", "ines", "Ana is on leave."},
	{"guest", "gus", ""},
	{"outsider", "oscar", ""},
	{"bot", "buildbot", ""},
	{"has left", "dana", ""},
}

// deeds are every verb, with a step it makes sense for. A step is given to tom
// first, who is in no team, and wei is asked for the text of 3.3.
var deeds = []struct {
	verb    string
	step    workflow.StepKey
	field   workflow.FieldID
	answers commands.Values
}{
	{verb: ""},
	{verb: "new", answers: commands.Values{"partner": {"Linode"}, "provider": {"manual"}, "listings": {"CE/image"}, "target": {"2027-01-15"}}},
	{verb: "status"},
	{verb: "mine"},
	{verb: "help"},
	{verb: "update"},
	{verb: "step", step: key("scope-effort")},
	{verb: "process"},
	{verb: "howto", step: key("scope-effort")},
	{verb: "brief"},
	{verb: "history"},
	{verb: "note", answers: commands.Values{"text": {"Hello."}}},
	{verb: "accept"},
	{verb: "people", answers: commands.Values{"lead-omnibus": {"U0LENA"}}},
	{verb: "cancel", answers: commands.Values{"reason": {"It comes to nothing."}}},
	{verb: "waive", step: key("scope-effort"), answers: commands.Values{"reason": {"It is known."}}},
	{verb: "done", step: key("scope-effort"), answers: commands.Values{"effort-days": {"3"}}},
	{verb: "done", step: key("create-issue"), answers: commands.Values{"issue": {"https://example.com/1"}}},
	{verb: "reopen", step: key("create-issue"), answers: commands.Values{}},
	{verb: "assign", step: key("scope-effort"), answers: commands.Values{"assignee": {"U0LENA"}}},
	{verb: "due", step: key("scope-effort"), answers: commands.Values{"due": {"2026-12-24"}}},
	{verb: "wait", step: key("scope-effort"), answers: commands.Values{"text": {"Their wiki."}}},
	{verb: "answered", step: key("scope-effort"), answers: commands.Values{}},
	{verb: "act", step: lane("partner-testing"), field: "escalate", answers: commands.Values{"text": {"Wrote to them."}}},
	{verb: "wrote", step: lane("partner-testing"), answers: commands.Values{"text": {"They look into it."}, "means": {"later"}}},
	{verb: "silent", step: lane("partner-testing"), answers: commands.Values{}},
	{verb: "escalate", step: lane("partner-testing"), answers: commands.Values{}},
	{verb: "undo", step: key("create-issue")},
	{verb: "snooze", step: key("scope-effort"), answers: commands.Values{"when": {"2"}, "reason": {"Their lawyers read it."}}},
	{verb: "confirm", field: "marketing"},
	{verb: "due", field: "marketing", answers: commands.Values{"due": {"2026-12-24"}, "assignee": {"U0NOOR"}}},
	{verb: "launched", step: key("joint-blog-posts")},
	{verb: "want", step: key("technical-call")},
	{verb: "skip", step: key("technical-call")},
	{verb: "ask", step: lane("image-description"), answers: commands.Values{"helper": {"U0UNA"}, "what": {"short"}}},
	{verb: "decline", step: key("scope-effort")},
	{verb: "repair", field: "issue/k1", answers: commands.Values{}},
	{verb: "resources", field: "google-doc", answers: commands.Values{"google-doc": {"https://docs.example/1"}}},
	{verb: "answer", step: lane("image-description"), field: "long", answers: commands.Values{"long": {"GitLab."}}},
}

func key(step workflow.StepID) workflow.StepKey { return workflow.StepKey{Step: step} }
func lane(step workflow.StepID) workflow.StepKey {
	return workflow.StepKey{Step: step, Listing: "ce-image"}
}

// stageFor is a run in which the verb can be used on the step by whoever may.
func stageFor(t *testing.T, verb string, step workflow.StepKey) *office {
	o := newOffice(t)
	if verb == "accept" {
		o.starts("una", "DigitalOcean")
		return o
	}
	o.starts("ana", "DigitalOcean")
	early := verb == "want" || verb == "skip" || verb == "done" && step == key("create-issue")
	if early {
		o.must("ana", "assign DigitalOcean 1.1 @tom")
		o.must("ana", "assign DigitalOcean 1.5 @tom")
		return o
	}
	if verb == "undo" {
		o.must("ana", "assign DigitalOcean 1.1 @tom")
		o.does("tom", "DigitalOcean", "1.1")
		return o
	}
	o.must("ana", "assign DigitalOcean 1.1 @tom")
	o.does("ana", "DigitalOcean", "1.1", "1.2", "1.3", "1.4", "1.6")
	o.fills("maya", "ask DigitalOcean 3.3 CE @wei", "what=long")
	o.must("maya", "assign DigitalOcean 3.3 CE @tom")
	switch verb {
	case "launched":
		o.must("maya", "assign DigitalOcean 3.2.1 @tom")
		o.does("maya", "DigitalOcean", "3.2.1", "3.4")
		o.now = workflow.Date("2027-01-14").Time().Add(9 * time.Hour)
		return o
	case "act", "wrote", "silent", "escalate":
		o.does("omar", "DigitalOcean", "2.1", "2.2", "2.3.1 CE")
		o.must("omar", "assign DigitalOcean 2.3.2 CE @tom")
		o.fills("omar", "wait DigitalOcean 2.3.2 CE Please test it")
		return o
	}
	o.must("omar", "assign DigitalOcean 2.1 @tom")
	switch verb {
	case "decline":
		o.observes("DigitalOcean", func(act workflow.Act, r *workflow.Run) error {
			return r.TickOutside(act, step, "issue", workflow.Outsider{Handle: "pat"}, false)
		})
	case "repair":
		o.observes("DigitalOcean", func(act workflow.Act, r *workflow.Run) error {
			r.Disturb(act, "issue", workflow.Trouble{Kind: workflow.Edited, Key: "k1"})
			return nil
		})
	}
	if verb == "answered" {
		o.fills("omar", "wait DigitalOcean 2.1 Where is the wiki?")
	}
	return o
}

// Who may do what, end to end: every kind of person uses every verb on a run of
// their own, and either it happens or they are told why not.
func TestWhoMay(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, k := range kinds {
		fmt.Fprintf(w, "\t%s", k.title)
	}
	fmt.Fprintln(w)
	refusals := map[string]map[string][]string{} // what is said, to whom, about which lines
	for _, deed := range deeds {
		line := "/cloudimage " + deed.verb
		base := stageFor(t, deed.verb, deed.step)
		run := base.run("DigitalOcean")
		if n, ok := run.Node(deed.step); ok {
			line += " " + n.Number()
		} else if stage, ok := run.Definition().StageByID(workflow.StageID(deed.field)); ok {
			line += " " + stage.Number
		}
		fmt.Fprint(w, line)
		for _, kind := range kinds {
			o := base.again(t)
			req := commands.Request{Verb: deed.verb, Values: maps.Clone(deed.answers)}
			if deed.verb != "new" && deed.verb != "" {
				req.Target = commands.Target{Run: run.ID, Step: deed.step, Field: deed.field}
			}
			if kind.reason != "" && deed.verb != "new" && deed.verb != "waive" && deed.verb != "cancel" {
				if req.Values == nil {
					req.Values = commands.Values{}
				}
				req.Values["reason"] = []string{kind.reason}
			}
			reply, err := o.do(kind.name, req)
			word := verdict(o, run, deed.verb, reply, err)
			fmt.Fprintf(w, "\t%s", word)
			if word == "-" {
				said := strings.SplitN(print(reply, err), "\n", 2)[0]
				if refusals[said] == nil {
					refusals[said] = map[string][]string{}
				}
				refusals[said][kind.title] = append(refusals[said][kind.title], strings.TrimSpace(strings.TrimPrefix(line, "/cloudimage")))
			}
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	lines := strings.Split(table.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	out := strings.Join(lines, "\n") + `
yes: it happens   sees: they see it   proposes: it waits for a yes   why?: it happens once they say why   -: they are told why not

`
	for _, said := range slices.Sorted(maps.Keys(refusals)) {
		out += said + "\n"
		for _, who := range slices.Sorted(maps.Keys(refusals[said])) {
			lines := strings.Join(refusals[said][who], ", ")
			if len(refusals[said][who]) == len(deeds) {
				lines = "whatever they ask"
			}
			out += "    " + who + ": " + lines + "\n"
		}
	}
	golden(t, "who-may", out)
}

// verdict is what came of a deed: in the run and not only in words.
func verdict(o *office, before *workflow.Run, verb string, reply commands.Reply, err error) string {
	changed := len(o.shelf.events[before.ID]) > int(before.Version) || len(o.shelf.runs) > 1
	switch {
	case err != nil && changed:
		return "CHANGED AND REFUSED"
	case workflow.KindOf(err) == workflow.NeedReason, reply.Form != nil:
		return "why?"
	case err != nil:
		return "-"
	case verb == "new" && o.run("Linode").State == workflow.Proposed:
		return "proposes"
	case changed:
		return "yes"
	}
	return "sees"
}
