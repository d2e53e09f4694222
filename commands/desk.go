package commands

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/maintenance"
)

// Options is what a [Desk] is made of.
type Options struct {
	Service *workflow.Service
	// Default is the process that `new` starts when there is only one to choose,
	// and whose owner team is named to people who may not use the bot at all.
	Default workflow.ProcessName
	// Editions are the product's editions, such as CE and EE.
	Editions []string
	// Channel is where cards go; empty for where `new` was typed.
	Channel workflow.ChannelID
	// Command is the slash command people type, "/cloudimage".
	Command string
	// Morning is when morning messages come; empty for 09:30.
	Morning string
	// Tracker is what the issue tracker is called, "GitLab"; empty for none, of which
	// nothing is offered then.
	Tracker string
	// Maintenance keeps listings current; nil where no process is about that.
	Maintenance *maintenance.Service
	// Images makes images, in the clouds that are connected and by hand; nil where no
	// release is worked on.
	Images *images.Service
	// Pictures draws what is shared as a picture; nil for words alone.
	Pictures Pictures
	// ReadListings reads listings from text, whose form the name may tell, and
	// WriteListings writes them as a table; nil for not at all.
	ReadListings  func(name string, src []byte) ([]workflow.Listed, error)
	WriteListings func([]workflow.Listed) []byte
	// Reasons explain dates by the teams' calendars; nil leaves that out.
	Reasons Reasons
}

// Reasons explain how business days were counted.
type Reasons interface {
	// Reason is how the nth business day after from was found, or before it when
	// n is negative: "3 business days after Tue 24 Nov, skips Thanksgiving Day".
	Reason(team workflow.TeamID, from workflow.Date, n int) string
}

// Desk answers requests. It is safe for concurrent use.
type Desk struct {
	*workflow.Service
	options Options
	verbs   []Verb
	onSteps []*stepVerb // those of verbs that act on one step

	starting sync.Mutex // so that two people do not start the same at once
}

// Verb is something that can be asked.
type Verb struct {
	Name  string
	Usage string // what may follow the name
	Help  string // what it does, in a phrase
	Group Group
	do    func(ctx context.Context, req Request) (Reply, error)
}

// Group is where help lists a verb.
type Group int

// The groups of verbs. Unlisted ones can be typed, but are rather clicked.
const (
	Daily Group = iota
	Steps
	People
	Images
	Reading
	Unlisted
)

