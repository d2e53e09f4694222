package main

import (
	"context"
	"time"

	"cloudimage/slackdev"
)

// This file is who has done what before the demo opens. Days are business days before
// today. One partnership is launched, one is about to be, one is in the middle and has
// something late, and one has just begun.

// The partners of the demo's scene.
const (
	sceneLaunched = "Vultr"
	sceneNear     = "Scaleway"
	sceneMiddle   = "Hetzner"
	sceneBegun    = "Exoscale"
	sceneChannel  = "#cloud-images"
)

// sceneRelease came out while the scene went on.
const sceneRelease = "17.6.2"

// demoScene is the scene that ends at a moment, about a product with two editions.
// Publish lets a release come out; it is nil where releases are left out.
func demoScene(now time.Time, seed *slackdev.Seed, product Product, publish func(context.Context) error) (*scene, error) {
	s, err := newScene(now, seed)
	if err != nil {
		return nil, err
	}
	s.first, s.last = product.Editions[0], product.Editions[len(product.Editions)-1]
	s.launched()
	s.near()
	s.middle()
	s.begun()
	if publish != nil {
		s.release(product.Name+" "+sceneRelease, publish)
	}
	s.talk()
	return s, nil
}

// launched is a partnership from its first day to its last.
func (s *scene) launched() {
	const run = sceneLaunched
	launch := s.back(4)
	day := launch.Format(time.DateOnly)
	s.new(35, "09:40", "ana", run, launch, s.first+" image", s.last+" image")
	s.does(34, "10:20", "ana", run, "1.1", answers{"Issue": {"https://gitlab.com/gitlab-org/omnibus-gitlab/-/issues/8712"}})
	s.does(34, "10:35", "ana", run, "1.2", answers{"The Cloud Partner's documentation": {"https://docs.vultr.com/marketplace"}, "Their support": {"vendors@vultr.example"}})
	s.on(34, "11:10", "omar", "the question about a call", func(ctx context.Context, p *players) error {
		return p.presses(ctx, "omar", "dm", "Yes, we want it", run)
	})
	s.does(33, "11:00", "ana", run, "1.3", answers{"Opportunities": {"A post on both blogs, and credits for the first hundred customers."}})
	s.does(33, "11:30", "ana", run, "1.4", answers{"Vault item": {"Vultr vendor portal"}})
	s.does(31, "15:10", "ana", run, "1.5", answers{"Partner tech/product lead": {"Rosa Lindqvist, rosa@vultr.example"}, "Omnibus team member": {"omar"}})
	s.does(31, "15:20", "ana", run, "1.6", answers{"Whom did you introduce": {"Ben Adeyemi, ben@vultr.example"}})
	s.does(29, "10:05", "omar", run, "2.1", answers{"Business days of work": {"9"}})
	s.does(29, "10:10", "omar", run, "2.2", answers{"Assignee": {"omar"}, "Due Date": {day}})
	s.does(28, "11:45", "maya", run, "3.1", answers{"Marketing issue": {"https://gitlab.com/gitlab-com/marketing/-/issues/411"}})
	for _, edition := range []string{s.first, s.last} {
		s.does(25, "14:00", "omar", run, "2.3.1 "+edition, answers{"Product id": {"vultr-gitlab-" + edition}, "Pricing model": {"BYOL"}})
		s.does(19, "12:15", "maya", run, "3.3 "+edition, answers{
			"Title": {"GitLab " + edition}, "Short description": {"The whole of DevOps on one machine."},
			"Long description": {"GitLab " + edition + " on Vultr, ready in two minutes."},
		})
		s.does(12, "11:20", "omar", run, "2.3.2 "+edition, answers{"Image": {"vultr-" + edition + "-17-6"}, "Outcome": {"Passed"}})
		s.does(4, "10:00", "omar", run, "2.3.3 "+edition, answers{"Link on the marketplace": {"https://www.vultr.com/marketplace/gitlab-" + edition}, "Version": {sceneRelease}})
	}
	s.does(22, "10:30", "maya", run, "3.4", answers{"Agreed launch date": {day}, "Product Lead": {"Rosa Lindqvist"}})
	s.does(11, "16:00", "omar", run, "2.4.1", answers{"Merge request": {"https://gitlab.com/gitlab-org/omnibus-gitlab/-/merge_requests/7204"}})
	s.does(9, "10:50", "maya", run, "3.2.1", answers{"Post on the GitLab blog": {"https://about.gitlab.com/blog/vultr"}, "Post on the Cloud Partner blog": {"https://www.vultr.com/news/gitlab"}})
	s.does(9, "11:00", "maya", run, "3.2.2", answers{"Day": {day}, "Hour and time zone": {"10:00 Pacific"}})
	s.does(10, "13:00", "maya", run, "3.5", answers{"Customer": {"Initech Ltd"}, "Quote or story": {"We were up in an hour."}})
	s.does(4, "10:25", "omar", run, "2.4.2", answers{"Link of the new section": {"https://docs.gitlab.com/omnibus/vultr"}})
}

