package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"cloudimage/bot"
	"cloudimage/workflow"
)

// Config is what an operator may write into cloudimage.yaml. Everything has a
// default, and no secret belongs in it.
type Config struct {
	// Channel is the id of the channel that cards are posted in. Defaults to
	// the channel that `/cloudimage new` was typed in.
	Channel workflow.ChannelID `yaml:"channel"`
	// OperatorChannel is the id of the channel that hears what the program itself
	// missed. Defaults to none: the log and the metrics say the same.
	OperatorChannel workflow.ChannelID `yaml:"operator_channel"`
	// Admins may act in place of others, with a reason. Defaults to nobody.
	Admins []workflow.UserID `yaml:"admins"`
	// Teams says who is in a team. A team that is not named here is the Slack
	// user group that its process names.
	Teams map[workflow.TeamID]Team `yaml:"teams"`
	// Calendar is the business calendar of teams that have none of their own.
	// Defaults to Monday to Friday, 09:00 to 17:00 UTC, without holidays.
	Calendar Calendar `yaml:"calendar"`
	// Reminders says when people are written to.
	Reminders Reminders `yaml:"reminders"`
	// Processes are files of further processes; one that has the name of a
	// shipped process replaces it. A path is relative to the configuration.
	Processes []string `yaml:"processes"`
	Product   Product  `yaml:"product"`
	// GitLab says where issues are kept. Defaults to nowhere.
	GitLab *GitLab `yaml:"gitlab"`
	// Releases says where releases of the product are looked for. Defaults to nowhere.
	Releases *Releases `yaml:"releases"`
	// AWS says in which account of AWS images are made. Defaults to none: people make them.
	AWS *AWS `yaml:"aws"`
	// Azure says in which subscription of Azure images are made. Defaults to none: people
	// make them.
	Azure *Azure `yaml:"azure"`
	// Drive says how documents are made. Defaults to not at all.
	Drive *Drive `yaml:"drive"`

	source *source // nil when there is no file
}

// Team says who is in a team, and when it works.
type Team struct {
	Group    string            `yaml:"group"`   // handle or id of a Slack user group
	Members  []workflow.UserID `yaml:"members"` // used instead of a group
	Lead     workflow.UserID   `yaml:"lead"`    // defaults to the first member
	Calendar *Calendar         `yaml:"calendar"`
}

// Calendar says when people work; see the calendar package for the defaults.
type Calendar struct {
	Zone      string    `yaml:"zone"`
	Days      []string  `yaml:"days"`
	Open      string    `yaml:"open"`
	Close     string    `yaml:"close"`
	Countries []string  `yaml:"countries"`
	Worked    []string  `yaml:"worked"`
	Holidays  []Holiday `yaml:"holidays"`
}

// Reminders says when people are written to, on the clock of each of them.
type Reminders struct {
	At    string `yaml:"at"`    // when the morning message comes; defaults to "09:30"
	Until string `yaml:"until"` // from when in the evening nothing is sent; defaults to "18:00"
}

// Holiday is a day on which a team does not work.
type Holiday struct {
	Date string `yaml:"date"` // such as 2026-12-24
	Name string `yaml:"name"`
}

// Product is what the images hold. Its editions default to CE and EE, its name to
// GitLab.
type Product struct {
	Name     string   `yaml:"name"`
	Editions []string `yaml:"editions"`
	// Recipe says how a package becomes an image. Defaults to what GitLab's needs.
	Recipe *Recipe `yaml:"recipe"`
}

// defaultConfigFile is read when it is there and no other is named.
const defaultConfigFile = "cloudimage.yaml"

// loadConfig reads a configuration file, strictly: every error names line,
// column, field and cure. An empty path means the default file, if it is there.
func loadConfig(path string) (Config, error) {
	var c Config
	name := cmp.Or(path, defaultConfigFile)
	src, err := os.ReadFile(name)
	switch {
	case errors.Is(err, os.ErrNotExist) && path == "":
	case err != nil:
		return c, fmt.Errorf("the configuration cannot be read: %w", err)
	default:
		if c.source, err = decode(name, src, &c); err != nil {
			return c, err
		}
	}
	if len(c.Product.Editions) == 0 {
		c.Product.Editions = []string{"CE", "EE"}
	}
	for i, p := range c.Processes {
		if !filepath.IsAbs(p) {
			c.Processes[i] = filepath.Join(filepath.Dir(name), p)
		}
	}
	return c, errors.Join(c.check(), c.checkGitLab(filepath.Dir(name)), c.checkReleases(), c.checkAWS(), c.checkAzure())
}

