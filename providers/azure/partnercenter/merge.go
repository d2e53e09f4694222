package partnercenter

import (
	"fmt"
	"slices"
	"strings"

	"cloudimage/workflow/images"
)

// merged is a technical configuration as it is to be.
type merged struct {
	tech tech
	kept []string // the numbers of all versions that are in it and are to stay
	// back are versions that customers have and that the draft had lost.
	back []string
	// others are versions of the draft that are not live and not ours.
	others []string
}

// merge brings our version into a draft. What else is in the draft stays, and what is live
// is in it.
func merge(draft tech, live *tech, v Version) (m merged, err error) {
	list := draft.versions()
	for _, there := range live.versions() {
		if draft.numbered(there.number) == nil && there.number != v.Number {
			list, m.back = append(list, there), append(m.back, there.number)
		}
	}
	hide := v.Hides - len(hidden(&draft, live, v.Hides))
	if list, err = join(list, live, v); err != nil {
		return merged{}, err
	}
	for _, old := range slices.SortedFunc(slices.Values(list), byAge) {
		if hide > 0 && old.number != v.Number && old.state == available {
			i := slices.IndexFunc(list, func(o version) bool { return o.number == old.number })
			list[i] = old.hide()
			hide--
		}
	}
	if n := active(list); n > mostVersions {
		return merged{}, &images.Fault{Class: images.NoRoom, What: v.product(), Link: managed,
			Said: fmt.Sprintf("The plan %s would have %d versions for new customers, and may have %d.", v.product(), n, mostVersions)}
	}
	for _, o := range list {
		m.kept = append(m.kept, o.number)
		if o.number != v.Number && live.numbered(o.number) == nil && o.state != deleted {
			m.others = append(m.others, o.number)
		}
	}
	m.tech = withSKU(draft.set(list), v)
	return m, nil
}

// join adds our version to a list. One of its number with an image of another type is in
// the way: the images of a version that is live cannot change, so both would have to go live
// at once, and each is signed for itself. Each architecture has a plan of its own.
func join(list []version, live *tech, v Version) ([]version, error) {
	list = slices.Clone(list)
	taken := func(there version, where string) error {
		return &images.Fault{Class: images.TitleTaken, What: there.words(), Link: managed,
			Said: fmt.Sprintf("The plan %s has a version %s already, %s, of %s.", v.product(), v.Number, where, there.words())}
	}
	if old := live.numbered(v.Number); old != nil && !old.made(v) {
		return nil, taken(*old, "which is live, so that no image can be added to it")
	}
	i := slices.IndexFunc(list, func(o version) bool { return o.number == v.Number })
	switch {
	case i < 0:
		return append(list, v.fresh()), nil
	case list[i].state == deleted && live.numbered(v.Number) == nil: // of a build that was given up
		list[i] = v.fresh()
	case list[i].made(v):
		list[i] = list[i].open()
	default:
		return nil, taken(list[i], "in the draft")
	}
	return list, nil
}

// withSKU is a configuration that customers can deploy our type of image of. One that is
// there stays as it is: it cannot change once it is live.
func withSKU(t tech, v Version) tech {
	taken := map[string]bool{}
	for _, sku := range t.objects("skus") {
		if sku.text("imageType") == v.ImageType {
			return t
		}
		taken[sku.text("skuId")] = true
	}
	id := v.Plan
	if taken[id] {
		id += "-" + strings.ToLower(v.ImageType)
	}
	sku := map[string]any{"imageType": v.ImageType, "skuId": id}
	if len(v.SecurityTypes) > 0 {
		sku["securityType"] = v.SecurityTypes
	}
	return techOf(appended(t.resource, "skus", sku))
}

// hasSKU reports whether customers can deploy a type of image.
func (t *tech) hasSKU(imageType string) bool {
	return t != nil && slices.ContainsFunc(t.objects("skus"), func(r resource) bool { return r.text("imageType") == imageType })
}

// revert takes our version out of a draft again, and shows what was hidden for it. It
// reports whether there was anything to take out.
func revert(draft tech, live *tech, v Version) (tech, bool) {
	ours := draft.numbered(v.Number)
	if ours == nil || ours.state == deleted || !ours.made(v) {
		return draft, false
	}
	shown := hidden(&draft, live, v.Hides)
	var list []version
	for _, o := range draft.versions() {
		switch {
		case o.number == v.Number && len(o.images()) > 1:
			o = o.lacking(v.ImageType)
		case o.number == v.Number:
			// What was never live is deleted by saying so.
			o = versionOf(o.with("lifecycleState", deleted).without("deprecationSchedule"))
		case slices.ContainsFunc(shown, func(h version) bool { return h.number == o.number }):
			o = *live.numbered(o.number)
		}
		list = append(list, o)
	}
	return draft.set(list), true
}

// lacking is a version without its image of a type.
func (v version) lacking(imageType string) version {
	kept := []resource{}
	for _, im := range v.objects("vmImages") {
		if im.text("imageType") != imageType {
			kept = append(kept, im)
		}
	}
	return versionOf(v.with("vmImages", kept))
}

// unexplained says what would come to customers beside our version, or be taken from them,
// if a preview went live; empty for nothing. It looks at every plan.
func unexplained(preview, live *tree, v Version, plan string) string {
	var beside, lost, changed []string
	hides := v.Hides
	for _, r := range preview.of(techKind) {
		was, is, mine := live.techOf(r.plan()), techOf(r), r.plan() == plan
		for _, o := range is.versions() {
			if was.numbered(o.number) == nil && o.state != deleted && !(mine && o.number == v.Number) {
				beside = append(beside, o.number)
			}
		}
		for _, o := range was.versions() {
			now := is.numbered(o.number)
			switch {
			case now == nil, now.state == deleted && o.state != deleted:
				lost = append(lost, o.number)
			case mine && hides > 0 && o.state == available && now.hiddenByUs():
				hides-- // as it was signed
			case now.state != o.state:
				changed = append(changed, o.number+" as "+now.state)
			}
		}
		if now := is.numbered(v.Number); mine && now != nil && was.numbered(v.Number) == nil && len(now.images()) > 1 {
			beside = append(beside, "another image of "+v.Number)
		}
	}
	var out []string
	if len(beside) > 0 {
		out = append(out, strings.Join(beside, ", ")+", which is not live yet")
	}
	if len(lost) > 0 {
		out = append(out, "it lacks "+strings.Join(lost, ", ")+", which is live")
	}
	if len(changed) > 0 {
		out = append(out, "it has "+strings.Join(changed, ", ")+", which customers have otherwise")
	}
	return strings.Join(out, "; ")
}
