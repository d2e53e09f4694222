package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// unknown takes a word that is no verb for a partner or a run, and else says
// which verb it is nearest to.
func (d *Desk) unknown(ctx context.Context, req Request) (Reply, error) {
	words := strings.TrimSpace(req.Verb + " " + req.Text)
	runs, err := d.Find(ctx, words)
	if err != nil {
		return Reply{}, err
	}
	if len(runs) > 0 {
		return d.status(ctx, Request{ID: req.ID, User: req.User, Channel: req.Channel, Verb: "status", Text: words})
	}
	if near := nearest(req.Verb, d.verbs); near != "" {
		return Reply{Text: workflow.Say("I do not know “%s”. Did you mean %s? %s lists what I can do.", req.Verb, d.command(near), d.command("help"))}, nil
	}
	return Reply{Text: workflow.Say("I do not know “%s”, and no run or partner has that name. %s lists what I can do.", words, d.command("help"))}, nil
}

// nearest is the verb that a mistyped word most likely means; empty when none
// is close: one slip in a short word, two in a long one.
func nearest(word string, verbs []Verb) string {
	best, found := 3, ""
	for _, v := range verbs {
		if v.Name == "" || v.Group == Unlisted {
			continue
		}
		slips := 1
		if len(v.Name) > 5 {
			slips = 2
		}
		if dist := distance(strings.ToLower(word), v.Name); dist < best && dist <= slips {
			best, found = dist, v.Name
		}
	}
	return found
}

// distance is how many slips are between two short words: letters too many, too
// few, wrong, or two neighbours swapped.
func distance(a, b string) int {
	if len(a) > 30 {
		return len(a)
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			rows[i][j] = min(rows[i-1][j-1]+wrong, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
