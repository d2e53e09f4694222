package onepassword_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"cloudimage/providers/onepassword"
	"cloudimage/providers/onepassword/connectsim"
)

const token = "connect-token-hunter2"

// startConnect starts a Connect server with a vault that has something of
// everything.
func startConnect(t *testing.T) *connectsim.Server {
	t.Helper()
	server, err := connectsim.Start(connectsim.Options{Token: token, Vaults: []connectsim.Vault{
		{Name: "GitLab Images", Items: []connectsim.Item{
			{Title: "AWS", Fields: []connectsim.Field{
				{ID: "password", Label: "password", Value: "hunter2-password", Purpose: "PASSWORD"},
				{Label: "access key", Section: "Seller account", Value: "hunter2-seller"},
				{Label: "access key", Section: "Build account", Value: "hunter2-build"},
				{Label: "region", Section: "Build account", Value: "hunter2-region"},
				{Label: "same", Value: "hunter2-outside"},
				{Label: "same", Section: "Build account", Value: "hunter2-inside"},
				{Label: "twice", ID: "twice1", Value: "hunter2-twice1"},
				{Label: "twice", ID: "twice2", Value: "hunter2-twice2"},
				{Label: "empty"},
				{Label: "quoted", Value: "hunter2 \"\\\n\u2028 end "},
			}, Files: []connectsim.File{{Name: "key.json", Content: `{"private_key": "hunter2-file"}` + "\n"}}},
			{Title: "Twin"},
			{ID: connectsim.ID("another twin"), Title: "Twin"},
			{Title: "abcdefghijklmnopqrstuvwxyz", Fields: []connectsim.Field{{Label: "f", Value: "hunter2-named-like-an-id"}}},
		}},
		{Name: "Double"}, {Name: "double", ID: connectsim.ID("another double")},
		{Name: "Closed", OutOfScope: true},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func connectTo(t *testing.T, server *connectsim.Server, token string) *onepassword.Connect {
	t.Helper()
	source, err := onepassword.NewConnect(server.URL(), onepassword.NewSecret(token))
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func reference(t *testing.T, text string) onepassword.Reference {
	t.Helper()
	ref, err := onepassword.ParseReference(text)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestConnectReads(t *testing.T) {
	t.Parallel()
	server := startConnect(t)
	vault := connectsim.ID("vault", "GitLab Images")
	item := connectsim.ID("item", vault, "AWS")
	for text, want := range map[string]string{
		"op://GitLab Images/AWS/password":                                                            "hunter2-password",
		"op://gitlab images/aws/PASSWORD":                                                            "hunter2-password",
		"op://" + vault + "/" + item + "/password":                                                   "hunter2-password",
		"op://GitLab Images/AWS/Seller account/access key":                                           "hunter2-seller",
		"op://GitLab Images/AWS/build account/Access Key":                                            "hunter2-build",
		"op://GitLab Images/AWS/region":                                                              "hunter2-region",
		"op://GitLab Images/AWS/same":                                                                "hunter2-outside",
		"op://GitLab Images/AWS/Build account/same":                                                  "hunter2-inside",
		"op://GitLab Images/AWS/twice2":                                                              "hunter2-twice2",
		"op://GitLab Images/AWS/quoted":                                                              "hunter2 \"\\\n\u2028 end ",
		"op://GitLab Images/AWS/key.json":                                                            `{"private_key": "hunter2-file"}` + "\n",
		"op://GitLab Images/abcdefghijklmnopqrstuvwxyz/f":                                            "hunter2-named-like-an-id",
		"op://GitLab Images/AWS/" + connectsim.ID("section", item, "Seller account") + "/access key": "hunter2-seller",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, err := connectTo(t, server, token).Read(t.Context(), reference(t, text))
			if err != nil || got.Reveal() != want {
				t.Errorf("%q, %v; want %q", got.Reveal(), err, want)
			}
		})
	}
}

func TestConnectSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	server := startConnect(t)
	for text, want := range map[string]struct {
		kind     error
		sentence string
	}{
		"op://Nothing/AWS/password": {onepassword.ErrMissing,
			`there is no vault "Nothing", or the token may not read it; give the token access to it, or correct the name`},
		"op://Closed/AWS/password": {onepassword.ErrMissing,
			`there is no vault "Closed", or the token may not read it`},
		"op://Double/AWS/password": {onepassword.ErrAmbiguous,
			`2 vaults are called "Double"; put the id of the right one in the reference, which is one of ` + connectsim.ID("vault", "Double") + ", " + connectsim.ID("another double")},
		"op://GitLab Images/Azure/password": {onepassword.ErrMissing,
			`there is no item "Azure", in the vault "GitLab Images"; correct the name, or use the item's id`},
		"op://GitLab Images/zzzzzzzzzzzzzzzzzzzzzzzzzz/password": {onepassword.ErrMissing,
			`there is no item "zzzzzzzzzzzzzzzzzzzzzzzzzz", in the vault "GitLab Images"`},
		"op://GitLab Images/Twin/password": {onepassword.ErrAmbiguous,
			`2 items are called "Twin"; put the id of the right one in the reference`},
		"op://GitLab Images/AWS/secret": {onepassword.ErrMissing,
			`there is no field "secret" in the item "AWS"; correct the name, or use the field's id`},
		"op://GitLab Images/AWS/Build account/password": {onepassword.ErrMissing,
			`there is no field "password" in the section "Build account" of the item "AWS"`},
		"op://GitLab Images/AWS/access key": {onepassword.ErrAmbiguous,
			`2 fields of the item "AWS" are called "access key"; say which section, or use the field's id`},
		"op://GitLab Images/AWS/twice": {onepassword.ErrAmbiguous,
			`2 fields of the item "AWS" are called "twice"`},
		"op://GitLab Images/AWS/empty": {onepassword.ErrMissing,
			`the field "empty" is empty; write the secret into it`},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			_, err := connectTo(t, server, token).Read(t.Context(), reference(t, text))
			fails(t, err, want.kind, text+": "+want.sentence)
		})
	}
}

// fails holds that an error is of a kind, begins with a sentence, and shows
// nothing of what is secret.
func fails(t *testing.T, err, kind error, sentence string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("the error is %v, want one of the kind %q", err, kind)
		return
	}
	if !strings.HasPrefix(err.Error(), sentence) {
		t.Errorf("the error is %v\nwant %s", err, sentence)
	}
	if shown := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(shown, "hunter2") || strings.Contains(shown, "\n") {
		t.Errorf("the error shows too much: %s", shown)
	}
}

