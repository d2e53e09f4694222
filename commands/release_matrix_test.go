package commands_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"text/tabwriter"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// upkeep is an office in which a release is worked on: its lanes are tom's and the
// team's, and one of an older release was late.
func upkeep(t *testing.T) *office {
	o := newUpkeep(t)
	o.lists("AWS", "aws", "EE", "17.4.0")
	o.lists("DigitalOcean", "manual", "CE", "17.5.0", "channel", "C1")
	o.tells("17.5.0", "security")
	o.now = o.now.AddDate(0, 0, 6)
	o.tells("17.6.0", "release")
	o.must("omar", "assign 17.6.0 1.2 digitalocean @tom")
	return o
}

// tells says that a release is out, as omar.
func (o *office) tells(version, kind string) {
	o.t.Helper()
	if _, err := o.do("omar", commands.Request{Verb: "release", Target: commands.Target{Channel: "C1"}, Values: commands.Values{"version": {version}, "kind": {kind}}}); err != nil {
		o.t.Fatal(err)
	}
}

// upkeepDeeds are what may be asked of releases and listings.
func upkeepDeeds(o *office) []struct {
	title string
	req   commands.Request
} {
	run := o.run("17.6.0")
	about := func(field string) commands.Target { return commands.Target{Field: workflow.FieldID(field)} }
	ofRun := func(field string) commands.Target {
		return commands.Target{Run: run.ID, Field: workflow.FieldID(field)}
	}
	return []struct {
		title string
		req   commands.Request
	}{
		{"release list", commands.Request{Verb: "release", Text: "list"}},
		{"release, told", commands.Request{Verb: "release", Values: commands.Values{"version": {"17.6.1"}, "kind": {"security"}}}},
		{"classify", commands.Request{Verb: "classify", Target: ofRun("security")}},
		{"classify, none of ours", commands.Request{Verb: "classify", Target: ofRun(""), Values: commands.Values{"kind": {"none"}}}},
		{"board", commands.Request{Verb: "board"}},
		{"listing", commands.Request{Verb: "listing"}},
		{"listing, shown", commands.Request{Verb: "listing", Text: "aws"}},
		{"listing add", commands.Request{Verb: "listing", Text: "add"}},
		{"listing, added", commands.Request{Verb: "listing", Target: about("add"), Values: commands.Values{"partner": {"Linode"}, "provider": {"manual"}, "edition": {"CE"}, "delivery": {"image"}}}},
		{"listing, edited", commands.Request{Verb: "listing", Target: about("edit:aws-ee-image"), Values: commands.Values{"version": {"17.5.0"}, "pricing": {"BYOL"}}}},
		{"listing, texts", commands.Request{Verb: "listing", Target: about("texts:aws-ee-image"), Values: commands.Values{"title": {"GitLab"}}}},
		{"listing, retired", commands.Request{Verb: "listing", Target: about("retire:aws-ee-image"), Values: commands.Values{}}},
		{"listing, imported", commands.Request{Verb: "listing", Target: about("import"), Values: commands.Values{"text": {"partner,provider,edition,version\nVultr,manual,CE,17.6.0\n"}}}},
		{"listing, exported", commands.Request{Verb: "listing", Text: "export"}},
		{"maintain", commands.Request{Verb: "maintain"}},
		{"maintain, started", commands.Request{Verb: "maintain", Values: commands.Values{"listings": {"l:aws-ee-image:17.4.0"}, "reason": {"It does not boot."}}}},
		{"build", commands.Request{Verb: "build", Target: ofRun(""), Values: commands.Values{"listings": {"aws-ee-image", "digitalocean-ce-image"}}}},
		{"sign", commands.Request{Verb: "sign", Target: ofRun(run.SignPlan()), Values: commands.Values{}}},
		{"choose", commands.Request{Verb: "choose", Target: commands.Target{Run: run.ID, Step: key("update-description")}}},
		{"breaches", commands.Request{Verb: "breaches"}},
		{"breaches, why", commands.Request{Verb: "breaches", Target: about("why:17.5.0:aws-ee-image"), Values: commands.Values{"reason": {"Nobody was there."}}}},
		{"report", commands.Request{Verb: "report"}},
	}
}

