package main

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"cloudimage/workflow"
)

// BenchmarkBuild makes one image of six regions and publishes it, and says what that
// costs AWS and the machine: calls while it is built and published, and for each hour in
// which it waits for people, and then for the marketplace.
func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		clock := clockFile(filepath.Join(dir, "clock"))
		noError(b, clock.write(scenarioStart))
		stand, err := newCloudStand("127.0.0.1:0", clock.read, nil, nil)
		noError(b, err)
		stand.sim.SetChangeSetTimes(time.Minute, 40*time.Hour, time.Hour) // a slow scan
		key, secret := stand.sim.Credentials()
		y, err := newYard(b.Context(), filepath.Join(dir, "test.db"), stand.url, key, secret, clock.read)
		noError(b, err)
		y.Config.AWS.Regions = stand.sim.Regions()
		y.images, err = newImages(b.Context(), y.Settings, y.store, y.runs, y.upkeep)
		noError(b, err)
		b.StartTimer()
		run, _, err := y.begins(b.Context(), "17.6.2", workflow.Listing{ID: "aws-ee-image", Partner: "AWS", Edition: "EE", Delivery: workflow.Image, Provider: workflow.AWS,
			Facts: map[workflow.FactName]string{workflow.FactProduct: demoProductEE}})
		noError(b, err)
		counted := func(what string, pass func() error) {
			before := len(stand.sim.Calls())
			noError(b, pass())
			b.ReportMetric(float64(len(stand.sim.Calls())-before), what)
		}
		lasts := func(d time.Duration) error { return y.lasts(b.Context(), clock, d) }
		counted("calls/build", func() error { return lasts(2 * time.Hour) })
		counted("calls/hour-unsigned", func() error { return lasts(time.Hour) })
		noError(b, y.signs(b.Context(), run))
		counted("calls/publication", func() error { return lasts(2 * time.Hour) })
		counted("calls/hour-submitted", func() error { return lasts(time.Hour) })
		b.StopTimer()
		noError(b, y.store.Close())
		stand.stop()
		b.StartTimer()
	}
}

// lasts lets some time pass, and does what is due in it.
func (y *yard) lasts(ctx context.Context, clock clockFile, d time.Duration) error {
	end := y.Now().Add(d)
	for {
		if _, err := y.images.Fire(ctx); err != nil {
			return err
		}
		open, err := y.store.BuildsOpen(ctx)
		if err != nil {
			return err
		}
		next := end
		for _, b := range open {
			if len(b.Failed()) > 0 {
				return fmt.Errorf("%s is stuck: %s", b.Order.Name, b.Failed()[0].Trouble())
			}
			if due := b.Due(); due.Before(next) {
				next = due.Add(time.Second)
			}
		}
		if !next.Before(end) {
			return clock.write(end)
		}
		if next.After(y.Now()) {
			if err := clock.write(next); err != nil {
				return err
			}
		}
	}
}
