package slackdev

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestTheAppInGo builds and runs the program that docs/slackdev.md shows.
func TestTheAppInGo(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "app")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./testdata/slackgo").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ws := boltWorkspace(t)
	runApp(t, ws, os.Environ(), program)
	ana, ctx := ws.User("ana"), t.Context()
	if err := ws.WaitConnected(ctx, 1); err != nil {
		t.Fatal(err)
	}
	must[Outcome](t)(ana.Slash(ctx, "#general", "/hello"))
	must[Message](t)(ana.WaitForText(ctx, "#general", "Hello, @ana!"))
}