func TestConnectRefusesTheToken(t *testing.T) {
	t.Parallel()
	server := startConnect(t)
	_, err := connectTo(t, server, "another-hunter2").Read(t.Context(), reference(t, "op://GitLab Images/AWS/password"))
	fails(t, err, onepassword.ErrRefused, "op://GitLab Images/AWS/password: 1Password Connect refuses the token; make a new one for this Connect server and put it in OP_CONNECT_TOKEN. It says: Invalid token signature")
}

func TestConnectDoesNotAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault connectsim.Fault
		want  string
	}{
		{"cut off", connectsim.Cut, "EOF"},
		{"an error", connectsim.Error, "it answers 500 Internal Server Error: something went wrong"},
		{"a proxy", connectsim.Busy, "it answers 503 Service Unavailable"},
		{"too many questions", connectsim.Limited, "it answers 429 Too Many Requests"},
		{"somebody else", connectsim.Foreign, "decoding response: invalid character '<'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := startConnect(t)
			server.Break(c.fault)
			source := connectTo(t, server, token)
			_, err := source.Read(t.Context(), reference(t, "op://GitLab Images/AWS/password"))
			fails(t, err, onepassword.ErrUnavailable, "op://GitLab Images/AWS/password: 1Password Connect cannot be reached or does not work; see that OP_CONNECT_HOST is its address and that it runs. It was: ")
			if err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q in it", err, c.want)
			}
			server.Mend()
			if got, err := source.Read(t.Context(), reference(t, "op://GitLab Images/AWS/password")); err != nil || got.Reveal() != "hunter2-password" {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestConnectIsNotThere(t *testing.T) {
	t.Parallel()
	server := startConnect(t)
	source := connectTo(t, server, token)
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := source.Read(t.Context(), reference(t, "op://GitLab Images/AWS/password"))
	fails(t, err, onepassword.ErrUnavailable, "op://GitLab Images/AWS/password: 1Password Connect cannot be reached")
	if err != nil && !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("the error does not say why: %v", err)
	}
}

// TestConnectIsNotWaitedForForEver holds that a server which takes questions and
// answers none holds up neither those who ask nor, when it is mended, the next.
func TestConnectIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	server := startConnect(t)
	source := connectTo(t, server, token)
	ref := reference(t, "op://GitLab Images/AWS/password")
	server.Break(connectsim.Hang)
	for i := range 6 { // more than there may be at once
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := source.Read(ctx, ref)
			ended <- err
		}()
		if i == 0 {
			<-server.Hanging()
		}
		cancel()
		fails(t, <-ended, onepassword.ErrUnavailable, ref.String()+": 1Password Connect cannot be reached or does not work")
	}
	server.Mend()
	if got, err := source.Read(t.Context(), ref); err != nil || got.Reveal() != "hunter2-password" {
		t.Errorf("afterwards: %v", err)
	}
}

func TestConnectSettings(t *testing.T) {
	t.Parallel()
	some := onepassword.NewSecret("hunter2")
	for _, c := range []struct {
		host  string
		token onepassword.Secret
		want  string
	}{
		{"", some, "OP_CONNECT_HOST is not the address of a Connect server"},
		{"connect:8080", some, "OP_CONNECT_HOST is not the address of a Connect server; it is such as http://connect:8080"},
		{"ftp://connect", some, "OP_CONNECT_HOST is not the address"},
		{"http://", some, "OP_CONNECT_HOST is not the address"},
		{"http://connect?token=hunter2", some, "OP_CONNECT_HOST is not the address"},
		{"http://a b", some, "OP_CONNECT_HOST is not the address"},
		{"http://me:hunter2@connect", some, "OP_CONNECT_HOST has a user or a password in it"},
		{"http://connect:8080", onepassword.Secret{}, "OP_CONNECT_HOST is set and OP_CONNECT_TOKEN is not"},
	} {
		_, err := onepassword.NewConnect(c.host, c.token)
		fails(t, err, onepassword.ErrInvalid, c.want)
	}
}
