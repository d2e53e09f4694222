package view

import (
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// steady names the blocks that can be pressed after what they are about, so that
// a press on a drawing that is just being replaced still finds its step. Slack
// gives a block without a name a new one with each drawing.
func steady(blocks []slack.Block) []slack.Block {
	times := map[string]int{}
	name := func(kind string, e slack.BlockElement) string {
		if about := aboutOf(e); about != "" {
			h := fnv.New32a()
			h.Write([]byte(about))
			kind += strconv.FormatUint(uint64(h.Sum32()), 36)
		}
		if times[kind]++; times[kind] > 1 {
			kind += "-" + strconv.Itoa(times[kind])
		}
		return kind
	}
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			switch a := b.Accessory; {
			case a == nil:
			case a.ButtonElement != nil:
				b.BlockID = name("s", a.ButtonElement)
			case a.OverflowElement != nil:
				b.BlockID = name("s", a.OverflowElement)
			}
		case *slack.ActionBlock:
			b.BlockID = name("a", b.Elements.ElementSet[0])
		}
	}
	return blocks
}

// aboutOf is the build, the run and the step, or else the field, that a button or a
// menu is about; empty for what is about a run as a whole.
func aboutOf(e slack.BlockElement) string {
	value := ""
	switch e := e.(type) {
	case *slack.ButtonBlockElement:
		value = e.Value
	case *slack.OverflowBlockElement:
		_, value, _ = strings.Cut(e.ActionID, ":")
	}
	parts := strings.SplitN(value, "|", targetParts)
	switch {
	case len(parts) > 6:
		return parts[6]
	case len(parts) > 1 && parts[1] != "":
		return parts[0] + "|" + parts[1]
	case len(parts) > 3 && parts[3] != "":
		return parts[0] + "||" + parts[3]
	}
	return ""
}
