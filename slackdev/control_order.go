package slackdev

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// This file reads the body of a POST of the control API. It is strict: what an
// act does not know is refused before anything is done, as a field that is
// spelt wrong would otherwise be a test that proves nothing.

// order is the body of a POST; each act reads its own part.
type order struct {
	As           string         `json:"as"`
	Channel      string         `json:"channel"`
	Text         string         `json:"text"`
	ThreadTS     TS             `json:"thread_ts"`
	Thread       string         `json:"thread"` // words of the message that is replied to
	Broadcast    bool           `json:"reply_broadcast"`
	TS           TS             `json:"ts"`
	Message      string         `json:"message"` // words of the message that is meant
	ViewID       ViewID         `json:"view_id"`
	BlockID      string         `json:"block_id"`
	ActionID     string         `json:"action_id"`
	Action       map[string]any `json:"action"`
	State        inputState     `json:"state"`
	Value        string         `json:"value"`
	All          bool           `json:"all"`
	Tab          string         `json:"tab"`
	CallbackID   string         `json:"callback_id"`
	User         string         `json:"user"`
	Advance      string         `json:"advance"`
	Zone         string         `json:"zone"`
	BusinessDays int            `json:"business_days"`
	To           string         `json:"to"`
	ID           string         `json:"id"`

	Surface string   `json:"surface"` // message, modal, home
	Button  string   `json:"button"`
	Label   string   `json:"label"`
	Near    string   `json:"near"`
	Choose  []string `json:"choose"`
	Values  []string `json:"values"`

	Emoji   string `json:"emoji"`
	Name    string `json:"name"`
	Private bool   `json:"private"`
	Title   string `json:"title"`
	Alt     string `json:"alt_text"`
	Content string `json:"content"`
	Base64  []byte `json:"content_base64"`

	Gone    bool   `json:"gone"`
	Sockets int    `json:"sockets"`
	Method  string `json:"method"`
	Calls   int    `json:"calls"`
	Timeout string `json:"timeout"`
}

// orderFields are what the body of each act may hold besides "as". An act that
// is not listed may hold anything that an order has.
func orderFields() map[string]string {
	const meant, control = " channel ts message", " channel ts message surface near"
	return map[string]string{
		"slash": "channel text", "message": "channel text thread_ts thread reply_broadcast",
		"action":  "channel ts view_id block_id action_id action state",
		"suggest": "view_id block_id action_id state label value" + control,
		"click":   "button choose" + control, "fill": "label values" + control,
		"submit": "view_id state", "close": "view_id all",
		"home_opened": "tab", "shortcut": "callback_id", "message_action": "callback_id" + meant,
		"mark": "channel", "join": "channel", "leave": "channel", "invite": "channel user", "reload": "",
		"edit": "text" + meant, "delete": meant, "react": "emoji" + meant, "unreact": "emoji" + meant, "pin": meant, "unpin": meant,
		"upload":         "channel text thread_ts thread name title alt_text content content_base64",
		"create_channel": "name private", "archive": "channel", "unarchive": "channel",
		"wait":  "channel text surface title gone sockets method calls timeout",
		"clock": "advance to business_days zone", "act": "id",
	}
}

func decodeOrder(w http.ResponseWriter, r *http.Request) (*order, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, errors.New("the body must be JSON, and say so: Content-Type: application/json")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
	if err != nil {
		return nil, fmt.Errorf("the body cannot be read: %w", err)
	}
	return readOrder(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], raw)
}

// readOrder reads the body of an act.
func readOrder(act string, raw []byte) (*order, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		return nil, errors.New("the body must be a JSON object")
	}
	known := orderKeys()
	if own, ok := orderFields()[act]; ok {
		known = append(strings.Fields(own), "as")
		slices.Sort(known)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("there is no field %q in %s; those there are: %s", name, act, strings.Join(known, ", "))
		}
	}
	var o order
	if err := json.Unmarshal(raw, &o); err != nil {
		if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return nil, fmt.Errorf("the field %q must be %s, not %s", e.Field, jsonWords(e.Type), e.Value)
		}
		return nil, fmt.Errorf("the body cannot be read: %w", err)
	}
	return &o, nil
}

func orderKeys() []string {
	var out []string
	for t, i := reflect.TypeFor[order](), 0; i < t.NumField(); i++ {
		out = append(out, t.Field(i).Tag.Get("json"))
	}
	slices.Sort(out)
	return out
}

// jsonWrong says what is wrong with JSON, without a word of Go.
func jsonWrong(err error) string {
	e, ok := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case !ok:
		return "it is no valid JSON"
	case e.Field == "":
		return fmt.Sprintf("it must be %s, not %s", jsonWords(e.Type), e.Value)
	}
	return fmt.Sprintf("%s must be %s, not %s", e.Field, jsonWords(e.Type), e.Value)
}

// jsonWords says what a value of the type is in JSON.
func jsonWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "text in base64"
		}
		return "a list of texts"
	}
	return "an object"
}
