package onepassword

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	sdk "github.com/1password/onepassword-sdk-go"
)

// This file tests what is made of the library's answers. The library itself speaks
// to 1Password's servers and to no others; service_library_test.go asks it what it
// knows without them.

// script is an account that answers as it is told.
type script struct {
	value string
	err   error
}

func (s script) Resolve(context.Context, string) (string, error) { return s.value, s.err }

// scripted is a source whose accounts are these, one after the other, and how
// many were opened.
func scripted(answers ...script) (*ServiceAccount, *int) {
	opened := 0
	return &ServiceAccount{token: NewSecret("ops_hunter2"), turn: make(chan struct{}, 1), open: func(context.Context, string) (account, error) {
		opened++
		return answers[opened-1], nil
	}}, &opened
}

func TestServiceAccountSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]struct {
		kind     error
		sentence string
	}{
		"error resolving secret reference: no vault matched the secret reference query":            {ErrMissing, "there is no such vault, or the service account may not read it"},
		"error resolving secret reference: no item matched the secret reference query":             {ErrMissing, "there is no such item in the vault"},
		"error resolving secret reference: item is not in an active state":                         {ErrMissing, "the item is archived or deleted"},
		"error resolving secret reference: no section matched the secret reference":                {ErrMissing, "there is no such section"},
		"error resolving secret reference: the specified field cannot be found within the item":    {ErrMissing, "there is no such field"},
		"error resolving secret reference: no file field found with given section and field IDs":   {ErrMissing, "there is no such file"},
		"error resolving secret reference: more than one vault matched the secret reference query": {ErrAmbiguous, "several vaults have that name"},
		"error resolving secret reference: more than one item matched the secret reference query":  {ErrAmbiguous, "several items of the vault have that name"},
		"error resolving secret reference: more than one field matched the secret reference":       {ErrAmbiguous, "several fields of the item have that name"},
		"you are not authenticated":                                                                    {ErrRefused, "1Password does not take OP_SERVICE_ACCOUNT_TOKEN any more"},
		"you don't have the right permissions to access this resource":                                 {ErrRefused, "the service account may not read it"},
		"bad service account token, please rotate it: ops_hunter2":                                     {ErrRefused, "1Password does not take OP_SERVICE_ACCOUNT_TOKEN"},
		"Post \"https://my.1password.com/\": dial tcp: no such host (recovered by wazero)\nwasm stack": {ErrUnavailable, "1Password cannot be reached with the service account"},
	} {
		source, _ := scripted(script{err: errors.New(said)})
		_, err := source.Read(t.Context(), Reference{Vault: "v", Item: "i", Field: "f"})
		if !errors.Is(err, want.kind) || !strings.HasPrefix(err.Error(), "op://v/i/f: "+want.sentence) {
			t.Errorf("%v\nwant %s", err, want.sentence)
		}
		if shown := fmt.Sprintf("%+v %#v", err, err); strings.Contains(shown, "hunter2") || strings.Contains(shown, "stack") {
			t.Errorf("the error shows too much: %s", shown)
		}
	}
	source, _ := scripted(script{err: &sdk.RateLimitExceededError{}})
	if _, err := source.Read(t.Context(), Reference{Vault: "v", Item: "i", Field: "f"}); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "asked too often") {
		t.Errorf("%v", err)
	}
}

// TestServiceAccountSignsInAgain holds that one session serves until it fails.
func TestServiceAccountSignsInAgain(t *testing.T) {
	t.Parallel()
	ref := Reference{Vault: "v", Item: "i", Field: "f"}
	source, opened := scripted(script{err: errors.New("no item matched")}, script{value: "x"})
	for range 2 {
		if _, err := source.Read(t.Context(), ref); !errors.Is(err, ErrMissing) || *opened != 1 {
			t.Errorf("%v, %d sessions", err, *opened)
		}
	}
	source, opened = scripted(script{err: errors.New("session expired")}, script{value: "hunter2"})
	if _, err := source.Read(t.Context(), ref); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
	for range 2 {
		if got, err := source.Read(t.Context(), ref); err != nil || got.Reveal() != "hunter2" || *opened != 2 {
			t.Errorf("%v, %d sessions", err, *opened)
		}
	}
	source, _ = scripted(script{})
	if _, err := source.Read(t.Context(), ref); !errors.Is(err, ErrMissing) {
		t.Errorf("an empty field: %v", err)
	}
}

// TestServiceAccountWaitsItsTurn holds that a question that takes long holds up
// others no longer than they want.
func TestServiceAccountWaitsItsTurn(t *testing.T) {
	t.Parallel()
	source, _ := scripted()
	source.turn <- struct{}{}
	ctx, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	if _, err := source.Read(ctx, Reference{Vault: "v", Item: "i", Field: "f"}); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
}

func TestServiceAccountSettings(t *testing.T) {
	t.Parallel()
	for _, token := range []Secret{{}, NewSecret("hunter2"), NewSecret("eyJhbGciOi")} {
		if _, err := NewServiceAccount(token); !errors.Is(err, ErrInvalid) || strings.Contains(err.Error(), "hunter2") {
			t.Error(err)
		}
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	ops, connect := NewSecret("ops_hunter2"), NewSecret("hunter2")
	for _, c := range []struct {
		access Access
		want   string // the type, or the error
	}{
		{Access{ConnectHost: "http://connect:8080", ConnectToken: connect}, "*onepassword.Connect"},
		{Access{ServiceAccountToken: ops}, "*onepassword.ServiceAccount"},
		{Access{ConnectHost: "http://connect:8080", ConnectToken: connect, ServiceAccountToken: ops}, "*onepassword.Connect"},
		{Access{}, "secrets that begin with op:// are in 1Password, and there is no way to it: set OP_CONNECT_HOST and OP_CONNECT_TOKEN, or OP_SERVICE_ACCOUNT_TOKEN"},
		{Access{ConnectToken: connect, ServiceAccountToken: ops}, "OP_CONNECT_TOKEN is set and OP_CONNECT_HOST is not; the Connect server wants both"},
		{Access{ServiceAccountToken: connect}, "OP_SERVICE_ACCOUNT_TOKEN is not the token of a service account, which begins with ops_. 1Password shows it once, when the account is made, under Developer, Service accounts"},
	} {
		source, err := c.access.Source()
		got := fmt.Sprintf("%T", source)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s\nwant %s", got, c.want)
		}
		if shown := fmt.Sprintf("%v %+v %#v %s %d", c.access, source, source, source, source); strings.Contains(shown, "hunter2") {
			t.Errorf("it shows a token: %s", shown)
		}
	}
}
