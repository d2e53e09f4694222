package commands

import "cloudimage/workflow"

// This file joins words into sentences.

// count is a number with what is counted: "1 step", "3 steps".
func count(n int, one, many string) workflow.Text {
	if n == 1 {
		return workflow.Say("1 " + one)
	}
	return workflow.Say("%d "+many, n)
}

// listed joins texts with commas.
func listed(texts []workflow.Text) workflow.Text { return joinedBy(", ", texts) }

// lines puts each text on a line of its own.
func lines(texts []workflow.Text) workflow.Text { return joinedBy("\n", texts) }

func joinedBy(between string, texts []workflow.Text) workflow.Text {
	out := workflow.Text{}
	for i, t := range texts {
		if i > 0 {
			out.Format += between
		}
		out.Format += "%s"
		out.Args = append(out.Args, t)
	}
	return out
}

// firstOf lists the first n texts and counts the others.
func firstOf(texts []workflow.Text, n int) workflow.Text {
	if len(texts) <= n {
		return listed(texts)
	}
	return workflow.Say("%s and %d more", listed(texts[:n]), len(texts)-n)
}

// persons are several people for one sentence: "@ana, @omar and @maya".
func persons(who []workflow.UserID) workflow.Text {
	texts := make([]workflow.Text, len(who))
	for i, p := range who {
		texts[i] = workflow.Say("%s", p)
	}
	if len(texts) < 2 {
		return listed(texts)
	}
	return workflow.Say("%s and %s", listed(texts[:len(texts)-1]), texts[len(texts)-1])
}

// personOr is a person, or that there is none yet.
func personOr(who workflow.UserID) workflow.Text {
	if who == "" {
		return workflow.Say("nobody yet")
	}
	return workflow.Say("%s", who)
}

// reasoned is a whole sentence, with what was said if anything was.
func reasoned(what workflow.Text, said string) workflow.Text {
	if said == "" {
		return workflow.Say("%s.", what)
	}
	return because(what, said)
}
