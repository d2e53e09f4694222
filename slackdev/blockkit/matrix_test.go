package blockkit

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sampleBlocks has one good block of every kind, without ids so that it can
// stand anywhere.
func sampleBlocks() map[string]string {
	const raw = `{"type":"raw_text","text":"x"}`
	card := `{"type":"card","title":` + mark("x") + `}`
	return map[string]string{
		"section":            `{"type":"section","text":` + mark("x") + `}`,
		"header":             `{"type":"header","text":` + plain("x") + `,"level":2}`,
		"divider":            `{"type":"divider"}`,
		"context":            `{"type":"context","elements":[` + mark("x") + `]}`,
		"actions":            actions(button()),
		"image":              `{"type":"image","image_url":"https://a.example/b.png","alt_text":"x"}`,
		"input":              input(`{"type":"plain_text_input"}`),
		"rich_text":          `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[]}]}`,
		"video":              `{"type":"video","video_url":"https://a.example/v","thumbnail_url":"https://a.example/t","alt_text":"x","title":` + plain("x") + `}`,
		"markdown":           `{"type":"markdown","text":"# x"}`,
		"alert":              `{"type":"alert","text":` + mark("x") + `,"level":"warning"}`,
		"card":               card,
		"carousel":           `{"type":"carousel","elements":[` + card + `]}`,
		"container":          `{"type":"container","title":` + plain("x") + `,"child_blocks":[{"type":"divider"}]}`,
		"layout":             `{"type":"layout","label":"x","rows":[{"items":[{"block":{"type":"divider"}}]}]}`,
		"table":              `{"type":"table","rows":[[` + raw + `]]}`,
		"data_table":         `{"type":"data_table","caption":"x","rows":[[` + raw + `],[` + raw + `]]}`,
		"data_visualization": `{"type":"data_visualization","title":"x","chart":{"type":"pie","segments":[{"label":"x","value":1}]}}`,
		"context_actions":    `{"type":"context_actions","elements":[{"type":"icon_button","icon":"trash","text":` + plain("x") + `}]}`,
		"plan":               `{"type":"plan","title":"x"}`,
		"task_card":          `{"type":"task_card","task_id":"t","title":"x","status":"pending"}`,
	}
}

// sampleElements has one good element of every kind.
func sampleElements() map[string]string {
	const choices = `"options":[{"text":{"type":"plain_text","text":"x"},"value":"v"}]`
	bare := func(kind string) string { return fmt.Sprintf(`{"type":%q}`, kind) }
	samples := map[string]string{
		"button":              button(),
		"overflow":            `{"type":"overflow",` + choices + `}`,
		"image":               `{"type":"image","slack_file":{"id":"F1"},"alt_text":"x"}`,
		"workflow_button":     `{"type":"workflow_button","text":` + plain("x") + `,"workflow":{"trigger":{"url":"https://slack.com/shortcuts/Ft1/x"}}}`,
		"icon_button":         `{"type":"icon_button","icon":"trash","text":` + plain("x") + `}`,
		"feedback_buttons":    `{"type":"feedback_buttons","positive_button":{"text":` + plain("x") + `,"value":"v"},"negative_button":{"text":` + plain("x") + `,"value":"v"}}`,
		"checkboxes":          `{"type":"checkboxes",` + choices + `}`,
		"radio_buttons":       `{"type":"radio_buttons",` + choices + `}`,
		"static_select":       `{"type":"static_select",` + choices + `}`,
		"multi_static_select": `{"type":"multi_static_select",` + choices + `}`,
		"number_input":        `{"type":"number_input","is_decimal_allowed":false}`,
	}
	for _, kind := range []string{
		"external_select", "multi_external_select", "users_select", "multi_users_select",
		"conversations_select", "multi_conversations_select", "channels_select", "multi_channels_select",
		"plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "file_input",
		"datepicker", "timepicker", "datetimepicker",
	} {
		samples[kind] = bare(kind)
	}
	return samples
}

var allSurfaces = []Surface{Message, Modal, Home}