// near is a partnership that goes live in two days.
func (s *scene) near() {
	const run = sceneNear
	launch := s.ahead(2)
	day := launch.Format(time.DateOnly)
	s.new(29, "09:10", "lee", run, launch, s.last+" image")
	s.does(28, "09:00", "lee", run, "1.1", answers{"Issue": {"https://gitlab.com/gitlab-org/omnibus-gitlab/-/issues/8740"}})
	s.does(28, "09:20", "lee", run, "1.2", answers{"The Cloud Partner's documentation": {"https://www.scaleway.com/en/docs/"}})
	s.does(27, "09:15", "lee", run, "1.3", answers{"Opportunities": {"Their newsletter, and a talk at their fair."}})
	s.does(26, "09:30", "lee", run, "1.4", answers{"Vault item": {"Scaleway console"}})
	s.does(25, "09:05", "lee", run, "1.6", answers{"Whom did you introduce": {"Camille Roux, camille@scaleway.example"}})
	s.does(22, "10:00", "lena", run, "2.1", answers{"Business days of work": {"6"}})
	s.does(22, "10:05", "lena", run, "2.2", answers{"Assignee": {"lena"}, "Due Date": {day}})
	s.does(21, "11:00", "noor", run, "3.1", answers{"Marketing issue": {"https://gitlab.com/gitlab-com/marketing/-/issues/418"}})
	s.does(17, "10:40", "lena", run, "2.3.1", answers{"Product id": {"scw-gitlab-ee"}, "Pricing model": {"BYOL"}})
	s.does(15, "12:20", "noor", run, "3.4", answers{"Agreed launch date": {day}, "Product Lead": {"Camille Roux"}})
	s.does(11, "10:15", "noor", run, "3.3", answers{"Title": {"GitLab " + s.last}, "Short description": {"GitLab for companies."}, "Long description": {"GitLab " + s.last + " on Scaleway, for companies."}})
	s.does(7, "10:20", "lena", run, "2.3.2", answers{"Image": {"fr-par-1/gitlab-ee"}, "Outcome": {"Passed, findings fixed"}, "What they found": {"The console was open for one minute before the first boot was over."}})
	s.does(6, "10:10", "lena", run, "2.4.1", answers{"Merge request": {"https://gitlab.com/gitlab-org/omnibus-gitlab/-/merge_requests/7231"}})
	s.does(5, "11:30", "noor", run, "3.2.1", answers{"Post on the GitLab blog": {"https://about.gitlab.com/blog/scaleway"}, "Post on the Cloud Partner blog": {"https://www.scaleway.com/en/blog/gitlab"}})
	s.does(5, "11:40", "noor", run, "3.2.2", answers{"Day": {day}, "Hour and time zone": {"11:00 Paris"}})
	s.does(5, "11:55", "noor", run, "3.5", answers{"Customer": {"Globex"}, "Quote or story": {"Our developers chose it before we asked them."}})
}

// middle is a partnership whose second and third stage go on: one listing is late, and
// the other is with the partner.
func (s *scene) middle() {
	const run = sceneMiddle
	launch := s.ahead(13)
	day := launch.Format(time.DateOnly)
	s.new(20, "10:00", "ana", run, launch, s.first+" image", s.last+" image")
	s.does(19, "09:50", "ana", run, "1.1", answers{"Issue": {"https://gitlab.com/gitlab-org/omnibus-gitlab/-/issues/8790"}})
	s.does(19, "10:10", "ana", run, "1.2", answers{"The Cloud Partner's documentation": {"https://docs.hetzner.com/cloud/apps/"}})
	s.does(18, "11:00", "ana", run, "1.3", answers{"Opportunities": {"A post on their blog. They do no joint webinars."}})
	s.does(17, "14:30", "ana", run, "1.4", answers{"Vault item": {"Hetzner cloud console"}})
	s.does(16, "10:45", "ana", run, "1.6", answers{"Whom did you introduce": {"Jonas Weber, jonas@hetzner.example"}})
	s.does(12, "10:30", "omar", run, "2.1", answers{"Business days of work": {"8"}})
	s.does(11, "09:45", "omar", run, "2.2", answers{"Assignee": {"omar"}, "Due Date": {day}})
	s.does(12, "12:40", "maya", run, "3.1", answers{"Marketing issue": {"https://gitlab.com/gitlab-com/marketing/-/issues/425"}})
	s.does(8, "15:00", "omar", run, "2.3.1 "+s.first, answers{"Product id": {"hetzner-gitlab-ce"}, "Pricing model": {"BYOL"}})
	s.does(4, "11:10", "maya", run, "3.4", answers{"Agreed launch date": {day}, "Product Lead": {"Jonas Weber"}})
	s.asks(6, "13:20", "maya", "ask "+run+" 3.3 "+s.first, answers{"Whom do you ask": {"wei"}, "What do you need": {"Long description"}})
	s.asks(3, "10:30", "omar", "wait "+run+" 2.3.2 "+s.first, answers{"What did you ask": {"Please test the " + s.first + " image, it is in your staging project."}, "Their ticket": {"HC-20417"}})
}

