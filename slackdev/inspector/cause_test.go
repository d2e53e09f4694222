package inspector

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A scene is a record and what it is told, one thing after the other. Its time is
// that of a bubble, so that nobody waits.
type scene struct {
	r   *Record
	seq int64
}

// passes lets time of the bubble go by.
func passes(d time.Duration) { <-time.After(d) }

func (s *scene) sent(e Envelope) Delivery {
	passes(time.Millisecond)
	return s.r.Sent(e, time.Now())
}

// acked is an envelope that was acked at once.
func (s *scene) acked(e Envelope) {
	s.sent(e).Ended(Ack{MS: 1})
}

// calls notes a call and says where it was put: under the which interaction, and
// by what. Arguments are pairs.
func (s *scene) calls(method string, args ...string) string {
	passes(time.Millisecond)
	return s.began(time.Now(), method, nil, args...)
}

func (s *scene) began(at time.Time, method string, changes []Change, args ...string) string {
	s.seq++
	c := Call{Seq: s.seq, At: time.Now(), Method: method, Args: map[string]string{}}
	for n := 0; n < len(args); n += 2 {
		c.Args[args[n]] = args[n+1]
	}
	s.r.Called(c, changes, at, 0)
	for _, i := range s.r.All() {
		for _, c := range i.Calls {
			if c.Seq == s.seq {
				return strings.TrimSpace(fmt.Sprintf("%d %s%s", i.ID, c.By, map[bool]string{true: ", likely"}[c.Likely]))
			}
		}
	}
	return "nowhere"
}

func (s *scene) moves() {
	passes(time.Millisecond)
	s.r.ClockMoves(time.Now(), time.Now().Add(time.Hour))(time.Now().Add(time.Hour))
}

// Interaction 1 is Ana's in each case, in C1.
func TestACallBelongsToItsCause(t *testing.T) {
	t.Parallel()
	ana := Envelope{ID: "e1", Kind: "block_actions", User: "UANA", Channel: "C1", Trigger: "t1", ResponseURLs: []string{"https://x/r/one", "", "https://x/r/two"}, View: "V1", Messages: []string{"", "1.5"}}
	lee := Envelope{ID: "e2", Kind: "slash_command", User: "ULEE", Channel: "C2", Trigger: "t2"}
	for name, c := range map[string]struct {
		want string
		act  func(s *scene) string
	}{
		"a trigger names its own": {"1 trigger_id", func(s *scene) string {
			s.acked(lee)
			return s.calls("views.open", "trigger_id", "t1")
		}},
		"a trigger does so for good": {"1 trigger_id", func(s *scene) string {
			passes(time.Hour)
			s.moves()
			return s.calls("views.open", "trigger_id", "t1")
		}},
		"a response URL names its own": {"1 response_url", func(s *scene) string {
			s.acked(lee)
			return s.calls("response_url", "response_url", "https://x/r/two")
		}},
		"only a use of it does": {"2 time, likely", func(s *scene) string {
			s.acked(lee)
			return s.calls("chat.postMessage", "response_url", "https://x/r/two")
		}},
		"a view names who was in it": {"1 view_id", func(s *scene) string {
			s.acked(lee)
			passes(time.Hour)
			return s.calls("views.update", "view_id", "V1")
		}},
		"a view names who opened it": {"2 view_id", func(s *scene) string {
			s.acked(lee)
			s.began(time.Now(), "views.open", []Change{{Kind: "modal_opened", ViewID: "V2"}}, "trigger_id", "t2")
			passes(time.Minute)
			return s.calls("views.update", "view_id", "V2")
		}},
		"a view by its external id": {"1 view_id", func(s *scene) string {
			s.acked(lee)
			return s.began(time.Now(), "views.update", []Change{{Kind: "modal_updated", ViewID: "V1"}}, "external_id", "x")
		}},
		"a view that an ack showed": {"1 view_id", func(s *scene) string {
			s.r.Changed("e1", Change{Kind: "modal_pushed", ViewID: "V3"})
			s.acked(lee)
			return s.calls("views.update", "view_id", "V3")
		}},
		"no view after the clock was moved": {"3", func(s *scene) string {
			s.moves()
			return s.calls("views.update", "view_id", "V1")
		}},
		"a message names who acted on it": {"1 message", func(s *scene) string {
			s.acked(lee)
			return s.calls("chat.update", "ts", "1.5", "channel", "C2")
		}},
		"a reply, too": {"1 message", func(s *scene) string {
			s.acked(lee)
			return s.calls("chat.postMessage", "thread_ts", "1.5", "channel", "C2")
		}},
		"a message in the metadata of a view": {"2 message", func(s *scene) string {
			s.acked(Envelope{ID: "e2", User: "ULEE", Metadata: `{"card":"7.25"}`})
			s.acked(Envelope{ID: "e3", User: "UANA"})
			return s.calls("chat.update", "ts", "7.25")
		}},
		"who went on to something else acts with that": {"2 message, likely", func(s *scene) string {
			s.acked(Envelope{ID: "e2", User: "UANA"})
			return s.calls("chat.update", "ts", "1.5")
		}},
		"unless that was long ago": {"1 message", func(s *scene) string {
			s.acked(Envelope{ID: "e2", User: "UANA"})
			passes(attentive + time.Second)
			return s.calls("chat.update", "ts", "1.5")
		}},
		"a message names who made it": {"1 message", func(s *scene) string {
			s.began(time.Now(), "chat.postMessage", []Change{{Kind: "message_posted", TS: "9.5"}})
			passes(attentive + time.Second)
			return s.calls("chat.update", "ts", "9.5")
		}},
		"but whoever came since is as likely": {"2 time, likely", func(s *scene) string {
			s.began(time.Now(), "chat.postMessage", []Change{{Kind: "message_posted", TS: "9.5"}})
			s.acked(lee)
			return s.calls("chat.update", "ts", "9.5")
		}},
		"the latest, when nothing tells": {"2 time, likely", func(s *scene) string {
			s.acked(lee)
			return s.calls("chat.postMessage", "channel", "C3")
		}},
		"the one in the same channel": {"1 time, likely", func(s *scene) string {
			s.acked(lee)
			return s.calls("chat.postMessage", "channel", "C1")
		}},
		"the person rather than the channel": {"1 time, likely", func(s *scene) string {
			s.acked(lee)
			return s.calls("chat.postEphemeral", "channel", "C2", "user", "UANA")
		}},
		"whose Home it is": {"1 time, likely", func(s *scene) string {
			s.acked(lee)
			return s.calls("views.publish", "user_id", "UANA")
		}},
		"whom it is written to": {"1 time, likely", func(s *scene) string {
			s.acked(lee)
			return s.calls("chat.postMessage", "channel", "UANA")
		}},
		"calls keep an interaction awake": {"1 time, likely", func(s *scene) string {
			for range 3 {
				passes(attentive - time.Second)
				s.calls("chat.postMessage")
			}
			return s.calls("chat.postMessage")
		}},
		"but not forever": {"2", func(s *scene) string {
			for range 8 {
				passes(attentive - time.Second)
				s.calls("chat.postMessage")
			}
			return s.calls("chat.postMessage")
		}},
		"nothing of the last seconds": {"2", func(s *scene) string {
			passes(attentive + time.Second)
			return s.calls("chat.postMessage")
		}},
		"nothing that came after the call began": {"3", func(s *scene) string {
			passes(attentive + time.Second)
			began := time.Now()
			s.acked(lee)
			return s.began(began, "chat.postMessage", nil)
		}},
		"no news of what the app did itself": {"1 time, likely", func(s *scene) string {
			s.acked(Envelope{ID: "e2", User: "UBOT", Echo: true})
			return s.calls("chat.postMessage")
		}},
		"nobody has the app connect": {"2", func(s *scene) string { return s.calls("apps.connections.open") }},
		"the clock ends what was before": {"3", func(s *scene) string {
			s.moves()
			return s.calls("chat.update", "ts", "1.5")
		}},
		"what people do after it counts": {"3 time, likely", func(s *scene) string {
			s.moves()
			s.acked(lee)
			return s.calls("chat.postMessage")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &scene{r: New(0, 0)}
				s.acked(ana)
				if got := c.act(s); got != c.want {
					t.Errorf("the call is under %s, not %s", got, c.want)
				}
			})
		})
	}
}

