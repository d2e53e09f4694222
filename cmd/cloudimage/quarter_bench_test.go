package main

import (
	"slices"
	"testing"
)

// BenchmarkQuarter says how much the program says. It replays a quarter with 50
// runs in the real assembly and a strict Slack, and counts what people and the
// channel were sent. Every round replays the same quarter.
func BenchmarkQuarter(b *testing.B) {
	for b.Loop() {
		q := newQuarter(b, 1)
		q.passes()
		b.StopTimer()
		q.reports(b)
		b.StartTimer()
	}
}

// reports counts messages for each person and week, and calls for each run.
func (q *quarter) reports(b *testing.B) {
	type week struct {
		who string
		n   int
	}
	const weeks = quarterDays / 7
	begins := q.options.Now
	kinds := map[string]int{}
	perWeek := map[week]int{}
	channel := 0
	for _, m := range q.everything() {
		kinds[m.kind]++
		if m.to[0] != '@' {
			channel++
			continue
		}
		perWeek[week{m.to, int(m.at.Sub(begins).Hours() / 24 / 7)}]++
	}
	var counts []int
	toPeople := 0
	for who := range q.zones {
		for n := range weeks {
			c := perWeek[week{q.nameOf(who), n}]
			counts = append(counts, c)
			toPeople += c
		}
	}
	slices.Sort(counts)
	b.ReportMetric(float64(toPeople)/float64(len(counts)), "msgs/person/week")
	b.ReportMetric(float64(counts[len(counts)/2]), "median")
	b.ReportMetric(float64(counts[len(counts)*95/100]), "p95")
	b.ReportMetric(float64(counts[len(counts)-1]), "worst")
	b.ReportMetric(float64(channel)/weeks, "channel/week")
	for _, kind := range []string{"morning", "news"} {
		b.ReportMetric(float64(kinds[kind])/float64(len(counts)), kind+"/person/week")
	}
	for _, kind := range []string{"daily", "thread", "thread+channel", "card"} {
		b.ReportMetric(float64(kinds[kind])/weeks, kind+"/week")
	}
	b.ReportMetric(float64(q.slack.CallCount(""))/float64(q.begun), "calls/run")
	for _, method := range []string{"chat.postMessage", "chat.update", "chat.delete"} {
		b.ReportMetric(float64(q.slack.CallCount(method))/float64(q.begun), method+"/run")
	}
	done := 0
	for _, r := range q.runs() {
		if r.Ended.IsZero() {
			continue
		}
		done++
	}
	b.ReportMetric(float64(done), "runs-ended")
	b.ReportMetric(float64(q.refused)/float64(q.acts)*100, "%-refused")
	b.ReportMetric(float64(q.acts)/float64(q.begun), "acts/run")
}
