package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"cloudimage/checkup"
)

// report is what doctor prints.
type report struct{ systems []system }

// newReport makes a report. Whatever of it holds a secret, by a mistake of whoever
// wrote it, does not any more.
func newReport(systems []system, secrets []string) report {
	var pairs []string
	for _, s := range secrets {
		pairs = append(pairs, s, "[secret]")
	}
	clean := strings.NewReplacer(pairs...)
	for _, s := range systems {
		for i := range s.Findings {
			s.Findings[i].Text, s.Findings[i].Cure = clean.Replace(s.Findings[i].Text), clean.Replace(s.Findings[i].Cure)
		}
	}
	return report{systems}
}

func (r report) count(l checkup.Level) (n int) {
	for _, s := range r.systems {
		for _, f := range s.Findings {
			if f.Level == l {
				n++
			}
		}
	}
	return n
}

// text prints for people.
func (r report) text(w io.Writer) error {
	var out strings.Builder
	colored := isTerminal(w, os.Getenv)
	for _, s := range r.systems {
		fmt.Fprintf(&out, "%s\n", s.Name)
		for _, f := range s.Findings {
			level := fmt.Sprintf("%-4s", f.Level)
			if colored {
				level = colors[f.Level] + level + "\x1b[0m"
			}
			fmt.Fprintf(&out, "  %s  %s\n", level, f.Text)
			if f.Cure != "" {
				fmt.Fprintf(&out, "          %s\n", f.Cure)
			}
		}
		out.WriteString("\n")
	}
	fmt.Fprintf(&out, "%s.\n", r.summary())
	_, err := io.WriteString(w, out.String())
	return err
}

func (r report) summary() string {
	fails, warns := r.count(checkup.Fail), r.count(checkup.Warn)
	switch {
	case fails == 0 && warns == 0:
		return "Nothing fails"
	case fails == 0:
		return "Nothing fails, with " + count(warns, "warning")
	case warns == 0:
		return count(fails, "failure")
	}
	return count(fails, "failure") + " and " + count(warns, "warning")
}

// json prints for programs.
func (r report) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		OK      bool     `json:"ok"` // nothing fails
		Systems []system `json:"systems"`
	}{r.count(checkup.Fail) == 0, r.systems})
}

var colors = map[checkup.Level]string{checkup.OK: "\x1b[32m", checkup.Note: "\x1b[36m", checkup.Warn: "\x1b[33m", checkup.Fail: "\x1b[31m"}

// isTerminal reports whether somebody looks on who can see colours; see
// https://no-color.org.
func isTerminal(w io.Writer, lookup func(string) string) bool {
	f, ok := w.(*os.File)
	if !ok || lookup("NO_COLOR") != "" || lookup("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
