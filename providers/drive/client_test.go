package drive_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/drive"
	"cloudimage/providers/drive/drivesim"
)

// signing makes the one key of these tests, for making keys takes long.
var signing = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

var (
	template = drivesim.ID("template")
	folder   = drivesim.ID("folder")
	company  = drivesim.ID("shared drive")
)

// bench is a client on a Google Drive, with what it logged and how long it waited.
type bench struct {
	*drive.Client
	t      *testing.T
	google *drivesim.Server
	log    *bytes.Buffer
	waits  []time.Duration
}

func newBench(t *testing.T) *bench {
	t.Helper()
	google, err := drivesim.Start(drivesim.Options{Signing: signing(), Files: []drivesim.File{
		{ID: template, Name: "Partnership template", Text: "Contacts\nGoals", SharedDrive: company},
		{ID: folder, Name: "Partnerships", MimeType: drivesim.Folder, SharedDrive: company},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := google.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &bench{t: t, google: google, log: &bytes.Buffer{}}
	b.Client = b.client(google.Key())
	return b
}

// client is a client with a key.
func (b *bench) client(key []byte) *drive.Client {
	b.t.Helper()
	client, err := drive.New(drive.Options{Key: key, Template: template, Folder: folder, Endpoint: b.google.Endpoint(),
		Logger: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Wait:   func(_ context.Context, d time.Duration) { b.waits = append(b.waits, d) }})
	if err != nil {
		b.t.Fatal(err)
	}
	return client
}

// fails holds that an error is of a kind, begins with a sentence, and shows
// nothing of the key.
func (b *bench) fails(err, kind error, sentence string) {
	b.t.Helper()
	if !errors.Is(err, kind) || !strings.HasPrefix(err.Error(), sentence) {
		b.t.Errorf("the error is %v\nwant %s", err, sentence)
		return
	}
	b.quiet(fmt.Sprintf("%v %+v %#v", err, err, err))
	b.quiet(b.log.String())
}

// quiet holds that a text shows no secret.
func (b *bench) quiet(text string) {
	b.t.Helper()
	for _, secret := range []string{"PRIVATE", "ya29.", "Bearer", string(b.google.Key()[200:240])} {
		if strings.Contains(text, secret) {
			b.t.Errorf("it shows %q: %s", secret, text)
		}
	}
}

func TestMain(m *testing.M) {
	// This would have Google's client log all that is sent. It must not.
	os.Setenv("GOOGLE_SDK_GO_LOGGING_LEVEL", "debug")
	os.Exit(m.Run())
}

func TestCreateAndFind(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, key := range []string{"run_7f", `it's a \ key's "end"`, "' or trashed = true", strings.Repeat("k", 114)} {
		if d, ok, err := b.Find(t.Context(), key); err != nil || ok {
			t.Fatalf("before, there is %v, %v, %v", d, ok, err)
		}
		made, err := b.Create(t.Context(), key, " Partnership with <Contoso> & Söhne ")
		if err != nil {
			t.Fatal(err)
		}
		found, ok, err := b.Find(t.Context(), key)
		if err != nil || !ok || found != made {
			t.Errorf("found %v, %v, %v; made %v", found, ok, err, made)
		}
		files := b.google.Files()
		f := files[len(files)-1]
		if f.ID != made.ID || f.Name != "Partnership with <Contoso> & Söhne" || f.Parent != folder || f.SharedDrive != company || f.Text != "Contacts\nGoals" || f.AppProperties["cloudimage"] != key {
			t.Errorf("the document is %+v", f)
		}
		if page := read(t, made.URL); !strings.Contains(page, "<h1>Partnership with &lt;Contoso&gt; &amp; Söhne</h1>") || !strings.Contains(page, "Contacts") {
			t.Errorf("its page is %s", page)
		}
	}
	if b.log.Len() > 0 || len(b.waits) > 0 {
		t.Errorf("it waited for %v and said %s", b.waits, b.log)
	}
	if n := count(b.google.Requests(), "POST /token"); n != 2 {
		t.Errorf("%d tokens were fetched, want one to read and one to write", n)
	}
}

func read(t *testing.T, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", address, resp.StatusCode, err)
	}
	return string(body)
}

func count(requests []string, one string) (n int) {
	for _, r := range requests {
		if r == one {
			n++
		}
	}
	return n
}

// TestFindTheOldest holds that of several documents always the same is found,
// that lists have pages, and that the trash does not count.
func TestFindTheOldest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.google.SetPageSize(1)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i, name := range []string{"third", "first", "second", "trashed", "unseen", "another"} {
		f := drivesim.File{ID: drivesim.ID(name), Name: name, SharedDrive: company, Created: at.Add(time.Duration((i+2)%3) * time.Hour), AppProperties: map[string]string{"cloudimage": "run_7f"}}
		switch name {
		case "trashed":
			f.Trashed, f.Created = true, at.Add(-time.Hour)
		case "unseen":
			f.Unshared = true
		case "another":
			f.AppProperties = map[string]string{"cloudimage": "run_8a"}
		}
		b.google.Put(f)
	}
	d, ok, err := b.Find(t.Context(), "run_7f")
	if err != nil || !ok || d.ID != drivesim.ID("first") {
		t.Errorf("%v, %v, %v; want the first", d, ok, err)
	}
	if n := count(b.google.Requests(), "GET /drive/v3/files"); n != 3 {
		t.Errorf("%d pages were read, want 3", n)
	}
	if said := b.log.String(); !strings.Contains(said, "there are several documents of one partnership; the oldest is used") || !strings.Contains(said, "documents=3") {
		t.Errorf("it said: %s", said)
	}
	b.google.Break(drivesim.Incomplete, 0)
	_, _, err = b.Find(t.Context(), "run_7f")
	b.fails(err, drive.ErrUnavailable, "Google Drive did not look through all shared drives this time")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const account = "cloudimage@demo.iam.gserviceaccount.com"
	for _, c := range []struct {
		name   string
		file   drivesim.File
		kind   error
		want   string
		create bool // Create says the same
	}{
		{"the template is not shared", drivesim.File{ID: template, SharedDrive: company, Unshared: true}, drive.ErrMissing,
			"the template " + template + " is not in Google Drive, or is not shared: open it, press Share, and add " + account + " as a viewer", true},
		{"the template is in the trash", drivesim.File{ID: template, SharedDrive: company, Trashed: true}, drive.ErrMissing,
			"the template " + template + " is in the trash", false},
		{"the template is a folder", drivesim.File{ID: template, SharedDrive: company, MimeType: drivesim.Folder}, drive.ErrInvalid,
			"the template " + template + " is a folder or a shortcut", false},
		{"the template must not be copied", drivesim.File{ID: template, SharedDrive: company, NoCopy: true}, drive.ErrDenied,
			account + " may not copy the template " + template + ": in its sharing settings, let viewers download, print and copy", true},
		{"the folder is not shared", drivesim.File{ID: folder, MimeType: drivesim.Folder, SharedDrive: company, Unshared: true}, drive.ErrMissing,
			"the folder " + folder + " is not in Google Drive, or is not shared: open it, press Share, and add " + account + " as a content manager", true},
		{"the folder is in the trash", drivesim.File{ID: folder, MimeType: drivesim.Folder, SharedDrive: company, Trashed: true}, drive.ErrMissing,
			"the folder " + folder + " is in the trash", false},
		{"the folder is a document", drivesim.File{ID: folder, SharedDrive: company}, drive.ErrInvalid,
			folder + " is no folder", false},
		{"the folder may only be read", drivesim.File{ID: folder, MimeType: drivesim.Folder, SharedDrive: company, NoAdd: true}, drive.ErrDenied,
			account + " may not put documents into the folder " + folder + ": press Share and make it a content manager", true},
		{"the folder is in a My Drive", drivesim.File{ID: folder, MimeType: drivesim.Folder}, drive.ErrFull,
			"the folder " + folder + " is in somebody's My Drive, where a service account has no room for documents", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if err := b.Check(t.Context()); err != nil {
				t.Fatalf("when all is well: %v", err)
			}
			b.google.Put(c.file)
			b.fails(b.Check(t.Context()), c.kind, c.want)
			if c.create {
				_, err := b.Create(t.Context(), "run_7f", "A title")
				b.fails(err, c.kind, c.want)
			}
			if n := len(b.google.Files()); n != 2 {
				t.Errorf("there are %d files afterwards", n)
			}
		})
	}
}

