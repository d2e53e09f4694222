package azuresim_test

import (
	"strings"
	"testing"
	"time"

	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/azure/azuresim"
)

func TestCommands(t *testing.T) {
	out := azuresim.Outcome{ExitCode: 3, Stdout: strings.Repeat("a", 5000) + "end", Stderr: "why", Takes: 10 * time.Minute}
	var seen azuresim.Command
	times := 0
	w := setup(t, withGuest(guest(func(c azuresim.Command) azuresim.Outcome {
		seen, times = c, times+1
		return out
	})))
	w.machine("vm")
	r := script("exit 3")
	r.Properties.Parameters = []*arm.RunCommandInputParameter{{Name: ptr("EDITION"), Value: ptr("ee")}}
	r.Properties.ProtectedParameters = []*arm.RunCommandInputParameter{{Name: ptr("TOKEN"), Value: ptr("secret")}}
	p, err := w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", r, nil)
	w.want(err, "")
	same(w, "state", *w.look("vm", "run").ExecutionState, arm.ExecutionStatePending)
	w.pass(time.Minute)
	v := w.look("vm", "run")
	same(w, "state", *v.ExecutionState, arm.ExecutionStateRunning)
	same(w, "output", *v.Output, "")
	_, err = w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", r, nil)
	w.want(err, "Conflict")
	// A script that fails is a deployment that succeeds.
	got := done(w, p, nil)
	same(w, "deployment", *got.Properties.ProvisioningState, "Succeeded")
	same(w, "no view", got.Properties.InstanceView == nil, true)
	same(w, "no secret", got.Properties.ProtectedParameters == nil, true)
	v = w.look("vm", "run")
	same(w, "state", *v.ExecutionState, arm.ExecutionStateFailed)
	same(w, "code", *v.ExitCode, 3)
	same(w, "length", len(*v.Output), 4096)
	same(w, "its end", strings.HasSuffix(*v.Output, "aend"), true)
	same(w, "error", *v.Error, "why")
	same(w, "took", v.EndTime.Sub(*v.StartTime), 10*time.Minute)
	same(w, "parameters", seen.Parameters["EDITION"]+seen.Parameters["TOKEN"], "eesecret")
	same(w, "custom data", seen.CustomData, "#cloud-config")
	// The same again is not carried out again, and another one is.
	p, err = w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", r, nil)
	done(w, p, err)
	same(w, "times", times, 1)
	out = azuresim.Outcome{}
	p, err = w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", script("exit 0"), nil)
	done(w, p, err)
	same(w, "times", w.sim.State().RunCommands[0].Done, 2)
	for _, c := range w.sim.Calls() {
		if strings.Contains(c.Body, "secret") {
			t.Error("the record of a call has the secret")
		}
	}
	list := pages(w, w.runs().NewListByVirtualMachinePager(build, "vm", nil), func(p arm.VirtualMachineRunCommandsClientListByVirtualMachineResponse) []*arm.VirtualMachineRunCommand {
		return p.Value
	})
	same(w, "commands", len(list), 1)
	d, err := w.runs().BeginDelete(w.ctx, build, "vm", "run", nil)
	done(w, d, err)
	same(w, "commands", len(w.sim.State().RunCommands), 0)
}

func TestCommandsThatAreNotWaitedFor(t *testing.T) {
	w := setup(t, withGuest(guest(func(azuresim.Command) azuresim.Outcome {
		return azuresim.Outcome{ExitCode: 1, Takes: time.Hour}
	})))
	w.machine("vm")
	r := script("make all")
	r.Properties.AsyncExecution, r.Properties.TreatFailureAsDeploymentFailure = ptr(true), ptr(true)
	p, err := w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", r, nil)
	same(w, "deployment", *done(w, p, err).Properties.ProvisioningState, "Succeeded")
	same(w, "state", *w.look("vm", "run").ExecutionState, arm.ExecutionStatePending)
	w.pass(2 * time.Hour)
	w.cred = w.login()
	same(w, "state", *w.look("vm", "run").ExecutionState, arm.ExecutionStateFailed)
	r.Properties.AsyncExecution = nil
	r.Properties.TimeoutInSeconds = ptr(int32(600))
	p, err = w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "other", r, nil)
	_, err = wait(w, p, err)
	w.want(err, "VMExtensionProvisioningError")
	v := w.look("vm", "other")
	same(w, "state", *v.ExecutionState, arm.ExecutionStateTimedOut)
	same(w, "took", v.EndTime.Sub(*v.StartTime), 10*time.Minute)
}

