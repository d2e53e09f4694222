package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cloudimage/providers/onepassword"
	"cloudimage/providers/onepassword/connectsim"
)

// secretNames are the settings that secrets.go reads.
func secretNames() []string {
	return []string{slackBotToken, slackAppToken, gitLabToken, googleServiceAccount, awsAccessKey, awsSecretKey, awsSessionToken,
		azureTenant, azureClient, azureSecret, azureCertificate, azurePassword, azureTokenFile, connectHost, connectToken, serviceAccountToken}
}

// secretVariables are the variables it reads them from.
func secretVariables() []string {
	var out []string
	for _, name := range secretNames() {
		out = append(out, name, name+inFile)
	}
	return out
}

// startConnect starts a Connect server that has the secrets of the product in
// the item cloudimage of the vault GitLab Images.
func startConnect(t *testing.T, fields ...connectsim.Field) *connectsim.Server {
	t.Helper()
	connect, err := connectsim.Start(connectsim.Options{Token: "connect-token", Vaults: []connectsim.Vault{
		{Name: "GitLab Images", Items: []connectsim.Item{{Title: "cloudimage", Fields: fields}}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := connect.Close(); err != nil {
			t.Error(err)
		}
	})
	return connect
}

// fileWith is the path of a file with a content.
func fileWith(t *testing.T, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// inEnvironment is a lookup of these variables alone.
func inEnvironment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestSecretsComeFromThreePlaces(t *testing.T) {
	t.Parallel()
	connect := startConnect(t, connectsim.Field{Label: "gitlab", Value: "hunter2-vault"})
	for _, c := range []struct {
		name      string
		variables map[string]string
		want      string
	}{
		{"nowhere", nil, ""},
		{"the variable", map[string]string{"GITLAB_TOKEN": "hunter2-variable"}, "hunter2-variable"},
		{"a file", map[string]string{"GITLAB_TOKEN_FILE": fileWith(t, "hunter2-file\n", 0o600)}, "hunter2-file"},
		{"a file of Windows", map[string]string{"GITLAB_TOKEN_FILE": fileWith(t, "hunter2-file\r\n", 0o600)}, "hunter2-file"},
		{"1Password", map[string]string{"GITLAB_TOKEN": "op://GitLab Images/cloudimage/gitlab",
			"OP_CONNECT_HOST": connect.URL(), "OP_CONNECT_TOKEN": "connect-token"}, "hunter2-vault"},
		{"1Password, from files", map[string]string{"GITLAB_TOKEN_FILE": fileWith(t, "op://GitLab Images/cloudimage/gitlab\n", 0o600),
			"OP_CONNECT_HOST": connect.URL() + "/", "OP_CONNECT_TOKEN_FILE": fileWith(t, "connect-token\n", 0o600)}, "hunter2-vault"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			got, err := newSecrets(inEnvironment(c.variables), slog.New(slog.NewTextHandler(&log, nil))).gitLabToken(t.Context())
			if err != nil || got.Reveal() != c.want {
				t.Errorf("%q, %v; want %q", got.Reveal(), err, c.want)
			}
			if log.Len() > 0 {
				t.Errorf("it said: %s", &log)
			}
		})
	}
}

// TestSecretsAreRefused holds that every mistake is a sentence that names the
// variable, and that none shows a value.
func TestSecretsAreRefused(t *testing.T) {
	t.Parallel()
	connect := startConnect(t, connectsim.Field{Label: "gitlab", Value: "hunter2"})
	long := strings.Repeat("hunter2", longestSecret/7+1)
	for _, c := range []struct {
		name      string
		variables map[string]string
		want      string
	}{
		{"both", map[string]string{"GITLAB_TOKEN": "hunter2", "GITLAB_TOKEN_FILE": "/hunter2"},
			"both GITLAB_TOKEN and GITLAB_TOKEN_FILE are set; keep one of them"},
		{"no file, or the token in its place", map[string]string{"GITLAB_TOKEN_FILE": "hunter2"},
			"the file that GITLAB_TOKEN_FILE names cannot be used (no such file or directory). Put the secret into it, or set GITLAB_TOKEN instead"},
		{"an empty file", map[string]string{"GITLAB_TOKEN_FILE": fileWith(t, "\n", 0o600)},
			"the file that GITLAB_TOKEN_FILE names cannot be used (it is empty)."},
		{"a folder", map[string]string{"GITLAB_TOKEN_FILE": t.TempDir()},
			"the file that GITLAB_TOKEN_FILE names cannot be used (it is a folder)."},
		{"a long file", map[string]string{"GITLAB_TOKEN_FILE": fileWith(t, long, 0o600)},
			"(it has more than 65536 bytes)"},
		{"no way to 1Password", map[string]string{"GITLAB_TOKEN": "op://GitLab Images/cloudimage/gitlab"},
			"GITLAB_TOKEN: secrets that begin with op:// are in 1Password, and there is no way to it: set OP_CONNECT_HOST and OP_CONNECT_TOKEN, or OP_SERVICE_ACCOUNT_TOKEN"},
		{"half a way", map[string]string{"GITLAB_TOKEN": "op://GitLab Images/cloudimage/gitlab", "OP_CONNECT_HOST": connect.URL()},
			"GITLAB_TOKEN: OP_CONNECT_HOST is set and OP_CONNECT_TOKEN is not; the Connect server wants both"},
		{"the other half", map[string]string{"GITLAB_TOKEN": "op://GitLab Images/cloudimage/gitlab", "OP_CONNECT_TOKEN": "hunter2"},
			"GITLAB_TOKEN: OP_CONNECT_TOKEN is set and OP_CONNECT_HOST is not; the Connect server wants both"},
		{"a circle", map[string]string{"GITLAB_TOKEN": "op://GitLab Images/cloudimage/gitlab", "OP_CONNECT_HOST": connect.URL(), "OP_CONNECT_TOKEN": "op://a/b/c"},
			"GITLAB_TOKEN: OP_CONNECT_TOKEN is a reference to 1Password, and is what 1Password is asked with; set it to the token itself"},
		{"a reference that is none", map[string]string{"GITLAB_TOKEN": "op://GitLab Images/cloudimage", "OP_CONNECT_HOST": connect.URL(), "OP_CONNECT_TOKEN": "connect-token"},
			"GITLAB_TOKEN: op://GitLab Images/cloudimage: a reference is op://vault/item/field"},
		{"a token that is refused", map[string]string{"GITLAB_TOKEN": "op://GitLab Images/cloudimage/gitlab", "OP_CONNECT_HOST": connect.URL(), "OP_CONNECT_TOKEN": "hunter2"},
			"GITLAB_TOKEN: op://GitLab Images/cloudimage/gitlab: 1Password Connect refuses the token"},
		{"no such field", map[string]string{"GITLAB_TOKEN": "op://GitLab Images/cloudimage/gitlap", "OP_CONNECT_HOST": connect.URL(), "OP_CONNECT_TOKEN": "connect-token"},
			`GITLAB_TOKEN: op://GitLab Images/cloudimage/gitlap: there is no field "gitlap" in the item "cloudimage"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := newSecrets(inEnvironment(c.variables), slog.New(slog.DiscardHandler)).gitLabToken(t.Context())
			if err == nil || !got.IsZero() {
				t.Fatalf("it has a secret, or no error: %v", err)
			}
			if !strings.HasPrefix(err.Error(), c.want) && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a value is shown: %v", err)
			}
		})
	}
}

// TestNothingIsAskedOf1PasswordWithoutAReference holds that two plain tokens are
// enough, and that what is set for 1Password is not even looked at.
func TestNothingIsAskedOf1PasswordWithoutAReference(t *testing.T) {
	t.Parallel()
	bot, app, err := newSecrets(inEnvironment(map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "OP_CONNECT_HOST": "no address", "OP_CONNECT_TOKEN": "op://a/b/c",
	}), slog.New(slog.DiscardHandler)).slackTokens(t.Context())
	if err != nil || bot.Reveal() != "xoxb-1" || app.Reveal() != "xapp-1" {
		t.Errorf("%q, %q, %v", bot.Reveal(), app.Reveal(), err)
	}
}

func TestAFileOpenToEverybodyIsWarnedOfOnce(t *testing.T) {
	t.Parallel()
	path := fileWith(t, "hunter2", 0o600)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	s := newSecrets(inEnvironment(map[string]string{"GITLAB_TOKEN_FILE": path}), slog.New(slog.NewTextHandler(&log, nil)))
	for range 2 {
		if token, err := s.gitLabToken(t.Context()); err != nil || token.Reveal() != "hunter2" {
			t.Errorf("%q, %v", token.Reveal(), err)
		}
	}
	if n := strings.Count(log.String(), "the file of a secret can be read by everybody on this machine"); n != 1 || strings.Contains(log.String(), "hunter2") {
		t.Errorf("warned %d times, want once, without the secret:\n%s", n, &log)
	}
}

// TestAFileIsReadAnew holds that a secret may be changed while the program runs.
func TestAFileIsReadAnew(t *testing.T) {
	t.Parallel()
	path := fileWith(t, "one", 0o600)
	s := newSecrets(inEnvironment(map[string]string{"GITLAB_TOKEN_FILE": path}), slog.New(slog.DiscardHandler))
	for _, want := range []string{"one", "two"} {
		if err := os.WriteFile(path, []byte(want+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if token, err := s.gitLabToken(t.Context()); err != nil || token.Reveal() != want {
			t.Errorf("%q, %v; want %q", token.Reveal(), err, want)
		}
	}
}

func TestGoogleKey(t *testing.T) {
	t.Parallel()
	const key = `{"type": "service_account", "private_key": "hunter2"}`
	connect := startConnect(t, connectsim.Field{Label: "google", Value: key}, connectsim.Field{Label: "other", Value: "hunter2"})
	for _, c := range []struct {
		name  string
		value string
		file  string
		want  string // an error; empty for the key
	}{
		{name: "the key", value: key},
		{name: "a path", value: fileWith(t, key+"\n", 0o600)},
		{name: "a file", file: fileWith(t, key+"\n", 0o600)},
		{name: "1Password", value: "op://GitLab Images/cloudimage/google"},
		{name: "1Password, in a file", value: fileWith(t, "op://GitLab Images/cloudimage/google\n", 0o600)},
		{name: "something else", value: "hunter2",
			want: "GOOGLE_SERVICE_ACCOUNT is neither a JSON key nor the path of a file that can be read (no such file or directory)."},
		{name: "a file with something else", file: fileWith(t, "hunter2", 0o600),
			want: "GOOGLE_SERVICE_ACCOUNT is no JSON key of a service account, which begins with {."},
		{name: "1Password, with something else", value: "op://GitLab Images/cloudimage/other",
			want: "GOOGLE_SERVICE_ACCOUNT is no JSON key of a service account, which begins with {."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := newSecrets(inEnvironment(map[string]string{"GOOGLE_SERVICE_ACCOUNT": c.value, "GOOGLE_SERVICE_ACCOUNT_FILE": c.file,
				"OP_CONNECT_HOST": connect.URL(), "OP_CONNECT_TOKEN": "connect-token"}), slog.New(slog.DiscardHandler)).googleKey(t.Context())
			if c.want == "" {
				if err != nil || got.Reveal() != key {
					t.Errorf("%q, %v; want the key", got.Reveal(), err)
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// TestServeTakesItsTokensFrom1Password starts the program with nothing but
// references.
func TestServeTakesItsTokensFrom1Password(t *testing.T) {
	t.Parallel()
	slack := startSlack(t)
	connect := startConnect(t, connectsim.Field{Label: "bot", Section: "Slack", Value: slack.BotToken()}, connectsim.Field{Label: "app", Section: "Slack", Value: slack.AppToken()})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	serve, log := serving(ctx, t, slack, "op://gitlab images/cloudimage/slack/bot", "op://gitlab images/cloudimage/slack/app")
	serve.Args = append(serve.Args, "--verbose")
	serve.Env = append(serve.Env, "OP_CONNECT_HOST="+connect.URL(), "OP_CONNECT_TOKEN=connect-token")
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	if err := slack.WaitConnected(ctx, 1); err != nil {
		t.Error(err)
	}
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("%v\n%s", err, log)
	}
	for _, secret := range []string{slack.BotToken(), slack.AppToken(), "connect-token"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("a token is in the log:\n%s", log)
		}
	}
}

// TestSecretsDoNotPrint holds that what reads secrets shows none, however it is
// printed.
func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	connect := startConnect(t, connectsim.Field{Label: "gitlab", Value: "hunter2"})
	s := newSecrets(inEnvironment(map[string]string{"GITLAB_TOKEN": "op://GitLab Images/cloudimage/gitlab", "OP_CONNECT_HOST": connect.URL(), "OP_CONNECT_TOKEN": "connect-token"}), slog.New(slog.DiscardHandler))
	token, err := s.gitLabToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	vault, err := s.vault()
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		shown := fmt.Sprintf(verb+verb+verb, token, vault, struct{ s onepassword.Secret }{token})
		if strings.Contains(shown, "hunter2") || strings.Contains(shown, "connect-token") || strings.Contains(shown, fmt.Sprintf("%x", "hunter2")) {
			t.Errorf("%s shows it: %s", verb, shown)
		}
	}
	if !errors.Is(mistake(s), onepassword.ErrMissing) {
		t.Error("the kind of an error is lost on the way")
	}
}

// mistake is the error for a field that is not there.
func mistake(s *secrets) error {
	_, err := s.resolve(context.Background(), "X", "op://GitLab Images/cloudimage/nothing")
	return err
}
