package commands_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// about is a request about a build, as a button of its card makes it.
func about(verb string, b *images.Build, field string, v commands.Values) commands.Request {
	return commands.Request{Verb: verb, Target: commands.Target{Build: b.ID, Field: workflow.FieldID(field)}, Values: v}
}

// What has failed is tried again, once the person has said how where that matters.
func TestRetrying(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newYard(t)}
	b := s.builds("listings=aws-ee-image")[0]
	copied := s.fails(b.ID, images.Copy, "eu-west-1", images.Fault{Class: images.Quota, What: "snapshots"})
	ask := func(what, who string, req commands.Request) commands.Reply {
		reply, err := s.do(who, req)
		return s.note(what, reply, err)
	}
	ask("who may not", "tom", about("retry", b, "", nil))
	ask("a step that has not failed", "omar", about("retry", b, "0", nil))
	ask("a step that is not there", "omar", about("retry", b, "999", nil))
	ask("nonsense", "omar", about("retry", b, "x", nil))
	ask("a choice where there is none", "omar", about("retry", b, fmt.Sprint(copied, ":cs-1"), nil))
	ask("one step", "omar", about("retry", b, fmt.Sprint(copied), nil))
	ask("it has not failed any more", "omar", about("retry", b, "", nil))
	if got := s.shelf.yard.builds[0]; got.State != images.Running || got.Steps[copied].Attempt != 2 {
		t.Errorf("it is %s, in attempt %d", got.State, got.Steps[copied].Attempt)
	}
	at := s.fails(b.ID, images.Submit, "", images.Fault{Class: images.Foreign, What: "change set cs-99", Said: "by somebody"})
	ask("another's id", "omar", about("retry", b, fmt.Sprint(at, ":cs-1"), nil))
	ask("a part of its id", "omar", about("retry", b, fmt.Sprint(at, ":cs"), nil))
	ask("another's id, as if it was confirmed", "omar", about("retry", b, fmt.Sprint(at, ":cs-1"), commands.Values{}))
	asked := ask("cancel theirs", "omar", about("retry", b, fmt.Sprint(at, ":cs-99"), nil)).Form
	if len(s.shelf.yard.builds[0].Failed()) == 0 {
		t.Error("it is done before it was confirmed")
	}
	reply, err := s.sends("omar", asked)
	s.note("yes", reply, err)
	if got := s.shelf.yard.builds[0].Steps[at].Choice; got != "cs-99" {
		t.Errorf("the choice is %q", got)
	}
	s.fails(b.ID, images.Submit, "", images.Fault{Class: images.Foreign, What: "change set cs-99"})
	ask("wait", "omar", about("retry", b, fmt.Sprint(at, ":wait"), nil))
	if got := s.shelf.yard.builds[0].Steps[at].Choice; got != "wait" {
		t.Errorf("the choice is %q", got)
	}
	s.fails(b.ID, images.Submit, "", images.Fault{Class: images.TheirFault})
	why := ask("an admin", "ines", about("retry", b, "", nil)).Form
	reply, err = s.sends("ines", why, "reason=Omar is ill.")
	s.note("an admin who says why", reply, err)
	ask("abandon", "omar", about("abandon", b, "", nil))
	reply, err = s.do("omar", about("abandon", b, "", commands.Values{}))
	s.note("yes", reply, err)
	ask("abandon again", "omar", about("abandon", b, "", commands.Values{}))
	ask("no such build", "omar", commands.Request{Verb: "abandon", Target: commands.Target{Build: "b-none"}})
	ask("no build", "omar", commands.Request{Verb: "retry"})
	golden(t, "build-retry", s.String())
}

