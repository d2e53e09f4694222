package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestTheDocumentsNameFlagsThatThereAre parses each command line of
// docs/slackdev.md, and looks for all flags in it.
func TestTheDocumentsNameFlagsThatThereAre(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../docs/slackdev.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(src)
	var c cli
	parser, err := commandLine(&c, io.Discard, io.Discard, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^go run \./cmd/slackdev (.*)$`).FindAllStringSubmatch(page, -1)
	if len(lines) == 0 {
		t.Error("the page does not say how to begin")
	}
	for _, line := range lines {
		if _, err := parser.Parse(strings.Fields(line[1])); err != nil {
			t.Errorf("%s: %v", line[0], err)
		}
		if _, err := os.Stat("../../" + c.Manifest); c.Manifest != "" && err != nil {
			t.Error(err)
		}
	}
	rows := regexp.MustCompile("(?m)^\\| `(--[^`]*)` \\|").FindAllStringSubmatch(page, -1)
	told := map[string]bool{"help": true}
	for _, row := range rows {
		words := strings.Fields(row[1])
		if _, err := parser.Parse(words); err != nil {
			t.Errorf("%s: %v", row[1], err)
		}
		told[strings.TrimPrefix(words[0], "--")] = true
	}
	for _, flag := range parser.Model.Flags {
		if !told[flag.Name] {
			t.Errorf("the page says nothing of --%s", flag.Name)
		}
	}
}
