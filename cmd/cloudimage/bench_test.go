package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"cloudimage/slackdev"
)

// BenchmarkClicks measures how many clicks a second are acknowledged when 32
// people click without pause, and how the product compares with a bare bot that
// does nothing but commit a row and acknowledge. Both are measured in turn, in
// rounds, so that whatever else the machine does burdens both alike; the ratio
// is the median of the rounds'.
func BenchmarkClicks(b *testing.B) {
	const runs = 130 // a round
	app := startLoadedApp(b)
	bare := crowded(b)
	startBareBot(b, bare)
	var ours, theirs, ratios []float64
	var ourCPU, theirCPU time.Duration
	commits, actions := 0.0, 0.0
	seconds, sent := 0.0, 0
	for b.Loop() {
		b.StopTimer()
		clicks := app.clicks(b, runs)
		commitsBefore, actionsBefore := app.counted(b, "cloudimage_commit_actions")
		spent := cpuTime(b)
		b.StartTimer()
		mine := closedLoop(b, app.slack, clicks)
		b.StopTimer()
		commitsAfter, actionsAfter := app.counted(b, "cloudimage_commit_actions")
		commits, actions, seconds = commits+commitsAfter-commitsBefore, actions+actionsAfter-actionsBefore, seconds+float64(len(clicks))/mine
		settle(b, app)
		ourCPU, spent = ourCPU+cpuTime(b)-spent, cpuTime(b)
		his := closedLoop(b, bare, clicks)
		theirCPU += cpuTime(b) - spent
		ours, theirs, ratios = append(ours, mine), append(theirs, his), append(ratios, mine/his)
		sent += len(clicks)
		b.StartTimer()
	}
	b.StopTimer()
	checkDone(b, app, sent)
	b.ReportMetric(median(ours), "clicks/s")
	b.ReportMetric(median(theirs), "bare-clicks/s")
	b.ReportMetric(median(ratios), "x-bare")
	b.ReportMetric(float64(ourCPU.Microseconds())/float64(sent), "cpu-µs/click")
	b.ReportMetric(float64(theirCPU.Microseconds())/float64(sent), "bare-cpu-µs/click")
	b.ReportMetric(commits/seconds, "commits/s")
	b.ReportMetric(actions/commits, "changes/commit")
}

