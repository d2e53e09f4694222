package process

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file turns the tree of a file into a definition. The rules are:
//
//   - Each list of the definition has one entry for each item of the file's
//     list, whatever is wrong with it, so that the checks can walk both side by
//     side.
//   - It looks at one value at a time. What depends on other values is checked
//     afterwards, when all of them are known.

func (r *reader) process(n *node) *workflow.Definition {
	o := r.object(n, "a process")
	if n.kind != mapping {
		return nil
	}
	def := &workflow.Definition{
		Name:      id[workflow.ProcessName](o, "process", "begin the file with the process's name, such as \"process: first-time-image\""),
		Title:     o.title("title", "say what people call the process"),
		Subject:   oneOf(o, "subject", subjects...),
		Goal:      o.text("goal", textLength),
		Owner:     id[workflow.TeamID](o, "owner", "say which team owns each run as a project"),
		Standard:  o.text("standard", textLength),
		Promise:   r.promise(n),
		Releases:  r.releases(n),
		Silence:   each(o, "silence", 8, r.rung),
		Lateness:  each(o, "lateness", 8, r.rung),
		Teams:     each(o, "teams", 20, r.team),
		Resources: each(o, "resources", 20, r.resource),
		Stages:    each(o, "stages", MaxStages, r.stage),
	}
	if n.get("subject").kind == absent {
		o.need("subject", "say what a run is about: partnership or catalyst")
	}
	if n.get("teams").kind == absent {
		o.need("teams", "list the teams that share the process")
	}
	if n.get("stages").kind == absent {
		o.need("stages", "list the parts of the process, each led by a team")
	}
	return def
}

func (r *reader) team(n *node) workflow.Team {
	o := r.object(n, "a team")
	t := workflow.Team{
		ID:    id[workflow.TeamID](o, "id", "give it a name that stages and steps can use"),
		Name:  o.title("name", "write the team's name as people say it"),
		Does:  o.line("does", titleLength),
		Group: o.line("group", idLength),
	}
	if strings.HasPrefix(t.Group, "@") {
		r.problem(n.get("group"), "write the group's handle without the @")
	}
	return t
}

func (r *reader) resource(n *node) workflow.Resource {
	o := r.object(n, "a resource")
	res := workflow.Resource{
		ID:      id[string](o, "id", "give it a name"),
		Title:   o.title("title", "say what it is"),
		Text:    o.text("text", textLength),
		URL:     o.link("url"),
		Fact:    name[workflow.FactName](o, "fact"),
		Ask:     name[workflow.TeamID](o, "ask"),
		Creates: oneOf(o, "creates", workflow.TrackDocument),
	}
	switch {
	case n.kind != mapping:
	case n.get("url").given() && n.get("fact").given():
		r.problem(n.get("fact"), "%s has both a url and a fact; keep the url if it is the same for all runs, else the fact", o.name())
	case n.get("creates").given() && !n.get("fact").given():
		r.problem(n.get("creates"), "%s is made for each run but has no \"fact\" to keep its link in", o.name())
	case n.get("creates").given() && n.get("ask").given():
		r.problem(n.get("ask"), "%s is made for each run, so there is nobody to ask where it is; leave one out", o.name())
	case n.get("ask").given() && !n.get("fact").given():
		r.problem(n.get("ask"), "%s asks a team but has no \"fact\" to keep the answer in", o.name())
	case !n.get("url").given() && !n.get("fact").given() && !n.get("text").given():
		r.problem(n, "%s says nothing; give it a \"url\", a \"fact\" or a \"text\"", o.name())
	}
	return res
}

func (r *reader) stage(n *node) workflow.Stage {
	o := r.object(n, "a stage")
	s := workflow.Stage{
		ID:       id[workflow.StageID](o, "id", "give it a name that other stages can come after"),
		Title:    o.title("title", "say what is done in it"),
		Team:     id[workflow.TeamID](o, "team", "say which team leads it"),
		Role:     cmp.Or(o.line("role", titleLength), "led by"),
		After:    names[workflow.StageID](o, "after"),
		Standard: o.text("standard", textLength),
		Due:      r.due(n),
		Brief:    names[workflow.FactName](o, "brief"),
		Steps:    each(o, "steps", 0, r.step),
	}
	if n.get("steps").kind == absent {
		o.need("steps", "list what has to be done in it")
	}
	return s
}

func (r *reader) step(n *node) workflow.Step { return r.stepOrSubstep(n, true) }

func (r *reader) substep(n *node) workflow.Step { return r.stepOrSubstep(n, false) }

func (r *reader) stepOrSubstep(n *node, top bool) workflow.Step {
	if r.steps++; r.steps == MaxSteps+1 {
		r.problem(n, "the process has more than %d steps; nobody can follow it, so split it into two processes", MaxSteps)
	}
	o := r.object(n, "a step")
	s := workflow.Step{
		ID:         id[workflow.StepID](o, "id", "give it a name; history and other steps refer to it"),
		Title:      o.title("title", "say what has to be done"),
		Short:      o.line("short", shortLength),
		Team:       name[workflow.TeamID](o, "team"),
		After:      names[workflow.StepID](o, "after"),
		Needs:      each(o, "needs", 20, r.needed),
		Optional:   o.flag("optional"),
		Question:   o.line("question", titleLength),
		AskTeam:    name[workflow.TeamID](o, "ask_team"),
		PerListing: oneOf(o, "per", "listing") != "",
		Publishes:  o.flag("publishes"),
		Sign:       r.signOff(n),
		When:       oneOf(o, "when", workflow.Waiting),
		DoneWhen:   oneOf(o, "done_when", workflow.AssignedAndDue, workflow.MergeApproved, workflow.MergeDone),
		Standard:   o.text("standard", textLength),
		Guides:     each(o, "how_to", 10, r.guide),
		Evidence:   each(o, "evidence", 12, r.field),
		Due:        r.due(n),
		LaunchDay:  o.line("launch_day", launchDayLength),
	}
	if top {
		s.Steps = each(o, "steps", 0, r.substep)
	} else if n.get("steps").kind != absent {
		r.problem(n.get("steps"), "%s is a substep and cannot have steps of its own; make it a step, or put them beside it", o.name())
	}
	return s
}

