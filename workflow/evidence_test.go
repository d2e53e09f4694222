package workflow_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

func TestCheckEvidenceByType(t *testing.T) {
	t.Parallel()
	const missing = "This is needed before the step is done."
	const noLink = "Add the link, so that anyone can follow it."
	const secret = "That looks like a secret, so it was not kept. Put it in the vault and give the name of the item here. If it was a real one, change it: it has passed through Slack."
	tests := []struct {
		name   string
		field  workflow.Field
		answer string
		want   string // what is kept
		wrong  string // or what is wrong with it
	}{
		{name: "text", answer: "  as it was typed\t", want: "as it was typed"},
		{name: "no text", answer: " \n", wrong: missing},
		{name: "as long as it may be", field: workflow.Field{MaxLength: 3}, answer: "äöü", want: "äöü"},
		{name: "too long", field: workflow.Field{MaxLength: 3}, answer: "äöüß", wrong: "Keep it to 3 characters; this has 4."},
		{name: "as long as any may be", answer: strings.Repeat("x", 3000), want: strings.Repeat("x", 3000)},
		{name: "longer than any may be", answer: strings.Repeat("x", 3001), wrong: "Keep it to 3000 characters; this has 3001."},
		{name: "a secret", answer: "password: hunter2", wrong: secret},
		{name: "words about a secret", answer: "the token is stored in 1Password", want: "the token is stored in 1Password"},

		{name: "long text", field: workflow.Field{Type: workflow.LongText}, answer: "two\n\nparagraphs", want: "two\n\nparagraphs"},
		{name: "a secret in long text", field: workflow.Field{Type: workflow.LongText}, answer: "first this\nthen password=hunter2", wrong: secret},

		{name: "link", field: workflow.Field{Type: workflow.URL}, answer: "https://example.com/a?b=c#d", want: "https://example.com/a?b=c#d"},
		{name: "no link", field: workflow.Field{Type: workflow.URL}, answer: "", wrong: noLink},
		{name: "not a link", field: workflow.Field{Type: workflow.URL}, answer: "example.com", wrong: `"example.com" is not a link: it should begin with https://`},
		{name: "a link to nowhere", field: workflow.Field{Type: workflow.URL}, answer: "https://", wrong: `"https://" is not a link: it should begin with https://`},
		{name: "a link to a port of nowhere", field: workflow.Field{Type: workflow.URL}, answer: "https://:80/", wrong: `"https://:80/" is not a link: it should begin with https://`},
		{name: "a script", field: workflow.Field{Type: workflow.URL}, answer: "javascript:alert(1)", wrong: `"javascript:alert(1)" is not a link: it should begin with https://`},
		{name: "two links for one", field: workflow.Field{Type: workflow.URL}, answer: "https://a.example https://b.example", wrong: "One link is enough here."},
		{name: "a link with a password", field: workflow.Field{Type: workflow.URL}, answer: "https://ana:hunter2@example.com", wrong: secret},

		{name: "links", field: workflow.Field{Type: workflow.URLs}, answer: "https://a.example\r\n\n https://b.example", want: "https://a.example\nhttps://b.example"},
		{name: "one link of many", field: workflow.Field{Type: workflow.URLs}, answer: "https://a.example", want: "https://a.example"},
		{name: "too few links", field: workflow.Field{Type: workflow.URLs, Min: 2}, answer: "https://a.example", wrong: "Add 2 links, one to a line."},
		{name: "too many links", field: workflow.Field{Type: workflow.URLs}, answer: strings.Repeat("https://a.example\n", 21), wrong: "Keep it to 20 links."},
		{name: "no links", field: workflow.Field{Type: workflow.URLs}, answer: "", wrong: noLink},

		{name: "date", field: workflow.Field{Type: workflow.DateField}, answer: "2026-02-28", want: "2026-02-28"},
		{name: "no date", field: workflow.Field{Type: workflow.DateField}, answer: "", wrong: "Choose the date."},
		{name: "a day that is not", field: workflow.Field{Type: workflow.DateField}, answer: "2026-02-29", wrong: "That is no date: choose one, or write it as 2026-01-15."},
		{name: "a date written otherwise", field: workflow.Field{Type: workflow.DateField}, answer: "28.2.2026", wrong: "That is no date: choose one, or write it as 2026-01-15."},

		{name: "person", field: workflow.Field{Type: workflow.Person}, answer: "U0OLU", want: "U0OLU"},
		{name: "nobody", field: workflow.Field{Type: workflow.Person}, answer: "", wrong: "Choose the person."},
		{name: "a name for a person", field: workflow.Field{Type: workflow.Person}, answer: "<!channel>", wrong: "Choose the person."},

		{name: "number", field: workflow.Field{Type: workflow.Number}, answer: "2.5", want: "2.5"},
		{name: "number with a comma", field: workflow.Field{Type: workflow.Number}, answer: "2,5", want: "2.5"},
		{name: "nought", field: workflow.Field{Type: workflow.Number}, answer: "0", want: "0"},
		{name: "the greatest number", field: workflow.Field{Type: workflow.Number}, answer: "10000", want: "10000"},
		{name: "a greater number", field: workflow.Field{Type: workflow.Number}, answer: "10000.5", wrong: "Write a number, such as 3 or 2.5."},
		{name: "less than nought", field: workflow.Field{Type: workflow.Number}, answer: "-1", wrong: "Write a number, such as 3 or 2.5."},
		{name: "words for a number", field: workflow.Field{Type: workflow.Number}, answer: "about 3", wrong: "Write a number, such as 3 or 2.5."},
		{name: "NaN", field: workflow.Field{Type: workflow.Number}, answer: "NaN", wrong: "Write a number, such as 3 or 2.5."},
		{name: "a number for machines", field: workflow.Field{Type: workflow.Number}, answer: "0x10", wrong: "Write a number, such as 3 or 2.5."},
		{name: "an exponent", field: workflow.Field{Type: workflow.Number}, answer: "1e3", wrong: "Write a number, such as 3 or 2.5."},

		{name: "choice", field: workflow.Field{Type: workflow.Choice, Options: []string{"BYOL", "Free"}}, answer: "Free", want: "Free"},
		{name: "no choice", field: workflow.Field{Type: workflow.Choice, Options: []string{"BYOL", "Free"}}, answer: "", wrong: "Choose one."},
		{name: "not among the options", field: workflow.Field{Type: workflow.Choice, Options: []string{"BYOL", "Free"}}, answer: "free", wrong: "Choose one of the options."},

		{name: "vault item", field: workflow.Field{Type: workflow.VaultItem}, answer: "DigitalOcean seller", want: "DigitalOcean seller"},
		{name: "no vault item", field: workflow.Field{Type: workflow.VaultItem}, answer: "", wrong: "Name the item in the vault, never what is in it."},
		{name: "what is in the vault item", field: workflow.Field{Type: workflow.VaultItem}, answer: "xK9mP2vLq8Zt", wrong: secret},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.field.ID = "f"
			if tt.field.Type == "" {
				tt.field.Type = workflow.ShortText
			}
			step := &workflow.Step{Number: "1.1", Title: "Step", Evidence: []workflow.Field{tt.field}}
			kept, err := workflow.CheckEvidence(step, map[workflow.FieldID]string{"f": tt.answer}, nil)
			if tt.wrong == "" {
				if err != nil {
					t.Fatal(err)
				}
				if kept["f"] != tt.want {
					t.Errorf("kept %q, want %q", kept["f"], tt.want)
				}
				return
			}
			wantKind(t, err, workflow.Invalid)
			var e *workflow.Error
			if errors.As(err, &e); e.Fields["f"].String() != tt.wrong {
				t.Errorf("the field's sentence is\n\t%q, want\n\t%q", e.Fields["f"], tt.wrong)
			}
		})
	}
}