func TestNoRoom(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.google.Put(drivesim.File{ID: folder, MimeType: drivesim.Folder})
	_, err := b.Create(t.Context(), "run_7f", "A title")
	b.fails(err, drive.ErrFull, "there is no room for the copy. A service account has no storage of its own: the folder has to be in a shared drive, with room in it, of which cloudimage@demo.iam.gserviceaccount.com is a content manager. It says: Service Accounts do not have storage quota.")
	b.google.Break(drivesim.Full, 0)
	_, err = b.Create(t.Context(), "run_7f", "A title")
	b.fails(err, drive.ErrFull, "there is no room for the copy.")
	b.google.Break(drivesim.Disabled, 0)
	_, err = b.Create(t.Context(), "run_7f", "A title")
	b.fails(err, drive.ErrDenied, "the Google Drive API is off in the project of cloudimage@demo.iam.gserviceaccount.com. Turn it on")
}

// TestCreateIsRepeatedOnlyWhenSafe holds that a call is made again when Google did
// nothing, and that what is not known is said to be not known.
func TestCreateIsRepeatedOnlyWhenSafe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		fault  drivesim.Fault
		times  int
		kind   error // nil for success
		copies int   // how often Google is asked to copy
		made   int
		waits  []time.Duration
	}{
		{"asked too often", drivesim.Limited, 2, nil, 3, 1, []time.Duration{time.Second, 2 * time.Second}},
		{"asked too often, all the time", drivesim.Limited, 0, drive.ErrUnavailable, 3, 0, []time.Duration{time.Second, 2 * time.Second}},
		{"asked to wait", drivesim.Limited429, 1, nil, 2, 1, []time.Duration{7 * time.Second}},
		{"no tokens for a moment", drivesim.TokenDown, 1, nil, 1, 1, []time.Duration{time.Second}},
		{"no tokens", drivesim.TokenDown, 0, drive.ErrUnavailable, 0, 0, []time.Duration{time.Second, 2 * time.Second}},
		{"an error of Google's", drivesim.Error, 1, drive.ErrUnknown, 1, 0, nil},
		{"a gateway in between", drivesim.Foreign, 1, drive.ErrUnknown, 1, 0, nil},
		{"cut off", drivesim.Cut, 1, drive.ErrUnknown, 1, 0, nil},
		{"the answer is lost", drivesim.LoseReply, 1, drive.ErrUnknown, 1, 1, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.google.Break(c.fault, c.times)
			d, err := b.Create(t.Context(), "run_7f", "A title")
			if !errors.Is(err, c.kind) {
				t.Errorf("%v, %v; want %v", d, err, c.kind)
			}
			if c.kind == drive.ErrUnknown {
				b.fails(err, c.kind, "it is not known whether the document was made; look for it before making another. ")
			}
			if n := count(b.google.Requests(), "POST /drive/v3/files/"+template+"/copy"); n != c.copies {
				t.Errorf("it was asked %d times, want %d", n, c.copies)
			}
			if !slices.Equal(b.waits, c.waits) {
				t.Errorf("it waited for %v, want %v", b.waits, c.waits)
			}
			b.google.Mend()
			found, ok, err := b.Find(t.Context(), "run_7f")
			if err != nil || ok != (c.made > 0) || c.kind == nil && found != d || len(b.google.Files()) != 2+c.made {
				t.Errorf("afterwards: %v, %v, %v", found, ok, err)
			}
			b.quiet(b.log.String())
		})
	}
}

