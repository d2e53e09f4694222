package blockkit

import "strconv"

// Limits of tables.
const (
	maxTableRows = 100 // the header of a data_table comes on top
	maxColumns   = 20
)

// dataBlocks are the blocks that show figures. The documentation lists tables
// for Home too, where they have been seen to be refused, and charts are refused
// there: messages only.
func dataBlocks() map[string]*block {
	return map[string]*block{
		"table": {
			on: onMessage, in: inContainer | inLayout | inFallback,
			shape: shape{
				properties: []property{
					required("rows", list(1, maxTableRows, list(1, maxColumns, cell("raw_text", "raw_number", "rich_text")))),
					optional("column_settings", list(0, maxColumns, columnSetting)),
				},
				also: []func(*walk, map[string]any){func(w *walk, _ map[string]any) { w.tables++ }},
			},
		},
		"data_table": {
			on: onMessage, in: inLayout,
			shape: shape{
				properties: []property{
					required("caption", counted(1, 3000)),
					required("rows", list(2, maxTableRows+1, list(1, maxColumns, cell()))),
					optional("page_size", integer(1, 100)),
					optional("row_header_column_index", integer(0, maxColumns-1)),
				},
				also: []func(*walk, map[string]any){func(w *walk, _ map[string]any) { w.tables++ }, dataTableRows},
			},
		},
		"data_visualization": {
			on: onMessage, in: inLayout,
			shape: shape{
				properties: []property{
					required("title", counted(1, 50)),
					required("chart", oneOf(charts())),
				},
				also: []func(*walk, map[string]any){func(w *walk, _ map[string]any) { w.charts++ }},
			},
		},
	}
}

// cell is the rule for one cell of a table, of the given kinds or any.
func cell(kinds ...string) rule {
	judge := fromKit(func(k *kit) map[string]*shape { return k.cells }, kinds...)
	return func(w *walk, value any) {
		text, ids := w.text, w.actionIDs
		// Each cell has action_ids of its own: the same button in every row is
		// what action cells are for.
		w.actionIDs = nil
		judge(w, value)
		w.actionIDs = ids
		w.cells += w.text - text
	}
}

// cellKinds are what a cell may hold.
func cellKinds() map[string]*shape {
	rich := richTextShape()
	return map[string]*shape{
		"raw_text":   {properties: []property{required("text", counted(1, maxPayload))}},
		"raw_number": {properties: []property{required("value", number), optional("text", counted(1, maxPayload))}},
		"rich_text":  &rich,
		"action_cell": {properties: []property{
			required("element", anElement(inCell)),
			optional("fallback", cell("raw_text", "raw_number")),
		}},
	}
}

// columnSetting is the rule for how a column looks; null leaves it as it is.
func columnSetting(w *walk, value any) {
	if value != nil {
		columnLook(w, value)
	}
}

var columnLook = object(shape{properties: []property{
	optional("align", enum("left", "center", "right")),
	optional("is_wrapped", boolean),
}})

// dataTableRows holds the rows of a data_table to each other: all as long as
// the header, and the header in plain words.
func dataTableRows(w *walk, table map[string]any) {
	rows, _ := table["rows"].([]any)
	if len(rows) == 0 {
		return
	}
	header, _ := rows[0].([]any)
	for i, c := range header {
		if object, _ := c.(map[string]any); object["type"] == "rich_text" {
			w.fail("unsupported type: rich_text", "rows", "0", strconv.Itoa(i), "type")
		}
	}
	for i, row := range rows[:min(len(rows), maxTableRows+1)] {
		if cells, ok := row.([]any); ok && len(cells) != len(header) {
			w.fail("all rows must have the same number of cells", "rows", strconv.Itoa(i))
		}
	}
	if n, ok := table["row_header_column_index"].(float64); ok && n >= float64(len(header)) {
		w.fail("must be less than "+strconv.Itoa(len(header)-1), "row_header_column_index")
	}
}
