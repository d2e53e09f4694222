package blockkit

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A limit is a size Slack bounds: json makes a block of size n, which must pass
// from least to most and be refused one beyond each.
type limit struct {
	name    string
	on      Surface // Message when empty
	json    func(n int) string
	least   int // 0 when there is none
	most    int
	pointer string
	unit    string // "characters" or "items"
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, l := range slices.Concat(textLimits(), elementLimits(), listLimits(), dataLimits()) {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			on := l.on
			if on == "" {
				on = Message
			}
			tooMuch := fmt.Sprintf("must be less than %d characters", l.most+1)
			tooLittle := fmt.Sprintf("must be more than %d characters", l.least-1)
			if l.unit == "items" {
				tooMuch = fmt.Sprintf("no more than %d items allowed", l.most)
				tooLittle = fmt.Sprintf("must provide at least %d items", l.least)
			}
			checkBlocks(t, on, l.json(l.most))
			checkBlocks(t, on, l.json(l.most+1), says(tooMuch, l.pointer))
			if l.least > 0 {
				checkBlocks(t, on, l.json(l.least))
				checkBlocks(t, on, l.json(l.least-1), says(tooLittle, l.pointer))
			}
		})
	}
}

// with puts n characters where the format says %s.
func with(format string) func(int) string {
	return func(n int) string { return fmt.Sprintf(format, chars(n)) }
}

// many puts n times the item where the format says %s.
func many(format, item string) func(int) string {
	return func(n int) string { return fmt.Sprintf(format, items(n, item)) }
}

func textLimits() []limit {
	const chr = "characters"
	return []limit{
		{"section text", "", with(`{"type":"section","text":{"type":"mrkdwn","text":"%s"}}`), 1, 3000, "/blocks/0/text/text", chr},
		{"section text, plain", "", with(`{"type":"section","text":{"type":"plain_text","text":"%s"}}`), 1, 3000, "/blocks/0/text/text", chr},
		{"section field", "", with(`{"type":"section","fields":[{"type":"mrkdwn","text":"%s"}]}`), 1, 2000, "/blocks/0/fields/0/text", chr},
		{"header", "", with(`{"type":"header","text":{"type":"plain_text","text":"%s"}}`), 1, 150, "/blocks/0/text/text", chr},
		{"context text", "", with(`{"type":"context","elements":[{"type":"mrkdwn","text":"%s"}]}`), 1, 3000, "/blocks/0/elements/0/text", chr},
		{"alert text", Modal, with(`{"type":"alert","text":{"type":"mrkdwn","text":"%s"}}`), 1, 3000, "/blocks/0/text/text", chr},
		{"image alt_text", "", with(`{"type":"image","image_url":"https://a.example/b.png","alt_text":"%s"}`), 1, 2000, "/blocks/0/alt_text", chr},
		{"image title", "", with(`{"type":"image","image_url":"https://a.example/b.png","alt_text":"x","title":{"type":"plain_text","text":"%s"}}`), 1, 2000, "/blocks/0/title/text", chr},
		{"image_url", "", func(n int) string {
			return fmt.Sprintf(`{"type":"image","image_url":%q,"alt_text":"x"}`, httpsURL(n))
		}, 0, 3000, "/blocks/0/image_url", chr},
		{"input label", "", with(`{"type":"input","label":{"type":"plain_text","text":"%s"},"element":{"type":"plain_text_input"}}`), 1, 2000, "/blocks/0/label/text", chr},
		{"input hint", "", with(`{"type":"input","label":` + plain("x") + `,"element":{"type":"plain_text_input"},"hint":{"type":"plain_text","text":"%s"}}`), 1, 2000, "/blocks/0/hint/text", chr},
		{"block_id", "", with(`{"type":"divider","block_id":"%s"}`), 1, 255, "/blocks/0/block_id", chr},
		{"container title", "", with(`{"type":"container","title":{"type":"plain_text","text":"%s"},"child_blocks":[{"type":"divider"}]}`), 1, 150, "/blocks/0/title/text", chr},
		{"container subtitle", "", with(`{"type":"container","title":` + plain("x") + `,"subtitle":{"type":"mrkdwn","text":"%s"},"child_blocks":[{"type":"divider"}]}`), 1, 150, "/blocks/0/subtitle/text", chr},
		{"layout label", "", with(`{"type":"layout","label":"%s","rows":[{"items":[{"block":{"type":"divider"}}]}]}`), 1, 150, "/blocks/0/label", chr},
		{"card title", "", with(`{"type":"card","title":{"type":"mrkdwn","text":"%s"}}`), 1, 150, "/blocks/0/title/text", chr},
		{"card subtitle", "", with(`{"type":"card","title":` + mark("x") + `,"subtitle":{"type":"mrkdwn","text":"%s"}}`), 1, 150, "/blocks/0/subtitle/text", chr},
		{"card body", "", with(`{"type":"card","body":{"type":"mrkdwn","text":"%s"}}`), 1, 200, "/blocks/0/body/text", chr},
		{"video title", "", with(`{"type":"video","video_url":"https://a.example/v","thumbnail_url":"https://a.example/t","alt_text":"x","title":{"type":"plain_text","text":"%s"}}`), 1, 199, "/blocks/0/title/text", chr},
	}
}

