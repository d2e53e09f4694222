package commands_test

import (
	"strings"
	"testing"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// nasty is a name and a text as nobody should have or write.
const nasty = "<!channel> *x* <@U0ANA>"

// follows is an office in which a run has an issue in the tracker.
func follows(t *testing.T) *office {
	o := newOffice(t)
	o.starts("ana", "DigitalOcean")
	o.observes("DigitalOcean", func(act workflow.Act, r *workflow.Run) error {
		return r.Link(act, "issue", "https://gitlab.example/acme/omnibus/-/issues/412", "acme/omnibus#412")
	})
	return o
}

func (o *office) disturbs(trouble workflow.Trouble) {
	o.observes("DigitalOcean", func(act workflow.Act, r *workflow.Run) error {
		r.Disturb(act, "issue", trouble)
		return nil
	})
}

// What is asked before something is repaired, for each kind of trouble.
func TestRepairForms(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, kind := range []workflow.TroubleKind{
		workflow.Unreachable, workflow.Refused, workflow.Edited, workflow.Unmarked, workflow.Vanished,
		workflow.OddState, workflow.OddBox, workflow.OddPerson, workflow.Overwrote, workflow.Foreign,
	} {
		o := follows(t)
		o.disturbs(workflow.Trouble{Kind: kind, Key: "k1", By: workflow.Outsider{Handle: nasty}, There: []string{nasty}, Ours: []string{"- [x] 1.1 Create issue"}})
		out.WriteString("== " + string(kind) + "\n" + print(o.types("ana", "repair DigitalOcean")) + "\n\n")
	}
	golden(t, "repair", out.String())
}

func TestRepair(t *testing.T) {
	t.Parallel()
	o := follows(t)
	if got := print(o.types("ana", "repair")); !strings.Contains(got, "nothing to repair") {
		t.Errorf("%s", got)
	}
	trouble := workflow.Trouble{Kind: workflow.Edited, Key: "k1", There: []string{"a"}, Ours: []string{"b"}}
	o.disturbs(trouble)
	form := o.must("ana", "repair").Form
	trouble.Key = "k2"
	o.disturbs(trouble)
	reply, err := o.sends("ana", form)
	if err != nil || reply.Form == nil || !strings.Contains(print(reply, err), "changed since you looked") {
		t.Fatalf("what has changed was repaired unseen: %s", print(reply, err))
	}
	if _, err := o.sends("ana", reply.Form); err != nil {
		t.Fatal(err)
	}
	if it := o.run("DigitalOcean").Items["issue"]; !it.Repairs() {
		t.Errorf("it is not being repaired: %+v", it)
	}
	if _, err := o.sends("ana", reply.Form); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("repaired twice: %v", err)
	}
	if got := print(o.types("omar", "repair")); !strings.Contains(got, "being repaired") {
		t.Errorf("%s", got)
	}
}

// A tick is answered by doing the step, or in one click.
func TestTicks(t *testing.T) {
	t.Parallel()
	o := follows(t)
	step := key("gather-documentation")
	tick := func(by workflow.Outsider) {
		o.observes("DigitalOcean", func(act workflow.Act, r *workflow.Run) error { return r.TickOutside(act, step, "issue", by, false) })
	}
	tick(workflow.Outsider{Handle: nasty})
	var out strings.Builder
	for _, line := range []string{"mine", "step DigitalOcean 1.2", "why DigitalOcean 1.2", "home", "decline DigitalOcean 1.2", "decline DigitalOcean 1.2", "history DigitalOcean"} {
		out.WriteString("> " + line + "\n" + print(o.types("ana", line)) + "\n\n")
	}
	tick(workflow.Outsider{Handle: "omar_k", User: id("omar")})
	out.WriteString("> mine\n" + print(o.types("ana", "mine")) + "\n")
	golden(t, "ticks", out.String())
	o.does("ana", "DigitalOcean", "1.2")
	if n, _ := o.run("DigitalOcean").Node(step); n.State.Tick != nil || n.State.Status != workflow.Done {
		t.Errorf("%+v", n.State)
	}
}

// Without a tracker nothing of it is offered.
func TestNoTracker(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.desk = commands.New(commands.Options{Service: o.service, Default: "first-time-image", Command: "/cloudimage"})
	help := print(o.types("ana", "help"))
	for _, verb := range []string{"repair", "link"} {
		if strings.Contains(help, "/cloudimage "+verb) {
			t.Errorf("help lists %s", verb)
		}
		if got := print(o.types("ana", verb)); !strings.Contains(got, "No issue tracker") {
			t.Errorf("%s: %s", verb, got)
		}
	}
}

