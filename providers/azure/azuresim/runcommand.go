package azuresim

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
)

// The states of a script. It succeeds and fails with the words of all else.
const (
	pending   = "Pending"
	executing = "Running"
	timedOut  = "TimedOut"
)

// sayable is how much of its output a command shows, in bytes, from the end.
const sayable = 4096

// runCommand is a script that a machine is to carry out.
type runCommand struct {
	core
	machine string // id
	props   armcompute.VirtualMachineRunCommandProperties
	secret  []*armcompute.RunCommandInputParameter
	print   string // of what was asked
	done    int    // how often it was carried out
	script  timeline
	start   time.Time
	outcome Outcome
	timeout time.Duration
}

// checkRun checks what a command is to be.
func checkRun(p armcompute.VirtualMachineRunCommandProperties) (time.Duration, error) {
	s := val(p.Source)
	ways := 0
	for _, v := range []*string{s.Script, s.ScriptURI, s.CommandID, s.GalleryScriptReferenceID} {
		if val(v) != "" {
			ways++
		}
	}
	if ways != 1 {
		return 0, refuse("InvalidParameter", "Exactly one of script, scriptUri or commandId must be specified in the source of the run command.").on("runCommand.properties.source")
	}
	if val(s.Script) == "" {
		return 0, refuse("InvalidParameter", "Only scripts in the source itself are known here.").on("runCommand.properties.source")
	}
	n := val(p.TimeoutInSeconds)
	if n < 0 || n > 24*3600 {
		return 0, badValue("runCommand.properties.timeoutInSeconds")
	}
	if n == 0 {
		n = 90 * 60
	}
	for _, v := range append(slices.Clone(p.Parameters), p.ProtectedParameters...) {
		if v == nil || v.Name == nil || v.Value == nil {
			return 0, missing("runCommand.properties.parameters")
		}
	}
	return time.Duration(n) * time.Second, nil
}

// putRun lets a machine carry out a script. The same request again does not: whether
// the real service compares them is not documented, but it runs what has changed.
func (c *request) putRun(in armcompute.VirtualMachineRunCommand) (*runCommand, int, error) {
	at, _, _ := cutLast(c.resourceID(), "/runCommands/")
	m, ok := find[*machine](c.s, at)
	if !ok {
		if _, err := c.group(); err != nil {
			return nil, 0, err
		}
		_, name := kindOf(at)
		return nil, 0, parentNotFound("Microsoft.Compute/virtualMachines/runCommands", name)
	}
	p := val(in.Properties)
	timeout, err := checkRun(p)
	if err != nil {
		return nil, 0, err
	}
	if m.life.at(c.now) == deleting {
		return nil, 0, conflict("OperationNotAllowed", "Operation 'runCommand' is not allowed on VM '%s' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).", m.name)
	}
	ready, up := m.ready(c.now)
	if !up || m.power.at(c.now) != running {
		return nil, 0, conflict("OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running.")
	}
	old, again := find[*runCommand](c.s, c.resourceID())
	print := fingerprint(p)
	if again {
		if err := old.changes(in.Location); err != nil {
			return nil, 0, err
		}
		if err := old.free(c.now); err != nil || old.active(c, m) {
			return nil, 0, busy()
		}
		old.tags = copyTags(in.Tags)
		if old.print == print {
			return old, c.make(&old.core, false, 0), nil
		}
	}
	k, err := c.fresh(in.Location, in.Tags)
	if err != nil {
		return nil, 0, err
	}
	r := &runCommand{core: k, machine: m.id, print: print, timeout: timeout, secret: p.ProtectedParameters, done: 1}
	if again {
		r.core.born, r.core.order, r.done = old.born, old.order, old.done+1
	}
	r.props = clone(p)
	r.props.ProtectedParameters, r.props.RunAsPassword, r.props.InstanceView, r.props.ProvisioningState = nil, nil, nil, nil
	r.life, r.script = timeline{{creating, c.now}}, timeline{{pending, c.now}}
	c.s.put(r)
	c.carry(r, m, ready)
	if again {
		return r, http.StatusOK, nil
	}
	return r, http.StatusCreated, nil
}

// fingerprint is what makes a command another one.
func fingerprint(p armcompute.VirtualMachineRunCommandProperties) string {
	q := struct{ Source, Open, Secret, User, Timeout any }{p.Source, p.Parameters, p.ProtectedParameters, p.RunAsUser, p.TimeoutInSeconds}
	text, err := json.Marshal(q)
	if err != nil {
		return ""
	}
	return string(text)
}

// carry has the guest carry out a command, and plans how it goes.
func (c *request) carry(r *runCommand, m *machine, ready time.Time) {
	params := map[string]string{}
	for _, v := range append(slices.Clone(r.props.Parameters), r.secret...) {
		params[*v.Name] = *v.Value
	}
	text := val(val(r.props.Source).Script)
	outbound := false
	for _, l := range m.nics {
		if n, ok := find[*nic](c.s, l.id); ok {
			outbound = outbound || c.s.reaches(n)
		}
	}
	times := c.s.at(m.location).times
	out := Outcome{Never: true}
	if !stopsAgent(text) {
		out = c.s.run(Command{
			Machine: m.id, Image: m.from.ref, Location: m.location, CustomData: m.custom, Tags: plainTags(m.tags), Name: r.name,
			Script: text, Parameters: params, Outbound: outbound,
		})
	}
	r.outcome = out
	r.start = c.now.Add(times.Deliver)
	if ready.After(c.now) {
		r.start = ready.Add(times.Deliver)
	}
	end, state := r.start.Add(out.Takes), succeeded
	switch {
	case out.Never || out.Takes > r.timeout:
		end, state = r.start.Add(r.timeout), timedOut
	case out.ExitCode != 0:
		state = failed
	}
	r.script = timeline{{pending, c.now}, {executing, r.start}, {state, end}}
	if leavesUnit(text) && out.ExitCode == 0 && !out.Never {
		m.clean = m.clean || strings.Contains(text, "deprovision") // at the latest when it is shut down
		if out.PowersOff == 0 && powersOff(text) {
			out.PowersOff = times.PowersOff
		}
	}
	if out.PowersOff > 0 {
		m.power = append(m.power, phase{stopped, r.start.Add(out.PowersOff)})
	}
	c.deploy(r, end, state)
}