// begun is a partnership of two days.
func (s *scene) begun() {
	s.new(2, "10:15", "ana", sceneBegun, s.ahead(32), s.first+" image")
	s.does(1, "10:20", "ana", sceneBegun, "1.1", answers{"Issue": {"https://gitlab.com/gitlab-org/omnibus-gitlab/-/issues/8861"}})
}

// release is a security update that is live everywhere but in one listing.
func (s *scene) release(run string, publish func(context.Context) error) {
	s.publishes(6, publish)
	s.asks(6, "16:30", "omar", "sign "+run, nil)
	s.asks(6, "16:10", "ana", "sign "+run, nil)
	s.does(5, "09:40", "omar", run, "1.1", answers{"Issue": {"https://gitlab.com/gitlab-org/omnibus-gitlab/-/issues/8833"}})
	for listing, image := range map[string]string{s.last + " image on AWS": "ami-0e17620c9d4411aa1", s.first + " image on AWS": "ami-0c17620b7f3320bb2", s.last + " image on Azure": sceneRelease, s.first + " image on Azure": sceneRelease} {
		s.does(5, "10:30", "omar", run, "1.2 "+listing, answers{"Image": {image}})
	}
	s.on(5, "13:30", "maya", "the texts of "+run, func(ctx context.Context, p *players) error {
		return p.presses(ctx, "maya", "dm", "No change needed", run)
	})
	s.does(4, "16:20", "omar", run, "1.3", answers{"Documentation": {"No change needed"}})
	s.says(6, "16:40", "omar", sceneChannel, "Security release, so this one goes first. @lena can you take DigitalOcean? Their portal only likes one of us at a time.")
	s.says(6, "11:15", "lena", sceneChannel, "On it.")
	s.says(2, "15:00", "oscar", "#shared-digitalocean", "The vendor portal refuses uploads since yesterday, sorry. We are on it, no date yet.")
	s.replies(2, "11:30", "lena", run, "DigitalOcean's portal refuses the upload. Oscar knows, no date from them. Image is built and checked, it only waits for that.")
	s.says(1, "17:10", "oscar", "#shared-digitalocean", "Uploads work again for two of our vendors. Could @omar try yours?")
}

// publishes lets a release come out, which the bot sees.
func (s *scene) publishes(back int, publish func(context.Context) error) {
	s.on(back, "14:05", "", "a release comes out", func(ctx context.Context, p *players) error {
		if err := publish(ctx); err != nil {
			return err
		}
		p.app.FireDue(ctx)
		return p.app.Settle(ctx)
	})
}

// talk is what people say about it all, and what they have read of it.
func (s *scene) talk() {
	s.says(35, "09:55", "ana", sceneChannel, "Vultr signed yesterday. "+s.first+" and "+s.last+", and they want both on the same day.")
	s.says(35, "11:40", "omar", sceneChannel, "Good. Their API has snapshots, so it should be like Linode was.")
	s.replies(16, "11:20", "omar", sceneMiddle+":", "Read their docs last night. No private images before review, so testing will be theirs to do.")
	s.replies(16, "11:45", "ana", sceneMiddle+":", "Jonas says their queue is two to three days. I will remind him.")
	s.says(4, "10:40", "omar", sceneChannel, "Vultr is live, both editions. Thanks everybody.")
	s.says(4, "16:20", "maya", sceneChannel, "And the posts are out. Their blog has us on the front page.")
	s.replies(3, "10:40", "omar", sceneMiddle+":", s.first+" image is with them now, HC-20417. The "+s.last+" listing still wants a tax form that I do not have.")
	for _, who := range []string{"ana", "lee", "omar", "lena", "maya", "noor", "wei", "ines"} {
		s.on(1, "10:45", who, "reading", func(_ context.Context, p *players) error {
			p.reads(who, sceneChannel, "#general", "#random", "#shared-digitalocean", "#cloud-images-ops")
			return nil
		})
	}
	s.replies(1, "15:30", "maya", sceneMiddle+":", "Their marketing asks whether "+s.last+" makes the date. Does it?")
	s.says(1, "16:05", "omar", sceneChannel, "@ana the "+s.last+" listing of Hetzner needs a tax form signed by partnerships, it is late because of that. Can you find out who has it?")
	s.says(1, "16:20", "ines", "#general", "Office in Lisbon is closed on Friday afternoon, the lift people come.")
}
