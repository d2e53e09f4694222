package page_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// readable is the contrast of text and ground that WCAG asks for at AA; drawings
// and the edges of controls need less.
const (
	readable = 4.5
	visible  = 3.0
)

// TestColoursCanBeRead computes the contrast of what stands on what, from
// colours.css, in both themes.
func TestColoursCanBeRead(t *testing.T) {
	t.Parallel()
	colours := paletteOf(t)
	for _, pair := range []struct {
		least   float64
		fronts  string
		grounds string
	}{
		{readable, "text text-soft link", "ground ground-soft ground-raised ground-hover ephemeral pinned"},
		{readable, "danger warn good", "ground ground-raised ground-hover"},
		{readable, "text danger", "error-ground"},
		{readable, "text warn", "placeholder-ground"},
		{readable, "text", "mention-ground mark-ground"},
		{readable, "mention", "mention-ground"},
		{readable, "mention-me", "mention-me-ground"},
		{readable, "code", "ground-soft"},
		{readable, "bar-text bar-soft", "bar side"},
		{readable, "white", "primary primary-hover danger-solid side-current badge"},
		{visible, "line-strong focus", "ground ground-raised"},
		{visible, "series-a series-b series-c series-d series-e series-f", "ground"},
	} {
		for front := range strings.FieldsSeq(pair.fronts) {
			for ground := range strings.FieldsSeq(pair.grounds) {
				for theme, name := range []string{"light", "dark"} {
					f, fok := colours[front]
					g, gok := colours[ground]
					if !fok || !gok {
						t.Fatalf("colours.css has no %s or no %s", front, ground)
					}
					if c := contrast(f[theme], g[theme]); c < pair.least {
						t.Errorf("--%s on --%s has a contrast of %.2f in the %s theme, %.1f is needed", front, ground, c, name, pair.least)
					}
				}
			}
		}
	}
	for name, both := range colours {
		if strings.HasPrefix(name, "hue-") && contrast(both[0], colours["white"][0]) < readable {
			t.Errorf("initials cannot be read on .%s", name)
		}
	}
}

type rgb [3]float64

var (
	coloured = regexp.MustCompile(`--([a-z-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)`)
	hued     = regexp.MustCompile(`\.(hue-\d+) \{\s*--hue: #([0-9a-f]{6})`)
)

// paletteOf reads every colour with its two themes.
func paletteOf(t *testing.T) map[string][2]rgb {
	t.Helper()
	css := sources(t, ".css")["static/css/colours.css"]
	out := map[string][2]rgb{"white": {{1, 1, 1}, {1, 1, 1}}}
	for _, m := range coloured.FindAllStringSubmatch(css, -1) {
		out[m[1]] = [2]rgb{parse(t, m[2]), parse(t, m[3])}
	}
	hues := hued.FindAllStringSubmatch(css, -1)
	for _, m := range hues {
		out[m[1]] = [2]rgb{parse(t, m[2]), parse(t, m[2])}
	}
	if len(hues) != 12 {
		t.Errorf("%d colours of people, want 12", len(hues))
	}
	return out
}

func parse(t *testing.T, hex string) rgb {
	t.Helper()
	var c rgb
	for i := range c {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(fmt.Errorf("colour %s: %w", hex, err))
		}
		c[i] = float64(n) / 255
	}
	return c
}

// contrast is WCAG's ratio of two colours, 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func (c rgb) luminance() float64 {
	for i, v := range c {
		if v <= 0.04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}
