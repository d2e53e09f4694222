package blockkit

import (
	"fmt"
	"slices"
	"testing"
)

func container(children string) string {
	return `{"type":"container","title":` + plain("x") + `,"child_blocks":[` + children + `]}`
}

func layout(block string) string {
	return `{"type":"layout","label":"x","rows":[{"items":[{"block":` + block + `}]}]}`
}

// TestBlocksInBlocks holds which blocks stand inside containers, layouts and
// the fallback of a layout.
func TestBlocksInBlocks(t *testing.T) {
	t.Parallel()
	quiet := []string{"context", "divider", "header", "image", "rich_text", "section", "table", "video"}
	holders := []struct {
		name, format, pointer string
		takes                 []string
	}{
		{"container", container("%s"), "/blocks/0/child_blocks/0/type",
			append([]string{"actions", "input", "layout"}, quiet...)},
		{"layout", layout("%s"), "/blocks/0/rows/0/items/0/block/type",
			append([]string{"actions", "card", "carousel", "container", "data_table", "data_visualization", "input"}, quiet...)},
		{"fallback", `{"type":"layout","label":"x","rows":[{"items":[{"block":{"type":"divider"}}]}],"fallback":[%s]}`,
			"/blocks/0/fallback/0/type", quiet},
	}
	for _, holder := range holders {
		for kind, sample := range sampleBlocks() {
			var want []string
			if !slices.Contains(holder.takes, kind) {
				want = []string{says("unsupported type: "+kind, holder.pointer)}
			}
			checkBlocks(t, Message, fmt.Sprintf(holder.format, sample), want...)
		}
	}
	// A block inside another still stands on the surface.
	checkBlocks(t, Modal, layout(sampleBlocks()["alert"]))
	checkBlocks(t, Modal, layout(sampleBlocks()["table"]), says("unsupported type: table", "/blocks/0/rows/0/items/0/block/type"))
}

func TestNestingIsTwoLevelsDeep(t *testing.T) {
	t.Parallel()
	const tooDeep = "containers and layouts may not be nested more than two levels deep"
	divider := `{"type":"divider"}`
	checkBlocks(t, Message, container(layout(divider)))
	checkBlocks(t, Message, layout(container(divider)))
	checkBlocks(t, Message, layout(container(layout(divider))),
		says(tooDeep, "/blocks/0/rows/0/items/0/block/child_blocks/0/rows"))
	checkBlocks(t, Message, container(layout(divider))+","+container(layout(divider)))
}

func TestFallbackOfALayoutCountsForNothing(t *testing.T) {
	t.Parallel()
	table := sampleBlocks()["table"]
	checkBlocks(t, Message, `{"type":"layout","label":"x","rows":[{"items":[{"block":{"type":"divider","block_id":"a"}}]}],
		"fallback":[{"type":"divider","block_id":"a"},`+table+`]},`+table)
	checkBlocks(t, Message, `{"type":"layout","label":"x","rows":[{"items":[{"block":{"type":"divider"}}]}],
		"fallback":[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]}`,
		says("`block_id` \"a\" already exists", "/blocks/0/fallback/1/block_id"))
}

