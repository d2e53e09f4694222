package blockkit

import (
	"fmt"
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	textOf := func(text string) string { return fmt.Sprintf(`{"type":"section","text":%s}`, text) }
	header := func(text string) string { return fmt.Sprintf(`{"type":"header","text":%s}`, text) }
	runBlockCases(t, []blockCase{
		{name: "plain_text with emoji", block: textOf(`{"type":"plain_text","text":"x","emoji":false}`)},
		{name: "mrkdwn with verbatim", block: textOf(`{"type":"mrkdwn","text":"x","verbatim":true}`)},
		{name: "mrkdwn with emoji", block: textOf(`{"type":"mrkdwn","text":"x","emoji":true}`),
			want: []string{says("invalid additional property: emoji", "/blocks/0/text")}},
		{name: "plain_text with verbatim", block: textOf(`{"type":"plain_text","text":"x","verbatim":true}`),
			want: []string{says("invalid additional property: verbatim", "/blocks/0/text")}},
		{name: "bare string", block: textOf(`"x"`),
			want: []string{says("must provide an object", "/blocks/0/text")}},
		{name: "null", block: textOf(`null`),
			want: []string{says("must provide an object", "/blocks/0/text")}},
		{name: "no type", block: textOf(`{"text":"x"}`),
			want: []string{says("missing required field: type", "/blocks/0/text")}},
		{name: "no text", block: textOf(`{"type":"mrkdwn"}`),
			want: []string{says("missing required field: text", "/blocks/0/text")}},
		{name: "unknown type", block: textOf(`{"type":"markdown","text":"x"}`),
			want: []string{says("unsupported type: markdown", "/blocks/0/text/type")}},
		{name: "number for a text", block: textOf(`{"type":"mrkdwn","text":7}`),
			want: []string{says("must provide a string", "/blocks/0/text/text")}},
		{name: "emoji that is no boolean", block: textOf(`{"type":"plain_text","text":"x","emoji":"yes"}`),
			want: []string{says("must be a boolean", "/blocks/0/text/emoji")}},
		{name: "plain_text in a header", block: header(plain("x"))},
		{name: "mrkdwn in a header", block: header(mark("x")),
			want: []string{says("unsupported type: mrkdwn", "/blocks/0/text/type")}},
		{name: "mrkdwn on a button", block: actions(`{"type":"button","text":` + mark("x") + `}`),
			want: []string{says("unsupported type: mrkdwn", "/blocks/0/elements/0/text/type")}},
		{name: "mrkdwn as a label", block: `{"type":"input","label":` + mark("x") + `,"element":{"type":"plain_text_input"}}`,
			want: []string{says("unsupported type: mrkdwn", "/blocks/0/label/type")}},
		{name: "plain_text as the body of a card", block: `{"type":"card","body":` + plain("x") + `}`,
			want: []string{says("unsupported type: plain_text", "/blocks/0/body/type")}},
	})
}