func TestCallsOfTheAppsOwnAreGrouped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{r: New(0, 0)}
		for _, c := range []struct{ want, name string }{
			{"1", "starting up"},
			{"1", "starting up"}, // a moment later
			{"2", "starting up"}, // after a pause
			{"4", "on its own"},  // when an envelope was over
			{"6", "on its own, after the clock was moved"},
			{"7", "on its own"}, // when that was over, too
		} {
			switch c.want {
			case "2":
				passes(together + time.Second)
			case "4":
				s.acked(Envelope{ID: "e"})
				passes(attentive + time.Second)
			case "6":
				s.moves()
			case "7":
				passes(attentive + time.Second)
			}
			got := s.calls("users.list")
			if all := s.r.All(); got != c.want || all[len(all)-1].Name != c.name {
				t.Errorf("under %s %q, not %s %q", got, all[len(all)-1].Name, c.want, c.name)
			}
		}
		if all := s.r.All(); all[5].Because != 5 || all[4].Kind != KindClock || all[4].Name != "moved forward by 1 hour" || all[6].Because != 0 {
			t.Errorf("the move and what came of it: %+v", all[4:])
		}
	})
}

func TestLaterDeliveriesNameTheFirst(t *testing.T) {
	t.Parallel()
	r := New(0, 0)
	for attempt := range 3 {
		r.Sent(Envelope{ID: fmt.Sprint("e", attempt), EventID: "Ev1", Attempt: attempt}, time.Now())
	}
	for n, i := range r.All() {
		if first := min(int64(n), 1); i.Attempt != n || i.FirstID != first || i.EventID != "Ev1" {
			t.Errorf("delivery %d: %+v", n, i)
		}
	}
}

func TestTimesAreOfRealTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := New(0, 0)
		r.Sent(Envelope{ID: "e", Trigger: "t"}, time.Time{})
		passes(20 * time.Millisecond)
		r.Called(Call{Seq: 1, Method: "views.open", Args: map[string]string{"trigger_id": "t"}}, []Change{{Kind: "modal_opened"}}, time.Now(), 5500*time.Microsecond)
		i := r.All()[0]
		if c := i.Calls[0]; c.StartMS != 20 || c.MS != 5.5 {
			t.Errorf("it began after %v ms and took %v ms", c.StartMS, c.MS)
		}
		if c := i.Changes[0]; c.AtMS != 25.5 || c.Call != 1 {
			t.Errorf("the screen changed after %v ms by call %d", c.AtMS, c.Call)
		}
	})
}
