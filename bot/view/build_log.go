package view

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// mostOfLog is how many characters of a log a message shows, where the log cannot go
// along as a file.
const mostOfLog = 2500

// mostLogFindings is how many findings of a check the message of its failure names.
const mostLogFindings = 10

// BuildLog tells who ordered a build that a step of it has failed. Where its log does
// not come along as a file, the end of that is in the message.
func BuildLog(b *images.Build, step int, end bool) Message {
	s := &b.Steps[step]
	text := mention(b.Order.By) + " The " + bold(stepTitle(s)+" of "+typedLine(b.Order.Name, 60)) + " has failed: " + trouble(b, s, 400, false) + findings(s.Fault, mostLogFindings, 160)
	t := commands.Target{Build: b.ID, Field: workflow.FieldID(strconv.Itoa(step))}
	m := Message{Text: cutMarkup(text, maxText), Blocks: []slack.Block{section(text, nil)}}
	if s.Log == "" {
		return m
	}
	if said := endOf(clean(s.Log), mostOfLog); end && said != "" {
		m.Blocks = append(m.Blocks, preformatted(said))
	}
	m.Blocks = steady(append(m.Blocks, buttons(button("Whole log", "log", t))))
	return m
}

// LogTitle is what is written over the log of a step.
func LogTitle(b *images.Build, step int) string {
	s := &b.Steps[step]
	title := "Log of " + stepTitle(s) + ", " + oneLine(b.Order.Name)
	if s.Attempt > 1 {
		title += ", attempt " + strconv.Itoa(s.Attempt)
	}
	return cut(title, maxHeader)
}

// endOf is the end of a text, whole lines of it where they are not too long.
func endOf(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	c := []rune(s)
	s = string(c[len(c)-limit+1:])
	if _, rest, found := strings.Cut(s, "\n"); found && len(rest) > limit/2 {
		s = rest
	}
	return ellipsis + s
}

// preformatted is what a machine said, as it is. Slack reads no marks in it.
func preformatted(text string) *slack.RichTextBlock {
	return slack.NewRichTextBlock("", &slack.RichTextPreformatted{
		Type: slack.RTEPreformatted, Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(text, nil)},
	})
}
