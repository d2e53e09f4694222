package view

import (
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// Names are what the systems around are called here. They come from whoever set
// them up, so that a drawing speaks of them as people do.
type Names struct {
	// Tracker is the issue tracker, "GitLab". Without one, nothing is shown of what
	// runs keep there.
	Tracker string
}

// tracker is what the issue tracker is called in a sentence. What people did there
// stays so when it is there no more.
func (n Names) tracker() string { return orElse(n.Tracker, "the issue tracker") }

// outsider is somebody in the tracker, as markup.
func (n Names) outsider(o workflow.Outsider) string { return Sentence(o.Text(n.tracker())) }

// outsiderFirst is [Names.outsider] at the beginning of a sentence. A name is written
// as it is.
func (n Names) outsiderFirst(o workflow.Outsider) string {
	if o.Handle == "" {
		return upperFirst(n.outsider(o))
	}
	return n.outsider(o)
}

// quote is text of others as a quotation, each line of it escaped.
func quote(s string) string {
	var lines []string
	for line := range strings.SplitSeq(clean(s), "\n") {
		lines = append(lines, "&gt; "+typedLine(line, 0))
	}
	return strings.Join(lines, "\n")
}

// openButton opens a page, for an address that a browser opens; nil for any other.
func openButton(says, address string) *slack.ButtonBlockElement {
	address, ok := rawAddress(address)
	if !ok {
		return nil
	}
	b := slack.NewButtonBlockElement(LinkAction, "", label(says))
	b.URL = address
	return b
}
