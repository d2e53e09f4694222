package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"

	"cloudimage/providers/onepassword"
)

// This file is where secret settings come from. The rules are:
//
//   - The setting X is the environment variable X, or what is in the file that
//     X_FILE names. Both at once is a mistake.
//   - Either may be a reference to 1Password, op://vault/item/field. Nothing is
//     asked of 1Password when there is none.
//   - No error and no log shows a value, nor what X_FILE is set to: some day somebody
//     puts the token there.

// The secret settings.
const (
	slackBotToken        = "SLACK_BOT_TOKEN"
	slackAppToken        = "SLACK_APP_TOKEN"
	gitLabToken          = "GITLAB_TOKEN"
	googleServiceAccount = "GOOGLE_SERVICE_ACCOUNT"
	awsAccessKey         = "AWS_ACCESS_KEY_ID"
	awsSecretKey         = "AWS_SECRET_ACCESS_KEY"
	awsSessionToken      = "AWS_SESSION_TOKEN"
	// The two ways to 1Password itself cannot be references.
	connectToken        = "OP_CONNECT_TOKEN"
	serviceAccountToken = "OP_SERVICE_ACCOUNT_TOKEN"
)

// connectHost is no secret, and belongs to one.
const connectHost = "OP_CONNECT_HOST"

// inFile is how the variable ends that names a setting's file.
const inFile = "_FILE"

// longestSecret is how much of a file is read, in bytes. A key of Google's has about
// 2,400.
const longestSecret = 64 << 10

// secrets reads secret settings.
type secrets struct {
	lookup func(name string) string // os.Getenv, but for tests
	log    *slog.Logger
	vault  func() (*onepassword.Resolver, error)

	mu     sync.Mutex
	warned map[string]bool // files that are open to everybody, and were spoken of
}

func newSecrets(lookup func(string) string, log *slog.Logger) *secrets {
	s := &secrets{lookup: lookup, log: log, warned: map[string]bool{}}
	s.vault = sync.OnceValues(s.openVault)
	return s
}

// slackTokens returns the bot's token and the app's; zero where there is none.
func (s *secrets) slackTokens(ctx context.Context) (bot, app onepassword.Secret, err error) {
	if bot, err = s.get(ctx, slackBotToken); err != nil {
		return bot, app, err
	}
	app, err = s.get(ctx, slackAppToken)
	return bot, app, err
}

// gitLabToken returns the token for GitLab; zero when there is none. It may be
// called for each use: what is in 1Password is asked for now and then.
func (s *secrets) gitLabToken(ctx context.Context) (onepassword.Secret, error) {
	return s.get(ctx, gitLabToken)
}

// googleKey returns the JSON key of Google's service account; zero when there is
// none. GOOGLE_SERVICE_ACCOUNT may be a path too, as Google's own tools have it.
func (s *secrets) googleKey(ctx context.Context) (onepassword.Secret, error) {
	value, err := s.plain(googleServiceAccount)
	if err != nil {
		return onepassword.Secret{}, err
	}
	isPath := value != "" && s.lookup(googleServiceAccount+inFile) == "" && !onepassword.IsReference(value) && !isJSON(value)
	if isPath {
		if value, err = s.read(value); err != nil {
			return onepassword.Secret{}, fmt.Errorf("%s is neither a JSON key nor the path of a file that can be read (%w). Set it to one of them, or to an op:// reference", googleServiceAccount, err)
		}
	}
	key, err := s.resolve(ctx, googleServiceAccount, value)
	if err == nil && !key.IsZero() && !isJSON(key.Reveal()) {
		err = fmt.Errorf("%s is no JSON key of a service account, which begins with {. Make one in the Google Cloud console: IAM, Service accounts, Keys", googleServiceAccount)
	}
	return key, err
}

// awsKeys are an access key for AWS; zero where AWS's own chain is to find one.
type awsKeys struct{ id, secret, session string }