func TestContainersAndCards(t *testing.T) {
	t.Parallel()
	with := func(keys string) string {
		return `{"type":"container","title":` + plain("x") + `,` + keys + `,"child_blocks":[{"type":"divider"}]}`
	}
	const image = `{"type":"image","image_url":"https://a.example/b.png","alt_text":"x"}`
	const paragraph = `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`
	runBlockCases(t, []blockCase{
		{name: "container in full", block: with(`"subtitle":` + mark("x") + `,"icon":` + image + `,"width":"full","is_collapsible":true,"default_collapsed":true`)},
		{name: "rich title", block: `{"type":"container","rich_text_title":` + paragraph + `,"child_blocks":[{"type":"divider"}]}`},
		{name: "no title", block: `{"type":"container","child_blocks":[{"type":"divider"}]}`,
			want: []string{says("must define either `title` or `rich_text_title`", "/blocks/0/type")}},
		{name: "unknown width", block: with(`"width":"huge"`),
			want: []string{says("must be a valid enum value", "/blocks/0/width")}},
		{name: "header divider", block: with(`"has_header_divider":true`)},
		{name: "header divider on a collapsible one", block: with(`"has_header_divider":true,"is_collapsible":true`),
			want: []string{says("is only allowed when `is_collapsible` is false", "/blocks/0/has_header_divider")}},
		{name: "collapsed for ever", block: with(`"default_collapsed":true`),
			want: []string{says("is only allowed when `is_collapsible` is true", "/blocks/0/default_collapsed")}},
		{name: "no children", block: `{"type":"container","title":` + plain("x") + `}`,
			want: []string{says("missing required field: child_blocks", "/blocks/0")}},
		{name: "layout in full", block: `{"type":"layout","label":"x","is_label_visible":true,"grid_lines":"rows","rows":[{"items":[
			{"block":{"type":"divider"},"width":"narrow","horizontal_alignment":"end"},{"block":{"type":"divider"},"width":"wide"}]}]}`},
		{name: "layout as wide as a container", block: `{"type":"layout","label":"x","rows":[{"items":[{"block":{"type":"divider"},"width":"full"}]}]}`,
			want: []string{says("must be a valid enum value", "/blocks/0/rows/0/items/0/width")}},
		{name: "layout item without a block", block: `{"type":"layout","label":"x","rows":[{"items":[{}]}]}`,
			want: []string{says("missing required field: block", "/blocks/0/rows/0/items/0")}},
		{name: "card in full", block: `{"type":"card","hero_image":` + image + `,"slack_icon":{"type":"icon","name":"rocket"},"title":` + mark("x") + `,
			"subtitle":` + plain("x") + `,"body":` + mark("x") + `,"subtext":` + mark("x") + `,"actions":[` + button() + `]}`},
		{name: "card of a subtitle", block: `{"type":"card","subtitle":` + mark("x") + `}`,
			want: []string{says("must define either `hero_image`, `title`, `actions` or `body`", "/blocks/0/type")}},
		{name: "card with two icons", block: `{"type":"card","title":` + mark("x") + `,"icon":` + image + `,"slack_icon":{"type":"icon","name":"rocket"}}`,
			want: []string{says("must define only one of `icon` or `slack_icon`", "/blocks/0/type")}},
		{name: "card with a picture for a slack_icon", block: `{"type":"card","title":` + mark("x") + `,"slack_icon":{"type":"icon","image_url":"https://a.example"}}`,
			want: []string{
				says("missing required field: name", "/blocks/0/slack_icon"),
				says("invalid additional property: image_url", "/blocks/0/slack_icon"),
			}},
		{name: "card with a title that is a word", block: `{"type":"card","title":"x"}`,
			want: []string{says("must provide an object", "/blocks/0/title")}},
		{name: "card with a menu", block: `{"type":"card","title":` + mark("x") + `,"actions":[{"type":"users_select"}]}`,
			want: []string{says("unsupported type: users_select", "/blocks/0/actions/0/type")}},
		{name: "carousel of a section", block: `{"type":"carousel","elements":[{"type":"section","text":` + mark("x") + `}]}`,
			want: []string{says("unsupported type: section", "/blocks/0/elements/0/type")}},
	})
}

func TestPlansAndTasks(t *testing.T) {
	t.Parallel()
	const paragraph = `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`
	task := `{"type":"task_card","task_id":"t","title":"x","status":"in_progress","details":` + paragraph + `,"output":` + paragraph + `,
		"sources":[{"type":"url","url":"https://a.example","text":"x"}],"hide_title":true}`
	runBlockCases(t, []blockCase{
		{name: "task in full", block: task},
		{name: "plan with tasks", block: `{"type":"plan","title":"x","tasks":[` + task + `]}`},
		{name: "task without an id", block: `{"type":"task_card","title":"x"}`,
			want: []string{says("missing required field: task_id", "/blocks/0")}},
		{name: "unknown status", block: `{"type":"task_card","task_id":"t","title":"x","status":"done"}`,
			want: []string{says("must be a valid enum value", "/blocks/0/status")}},
		{name: "plan of sections", block: `{"type":"plan","title":"x","tasks":[{"type":"section","text":` + mark("x") + `}]}`,
			want: []string{says("unsupported type: section", "/blocks/0/tasks/0/type")}},
		{name: "plan with a title object", block: `{"type":"plan","title":` + plain("x") + `}`,
			want: []string{says("must provide a string", "/blocks/0/title")}},
		{name: "source that is no link", block: `{"type":"task_card","task_id":"t","title":"x","sources":[{"type":"file","url":"https://a.example","text":"x"}]}`,
			want: []string{says("unsupported type: file", "/blocks/0/sources/0/type")}},
	})
}
