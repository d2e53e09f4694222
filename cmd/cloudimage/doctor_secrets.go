package main

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"cloudimage/checkup"
	"cloudimage/providers/onepassword"
)

// credentials are what an operator has given of secrets. They are made by newCredentials and
// filled by read.
type credentials struct {
	secrets  *secrets
	lookup   func(string) string
	settings []*setting
}

// setting is a secret setting as it was given.
type setting struct {
	name  string
	value onepassword.Secret // zero when there is none
	err   error
	from  string // the place, in words; empty when it is not set
	inOP  bool   // it is a reference to 1Password
	open  bool   // it may be shown
}

// Where the two tokens of Slack are to be found.
const (
	whereBotToken = "It begins with xoxb-, and is in the app's settings under OAuth & Permissions."
	whereAppToken = "It begins with xapp-. Make one in the app's settings under Basic Information, App-Level Tokens, with connections:write."
)

func newCredentials(lookup func(string) string) *credentials {
	g := &credentials{secrets: newSecrets(lookup, slog.New(slog.DiscardHandler)), lookup: lookup}
	for _, name := range []string{slackBotToken, slackAppToken, gitLabToken, googleServiceAccount, awsAccessKey, awsSecretKey, awsSessionToken,
		azureTenant, azureClient, azureSecret, azureCertificate, azurePassword, connectToken, serviceAccountToken} {
		s := &setting{name: name, open: name == azureTenant || name == azureClient}
		switch {
		case lookup(name+inFile) != "":
			s.from = "in the file that " + name + inFile + " names"
		case lookup(name) != "":
			s.from = "in the environment"
		}
		if name == azureCertificate && s.from != "" {
			s.from = "in the file that it names"
		}
		if plain, err := g.secrets.plain(name); err == nil && onepassword.IsReference(plain) {
			s.from, s.inOP = "in 1Password: "+plain, true
		}
		g.settings = append(g.settings, s)
	}
	return g
}

// read reads all settings at once, each within its time.
func (g *credentials) read(ctx context.Context) {
	var all sync.WaitGroup
	for _, s := range g.settings {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, checkWithin)
			defer cancel()
			switch s.name {
			case googleServiceAccount:
				s.value, s.err = g.secrets.googleKey(ctx)
			case azureCertificate:
				s.value, s.err = g.secrets.azureCertificate(ctx)
			case connectToken, serviceAccountToken:
				s.value, s.err = g.secrets.firstSecret(s.name)
			default:
				s.value, s.err = g.secrets.get(ctx, s.name)
			}
		})
	}
	all.Wait()
}

func (g *credentials) setting(name string) *setting {
	return g.settings[slices.IndexFunc(g.settings, func(s *setting) bool { return s.name == name })]
}

func (g *credentials) value(name string) string { return g.setting(name).value.Reveal() }

func (g *credentials) isSet(name string) bool { return g.setting(name).from != "" }

// values are the secrets, to look for them in what is printed.
func (g *credentials) values() (out []string) {
	for _, s := range g.settings {
		if v := s.value.Reveal(); len(v) > 3 && !s.open {
			out = append(out, v)
		}
	}
	return out
}

// references are the settings that are in 1Password.
func (g *credentials) references() (out []*setting) {
	for _, s := range g.settings {
		if s.inOP {
			out = append(out, s)
		}
	}
	return out
}

// access is the way to 1Password, in words; empty for none.
func (g *credentials) access() string {
	switch {
	case g.lookup(connectHost) != "":
		return "the Connect server of " + connectHost
	case g.isSet(serviceAccountToken):
		return "a service account"
	case g.isSet(connectToken):
		return connectToken + " without " + connectHost
	}
	return ""
}

// findings say where each secret is. What 1Password says is said there.
func (g *credentials) findings() (out []checkup.Finding) {
	for _, s := range g.settings {
		switch {
		case s.err != nil && !s.inOP:
			out = append(out, failures(s.err)...)
		case s.from != "":
			out = append(out, checkup.Okay("%s is %s.", s.name, s.from))
		case s.name == slackBotToken:
			out = append(out, checkup.Failing(whereBotToken, "%s is not set.", s.name))
		case s.name == slackAppToken:
			out = append(out, checkup.Failing(whereAppToken, "%s is not set.", s.name))
		}
	}
	g.secrets.mu.Lock()
	defer g.secrets.mu.Unlock()
	for _, path := range slices.Sorted(maps.Keys(g.secrets.warned)) {
		out = append(out, checkup.Doubtful("chmod o-r "+path, "Everybody on this machine can read the secret in %s.", path))
	}
	return out
}

// failures are an error as findings, one for each error that is joined in it. Ours
// say what is wrong and then what to do.
func failures(err error) (out []checkup.Finding) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			out = append(out, failures(e)...)
		}
		return out
	}
	text, cure := err.Error(), ""
	if end := strings.IndexAny(text, ";."); end >= 0 {
		for _, mark := range []string{"; ", ". "} {
			if i := strings.Index(text, mark); i >= 0 && (cure == "" || i < end) {
				end, cure = i, text[i+len(mark):]
			}
		}
		if cure != "" {
			text = text[:end]
		}
	}
	return append(out, checkup.Failing(sentence(cure), "%s", sentence(text)))
}

// sentence is a text with a capital at its beginning, unless that is a name, and a
// full stop at its end.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	word, _, _ := strings.Cut(text, " ")
	if !strings.ContainsAny(word, "._:/") {
		r, size := utf8.DecodeRuneInString(text)
		text = string(unicode.ToUpper(r)) + text[size:]
	}
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}
