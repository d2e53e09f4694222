package slackdev

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Ids as Slack writes them: an uppercase letter that tells the kind, then
// uppercase letters and digits. Ids of seeded people, channels and groups are
// derived from their names, so they are the same in every run.
type (
	// TeamID names a workspace: T...
	TeamID string
	// UserID names a person or a bot user: U...
	UserID string
	// ChannelID names a channel (C...) or a direct message (D...).
	ChannelID string
	// GroupID names a user group: S...
	GroupID string
	// ViewID names a modal or a Home tab: V...
	ViewID string
	// FileID names an uploaded file: F...
	FileID string
	// TS is a message's timestamp, unique and increasing in the workspace:
	// Unix seconds, a dot, six digits. It doubles as the message's id.
	TS string
)

// idSource hands out ids for things that come and go. Two workspaces must not
// share envelope, trigger or event ids, because an app that remembers what it
// has seen would take a new click for an old one; so the seed is random unless
// a test fixes it.
type idSource struct {
	seed uint64
	n    atomic.Uint64
}

func newIDSource(seed uint64) *idSource {
	if seed == 0 {
		var b [8]byte
		rand.Read(b[:]) // never fails, by contract of crypto/rand
		seed = binary.LittleEndian.Uint64(b[:])
	}
	return &idSource{seed: seed}
}

// next returns a number that looks random and differs for every call.
func (s *idSource) next() uint64 { return mix(s.seed ^ mix(s.n.Add(1))) }

// mix is the finalizer of SplitMix64: a bijection, so distinct inputs stay distinct.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// short returns prefix and ten characters of the alphabet Slack's ids use.
func (s *idSource) short(prefix string) string {
	t := strings.ToUpper(strconv.FormatUint(s.next(), 36))
	for len(t) < 13 {
		t = "0" + t
	}
	return prefix + t[len(t)-12:]
}

// part makes an id of something inside of another thing, such as a block.
func (s *idSource) part() string { return strings.ToLower(s.short("")[:5]) }

func (s *idSource) uuid() string {
	a, b := s.next(), s.next()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x",
		uint32(a>>32), uint16(a>>16), uint16(a)&0xfff, uint16(b>>48)&0xfff, b&0xffffffffffff)
}

func (s *idSource) secret() string { return fmt.Sprintf("%016x%016x", s.next(), s.next()) }

// formatTS writes microseconds since the epoch as a message timestamp.
func formatTS(micros int64) TS {
	return TS(fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6))
}

// Time is the moment the timestamp names; the zero time when it is malformed.
func (ts TS) Time() time.Time {
	sec, frac, ok := strings.Cut(string(ts), ".")
	s, err := strconv.ParseInt(sec, 10, 64)
	if err != nil {
		return time.Time{}
	}
	var us int64
	if ok {
		if us, err = strconv.ParseInt((frac + "000000")[:6], 10, 64); err != nil {
			return time.Time{}
		}
	}
	return time.Unix(s, us*1000).UTC()
}

// derivedID makes the stable id of something seeded from its name.
func derivedID(prefix, name string) string {
	var b strings.Builder
	b.WriteString(prefix)
	b.WriteByte('0')
	for _, r := range strings.ToUpper(name) {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()
}
