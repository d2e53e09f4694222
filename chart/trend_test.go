package chart

import (
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func someTrend(n int) Trend {
	t := Trend{Title: "Time to publish", Unit: "business days", Lines: []Line{{Name: "median"}, {Name: "p90"}}, Limit: 10, LimitName: "promise"}
	for i := range n {
		t.Names = append(t.Names, fmt.Sprintf("17.%d.%d", i/3, i%3))
		t.Lines[0].Values = append(t.Lines[0].Values, float64(2+i%3))
		t.Lines[1].Values = append(t.Lines[1].Values, float64(7+i%5))
	}
	return t
}

// spot is a place of a trend and a little around it.
func spot(c *course, i int, v float64) image.Rectangle {
	x, y := int(c.x(i)), int(c.y(v))
	return image.Rect(x-4, y-4, x+4, y+4)
}

func TestTrendIsWhereItsValuesAre(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 8, MaxPoints} {
		in := someTrend(n)
		img, c := picture(t, in.PNG), testPen(t).newCourse(in)
		for i, l := range in.Lines {
			for j, v := range l.Values {
				if count(img, spot(c, j, v), plain[i]) < 40 {
					t.Errorf("%d points: line %d is not at its value %d", n, i, j)
				}
			}
		}
		if n := edge(img); n > 0 {
			t.Errorf("%d pixels at the edge are drawn on", n)
		}
	}
}

func TestTrendHasGapsForWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	in := someTrend(5)
	in.Lines = in.Lines[:1]
	in.Lines[0].Values = []float64{4, 4, math.NaN(), 4} // and nothing at the end
	img, c := picture(t, in.PNG), testPen(t).newCourse(in)
	between := func(i int) int {
		x, y := int(c.x(i)+c.nameGap/2), int(c.y(4))
		return count(img, image.Rect(x-6, y-2, x+6, y+2), plain[0])
	}
	for i, want := range []bool{true, false, false} {
		if got := between(i) > 20; got != want {
			t.Errorf("between %d and %d there is a line: %v, want %v", i, i+1, got, want)
		}
	}
	if count(img, spot(c, 3, 4), plain[0]) < 40 {
		t.Error("a value between gaps is not drawn")
	}
}

func TestTrendHasItsLimit(t *testing.T) {
	t.Parallel()
	in := someTrend(4)
	img, c := picture(t, in.PNG), testPen(t).newCourse(in)
	at := image.Rect(int(c.x0), int(c.y(10))-2, int(c.x1), int(c.y(10))+2)
	if count(img, at, black) < 200 {
		t.Error("the limit is not drawn")
	}
	in.Limit = 0
	if img := picture(t, in.PNG); count(img, image.Rect(int(c.x0), int(c.y0), int(c.x1), int(c.y0+trendHeight)), black) > 0 {
		t.Error("no limit is drawn")
	}
}

func TestTrendOfNothingSaysSo(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]Trend{
		"nothing": {}, "no lines": {Names: []string{"a"}}, "no values": {Names: []string{"a"}, Lines: make([]Line, 2), Limit: 3},
		"no known values": {Names: []string{"a"}, Lines: []Line{{"p90", []float64{math.NaN()}}}},
	} {
		if img := picture(t, in.PNG); count(img, img.Bounds(), None.look().fill) == 0 {
			t.Errorf("%s: there is no field that says so", name)
		}
	}
}

func TestTrendBearsAnyFigures(t *testing.T) {
	t.Parallel()
	for _, values := range [][]float64{{0}, {0, 0}, {-5, 5}, {-1, -2}, {MaxValue, -MaxValue}, {1e-12, 2e-12}, {5e-324}, {1e12, 1e-300}} {
		in := Trend{Names: make([]string, len(values)), Lines: []Line{{"v", values}}}
		if n := edge(picture(t, in.PNG)); n > 0 {
			t.Errorf("%g: %d pixels at the edge are drawn on", values, n)
		}
	}
}

func TestTrendRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   Trend
		want string
	}{
		{"an infinite value", Trend{Names: make([]string, 1), Lines: []Line{{"a", []float64{math.Inf(-1)}}}},
			"draw a trend: value 1 of line 1: -Inf is too large a figure; the largest is 1e+12"},
		{"more values than names", Trend{Lines: []Line{{"a", []float64{1}}}}, "draw a trend: line 1 has 1 values for 0 names"},
		{"too many lines", Trend{Lines: make([]Line, 5)}, "draw a trend: there are 5 lines; a trend has 4 at most"},
		{"a limit that is no number", Trend{Limit: math.NaN()}, "draw a trend: the limit is no number"},
		{"a limit out of reach", Trend{Limit: 1e13}, "draw a trend: the limit: 1e+13 is too large a figure; the largest is 1e+12"},
	} {
		if _, err := c.in.PNG(); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestTrendCutsTheOldest(t *testing.T) {
	t.Parallel()
	in := someTrend(60)
	c := testPen(t).newCourse(in)
	if len(c.names) != MaxPoints || c.names[MaxPoints-1] != in.Names[59] || c.lines[1][MaxPoints-1] != in.Lines[1].Values[59] {
		t.Errorf("%d points to %q are drawn", len(c.names), c.names[len(c.names)-1])
	}
	if want := []string{"The last 24 of 60 points are drawn."}; !cmp.Equal(c.note, want) {
		t.Errorf("the note is %q, want %q", c.note, want)
	}
	picture(t, in.PNG)
}

func TestSpreadKeepsLabelsApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		in, want []float64
	}{
		{"far apart", []float64{100, 300}, []float64{100, 300}},
		{"too near", []float64{110, 100}, []float64{130, 100}},
		{"at the end", []float64{500, 500, 495}, []float64{470, 500, 440}},
		{"at the beginning", []float64{0, 0}, []float64{50, 80}},
	} {
		labels := make([]label, len(c.in))
		for i, y := range c.in {
			labels[i].y = y
		}
		spread(labels, 30, 50, 500)
		for i, l := range labels {
			if l.at != c.want[i] {
				t.Errorf("%s: label %d is at %g, want %g", c.name, i, l.at, c.want[i])
			}
		}
	}
}