func TestLogs(t *testing.T) {
	t.Parallel()
	o := newYard(t)
	b := o.builds("listings=aws-ee-image")[0]
	reply, err := o.do("omar", about("log", b, "", nil))
	if said := print(reply, err); !strings.Contains(said, "There is no log of that for EE image on AWS") {
		t.Error(said)
	}
	install := o.fails(b.ID, images.Install, "", images.Fault{Class: images.ScriptFailed})
	o.moves(b.ID, workflow.BuildMark{Phase: workflow.BuildStuck}, func(b *images.Build) {
		b.Steps[install].Log = "E: no space left"
		b.Step(images.Check, "", "boot2").Log = "all is well"
	})
	for field, want := range map[string]string{"": "install-log.txt", fmt.Sprint(install): "install-log.txt", "8": "check-boot2-log.txt"} {
		reply, err := o.do("lena", about("log", b, field, nil))
		if err != nil || len(reply.Files) != 1 || !reply.Tell || text(reply.Text) == "" {
			t.Errorf("%q: %s", field, print(reply, err))
			continue
		}
		if f := reply.Files[0]; f.Name != want || len(f.Data) == 0 {
			t.Errorf("%q: %s with %q", field, f.Name, f.Data)
		}
	}
	for _, field := range []string{"999", "-1", "x"} {
		if reply, err := o.do("omar", about("log", b, field, nil)); workflow.KindOf(err) != workflow.Stale {
			t.Errorf("%q: %s", field, print(reply, err))
		}
	}
	if reply, err := o.do("una", about("log", b, "", nil)); workflow.KindOf(err) != workflow.Denied {
		t.Errorf("una: %s", print(reply, err))
	}
}

// A private image of a release is published later, as it was shown.
func TestPublishing(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newYard(t)}
	s.asks("omar", "publish")
	b := s.builds("goal=private", "listings=aws-ee-image")[0]
	s.asks("omar", "publish 17.6.0")
	s.moves(b.ID, workflow.BuildMark{Phase: workflow.BuildBuilt, Image: "ami-1"}, func(b *images.Build) {
		b.State, b.Ended, b.Images = images.Done, s.now, map[string]string{"us-east-1": "ami-1", "eu-west-1": "ami-2"}
		for i := range b.Steps {
			b.Steps[i].State, b.Steps[i].Since = images.StepDone, s.now
		}
	})
	page := s.must("omar", "publish").Page
	s.note("omar: /cloudimage publish", commands.Reply{Page: page}, nil)
	reply, err := s.do("omar", commands.Request{Verb: "build", Target: commands.Target{Run: b.Order.Run, Field: "plan:aws"}})
	s.note("it could be built again", reply, err)
	click := page.Rows[0].Buttons[0]
	reply, err = s.do("maya", commands.Request{Verb: click.Verb, Target: click.Target})
	s.note("who may not", reply, err)
	s.shelf.yard.sky.blocked = []string{"eu-west-1"}
	reply, err = s.do("omar", commands.Request{Verb: click.Verb, Target: click.Target})
	form := s.note("Publish…", reply, err).Form
	s.shelf.yard.sky.problems = quotaIn("eu-west-1")
	reply, err = s.sends("omar", form)
	again := s.note("a problem came", reply, err).Form
	s.shelf.yard.sky.problems = always(images.Problem{Class: images.NoProduct, What: "prod-ee", Stops: true})
	reply, err = s.do("omar", commands.Request{Verb: click.Verb, Target: click.Target})
	if stopped := s.note("a stop", reply, err).Form; stopped.Submit != "Check again" {
		t.Errorf("it is sent by %q", stopped.Submit)
	}
	s.shelf.yard.sky.problems = nil
	reply, err = s.sends("omar", again)
	s.note("as shown", reply, err)
	if o := s.shelf.yard.builds[0].Order; o.Product != "prod-ee" || !o.Public || !slices.Equal(o.Unblock, []string{"eu-west-1"}) {
		t.Errorf("ordered is %+v", o)
	}
	reply, err = s.sends("omar", again)
	s.note("and again", reply, err)
	s.asks("omar", "publish")
	golden(t, "publish", s.String())
}

