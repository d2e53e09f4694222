package maintenance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

// outIn are releases that are out, in order; "17.5.1/EE" is out in one edition alone.
func outIn(texts ...string) (out []*workflow.Release) {
	for _, text := range texts {
		v, edition, one := strings.Cut(text, "/")
		r := &workflow.Release{Version: version(v), State: workflow.ReleaseOut, Packaged: map[string]time.Time{"CE": monday, "EE": monday}}
		if one {
			r.Packaged = map[string]time.Time{edition: monday}
		}
		out = append(out, r)
	}
	return out
}

func TestTarget(t *testing.T) {
	t.Parallel()
	highest := workflow.ReleasePolicy{Concern: workflow.HighestBranch}
	three := workflow.ReleasePolicy{Concern: workflow.EachBranch, Supported: 3}
	day := "17.3.9 17.4.5 17.5.0 17.5.2 17.6.1" // three branches of one day, and what was there
	for name, c := range map[string]struct {
		rules   workflow.ReleasePolicy
		out     string
		listing string
		want    string
	}{
		"nothing is out":                        {highest, "", "aws ee 17.5.0", ""},
		"the highest":                           {highest, day, "aws ee 17.5.0", "17.6.1"},
		"the highest, though it has it":         {highest, day, "aws ee 17.6.1", "17.6.1"},
		"the highest, its version not known":    {highest, day, "aws ee", "17.6.1"},
		"its own minor":                         {three, day, "aws ee 17.5.0", "17.5.2"},
		"its own minor, the oldest supported":   {three, day, "aws ee 17.4.0", "17.4.5"},
		"a minor that is supported no more":     {three, day, "aws ee 17.3.0", "17.6.1"},
		"a minor of which nothing is out":       {three, day, "aws ee 16.0.0", "17.6.1"},
		"each minor, its version not known":     {three, day, "aws ee", "17.6.1"},
		"it follows a branch":                   {highest, day, "aws ee 17.4.0 follows 17.4", "17.4.5"},
		"it follows one that is not supported":  {three, day, "aws ee 17.3.0 follows 17.3", "17.3.9"},
		"it follows one of which nothing is":    {highest, day, "aws ee 17.4.0 follows 18.0", ""},
		"an edition without images":             {workflow.ReleasePolicy{Concern: workflow.HighestBranch, Editions: []string{"EE"}}, day, "aws ce 17.5.0", ""},
		"an edition with images":                {workflow.ReleasePolicy{Concern: workflow.HighestBranch, Editions: []string{"EE"}}, day, "aws ee 17.5.0", "17.6.1"},
		"late in its edition":                   {highest, "17.5.0 17.5.1/CE", "aws ee 17.5.0", "17.5.0"},
		"the highest minor late in its edition": {highest, "17.5.0 17.5.1 17.6.0/CE", "aws ee 17.5.0", "17.5.1"},
		"there in its edition":                  {highest, "17.5.0 17.5.1 17.6.0/CE", "aws ce 17.5.0", "17.6.0"},
		"a rebuild":                             {highest, "17.5.1 17.5.1+1", "aws ee 17.5.1", "17.5.1+1"},
	} {
		l := listing(c.listing)
		got := ""
		if r := newPolicy(c.rules, gitlab(), outIn(strings.Fields(c.out)...)).target(&l); r != nil {
			got = r.Version.String()
		}
		if got != c.want {
			t.Errorf("%s: %s is to have %q, want %q", name, c.listing, got, c.want)
		}
	}
	gone := listing("aws ee 17.5.0")
	gone.Retired = monday
	packages := listing("aws ee 17.5.0")
	packages.Delivery = workflow.OmnibusPackage
	for what, l := range map[string]workflow.Listed{"what was taken off": gone, "what delivers the package": packages} {
		if r := newPolicy(highest, gitlab(), outIn("17.6.1")).target(&l); r != nil {
			t.Errorf("%s is to have %s", what, r.Version)
		}
	}
}

// An edition from which no images are made is out when it is announced.
func TestEditionWithoutPackagesIsOut(t *testing.T) {
	t.Parallel()
	product := gitlab()
	product.Packages = product.Packages[1:] // EE alone
	l := listing("aws ce 17.5.0")
	if r := newPolicy(workflow.ReleasePolicy{}, product, outIn("17.5.1/EE")).target(&l); r == nil {
		t.Error("it is never out for a listing of the other edition")
	}
}

func TestNeeds(t *testing.T) {
	t.Parallel()
	r := outIn("17.5.1")[0]
	for text, want := range map[string]bool{"aws ee": true, "aws ee 17.5.0": true, "aws ee 17.5.1": false, "aws ee 17.5.1+1": false, "aws ee 17.6.0": false} {
		l := listing(text)
		if needs(&l, r) != want || needs(&l, nil) {
			t.Errorf("%s needs it: %v", text, !want)
		}
	}
	l := listing("aws ee 17.5.1")
	l.Regions = []workflow.Region{{Name: "eu", Version: version("17.5.0")}}
	if !needs(&l, r) {
		t.Error("a region is behind, and nothing is to be done")
	}
}