func elementLimits() []limit {
	const chr = "characters"
	confirm := func(title, text, yes, no string) string {
		return section(button(fmt.Sprintf(`"confirm":{"title":%s,"text":%s,"confirm":%s,"deny":%s}`,
			plain(title), plain(text), plain(yes), plain(no))))
	}
	option := func(text, value, description string) string {
		return section(fmt.Sprintf(`{"type":"static_select","options":[{"text":%s,"value":%q,"description":%s}]}`,
			plain(text), value, plain(description)))
	}
	typed := func(format string) func(int) string { return with(input(format)) }
	return []limit{
		{"button text", "", with(section(`{"type":"button","text":{"type":"plain_text","text":"%s"}}`)), 1, 75, "/blocks/0/accessory/text/text", chr},
		{"button value", "", with(section(button(`"value":"%s"`))), 0, 2000, "/blocks/0/accessory/value", chr},
		{"button accessibility_label", "", with(section(button(`"accessibility_label":"%s"`))), 0, 75, "/blocks/0/accessory/accessibility_label", chr},
		{"button url", "", func(n int) string { return section(button(fmt.Sprintf(`"url":%q`, httpsURL(n)))) }, 0, 3000, "/blocks/0/accessory/url", chr},
		{"action_id", "", with(section(button(`"action_id":"%s"`))), 1, 255, "/blocks/0/accessory/action_id", chr},
		{"confirm title", "", func(n int) string { return confirm(chars(n), "x", "x", "x") }, 1, 100, "/blocks/0/accessory/confirm/title/text", chr},
		{"confirm text", "", func(n int) string { return confirm("x", chars(n), "x", "x") }, 1, 300, "/blocks/0/accessory/confirm/text/text", chr},
		{"confirm yes", "", func(n int) string { return confirm("x", "x", chars(n), "x") }, 1, 30, "/blocks/0/accessory/confirm/confirm/text", chr},
		{"confirm no", "", func(n int) string { return confirm("x", "x", "x", chars(n)) }, 1, 30, "/blocks/0/accessory/confirm/deny/text", chr},
		{"option text", "", func(n int) string { return option(chars(n), "v", "x") }, 1, 75, "/blocks/0/accessory/options/0/text/text", chr},
		{"option value", "", func(n int) string { return option("x", chars(n), "x") }, 1, 150, "/blocks/0/accessory/options/0/value", chr},
		{"option description", "", func(n int) string { return option("x", "v", chars(n)) }, 1, 75, "/blocks/0/accessory/options/0/description/text", chr},
		{"overflow option url", "", func(n int) string {
			return section(fmt.Sprintf(`{"type":"overflow","options":[{"text":%s,"value":"v","url":%q}]}`, plain("x"), httpsURL(n)))
		}, 0, 3000, "/blocks/0/accessory/options/0/url", chr},
		{"option group label", "", func(n int) string {
			return section(fmt.Sprintf(`{"type":"static_select","option_groups":[{"label":%s,"options":[{"text":%s,"value":"v"}]}]}`, plain(chars(n)), plain("x")))
		}, 1, 75, "/blocks/0/accessory/option_groups/0/label/text", chr},
		{"select placeholder", "", with(section(`{"type":"users_select","placeholder":{"type":"plain_text","text":"%s"}}`)), 1, 150, "/blocks/0/accessory/placeholder/text", chr},
		{"text input placeholder", Modal, typed(`{"type":"plain_text_input","placeholder":{"type":"plain_text","text":"%s"}}`), 1, 150, "/blocks/0/element/placeholder/text", chr},
		{"text input initial_value", Modal, typed(`{"type":"plain_text_input","initial_value":"%s"}`), 0, 3000, "/blocks/0/element/initial_value", chr},
		{"feedback value", "", with(`{"type":"context_actions","elements":[{"type":"feedback_buttons",
			"positive_button":{"text":` + plain("x") + `,"value":"%s"},"negative_button":{"text":` + plain("x") + `,"value":"v"}}]}`), 1, 2000, "/blocks/0/elements/0/positive_button/value", chr},
	}
}

