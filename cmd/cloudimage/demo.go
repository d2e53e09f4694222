package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
)

type demoCmd struct {
	common
	Addr   string `help:"Address of the page, on this machine." default:"127.0.0.1:8080"`
	DB     string `help:"Keep the database here. Default: a new one each time." placeholder:"FILE"`
	Empty  bool   `help:"Begin with an empty workspace, instead of one in which people have worked for some weeks."`
	Listen string `help:"Address of /healthz, /readyz and /metrics. Default: none." placeholder:"ADDRESS"`

	GitLabAddr string `name:"gitlab-addr" help:"Address of the demo's GitLab, on this machine; any free one when it is taken." default:"127.0.0.1:8081"`
	NoGitLab   bool   `name:"no-gitlab" help:"Leave GitLab out."`

	ReleasesAddr string `name:"releases-addr" help:"Address of where the demo's releases come from, on this machine; any free one when it is taken." default:"127.0.0.1:8082"`
	NoReleases   bool   `name:"no-releases" help:"Leave releases out, and AWS and Azure, whose images are made of them."`

	AWSAddr string `name:"aws-addr" help:"Address of the demo's AWS, on this machine; any free one when it is taken." default:"127.0.0.1:8083"`
	NoAWS   bool   `name:"no-aws" help:"Leave AWS out: people make the images."`

	AzureAddr string `name:"azure-addr" help:"Address of the demo's Azure, on this machine; any free one when it is taken." default:"127.0.0.1:8084"`
	NoAzure   bool   `name:"no-azure" help:"Leave Azure out: people make the images."`

	opened func(*slackdev.Workspace) // told when the page can be looked at, for tests; may be nil
}

// Run runs the real bot against a Slack workspace, a GitLab and clouds of its own. The
// bot differs from the served one in nothing but the addresses of these, how often
// GitLab is asked, and the clock, which can be moved on the page.
func (c *demoCmd) Run(ctx context.Context, console *console) (err error) {
	log := c.logger(console.err)
	s, err := c.settings(log)
	if err != nil {
		return err
	}
	seed := demoSeed(s.Processes)
	play, cloud, azure := &releasePlay{}, &cloudPlay{}, &azurePlay{}
	actions := func() []slackdev.Action {
		return slices.Concat(play.actions(), cloud.actions(), azure.actions())
	}
	if s.DB = c.DB; s.DB == "" {
		dir, err := os.MkdirTemp("", "cloudimage-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.DB = filepath.Join(dir, "cloudimage.db")
	}
	opening, err := c.opening(ctx, s, seed, play)
	if err != nil {
		return err
	}
	workspace, err := slackdev.Start(slackdev.Options{Addr: c.Addr, Manifest: slackManifest, Seed: seed, Logger: log, Actions: actions, Guide: opening.guide, StartAt: opening.begins()})
	if err != nil {
		return fmt.Errorf("start the demo's Slack: %w; choose another address with --addr, or any free one with --addr 127.0.0.1:0", err)
	}
	defer func() { err = errors.Join(err, workspace.Close()) }()
	s.Listen = c.Listen
	s.BotToken, s.AppToken, s.APIURL = workspace.BotToken(), workspace.AppToken(), workspace.APIURL()
	s.Now = workspace.Clock().Now
	s.DrawEvery = demoDraw
	if len(s.Config.Admins) == 0 {
		s.Config.Admins = []workflow.UserID{workflow.UserID(workspace.User("ines").ID())}
	}
	more := ""
	// Real ones are nobody's to play with.
	s.Config.GitLab, s.Config.Drive, s.Config.Releases, s.Config.AWS, s.Config.Azure = nil, nil, nil, nil, nil
	if !c.NoGitLab {
		address, stop, failed := startDemoGitLab(&s, seed, c.GitLabAddr)
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, stop()) }()
		more = fmt.Sprintf("\n  GitLab is at %s. Each partnership has an issue there: tick its boxes.", address)
	}
	if !c.NoReleases {
		if err := play.start(&s, c.ReleasesAddr); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, play.stand.close()) }()
		more += fmt.Sprintf("\n  Releases come from %s. The button Actions publishes one.", play.stand.url)
	}
	switch {
	case c.NoAWS:
	case c.NoReleases:
		more += "\n  AWS is left out as well: its images are made of releases."
	default:
		if err := cloud.start(&s, play.stand, c.AWSAddr); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, cloud.close()) }()
		more += fmt.Sprintf("\n  AWS is at %s/_awssim/: instances, images, products.", cloud.url())
	}
	switch {
	case c.NoAzure:
	case c.NoReleases:
		more += "\n  Azure is left out as well: its images are made of releases."
	default:
		if err := azure.start(&s, play.stand, c.AzureAddr); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, azure.close()) }()
		more += fmt.Sprintf("\n  Azure is at %s/_azuresim/ and Partner Center at %[1]s/_ingestsim/: machines, images, offers.", azure.url())
	}
	app, err := NewApp(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.Close()) }()
	if err := play.begin(ctx, app, demoChannel, workflow.UserID(workspace.User("ines").ID())); err != nil {
		return err
	}
	forget := workspace.Clock().OnAdvance(func(ctx context.Context, _ time.Time) { app.FireDue(ctx) })
	defer forget()
	defer workspace.Clock().StopAt(func(ctx context.Context) (time.Time, bool) { // so that no morning on the way is left out
		next, ok := app.NextDue(ctx)
		if soonest := s.Now().Add(demoStride); next.Before(soonest) {
			next = soonest
		}
		return next, ok
	})()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx); stop() }()
	defer func() { stop(); err = errors.Join(err, <-ended) }()
	if err := opening.play(ctx, console.out, workspace, app); err != nil {
		return err
	}
	fmt.Fprintf(console.out, `
  cloudimage demo: open %s

%s%s
  Stop with Ctrl-C.

`, workspace.URL(), opening.words, more)
	if c.opened != nil {
		c.opened(workspace)
	}
	<-ctx.Done()
	return nil
}

// demoDraw is how often a message is drawn at most. There is no limit of Slack's to keep
// to here, and in the scene weeks pass in seconds.
const demoDraw = 10 * time.Millisecond

// demoStride is how far a clock that is moved goes at least before it stops on its way.
// Builds look at their cloud every few seconds, and somebody waits for the clock.
const demoStride = time.Minute

// demoSeed is the demo's people, with a user group for each team of the
// processes: a process of another company can be played with no other set-up.
// Teams the seed does not know get the seeded groups' people, in turn. The
// channel says what to do first, for whoever opens the page without having read
// the terminal.
func demoSeed(processes []*workflow.Definition) *slackdev.Seed {
	seed := slackdev.DefaultSeed()
	for i := range seed.Channels {
		if seed.Channels[i].Name == "cloud-images" {
			seed.Channels[i].Topic = "Type /cloudimage new to start a partnership"
		}
	}
	staffed := len(seed.UserGroups)
	known := map[string]bool{}
	for _, g := range seed.UserGroups {
		known[g.Handle] = true
	}
	for _, p := range processes {
		for _, t := range p.Teams {
			if t.Group == "" || known[t.Group] {
				continue
			}
			known[t.Group] = true
			like := seed.UserGroups[(len(seed.UserGroups)-staffed)%staffed]
			seed.UserGroups = append(seed.UserGroups, slackdev.SeedGroup{Handle: t.Group, Name: t.Name, Users: like.Users})
		}
	}
	return seed
}
