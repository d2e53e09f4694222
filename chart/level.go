package chart

import "image/color"

// Level is how something stands. The zero Level is [None].
type Level int

// The levels.
const (
	None    Level = iota // nothing is there
	Good                 // it was live in time, or is current
	Soon                 // it is due, and in time
	Late                 // it is late
	Worst                // it is late, and the update is one of security
	Ignored              // no maintenance is needed
)

// legend is the order in which levels are explained: the gravest last.
var legend = [...]Level{Good, Soon, Late, Worst, Ignored}

// look is how a level looks. The lightness of the fills falls from Good to Worst, so
// that they are told apart without their hues, and in print.
type look struct {
	fill, ink color.NRGBA
	mark      string // what stands in a cell without a text
	word      string // what it is called in the legend
}

func (l Level) look() look {
	switch l {
	case Good:
		return look{rgb(0xcdebe4), rgb(0x33695d), "ok", "in time"}
	case Soon:
		return look{rgb(0xf4c145), rgb(0x3b2a00), "due", "not yet"}
	case Late:
		return look{rgb(0xd9662b), white, "!", "late"}
	case Worst:
		return look{rgb(0x6d0f3c), white, "!!", "late, security"}
	case Ignored:
		return look{white, rgb(0x5d6673), "off", "no maintenance"}
	default:
		return look{rgb(0xf3f4f6), rgb(0x5d6673), "", ""}
	}
}

// known reports whether it is one of the levels.
func (l Level) known() bool { return l >= None && l <= Ignored }

// The colours of everything that has no level.
var (
	white = rgb(0xffffff)
	black = rgb(0x1b1f24) // titles and names
	grey  = rgb(0x59616c) // notes and axes
	faint = rgb(0xd5d9df) // what leads the eye
)

// plain are the colours of series that have no level, in their order. Neighbours
// differ in lightness.
var plain = [MaxSeries]color.NRGBA{rgb(0x1b4a72), rgb(0xd9662b), rgb(0x6b3a80), rgb(0x2f8f91)}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}