func leftover(kind, region, id string, days int, dollars float64, now *office) images.Leftover {
	return images.Leftover{Kind: kind, Region: region, ID: id, Name: "GitLab EE 17.5.9", Build: "b-gone", Made: now.now.AddDate(0, 0, -days), Dollars: dollars}
}

func TestSweeping(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newYard(t)}
	sky := s.shelf.yard.sky
	look := func(what string) *commands.Form {
		t.Helper()
		reply, err := s.types("omar", "sweep")
		return s.note(what, reply, err).Form
	}
	look("nothing")
	sky.missed = &images.Fault{Class: images.Permission, What: "ec2:DescribeInstances"}
	reply, err := s.types("omar", "sweep aws")
	s.note("nothing can be looked at", reply, err)
	sky.left = []images.Leftover{leftover("snapshot", "eu-west-1", "snap-1", 3, 1.5, s.office), leftover("instance", "us-east-1", "i-1", 12, 70, s.office)}
	look("not everything")
	sky.missed = nil
	form := look("two things")
	reply, err = s.do("omar", commands.Request{Verb: "sweep", Target: form.Target, Values: commands.Values{"leftovers": {}}})
	s.note("nothing chosen", reply, err)
	reply, err = s.sends("omar", form, "leftovers=i-1")
	s.note("one of them", reply, err)
	reply, err = s.sends("omar", form, "leftovers=i-1")
	s.note("it is gone", reply, err)
	sky.left, sky.stays = append(sky.left, leftover("image", "us-east-1", "ami-9", 20, 3, s.office)), "ami-9"
	reply, err = s.sends("omar", form, "leftovers=all")
	s.note("all, and not what came since", reply, err)
	if !slices.Equal(sky.removed, []string{"i-1", "snap-1"}) {
		t.Errorf("removed is %v", sky.removed)
	}
	for i := range 400 {
		sky.left = append(sky.left, leftover("snapshot", "us-east-1", fmt.Sprintf("snap-x%d", i), 1, 0.1, s.office))
	}
	form = look("very many")
	reply, err = s.sends("omar", form, "leftovers=all")
	s.note("the oldest of them", reply, err)
	if n := len(sky.removed); n != 2+299 {
		t.Errorf("%d are removed", n)
	}
	s.asks("omar", "sweep azure")
	s.asks("omar", "sweep gcp")
	golden(t, "sweep", s.String())
}

func TestVerifying(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newYard(t)}
	look := func(what string) commands.Reply {
		reply, err := s.types("omar", "verify")
		return s.note(what, reply, err)
	}
	b := s.builds("listings=aws-ee-image")[0]
	s.moves(b.ID, workflow.BuildMark{Phase: workflow.BuildLive, Image: "ami-1"}, func(b *images.Build) {
		b.State, b.Ended, b.Images = images.Done, s.now, map[string]string{}
		for _, r := range b.Order.Regions {
			b.Images[r] = "ami-" + r
		}
		for i := range b.Steps {
			b.Steps[i].State, b.Steps[i].Since = images.StepDone, s.now
		}
	})
	look("all are public")
	s.shelf.yard.sky.missed = errDown
	look("nothing can be looked at")
	s.shelf.yard.sky.missed = nil
	s.shelf.yard.sky.closed["eu-west-1"], s.shelf.yard.sky.closed["sa-east-1"] = true, true
	click := look("two are not").Page.Rows[0].Buttons[0]
	reply, err := s.do("tom", commands.Request{Verb: click.Verb, Target: click.Target})
	s.note("who may not", reply, err)
	reply, err = s.do("omar", commands.Request{Verb: click.Verb, Target: click.Target})
	s.note("make public again", reply, err)
	reply, err = s.do("omar", commands.Request{Verb: click.Verb, Target: click.Target})
	s.note("and again", reply, err)
	golden(t, "verify", s.String())
}
