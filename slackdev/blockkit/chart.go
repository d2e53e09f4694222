package blockkit

import "strconv"

// charts are the kinds of chart of a data_visualization. Third parties have seen
// twelve series pass; six are documented.
func charts() map[string]*shape {
	name := counted(1, 20)
	point := func(value rule) rule {
		return object(shape{properties: []property{required("label", name), required("value", value)}})
	}
	kinds := map[string]*shape{
		"pie": {properties: []property{required("segments", list(1, 6, point(positive)))}},
	}
	for _, kind := range []string{"bar", "area", "line"} {
		kinds[kind] = &shape{
			properties: []property{
				required("series", list(1, 6, object(shape{properties: []property{
					required("name", name),
					required("data", list(1, 20, point(number))),
				}}))),
				required("axis_config", object(shape{properties: []property{
					required("categories", list(1, 20, name)),
					optional("x_label", counted(0, 50)),
					optional("y_label", counted(0, 50)),
				}})),
			},
			also: []func(*walk, map[string]any){chartSeries},
		}
	}
	return kinds
}

// positive is the rule for the size of a pie's segment.
func positive(w *walk, value any) {
	number(w, value)
	if n, ok := value.(float64); ok && n <= 0 {
		w.fail("must be greater than 0")
	}
}

// chartSeries holds the series of a chart to its categories: one point for
// each, and every name once.
func chartSeries(w *walk, chart map[string]any) {
	axis, _ := chart["axis_config"].(map[string]any)
	categories, _ := axis["categories"].([]any)
	known := unique(w, categories, "axis_config", "categories")
	series, _ := chart["series"].([]any)
	names := make([]any, 0, len(series))
	for i, s := range series {
		one, _ := s.(map[string]any)
		names = append(names, one["name"])
		points, _ := one["data"].([]any)
		at := []string{"series", strconv.Itoa(i), "data"}
		if len(points) != len(categories) {
			w.fail("must provide one data point for each category", at...)
			continue
		}
		labels := make([]any, 0, len(points))
		for j, p := range points {
			point, _ := p.(map[string]any)
			labels = append(labels, point["label"])
			if label, ok := point["label"].(string); ok && !known[label] {
				w.fail("must be one of the categories", append(at, strconv.Itoa(j), "label")...)
			}
		}
		unique(w, labels, at...)
	}
	unique(w, names, "series")
}

// unique reports words that come twice, and returns the set of words.
func unique(w *walk, words []any, at ...string) map[string]bool {
	seen := make(map[string]bool, len(words))
	for i, word := range words {
		s, ok := word.(string)
		if !ok {
			continue
		}
		if seen[s] {
			w.fail(strconv.Quote(s)+" already exists", append(at[:len(at):len(at)], strconv.Itoa(i))...)
		}
		seen[s] = true
	}
	return seen
}