func TestQuietTimes(t *testing.T) {
	t.Parallel()
	quiet := func(texts ...string) (out []workflow.Quiet) {
		for _, text := range texts {
			from, to, _ := strings.Cut(text, "..")
			out = append(out, workflow.Quiet{From: workflow.Date(from), To: workflow.Date(to)})
		}
		return out
	}
	day := func(at time.Time) workflow.Date { return workflow.DateOf(at) }
	end := func(on workflow.Date) time.Time { return on.Time().Add(17 * time.Hour) }
	for name, c := range map[string]struct {
		quiet []workflow.Quiet
		at    string
		want  string
	}{
		"none":                       {nil, "2026-12-25", "0001-01-01"},
		"before it":                  {quiet("2026-12-24..2026-12-31"), "2026-12-23", "0001-01-01"},
		"its first day":              {quiet("2026-12-24..2026-12-31"), "2026-12-24", "2026-12-31"},
		"its last day":               {quiet("2026-12-24..2026-12-31"), "2026-12-31", "2026-12-31"},
		"after it":                   {quiet("2026-12-24..2026-12-31"), "2027-01-01", "0001-01-01"},
		"another adjoins it":         {quiet("2026-12-24..2026-12-31", "2027-01-01..2027-01-03"), "2026-12-25", "2027-01-03"},
		"others adjoin it, unsorted": {quiet("2027-01-04..2027-01-05", "2027-01-01..2027-01-03", "2026-12-24..2026-12-31"), "2026-12-25", "2027-01-05"},
		"another overlaps it":        {quiet("2026-12-24..2026-12-28", "2026-12-26..2027-01-02"), "2026-12-25", "2027-01-02"},
		"another is inside it":       {quiet("2026-12-24..2026-12-31", "2026-12-26..2026-12-27"), "2026-12-26", "2026-12-31"},
		"another is inside, first":   {quiet("2026-12-26..2026-12-27", "2026-12-24..2026-12-31"), "2026-12-26", "2026-12-31"},
		"another comes a day later":  {quiet("2026-12-24..2026-12-31", "2027-01-02..2027-01-03"), "2026-12-25", "2026-12-31"},
	} {
		p := policy{ReleasePolicy: workflow.ReleasePolicy{Quiet: c.quiet}}
		at := workflow.Date(c.at).Time().Add(12 * time.Hour)
		from, by := p.counted(workflow.CatalystRelease, at, day, end)
		if got := workflow.DateOf(from); string(got) != c.want || !from.IsZero() && by.To != got {
			t.Errorf("%s: it is counted from %s, by %s", name, got, by.To)
		}
		if from, _ := p.counted(workflow.CatalystSecurity, at, day, end); !from.IsZero() {
			t.Errorf("%s: a security update waits until %s", name, from)
		}
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                "2025-12-03 2026-03-02 last 90 days",
		"  ":              "2025-12-03 2026-03-02 last 90 days",
		"30 days":         "2026-02-01 2026-03-02 last 30 days",
		"last  30 days":   "2026-02-01 2026-03-02 last 30 days",
		"1 day":           "2026-03-02 2026-03-02 last day",
		"1100 days":       "2023-02-27 2026-03-02 last 1100 days",
		"this month":      "2026-03-01 2026-03-31 this month",
		"Month":           "2026-03-01 2026-03-31 this month",
		"last month":      "2026-02-01 2026-02-28 last month",
		"this year":       "2026-01-01 2026-12-31 this year",
		"year":            "2026-01-01 2026-12-31 this year",
		"2024-02":         "2024-02-01 2024-02-29 2024-02",
		"2026-12":         "2026-12-01 2026-12-31 2026-12",
		"2026-q4":         "2026-10-01 2026-12-31 2026 Q4",
		"2026 Q1":         "2026-01-01 2026-03-31 2026 Q1",
		"2026q2":          "2026-04-01 2026-06-30 2026 Q2",
		"2025":            "2025-01-01 2025-12-31 2025",
		"1101 days":       "",
		"0 days":          "",
		"-3 days":         "",
		"99999 days":      "",
		"2026-13":         "",
		"2026-00":         "",
		"2026-q5":         "",
		"0000":            "",
		"0000-01":         "",
		"0000-q1":         "",
		"26":              "",
		"yesterday":       "",
		"2026-11-01":      "",
		"last quarter; x": "",
	} {
		p, ok := ParsePeriod(text, "2026-03-02")
		got := ""
		if ok {
			got = fmt.Sprint(p.From, " ", p.To, " ", p.Name)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
		if before := p.before(); ok && (before.To >= p.From || len(before.From) != 10 || before.To.Time().Sub(before.From.Time()) != p.To.Time().Sub(p.From.Time())) {
			t.Errorf("before %q are %s to %s", text, before.From, before.To)
		}
	}
}

func TestQuantiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		days        []int
		median, p90 float64
	}{
		{[]int{4}, 4, 4},
		{[]int{5, 1}, 3, 5},
		{[]int{9, 1, 2}, 2, 9},
		{[]int{1, 2, 3, 4}, 2.5, 4},
		{[]int{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 5.5, 9},
		{[]int{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 6, 10},
	} {
		l := Level{Days: c.days}
		if l.Median() != c.median || l.P90() != c.p90 {
			t.Errorf("of %v the median is %v and the 90th percentile %v", c.days, l.Median(), l.P90())
		}
	}
	for n := 1; n <= 2000; n++ { // by the nearest rank, in whole numbers
		l := Level{}
		for i := range n {
			l.Days = append(l.Days, i+1)
		}
		if got, want := int(l.P90()), (9*n+9)/10; got != want {
			t.Fatalf("of %d the 90th percentile is %d, want %d", n, got, want)
		}
	}
	if m := (Level{}).Median(); m == m {
		t.Errorf("of nothing the median is %v", m)
	}
	for want, l := range map[int]Level{100: {}, 0: {Missed: 2}, 66: {Met: 2, Missed: 1}, 50: {Met: 1, Missed: 1, Open: 7}} {
		if l.Kept() != want {
			t.Errorf("of %+v is kept %d percent", l, l.Kept())
		}
	}
}

// A cell is never a formula, and what a person typed is otherwise as it was.
func TestCells(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "late": "late", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\t=1": "'\t=1", "a=1": "a=1", "ü": "ü",
	} {
		if got := cell(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
