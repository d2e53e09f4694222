package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// chars is a text of n characters that is twice as many bytes, so that a limit
// counted in bytes shows.
func chars(n int) string { return strings.Repeat("é", n) }

// httpsURL is an https URL of n characters.
func httpsURL(n int) string {
	const start = "https://a.example/"
	return start + strings.Repeat("p", n-len(start))
}

// items is a JSON array of n times the item, in which # is the index.
func items(n int, item string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(item, "#", fmt.Sprint(i))
	}
	return "[" + strings.Join(all, ",") + "]"
}

// plain and mark are text objects.
func plain(s string) string { return fmt.Sprintf(`{"type":"plain_text","text":%q}`, s) }
func mark(s string) string  { return fmt.Sprintf(`{"type":"mrkdwn","text":%q}`, s) }

// section, actions and input put something into the block it belongs in.
func section(accessory string) string {
	return fmt.Sprintf(`{"type":"section","text":%s,"accessory":%s}`, mark("x"), accessory)
}

func actions(element string) string {
	return fmt.Sprintf(`{"type":"actions","elements":[%s]}`, element)
}

func input(element string) string {
	return fmt.Sprintf(`{"type":"input","label":%s,"element":%s}`, plain("x"), element)
}

// button is a button with more keys, such as `"value":"x"`.
func button(more ...string) string {
	return "{" + strings.Join(append([]string{`"type":"button"`, `"text":` + plain("x")}, more...), ",") + "}"
}

// lines writes errors as Slack lists them.
func lines(errs []Error) []string {
	var all []string
	for _, err := range errs {
		all = append(all, err.Error())
	}
	return all
}

// says is the line for one error.
func says(message, pointer string) string {
	return Error{Message: message, Pointer: pointer}.Error()
}

// checkBlocks validates one or more blocks, comma separated.
func checkBlocks(t *testing.T, surface Surface, blocks string, want ...string) {
	t.Helper()
	raw := "[" + blocks + "]"
	if !json.Valid([]byte(raw)) {
		t.Fatalf("the test's own JSON is broken: %.300s", raw)
	}
	got := lines(Validate(surface, json.RawMessage(raw)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Validate(%s, %.300s) (-want +got):\n%s", surface, raw, diff)
	}
}

// A blockCase is one block and what Slack says about it: nothing when good.
type blockCase struct {
	name  string
	on    Surface // Message when empty
	block string
	want  []string
}

func runBlockCases(t *testing.T, cases []blockCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			on := c.on
			if on == "" {
				on = Message
			}
			checkBlocks(t, on, c.block, c.want...)
		})
	}
}

func TestErrorIsWrittenAsSlackWritesIt(t *testing.T) {
	t.Parallel()
	err := Error{Pointer: "/blocks/0/text/text", Code: "failed_constraint", Message: "must be less than 3001 characters"}
	const want = "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
	if got := err.Error(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestValidateCodes(t *testing.T) {
	t.Parallel()
	got := Validate(Message, json.RawMessage(`[
		{"type":"header"},
		{"type":"header","text":"bare"},
		{"type":"header","text":{"type":"plain_text","text":""}}
	]`))
	want := []Error{
		{"/blocks/0", "missing_field", "missing required field: text"},
		{"/blocks/1/text", "invalid_type", "must provide an object"},
		{"/blocks/2/text/text", "failed_constraint", "must be more than 0 characters"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestValidateRefusesWhatIsNotAnArrayOfBlocks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, raw string
		want      []Error
	}{
		{"no blocks are fine", `[]`, nil},
		{"nothing", ``, []Error{{"/blocks", "invalid_blocks_format", "must provide valid JSON"}}},
		{"half a document", `[{"type":`, []Error{{"/blocks", "invalid_blocks_format", "must provide valid JSON"}}},
		{"two documents", `[] []`, []Error{{"/blocks", "invalid_blocks_format", "must provide valid JSON"}}},
		{"an object", `{}`, []Error{{"/blocks", "invalid_type", "must provide an array"}}},
		{"null", `null`, []Error{{"/blocks", "invalid_type", "must provide an array"}}},
		{"a block that is text", `["divider"]`, []Error{{"/blocks/0", "invalid_type", "must provide an object"}}},
		{"a block without a type", `[{}]`, []Error{{"/blocks/0", "missing_field", "missing required field: type"}}},
		{"a type that is a number", `[{"type":1}]`, []Error{{"/blocks/0/type", "invalid_type", "must provide a string"}}},
		{"an unknown type", `[{"type":"sektion"}]`, []Error{{"/blocks/0/type", "failed_constraint", "unsupported type: sektion"}}},
		{"too large to look at", `["` + strings.Repeat("a", maxPayload) + `"]`, []Error{
			{"/blocks", "invalid_blocks_format", "must be less than 1048577 bytes"},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, Validate(Message, json.RawMessage(test.raw))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateUnknownSurfaceTakesNoBlock(t *testing.T) {
	t.Parallel()
	checkBlocks(t, "canvas", `{"type":"divider"}`, says("unsupported type: divider", "/blocks/0/type"))
}

func TestValidateReportsEverythingInOrder(t *testing.T) {
	t.Parallel()
	checkBlocks(t, Message, `
		{"type":"section","text":{"type":"mrkdwn","text":"","emoji":true},"zulu":1,"alpha":2},
		{"type":"actions","elements":[{"type":"button","text":{"type":"mrkdwn","text":"x"}}]}`,
		says("must be more than 0 characters", "/blocks/0/text/text"),
		says("invalid additional property: emoji", "/blocks/0/text"),
		says("invalid additional property: alpha", "/blocks/0"),
		says("invalid additional property: zulu", "/blocks/0"),
		says("unsupported type: mrkdwn", "/blocks/1/elements/0/text/type"),
	)
}