// BenchmarkAck measures how long people wait for the acknowledgement when 300
// clicks a second come in, whatever becomes of them.
func BenchmarkAck(b *testing.B) {
	const perSecond, runs = 300, 160
	app := startLoadedApp(b)
	bare := crowded(b)
	startBareBot(b, bare)
	var all, bareAll latencies
	sent := 0
	for b.Loop() {
		b.StopTimer()
		clicks := app.clicks(b, runs)
		b.StartTimer()
		all = append(all, openLoop(b, app.slack, clicks, perSecond)...)
		b.StopTimer()
		settle(b, app)
		bareAll = append(bareAll, openLoop(b, bare, clicks, perSecond)...)
		sent += len(clicks)
		b.StartTimer()
	}
	b.StopTimer()
	checkDone(b, app, sent)
	slices.Sort(all)
	slices.Sort(bareAll)
	for _, p := range []struct {
		percent float64
		name    string
	}{{50, "p50"}, {95, "p95"}, {99, "p99"}} {
		b.ReportMetric(all.ms(p.percent), p.name+"-ms")
		b.ReportMetric(bareAll.ms(p.percent), p.name+"-bare-ms")
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkCard measures how long it takes from a click until everybody sees it
// on the card: while nothing else goes on, and while 300 clicks a second come
// in.
func BenchmarkCard(b *testing.B) {
	b.Run("quiet", func(b *testing.B) { benchmarkCard(b, 0) })
	b.Run("busy", func(b *testing.B) { benchmarkCard(b, 300) })
}

func benchmarkCard(b *testing.B, perSecond int) {
	const perRound = 40
	app := startLoadedApp(b)
	ana := app.slack.User("ana")
	var took latencies
	for b.Loop() {
		b.StopTimer()
		mine, others := app.clicks(b, perRound), app.clicks(b, perSecond)
		var noise sync.WaitGroup
		if perSecond > 0 {
			noise.Go(func() { openLoop(b, app.slack, others, perSecond) })
		}
		b.StartTimer()
		for _, card := range byCard(mine) {
			before, _ := ana.Message("#cloud-images", card[0].ts)
			began := time.Now()
			if err := send(app.slack, card[0]); err != nil {
				b.Fatal(err)
			}
			if err := app.slack.WaitFor(b.Context(), func() bool {
				now, _ := ana.Message("#cloud-images", card[0].ts)
				return now.Raw != before.Raw // which says how many steps are done
			}); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(began))
		}
		b.StopTimer()
		noise.Wait()
		settle(b, app)
		b.StartTimer()
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(took.ms(50), "p50-ms")
	b.ReportMetric(took.ms(95), "p95-ms")
	b.ReportMetric(0, "ns/op")
}

// buildProgram builds the binary that ships.
func buildProgram(tb testing.TB) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "cloudimage")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		tb.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// BenchmarkServe measures the binary that ships: how long it takes from its start
// until it is connected, and how much memory it holds after a few thousand
// requests.
func BenchmarkServe(b *testing.B) {
	binary, slack := buildProgram(b), crowded(b)
	var connected latencies
	var memory []float64
	for b.Loop() {
		began := time.Now()
		s, err := serve(binary, filepath.Join(b.TempDir(), "serve.db"), slack, &logbook{})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.cmd.Process.Kill() })
		waitConnected(b, slack, 1)
		connected = append(connected, time.Since(began))
		b.StopTimer()
		talk(b, slack, 2000)
		memory = append(memory, s.residentMB(b))
		if err := s.stop(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.StopTimer()
	slices.Sort(connected)
	b.ReportMetric(connected.ms(50), "connected-ms")
	b.ReportMetric(slices.Max(memory), "MB")
	b.ReportMetric(0, "ns/op")
}

// talk has people start a partnership and write so many notes about it.
func talk(b *testing.B, slack *slackdev.Workspace, notes int) {
	b.Helper()
	ana := slack.User("ana")
	must := func(_ slackdev.Outcome, err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	must(ana.Slash(b.Context(), "#cloud-images", "/cloudimage new DigitalOcean"))
	if err := slack.WaitFor(b.Context(), func() bool { v, open := ana.Modal(); return open && v.Submit != "" }); err != nil {
		b.Fatal(err)
	}
	must(ana.Fill(b.Context(), "Provider", "Other"))
	must(ana.Fill(b.Context(), "Listings to launch", "CE image", "EE image"))
	must(ana.Fill(b.Context(), "Target launch date", nextYear()))
	must(ana.Submit(b.Context()))
	var next atomic.Int64
	var people sync.WaitGroup
	for i := range crowd {
		people.Go(func() {
			who := slack.User(clicker(i))
			for n := next.Add(1); n <= int64(notes); n = next.Add(1) {
				if _, err := who.Slash(b.Context(), "#cloud-images", fmt.Sprintf("/cloudimage note R-1 note %d", n)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	people.Wait()
}

func settle(b *testing.B, app *loadedApp) {
	b.Helper()
	if err := app.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// checkDone fails when a click was acknowledged and not carried out.
func checkDone(b *testing.B, app *loadedApp, clicks int) {
	b.Helper()
	if ok, _ := app.counted(b, "cloudimage_envelopes_total", "block_actions", `"ok"`); int(ok) != clicks {
		b.Fatalf("%d of %d clicks were carried out", int(ok), clicks)
	}
}

func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	return s[len(s)/2]
}

// cpuTime is how long this process has kept the processors busy. It is the one
// figure that other programs on the machine do not disturb.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// byCard are the clicks of each card.
func byCard(clicks []click) [][]click {
	var out [][]click
	for i, c := range clicks {
		if i == 0 || c.ts != clicks[i-1].ts {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], c)
	}
	return out
}