// TestReadingIsRepeated holds that what changes nothing is asked again after
// every failure that may pass.
func TestReadingIsRepeated(t *testing.T) {
	t.Parallel()
	for _, fault := range []drivesim.Fault{drivesim.Cut, drivesim.Error, drivesim.Foreign, drivesim.Limited, drivesim.TokenDown} {
		b := newBench(t)
		b.google.Break(fault, 2)
		// Go's client repeats a request by itself when a connection broke.
		if _, ok, err := b.Find(t.Context(), "run_7f"); err != nil || ok || len(b.waits) == 0 || len(b.waits) != 2 && fault != drivesim.Cut {
			t.Errorf("fault %d: %v, %v after %v", fault, ok, err, b.waits)
		}
		b.google.Break(fault, 0)
		// A connection that is there hides what happens to the next token.
		_, _, err := b.client(b.google.Key()).Find(t.Context(), "run_7f")
		b.fails(err, drive.ErrUnavailable, "Google")
	}
}

func TestTheKeyIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.google.Break(drivesim.KeyRevoked, 0)
	b.fails(b.Check(t.Context()), drive.ErrRefused, "Google refuses the key of cloudimage@demo.iam.gserviceaccount.com; it was deleted, or the account was. Make a new key in the Google Cloud console, under IAM, Service accounts, Keys. It says: invalid_grant Invalid JWT Signature.")
	_, err := b.Create(t.Context(), "run_7f", "A title")
	b.fails(err, drive.ErrRefused, "Google refuses the key of cloudimage@demo.iam.gserviceaccount.com")
	if n := count(b.google.Requests(), "POST /token"); n != 2 {
		t.Errorf("it was tried %d times", n)
	}
	b.google.Mend()

	stranger := edited(t, b.google.Key(), "client_email", "stranger@demo.iam.gserviceaccount.com")
	b.fails(b.client(stranger).Check(t.Context()), drive.ErrRefused, "Google refuses the key of stranger@demo.iam.gserviceaccount.com")
}

