package workflow

import (
	"crypto/rand"
	"strings"
	"time"
)

// This file is how people say who they are in the issue tracker.

// FieldHandle is a person's name in the tracker.
const FieldHandle FieldID = "handle"

// codeGood is for how long a code can be written in the tracker.
const codeGood = 24 * time.Hour

// newCode is a code that nobody guesses within a day and that is quick to type.
func newCode() string { return strings.ToLower(rand.Text()[:10]) }

// CheckHandle is a name in the tracker as it is kept: without the @, and without
// the address of the profile in front of it.
func CheckHandle(typed string) (string, error) {
	h := strings.TrimSuffix(clean(typed), "/")
	if i := strings.LastIndexByte(h, '/'); i >= 0 {
		h = h[i+1:]
	}
	h = strings.TrimPrefix(h, "@")
	ok := h != "" && len(h) <= 255 && strings.IndexFunc(h, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.')
	}) < 0
	if !ok {
		t := Say("Write your name there as it is in the address of your profile, such as @omar_k.")
		return "", &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{FieldHandle: t}}
	}
	return h, nil
}

// WantHandle notes that a person says to be somebody in the tracker, and by which
// code they will prove it.
func (o *Office) WantHandle(person UserID, name, code string, now time.Time) error {
	for who, h := range o.Handles {
		if who != person && strings.EqualFold(h.Name, name) {
			t := Say("%s has said and shown to be %s there. If that is you, ask them to take it back.", who, name)
			return &Error{Kind: Conflict, Message: t, Fields: map[FieldID]Text{FieldHandle: t}}
		}
	}
	h := o.Handles[person]
	if strings.EqualFold(h.Name, name) {
		t := Say("That is known already.")
		return &Error{Kind: Conflict, Message: t, Fields: map[FieldID]Text{FieldHandle: t}}
	}
	h.Wants, h.Code, h.Until = name, code, now.Add(codeGood).UTC().Truncate(time.Millisecond)
	o.setHandle(person, h)
	return nil
}

// ConfirmHandle is that an account of the tracker wrote a code. It reports whose
// name that confirms; nobody's when the code is of nobody, or was written by
// another account than the one that was said.
func (o *Office) ConfirmHandle(name string, account int64, code string, now time.Time) (UserID, bool) {
	for who, h := range o.Handles {
		if h.Code == "" || h.Code != code || !strings.EqualFold(h.Wants, name) || !h.Until.After(now) {
			continue
		}
		for other, had := range o.Handles { // who was confirmed meanwhile was so by a code, too
			if other != who && had.Account == account {
				return "", false
			}
		}
		o.setHandle(who, Handle{Name: name, Account: account, Since: now.UTC().Truncate(time.Millisecond)})
		return who, true
	}
	return "", false
}

// ForgetHandle takes back what a person said of themselves.
func (o *Office) ForgetHandle(person UserID) error {
	if _, has := o.Handles[person]; !has {
		return fail(Conflict, "No name of yours is known there.")
	}
	delete(o.Handles, person)
	return nil
}

func (o *Office) setHandle(person UserID, h Handle) {
	if o.Handles == nil {
		o.Handles = map[UserID]Handle{}
	}
	o.Handles[person] = h
}

// SetFact keeps what every run is to know; empty for no longer.
func (o *Office) SetFact(fact FactName, value string) {
	if o.Facts == nil {
		o.Facts = map[FactName]string{}
	}
	if o.Facts[fact] = value; value == "" {
		delete(o.Facts, fact)
	}
}
