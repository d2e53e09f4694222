package bot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/slack-go/slack"

	"cloudimage/checkup"
	"cloudimage/workflow"
)

// This file asks Slack whether all is there that the bot needs, before anybody
// relies on it. It posts nothing, opens no connection and changes nothing.

// Examination is what [Examine] looks at. What is left out is not looked at.
type Examination struct {
	// BotToken (xoxb-) and AppToken (xapp-) are Slack's. Without one, what is asked
	// with it is left out.
	BotToken, AppToken string
	// APIURL is where Slack's Web API is, ending in a slash. Defaults to Slack's
	// own.
	APIURL string
	// Needed are the scopes that the bot cannot do without, Optional the others
	// that its manifest asks for.
	Needed, Optional []Scope
	// Channels are those that the configuration names.
	Channels []Place
	// Teams says who is in a team when that is not left to user groups, and
	// Admins who may act in place of others.
	Teams  map[workflow.TeamID]TeamConfig
	Admins []workflow.UserID
	// Processes are those whose teams have to be known.
	Processes []*workflow.Definition
}

// Scope is a right of the app in Slack, and what it buys, in a phrase.
type Scope struct{ Name, Buys string }

// Place is a channel, and the key of the configuration that names it.
type Place struct {
	Key string
	ID  workflow.ChannelID
}

// examiner is an examination under way.
type examiner struct {
	Examination
	web   *web
	token *tokenRecorder
	who   Identity
}

// Examine asks Slack whether what the operator has set is as it has to be. Each
// question has ten seconds, and questions do not wait for each other. When Slack
// cannot be reached, that is all there is to say.
func Examine(ctx context.Context, e Examination) []checkup.Finding {
	out, ok := e.tokens()
	if !ok {
		return out
	}
	e.APIURL = cmp.Or(e.APIURL, slack.APIURL)
	if !IsSlack(e.APIURL) {
		out = append(out, checkup.Noted("Take SLACK_API_URL out of the environment, unless it names a stand-in.", "The tokens go to %s, which is not Slack's own server.", addressOf(e.APIURL)))
	}
	x := &examiner{Examination: e}
	x.web, x.token = newWeb(Options{BotToken: e.BotToken, AppToken: e.AppToken, APIURL: e.APIURL}, NewMetrics(prometheus.NewRegistry()))
	defer x.web.http.CloseIdleConnections()
	checks := []func(context.Context) []checkup.Finding{x.socket}
	if e.BotToken != "" {
		found, err := x.identity(ctx)
		out = append(out, found...)
		switch _, refused := errors.AsType[*TokenError](err); {
		case err != nil && !refused:
			return out
		case err == nil:
			checks = append(checks, x.channels, x.teams, x.people)
		}
	}
	found := make([][]checkup.Finding, len(checks))
	var all sync.WaitGroup
	for i, check := range checks {
		all.Go(func() { found[i] = check(ctx) })
	}
	all.Wait()
	return slices.Concat(append([][]checkup.Finding{out}, found...)...)
}

// addressOf is an address without what might be a secret in it.
func addressOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that cannot be read"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// tokens looks at the form of the tokens; false when there is nothing to ask with.
func (e Examination) tokens() (out []checkup.Finding, ok bool) {
	const where = "SLACK_BOT_TOKEN begins with xoxb- and is under OAuth & Permissions; SLACK_APP_TOKEN begins with xapp- and is under Basic Information."
	bot, app := e.BotToken, e.AppToken
	switch {
	case bot == "" && app == "":
		return []checkup.Finding{checkup.Noted("", "Slack is not asked, for want of a token.")}, false
	case strings.HasPrefix(bot, "xapp-") && strings.HasPrefix(app, "xoxb-"):
		return []checkup.Finding{checkup.Failing(where, "The two tokens are swapped.")}, false
	case strings.HasPrefix(bot, "xoxp-"):
		return []checkup.Finding{checkup.Failing(where, "SLACK_BOT_TOKEN is a person's token; the bot has one of its own.")}, false
	}
	for _, t := range []struct{ name, token, begins string }{{"SLACK_BOT_TOKEN", bot, "xoxb-"}, {"SLACK_APP_TOKEN", app, "xapp-"}} {
		form := strings.TrimPrefix(t.token, "xoxe.") // with token rotation
		switch {
		case t.token == "":
			out = append(out, checkup.Noted("", "Without %s, what is asked with it is left out.", t.name))
		case strings.ContainsAny(t.token, " \t\r\n"):
			return []checkup.Finding{checkup.Failing("Copy it again, without what is around it.", "%s has a space or a line break in it.", t.name)}, false
		case !strings.HasPrefix(form, t.begins):
			out = append(out, checkup.Doubtful(where, "%s does not begin with %s, as tokens of its kind do.", t.name, t.begins))
		}
	}
	return out, true
}