func TestBlockProperties(t *testing.T) {
	t.Parallel()
	runBlockCases(t, []blockCase{
		{name: "section with text and fields", block: `{"type":"section","text":` + mark("x") + `,"fields":[` + plain("x") + `],"expand":true}`},
		{name: "section with neither", block: `{"type":"section"}`,
			want: []string{says("must define either `text` or `fields`", "/blocks/0/type")}},
		{name: "section with an unknown key", block: `{"type":"section","text":` + mark("x") + `,"colour":"red"}`,
			want: []string{says("invalid additional property: colour", "/blocks/0")}},
		{name: "header without text", block: `{"type":"header"}`,
			want: []string{says("missing required field: text", "/blocks/0")}},
		{name: "header of level 4", block: `{"type":"header","text":` + plain("x") + `,"level":4}`},
		{name: "header of level 5", block: `{"type":"header","text":` + plain("x") + `,"level":5}`,
			want: []string{says("must be less than 4", "/blocks/0/level")}},
		{name: "header of level 0", block: `{"type":"header","text":` + plain("x") + `,"level":0}`,
			want: []string{says("must be greater than 1", "/blocks/0/level")}},
		{name: "header of level 1.5", block: `{"type":"header","text":` + plain("x") + `,"level":1.5}`,
			want: []string{says("must provide an integer", "/blocks/0/level")}},
		{name: "divider with a key of another block", block: `{"type":"divider","text":` + plain("x") + `}`,
			want: []string{says("invalid additional property: text", "/blocks/0")}},
		{name: "context with an image and a text", block: `{"type":"context","elements":[{"type":"image","image_url":"https://a.example/b.png","alt_text":"x"},` + mark("x") + `]}`},
		{name: "context with something unknown", block: `{"type":"context","elements":[{"type":"emoji"}]}`,
			want: []string{says("unsupported type: emoji", "/blocks/0/elements/0/type")}},
		{name: "context without elements", block: `{"type":"context"}`,
			want: []string{says("missing required field: elements", "/blocks/0")}},
		{name: "actions with an object for a list", block: `{"type":"actions","elements":{}}`,
			want: []string{says("must provide an array", "/blocks/0/elements")}},
		{name: "input in full", block: `{"type":"input","block_id":"b","label":` + plain("x") + `,"hint":` + plain("x") + `,"optional":true,"dispatch_action":true,
			"element":{"type":"plain_text_input","action_id":"a"}}`},
		{name: "input without a label", block: `{"type":"input","element":{"type":"plain_text_input"}}`,
			want: []string{says("missing required field: label", "/blocks/0")}},
		{name: "input without an element", block: `{"type":"input","label":` + plain("x") + `}`,
			want: []string{says("missing required field: element", "/blocks/0")}},
		{name: "alert of an unknown level", on: Modal, block: `{"type":"alert","text":` + mark("x") + `,"level":"fatal"}`,
			want: []string{says("must be a valid enum value", "/blocks/0/level")}},
		{name: "context with text that is a number", block: `{"type":"context","elements":[7]}`,
			want: []string{says("must provide an object", "/blocks/0/elements/0")}},
	})
}

