package azure

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim"
	"cloudimage/workflow/images"
)

func TestCaptureAdoptsWhatIsThere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := b.stopped()
	k := b.work(&b.order, "b1", "capture", "")
	p, err := b.drive(k, b.capturer(m))
	if err != nil || !strings.HasPrefix(p.Ref, "gitlab_images/gitlab-ee/18.3.100") {
		t.Fatalf("%+v, %v", p, err)
	}
	k = b.attempt(k, 2)
	if again, err := b.drive(k, b.capturer(m)); err != nil || again.Ref != p.Ref {
		t.Errorf("%+v, %v", again, err)
	}
	// An image of another machine, of an earlier attempt, is not it.
	q, err := b.drive(b.attempt(b.work(&b.order, "b1", "launch", ""), 2), b.launcher("builder"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = b.drive(b.attempt(b.work(&b.order, "b1", "stop", ""), 2), b.stopper(q.Ref)); err != nil {
		t.Fatal(err)
	}
	if p, err = b.drive(b.attempt(k, 3), b.capturer(q.Ref)); err != nil || len(b.State().Versions) != 1 || !strings.HasSuffix(b.State().Versions[0].Source, "/builder-2") {
		t.Errorf("%+v, %v: %+v", p, err, b.State().Versions)
	}
}

func TestImageThatFails(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]bool{"known": false, "forgotten": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			m := b.stopped()
			b.FailVersion("it broke")
			k := b.work(&b.order, "b1", "capture", "")
			_, err := b.drive(k, b.capturer(m), func(*images.Work) {
				if forget {
					b.ForgetOperations()
				}
			})
			if f := fault(t, err, images.BrokenImage); !strings.HasPrefix(f.What, "gitlab_images/gitlab-ee/18.3.100") || !strings.Contains(f.Said, "it broke") {
				t.Errorf("%+v", f)
			}
			p, err := b.drive(b.attempt(k, 2), b.capturer(m))
			if err != nil || len(b.State().Versions) != 1 || b.State().Versions[0].State != "Succeeded" {
				t.Errorf("%+v, %v: %+v", p, err, b.State().Versions)
			}
		})
	}
}

func TestRegionThatFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.order.Regions = []string{home, away, third}
	source := b.captured()
	b.FailReplication(away, 1)
	b.SlowReplication(third, time.Hour)
	k := b.work(&b.order, "b1", "copy", away)
	_, err := b.drive(k, b.copier(source))
	if f := fault(t, err, images.BrokenImage); !strings.Contains(f.Said, "Replication failed in this region") || !strings.Contains(f.Said, away) {
		t.Errorf("%+v", f)
	}
	percent := 0
	o := b.work(&b.order, "b1", "copy", third)
	if p, err := b.drive(o, func(ctx context.Context, k images.Work) (images.Progress, error) {
		p, err := b.copier(source)(ctx, k)
		percent = max(percent, p.Percent)
		return p, err
	}); err != nil || p.Ref != source || percent < 50 {
		t.Errorf("%+v, %v, %d%%", p, err, percent)
	}
	if p, err := b.drive(b.attempt(k, 2), b.copier(source)); err != nil || p.Ref != source {
		t.Errorf("%+v, %v", p, err)
	}
	if v := b.State().Versions[0]; v.State != "Succeeded" || len(v.Regions) != 3 {
		t.Errorf("%+v", v)
	}
	writes := 0
	for _, c := range b.Calls() {
		if c.Operation == "GalleryImageVersions.Update" {
			writes++
		}
	}
	if writes != 3 { // all regions at once, then the one out and in again
		t.Errorf("it was changed %d times", writes)
	}
}

func TestTrustedLaunch(t *testing.T) {
	t.Parallel()
	for security, c := range map[string]struct{ machine, source string }{
		"TrustedLaunch": {"TrustedLaunch", "/virtualMachines/builder-1"},
		"TrustedLaunchAndConfidentialVmSupported": {"Standard", "/images/builder-1"},
		"TrustedLaunchSupported":                  {"Standard", "/images/builder-1"},
	} {
		t.Run(security, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.AddDefinition(w.galleryID(), azuresim.Definition{Name: "gitlab-ee", Features: map[string]string{"SecurityType": security}})
			lane := w.look(w.order())
			if len(lane.Problems) > 0 {
				t.Fatalf("%+v", lane.Problems)
			}
			b := &bench{w, lane.Order}
			source := b.captured()
			s := b.State()
			if got := s.Machines[0].Security; got != c.machine && (got != "" || c.machine != "Standard") {
				t.Errorf("the machine is %q", got)
			}
			if !strings.HasSuffix(s.Versions[0].Source, c.source) {
				t.Errorf("the source is %s", s.Versions[0].Source)
			}
			p, err := b.drive(b.work(&b.order, "b1", "boot", ""), func(ctx context.Context, k images.Work) (images.Progress, error) {
				return b.Launch(ctx, k, images.Machine{Role: "boot1", Image: source, Type: b.order.Machine})
			})
			if err != nil {
				t.Errorf("%+v, %v", p, err)
			}
		})
	}
}
