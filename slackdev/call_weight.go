package slackdev

// keepCallBytes bounds the arguments and answers that the log of calls holds.
// Beyond it the oldest calls are remembered without theirs.
const keepCallBytes = 64 << 20

// weight is what a call's arguments and answer take.
func (c *Call) weight() int {
	n := len(c.Result)
	for k, v := range c.Args {
		n += len(k) + len(v)
	}
	return n
}

// makeRoom counts a call that is about to be added, and lightens the oldest ones
// until it fits. The log is locked.
func (l *callLog) makeRoom(c *Call) {
	if l.keep == 0 {
		return
	}
	keep := int64(l.keep)
	if len(l.ring) == l.keep { // the oldest gives way
		l.bytes -= l.ring[l.at].weight()
	}
	l.bytes += c.weight()
	l.light = max(l.light, c.Seq-keep)
	for l.bytes > keepCallBytes && l.light < c.Seq-1 {
		old := &l.ring[l.light%keep] // of the number l.light+1
		l.bytes -= old.weight()
		old.Args, old.Result = nil, nil
		l.light++
	}
}
