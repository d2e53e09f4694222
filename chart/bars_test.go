package chart

import (
	"fmt"
	"image"
	"math"
	"strings"
	"testing"
)

func someBars(n int) Bars {
	b := Bars{Title: "Promises", Unit: "listings", Series: []Series{{"met", Good}, {"missed", Worst}}}
	for i := range n {
		b.Rows = append(b.Rows, BarRow{Name: fmt.Sprintf("17.%d", i), Values: []float64{30, 10}})
	}
	return b
}

// barOf is where a bar may be drawn.
func barOf(t *table, row int) image.Rectangle {
	y := t.top() + barHeads + float64(row)*t.pitch
	return image.Rect(int(t.x0)+3, int(y), int(t.x1), int(y+t.pitch))
}

func TestBarsAreAsLongAsTheirValues(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 6, MaxBars} {
		b := someBars(n)
		b.Rows[0].Values = []float64{10, 10}
		img, table := picture(t, b.PNG), testPen(t).newTable(b)
		for i, row := range b.Rows {
			met, missed := count(img, barOf(table, i), Good.look().fill), count(img, barOf(table, i), Worst.look().fill)
			want := row.Values[0] / row.Values[1]
			if got := float64(met) / float64(missed); math.Abs(got-want) > want*0.1 {
				t.Errorf("%d bars: bar %d has parts like %.2f, want %.2f", n, i, got, want)
			}
		}
		if n := edge(img); n > 0 {
			t.Errorf("%d pixels at the edge are drawn on", n)
		}
	}
}

func TestBarsShowWhatIsSmall(t *testing.T) {
	t.Parallel()
	b := someBars(2)
	b.Rows[0].Values = []float64{1e6, 1}
	img, table := picture(t, b.PNG), testPen(t).newTable(b)
	if count(img, barOf(table, 0), Worst.look().fill) == 0 {
		t.Error("one of a million is not to be seen")
	}
}

func TestBarsHaveNoLengthWithoutValues(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]float64{
		"zeros": {0, 0}, "no values": nil, "unknown values": {math.NaN(), math.NaN()}, "less than nothing, but zero": {math.Copysign(0, -1), 0},
	} {
		b := someBars(1)
		b.Rows[0].Values = values
		img, table := picture(t, b.PNG), testPen(t).newTable(b)
		if count(img, barOf(table, 0), Good.look().fill)+count(img, barOf(table, 0), Worst.look().fill) > 0 {
			t.Errorf("%s: there is a bar", name)
		}
	}
	picture(t, Bars{}.PNG)
	picture(t, Bars{Series: []Series{{"met", Good}}}.PNG)
}

func TestBarsCutAndSaySo(t *testing.T) {
	t.Parallel()
	table := testPen(t).newTable(someBars(100))
	if got := strings.Join(table.note, " "); len(table.names) != MaxBars || got != "The first 24 of 100 bars are drawn." {
		t.Errorf("%d bars and the note %q", len(table.names), got)
	}
	picture(t, someBars(100).PNG)
}

func TestBarsRefuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   Bars
		want string
	}{
		{"a negative value", Bars{Series: make([]Series, 1), Rows: []BarRow{{Values: []float64{-3}}}},
			"draw bars: value 1 of bar 1 is -3; what is counted is not negative"},
		{"an infinite value", Bars{Series: make([]Series, 1), Rows: []BarRow{{Values: []float64{math.Inf(1)}}}},
			"draw bars: value 1 of bar 1: +Inf is too large a figure; the largest is 1e+12"},
		{"more values than series", Bars{Series: make([]Series, 1), Rows: []BarRow{{Values: []float64{1, 2}}}},
			"draw bars: bar 1 has 2 values for 1 series"},
		{"too many series", Bars{Series: make([]Series, 5)},
			"draw bars: a bar has 5 parts; it has 4 at most"},
		{"a level that there is not", Bars{Series: []Series{{Level: -1}}},
			"draw bars: series 1 has the level -1, which there is not"},
	} {
		if _, err := c.in.PNG(); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}