func (r *reader) needed(n *node) workflow.Need {
	o := r.object(n, "a need")
	need := workflow.Need{Step: name[workflow.StepID](o, "step"), Fact: name[workflow.FactName](o, "fact")}
	if n.kind == mapping && n.get("step").given() == n.get("fact").given() {
		r.problem(n, "a need is either a step or a fact: write \"- step: NAME\" or \"- fact: NAME\"")
	}
	return need
}

func (r *reader) guide(n *node) workflow.Guide {
	o := r.object(n, "a how-to")
	g := workflow.Guide{
		Provider: oneOf(o, "provider", providers...),
		Text:     o.text("text", textLength),
		Links:    each(o, "links", 20, r.link),
	}
	if n.kind == mapping && !n.get("text").given() && !n.get("links").given() {
		r.problem(n, "a how-to says nothing; give it a \"text\" or \"links\"")
	}
	return g
}

func (r *reader) link(n *node) workflow.Link {
	o := r.object(n, "a link")
	l := workflow.Link{
		Title: o.title("title", "say what it leads to"),
		URL:   o.link("url"),
		Seed:  o.link("seed"),
	}
	if n.get("url").kind == absent {
		o.need("url", "write its address")
	}
	return l
}

// link is an address that a person can follow; empty when it is not given.
func (o object) link(key string) string {
	s := o.line(key, textLength)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "":
	case err == nil && u.Scheme == "mailto" && strings.Contains(u.Opaque, "@"):
	default:
		o.r.problem(o.node.get(key), "%q in %s is not an address; write it whole, such as https://example.com/page or mailto:team@example.com", key, o.what)
	}
	return s
}

func (r *reader) promise(parent *node) workflow.Promise {
	n := parent.get("promise")
	if n.kind == absent {
		return workflow.Promise{}
	}
	o := r.object(n, "a promise")
	p := workflow.Promise{Days: o.days("days"), Security: o.days("security")}
	if n.get("days").kind == absent {
		o.need("days", "say within how many business days following a catalyst every listing is live again")
	}
	return p
}

// rung reads one rung of a ladder. A name that is no role is taken for a team's,
// as long as nobody looks: which teams there are is not known yet.
func (r *reader) rung(n *node) workflow.Rung {
	o := r.object(n, "a rung")
	rung := workflow.Rung{After: o.days("after")}
	switch who := name[workflow.Role](o, "tell"); {
	case who == "":
	case slices.Contains(roles, who):
		rung.Tell = who
	default:
		rung.Tell, rung.Team = workflow.ToTeam, workflow.TeamID(who)
	}
	if n.get("after").kind == absent {
		o.need("after", "say after how many business days")
	}
	if n.get("tell").kind == absent {
		o.need("tell", "say who is told: "+either(roles)+", or a team's id")
	}
	return rung
}

func (r *reader) due(parent *node) workflow.Due {
	n := parent.get("due")
	if n.kind == absent {
		return workflow.Due{}
	}
	o := r.object(n, "a due date")
	d := workflow.Due{
		AfterOpen:     o.days("after_open"),
		BeforeLaunch:  o.days("before_launch"),
		OnLaunch:      o.flag("on_launch"),
		AfterCatalyst: o.days("after_catalyst"),
		Security:      o.days("security"),
	}
	forms := 0
	for _, key := range []string{"after_open", "before_launch", "on_launch", "after_catalyst"} {
		if n.get(key).given() {
			forms++
		}
	}
	switch security := n.get("security"); {
	case n.kind != mapping || forms == 0 && len(o.meant) > 0: // told already
	case forms == 1 && n.get("on_launch").given() && !d.OnLaunch:
		r.problem(n.get("on_launch"), "\"on_launch\" is true or left out")
	case forms < 2 && security.given() && !n.get("after_catalyst").given():
		r.problem(security, "\"security\" is another number of \"after_catalyst\"; write {after_catalyst: N, security: M}, or leave it out")
	case forms != 1:
		r.problem(n, "a due date is one of {after_open: N}, {before_launch: N}, {on_launch: true} and {after_catalyst: N}, in business days")
	}
	return d
}

func (r *reader) field(n *node) workflow.Field {
	o := r.object(n, "a field")
	f := workflow.Field{
		ID:        id[workflow.FieldID](o, "id", "give it a name"),
		Label:     o.title("label", "say what is asked for"),
		Type:      oneOf(o, "type", fieldTypes...),
		Hint:      o.line("hint", titleLength),
		Optional:  o.flag("optional"),
		Private:   o.flag("private"),
		MaxLength: o.number("max_length", 1, textLength),
		Min:       o.number("min", 1, 20),
		Quick:     o.line("quick", titleLength),
		Fact:      name[workflow.FactName](o, "fact"),
		Tracks:    oneOf(o, "tracks", workflow.TrackIssue, workflow.TrackRelated, workflow.TrackMerge),
		Ask:       o.line("ask", titleLength),
	}
	for _, item := range o.list("options", 100) {
		f.Options = append(f.Options, strings.TrimSpace(item.text))
	}
	if n.get("type").kind == absent {
		o.need("type", "say what kind of answer it takes: "+either(fieldTypes))
	}
	return f
}
