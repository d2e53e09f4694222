package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"

	"cloudimage/bot"
	"cloudimage/workflow/process"
)

// inputs are the files that an operator gives.
type inputs struct {
	Config  string   `help:"Configuration file. Default: cloudimage.yaml, if it is there." env:"CLOUDIMAGE_CONFIG" placeholder:"FILE"`
	Process []string `help:"A further process; one that has the name of a shipped process replaces it. Repeatable." placeholder:"FILE" sep:"none"`
}

// common are the settings that `serve` and `demo` share.
type common struct {
	inputs
	LogJSON bool `help:"Log as JSON." env:"CLOUDIMAGE_LOG_JSON"`
	Verbose bool `short:"v" help:"Log more."`
}

func (c common) logger(w io.Writer) *slog.Logger {
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// settings reads the files.
func (c common) settings(log *slog.Logger) (Settings, error) {
	config, err := loadConfig(c.Config)
	if err != nil {
		return Settings{}, err
	}
	processes, err := process.LoadFiles(append(config.Processes, c.Process...))
	if err != nil {
		return Settings{}, err
	}
	return Settings{Config: config, Processes: processes, Logger: log}, nil
}

type serveCmd struct {
	common
	DB         string `help:"Path of the SQLite database, or a postgres:// URL." default:"cloudimage.db" env:"CLOUDIMAGE_DB"`
	Listen     string `help:"Address of /healthz, /readyz and /metrics; empty for none." default:"127.0.0.1:9090" env:"CLOUDIMAGE_LISTEN"`
	SlackRates string `help:"tiers: keep to Slack's published tiers. off: wait only when told to. auto: tiers with Slack itself, off with any other server." enum:"auto,tiers,off" default:"auto" env:"CLOUDIMAGE_SLACK_RATES"`
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(ctx context.Context, console *console) error {
	s, err := c.settings(c.logger(console.err))
	if err != nil {
		return err
	}
	secrets := newSecrets(os.Getenv, s.Logger)
	botToken, appToken, err := secrets.slackTokens(ctx)
	if err != nil {
		return err
	}
	gitLab, err := secrets.gitLabToken(ctx)
	if err != nil {
		return err
	}
	google, err := secrets.googleKey(ctx)
	if err != nil {
		return err
	}
	if s.AWSKeys, err = secrets.awsKeys(ctx); err != nil {
		return err
	}
	if s.Config.Azure != nil { // whose variables others use too
		if s.AzureKeys, err = secrets.azureKeys(ctx); err != nil {
			return err
		}
	}
	s.BotToken, s.AppToken, s.GitLabToken, s.GoogleKey = botToken.Reveal(), appToken.Reveal(), gitLab.Reveal(), google.Reveal()
	if err := checkTokens(s.BotToken, s.AppToken); err != nil {
		return err
	}
	s.APIURL = slackAddress()
	s.DB, s.Listen = c.DB, c.Listen
	s.KeepTiers = c.SlackRates == "tiers" || c.SlackRates == "auto" && bot.IsSlack(s.APIURL)
	app, err := NewApp(ctx, s)
	if err != nil {
		return err
	}
	err = app.Run(ctx)
	return errors.Join(err, app.Close())
}

// slackAddress is where Slack's Web API is; empty for Slack's own.
func slackAddress() string {
	address := os.Getenv("SLACK_API_URL")
	if address != "" && !strings.HasSuffix(address, "/") {
		address += "/"
	}
	return address
}

// checkTokens says at once what Slack would only say later, and without the
// tokens themselves.
func checkTokens(bot, app string) error {
	switch {
	case bot == "" || app == "":
		return errors.New("two tokens are needed in the environment: SLACK_BOT_TOKEN (xoxb-, under OAuth & Permissions) and SLACK_APP_TOKEN (xapp-, under Basic Information, with connections:write). No Slack at hand? Try `cloudimage demo`")
	case strings.HasPrefix(bot, "xapp-") || strings.HasPrefix(app, "xoxb-"):
		return errors.New("the tokens are swapped: SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-")
	case strings.HasPrefix(bot, "xoxp-"):
		return errors.New("SLACK_BOT_TOKEN is a person's token (xoxp-); use the bot's, which begins with xoxb-")
	}
	return nil
}