func (c Config) check() error {
	var errs []error
	bad := func(path, format string, args ...any) { errs = append(errs, c.source.at(path, format, args...)) }
	for _, channel := range []struct {
		path string
		id   workflow.ChannelID
	}{{"channel", c.Channel}, {"operator_channel", c.OperatorChannel}} {
		if ch := string(channel.id); ch != "" && !strings.HasPrefix(ch, "C") && !strings.HasPrefix(ch, "G") {
			bad(channel.path, "%q is no channel id; an id begins with C, and Slack shows it at the end of the channel's details", ch)
		}
	}
	for _, hour := range []struct{ path, text string }{{"reminders.at", c.Reminders.At}, {"reminders.until", c.Reminders.Until}} {
		if _, err := time.Parse("15:04", hour.text); hour.text != "" && err != nil {
			bad(hour.path, "%q is no time of day; write it as \"09:30\", with the quotes", hour.text)
		}
	}
	user := func(path string, id workflow.UserID) {
		if s := string(id); s != "" && !strings.HasPrefix(s, "U") && !strings.HasPrefix(s, "W") {
			bad(path, "%q is no member id; an id begins with U or W, and Slack has it under “Copy member ID” in the profile", s)
		}
	}
	for i, who := range c.Admins {
		user(fmt.Sprintf("admins[%d]", i), who)
	}
	for _, id := range slices.Sorted(maps.Keys(c.Teams)) {
		t, path := c.Teams[id], "teams."+string(id)
		for i, who := range t.Members {
			user(fmt.Sprintf("%s.members[%d]", path, i), who)
		}
		user(path+".lead", t.Lead)
		if t.Lead != "" && len(t.Members) > 0 && !slices.Contains(t.Members, t.Lead) {
			bad(path+".lead", "%s is not among the members; add them, or name a member", t.Lead)
		}
	}
	if n := c.Product.Name; len([]rune(n)) > 40 || strings.ContainsFunc(n, unicode.IsControl) {
		bad("product.name", "use 40 characters at most, on one line")
	}
	if len(c.Product.Editions) > mostEditions {
		bad("product.editions", "there are %d; name %d at most, so that all of them fit a form", len(c.Product.Editions), mostEditions)
	}
	for i, e := range c.Product.Editions {
		if e == "" || len(e) > 20 || strings.ContainsAny(e, "/@|\r\n") {
			bad(fmt.Sprintf("product.editions[%d]", i), "%q is no name for an edition; use 1 to 20 characters without / @ |", e)
		}
	}
	return errors.Join(errs...)
}

// mostEditions is how many fit the form that starts a partnership, where each
// is offered in two kinds of delivery and Slack takes ten choices.
const mostEditions = 5

// checkTeams refuses teams that no process has.
func (c Config) checkTeams(processes []*workflow.Definition) error {
	var known []string
	for _, p := range processes {
		for _, t := range p.Teams {
			if !slices.Contains(known, string(t.ID)) {
				known = append(known, string(t.ID))
			}
		}
	}
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(c.Teams)) {
		if !slices.Contains(known, string(id)) {
			errs = append(errs, c.source.at("teams."+string(id), "no process has such a team; those there are: %s", strings.Join(known, ", ")))
		}
	}
	return errors.Join(errs...)
}

// botTeams are the teams as the bot takes them.
func (c Config) botTeams() map[workflow.TeamID]bot.TeamConfig {
	out := map[workflow.TeamID]bot.TeamConfig{}
	for id, t := range c.Teams {
		out[id] = bot.TeamConfig{Group: t.Group, Members: t.Members, Lead: t.Lead}
	}
	return out
}
