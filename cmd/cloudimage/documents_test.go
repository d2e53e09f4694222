package main

import (
	"strings"
	"testing"
	"time"

	"cloudimage/providers/drive/drivesim"
	"cloudimage/workflow"
)

// startGoogle is a Google Drive with a template in it, and a world that uses it.
func startGoogle(t *testing.T) (*drivesim.Server, *world) {
	t.Helper()
	const company = "company0drive0000000"
	google, err := drivesim.Start(drivesim.Options{Files: []drivesim.File{
		{ID: "template0document00000", Name: "Partnership template", Text: "Contacts", SharedDrive: company},
		{ID: "folder00partnerships00", Name: "Partnerships", MimeType: drivesim.Folder, SharedDrive: company},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := google.Close(); err != nil {
			t.Error(err)
		}
	})
	w := startWorld(t, func(w *world) {
		w.googleKey = string(google.Key())
		w.drive = &Drive{Template: "template0document00000", Folder: "folder00partnerships00", endpoint: google.Endpoint()}
	})
	w.as("ana")
	return google, w
}

// copies are the documents that were made.
func copies(google *drivesim.Server) (out []drivesim.File) {
	for _, f := range google.Files() {
		if strings.Contains(f.Name, ":") {
			out = append(out, f)
		}
	}
	return out
}

func TestAPartnershipGetsItsDocument(t *testing.T) {
	t.Parallel()
	google, w := startGoogle(t)
	// The answer is lost: the document was made, and is found.
	google.Break(drivesim.LoseReply, 1)
	if err := w.partnership(t.Context(), "DigitalOcean"); err != nil {
		t.Fatal(w.failure(err))
	}
	if err := w.wait(time.Minute); err != nil {
		t.Fatal(w.failure(err))
	}
	made := copies(google)
	if len(made) != 1 || made[0].Name != "DigitalOcean: Partnership Details & Contacts" || made[0].Text != "Contacts" {
		t.Fatalf("the documents are %+v", made)
	}
	if !strings.Contains(w.screen(), "partnership doc") {
		t.Errorf("the card has no document:\n%s", w.screen())
	}
	runs, err := w.app.store.Open(t.Context(), 10)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	if link := runs[0].Fact("google-doc", ""); !strings.Contains(link, made[0].ID) {
		t.Errorf("the run's document is %q", link)
	}

	// Google is away: work goes on, and the document comes later.
	google.Break(drivesim.Cut, 0)
	if err := w.partnership(t.Context(), "Vultr"); err != nil {
		t.Fatal(w.failure(err))
	}
	if !strings.Contains(w.log.String(), "a document could not be made; it is tried again") {
		t.Error("the log does not say so")
	}
	google.Mend()
	if err := w.wait(10 * time.Minute); err != nil {
		t.Fatal(w.failure(err))
	}
	if made := copies(google); len(made) != 2 {
		t.Errorf("the documents are %+v", made)
	}
	// And nobody is asked again for what is there.
	google.Break(drivesim.Error, 0)
	if err := w.does(t.Context(), "Vultr", "1.1"); err != nil {
		t.Fatal(w.failure(err))
	}
	if err := w.app.store.Each(t.Context(), func(r *workflow.Run) error {
		if r.Fact("google-doc", "") == "" {
			t.Errorf("%s has no document", r.Name())
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
