package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudimage/slackdev"
	"cloudimage/workflow/process"
)

// Somebody else's process is played by its own people, who know nothing of it.
func TestDemoReplaysAnotherProcess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file         string
		late, inTime []seen
	}{
		{
			filepath.Join("..", "..", "workflow", "process", "testdata", "acme.yaml"),
			[]seen{{"ana", sceneChannel, []string{"Hetzner: first Acme DB image", ":red_circle: late since", "Exoscale: first Acme DB image", "0 of 5 steps"}}},
			[]seen{{"ana", "dm", []string{"Vultr is complete since"}}},
		},
		{
			filepath.Join("testdata", "processes", "dense.yaml"),
			[]seen{{"ana", sceneChannel, []string{"Hetzner: dense image", "@ana, no date [Done]", "Exoscale: dense image", "0 of 12 steps"}}},
			nil,
		},
	} {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			t.Parallel()
			demo := &demoCmd{NoGitLab: true, NoReleases: true}
			demo.Process = []string{c.file}
			ws, log := openScene(t, demo)
			checkSeen(t, ws, c.late)
			checkSeen(t, ws, c.inTime)
			checkReplayed(t, ws, sceneMiddle)
			if shown := ws.User("ana").Sees(sceneChannel); strings.Contains(shown, "first-time image") {
				t.Errorf("there are runs of another process:\n%s", shown)
			}
			if text := log.String(); strings.Contains(text, "level=ERROR") || strings.Contains(text, "level=WARN") {
				t.Errorf("the program complained:\n%s", text)
			}
		})
	}
}

// A process about releases is played by one that comes out.
func TestDemoReplaysAReleaseProcess(t *testing.T) {
	t.Parallel()
	shipped, err := process.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	changed := ""
	for _, d := range shipped {
		if d.Name == "image-maintenance" {
			changed = strings.Replace(d.Source, "title: Image maintenance", "title: Upkeep of images", 1)
		}
	}
	file := filepath.Join(t.TempDir(), "upkeep.yaml")
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	demo := &demoCmd{NoGitLab: true, NoAWS: true, NoAzure: true}
	demo.Process = []string{file}
	ws, _ := openScene(t, demo)
	checkSeen(t, ws, []seen{{"omar", sceneChannel, []string{"GitLab 17.6.2: security update, 5 listings", "late since"}}})
	checkReplayed(t, ws, "GitLab 17.6.2")
}

// checkReplayed holds that the guide begins with the run that has something late, and
// goes on with somebody who has a step of it to do.
func checkReplayed(t *testing.T, ws *slackdev.Workspace, late string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ws.URL()+"/dev/api/guide", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Slackdev", "1")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{late + " is behind", " now", "Let it be tomorrow morning", "Look behind it"} {
		if !strings.Contains(string(body), words) {
			t.Errorf("the guide does not say %q: %s", words, body)
		}
	}
}
