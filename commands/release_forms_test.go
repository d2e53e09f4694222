package commands_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// Whatever is wrong with an answer about a release or a listing is said under its field,
// and then nothing is changed.
func TestAnswersAboutReleasesThatAreRefused(t *testing.T) {
	t.Parallel()
	base := upkeep(t)
	run := base.run("17.6.0")
	long := strings.Repeat("x", 501)
	secret := "glpat-abcdefghij0123456789"
	listing := func(field string) commands.Request {
		return commands.Request{Verb: "listing", Target: commands.Target{Field: workflow.FieldID(field)},
			Values: commands.Values{"partner": {"Linode"}, "provider": {"manual"}, "edition": {"CE"}, "delivery": {"image"}, "version": {"17.5.0"}}}
	}
	release := commands.Request{Verb: "release", Values: commands.Values{"version": {"17.6.1"}, "kind": {"release"}}}
	classify := commands.Request{Verb: "classify", Target: commands.Target{Run: run.ID}, Values: commands.Values{"kind": {"security"}, "reason": {}}}
	maintain := commands.Request{Verb: "maintain", Values: commands.Values{"listings": {"l:aws-ee-image:17.4.0"}, "reason": {"It does not boot."}, "kind": {"fix"}}}
	why := commands.Request{Verb: "breaches", Target: commands.Target{Field: "why:17.5.0:aws-ee-image"}, Values: commands.Values{"reason": {"So."}}}
	add, edit, texts, paste := listing("add"), listing("edit:aws-ee-image"), listing("texts:aws-ee-image"), listing("import")
	for _, tt := range []struct {
		req         commands.Request
		field, with string
		want        string
	}{
		{release, "version", "17.6", "is no released version. Write it as 17.5.1"},
		{release, "version", "17.6.1-rc42", "release candidates are none"},
		{release, "version", strings.Repeat("9", 3000), "9…” is no released version"},
		{release, "version", " ", "Write the version, such as 17.5.1."},
		{release, "kind", "", "Choose what it is."},
		{release, "kind", "a surprise", "Choose what it is."},
		{classify, "kind", "", "Choose what it is."},
		{classify, "kind", "fix", "Choose what it is."},
		{classify, "reason", strings.Repeat("x", 301), "Keep it to 300 characters."},
		{classify, "reason", secret, "That looks like a secret, so it was not kept."},
		{add, "partner", "", "Name the partner"},
		{add, "partner", "***", "Name the partner"},
		{add, "partner", strings.Repeat("x", 200), "characters"},
		{add, "partner", "Li\x07node", "on one line"},
		{add, "partner", secret, "That looks like a secret, so it was not kept."},
		{add, "provider", "gcp", "Choose aws, azure or manual."},
		{add, "edition", "XX", "Choose one of the editions: CE, EE."},
		{add, "delivery", "tarball", "Choose image or omnibus-package."},
		{add, "architecture", strings.Repeat("x", 61), "60 characters"},
		{add, "version", "17.5", "Write a released version"},
		{add, "version", "17.5.0-rc1", "Write a released version"},
		{edit, "product", long, "200 characters"},
		{edit, "product", "prod\x00abc", "on one line"},
		{edit, "link", "javascript:alert(1)", "http"},
		{edit, "pricing", secret, "That looks like a secret, so it was not kept."},
		{edit, "branch", "17", "Write a minor version, such as 17.5."},
		{edit, "branch", "17.5.1", "Write a minor version, such as 17.5."},
		{edit, "maintainer", "nobody", "Choose one of the teams."},
		{edit, "regions", "us-east-1\nus-east-1", "us-east-1 is there twice."},
		{edit, "regions", "us-east-1=soon", "“soon” is no released version."},
		{edit, "regions", "us-east-1\x1b", "on one line"},
		{edit, "regions", strings.Repeat("r", 61), "60 characters"},
		{edit, "regions", manyRegions(101), "100 regions at most"},
		{texts, "title", strings.Repeat("x", 73), "takes 72 characters there, and this has 73"},
		{texts, "short", strings.Repeat("x", 1001), "takes 1000 characters"},
		{texts, "long", "It is\x00 good", "characters that nobody can read"},
		{texts, "long", "Use " + secret, "That looks like a secret, so it was not kept."},
		{paste, "text", "", ""},
		{paste, "text", "partner,provider\nVultr", ""},
		{paste, "text", "partner,provider,edition,version\nVultr,manual,CE,17.6.0\nOVH,gcp,CE,17.6.0\n", ""},
		{paste, "text", "partner,provider,edition,version,pricing\nVultr,manual,CE,17.6.0," + secret + "\n", ""},
		{maintain, "listings", "l:gone:17.4.0", "have changed meanwhile"},
		{maintain, "listings", "", "have changed meanwhile"},
		{maintain, "reason", " ", "Say what is wrong with the image."},
		{maintain, "reason", long, "Keep it to 500 characters."},
		{maintain, "reason", "The password is " + secret, "That looks like a secret, so it was not kept."},
		{why, "reason", "", "Say in a sentence why it was late."},
		{why, "reason", long, "Keep it to 500 characters."},
		{why, "reason", secret, "password"},
	} {
		name := fmt.Sprintf("%s %s, %s %.20q", tt.req.Verb, tt.req.Target.Field, tt.field, tt.with)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, req := base.again(t), tt.req
			req.Values = maps.Clone(req.Values)
			req.Values[workflow.FieldID(tt.field)] = []string{tt.with}
			reply, err := o.do("omar", req)
			said := print(reply, err)
			if !strings.Contains(said, "\n  "+tt.field+": ") || !strings.Contains(said, tt.want) {
				t.Errorf("it says\n%s\nand not %q under %s", said, tt.want, tt.field)
			}
			if strings.Contains(said, secret) {
				t.Errorf("the secret is repeated: %s", said)
			}
			if len(said) > 4000 {
				t.Errorf("it says %d bytes", len(said))
			}
			if o.changed(base) {
				t.Error("it is refused, and something is changed")
			}
		})
	}
}

