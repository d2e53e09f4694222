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

	"cloudimage/slackdev/surface"
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
	State        surface.State  `json:"state"`
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
		"upload":         "channel text thread_ts thread label view_id block_id action_id name title alt_text content content_base64",
		"create_channel": "name private", "archive": "channel", "unarchive": "channel",
		"wait":  "channel text surface title gone sockets method calls timeout",
		"clock": "advance to business_days zone", "act": "id",
	}
}

func decodeOrder(w http.ResponseWriter, r *http.Request) (*order, error) {
	act, limit := requestName(r), int64(maxControlBody)
	if act == "upload" {
		limit = maxUploadBody
	}
	raw, err := readBody(w, r, limit)
	if err != nil {
		return nil, err
	}
	return readOrder(act, raw)
}

// readOrder reads the body of an act.
func readOrder(act string, raw []byte) (*order, error) {
	known := jsonKeys(reflect.TypeFor[order]())
	if own, ok := orderFields()[act]; ok {
		known = append(strings.Fields(own), "as")
	}
	var o order
	return &o, decodeStrictly(raw, act, known, &o)
}

// requestName is what a request of the control API asks for: "click", "faults/clear".
func requestName(r *http.Request) string { return strings.TrimPrefix(r.URL.Path, "/dev/api/") }

// readBody reads the body of a POST of the control API, which has a limit of bytes.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, errors.New("the body must be JSON, and say so: Content-Type: application/json")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, fmt.Errorf("the body is too large: it may have %d bytes", tooLarge.Limit)
	}
	if err != nil {
		return nil, fmt.Errorf("the body cannot be read: %w", err)
	}
	return raw, nil
}

// decodeStrictly reads the body of a request into a struct and says what is wrong
// with it in a sentence. known are the fields that it may have.
func decodeStrictly(raw []byte, request string, known []string, to any) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		return errors.New("the body must be a JSON object")
	}
	slices.Sort(known)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		switch {
		case slices.Contains(known, name):
		case len(known) == 0:
			return fmt.Errorf("there is no field %q in %s, which has none", name, request)
		default:
			return fmt.Errorf("there is no field %q in %s; those there are: %s", name, request, strings.Join(known, ", "))
		}
	}
	if err := json.Unmarshal(raw, to); err != nil {
		if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return fmt.Errorf("the field %q must be %s, not %s", e.Field, jsonWords(e.Type), e.Value)
		}
		return fmt.Errorf("the body cannot be read: %w", err)
	}
	return nil
}

// jsonKeys lists the fields of a struct as they are called in JSON.
func jsonKeys(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		out = append(out, t.Field(i).Tag.Get("json"))
	}
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
