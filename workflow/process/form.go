package process

// form is one of the mappings a process file is made of, and its keys in the
// order people write them.
type form struct {
	what string // as errors call it: "a step"
	keys []string
}

// forms are all mappings of a process file. docs/processes.md explains each
// key of each of them.
var forms = [...]form{
	{"a process", []string{"process", "title", "subject", "goal", "owner", "standard", "promise", "releases", "silence", "lateness", "teams", "resources", "stages"}},
	{"a promise", []string{"days", "security"}},
	{"a release policy", []string{"concern", "supported", "editions", "quiet"}},
	{"a quiet time", []string{"from", "to", "why"}},
	{"a rung", []string{"after", "tell"}},
	{"a team", []string{"id", "name", "does", "group"}},
	{"a resource", []string{"id", "title", "text", "url", "fact", "ask", "creates"}},
	{"a stage", []string{"id", "title", "team", "role", "after", "standard", "due", "brief", "steps"}},
	{"a step", []string{"id", "title", "short", "team", "after", "needs", "optional", "question", "ask_team", "per", "publishes", "sign", "when", "done_when", "standard", "how_to", "evidence", "due", "launch_day", "steps"}},
	{"a sign-off", []string{"people", "teams"}},
	{"a need", []string{"step", "fact"}},
	{"a how-to", []string{"provider", "text", "links"}},
	{"a link", []string{"title", "url", "seed"}},
	{"a due date", []string{"after_open", "before_launch", "on_launch", "after_catalyst", "security"}},
	{"a field", []string{"id", "label", "type", "hint", "optional", "private", "max_length", "min", "options", "quick", "fact", "tracks", "ask"}},
}

// keysOf are the keys of a form.
func keysOf(what string) []string {
	for _, f := range forms {
		if f.what == what {
			return f.keys
		}
	}
	panic("process: no form is called " + what)
}