// New makes a Desk.
func New(o Options) *Desk {
	d := &Desk{Service: o.Service, options: o, onSteps: allStepVerbs()}
	// where lists a verb only where there is a tracker for it to be of use.
	where := func(group Group) Group {
		if o.Tracker == "" {
			return Unlisted
		}
		return group
	}
	// kept lists a verb only where releases are worked on.
	kept := func(group Group) Group {
		if o.Maintenance == nil {
			return Unlisted
		}
		return group
	}
	// made lists a verb only where images are made in a cloud.
	made := func(group Group) Group {
		if len(d.clouds()) == 0 {
			return Unlisted
		}
		return group
	}
	buildUsage, buildHelp, buildGroup := "[run]", "what is left to build of a release", kept(Daily)
	if len(d.clouds()) > 0 {
		buildUsage, buildHelp, buildGroup = "[run | provider edition version]", "plan and build images", Daily
	}
	reportUsage, reportHelp := "[partner]", "how soon partners answer"
	if o.Maintenance != nil {
		reportUsage, reportHelp = "[period | partners]", "promises kept, how soon partners answer"
	}
	d.verbs = append([]Verb{
		{"new", "", "start a partnership", Daily, d.start},
		{"status", "[run or partner]", "the card of a run", Daily, d.status},
		{"mine", "", "my open steps", Daily, d.mine},
		{"build", buildUsage, buildHelp, buildGroup, d.build},
		{"board", "[words]", "what is live where, the worst first", kept(Daily), d.board},
		{"help", "[verb]", "this list", Daily, d.help},
		{"away", "[until date] [cover @person]", "I am away, and who covers", Daily, d.away},
		{"launch", "[partner] [date]", "what the launch needs, and its date", Daily, d.launch},
		{"", "", "my overview", Unlisted, d.overview},
		{"home", "", "my overview", Unlisted, d.overview},
		{"update", "[run or partner]", "what I may do in a run", Steps, d.update},
		{"step", "", "all I may do with a step", Unlisted, d.step},
		{"people", "[run or partner]", "owner and leads of a run", Steps, d.people},
		{"note", "[run] [step] [text]", "write into the history", Steps, d.note},
		{"confirm", "[run or partner] [stage]", "say that the date of a stage holds", Steps, d.confirm},
		{"cancel", "[run] [reason]", "end a run, with a reason", Steps, d.cancel},
		{"resources", "[run or partner]", "say where its documents and logos are", Steps, d.resources},
		{"repair", "[run]", "put right what is out of sync with the issue", where(Steps), d.repair},
		{"accept", "", "accept a proposed partnership", Unlisted, d.accept},
		{"back", "[@person]", "end an absence sooner", People, d.back},
		{"settings", "", "what reaches me, and when", People, d.settings},
		{"link", "[@name]", "who I am in " + cmp.Or(o.Tracker, "the issue tracker"), where(People), d.link},
		{"maintainer", "[team] [@person]", "who stands in for a team", People, d.maintainer},
		{"handback", "[team]", "give a team its work back", People, d.handBack},
		{"review", "[team] [date]", "who stands in is needed still", People, d.review},
		{"release", "[version] [--security]", "tell of a release, or list them", kept(Images), d.release},
		{"listing", "[name]", "the listings that are live", kept(Images), d.listing},
		{"maintain", "", "fix an image, the same version again", kept(Images), d.maintain},
		{"sign", "[run]", "review and sign what goes live", kept(Images), d.sign},
		{"publish", "[run]", "publish a private image, once it is signed", made(Images), d.publish},
		{"verify", "", "whether public images are public still", made(Images), d.verify},
		{"sweep", "[provider]", "find and remove what is left over in a cloud", made(Images), d.sweep},
		{"retry", "", "try again what has failed of a build", Unlisted, d.retry},
		{"abandon", "", "give a build up", Unlisted, d.abandon},
		{"built", "", "say what became of an image that people make", Unlisted, d.built},
		{"support", "", "ask the marketplace for help with a submission", Unlisted, d.support},
		{"log", "", "what a machine said", Unlisted, d.log},
		{"restore", "", "make an image public again", Unlisted, d.restore},
		{"classify", "[run]", "say what kind of release it is", kept(Images), d.classify},
		{"breaches", "[period]", "what was late, and why", kept(Images), d.breaches},
		{"choose", "", "", Unlisted, d.choose},
		{"why", "[partner] [step]", "why it is held, due, and whose", Reading, d.why},
		{"process", "[name]", "read the process and its standards", Reading, d.process},
		{"howto", "[partner] [step]", "how a step is done", Reading, d.howTo},
		{"brief", "[run or partner]", "what is known, and the links", Reading, d.brief},
		{"history", "[partner] [step]", "who did what, when", Reading, d.history},
		{"report", reportUsage, reportHelp, Reading, d.report},
	}, d.stepVerbs()...)
	return d
}

// Verbs are all verbs, in the order help lists them.
func (d *Desk) Verbs() []Verb { return d.verbs }

// Do answers a request. An error is a [workflow.Error] when the person can do
// something about it.
func (d *Desk) Do(ctx context.Context, req Request) (Reply, error) {
	def, _ := d.Process(d.options.Default)
	if _, err := d.Admitted(ctx, req.User, def); err != nil {
		if req.Verb == "" && workflow.KindOf(err) == workflow.Denied { // they only looked
			return Reply{}, workflow.Fail(workflow.Denied, "I help members of this workspace to run partnerships. Someone from %s can tell you more.", def.TeamName(def.Owner))
		}
		return Reply{}, err
	}
	for _, v := range d.verbs {
		if v.Name == strings.ToLower(req.Verb) {
			return v.do(ctx, req)
		}
	}
	return d.unknown(ctx, req)
}

// command is how a verb is typed.
func (d *Desk) command(verb string) workflow.Command {
	return workflow.Command(d.options.Command + " " + verb)
}
