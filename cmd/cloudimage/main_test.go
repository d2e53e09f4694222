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
	testscript.Main(sealed{m}, map[string]func(){
		"cloudimage":             func() { os.Exit(program()) },
		"cloudimage-on-a-clock":  func() { os.Exit(programOnAClock()) },
		"cloudimage-that-builds": func() { os.Exit(programThatBuilds()) },
	})
}

// sealed are the tests, kept from an operator's environment.
type sealed struct{ *testing.M }

func (s sealed) Run() int {
	for _, name := range []string{
		"CLOUDIMAGE_CONFIG", "CLOUDIMAGE_DB", "CLOUDIMAGE_LISTEN", "CLOUDIMAGE_LOG_JSON", "CLOUDIMAGE_SLACK_RATES",
		"SLACK_API_URL",
	} {
		os.Unsetenv(name)
	}
	for _, name := range secretVariables() {
		os.Unsetenv(name)
	}
	return s.M.Run()
}
