package bot

import "github.com/prometheus/client_golang/prometheus"

// Metrics are the figures the bot keeps of itself.
type Metrics struct {
	// Ack is the time from an envelope's arrival to its acknowledgement, in
	// seconds, by kind. Slack allows 3.
	Ack *prometheus.HistogramVec
	// Envelopes counts what arrived, by kind and outcome: ok, refused,
	// duplicate, undecodable, foreign, panic, failed.
	Envelopes *prometheus.CounterVec
	// Calls counts Web API calls, by method and result: ok, or Slack's error.
	Calls *prometheus.CounterVec
	// Drawn counts messages brought up to date, by kind and outcome: posted,
	// updated, unchanged, failed.
	Drawn *prometheus.CounterVec
	// Sockets is the number of open sockets.
	Sockets prometheus.Gauge
	// Queue is the number of envelopes waiting for a worker.
	Queue prometheus.Gauge
}

// NewMetrics makes the figures and registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		Ack: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "cloudimage_ack_seconds", Help: "Time from an envelope's arrival to its acknowledgement.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3},
		}, []string{"kind"}),
		Envelopes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudimage_envelopes_total", Help: "Envelopes received, by kind and outcome.",
		}, []string{"kind", "outcome"}),
		Calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudimage_slack_calls_total", Help: "Slack Web API calls, by method and result.",
		}, []string{"method", "result"}),
		Drawn: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudimage_messages_drawn_total", Help: "Messages brought up to date, by kind and outcome.",
		}, []string{"kind", "outcome"}),
		Sockets: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "cloudimage_sockets", Help: "Open Socket Mode connections.",
		}),
		Queue: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "cloudimage_queue_length", Help: "Envelopes waiting for a worker.",
		}),
	}
	r.MustRegister(m.Ack, m.Envelopes, m.Calls, m.Drawn, m.Sockets, m.Queue)
	return m
}