func TestRefusedCommands(t *testing.T) {
	w := setup(t)
	put := func(vm string, r arm.VirtualMachineRunCommand) error {
		_, err := w.runs().BeginCreateOrUpdate(w.ctx, build, vm, "run", r, nil)
		return err
	}
	w.machine("vm")
	w.want(put("nobody", script("true")), "ParentResourceNotFound")
	w.want(put("vm", script("")), "InvalidParameter")
	p, err := w.machines().BeginPowerOff(w.ctx, build, "vm", nil)
	done(w, p, err)
	w.want(put("vm", script("true")), "OperationNotAllowed")
}

// A script that deprovisions its own machine does not end, unless a unit does it.
func TestDeprovision(t *testing.T) {
	for text, hangs := range map[string]bool{
		"waagent -force -deprovision+user":                                        true,
		"set -e\n  sudo /usr/sbin/waagent -force -deprovision+user && sync":       true,
		"true; waagent --deprovision --force":                                     true,
		"export HISTSIZE=0 && waagent \\\n -force \\\n -deprovision":              true,
		"# waagent -deprovision":                                                  false,
		"waagent -version":                                                        false,
		"systemd-run --unit=seal sh -c 'sleep 5; waagent -deprovision; poweroff'": false,
		"cat > /etc/systemd/system/seal.service <<'EOF'\n[Service]\nwaagent -deprovision\nEOF\nsystemctl start --no-block seal": false,
	} {
		t.Run("", func(t *testing.T) {
			asked := 0
			w := setup(t, withGuest(guest(func(azuresim.Command) azuresim.Outcome {
				asked++
				return azuresim.Outcome{}
			})))
			w.machine("vm")
			r := script(text)
			r.Properties.TimeoutInSeconds = ptr(int32(1200))
			p, err := w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", r, nil)
			w.want(err, "")
			w.pass(15 * time.Minute)
			want := arm.ExecutionStateSucceeded
			if hangs {
				want = arm.ExecutionStateRunning
			}
			same(w, text, *w.look("vm", "run").ExecutionState, want)
			done(w, p, nil)
			if hangs {
				same(w, text, *w.look("vm", "run").ExecutionState, arm.ExecutionStateTimedOut)
			}
			same(w, "asked", asked == 0, hangs)
		})
	}
}

// A machine that goes away takes the end of its command with it.
func TestLostCommand(t *testing.T) {
	w := setup(t, withGuest(guest(func(azuresim.Command) azuresim.Outcome { return azuresim.Outcome{Takes: 10 * time.Minute} })))
	w.machine("vm")
	_, err := w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", script("sleep 600"), nil)
	w.want(err, "")
	w.pass(time.Minute)
	p, err := w.machines().BeginDeallocate(w.ctx, build, "vm", nil)
	done(w, p, err)
	w.pass(20 * time.Minute)
	same(w, "state", *w.look("vm", "run").ExecutionState, arm.ExecutionStateRunning)
	w.pass(2 * time.Hour)
	w.cred = w.login()
	same(w, "state", *w.look("vm", "run").ExecutionState, arm.ExecutionStateTimedOut)
}

// A guest may power its machine off.
func TestPowersOff(t *testing.T) {
	w := setup(t, withGuest(guest(func(azuresim.Command) azuresim.Outcome {
		return azuresim.Outcome{Takes: time.Second, PowersOff: 5 * time.Minute}
	})))
	w.machine("vm")
	p, err := w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", script("./seal"), nil)
	done(w, p, err)
	same(w, "power", w.sim.State().Machines[0].Power, "running")
	w.pass(5 * time.Minute)
	same(w, "power", w.sim.State().Machines[0].Power, "stopped")
	same(w, "state", *w.look("vm", "run").ExecutionState, arm.ExecutionStateSucceeded)
}