func manyRegions(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "region-%d\n", i)
	}
	return b.String()
}

// What a button counted on may be gone; then that is said, and nothing is done.
func TestButtonsAboutWhatIsGone(t *testing.T) {
	t.Parallel()
	base := upkeep(t)
	for _, tt := range []struct {
		req  commands.Request
		want string
	}{
		{commands.Request{Verb: "listing", Target: commands.Target{Field: "show:gone"}}, "There is no listing \"gone\" any more."},
		{commands.Request{Verb: "listing", Target: commands.Target{Field: "edit:gone"}}, "There is no listing \"gone\" any more."},
		{commands.Request{Verb: "listing", Target: commands.Target{Field: "texts:gone"}, Values: commands.Values{"title": {"x"}}}, "There is no listing \"gone\" any more."},
		{commands.Request{Verb: "listing", Target: commands.Target{Field: "retire:"}, Values: commands.Values{}}, "There is no listing"},
		{commands.Request{Verb: "listing", Target: commands.Target{Field: "edit:aws-ee-image", Version: 99}, Values: commands.Values{"version": {"17.4.0"}}}, "has changed since you opened it"},
		{commands.Request{Verb: "breaches", Target: commands.Target{Field: "why:17.5.0:gone"}, Values: commands.Values{"reason": {"So."}}}, "There is no listing \"gone\" any more."},
		{commands.Request{Verb: "breaches", Target: commands.Target{Field: "why:gone"}}, "That is not known any more."},
		{commands.Request{Verb: "classify", Target: commands.Target{Run: "run99", Field: "security"}}, "There is no run"},
		{commands.Request{Verb: "build", Target: commands.Target{Run: "run99"}}, "There is no run"},
		{commands.Request{Verb: "sign", Target: commands.Target{Run: "run99"}}, "There is no run"},
		{commands.Request{Verb: "choose", Target: commands.Target{Run: base.run("17.6.0").ID, Step: key("gone")}}, "step"},
		{commands.Request{Verb: "choose"}, "That is for the buttons of a step."},
		{commands.Request{Verb: "sign", Target: commands.Target{Run: base.run("17.6.0").ID, Field: "as-it-was"}, Values: commands.Values{}}, "What goes live has changed since you looked"},
		{commands.Request{Verb: "build", Target: commands.Target{Run: base.run("17.6.0").ID}, Values: commands.Values{"listings": {"gone"}}}, "somebody was quicker"},
		{commands.Request{Verb: "listing", Text: "no such listing"}, "No listing is called “no such listing”."},
		{commands.Request{Verb: "breaches", Text: "a while"}, "“a while” is no period."},
		{commands.Request{Verb: "release", Text: "17.6.1 really"}, "I do not understand “really”."},
	} {
		o := base.again(t)
		reply, err := o.do("omar", tt.req)
		if said := print(reply, err); !strings.Contains(said, tt.want) || err == nil {
			t.Errorf("%s %s says %s\nand not %q", tt.req.Verb, tt.req.Target.Field, said, tt.want)
		}
		if o.changed(base) {
			t.Errorf("%s %s: something is changed", tt.req.Verb, tt.req.Target.Field)
		}
	}
}

