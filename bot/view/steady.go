package view

import (
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// steady names the blocks that can be pressed after the step they are about, so
// that a press on a drawing that is just being replaced still finds its step.
// Slack gives a block without a name a new one with each drawing.
func steady(blocks []slack.Block) []slack.Block {
	times := map[string]int{}
	name := func(kind, value string) string {
		parts := strings.SplitN(value, "|", 3)
		if len(parts) > 1 && parts[1] != "" {
			h := fnv.New32a()
			h.Write([]byte(parts[1]))
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
			if b.Accessory != nil && b.Accessory.ButtonElement != nil {
				b.BlockID = name("s", b.Accessory.ButtonElement.Value)
			}
		case *slack.ActionBlock:
			if first, ok := b.Elements.ElementSet[0].(*slack.ButtonBlockElement); ok {
				b.BlockID = name("a", first.Value)
			}
		}
	}
	return blocks
}
