package awssim

import "time"

// changed is the reply about machines whose state changes.
type changed struct {
	id       string
	from, to string
}

func changedNodes(list []changed) nodes {
	state := func(name, s string) node { return el(name, num("code", stateCode(s)), tx("name", s)) }
	return nodes{set("instancesSet", list, func(c changed) nodes {
		return nodes{tx("instanceId", c.id), state("currentState", c.to), state("previousState", c.from)}
	})}
}

// change lets the life of machines take a turn. The turn is given the state of one,
// and says how it goes on, or why it cannot.
func change(c *request, turn func(i *instance, state string) ([]phase, error)) (any, error) {
	list, err := c.findAll()
	if err != nil {
		return nil, err
	}
	var plans [][]phase
	for _, i := range list {
		p, err := turn(i, i.life.at(c.now))
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	var out []changed
	for n, i := range list {
		from := i.life.at(c.now)
		if len(plans[n]) > 0 {
			i.life, i.reason = i.life.turn(c.now, plans[n]...), ""
		}
		out = append(out, changed{i.id, from, i.life.at(c.now)})
	}
	return changedNodes(out), nil
}

func stopInstances(_ *Server, c *request) (any, error) {
	return change(c, func(i *instance, state string) ([]phase, error) {
		switch state {
		case running:
			return []phase{{stopping, c.now}, {stopped, c.now.Add(c.reg.times.Stop)}}, nil
		case stopping, stopped:
			return nil, nil
		}
		return nil, wrongState(i, state, "stopped")
	})
}

func startInstances(_ *Server, c *request) (any, error) {
	return change(c, func(i *instance, state string) ([]phase, error) {
		switch state {
		case stopped:
			return []phase{{pending, c.now}, {running, c.now.Add(c.reg.times.Run)}}, nil
		case pending, running:
			return nil, nil
		}
		return nil, wrongState(i, state, "started")
	})
}

func wrongState(i *instance, state, verb string) error {
	if state == stopping {
		return refuse("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be %s.", i.id, verb)
	}
	return refuse("IncorrectInstanceState", "This instance '%s' is not in a state from which it can be %s; it is %s.", i.id, verb, state)
}

func terminateInstances(_ *Server, c *request) (any, error) {
	return change(c, func(_ *instance, state string) ([]phase, error) {
		if state == shuttingDown || state == terminated {
			return nil, nil
		}
		return ending(c.now, c.reg.times), nil
	})
}

func ending(now time.Time, t Times) []phase {
	return []phase{{shuttingDown, now}, {terminated, now.Add(t.Terminate)}}
}
