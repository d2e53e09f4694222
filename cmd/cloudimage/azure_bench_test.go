package main

import (
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkBuildInAzure makes one image of two regions and publishes it by the preview, and
// says what that costs in calls, to Azure and to Partner Center: until it is built, until it
// was tried in the preview, for each hour in which it waits for people, and then for
// the marketplace.
func BenchmarkBuildInAzure(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		clock := clockFile(filepath.Join(dir, "clock"))
		noError(b, clock.write(scenarioStart))
		stand, err := newAzureStand("127.0.0.1:0", clock.read, nil)
		noError(b, err)
		client, secret := stand.sim.Credentials()
		y, err := yardIn(b.Context(), filepath.Join(dir, "test.db"), clock.read, inAzure(stand.url, client, secret))
		noError(b, err)
		b.StartTimer()
		run, _, err := y.begins(b.Context(), "17.6.2", azureListing())
		noError(b, err)
		calls := func() float64 { return float64(len(stand.sim.Calls()) + len(stand.offers.Calls())) }
		counted := func(what string, d time.Duration) {
			before := calls()
			noError(b, y.lasts(b.Context(), clock, d))
			b.ReportMetric(calls()-before, what)
		}
		counted("calls/build", time.Hour)
		counted("calls/preview", 5*time.Hour)
		counted("calls/hour-unsigned", time.Hour)
		noError(b, y.signs(b.Context(), run))
		counted("calls/first-hour-submitted", time.Hour)
		counted("calls/hour-submitted", time.Hour)
		counted("calls/publication", 60*time.Hour)
		b.StopTimer()
		noError(b, y.store.Close())
		stand.stop()
		b.StartTimer()
	}
}