func TestTheClockIsWrong(t *testing.T) {
	t.Parallel()
	google, err := drivesim.Start(drivesim.Options{Signing: signing(), Now: func() time.Time { return time.Now().Add(-2 * time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	defer google.Close()
	b := &bench{t: t, google: google, log: &bytes.Buffer{}}
	b.fails(b.client(google.Key()).Check(t.Context()), drive.ErrRefused, "Google refuses the key of cloudimage@demo.iam.gserviceaccount.com, because the clock of this machine is wrong; set it.")
}

// TestARefusedTokenIsReplaced holds that Google may end a token before its time.
func TestARefusedTokenIsReplaced(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.google.RevokeTokens()
	if err := b.Check(t.Context()); err != nil {
		t.Error(err)
	}
	b.google.RevokeTokens()
	if _, err := b.Create(t.Context(), "run_7f", "A title"); err != nil || len(b.google.Files()) != 3 {
		t.Error(err)
	}
	if len(b.waits) > 0 {
		t.Errorf("it waited for %v", b.waits)
	}
}

func TestGoogleIsNotThere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.google.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := b.Create(t.Context(), "run_7f", "A title")
	b.fails(err, drive.ErrUnavailable, "Google Drive cannot be reached: ")
	if _, _, err := b.Find(t.Context(), "run_7f"); !errors.Is(err, drive.ErrUnavailable) {
		t.Error(err)
	}
}

// TestTheCallerMayStop holds that nothing is tried again for nobody, and that a copy
// that may be under way is not said to be undone.
func TestTheCallerMayStop(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := b.Find(ctx, "run_7f"); !errors.Is(err, drive.ErrUnavailable) || len(b.waits) > 0 {
		t.Errorf("%v after %v", err, b.waits)
	}
	if _, err := b.Create(ctx, "run_7f", "A title"); !errors.Is(err, drive.ErrUnknown) || len(b.waits) > 0 {
		t.Errorf("%v after %v", err, b.waits)
	}
}

func TestKeysAndTitles(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, key := range []string{"", strings.Repeat("k", 115)} {
		_, _, err := b.Find(t.Context(), key)
		b.fails(err, drive.ErrInvalid, fmt.Sprintf("a document's key has 1 to 114 bytes, and this has %d", len(key)))
		_, err = b.Create(t.Context(), key, "A title")
		b.fails(err, drive.ErrInvalid, "a document's key has")
	}
	_, err := b.Create(t.Context(), "run_7f", " ")
	b.fails(err, drive.ErrInvalid, "a document needs a title")
	if n := len(b.google.Requests()); n > 0 {
		t.Errorf("Google was asked %d times", n)
	}
}

// edited is a key with another value.
func edited(t *testing.T, key []byte, name, value string) []byte {
	t.Helper()
	var fields map[string]string
	if err := json.Unmarshal(key, &fields); err != nil {
		t.Fatal(err)
	}
	fields[name] = value
	out, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
