package gitlabsim

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// This file finds the checklist items of a description. GitLab takes them from
// the rendered Markdown (app/models/concerns/taskable.rb), so a box in a code
// block or a comment is none.

// task is one checklist item.
type task struct {
	done   bool
	source string // its Markdown, to see whether only the box changed
	text   string // for the system note
	at     int    // where in the description the character between the brackets is
}

// markdown is the dialect of descriptions and comments, without GitLab's own
// references.
func markdown() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.TaskList, extension.Strikethrough, extension.Linkify, extension.Table))
}

// tasksOf are the checklist items of a text, from the top.
func tasksOf(md string) []task {
	if !strings.Contains(md, "[") {
		return nil
	}
	src := []byte(md)
	var out []task
	walk(markdown().Parser().Parse(text.NewReader(src)), func(n ast.Node) {
		box, ok := n.(*extast.TaskCheckBox)
		if !ok {
			return
		}
		block := box.Parent()
		lines := block.Lines()
		if lines == nil || lines.Len() == 0 {
			return
		}
		start := lines.At(0).Start
		open := bytes.IndexByte(src[start:], '[')
		if open < 0 {
			return
		}
		var source bytes.Buffer
		for i := range lines.Len() {
			seg := lines.At(i)
			source.Write(seg.Value(src))
		}
		_, rest, _ := strings.Cut(source.String(), "]")
		out = append(out, task{done: box.IsChecked, source: strings.TrimSpace(rest), text: plain(block, src), at: start + open + 1})
	})
	return out
}

// walk visits a node and all below it, from the top.
func walk(n ast.Node, visit func(ast.Node)) {
	visit(n)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		walk(c, visit)
	}
}

// plain is the text of an item without its markup. What stands in an HTML
// comment is kept, which is what GitLab does: a note about a line with a hidden
// mark tells the mark (seen on gitlab.com, not in the documents).
func plain(block ast.Node, src []byte) string {
	var b strings.Builder
	walk(block, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(src))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(src))
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				seg := n.Segments.At(i)
				if inner, ok := bytes.CutPrefix(seg.Value(src), []byte("<!--")); ok {
					b.Write(bytes.TrimSuffix(inner, []byte("-->")))
				}
			}
		}
	})
	return strings.TrimSpace(b.String())
}

var escapable = regexp.MustCompile("[\\\\`*_{}\\[\\]()<>#+\\-.!|~=\"'&$^@%?;]")

// escaped is a text in which Markdown means nothing, as it stands in the system
// note of a checklist item. That GitLab escapes . - # = and " and leaves : and /
// was seen on gitlab.com; the rest of the set is a guess, so a client should
// take every backslash before punctuation away.
func escaped(s string) string { return escapable.ReplaceAllString(s, `\$0`) }

// ticked are the items of new that differ from old in nothing but the box, at
// the same place in the list: a line more or less above them, and they count as
// other items.
func ticked(old, now []task) []task {
	var out []task
	for i, t := range now {
		if i < len(old) && t.source == old[i].source && t.done != old[i].done {
			out = append(out, t)
		}
	}
	return out
}

func doneTasks(tasks []task) int {
	n := 0
	for _, t := range tasks {
		if t.done {
			n++
		}
	}
	return n
}
