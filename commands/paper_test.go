package commands_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// This file prints replies as plain text, for golden files that can be read.

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with testdata/NAME.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got); go test -update writes it anew:\n%s", file, diff)
	}
}

// print is a reply or a refusal, as it would be read.
func print(reply commands.Reply, err error) string {
	var b strings.Builder
	var e *workflow.Error
	switch {
	case errors.As(err, &e):
		fmt.Fprintf(&b, "no (%s): %s\n", e.Kind, text(e.Message))
		for _, f := range slices.Sorted(maps.Keys(e.Fields)) {
			fmt.Fprintf(&b, "  %s: %s\n", f, text(e.Fields[f]))
		}
	case err != nil:
		fmt.Fprintf(&b, "fault: %v\n", err)
	case reply.Form != nil:
		printForm(&b, reply.Form)
	case reply.Page != nil:
		printPage(&b, reply.Page)
	case reply.Run != nil:
		fmt.Fprintf(&b, "the card of %s\n", reply.Run.Name())
	default:
		line := text(reply.Text)
		for _, button := range reply.Buttons {
			line += " [" + button.Label + "]"
		}
		fmt.Fprintln(&b, line)
	}
	return b.String()
}

func printForm(b *strings.Builder, f *commands.Form) {
	fmt.Fprintf(b, "form: %s\n", f.Title)
	for _, t := range f.Intro {
		fmt.Fprintln(b, text(t))
	}
	for _, field := range f.Fields {
		fmt.Fprintf(b, "  %s", field.Label)
		if field.Optional {
			fmt.Fprint(b, " (optional)")
		}
		fmt.Fprintf(b, " <%s", field.Kind)
		if field.MaxLength > 0 {
			fmt.Fprintf(b, " of %d", field.MaxLength)
		}
		fmt.Fprint(b, ">")
		if len(field.Initial) > 0 {
			fmt.Fprintf(b, " = %s", strings.Join(field.Initial, " + "))
		}
		fmt.Fprintln(b)
		if field.Hint != "" {
			fmt.Fprintf(b, "    %s\n", field.Hint)
		}
		for _, o := range field.Options[:min(len(field.Options), 12)] {
			fmt.Fprintln(b, strings.TrimRight(fmt.Sprintf("    ( ) %s  %s", o.Label, o.Note), " "))
		}
	}
	fmt.Fprintf(b, "[%s]\n", f.Submit)
}

func printPage(b *strings.Builder, p *commands.Page) {
	kind := "page"
	if p.Brief {
		kind = "brief page"
	}
	fmt.Fprintf(b, "%s: %s\n", kind, p.Title)
	for _, r := range p.Rows {
		line := text(r.Text)
		if r.Heading {
			line = "== " + line
		}
		for _, button := range r.Buttons {
			line += " [" + button.Label + "]"
		}
		fmt.Fprintln(b, strings.TrimSpace(line))
	}
	for _, t := range p.Foot {
		fmt.Fprintf(b, "-- %s\n", text(t))
	}
}

// text is a sentence with names for ids and times in UTC.
func text(t workflow.Text) string {
	return t.Map(func(arg any) any {
		switch a := arg.(type) {
		case workflow.UserID:
			if a == workflow.Bot {
				return "cloudimage"
			}
			return name(a)
		case workflow.TeamName:
			return a.Name
		case time.Time:
			return a.UTC().Format("2 Jan 15:04")
		case workflow.Strong:
			return "*" + string(a) + "*"
		case workflow.Text:
			return text(a)
		}
		return arg
	})
}