func TestCheckEvidenceOfSeveralFields(t *testing.T) {
	t.Parallel()
	type answers = map[workflow.FieldID]string
	step := &workflow.Step{Title: "Step", Evidence: []workflow.Field{
		{ID: "a", Type: workflow.ShortText},
		{ID: "b", Type: workflow.URL},
		{ID: "c", Type: workflow.ShortText, Optional: true},
	}}
	tests := []struct {
		name            string
		answers, before answers
		want            answers
		wrong           []workflow.FieldID
	}{
		{"all of them", answers{"a": "x", "b": "https://b.example", "c": "y"}, nil, answers{"a": "x", "b": "https://b.example", "c": "y"}, nil},
		{"without what is optional", answers{"a": "x", "b": "https://b.example"}, nil, answers{"a": "x", "b": "https://b.example"}, nil},
		{"what is not asked for is not kept", answers{"a": "x", "b": "https://b.example", "d": "z"}, nil, answers{"a": "x", "b": "https://b.example"}, nil},
		{"what was kept before stays", answers{"a": "x"}, answers{"a": "old", "b": "https://b.example", "c": "y"}, answers{"a": "x", "b": "https://b.example", "c": "y"}, nil},
		{"what was cleared goes", answers{"a": "x", "c": ""}, answers{"b": "https://b.example", "c": "y"}, answers{"a": "x", "b": "https://b.example"}, nil},
		{"what is needed cannot be cleared", answers{"a": ""}, answers{"a": "old", "b": "https://b.example"}, nil, []workflow.FieldID{"a"}},
		{"every wrong field is named", answers{"b": "nowhere", "c": "password: hunter2"}, nil, nil, []workflow.FieldID{"a", "b", "c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := workflow.CheckEvidence(step, tt.answers, tt.before)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			if (err != nil) != (len(tt.wrong) > 0) {
				t.Fatalf("error %v", err)
			}
			var e *workflow.Error
			if errors.As(err, &e) && len(e.Fields) != len(tt.wrong) {
				t.Errorf("wrong fields are %v, want %v", e.Fields, tt.wrong)
			}
			for _, f := range tt.wrong {
				if e.Fields[f].IsZero() {
					t.Errorf("nothing is said of %s", f)
				}
			}
		})
	}
}
