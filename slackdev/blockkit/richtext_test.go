package blockkit

import "testing"

func TestRichText(t *testing.T) {
	t.Parallel()
	rich := func(elements string) string { return `{"type":"rich_text","elements":[` + elements + `]}` }
	paragraph := func(words string) string { return rich(`{"type":"rich_text_section","elements":[` + words + `]}`) }
	const word, at = `{"type":"text","text":"x"}`, "/blocks/0/elements/0/elements/0"
	runBlockCases(t, []blockCase{
		{name: "every word", block: paragraph(`{"type":"text","text":"x","style":{"bold":true,"italic":true,"strike":true,"code":true}},
			{"type":"link","url":"https://a.example","text":"x","unsafe":true},
			{"type":"user","user_id":"U1"},{"type":"usergroup","usergroup_id":"S1"},{"type":"channel","channel_id":"C1"},{"type":"team","team_id":"T1"},
			{"type":"broadcast","range":"here"},{"type":"color","value":"#ff0000"},{"type":"emoji","name":"tada","skin_tone":3},
			{"type":"date","timestamp":1764147600,"format":"{date_short}","fallback":"x"}`)},
		{name: "every paragraph", block: rich(`{"type":"rich_text_quote","elements":[` + word + `],"border":1},
			{"type":"rich_text_preformatted","elements":[` + word + `],"border":0,"language":"go"},
			{"type":"rich_text_list","style":"ordered","indent":1,"offset":2,"elements":[{"type":"rich_text_section","elements":[` + word + `]}]}`)},
		{name: "no paragraph", block: rich(``),
			want: []string{says("must provide at least 1 items", "/blocks/0/elements")}},
		{name: "word where a paragraph belongs", block: rich(word),
			want: []string{says("unsupported type: text", "/blocks/0/elements/0/type")}},
		{name: "text object where a word belongs", block: paragraph(plain("x")),
			want: []string{says("unsupported type: plain_text", at+"/type")}},
		{name: "empty word", block: paragraph(`{"type":"text","text":""}`),
			want: []string{says("must be more than 0 characters", at+"/text")}},
		{name: "unknown style", block: paragraph(`{"type":"text","text":"x","style":{"blink":true}}`),
			want: []string{says("invalid additional property: blink", at+"/style")}},
		{name: "style that is a word", block: paragraph(`{"type":"text","text":"x","style":"bold"}`),
			want: []string{says("must provide an object", at+"/style")}},
		{name: "link without url", block: paragraph(`{"type":"link","text":"x"}`),
			want: []string{says("missing required field: url", at)}},
		{name: "user without id", block: paragraph(`{"type":"user"}`),
			want: []string{says("missing required field: user_id", at)}},
		{name: "broadcast to nobody known", block: paragraph(`{"type":"broadcast","range":"all"}`),
			want: []string{says("must be a valid enum value", at+"/range")}},
		{name: "date without format", block: paragraph(`{"type":"date","timestamp":1764147600}`),
			want: []string{says("missing required field: format", at)}},
		{name: "list without style", block: rich(`{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[]}]}`),
			want: []string{says("missing required field: style", "/blocks/0/elements/0")}},
		{name: "list of an unknown style", block: rich(`{"type":"rich_text_list","style":"check","elements":[{"type":"rich_text_section","elements":[]}]}`),
			want: []string{says("must be a valid enum value", "/blocks/0/elements/0/style")}},
		{name: "list in a list", block: rich(`{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_list","style":"bullet","elements":[]}]}`),
			want: []string{says("unsupported type: rich_text_list", at+"/type")}},
		{name: "user in preformatted text", block: rich(`{"type":"rich_text_preformatted","elements":[{"type":"user","user_id":"U1"}]}`),
			want: []string{says("unsupported type: user", at+"/type")}},
	})
}