func TestImages(t *testing.T) {
	t.Parallel()
	image := func(keys string) string { return `{"type":"image",` + keys + `}` }
	runBlockCases(t, []blockCase{
		{name: "by https", block: image(`"image_url":"https://a.example/b.png","alt_text":"x"`)},
		{name: "by file id", block: image(`"slack_file":{"id":"F1"},"alt_text":"x"`)},
		{name: "by file url", block: image(`"slack_file":{"url":"https://files.slack.com/x"},"alt_text":"x"`)},
		{name: "by http", block: image(`"image_url":"http://a.example/b.png","alt_text":"x"`),
			want: []string{says("invalid url", "/blocks/0/image_url")}},
		{name: "by a path", block: image(`"image_url":"/b.png","alt_text":"x"`),
			want: []string{says("invalid url", "/blocks/0/image_url")}},
		{name: "by an empty url", block: image(`"image_url":"","alt_text":"x"`),
			want: []string{says("must be more than 0 characters", "/blocks/0/image_url")}},
		{name: "by nothing", block: image(`"alt_text":"x"`),
			want: []string{says("must define either `image_url` or `slack_file`", "/blocks/0/type")}},
		{name: "by both", block: image(`"image_url":"https://a.example/b.png","slack_file":{"id":"F1"},"alt_text":"x"`),
			want: []string{says("must define only one of `image_url` or `slack_file`", "/blocks/0/type")}},
		{name: "file by both", block: image(`"slack_file":{"id":"F1","url":"https://files.slack.com/x"},"alt_text":"x"`),
			want: []string{says("must define only one of `id` or `url`", "/blocks/0/slack_file")}},
		{name: "file by neither", block: image(`"slack_file":{},"alt_text":"x"`),
			want: []string{says("must define either `id` or `url`", "/blocks/0/slack_file")}},
		{name: "without alt_text", block: image(`"image_url":"https://a.example/b.png"`),
			want: []string{says("missing required field: alt_text", "/blocks/0")}},
		{name: "with empty alt_text", block: image(`"image_url":"https://a.example/b.png","alt_text":""`),
			want: []string{says("must be more than 0 characters", "/blocks/0/alt_text")}},
		{name: "with a mrkdwn title", block: image(`"image_url":"https://a.example/b.png","alt_text":"x","title":` + mark("x")),
			want: []string{says("unsupported type: mrkdwn", "/blocks/0/title/type")}},
		{name: "with a title, as an element", block: section(`{"type":"image","image_url":"https://a.example/b.png","alt_text":"x","title":` + plain("x") + `}`),
			want: []string{says("invalid additional property: title", "/blocks/0/accessory")}},
	})
}

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	divider := func(id string) string { return fmt.Sprintf(`{"type":"divider","block_id":%q}`, id) }
	two := func(first, second string) string {
		return `{"type":"actions","elements":[` + button(`"action_id":"`+first+`"`) + "," + button(`"action_id":"`+second+`"`) + `]}`
	}
	container := func(children string) string {
		return `{"type":"container","title":` + plain("x") + `,"child_blocks":[` + children + `]}`
	}
	runBlockCases(t, []blockCase{
		{name: "block_ids differ", block: divider("a") + "," + divider("b")},
		{name: "block_id twice", block: divider("a") + "," + divider("a"),
			want: []string{says("`block_id` \"a\" already exists", "/blocks/1/block_id")}},
		{name: "block_id again inside a container", block: divider("a") + "," + container(divider("a")),
			want: []string{says("`block_id` \"a\" already exists", "/blocks/1/child_blocks/0/block_id")}},
		{name: "action_ids differ", block: two("a", "b")},
		{name: "action_id twice in a block", block: two("a", "a"),
			want: []string{says("`action_id` \"a\" already exists", "/blocks/0/elements/1/action_id")}},
		{name: "action_id twice in two blocks", block: two("a", "b") + "," + two("a", "b")},
		{name: "action_id twice in the blocks of a container", block: container(two("a", "b") + "," + two("a", "b"))},
		{name: "block_id and action_id alike", block: `{"type":"actions","block_id":"a","elements":[` + button(`"action_id":"a"`) + `]}`},
	})
}

func TestOneElementHasTheFocus(t *testing.T) {
	t.Parallel()
	field := func(focus string) string { return input(`{"type":"plain_text_input","focus_on_load":` + focus + `}`) }
	runBlockCases(t, []blockCase{
		{name: "one of two", on: Modal, block: field("true") + "," + field("false")},
		{name: "two", on: Modal, block: field("true") + "," + field("true"),
			want: []string{says("only one element may set `focus_on_load`", "/blocks/1/element/focus_on_load")}},
		{name: "not a boolean", on: Modal, block: field(`"true"`),
			want: []string{says("must be a boolean", "/blocks/0/element/focus_on_load")}},
	})
}

// TestNestedBlocksCount holds that a surface's limit counts the blocks inside
// containers and layouts, though each list is short.
func TestNestedBlocksCount(t *testing.T) {
	t.Parallel()
	container := `{"type":"container","title":` + plain("x") + `,"child_blocks":` + items(9, `{"type":"divider"}`) + `}`
	five := strings.TrimSuffix(strings.Repeat(container+",", 5), ",")
	checkBlocks(t, Message, five)
	checkBlocks(t, Message, five+`,{"type":"divider"}`, says("no more than 50 items allowed", "/blocks"))

	card := `{"type":"card","title":` + mark("x") + `}`
	carousel := `{"type":"carousel","elements":[` + strings.TrimSuffix(strings.Repeat(card+",", 10), ",") + `]}`
	checkBlocks(t, Message, strings.TrimSuffix(strings.Repeat(carousel+",", 50), ","))
}
