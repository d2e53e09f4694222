package view

import (
	"fmt"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file tells whoever begins what earlier stages have learned.

// briefing is what earlier stages have learned for the stage in which the
// person has something to do. A helper is asked for one text, and gets no more.
func (d *direct) briefing() string {
	i := slices.IndexFunc(d.moves, func(a asked) bool { return a.Kind == workflow.MoveDo })
	if i < 0 {
		return ""
	}
	var parts []string
	for _, fact := range d.moves[i].node.Stage.Brief {
		if len(parts) == d.brief {
			break
		}
		if value := d.Fact(fact, ""); value != "" {
			parts = append(parts, factLabel(d.Definition(), fact)+" "+factValue(value, d.text))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "*What is known*\n" + strings.Join(parts, "\n")
}

// factLabel is how people call a fact: the label of the field that gives it.
func factLabel(def *workflow.Definition, fact workflow.FactName) string {
	label := string(fact)
	var look func(steps []workflow.Step) bool
	look = func(steps []workflow.Step) bool {
		for i := range steps {
			if f := slices.IndexFunc(steps[i].Evidence, func(f workflow.Field) bool { return f.Fact == fact }); f >= 0 {
				label = steps[i].Evidence[f].Label
				return true
			}
			if look(steps[i].Steps) {
				return true
			}
		}
		return false
	}
	for i := range def.Stages {
		if look(def.Stages[i].Steps) {
			break
		}
	}
	if !strings.HasSuffix(label, "?") {
		label += ":"
	}
	return typedLine(label, 60)
}

// factValue is an answer in a line; links can be followed.
func factValue(value string, limit int) string {
	lines := strings.Fields(value)
	for _, l := range lines {
		if _, ok := webAddress(l); !ok {
			return typedLine(value, limit)
		}
	}
	shown := lines[:min(len(lines), 3)]
	out := make([]string, len(shown))
	for i, l := range shown {
		out[i] = link(l, linkName(l), 40)
	}
	text := strings.Join(out, ", ")
	if left := len(lines) - len(shown); left > 0 {
		text += fmt.Sprintf(" and %d more", left)
	}
	return text
}

// linkName is an address short enough to read: where it leads, and its end.
func linkName(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	rest = strings.TrimSuffix(rest, "/")
	if host, path, deep := strings.Cut(rest, "/"); deep && len(rest) > 40 {
		return host + "/…/" + path[strings.LastIndexByte(path, '/')+1:]
	}
	return rest
}