// TestBlocksOnSurfaces holds the surface matrix in full: a block passes on the
// surfaces listed and is named as unsupported on the others.
func TestBlocksOnSurfaces(t *testing.T) {
	t.Parallel()
	on := map[string][]Surface{
		"section": allSurfaces, "header": allSurfaces, "divider": allSurfaces, "context": allSurfaces,
		"actions": allSurfaces, "image": allSurfaces, "input": allSurfaces, "rich_text": allSurfaces,
		"video": allSurfaces, "card": allSurfaces, "layout": allSurfaces,
		"alert":    {Modal},
		"carousel": {Message, Home},
		"markdown": {Message}, "context_actions": {Message}, "plan": {Message}, "task_card": {Message},
		"container": {Message}, "table": {Message}, "data_table": {Message}, "data_visualization": {Message},
	}
	samples := sampleBlocks()
	if diff := cmp.Diff(slices.Sorted(maps.Keys(on)), slices.Sorted(maps.Keys(newKit().blocks))); diff != "" {
		t.Errorf("blocks listed here and blocks known (-listed +known):\n%s", diff)
	}
	for kind, surfaces := range on {
		for _, surface := range allSurfaces {
			var want []string
			if !slices.Contains(surfaces, surface) {
				want = []string{says("unsupported type: "+kind, "/blocks/0/type")}
			}
			checkBlocks(t, surface, samples[kind], want...)
		}
	}
	// Slack draws files people share, but takes none from an app.
	checkBlocks(t, Message, `{"type":"file","external_id":"x","source":"remote"}`, says("unsupported type: file", "/blocks/0/type"))
}

// TestElementsInBlocks holds which element stands in which block, on a surface
// that takes both.
func TestElementsInBlocks(t *testing.T) {
	t.Parallel()
	in := map[string][]string{
		"button":           {"section", "actions"},
		"overflow":         {"section", "actions"},
		"workflow_button":  {"section", "actions"},
		"image":            {"section", "context"},
		"icon_button":      {"context_actions"},
		"feedback_buttons": {"context_actions"},
		"datetimepicker":   {"actions", "input"},
	}
	for _, kind := range []string{"checkboxes", "radio_buttons", "datepicker", "timepicker",
		"static_select", "multi_static_select", "external_select", "multi_external_select",
		"users_select", "multi_users_select", "conversations_select", "multi_conversations_select",
		"channels_select", "multi_channels_select"} {
		in[kind] = []string{"section", "actions", "input"}
	}
	for _, kind := range []string{"plain_text_input", "rich_text_input", "email_text_input",
		"url_text_input", "number_input", "file_input"} {
		in[kind] = []string{"input"}
	}
	blocks := map[string]struct{ format, pointer string }{
		"section":         {section("%s"), "/blocks/0/accessory/type"},
		"actions":         {actions("%s"), "/blocks/0/elements/0/type"},
		"input":           {input("%s"), "/blocks/0/element/type"},
		"context":         {`{"type":"context","elements":[%s]}`, "/blocks/0/elements/0/type"},
		"context_actions": {`{"type":"context_actions","elements":[%s]}`, "/blocks/0/elements/0/type"},
	}
	samples := sampleElements()
	if diff := cmp.Diff(slices.Sorted(maps.Keys(in)), slices.Sorted(maps.Keys(newKit().elements))); diff != "" {
		t.Errorf("elements listed here and elements known (-listed +known):\n%s", diff)
	}
	for kind, places := range in {
		surface := Message
		if !newKit().elements[kind].on.has(Message) {
			surface = Modal
		}
		for name, block := range blocks {
			if name == "context_actions" && surface != Message {
				continue
			}
			var want []string
			if !slices.Contains(places, name) {
				want = []string{says("unsupported type: "+kind, block.pointer)}
			}
			checkBlocks(t, surface, fmt.Sprintf(block.format, samples[kind]), want...)
		}
	}
}

// TestElementsOnSurfaces holds which surfaces take the elements that not all
// surfaces take.
func TestElementsOnSurfaces(t *testing.T) {
	t.Parallel()
	on := map[string][]Surface{
		"email_text_input": {Modal}, "url_text_input": {Modal}, "number_input": {Modal}, "file_input": {Modal},
		"rich_text_input":  {Modal, Home},
		"datetimepicker":   {Message, Modal},
		"plain_text_input": allSurfaces, "datepicker": allSurfaces, "timepicker": allSurfaces,
		"static_select": allSurfaces, "multi_users_select": allSurfaces, "checkboxes": allSurfaces,
	}
	samples := sampleElements()
	for kind, surfaces := range on {
		for _, surface := range allSurfaces {
			var want []string
			if !slices.Contains(surfaces, surface) {
				want = []string{says("unsupported type: "+kind, "/blocks/0/element/type")}
			}
			checkBlocks(t, surface, input(samples[kind]), want...)
		}
	}
	for _, surface := range allSurfaces {
		var want []string
		if surface != Message {
			want = []string{says("unsupported type: workflow_button", "/blocks/0/elements/0/type")}
		}
		checkBlocks(t, surface, actions(samples["workflow_button"]), want...)
	}
}