func listLimits() []limit {
	const one = `{"text":{"type":"plain_text","text":"x"},"value":"v#"}`
	menu := func(kind, item string) func(int) string {
		return func(n int) string {
			return section(fmt.Sprintf(`{"type":%q,"options":%s}`, kind, items(n, item)))
		}
	}
	return []limit{
		{"section fields", "", many(`{"type":"section","fields":%s}`, mark("x")), 1, 10, "/blocks/0/fields", "items"},
		{"context elements", "", many(`{"type":"context","elements":%s}`, mark("x")), 1, 10, "/blocks/0/elements", "items"},
		{"actions elements", "", many(`{"type":"actions","elements":%s}`, button(`"action_id":"a#"`)), 1, 25, "/blocks/0/elements", "items"},
		{"overflow options", "", menu("overflow", one), 1, 5, "/blocks/0/accessory/options", "items"},
		{"checkboxes options", "", menu("checkboxes", one), 1, 10, "/blocks/0/accessory/options", "items"},
		{"radio_buttons options", "", menu("radio_buttons", one), 1, 10, "/blocks/0/accessory/options", "items"},
		{"static_select options", "", menu("static_select", one), 1, 100, "/blocks/0/accessory/options", "items"},
		{"multi_static_select options", "", menu("multi_static_select", one), 1, 100, "/blocks/0/accessory/options", "items"},
		{"option_groups", "", func(n int) string {
			return section(fmt.Sprintf(`{"type":"static_select","option_groups":%s}`,
				items(n, `{"label":{"type":"plain_text","text":"g"},"options":[`+one+`]}`)))
		}, 1, 100, "/blocks/0/accessory/option_groups", "items"},
		{"options of a group", "", func(n int) string {
			return section(fmt.Sprintf(`{"type":"static_select","option_groups":[{"label":%s,"options":%s}]}`, plain("g"), items(n, one)))
		}, 1, 100, "/blocks/0/accessory/option_groups/0/options", "items"},
		{"trigger_actions_on", Modal, func(n int) string {
			return input(fmt.Sprintf(`{"type":"plain_text_input","dispatch_action_config":{"trigger_actions_on":%s}}`, items(n, `"on_enter_pressed"`)))
		}, 1, 2, "/blocks/0/element/dispatch_action_config/trigger_actions_on", "items"},
		{"carousel cards", "", many(`{"type":"carousel","elements":%s}`, `{"type":"card","title":`+mark("x")+`}`), 1, 10, "/blocks/0/elements", "items"},
		{"container children", "", many(`{"type":"container","title":`+plain("x")+`,"child_blocks":%s}`, `{"type":"divider"}`), 1, 10, "/blocks/0/child_blocks", "items"},
		{"layout rows", "", many(`{"type":"layout","label":"x","rows":%s}`, `{"items":[{"block":{"type":"divider"}}]}`), 1, 5, "/blocks/0/rows", "items"},
		{"layout items", "", many(`{"type":"layout","label":"x","rows":[{"items":%s}]}`, `{"block":{"type":"divider"}}`), 1, 3, "/blocks/0/rows/0/items", "items"},
		{"context_actions elements", "", many(`{"type":"context_actions","elements":%s}`, `{"type":"icon_button","icon":"trash","text":`+plain("x")+`}`), 1, 5, "/blocks/0/elements", "items"},
		{"message blocks", Message, func(n int) string { return strings.Trim(items(n, `{"type":"divider"}`), "[]") }, 0, 50, "/blocks", "items"},
		{"modal blocks", Modal, func(n int) string { return strings.Trim(items(n, `{"type":"divider"}`), "[]") }, 0, 100, "/blocks", "items"},
		{"Home blocks", Home, func(n int) string { return strings.Trim(items(n, `{"type":"divider"}`), "[]") }, 0, 100, "/blocks", "items"},
	}
}

