package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"

	"log/slog"

	"cloudimage/workflow/process"
)

// A taken address keeps the bot from starting only when it was asked for.
func TestListenTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if other, err := net.Listen("tcp", defaultListen); err == nil {
		defer other.Close() // else somebody else has it, which is as good
	}
	for _, c := range []struct {
		address string
		refused bool
	}{{defaultListen, false}, {taken.Addr().String(), true}} {
		processes, err := process.Embedded()
		if err != nil {
			t.Fatal(err)
		}
		log := &logbook{}
		app, err := NewApp(t.Context(), Settings{
			BotToken: "xoxb-1", AppToken: "xapp-1", DB: filepath.Join(t.TempDir(), "test.db"), Listen: c.address,
			Config: Config{Product: Product{Editions: []string{"CE"}}}, Processes: processes, Logger: slog.New(slog.NewTextHandler(log, nil)),
		})
		if (err != nil) != c.refused {
			t.Errorf("%s: %v", c.address, err)
		}
		if !c.refused && !strings.Contains(log.String(), "health checks are not answered") {
			t.Errorf("%s: nobody is told; log: %s", c.address, log)
		}
		if app != nil {
			if err := app.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
