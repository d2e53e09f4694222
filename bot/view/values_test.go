package view

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"cloudimage/commands"
)

// Not every server says what kind of element an answer is of.
func TestValuesOfElementsWithoutAType(t *testing.T) {
	t.Parallel()
	var state slack.ViewState
	err := json.Unmarshal([]byte(`{"values":{
		"partner":{"partner":{"value":"DigitalOcean"}},
		"note":{"note":{"value":null,"selected_option":null}},
		"provider":{"provider":{"selected_option":{"value":"aws"}}},
		"listings":{"listings":{"selected_options":[{"value":"CE/image"},{"value":"EE/image"}]}},
		"who":{"who":{"selected_user":"U0OMAR"}},
		"target":{"target":{"selected_date":"2026-12-01","something":{"new":1}}},
		"typed":{"typed":{"type":"datepicker","selected_date":"2026-12-02","value":"not this"}}
	}}`), &state)
	if err != nil {
		t.Fatal(err)
	}
	want := commands.Values{
		"partner": {"DigitalOcean"}, "note": nil, "provider": {"aws"}, "listings": {"CE/image", "EE/image"},
		"who": {"U0OMAR"}, "target": {"2026-12-01"}, "typed": {"2026-12-02"},
	}
	if diff := cmp.Diff(want, Values(&state)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
