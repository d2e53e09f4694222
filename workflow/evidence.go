package workflow

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// This file checks what people give as evidence. Nothing that looks like a
// secret is ever kept: the answer is refused and the text forgotten.

// CheckEvidence checks the answers to a step's fields and returns what to keep.
// An answer that is missing falls back on the one kept from before, such as a
// helper's text. The error names each field that needs another look.
func CheckEvidence(step *Step, answers, before map[FieldID]string) (map[FieldID]string, error) {
	out := map[FieldID]string{}
	bad := map[FieldID]Text{}
	for _, f := range step.Evidence {
		answer, given := answers[f.ID]
		if !given {
			answer = before[f.ID]
		}
		answer = clean(answer)
		if answer == "" {
			if !f.Optional {
				bad[f.ID] = missing(f)
			}
			continue
		}
		value, problem := checkAnswer(f, answer)
		if !problem.IsZero() {
			bad[f.ID] = problem
			continue
		}
		out[f.ID] = value
	}
	if len(bad) > 0 {
		return nil, &Error{Kind: Invalid, Message: Say("%s asks for evidence before it is done.", step.name()), Fields: bad}
	}
	return out, nil
}

// clean is what can be stored of what was typed.
func clean(text string) string {
	return strings.ToValidUTF8(strings.TrimSpace(text), "\uFFFD")
}

func missing(f Field) Text {
	switch f.Type {
	case URL, URLs:
		return Say("Add the link, so that anyone can follow it.")
	case DateField:
		return Say("Choose the date.")
	case Person:
		return Say("Choose the person.")
	case Choice:
		return Say("Choose one.")
	case VaultItem:
		return Say("Name the item in the vault, never what is in it.")
	}
	return Say("This is needed before the step is done.")
}

func checkAnswer(f Field, answer string) (string, Text) {
	limit := f.MaxLength
	if limit == 0 {
		limit = maxText
	}
	if n := len([]rune(answer)); n > limit {
		return "", Say("Keep it to %d characters; this has %d.", limit, n)
	}
	if f.Type != Person && f.Type != DateField && LooksSecret(answer) {
		return "", secretRefused
	}
	switch f.Type {
	case Person:
		if strings.ContainsFunc(answer, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
			return "", missing(f) // an id is one word; anything else was not chosen
		}
	case URL:
		return checkLinks(answer, 1, 1)
	case URLs:
		return checkLinks(answer, max(f.Min, 1), 20)
	case DateField:
		if _, err := ParseDate(answer); err != nil {
			return "", Say("That is no date: choose one, or write it as 2026-01-15.")
		}
	case Number:
		number := strings.ReplaceAll(answer, ",", ".")
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || strings.Trim(number, "0123456789.") != "" || v > 10000 {
			return "", Say("Write a number, such as 3 or 2.5.")
		}
		return number, Text{}
	case Choice:
		if !slices.Contains(f.Options, answer) {
			return "", Say("Choose one of the options.")
		}
	case VaultItem:
		if looksRandom(answer) {
			return "", secretRefused
		}
	}
	return answer, Text{}
}

func checkLinks(answer string, least, most int) (string, Text) {
	links := strings.Fields(answer)
	for _, l := range links {
		u, err := url.Parse(l)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
			return "", Say("%q is not a link: it should begin with https://", l)
		}
	}
	switch {
	case len(links) < least:
		return "", Say("Add %d links, one to a line.", least)
	case len(links) > most && most == 1:
		return "", Say("One link is enough here.")
	case len(links) > most:
		return "", Say("Keep it to %d links.", most)
	}
	return strings.Join(links, "\n"), Text{}
}

var secretRefused = Say("That looks like a secret, so it was not kept. Put it in the vault and give the name of the item here. If it was a real one, change it: it has passed through Slack.")
