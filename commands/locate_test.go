package commands

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]typed{
		"":                                 {},
		"DigitalOcean":                     {run: "DigitalOcean"},
		"2.1":                              {step: "2.1"},
		"DigitalOcean 2.1":                 {run: "DigitalOcean", step: "2.1"},
		"  Digital  Ocean   2.3.1  ce  ":   {run: "Digital  Ocean", step: "2.3.1", rest: "ce"},
		"R-17 2.1 <@U1|ana> thanks":        {run: "R-17", step: "2.1", rest: "<@U1|ana> thanks"},
		"Linode 1.2 see 2.1 of  their doc": {run: "Linode", step: "1.2", rest: "see 2.1 of  their doc"},
		"Linode12.1 1.1":                   {run: "Linode12.1", step: "1.1"},
		"Linode 1":                         {run: "Linode 1"},
		"Linode v1.2":                      {run: "Linode v1.2"},
		"Linode\t1.1\nnext line":           {run: "Linode", step: "1.1", rest: "next line"},
	} {
		if diff := cmp.Diff(want, parse(text), cmp.AllowUnexported(typed{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestSkipWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		n    int
		want string
	}{
		{"a b  a rest  of it", 3, "rest  of it"},
		{"a b", 0, "a b"},
		{"a b", 2, ""},
		{"a", 5, ""},
		{" a\n b", 1, "b"},
	} {
		if got := skipWords(tt.text, tt.n); got != tt.want {
			t.Errorf("%q without %d words is %q, want %q", tt.text, tt.n, got, tt.want)
		}
	}
}

func TestMention(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]workflow.UserID{
		"<@U1>": "U1", "<@U1|ana>": "U1", "<@W9>": "W9", "@ana": "", "<@>": "", "<@|ana>": "", "<@U1": "", "<#C1>": "", "": "",
	} {
		if got, ok := mention(word); got != want && ok || ok != (want != "") {
			t.Errorf("%q is %q (%v), want %q", word, got, ok, want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	verbs := New(Options{}).Verbs()
	for word, want := range map[string]string{
		"statsu": "status", "Status": "status", "stauts": "status", "doen": "done", "don": "done", "hlep": "help", "histroy": "history",
		"asign": "assign", "waiv": "waive", "re-open": "reopen", "procces": "process",
		"make": "", "x": "", "digitalocean": "", "a-word-that-is-much-longer-than-any-verb-could-be": "", "шутка": "",
	} {
		if got := nearest(word, verbs); got != want {
			t.Errorf("%q is nearest to %q, want %q", word, got, want)
		}
	}
}

// Every verb has a name of its own, and whatever help lists can be explained.
func TestVerbs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, v := range New(Options{}).Verbs() {
		if seen[v.Name] {
			t.Errorf("two verbs are called %q", v.Name)
		}
		seen[v.Name] = true
		if v.Group != Unlisted && (v.Name == "" || v.Help == "") {
			t.Errorf("%q says nothing of itself", v.Name)
		}
	}
	for _, v := range allStepVerbs() {
		if v.phrase == "" || v.button == "" || v.fits == nil || v.do == nil || v.said == nil {
			t.Errorf("%q is not whole", v.verb)
		}
		if n := len([]rune(v.button)); n > 24 {
			t.Errorf("the button of %q has %d characters; a modal's title takes 24", v.verb, n)
		}
	}
}
