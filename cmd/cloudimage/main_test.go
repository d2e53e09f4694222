package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain puts the program where the scripts find it: this test binary, called
// by the name of cloudimage, is cloudimage. Any test can run it as a process of
// its own with exec.Command("cloudimage", ...). So it is with the program on a clock
// that a test moves.
func TestMain(m *testing.M) {
	os.Exit(testscript.RunMain(sealed{m}, map[string]func() int{"cloudimage": program, "cloudimage-on-a-clock": programOnAClock}))
}

// sealed are the tests, kept from an operator's environment.
type sealed struct{ *testing.M }

func (s sealed) Run() int {
	for _, name := range []string{
		"CLOUDIMAGE_CONFIG", "CLOUDIMAGE_DB", "CLOUDIMAGE_LISTEN", "CLOUDIMAGE_LOG_JSON", "CLOUDIMAGE_SLACK_RATES",
		"SLACK_API_URL", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN",
	} {
		os.Unsetenv(name)
	}
	return s.M.Run()
}
