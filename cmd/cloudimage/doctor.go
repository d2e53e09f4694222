package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"cloudimage/bot"
	"cloudimage/checkup"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// This file is `cloudimage doctor`, which looks at everything that an operator has
// set, on the real servers. The rules are:
//
//   - It changes nothing anywhere: no message, no table, no file.
//   - Each question has checkWithin, and no system waits for another.
//   - No finding shows a secret. Whoever makes findings keeps to that, and what is
//     printed is searched for the secrets once more.

type doctorCmd struct {
	inputs
	DB   string `help:"Path of the SQLite database, or a postgres:// URL." default:"cloudimage.db" env:"CLOUDIMAGE_DB"`
	JSON bool   `help:"Print JSON."`
}

// checkWithin is how long one question may take.
const checkWithin = 10 * time.Second

// errUnwell says that something fails. It is not printed: the findings were.
var errUnwell = errors.New("something fails")

// system is one of those that are looked at, with what was found.
type system struct {
	Name     string            `json:"name"`
	Findings []checkup.Finding `json:"findings"`
}

// Run looks at everything, and prints what it found.
func (c *doctorCmd) Run(ctx context.Context, console *console) error {
	d := &doctor{cmd: c, given: newCredentials(os.Getenv)}
	systems := d.examine(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	r := newReport(systems, d.given.values())
	print := r.text
	if c.JSON {
		print = r.json
	}
	if err := print(console.out); err != nil {
		return err
	}
	if r.count(checkup.Fail) > 0 {
		return errUnwell
	}
	return nil
}

// doctor is an examination under way.
type doctor struct {
	cmd   *doctorCmd
	given *credentials

	config    Config
	readable  bool // the configuration and the processes make sense
	processes []*workflow.Definition
}

// examine looks at the files, then asks for the secrets, and then looks at all
// systems at once.
func (d *doctor) examine(ctx context.Context) []system {
	files := d.files()
	d.given.read(ctx)
	systems := []system{
		{"Configuration and processes", files},
		{"Secrets", d.given.findings()},
		{Name: "Database"}, {Name: "Slack"}, {Name: "GitLab"}, {Name: "Releases"}, {Name: "AWS"}, {Name: "Azure"}, {Name: "Google Drive"}, {Name: "1Password"},
	}
	checks := []func(context.Context) []checkup.Finding{d.database, d.slack, d.gitLab, d.releases, d.aws, d.azure, d.drive, d.onePassword}
	rest := systems[len(systems)-len(checks):]
	var all sync.WaitGroup
	for i, check := range checks {
		all.Go(func() { rest[i].Findings = check(ctx) })
	}
	all.Wait()
	return systems
}

// files looks at the configuration and the processes.
func (d *doctor) files() (out []checkup.Finding) {
	config, err := loadConfig(d.cmd.Config)
	if err != nil {
		return failures(err)
	}
	processes, err := process.LoadFiles(append(config.Processes, d.cmd.Process...))
	if err == nil {
		_, calendars := newCalendars(config)
		err = errors.Join(config.checkTeams(processes), config.checkIssues(processes), calendars)
	}
	if err != nil {
		return failures(err)
	}
	d.config, d.processes, d.readable = config, processes, true
	if config.source == nil {
		out = append(out, checkup.Okay("There is no %s, so everything is as it is by default.", defaultConfigFile))
	} else {
		out = append(out, checkup.Okay("%s is in order.", config.source.name))
	}
	for _, p := range processes {
		out = append(out, checkup.Okay("The process %s is in order: %s.", p.Name, count(len(p.Stages), "stage")))
	}
	if config.Channel == "" {
		out = append(out, checkup.Okay("Cards are posted where /cloudimage new is typed: no channel is configured."))
	}
	if config.OperatorChannel == "" {
		out = append(out, checkup.Noted("Name a channel under operator_channel: in the configuration, and invite the bot there.",
			"No channel is told what the program missed: a message that was not sent, a token that ends. The log has it."))
	}
	if len(config.Admins) == 0 {
		out = append(out, checkup.Noted("Name one or two people under admins: in the configuration.",
			"Nobody is an admin, who may act in place of others when somebody is away and nobody covers."))
	}
	return out
}

func (d *doctor) database(ctx context.Context) []checkup.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	return store.Look(ctx, d.cmd.DB)
}

func (d *doctor) slack(ctx context.Context) []checkup.Finding {
	needed, optional, err := manifestScopes()
	if err != nil {
		return failures(err)
	}
	e := bot.Examination{BotToken: d.given.value(slackBotToken), AppToken: d.given.value(slackAppToken), APIURL: slackAddress(),
		Needed: needed, Optional: optional}
	if d.readable {
		for _, p := range []bot.Place{{Key: "channel", ID: d.config.Channel}, {Key: "operator_channel", ID: d.config.OperatorChannel}} {
			if p.ID != "" {
				e.Channels = append(e.Channels, p)
			}
		}
		e.Teams, e.Admins, e.Processes = d.config.botTeams(), d.config.Admins, d.processes
	}
	out := bot.Examine(ctx, e)
	if !d.readable {
		out = append(out, checkup.Noted("", "Channels, teams and people are not looked at while the configuration is not in order."))
	}
	return out
}

// drive looks for the template and the folder.
func (d *doctor) drive(ctx context.Context) []checkup.Finding {
	key, config := d.given.setting(googleServiceAccount), d.config.Drive
	switch {
	case !d.readable && key.from != "":
		return []checkup.Finding{checkup.Noted("", "Google Drive is not asked while the configuration, which names the template, is not in order.")}
	case key.from == "" && config == nil:
		return []checkup.Finding{checkup.Noted("", "Google Drive is not used: GOOGLE_SERVICE_ACCOUNT is not set. People give the links of documents by hand.")}
	case key.from == "":
		return failures(d.config.noGoogleKey())
	case key.err != nil:
		return []checkup.Finding{checkup.Noted("", "Google Drive is not asked, for want of its key.")}
	case config == nil:
		return []checkup.Finding{checkup.Noted("Name a template and a folder under drive: in the configuration.", "GOOGLE_SERVICE_ACCOUNT is set, and no document is made by the bot.")}
	}
	client, err := config.client(key.value.Reveal(), nil)
	if err != nil {
		return failures(err)
	}
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	if err := client.Check(ctx); err != nil {
		return failures(err)
	}
	return []checkup.Finding{checkup.Okay("%s sees the template and may put documents into the folder.", client.Account())}
}

// onePassword looks at what is read from 1Password.
func (d *doctor) onePassword(context.Context) (out []checkup.Finding) {
	access := d.given.access()
	if len(d.given.references()) == 0 {
		if access == "" {
			return []checkup.Finding{checkup.Noted("", "1Password is not used: no secret is a reference (op://vault/item/field). With references no token is in a file or in the environment but the one for 1Password.")}
		}
		return []checkup.Finding{checkup.Noted("", "There is a way to 1Password, %s, and no secret is a reference to it.", access)}
	}
	for _, s := range d.given.references() {
		if s.err != nil {
			out = append(out, failures(s.err)...)
			continue
		}
		out = append(out, checkup.Okay("%s is there, by %s.", s.name, access))
	}
	return out
}
