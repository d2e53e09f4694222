package awssim

import (
	"fmt"
	"slices"
	"time"
)

// plan decides, when a change set is started, how it will go. A product or an image
// can still go away until it ends.
func (s *Server) plan(set *changeSet) {
	m, adds := s.market, false
	for _, ch := range set.changes {
		adds = adds || ch.ChangeType == "AddDeliveryOptions"
		ch.errors = s.judge(ch)
	}
	scanned := set.born.Add(m.check)
	if adds {
		scanned = set.born.Add(m.prepare)
	}
	set.life = timeline{{preparing, set.born}}
	fail := func(at time.Time, why string) {
		set.life = append(set.life, phase{setFailed, at})
		set.failure, set.applied = why, true
	}
	if len(m.faults) > 0 {
		f := m.faults[0]
		m.faults = m.faults[1:]
		if f.server {
			fail(scanned, "SERVER_FAULT")
			return
		}
		for _, code := range f.codes {
			set.changes[0].errors = append(set.changes[0].errors, detail{code, "The change failed with " + code + "."})
		}
	}
	if set.bad() {
		fail(set.born.Add(m.check), "CLIENT_ERROR")
		return
	}
	if adds {
		s.scan(set, scanned)
	}
	switch {
	case set.bad():
		fail(scanned, "CLIENT_ERROR")
	case set.intent == "VALIDATE":
		set.life = append(set.life, phase{succeeded, scanned})
		set.applied = true
	default:
		set.life = append(set.life, phase{applying, scanned}, phase{succeeded, scanned.Add(m.apply)})
	}
}

func (c *changeSet) bad() bool {
	return slices.ContainsFunc(c.changes, func(ch *oneChange) bool { return len(ch.errors) > 0 })
}

// settle lets happen what was to happen until now.
func (s *Server) settle(now time.Time) {
	var due []*changeSet
	for _, set := range sorted(s.market.sets) {
		if !set.applied && set.life.at(now) == succeeded {
			due = append(due, set)
		}
	}
	slices.SortFunc(due, func(a, b *changeSet) int { return a.life.end().from.Compare(b.life.end().from) })
	for _, set := range due {
		set.applied = true
		for _, ch := range set.changes {
			if e := s.gone(ch); e != nil {
				ch.errors = append(ch.errors, *e)
			}
		}
		if set.bad() {
			set.life[len(set.life)-1].name, set.failure = setFailed, "CLIENT_ERROR"
			continue
		}
		for _, ch := range set.changes {
			s.apply(ch, set.life.end().from)
		}
	}
}

// gone is why a change that was good when it was asked for cannot be done any more.
func (s *Server) gone(ch *oneChange) *detail {
	if s.market.products[ch.Entity.product()] == nil {
		return &detail{"INVALID_PRODUCT", "The product does not exist any more."}
	}
	if ch.ChangeType != "AddDeliveryOptions" {
		return nil
	}
	if id := ch.delivery.source().AmiID; s.regions["us-east-1"].images[id] == nil {
		return &detail{"INVALID_AMI_ID", "The AMI " + id + " does not exist any more."}
	}
	return nil
}

func (s *Server) apply(ch *oneChange, now time.Time) {
	p := s.market.products[ch.Entity.product()]
	defer p.touch(now)
	switch ch.ChangeType {
	case "AddDeliveryOptions":
		d := ch.delivery
		a, src := d.first(), d.source()
		v := &version{
			id: "version-" + s.letters(13), title: d.Version.VersionTitle, notes: d.Version.ReleaseNotes, source: "source-" + s.letters(13),
			option: "do-" + s.letters(13), image: src.AmiID, created: now, user: src.UserName, os: src.OperatingSystemName,
			release: src.OperatingSystemVersion, port: src.ScanningPort, usage: a.UsageInstructions, machine: a.RecommendedInstanceType,
			groups: a.SecurityGroups,
		}
		if v.port == 0 {
			v.port = 22
		}
		p.versions = append(p.versions, v)
	case "RestrictDeliveryOptions":
		for _, v := range p.versions {
			v.restricted = v.restricted || slices.Contains(ch.options(), v.option)
		}
	case "UpdateDeliveryOptions":
		ch.rewrite(p)
	case "UpdateInformation":
		for k, v := range ch.doc.(map[string]any) {
			p.about[k] = v
		}
		if t, ok := p.about["ProductTitle"].(string); ok {
			p.title = t
		}
	}
}

// rewrite changes the words of versions.
func (ch *oneChange) rewrite(p *product) {
	in := ch.update()
	set := func(to *string, v string) {
		if v != "" {
			*to = v
		}
	}
	for _, o := range in.DeliveryOptions {
		for _, v := range p.versions {
			if v.option == o.ID {
				set(&v.notes, in.Version.ReleaseNotes)
				set(&v.title, in.Version.VersionTitle)
				set(&v.usage, o.Details.AmiDeliveryOptionDetails.UsageInstructions)
				set(&v.machine, o.Details.AmiDeliveryOptionDetails.RecommendedInstanceType)
			}
		}
	}
}

// link is where the findings of a scan are.
func (s *Server) link(set *changeSet) string {
	return fmt.Sprintf("%s%sfindings/%s.json", s.base, own, set.id)
}