// deploy plans how the resource of a command fares, which is not how its script does.
func (c *request) deploy(r *runCommand, end time.Time, state string) {
	var why *armError
	last := succeeded
	if val(r.props.TreatFailureAsDeploymentFailure) && state != succeeded {
		last = failed
		why = conflict("VMExtensionProvisioningError", "VM has reported a failure when processing run command '%s'. Error message: the script ended in the state %s with exit code %d.", r.name, state, r.outcome.ExitCode)
	}
	if val(r.props.AsyncExecution) {
		end, last, why = c.now.Add(time.Second), succeeded, nil
	}
	r.life = timeline{{creating, c.now}, {last, end}}
	c.begun(&r.core, end, why)
}

// now is the state of a script. When its machine went away from under it, nobody
// hears of its end, and it runs until it times out.
func (r *runCommand) now(m *machine, now time.Time) string {
	st := r.script.at(now)
	if m == nil || st == pending || st == timedOut {
		return st
	}
	for i, p := range m.power {
		if i > 0 && p.name != running && p.from.After(r.start) && p.from.Before(r.script.end().from) && !p.from.After(now) {
			if now.Before(r.start.Add(r.timeout)) {
				return executing
			}
			return timedOut
		}
	}
	return st
}

// active reports whether a script may still be running.
func (r *runCommand) active(c *request, m *machine) bool {
	st := r.now(m, c.now)
	return st == pending || st == executing
}

// tail is the end of an output.
func tail(s string) string {
	if len(s) > sayable {
		s = s[len(s)-sayable:]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func (c *request) runJSON(r *runCommand) armcompute.VirtualMachineRunCommand {
	p := clone(r.props)
	p.ProvisioningState = ptr(r.life.at(c.now))
	if strings.EqualFold(c.query.Get("$expand"), "instanceView") {
		m, _ := find[*machine](c.s, r.machine)
		p.InstanceView = r.view(m, c.now)
	}
	return armcompute.VirtualMachineRunCommand{ID: ptr(r.id), Name: ptr(r.name), Type: ptr(r.kind), Location: ptr(r.location), Tags: copyTags(r.tags), Properties: &p}
}

// view is how a script does. What it says is shown when it has ended.
func (r *runCommand) view(m *machine, now time.Time) *armcompute.VirtualMachineRunCommandInstanceView {
	st := r.now(m, now)
	v := &armcompute.VirtualMachineRunCommandInstanceView{
		ExecutionState: ptr(armcompute.ExecutionState(st)), ExitCode: ptr(int32(0)), Output: ptr(""), Error: ptr(""), ExecutionMessage: ptr(""),
	}
	if st == pending {
		return v
	}
	v.StartTime = ptr(r.start)
	switch st {
	case succeeded, failed:
		v.ExitCode, v.Output, v.Error = ptr(int32(r.outcome.ExitCode)), ptr(tail(r.outcome.Stdout)), ptr(tail(r.outcome.Stderr))
		v.EndTime, v.ExecutionMessage = ptr(r.script.end().from), ptr("Execution completed")
	case timedOut:
		v.ExitCode, v.EndTime, v.ExecutionMessage = ptr(int32(-1)), ptr(r.start.Add(r.timeout)), ptr("Execution timed out")
	}
	return v
}

// commandsOf are the commands of a machine, in the order in which they came.
func (s *Server) commandsOf(machine string) []*runCommand {
	return slices.DeleteFunc(all[*runCommand](s), func(r *runCommand) bool { return !strings.EqualFold(r.machine, machine) })
}

// heredoc is where one begins in a line.
const heredoc = `<<-?\s*\\?['"]?(\w+)['"]?`

// stopsAgent reports whether a script deprovisions the machine itself. Then the agent
// stops that is to say how the script ends. What it writes to files is not carried out.
func stopsAgent(script string) bool {
	begins := regexp.MustCompile(heredoc)
	direct := regexp.MustCompile(`(^|&&|\|\||;|\bthen\b|\bdo\b)\s*((sudo|exec|env|nohup|timeout)\s+(-\S+\s+|\d+\w?\s+|\w+=\S*\s+)*)*(/\S*/)?waagent\s(.*\s)?-{1,2}deprovision`)
	until := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(script, "\\\n", " "), "\n") {
		text := strings.TrimSpace(line)
		if until != "" {
			if text == until {
				until = ""
			}
			continue
		}
		if m := begins.FindStringSubmatch(text); m != nil {
			until = m[1]
		}
		if !strings.HasPrefix(text, "#") && !strings.HasPrefix(text, "systemd-run") && direct.MatchString(text) {
			return true
		}
	}
	return false
}

// leavesUnit reports whether a script leaves a unit behind, which does what it does
// later: now or when the machine is shut down.
func leavesUnit(script string) bool {
	return regexp.MustCompile(`systemd-run|systemctl\s+(--\S+\s+)*(start|enable)`).MatchString(script)
}

// powersOff reports whether a unit that a script leaves behind powers the machine off.
func powersOff(script string) bool {
	return regexp.MustCompile(`poweroff|shutdown\s+(-\w+\s+)*(now|\+\d)|systemctl\s+halt`).MatchString(script)
}
