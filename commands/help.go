package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// help lists the verbs, seven for the day and then the rest.
func (d *Desk) help(_ context.Context, req Request) (Reply, error) {
	if word := strings.ToLower(strings.TrimSpace(req.Text)); word != "" {
		for _, v := range d.verbs {
			if v.Name == word && v.Group != Unlisted {
				return Reply{Text: workflow.Say("%s  %s. Leave out what you do not know: I ask for it.", d.usage(v), v.Help)}, nil
			}
		}
	}
	page := &Page{Title: "Help", Brief: true}
	for _, group := range []struct {
		Group
		title string
	}{{Daily, "Every day"}, {Steps, "Steps and runs"}, {People, "People and time"}, {Images, "Releases and listings"}, {Reading, "Reading"}} {
		lines := workflow.Text{}
		for _, v := range d.verbs {
			if v.Group != group.Group {
				continue
			}
			if lines.Format != "" {
				lines.Format += "\n"
			}
			lines.Format += "%s  %s"
			lines.Args = append(lines.Args, d.usage(v), v.Help)
		}
		if lines.Format != "" {
			page.Rows = append(page.Rows, heading("%s", group.title), row(lines))
		}
	}
	page.Rows = append(page.Rows, heading("Who does what"))
	if def, ok := d.Service.Process(d.options.Default); ok {
		roster := d.Roster(def)
		for _, t := range def.Teams {
			line := workflow.Say("%s: %s", workflow.Strong(t.Name), t.Does)
			if lead := roster.Teams[t.ID].Lead; lead != "" {
				line = workflow.Say("%s. Ask %s.", line, lead)
			}
			if problem := roster.Teams[t.ID].Problem; !problem.IsZero() {
				line = workflow.Say("%s\n%s", line, problem)
			}
			page.Rows = append(page.Rows, row(line))
		}
	}
	page.Foot = append(page.Foot, workflow.Say("Every verb works alone: it asks for what it needs. A step is named by its number, as in %s.", d.command("done DigitalOcean 2.1")))
	return Reply{Page: page}, nil
}

func (d *Desk) usage(v Verb) workflow.Command {
	return d.command(strings.TrimSpace(v.Name + " " + v.Usage))
}