// A run that is over is told so of its release, and not that it is none of ours.
func TestClassifyingWhatIsOver(t *testing.T) {
	t.Parallel()
	o := upkeep(t)
	run := o.run("17.6.0")
	o.does("omar", "17.6.0", "1.2 aws", "1.2 digitalocean", "1.1", "1.3")
	o.does("maya", "17.6.0", "2.1")
	if state := o.run("17.6.0").State; state != workflow.Complete {
		t.Fatalf("the run is %s", state)
	}
	reply, err := o.do("omar", commands.Request{Verb: "classify", Target: commands.Target{Run: run.ID, Field: "security"}})
	if said := print(reply, err); !strings.Contains(said, "is a security update, then. "+run.Name()+" is over") {
		t.Error(said)
	}
	reply, err = o.do("omar", commands.Request{Verb: "classify", Target: commands.Target{Run: run.ID}, Values: commands.Values{"kind": {"none"}}})
	if said := print(reply, err); !strings.Contains(said, "is none of ours, then. "+run.Name()+" is complete and stays so") {
		t.Error(said)
	}
}

// What is longer than a form takes is not asked for, and stays when the rest is saved.
func TestLongTextsOfAListingStay(t *testing.T) {
	t.Parallel()
	o := newUpkeep(t)
	o.lists("AWS", "aws", "EE", "17.5.0")
	long := strings.Repeat("word ", 900)
	regions := make([]workflow.Region, 100)
	for i := range regions {
		regions[i].Name = fmt.Sprintf("%s-%03d", strings.Repeat("r", 50), i)
	}
	l := o.shelf.ledger.listings["aws-ee-image"]
	l.Texts.Long, l.Texts.Title, l.Regions = strings.TrimSpace(long), "GitLab", regions
	o.shelf.ledger.listings[l.ID] = l
	for _, what := range []string{"texts", "edit"} {
		reply, err := o.do("omar", commands.Request{Verb: "listing", Target: commands.Target{Field: workflow.FieldID(what + ":aws-ee-image")}})
		if err != nil {
			t.Fatal(err)
		}
		if said := print(reply, err); !strings.Contains(said, "is longer than a form takes, and stays as it is.") {
			t.Errorf("%s: %s", what, said)
		}
		if _, err := o.sends("omar", reply.Form, "title=GitLab EE", "pricing=BYOL"); err != nil {
			t.Fatal(err)
		}
	}
	is := o.shelf.ledger.listings["aws-ee-image"]
	if is.Texts.Long != l.Texts.Long || !slices.Equal(is.Regions, regions) || is.Texts.Title != "GitLab EE" || is.Pricing != "BYOL" {
		t.Errorf("the listing has %d characters, %d regions, %q, %q", len(is.Texts.Long), len(is.Regions), is.Texts.Title, is.Pricing)
	}
}

// A listing of which the id is longer than an option takes can be chosen like any other.
func TestListingsWithLongNamesCanBeChosen(t *testing.T) {
	t.Parallel()
	o := newUpkeep(t)
	partner, arch := strings.TrimSpace(strings.Repeat("partner ", 10)), strings.TrimSpace(strings.Repeat("arch ", 12))
	o.lists(partner, "manual", "EE", "17.5.0", "architecture", arch)
	o.lists("AWS", "aws", "EE", "17.5.0")
	form := o.must("omar", "maintain").Form
	for _, f := range form.Fields {
		for _, option := range f.Options {
			if len(option.Value) > 150 {
				t.Errorf("an option has %d characters", len(option.Value))
			}
		}
	}
	i := slices.IndexFunc(form.Fields[0].Options, func(option commands.Option) bool { return strings.Contains(option.Label, "partner") })
	if _, err := o.sends("omar", form, "listings="+form.Fields[0].Options[i].Value, "reason=It does not boot."); err != nil {
		t.Fatal(err)
	}
	o.now = o.now.Add(time.Hour)
	build := o.must("lena", "build").Form
	if _, err := o.sends("lena", build, "listings="+build.Fields[0].Options[0].Value); err != nil {
		t.Fatal(err)
	}
}
