package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"cloudimage/workflow/store"
)

// healthHandler answers who watches the process: /healthz says that it lives
// and can write, /readyz that Slack reaches it, /metrics how it fares.
func (a *App) healthHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		answerCheck(w, a.store.Ping(r.Context()))
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		answerCheck(w, a.bot.Ready())
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.registry, promhttp.HandlerOpts{}))
	return mux
}

func answerCheck(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// batchMetrics tell how the writer fares.
type batchMetrics struct {
	size, took prometheus.Histogram
	failed     prometheus.Counter
}

func newBatchMetrics(r prometheus.Registerer) *batchMetrics {
	m := &batchMetrics{
		size: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "cloudimage_commit_actions", Help: "Actions that shared a commit.",
			Buckets: []float64{1, 2, 4, 8, 16, 32, 64},
		}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "cloudimage_commit_seconds", Help: "Time from a batch's first statement to the end of its commit.",
			Buckets: prometheus.ExponentialBuckets(.0001, 2, 14),
		}),
		failed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "cloudimage_commit_failures_total", Help: "Commits of which nothing was kept.",
		}),
	}
	r.MustRegister(m.size, m.took, m.failed)
	return m
}

func (m *batchMetrics) observe(b store.Batch) {
	m.size.Observe(float64(b.Size))
	m.took.Observe(b.Took.Round(time.Microsecond).Seconds())
	if b.Failed {
		m.failed.Inc()
	}
}
