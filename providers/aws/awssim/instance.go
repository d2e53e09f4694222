package awssim

import (
	"regexp"
	"strconv"
	"time"
)

// The states of a machine.
const (
	pending      = "pending"
	running      = "running"
	stopping     = "stopping"
	stopped      = "stopped"
	shuttingDown = "shutting-down"
	terminated   = "terminated"
)

func stateCode(state string) int {
	return map[string]int{pending: 0, running: 16, shuttingDown: 32, terminated: 48, stopping: 64, stopped: 80}[state]
}

// instance is a machine.
type instance struct {
	id, reservation string
	region          string
	image           string
	kind            machine
	born            time.Time
	life            timeline
	reason          string // why it stopped
	token           string
	tags            map[string]string
	userData        string // decoded
	profile         string // ARN of the instance profile
	onShutdown      string // stop or terminate
	httpTokens      string
	volume          string
	subnet, group   string
	address         int
}

// remembered is how long a machine that was terminated can still be seen.
const remembered = time.Hour

// visible reports whether the machine is found.
func (i *instance) visible(t Times, now time.Time) bool {
	return !now.Before(i.born.Add(t.Invisible)) &&
		(i.life.at(now) != terminated || now.Before(i.life.since(now).Add(remembered)))
}

// deadMan is after how long the machine shuts itself down, by its user data.
func deadMan(userData string) (time.Duration, bool) {
	m := regexp.MustCompile(`shutdown -[hP] \+(\d{1,6})\b`).FindStringSubmatch(userData)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return time.Duration(n) * time.Minute, err == nil
}

// begin plans the life of a new machine. User data is heeded at the first boot only.
func (i *instance) begin(t Times, now time.Time) {
	run := now.Add(t.Run)
	i.life = timeline{{pending, now}, {running, run}}
	after, ok := deadMan(i.userData)
	if !ok {
		return
	}
	end := run.Add(after)
	if i.onShutdown == "terminate" {
		i.life = append(i.life, phase{shuttingDown, end}, phase{terminated, end.Add(t.Terminate)})
	} else {
		i.life = append(i.life, phase{stopping, end}, phase{stopped, end.Add(t.Stop)})
	}
	i.reason = "Client.InstanceInitiatedShutdown: Instance initiated shutdown"
}

// statusOK reports whether the machine's checks pass.
func (i *instance) statusOK(t Times, now time.Time) bool {
	return i.life.at(now) == running && !now.Before(i.life.since(now).Add(t.StatusOK))
}

// ping is what the agent's state is: empty when it was never there. An agent needs
// the permissions of an instance profile.
func (i *instance) ping(t Times, now time.Time) string {
	if i.profile == "" || i.life.at(now) == terminated {
		return ""
	}
	var was bool
	for _, p := range i.life {
		if p.name == running && !now.Before(p.from.Add(t.Online)) {
			was = true
		}
	}
	switch {
	case i.life.at(now) == running && !now.Before(i.life.since(now).Add(t.Online)):
		return "Online"
	case was:
		return "ConnectionLost"
	}
	return ""
}

// find is the machine of an id.
func (r *region) find(id string, now time.Time) (*instance, error) {
	if !wellFormed("i", id) {
		return nil, refuse("InvalidInstanceID.Malformed", "Invalid id: \"%s\"", id)
	}
	i := r.instances[id]
	if i == nil || !i.visible(r.times, now) {
		return nil, refuse("InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", id)
	}
	return i, nil
}

// findAll are the machines of a request. All must be there.
func (c *request) findAll() ([]*instance, error) {
	ids := c.form.list("InstanceId")
	if len(ids) == 0 {
		return nil, missing("InstanceId")
	}
	var out []*instance
	for _, id := range ids {
		i, err := c.reg.find(id, c.now)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, nil
}