// The launch page says how each part stands that has to come out with the others.
func TestLaunchParts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.starts("ana", "DigitalOcean")
	o.does("ana", "DigitalOcean", "1.1", "1.2", "1.3", "1.4", "1.6")
	o.does("maya", "DigitalOcean", "3.1", "3.2.1", "3.3 CE", "3.4")
	m := workflow.MergeRequest{Title: "Add " + nasty, State: workflow.MergeOpen, Author: workflow.Outsider{Handle: nasty}, Milestone: "18.6"}
	watch := func() {
		o.observes("DigitalOcean", func(act workflow.Act, r *workflow.Run) error { r.Watched(act, "documentation-mr", m); return nil })
	}
	o.observes("DigitalOcean", func(act workflow.Act, r *workflow.Run) error {
		if err := r.Link(act, "documentation-mr", "https://gitlab.example/acme/omnibus/-/merge_requests/918", "acme/omnibus!918"); err != nil {
			return err
		}
		return r.Link(act, "marketing-issue", r.Facts["marketing-issue"], "acme/marketing#7")
	})
	var out strings.Builder
	watch()
	out.WriteString("== open\n" + print(o.types("omar", "launch DigitalOcean")))
	m.Approved = o.now
	watch()
	out.WriteString("== approved\n" + print(o.types("omar", "launch DigitalOcean")))
	m.State, m.Merged, m.MergedBy = workflow.MergeMerged, o.now, workflow.Outsider{Handle: "omar_k", User: id("omar")}
	watch()
	out.WriteString("== merged\n" + print(o.types("omar", "launch DigitalOcean")) + "\n" + print(o.types("omar", "mine")) + "\n" + print(o.types("omar", "history DigitalOcean")))
	golden(t, "launch-parts", out.String())
}

// Who a person is in the tracker.
func TestLink(t *testing.T) {
	t.Parallel()
	o := follows(t)
	var out strings.Builder
	says := func(who, line string) {
		said := print(o.raw(who, line))
		if h := o.shelf.office.Handles[id(who)]; h.Code != "" {
			said = strings.ReplaceAll(said, h.Code, "abcdefghij")
		}
		out.WriteString("> " + who + ": " + line + "\n" + said + "\n")
	}
	says("omar", "link")
	says("omar", "link @omar_k")
	says("omar", "link")
	h := o.shelf.office.Handles[id("omar")]
	if who, ok, err := o.service.ConfirmHandle(t.Context(), "seen", "omar_k", 7, h.Code); err != nil || !ok || who != id("omar") {
		t.Fatalf("%s, %v, %v", who, ok, err)
	}
	says("omar", "link")
	says("omar", "link omar_k")
	says("maya", "link omar_k")
	says("maya", "link "+nasty)
	says("wei", "link https://gitlab.example/wei_z/")
	says("omar", "link none")
	says("omar", "link none")
	says("gus", "link gus")
	golden(t, "link", out.String())
}

// Where things are that no step asks for.
func TestResources(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.starts("ana", "DigitalOcean")
	o.starts("ana", "Linode")
	var out strings.Builder
	for _, who := range []string{"ana", "omar", "maya", "wei", "ines", "gus"} {
		out.WriteString("> " + who + ": resources DigitalOcean\n" + print(o.types(who, "resources DigitalOcean")) + "\n")
	}
	form := o.must("maya", "resources DigitalOcean").Form
	for _, bad := range []string{"google-doc=nowhere", "google-doc=https://u:hunter2@example.com", "vault-item=xK9mP2vLq8Zt", "our-logos=password: hunter2"} {
		reply, err := o.sends("maya", form, bad)
		if workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("%s: %s", bad, print(reply, err))
		}
		out.WriteString("> maya: " + bad + "\n" + print(reply, err) + "\n")
	}
	reply, err := o.sends("maya", form, "google-doc=https://docs.example/1", "vault-item=DigitalOcean seller", "our-logos=https://logos.example/")
	out.WriteString(print(reply, err) + "\n")
	for _, partner := range []string{"DigitalOcean", "Linode"} {
		if got := o.run(partner).Facts["our-logos"]; got != "https://logos.example/" {
			t.Errorf("our logos in %s are %q", partner, got)
		}
	}
	if o.run("Linode").Facts["google-doc"] != "" {
		t.Error("the document of one run is another's too")
	}
	for _, line := range []string{"brief DigitalOcean", "history DigitalOcean"} {
		out.WriteString("> ana: " + line + "\n" + print(o.types("ana", line)) + "\n")
	}
	golden(t, "resources", out.String())
}
