package view

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// TestButtonsLeadToVerbs reads back every button and every choice of a menu, and
// lists the verbs that they lead to.
func TestButtonsLeadToVerbs(t *testing.T) {
	t.Parallel()
	verbs := map[string]bool{}
	read := func(id, value string) {
		verb, _, err := ParseAction(id, value)
		if err != nil {
			t.Errorf("%s %s: %v", id, value, err)
		}
		verbs[verb] = true
	}
	toTracker, inMornings := trackedDirects(t)
	for _, drawn := range []map[string]Message{directs(t), mornings(t), dailies(t), stories(t), toTracker, inMornings, trackedStories(t), releaseDirects(t), releaseMornings(t), releaseStories(t), builtDirects(t), buildDrawings(t)} {
		for _, m := range drawn {
			eachElement(t, m, read)
		}
	}
	for _, drawn := range []map[string]*workflow.Run{cards(t), trackedCards(t), releaseCards(t), builtCards(t)} {
		for _, r := range drawn {
			eachElement(t, named.Card(r), read)
		}
	}
	want := []string{
		"abandon", "accept", "act", "answer", "answered", "ask", "assign", "board", "brief", "build", "built", "cancel", "choose", "classify", "confirm", "decline", "done", "due", "escalate",
		"handback", "history", "howto", "launch", "launched", "log", "mine", "note", "people", "publish", "repair", "retry", "review", "settings", "sign", "silent",
		"skip", "snooze", "status", "support", "undo", "update", "url", "wait", "want", "why", "wrote",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(verbs))); diff != "" {
		t.Errorf("verbs of buttons (-want +got):\n%s", diff)
	}
}

// eachElement visits the buttons and the choices of menus of a message.
func eachElement(t tester, m Message, visit func(id, value string)) {
	t.Helper()
	type element struct {
		Type    string `json:"type"`
		ID      string `json:"action_id"`
		Value   string `json:"value"`
		Options []struct {
			Value string `json:"value"`
		} `json:"options"`
	}
	var blocks []struct {
		Accessory element   `json:"accessory"`
		Elements  []element `json:"elements"`
	}
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		for _, e := range append(b.Elements, b.Accessory) {
			switch e.Type {
			case "button":
				visit(e.ID, e.Value)
			case "overflow":
				for _, o := range e.Options {
					visit(e.ID, o.Value)
				}
			}
		}
	}
}

func TestPlainKeepsWhatCanBeCopied(t *testing.T) {
	t.Parallel()
	m := mornings(t)["escalated"].Plain()
	checkMarkup(t, m.Text)
	if want := "Could you tell us how it stands"; !strings.Contains(m.Text, want) {
		t.Errorf("the text to send is gone: %s", m.Text)
	}
}