// because is why a call failed, in few words and without an address.
func because(err error) string {
	if code := slackError(err); code != "" {
		return code
	}
	if _, ok := retryAfter(err); ok {
		return "Slack has been asked too often for now"
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "there was no answer in time"
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return err.Error()
}

// unasked is a finding about a question that was not answered.
func unasked(what string, err error) checkup.Finding {
	if e, ok := errors.AsType[*TokenError](tokenError(err)); ok && e.Code != "missing_scope" {
		return checkup.Failing(e.Cure, "Slack does not say %s: %s.", what, e.Code)
	}
	cure := "Check again in a minute."
	switch {
	case slackError(err) == "missing_scope":
		cure = "Grant the scope that is missing, and install the app again."
	case slackError(err) == unknownMethod:
		return checkup.Noted("", "Whoever answers at this address cannot say %s.", what)
	case result(err) == "unreachable":
		cure = "See that Slack can be reached from here: the network, HTTPS_PROXY, SLACK_API_URL."
	}
	return checkup.Failing(cure, "Slack does not say %s: %s.", what, because(err))
}

// identity asks who the bot is, and what it may do.
func (x *examiner) identity(ctx context.Context) ([]checkup.Finding, error) {
	who, err := identify(ctx, x.web, x.token, time.Now)
	if e, ok := errors.AsType[*TokenError](err); ok {
		return []checkup.Finding{checkup.Failing(e.Cure, "Slack does not take the bot's token: %s.", e.Code)}, err
	}
	if err != nil {
		return []checkup.Finding{unasked("who the bot is", err)}, err
	}
	x.who = who
	if who.UserID == "" {
		return []checkup.Finding{checkup.Noted("", "Whoever answers at this address cannot say who the bot is.")}, nil
	}
	out := []checkup.Finding{checkup.Okay("The bot is %s in the workspace %s (%s).", who.UserID, who.Team, who.TeamID)}
	if !who.Ends.IsZero() {
		out = append(out, checkup.Doubtful("Turn token rotation off in the app's settings, or put a fresh token in its place before.", "The bot's token ends at %s.", who.Ends.UTC().Format("2006-01-02 15:04 MST")))
	}
	return append(out, x.scopes()...), nil
}

func (x *examiner) scopes() (out []checkup.Finding) {
	const cure = "Paste what `cloudimage manifest` prints into the app's settings, and install the app again."
	if len(x.who.Scopes) == 0 {
		return []checkup.Finding{checkup.Noted("", "Whoever answers at this address does not say which scopes were granted.")}
	}
	groups := (&teams{config: x.Teams}).usesGroups(x.Processes)
	for _, s := range x.Needed {
		switch {
		case len(x.who.lacks([]string{s.Name})) == 0:
		case s.Name == "usergroups:read" && !groups:
			out = append(out, checkup.Noted(cure, "The scope %s was not granted, and as all teams are listed it is not needed.", s.Name))
		default:
			out = append(out, checkup.Failing(cure, "The scope %s was not granted. It buys: %s.", s.Name, s.Buys))
		}
	}
	for _, s := range x.Optional {
		if len(x.who.lacks([]string{s.Name})) > 0 {
			out = append(out, checkup.Noted(cure, "The optional scope %s was not granted. It buys: %s.", s.Name, s.Buys))
		}
	}
	if len(out) == 0 {
		out = append(out, checkup.Okay("All %d scopes are granted.", len(x.Needed)+len(x.Optional)))
	}
	return out
}

// socket asks for the address of a connection, and opens none.
func (x *examiner) socket(ctx context.Context) []checkup.Finding {
	if x.AppToken == "" {
		return nil
	}
	err := x.web.do(ctx, openSocket, func(ctx context.Context) error {
		_, _, err := x.web.client.StartSocketModeContext(ctx)
		return err
	})
	if e, ok := errors.AsType[*TokenError](tokenError(err)); ok {
		return []checkup.Finding{checkup.Failing(e.Cure, "Slack opens no connection with the app's token: %s.", e.Code)}
	}
	if err != nil {
		return []checkup.Finding{unasked("where to connect to", err)}
	}
	return []checkup.Finding{checkup.Okay("The app's token opens connections: Socket Mode is on.")}
}

// quiet is for parts that log what is a finding here.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
