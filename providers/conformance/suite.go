package conformance

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// Run holds a cloud to what every cloud has to do. New makes a site for a test.
func Run(t *testing.T, site func(t testing.TB) *Site) {
	for name, test := range map[string]func(*company){
		"begun twice": begunTwice, "killed at every turn": killedAtEveryTurn, "given up at any turn": nil, "failing calls": failing, "refused": refused,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test != nil {
				test(open(t, site(t)))
				return
			}
			for _, after := range []int{1, 2, 4, 8, 14, 22, 32, 45, 60} {
				t.Run(fmt.Sprint(after), func(t *testing.T) {
					t.Parallel()
					givenUp(open(t, site(t)), after)
				})
			}
		})
	}
}

// begunTwice orders by the same request twice, and by two processes.
func begunTwice(c *company) {
	first := c.orders("order")
	c.starts()
	if again := c.orders("order"); again.ID != first.ID {
		c.Errorf("the same request made %s and %s", first.ID, again.ID)
	}
	c.signs()
	c.finishes()
	c.live()
}

// killedAtEveryTurn ends the process after each turn, and of every other one nothing is
// kept: what it did is outside, and nobody knows of it.
func killedAtEveryTurn(c *company) {
	c.orders("order")
	c.signs()
	forgets := false
	for range mostTurns {
		c.starts()
		moved := c.turn() // whoever takes over waits a moment first
		before := c.is()
		if !c.turn() && !moved {
			c.live()
			return
		}
		if forgets = !forgets; forgets {
			_, err := c.store.UpdateBuild(c.Context(), c.build, "", func(b *images.Build) error {
				b.State, b.Steps, b.Images, b.Ended = before.State, before.Clone().Steps, before.Clone().Images, before.Ended
				return nil
			}, nil)
			c.must(err)
		}
	}
	c.endless()
}

// givenUp gives the build up after some turns: nothing is left of it.
func givenUp(c *company, after int) {
	c.orders("order")
	for range after {
		if !c.turn() {
			break
		}
	}
	if b := c.is(); b.State == images.Done {
		return
	}
	_, err := c.images.Abandon(c.Context(), workflow.Who{User: omar, Request: "abandon"}, c.build)
	c.must(err)
	c.starts()
	c.finishes()
	if b := c.is(); b.State != images.Abandoned {
		c.Fatalf("it is %s: %+v", b.State, b.Failed())
	}
	for kind, n := range c.There() {
		if n != 0 {
			c.Errorf("%d %s are left", n, kind)
		}
	}
	left, err := c.options.Clouds[0].Cloud.Leftovers(c.Context())
	c.must(err)
	if len(left) > 0 {
		c.Errorf("there is left over: %+v", left)
	}
	c.keepsSecrets()
}

// failing lets calls fail all the way: it goes by itself, and is made once.
func failing(c *company) {
	if c.Fails == nil {
		c.failingPeople()
		return
	}
	c.orders("order")
	c.signs()
	kinds := []Failure{TooMany, ServerFail, Lost, LostAfter}
	for turns := 0; ; turns++ {
		if turns > mostTurns {
			c.endless()
		}
		if turns%3 == 1 {
			c.Fails(kinds[turns/3%len(kinds)], 1)
		}
		if !c.turn() {
			break
		}
		if failed := c.is().Failed(); len(failed) > 0 {
			c.Fatalf("%s failed: %s", failed[0].Key(c.build), failed[0].Fault)
		}
	}
	c.live()
}

// failingPeople lets people say no once to everything: it needs a person, and goes on.
func (c *company) failingPeople() {
	said := map[string]bool{}
	c.refuses = func(asked string) bool {
		no := !said[asked]
		said[asked] = true
		return no
	}
	c.orders("order")
	c.signs()
	for range 20 {
		c.finishes()
		failed := c.is().Failed()
		if len(failed) == 0 {
			break
		}
		if failed[0].Fault.Class.Heals() || failed[0].Fault.Class == images.TooLong || !strings.Contains(failed[0].Trouble(), "do not like it") {
			c.Errorf("what people refused is %s", failed[0].Fault)
		}
		c.retries()
	}
	if len(said) < 3 {
		c.Errorf("people were asked for %v only", said)
	}
	c.live()
}

func (c *company) retries() {
	c.Helper()
	c.asks++
	_, err := c.images.Retry(c.Context(), workflow.Who{User: omar, Request: workflow.RequestID(fmt.Sprintf("retry %d", c.asks))}, c.build, -1, "")
	c.must(err)
}

// refused takes the rights away in the middle: a person is told which, and once they are
// there again it goes on.
func refused(c *company) {
	if c.Denies == nil {
		return
	}
	c.orders("order")
	c.signs()
	for n := 0; ; n++ {
		if n%20 == 7 && n < 200 { // what begins anew takes its time again
			c.Denies(true)
		}
		moved := c.turn()
		if failed := c.is().Failed(); len(failed) > 0 {
			f := failed[0].Fault
			if f.Class != images.Permission || f.What == "" {
				c.Fatalf("what may not be done is %s, about %q", f, f.What)
			}
			c.Denies(false)
			c.again = true // what is tried again may be made again
			c.retries()
			continue
		}
		if !moved {
			break
		}
		if n > mostTurns {
			c.endless()
		}
	}
	c.live()
}

// live checks that customers have the image, that there is one of each, that nothing is
// left over, and that nothing secret was said.
func (c *company) live() {
	c.Helper()
	b := c.is()
	if b.Phase() != workflow.BuildLive {
		for _, s := range b.Failed() {
			c.Errorf("%s: %s", s.Key(b.ID), s.Fault)
		}
		c.Fatalf("it is %s", b.Phase())
	}
	if got := c.There(); !maps.Equal(got, c.Public) {
		c.Errorf("there is %v, and was to be %v", got, c.Public)
	}
	if got := c.Ever(); !c.again && !maps.Equal(got, c.Made) {
		c.Errorf("it made %v, and was to make %v", got, c.Made)
	}
	r, err := c.store.Run(c.Context(), c.run)
	c.must(err)
	if lane := r.Steps[c.lane]; lane.Status != workflow.Done {
		c.Errorf("its lane is %s", lane.Status)
	}
	left, err := c.images.Leftovers(c.Context(), workflow.Who{User: omar}, c.Provider)
	if workflow.KindOf(err) != workflow.Unavailable || !b.Order.ByHand {
		c.must(err)
	}
	if len(left.Left) > 0 || left.Others > 0 {
		c.Errorf("there is left over: %+v", left)
	}
	c.keepsSecrets()
}

// keepsSecrets checks that no secret is in what was logged, kept and told.
func (c *company) keepsSecrets() {
	c.Helper()
	b := c.is()
	said := []string{c.log.text(), fmt.Sprintf("%+v %#v", c.options.Clouds[0].Cloud, c.options.Clouds[0].Cloud)}
	for i := range b.Steps {
		s := &b.Steps[i]
		said = append(said, s.Memory, s.Note, s.Log, s.Trouble(), fmt.Sprintf("%+v", s.Fault))
	}
	for _, secret := range c.Secrets {
		for _, text := range said {
			if secret != "" && strings.Contains(text, secret) {
				c.Fatalf("a secret is in %.200q", text[max(0, strings.Index(text, secret)-80):])
			}
		}
	}
}