// Who may do what about releases and listings, end to end.
func TestWhoMayMaintain(t *testing.T) {
	t.Parallel()
	base := upkeep(t)
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, k := range kinds {
		fmt.Fprintf(w, "\t%s", k.title)
	}
	fmt.Fprintln(w)
	said := map[string]string{}
	for _, deed := range upkeepDeeds(base) {
		fmt.Fprint(w, deed.title)
		for _, kind := range kinds {
			o := base.again(t)
			req := deed.req
			if req.Values = maps.Clone(req.Values); kind.reason != "" && req.Target.Run != "" {
				if req.Values == nil {
					req.Values = commands.Values{}
				}
				req.Values["reason"] = []string{kind.reason}
			}
			if deed.title == "classify" { // a click, which carries no reason
				req.Values = nil
			}
			reply, err := o.do(kind.name, req)
			word := "sees"
			switch changed := o.changed(base); {
			case err != nil && changed:
				word = "CHANGED AND REFUSED"
			case workflow.KindOf(err) == workflow.NeedReason:
				word = "why?"
			case err != nil:
				word = "-"
				if first, _, _ := strings.Cut(print(reply, err), "\n"); said[kind.title] == "" || !strings.Contains(said[kind.title], first) {
					said[kind.title] += "    " + first + "\n"
				}
			case reply.Form != nil:
				word = "form"
			case verdictProposes(o, deed.req.Verb):
				word = "proposes"
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
	out.WriteString("\nyes: it happens   sees: they see it   form: they are asked   proposes: it waits for a yes   why?: it happens once they say why   -: they are told why not\n\n")
	for _, kind := range kinds {
		if s := said[kind.title]; s != "" {
			out.WriteString(kind.title + "\n" + s)
		}
	}
	golden(t, "who-maintains", out.String())
}

func verdictProposes(o *office, verb string) bool {
	if verb != "maintain" {
		return false
	}
	for _, r := range o.shelf.runs {
		if r.State == workflow.Proposed {
			return true
		}
	}
	return false
}

// Where no process is about releases each verb of theirs says so, typed, clicked and
// sent, and so does each where its process is there and nothing is known.
func TestVerbsOfReleasesWithoutReleases(t *testing.T) {
	t.Parallel()
	base := upkeep(t)
	for name, open := range map[string]func(*testing.T) *office{
		"no process is about releases": newOffice,
		"nothing is known":             newUpkeep,
		"the ledger is gone": func(t *testing.T) *office {
			o := base.again(t)
			o.shelf.ledger.broken = true
			return o
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, deed := range upkeepDeeds(base) {
				requests := []commands.Request{{Verb: deed.req.Verb}, {Verb: deed.req.Verb, Target: deed.req.Target}, deed.req, {Verb: deed.req.Verb, Target: deed.req.Target, Values: commands.Values{}}}
				for i, req := range requests {
					o := open(t)
					reply, err := o.do("omar", req)
					var e *workflow.Error
					switch {
					case o.shelf.ledger != nil && o.shelf.ledger.broken && errors.Is(err, errBroken):
					case err != nil && !errors.As(err, &e):
						t.Errorf("%s, %d: a fault: %v", deed.title, i, err)
					case err != nil && text(e.Message) == "":
						t.Errorf("%s, %d: refused without a word", deed.title, i)
					case err == nil && reply.Form == nil && reply.Page == nil && reply.Run == nil && text(reply.Text) == "" && len(reply.Files) == 0:
						t.Errorf("%s, %d: no answer", deed.title, i)
					}
					if name == "no process is about releases" && deed.req.Verb != "choose" && deed.req.Verb != "report" {
						if want := "There is no process for releases here"; !strings.Contains(print(reply, err), want) {
							t.Errorf("%s, %d: %s", deed.title, i, print(reply, err))
						}
					}
				}
			}
		})
	}
}
