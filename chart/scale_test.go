package chart

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScaleHasEvenSteps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		values []float64
		want   []float64
	}{
		{"nothing", nil, []float64{0, 1}},
		{"days", []float64{2, 14, math.NaN()}, []float64{0, 5, 10, 15}},
		{"one", []float64{1}, []float64{0, 1}},
		{"a part of one", []float64{0.5}, []float64{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}},
		{"both sides of nothing", []float64{-3, 7}, []float64{-4, -2, 0, 2, 4, 6, 8}},
		{"large", []float64{950_000}, []float64{0, 200_000, 400_000, 600_000, 800_000, 1_000_000}},
	} {
		if got := newScale(c.values, 5).ticks; !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestFigure(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "0", 7: "7", 2.5: "2.5", 2.04: "2", 99.96: "100", 123.4: "123", 9999: "9999", 12_345: "12.3k", 400_000: "400k",
		1_500_000: "1.5M", -2_000_000_000: "-2G", MaxValue: "1T", -0.01: "0",
	} {
		if got := figure(v); got != want {
			t.Errorf("%g is %q, want %q", v, got, want)
		}
	}
	if got := figure(math.NaN()); got != "-" {
		t.Errorf("what is not known is %q", got)
	}
}
