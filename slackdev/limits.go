package slackdev

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/slackdev/rates"
)

// This file measures how often the app calls each method, and says or does what
// comes of too often. Time is real time and what the clock was moved: on a clock
// that stands still a busy minute is a minute all the same, and one who moves the
// clock by an hour has waited.

// RatesMode is what comes of calls that are more than Slack allows.
type RatesMode string

// The modes. Calls are counted in each of them.
const (
	// RatesOff lets every call through and says nothing.
	RatesOff RatesMode = "off"
	// RatesWarn lets every call through and writes a warning, once a minute and
	// method.
	RatesWarn RatesMode = "warn"
	// RatesEnforce answers such a call with 429 and Retry-After; it alone is
	// refused, and not what is called of other methods or posted in other channels.
	RatesEnforce RatesMode = "enforce"
)

// MethodLimits is how often the app has called a method and how often it may.
type MethodLimits struct {
	rates.Usage
	Failed int // calls that were refused, for whatever reason
}

// meter counts for one workspace. Workspace.mu does not guard it.
type meter struct {
	rates.Meter
	began time.Time // real time
}

// liveNow is the time by which rates are measured.
func (ws *Workspace) liveNow() time.Time {
	return ws.meter.began.Add(time.Since(ws.meter.began) + ws.clock.Moved())
}

// SetRates changes what comes of too many calls. An unknown mode is an error.
func (ws *Workspace) SetRates(mode RatesMode) error {
	if !slices.Contains([]RatesMode{RatesOff, RatesWarn, RatesEnforce}, mode) {
		return fmt.Errorf("the mode of rates must be off, warn or enforce, not %q", mode)
	}
	ws.mu.Lock()
	ws.st.rates = mode
	ws.mu.Unlock()
	ws.tellFaults()
	return nil
}

// Rates is what comes of too many calls.
func (ws *Workspace) Rates() RatesMode {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.st.rates
}

// Limits lists the methods that the app has called, by name.
func (ws *Workspace) Limits() []MethodLimits {
	usage := ws.meter.Usage(ws.liveNow())
	list := make([]MethodLimits, len(usage))
	for i, u := range usage {
		list[i] = MethodLimits{u, ws.FailedCallCount(u.Method)}
	}
	return list
}

// measure counts a call. It returns how long the app must wait when the call is
// to be refused, and 0 when it is not.
func (ws *Workspace) measure(c *call, name string) time.Duration {
	if _, known := ws.methods[name]; !known {
		return 0
	}
	mode := ws.Rates()
	now := ws.liveNow()
	v := ws.meter.Count(now, rates.Call{Method: name, Channel: c.args.str("channel"), Unpaged: !c.args.has("limit")}, mode == RatesEnforce)
	if !v.Over() {
		return 0
	}
	if mode != RatesOff && ws.ratesSaid(name, now) {
		ws.log.Warn("the app calls a method more often than Slack allows", "method", name, "exceeded", v.Why, "limit", rates.Of(name).Words(), "mode", string(mode))
	}
	if mode != RatesEnforce {
		return 0
	}
	return v.Wait
}

// ratesSaid notes that something is said of a method. It is false when that was
// done within the last minute.
func (ws *Workspace) ratesSaid(method string, now time.Time) bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if last, ok := ws.st.ratesSaid[method]; ok && now.Sub(last) < time.Minute {
		return false
	}
	ws.st.ratesSaid[method] = now
	return true
}

// parseRates reads a mode, as Options have it.
func parseRates(mode RatesMode) (RatesMode, error) {
	switch m := RatesMode(strings.ToLower(string(mode))); m {
	case "":
		return RatesOff, nil
	case RatesOff, RatesWarn, RatesEnforce:
		return m, nil
	}
	return "", fmt.Errorf("the mode of rates must be off, warn or enforce, not %q", mode)
}
