package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"
)

// picture draws and decodes, and holds what holds for every picture.
func picture(t *testing.T, draw func() ([]byte, error)) *image.RGBA {
	t.Helper()
	first, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	again, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, again) {
		t.Error("the same value was drawn as other bytes")
	}
	const most = 400 << 10
	if len(first) > most {
		t.Errorf("the picture has %d bytes, and %d at most are wanted", len(first), most)
	}
	decoded, err := png.Decode(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	img, opaque := decoded.(*image.RGBA)
	if !opaque {
		t.Fatalf("the picture is a %T: what lies behind it shines through", decoded)
	}
	b := img.Bounds()
	if b.Dx() > MaxWidth || b.Dy() > MaxHeight || b.Dx() < leastWidth {
		t.Errorf("the picture is %d by %d", b.Dx(), b.Dy())
	}
	for _, corner := range []image.Point{b.Min, {b.Max.X - 1, b.Max.Y - 1}, {0, b.Max.Y - 1}, {b.Max.X - 1, 0}} {
		if !is(img.RGBAAt(corner.X, corner.Y), white) {
			t.Errorf("the corner %v is %v, want a white margin", corner, img.At(corner.X, corner.Y))
		}
	}
	return img
}

func is(got color.RGBA, want color.NRGBA) bool { return got == color.RGBA(want) } // both are opaque

// count is how many pixels of a part of a picture have a colour.
func count(img *image.RGBA, part image.Rectangle, c color.NRGBA) int {
	n := 0
	part = part.Intersect(img.Bounds())
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if is(img.RGBAAt(x, y), c) {
				n++
			}
		}
	}
	return n
}

// edge is how many pixels of the outermost frame are not white: what is drawn over the
// edge of a page would be cut there.
func edge(img *image.RGBA) int {
	b := img.Bounds()
	all := 2 * (b.Dx() + b.Dy() - 2)
	whites := 0
	for _, r := range []image.Rectangle{
		{b.Min, image.Pt(b.Max.X, b.Min.Y+1)}, {image.Pt(b.Min.X, b.Max.Y-1), b.Max},
		{image.Pt(b.Min.X, b.Min.Y+1), image.Pt(b.Min.X+1, b.Max.Y-1)}, {image.Pt(b.Max.X-1, b.Min.Y+1), image.Pt(b.Max.X, b.Max.Y-1)},
	} {
		whites += count(img, r, white)
	}
	return all - whites
}

func same(a, b *image.RGBA) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	return bytes.Equal(a.Pix, b.Pix)
}

func testPen(t testing.TB) *pen {
	t.Helper()
	p, err := newPen()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// lightness is L* of CIELAB, from 0 to 100.
func lightness(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	y := 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return 116*math.Cbrt(y) - 16
}

func TestLevelsDifferInLightness(t *testing.T) {
	t.Parallel()
	levels := []Level{Good, Soon, Late, Worst}
	for i := 1; i < len(levels); i++ {
		a, b := lightness(levels[i-1].look().fill), lightness(levels[i].look().fill)
		if a-b < 9 {
			t.Errorf("level %d has the lightness %.0f and the graver level %d has %.0f", levels[i-1], a, levels[i], b)
		}
	}
	for i := 1; i < len(plain); i++ {
		if a, b := lightness(plain[i-1]), lightness(plain[i]); math.Abs(a-b) < 15 {
			t.Errorf("series %d and %d have the lightness %.0f and %.0f", i-1, i, a, b)
		}
	}
}

func TestLevelsAreNotToldByColourAlone(t *testing.T) {
	t.Parallel()
	seen := map[string]Level{}
	for _, l := range legend {
		look := l.look()
		if other, is := seen[look.mark]; is || look.mark == "" || look.word == "" {
			t.Errorf("level %d has the mark %q, like level %d, and the word %q", l, look.mark, other, look.word)
		}
		seen[look.mark] = l
		if d := math.Abs(lightness(look.fill) - lightness(look.ink)); d < 40 {
			t.Errorf("the text of level %d differs by %.0f in lightness from what it stands on", l, d)
		}
	}
	if None.look().mark != "" {
		t.Error("nothing has a mark")
	}
}

// awkward are names that people type or that programs make by mistake.
var awkward = []string{
	"", " ", "\x00\x1b[31m\a", "\xff\xfe", "中文云市场", "🚀🔥", "\u202e\u200f", "Ελλάδα", "Облако", "ענן", "سحابة",
	"e\u0301\u0301\u0301\u0301", "..." + strings.Repeat("x", 5000), strings.Repeat("very long words ", 400), "a\nb\tc", "<!channel> *bold*",
}

func TestAnyTextIsDrawn(t *testing.T) {
	t.Parallel()
	for i, text := range awkward {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			for name, img := range map[string]*image.RGBA{
				"heat":  picture(t, Heat{text, text, []string{text, text}, []HeatRow{{text, text, []Cell{{text, Good}, {text, Worst}}}}}.PNG),
				"bars":  picture(t, Bars{text, text, text, []Series{{text, None}, {text, Late}}, []BarRow{{text, text, []float64{1, 2}}}}.PNG),
				"trend": picture(t, Trend{text, text, text, []string{text, text}, []Line{{text, []float64{1, 2}}, {text, []float64{2, 1}}}, 2, text}.PNG),
			} {
				if n := edge(img); n > 0 {
					t.Errorf("%s: %d pixels at the edge are drawn on", name, n)
				}
			}
		})
	}
}
