package awssim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The states of a command, besides pending ones.
const (
	cmdPending   = "Pending"
	inProgress   = "InProgress"
	success      = "Success"
	cmdFailed    = "Failed"
	timedOut     = "TimedOut"
	cmdCancelled = "Cancelled"
)

// command is one script that machines were sent.
type command struct {
	id, comment string
	order       string // orders commands by time
	document    string
	born        time.Time
	params      map[string][]string
	deliver     time.Duration // how long it may wait
	execute     time.Duration // how long it may run
	runs        []*invocation
}

// invocation is a command on one machine.
type invocation struct {
	instance string
	life     timeline
	outcome  Outcome
	start    time.Time
}

// sendInput is what SendCommand is asked.
type sendInput struct {
	DocumentName, Comment string
	InstanceIds           []string
	Targets               []ssmFilter
	Parameters            map[string][]string
	TimeoutSeconds        int
}

// check refuses what Systems Manager would.
func (in *sendInput) check() error {
	if !slices.Contains([]string{"AWS-RunShellScript", "arn:aws:ssm:::document/AWS-RunShellScript"}, in.DocumentName) {
		return refuse("InvalidDocument", "Document with name %s does not exist.", in.DocumentName)
	}
	if len([]rune(in.Comment)) > 100 {
		return refuse("ValidationException", "1 validation error detected: Value at 'comment' failed to satisfy constraint: Member must have length less than or equal to 100")
	}
	if in.TimeoutSeconds == 0 {
		in.TimeoutSeconds = 3600
	}
	if in.TimeoutSeconds < 30 || in.TimeoutSeconds > 2592000 {
		return refuse("ValidationException", "1 validation error detected: Value '%d' at 'timeoutSeconds' failed to satisfy constraint: Member must have value greater than or equal to 30", in.TimeoutSeconds)
	}
	for k := range in.Parameters {
		if !slices.Contains([]string{"commands", "workingDirectory", "executionTimeout"}, k) {
			return refuse("InvalidParameters", "Parameter \"%s\" is not defined in document.", k)
		}
	}
	if len(in.Parameters["commands"]) == 0 {
		return refuse("InvalidParameters", "Parameter \"commands\" requires a value.")
	}
	for _, t := range in.Targets {
		if !strings.EqualFold(t.Key, "InstanceIds") {
			return refuse("InvalidTarget", "Only targets by InstanceIds are known here.")
		}
		in.InstanceIds = append(in.InstanceIds, t.Values...)
	}
	if len(in.InstanceIds) == 0 || len(in.InstanceIds) > 50 {
		return refuse("InvalidInstanceId", "Instance IDs are required, and no more than 50.")
	}
	return nil
}

func sendCommand(s *Server, c *request) (any, error) {
	var in sendInput
	if err := c.into(&in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	execute := 3600
	if v := in.Parameters["executionTimeout"]; len(v) > 0 {
		n, err := strconv.Atoi(v[0])
		if err != nil || n < 1 || n > 172800 {
			return nil, refuse("InvalidParameters", "Parameter \"executionTimeout\" has the value \"%s\", which is not allowed.", v[0])
		}
		execute = n
	}
	var to []*instance
	for _, id := range in.InstanceIds {
		i := c.reg.instances[id]
		if i == nil || i.ping(c.reg.times, c.now) != "Online" {
			return nil, refuse("InvalidInstanceId", "Instances [[%s]] not in a valid state for account %s", id, s.account)
		}
		to = append(to, i)
	}
	m := &command{
		id: s.uuid(), comment: in.Comment, document: "AWS-RunShellScript", born: c.now, params: in.Parameters,
		deliver: time.Duration(in.TimeoutSeconds) * time.Second, execute: time.Duration(execute) * time.Second,
	}
	m.order = stamp(c.now) + m.id
	for _, i := range to {
		out := s.run(Command{
			Instance: i.id, Image: i.image, Region: c.region, UserData: i.userData, Tags: copyTags(i.tags),
			Script: strings.Join(in.Parameters["commands"], "\n"), Comment: in.Comment,
		})
		m.runs = append(m.runs, m.plan(i, out, c.reg.times))
	}
	c.reg.commands[m.id] = m
	return map[string]any{"Command": m.json(c)}, nil
}

// plan is how a command goes on one machine, if the machine lives.
func (m *command) plan(i *instance, out Outcome, t Times) *invocation {
	v := &invocation{instance: i.id, outcome: out, life: timeline{{cmdPending, m.born}}}
	if out.Never {
		v.life = append(v.life, phase{timedOut, m.born.Add(m.deliver)})
		return v
	}
	v.start = m.born.Add(t.Deliver)
	v.life = append(v.life, phase{inProgress, v.start})
	end := success
	if out.ExitCode != 0 {
		end = cmdFailed
	}
	if out.Takes > m.execute {
		v.life = append(v.life, phase{timedOut, v.start.Add(m.execute)})
		return v
	}
	v.life = append(v.life, phase{end, v.start.Add(out.Takes)})
	return v
}

// watch lets a command time out when its machine went away before its end.
func (m *command) watch(r *region, now time.Time) {
	for _, v := range m.runs {
		end := v.life.end()
		i := r.instances[v.instance]
		if i == nil || end.name != success && end.name != cmdFailed {
			continue
		}
		for _, p := range i.life {
			if p.name != running && p.name != pending && p.from.After(m.born) && p.from.Before(end.from) && !p.from.After(now) {
				v.life[len(v.life)-1] = phase{timedOut, v.start.Add(m.execute)}
				break
			}
		}
	}
}

// overall is the state of a command on all its machines.
func (m *command) overall(now time.Time) string {
	worst := success
	for _, st := range []string{cmdFailed, timedOut, cmdCancelled, cmdPending, inProgress} {
		if slices.ContainsFunc(m.runs, func(v *invocation) bool { return v.life.at(now) == st }) {
			worst = st
		}
	}
	return worst
}

// details is the longer word for a state.
func (v *invocation) details(now time.Time) string {
	st := v.life.at(now)
	switch {
	case st == timedOut && v.outcome.Never:
		return "DeliveryTimedOut"
	case st == timedOut:
		return "ExecutionTimedOut"
	}
	return st
}

func (m *command) json(c *request) map[string]any {
	ids := []string{}
	done, bad := 0, 0
	for _, v := range m.runs {
		ids = append(ids, v.instance)
		switch v.life.at(c.now) {
		case success:
			done++
		case cmdFailed, timedOut:
			done++
			bad++
		}
	}
	status := m.overall(c.now)
	return map[string]any{
		"CommandId": m.id, "Comment": m.comment, "DocumentName": m.document, "DocumentVersion": "$DEFAULT",
		"InstanceIds": ids, "Parameters": m.params, "RequestedDateTime": seconds(m.born), "Status": status,
		"StatusDetails": status, "TargetCount": len(ids), "CompletedCount": done, "ErrorCount": bad,
		"TimeoutSeconds": int(m.deliver.Seconds()), "ExpiresAfter": seconds(m.born.Add(m.deliver + m.execute)),
	}
}
