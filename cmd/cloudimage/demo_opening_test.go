package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A database that is kept is gone on with, and no scene is put on top of it.
func TestDemoGoesOnWithAKeptDatabase(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "demo.db")
	process := filepath.Join("..", "..", "workflow", "process", "testdata", "acme.yaml")
	for _, says := range []string{"Setting the scene", "It goes on with what the database holds."} {
		t.Run(says, func(t *testing.T) {
			demo := startDemoAs(t, "--no-gitlab", "--no-releases", "--db", file, "--process", process)
			if said := demo.said.String(); !strings.Contains(said, says) || strings.Contains(said, "Setting the scene") != (says == "Setting the scene") {
				t.Errorf("it says:\n%s", said)
			}
		})
	}
}

// With one edition there is another scene, as ours is about two.
func TestDemoOfAProductWithOneEdition(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "cloudimage.yaml")
	if err := os.WriteFile(config, []byte("product: {name: Acme DB, editions: [DB]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	demo := &demoCmd{NoGitLab: true, NoReleases: true}
	demo.Config = config
	ws, _ := openScene(t, demo)
	checkSeen(t, ws, []seen{{"ana", sceneChannel, []string{"Hetzner: first-time image", "DB image (by hand)", "late since"}}})
}

// A scene that cannot be set is told of, with what can be done about it.
func TestDemoWithoutAScene(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "cloudimage.yaml")
	if err := os.WriteFile(config, []byte("teams:\n  strategic-partnerships: {members: [U0ELSEWHERE]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	demo := &demoCmd{Addr: "127.0.0.1:0", NoGitLab: true, NoReleases: true}
	demo.Config = config
	log := &logbook{}
	err := demo.Run(context.Background(), &console{out: log, err: log})
	if err == nil || !strings.Contains(err.Error(), "set the demo's scene: ") || !strings.Contains(err.Error(), "--empty begins without it") {
		t.Errorf("it ended with %v", err)
	}
	if strings.Contains(log.String(), "cloudimage demo: open") {
		t.Errorf("it says that it can be opened:\n%s", log)
	}
}
