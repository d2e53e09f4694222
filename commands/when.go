package commands

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file reads days as people type them.

var (
	isoDay   = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`)
	dayOf    = regexp.MustCompile(`^(\d{1,2})\.?$`)
	yearOnly = regexp.MustCompile(`^\d{4}$`)
)

// today is what day it is for a person.
func (d *Desk) today(ctx context.Context, who workflow.UserID) (workflow.Date, error) {
	p, err := d.Profile(ctx, who)
	if err != nil {
		return "", err
	}
	return workflow.DateOf(d.Now().In(p.Zone)), nil
}

// dayTyped reads the day that words begin with, and how many words it took: a
// date, "3 December", "tomorrow", or a weekday, which is the next one after
// today. It took none when they begin with no day; what looks like one and is
// none, such as 30 February, is an error about the field.
func dayTyped(words []string, today workflow.Date, field workflow.FieldID) (day workflow.Date, took int, err error) {
	if len(words) == 0 {
		return "", 0, nil
	}
	first := strings.ToLower(strings.Trim(words[0], ",."))
	switch {
	case first == "today":
		return today, 1, nil
	case first == "tomorrow":
		return workflow.DateOf(today.Time().AddDate(0, 0, 1)), 1, nil
	case isoDay.MatchString(first):
		if day, err = workflow.ParseDate(first); err != nil {
			return "", 1, wrong(field, workflow.Say("There is no day %s. Write it as 2026-01-15.", first))
		}
		return day, 1, nil
	}
	if weekday, ok := weekdayNamed(first); ok {
		ahead := (int(weekday) - int(today.Time().Weekday()) + 6) % 7
		return workflow.DateOf(today.Time().AddDate(0, 0, ahead+1)), 1, nil
	}
	if !dayOf.MatchString(first) || len(words) < 2 {
		return "", 0, nil
	}
	month, ok := monthNamed(words[1])
	if !ok {
		return "", 0, nil
	}
	return dayInMonth(words, month, today, field)
}

// dayInMonth is the day that words such as "3 December" or "3 Dec 2026" begin
// with; without a year it is the next one from today on.
func dayInMonth(words []string, month time.Month, today workflow.Date, field workflow.FieldID) (workflow.Date, int, error) {
	of, _ := strconv.Atoi(strings.Trim(words[0], ",."))
	year, took := today.Time().Year(), 2
	if len(words) > 2 && yearOnly.MatchString(words[2]) {
		year, _ = strconv.Atoi(words[2])
		took = 3
	}
	at := time.Date(year, month, of, 0, 0, 0, 0, time.UTC)
	if took == 2 && workflow.DateOf(at) < today {
		at = time.Date(year+1, month, of, 0, 0, 0, 0, time.UTC)
	}
	if at.Month() != month {
		return "", took, wrong(field, workflow.Say("There is no day %s. Write it as 2026-01-15.", strings.Join(words[:took], " ")))
	}
	return workflow.DateOf(at), took, nil
}

func weekdayNamed(word string) (time.Weekday, bool) {
	for w := time.Sunday; w <= time.Saturday; w++ {
		if isName(word, w.String()) {
			return w, true
		}
	}
	return 0, false
}

func monthNamed(word string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		if isName(strings.Trim(word, ",."), m.String()) {
			return m, true
		}
	}
	return 0, false
}

// isName reports whether a word is a name, or its first three letters or more.
func isName(word, name string) bool {
	return len(word) >= 3 && len(word) <= len(name) && strings.EqualFold(word, name[:len(word)])
}
