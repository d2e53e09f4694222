package drive_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"cloudimage/providers/drive"
	"cloudimage/providers/drive/drivesim"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	key := b.google.Key()
	notTheKey := "Google's key is not the JSON key of a service account: "
	for _, c := range []struct {
		name string
		o    drive.Options
		want string
	}{
		{"no key", drive.Options{Template: template, Folder: folder}, notTheKey + "it is no JSON. Make one in the Google Cloud console"},
		{"a token", drive.Options{Key: drive.Key("hunter2"), Template: template, Folder: folder}, notTheKey + "it is no JSON"},
		{"a person's", drive.Options{Key: edited(t, key, "type", "authorized_user"), Template: template, Folder: folder}, notTheKey + "its type is not service_account"},
		{"nobody's", drive.Options{Key: edited(t, key, "client_email", ""), Template: template, Folder: folder}, notTheKey + "it has no client_email"},
		{"a torn key", drive.Options{Key: edited(t, key, "private_key", "-----BEGIN PRIVATE KEY-----\nhunter2"), Template: template, Folder: folder}, notTheKey + "its private_key is no RSA key in PEM form"},
		{"a bent key", drive.Options{Key: edited(t, key, "private_key", "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n"), Template: template, Folder: folder}, notTheKey + "its private_key is no RSA key in PEM form"},
		{"tokens from nowhere", drive.Options{Key: edited(t, key, "token_uri", "oauth2"), Template: template, Folder: folder}, notTheKey + "its token_uri is no address"},
		{"no template", drive.Options{Key: key, Folder: folder}, "the template of the partnership documents is not set; open it in Google Drive and give its link"},
		{"no folder", drive.Options{Key: key, Template: template}, "the folder of the partnership documents is not set"},
		{"a template by name", drive.Options{Key: key, Template: "My template", Folder: folder}, `the template of the partnership documents, "My template", is neither a link to Google Drive nor an id`},
		{"a template elsewhere", drive.Options{Key: key, Template: "https://example.com/document/d/" + template, Folder: folder}, "the template of the partnership documents, "},
		{"an endpoint that is none", drive.Options{Key: key, Template: template, Folder: folder, Endpoint: "localhost:80"}, "the address of the Google Drive API is none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := drive.New(c.o)
			b.fails(err, drive.ErrInvalid, c.want)
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("it shows the key: %v", err)
			}
		})
	}
}

// TestLinks holds that what the browser shows is taken.
func TestLinks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, link := range []string{
		template, " " + template + "\n",
		"https://docs.google.com/document/d/" + template + "/edit",
		"https://docs.google.com/document/d/" + template + "/edit?usp=sharing#heading=h.1",
		"https://docs.google.com/document/u/0/d/" + template,
		"https://drive.google.com/open?id=" + template,
		"https://drive.google.com/file/d/" + template + "/view",
	} {
		for _, into := range []string{folder, "https://drive.google.com/drive/folders/" + folder + "?usp=drive_link", "https://drive.google.com/drive/u/0/folders/" + folder} {
			client, err := drive.New(drive.Options{Key: b.google.Key(), Template: link, Folder: into, Endpoint: b.google.Endpoint()})
			if err != nil {
				t.Error(err)
				continue
			}
			if err := client.Check(t.Context()); err != nil {
				t.Errorf("%s into %s: %v", link, into, err)
			}
		}
	}
}

// TestTheKeyDoesNotPrint prints a key in all the ways there are.
func TestTheKeyDoesNotPrint(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	key := drive.Key(b.google.Key())
	options := drive.Options{Key: key, Template: template, Folder: folder}
	for _, v := range []any{key, &key, options, &options, b.Client} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
			shown := fmt.Sprintf(verb, v)
			b.quiet(shown)
			if strings.Contains(shown, fmt.Sprintf("%x", "PRIVATE")) || strings.Contains(shown, strings.Trim(fmt.Sprint([]byte("PRIVATE")), "[]")) {
				t.Errorf("%s shows the key of %T", verb, v)
			}
		}
	}
	text, err := json.Marshal(struct{ Key drive.Key }{key})
	if err != nil {
		t.Fatal(err)
	}
	b.quiet(string(text))
	if client := b.Account(); client != b.google.Account() || client == "" || drivesim.ID("a") == drivesim.ID("b") {
		t.Errorf("the account is %s", client)
	}
}
