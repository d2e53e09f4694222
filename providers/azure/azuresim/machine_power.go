package azuresim

import (
	"net/http"
	"time"
)

// turnPower changes the power of the machine that the path names: it is on the way for
// some time, and then there.
func (c *request) turnPower(verb, via, to string, takes func(Times) time.Duration) (int, error) {
	m, err := named[*machine](c)
	if err != nil {
		return 0, err
	}
	if verb == "start" && m.generalized {
		return 0, conflict("OperationNotAllowed", "Operation '%s' is not allowed on VM '%s' since the VM is generalized.", verb, m.name)
	}
	if m.life.at(c.now) == deleting {
		return 0, conflict("OperationNotAllowed", "Operation '%s' is not allowed on VM '%s' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).", verb, m.name)
	}
	if err := m.free(c.now); err != nil {
		return 0, err
	}
	was := m.power.at(c.now)
	until := c.now.Add(takes(c.s.at(m.location).times))
	switch {
	case was == to, was == deallocated && to == stopped:
		// There is nothing to do.
		c.begun(&m.core, c.now, nil)
		return http.StatusAccepted, nil
	case verb == "start" && was != stopped:
		if later, now := c.room(m.size, m, m.location); now != nil {
			return 0, now
		} else if later != nil {
			m.life = m.life.turn(c.now, phase{updating, c.now}, phase{failed, until})
			m.why = later
			c.begun(&m.core, until, later)
			return http.StatusAccepted, nil
		}
	}
	m.power = m.power.turn(c.now, phase{via, c.now}, phase{to, until})
	m.life = m.life.turn(c.now, phase{updating, c.now}, phase{succeeded, until})
	c.begun(&m.core, until, nil)
	return http.StatusAccepted, nil
}

// generalize marks the machine that the path names as one that images are made of. It
// cannot be started again. That it was prepared for it is not checked, here as there.
func (c *request) generalize() error {
	m, err := named[*machine](c)
	if err != nil {
		return err
	}
	if err := m.free(c.now); err != nil {
		return err
	}
	if p := m.power.at(c.now); p != stopped && p != deallocated {
		return conflict("OperationNotAllowed", "Please power off the virtual machine '%s' before setting it to Generalized.", m.name)
	}
	m.generalized = true
	return nil
}