func dataLimits() []limit {
	const chr = "characters"
	const raw = `{"type":"raw_text","text":"x"}`
	bars := `{"type":"data_visualization","title":"x","chart":{"type":"bar","series":%s,"axis_config":{"categories":["c"]}}}`
	return []limit{
		{"table rows", "", many(`{"type":"table","rows":%s}`, "["+raw+"]"), 1, 100, "/blocks/0/rows", "items"},
		{"table cells", "", many(`{"type":"table","rows":[%s]}`, raw), 1, 20, "/blocks/0/rows/0", "items"},
		{"table column_settings", "", many(`{"type":"table","rows":[[`+raw+`]],"column_settings":%s}`, `{"align":"left"}`), 0, 20, "/blocks/0/column_settings", "items"},
		{"data_table rows", "", many(`{"type":"data_table","caption":"x","rows":%s}`, "["+raw+"]"), 2, 101, "/blocks/0/rows", "items"},
		{"data_table caption", "", with(`{"type":"data_table","caption":"%s","rows":[[` + raw + `],[` + raw + `]]}`), 1, 3000, "/blocks/0/caption", chr},
		{"chart title", "", with(`{"type":"data_visualization","title":"%s","chart":{"type":"pie","segments":[{"label":"x","value":1}]}}`), 1, 50, "/blocks/0/title", chr},
		{"pie segments", "", many(`{"type":"data_visualization","title":"x","chart":{"type":"pie","segments":%s}}`, `{"label":"s#","value":1}`), 1, 6, "/blocks/0/chart/segments", "items"},
		{"pie label", "", with(`{"type":"data_visualization","title":"x","chart":{"type":"pie","segments":[{"label":"%s","value":1}]}}`), 1, 20, "/blocks/0/chart/segments/0/label", chr},
		{"chart series", "", many(bars, `{"name":"s#","data":[{"label":"c","value":1}]}`), 1, 6, "/blocks/0/chart/series", "items"},
		{"chart series name", "", with(fmt.Sprintf(bars, `[{"name":"%s","data":[{"label":"c","value":1}]}]`)), 1, 20, "/blocks/0/chart/series/0/name", chr},
		{"chart axis label", "", with(`{"type":"data_visualization","title":"x","chart":{"type":"line","series":[{"name":"s","data":[{"label":"c","value":1}]}],
			"axis_config":{"categories":["c"],"x_label":"%s"}}}`), 0, 50, "/blocks/0/chart/axis_config/x_label", chr},
	}
}
