package commands_test

import (
	"slices"
	"strings"
	"testing"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// What customers have is not taken from them when it cannot be made public again.
func TestRestoringIsGivenUp(t *testing.T) {
	t.Parallel()
	o := newYard(t)
	b := o.builds("listings=aws-ee-image")[0]
	o.moves(b.ID, workflow.BuildMark{Phase: workflow.BuildStuck}, func(b *images.Build) {
		b.State, b.Images = images.Stuck, map[string]string{"us-east-1": "ami-1", "eu-west-1": "ami-2"}
		for i := range b.Steps {
			b.Steps[i].State, b.Steps[i].Since = images.StepDone, o.now
		}
		s := b.Step(images.Open, "eu-west-1", "")
		s.State, s.Reopens, s.Fault = images.StepFailed, true, &images.Fault{Class: images.Blocked}
	})
	reply, err := o.do("omar", about("abandon", b, "", nil))
	if said := print(reply, err); !strings.Contains(said, "Nothing of it is removed") || strings.Contains(said, "its machines") {
		t.Error(said)
	}
	reply, err = o.do("omar", about("abandon", b, "", commands.Values{}))
	if said := print(reply, err); !strings.Contains(said, "stays as it is") {
		t.Error(said)
	}
	if is, err := o.shelf.yard.Build(t.Context(), b.ID); err != nil || is.State != images.Done || len(is.Images) != 2 {
		t.Errorf("it is %+v, %v", is, err)
	}
}

// What another installation may need is told of, and not offered.
func TestSweepingBesideAnother(t *testing.T) {
	t.Parallel()
	o := newYard(t)
	theirs := leftover("image", "us-east-1", "ami-9", 90, 3, o)
	theirs.Finished = true
	o.shelf.yard.sky.left = []images.Leftover{theirs}
	reply, err := o.later("omar", commands.Request{Verb: "sweep", Text: "aws"})
	if said := print(reply, err); reply.Form != nil || !strings.Contains(said, "1 more thing is of builds that are not known here") {
		t.Error(said)
	}
	o.shelf.yard.sky.left = append(o.shelf.yard.sky.left, leftover("instance", "us-east-1", "i-1", 12, 70, o))
	reply, err = o.later("omar", commands.Request{Verb: "sweep", Text: "aws"})
	if said := print(reply, err); reply.Form == nil || !strings.Contains(said, "1 more thing is of") || strings.Contains(said, "ami-9") {
		t.Error(said)
	}
	if _, err := waits(o.sends("omar", reply.Form, "leftovers=ami-9")); err != nil || slices.Contains(o.shelf.yard.sky.removed, "ami-9") {
		t.Errorf("removed: %v, %v", o.shelf.yard.sky.removed, err)
	}
}
