package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// scale is the range of an axis, and where its lines are.
type scale struct {
	low, high float64
	ticks     []float64
}

// newScale is a scale that holds 0 and some values, with about so many lines at
// figures that are easily read: whole ones, where the values are. It is at least 1 long.
func newScale(values []float64, lines int) scale {
	var s scale
	whole := true
	for _, v := range values {
		if !math.IsNaN(v) {
			s.low, s.high = min(s.low, v), max(s.high, v)
			whole = whole && v == math.Trunc(v)
		}
	}
	s.high = max(s.high, s.low+1)
	step := even((s.high - s.low) / float64(lines))
	if whole {
		step = max(step, 1)
	}
	from, to := math.Floor(s.low/step), math.Ceil(s.high/step)
	s.low, s.high = from*step, to*step
	for i := from; i <= to; i++ {
		s.ticks = append(s.ticks, i*step)
	}
	return s
}

// even is the next step up that people count in: 1, 2, 5, 10 and so on.
func even(step float64) float64 {
	magnitude := math.Pow(10, math.Floor(math.Log10(step)))
	for _, m := range [...]float64{1, 2, 5} {
		if step <= m*magnitude*(1+1e-9) {
			return m * magnitude
		}
	}
	return 10 * magnitude
}

// part is where a value lies between the ends of the scale, from 0 to 1.
func (s scale) part(v float64) float64 { return (v - s.low) / (s.high - s.low) }

// figure is a value in few characters: "7", "2.5", "1.2k", "40M". NaN is a dash.
func figure(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	unit := ""
	for _, u := range [...]struct {
		from, of float64
		unit     string
	}{{1e12, 1e12, "T"}, {1e9, 1e9, "G"}, {1e6, 1e6, "M"}, {1e4, 1e3, "k"}} {
		if math.Abs(v) >= u.from {
			v, unit = v/u.of, u.unit
			break
		}
	}
	text := strconv.FormatFloat(v, 'f', 1, 64)
	if math.Abs(v) >= 100 {
		text = strconv.FormatFloat(v, 'f', 0, 64)
	}
	text = strings.TrimSuffix(text, ".0")
	if text == "-0" {
		text = "0"
	}
	return text + unit
}

// checkValue says why a value cannot be drawn. NaN can: it is no value.
func checkValue(v float64) error {
	if math.Abs(v) > MaxValue {
		return fmt.Errorf("%g is too large a figure; the largest is %g", v, float64(MaxValue))
	}
	return nil
}
