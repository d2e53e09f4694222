package blockkit

import (
	"fmt"
	"testing"
)

func TestTables(t *testing.T) {
	t.Parallel()
	const raw = `{"type":"raw_text","text":"x"}`
	const rich = `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`
	const figure = `{"type":"raw_number","value":1.5,"text":"1 1/2"}`
	table := func(rows string) string { return `{"type":"table","rows":` + rows + `}` }
	data := func(rows, more string) string {
		return `{"type":"data_table","caption":"x","rows":` + rows + more + `}`
	}
	press := `{"type":"action_cell","element":` + button(`"action_id":"a"`) + `,"fallback":` + raw + `}`
	runBlockCases(t, []blockCase{
		{name: "table of every cell", block: table(`[[` + raw + `,` + rich + `,` + figure + `]]`)},
		{name: "rows of different lengths", block: table(`[[` + raw + `,` + raw + `],[` + raw + `]]`)},
		{name: "column settings", block: `{"type":"table","rows":[[` + raw + `]],"column_settings":[null,{"align":"right","is_wrapped":true}]}`},
		{name: "unknown alignment", block: `{"type":"table","rows":[[` + raw + `]],"column_settings":[{"align":"justify"}]}`,
			want: []string{says("must be a valid enum value", "/blocks/0/column_settings/0/align")}},
		{name: "null cell", block: table(`[[null]]`),
			want: []string{says("must provide an object", "/blocks/0/rows/0/0")}},
		{name: "empty cell", block: table(`[[{"type":"raw_text","text":""}]]`),
			want: []string{says("must be more than 0 characters", "/blocks/0/rows/0/0/text")}},
		{name: "number without its value", block: table(`[[{"type":"raw_number","text":"1"}]]`),
			want: []string{says("missing required field: value", "/blocks/0/rows/0/0")}},
		{name: "number that is text", block: table(`[[{"type":"raw_number","value":"1"}]]`),
			want: []string{says("must provide a number", "/blocks/0/rows/0/0/value")}},
		{name: "button in a plain table", block: table(`[[` + press + `]]`),
			want: []string{says("unsupported type: action_cell", "/blocks/0/rows/0/0/type")}},
		{name: "data_table of every cell", block: data(`[[`+raw+`,`+raw+`,`+figure+`],[`+rich+`,`+press+`,`+figure+`]]`, `,"page_size":100,"row_header_column_index":2`)},
		{name: "the same button in every row", block: data(`[[`+raw+`],[`+press+`],[`+press+`]]`, ``)},
		{name: "rich header", block: data(`[[`+rich+`],[`+raw+`]]`, ``),
			want: []string{says("unsupported type: rich_text", "/blocks/0/rows/0/0/type")}},
		{name: "uneven rows", block: data(`[[`+raw+`,`+raw+`],[`+raw+`]]`, ``),
			want: []string{says("all rows must have the same number of cells", "/blocks/0/rows/1")}},
		{name: "page_size of 101", block: data(`[[`+raw+`],[`+raw+`]]`, `,"page_size":101`),
			want: []string{says("must be less than 100", "/blocks/0/page_size")}},
		{name: "page_size of 0", block: data(`[[`+raw+`],[`+raw+`]]`, `,"page_size":0`),
			want: []string{says("must be greater than 1", "/blocks/0/page_size")}},
		{name: "row header beyond the columns", block: data(`[[`+raw+`],[`+raw+`]]`, `,"row_header_column_index":1`),
			want: []string{says("must be less than 0", "/blocks/0/row_header_column_index")}},
		{name: "no caption", block: `{"type":"data_table","rows":[[` + raw + `],[` + raw + `]]}`,
			want: []string{says("missing required field: caption", "/blocks/0")}},
		{name: "fallback that is a button", block: data(`[[`+raw+`],[{"type":"action_cell","element":`+button()+`,"fallback":`+press+`}]]`, ``),
			want: []string{says("unsupported type: action_cell", "/blocks/0/rows/1/0/fallback/type")}},
		{name: "a table and a data_table", block: table(`[[`+raw+`]]`) + `,` + data(`[[`+raw+`],[`+raw+`]]`, ``),
			want: []string{says("only one table is allowed in a message", "/blocks")}},
		{name: "10000 characters in cells", block: table(fmt.Sprintf(`[[{"type":"raw_text","text":%q}]]`, chars(10_000)))},
		{name: "10001 characters in cells", block: table(fmt.Sprintf(`[[{"type":"raw_text","text":%q},{"type":"raw_text","text":%q}]]`, chars(10_000), "x")),
			want: []string{says("table cells must be less than 10001 characters together", "/blocks")}},
	})
}

func TestCharts(t *testing.T) {
	t.Parallel()
	chart := func(chart string) string {
		return `{"type":"data_visualization","title":"x","chart":` + chart + `}`
	}
	pie := chart(`{"type":"pie","segments":[{"label":"x","value":1}]}`)
	line := func(categories, series string) string {
		return chart(`{"type":"line","series":[` + series + `],"axis_config":{"categories":[` + categories + `],"y_label":"days"}}`)
	}
	const a, b = `{"label":"a","value":-1}`, `{"label":"b","value":2.5}`
	runBlockCases(t, []blockCase{
		{name: "pie", block: pie},
		{name: "segment of nothing", block: chart(`{"type":"pie","segments":[{"label":"x","value":0}]}`),
			want: []string{says("must be greater than 0", "/blocks/0/chart/segments/0/value")}},
		{name: "unknown chart", block: chart(`{"type":"radar"}`),
			want: []string{says("unsupported type: radar", "/blocks/0/chart/type")}},
		{name: "line", block: line(`"a","b"`, `{"name":"s","data":[`+a+`,`+b+`]}`)},
		{name: "point missing", block: line(`"a","b"`, `{"name":"s","data":[`+a+`]}`),
			want: []string{says("must provide one data point for each category", "/blocks/0/chart/series/0/data")}},
		{name: "point of no category", block: line(`"a","c"`, `{"name":"s","data":[`+a+`,`+b+`]}`),
			want: []string{says("must be one of the categories", "/blocks/0/chart/series/0/data/1/label")}},
		{name: "point twice", block: line(`"a","b"`, `{"name":"s","data":[`+a+`,`+a+`]}`),
			want: []string{says(`"a" already exists`, "/blocks/0/chart/series/0/data/1")}},
		{name: "category twice", block: line(`"a","a"`, `{"name":"s","data":[`+a+`,`+b+`]}`),
			want: []string{
				says(`"a" already exists`, "/blocks/0/chart/axis_config/categories/1"),
				says("must be one of the categories", "/blocks/0/chart/series/0/data/1/label"),
			}},
		{name: "series twice", block: line(`"a"`, `{"name":"s","data":[`+a+`]},{"name":"s","data":[`+a+`]}`),
			want: []string{says(`"s" already exists`, "/blocks/0/chart/series/1")}},
		{name: "no axis", block: chart(`{"type":"bar","series":[{"name":"s","data":[` + a + `]}]}`),
			want: []string{
				says("missing required field: axis_config", "/blocks/0/chart"),
				says("must provide one data point for each category", "/blocks/0/chart/series/0/data"),
			}},
		{name: "two charts", block: pie + "," + pie},
		{name: "three charts", block: pie + "," + pie + "," + pie,
			want: []string{says("too many data_visualization blocks", "/blocks")}},
	})
}