// awsKeys returns the access key for AWS where a part of it is a reference or in a file
// of ours.
func (s *secrets) awsKeys(ctx context.Context) (k awsKeys, err error) {
	parts := []struct {
		name string
		to   *string
	}{{awsAccessKey, &k.id}, {awsSecretKey, &k.secret}, {awsSessionToken, &k.session}}
	ours := false
	for _, p := range parts {
		if *p.to, err = s.plain(p.name); err != nil {
			return awsKeys{}, err
		}
		ours = ours || s.lookup(p.name+inFile) != "" || onepassword.IsReference(*p.to)
	}
	if !ours {
		return awsKeys{}, nil
	}
	for _, p := range parts {
		secret, err := s.resolve(ctx, p.name, *p.to)
		if err != nil {
			return awsKeys{}, err
		}
		if *p.to = secret.Reveal(); *p.to == "" && p.name != awsSessionToken {
			return awsKeys{}, fmt.Errorf("%s is missing: an access key has two parts, and the other one is set", p.name)
		}
	}
	return k, nil
}

func isJSON(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "{") }

// get returns a secret setting; zero when it is not set.
func (s *secrets) get(ctx context.Context, name string) (onepassword.Secret, error) {
	value, err := s.plain(name)
	if err != nil {
		return onepassword.Secret{}, err
	}
	return s.resolve(ctx, name, value)
}

// resolve makes a secret of what a setting says.
func (s *secrets) resolve(ctx context.Context, name, value string) (onepassword.Secret, error) {
	if !onepassword.IsReference(value) {
		return onepassword.NewSecret(value), nil
	}
	vault, err := s.vault()
	if err != nil {
		return onepassword.Secret{}, fmt.Errorf("%s: %w", name, err)
	}
	secret, err := vault.Resolve(ctx, value)
	if err != nil {
		return onepassword.Secret{}, fmt.Errorf("%s: %w", name, err)
	}
	return secret, nil
}

// openVault makes the way to 1Password.
func (s *secrets) openVault() (*onepassword.Resolver, error) {
	access := onepassword.Access{ConnectHost: s.lookup(connectHost)}
	var err error
	if access.ConnectToken, err = s.firstSecret(connectToken); err != nil {
		return nil, err
	}
	if access.ServiceAccountToken, err = s.firstSecret(serviceAccountToken); err != nil {
		return nil, err
	}
	source, err := access.Source()
	if err != nil {
		return nil, err
	}
	return onepassword.New(onepassword.Options{Source: source, Logger: s.log})
}

// firstSecret is a token for 1Password itself, which has to come from elsewhere.
func (s *secrets) firstSecret(name string) (onepassword.Secret, error) {
	value, err := s.plain(name)
	if err == nil && onepassword.IsReference(value) {
		err = fmt.Errorf("%s is a reference to 1Password, and is what 1Password is asked with; set it to the token itself", name)
	}
	return onepassword.NewSecret(value), err
}

// plain is what a setting says, in its variable or in its file.
func (s *secrets) plain(name string) (string, error) {
	value, file := s.lookup(name), s.lookup(name+inFile)
	switch {
	case value != "" && file != "":
		return "", fmt.Errorf("both %s and %s are set; keep one of them", name, name+inFile)
	case file == "":
		return value, nil
	}
	value, err := s.read(file)
	if err != nil {
		return "", fmt.Errorf("the file that %s names cannot be used (%w). Put the secret into it, or set %s instead", name+inFile, err, name)
	}
	return value, nil
}

// read reads a file that holds a secret, without the newline at its end. The
// error does not name the file.
func (s *secrets) read(path string) (string, error) {
	value, err := s.readFile(path)
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return value, err
}

func (s *secrets) readFile(path string) (string, error) {
	content, err := s.readWhole(path)
	if err != nil {
		return "", err
	}
	value := strings.TrimRight(string(content), "\r\n")
	if value == "" {
		return "", errors.New("it is empty")
	}
	return value, nil
}

// readWhole reads a file as it is: a certificate may be no text.
func (s *secrets) readWhole(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("it is a folder")
	}
	s.warnOpen(path, info.Mode().Perm())
	content, err := io.ReadAll(io.LimitReader(file, longestSecret+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > longestSecret:
		return nil, fmt.Errorf("it has more than %d bytes", longestSecret)
	case len(content) == 0:
		return nil, errors.New("it is empty")
	}
	return content, nil
}

// warnOpen warns of a file that everybody on the machine can read, once. It is used
// all the same: inside a container nobody else may be there.
func (s *secrets) warnOpen(path string, mode fs.FileMode) {
	if mode&0o004 == 0 || runtime.GOOS == "windows" { // which has no such bits
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.warned[path] {
		s.warned[path] = true
		s.log.Warn("the file of a secret can be read by everybody on this machine", "file", path, "mode", mode.String())
	}
}
