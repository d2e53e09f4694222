package reminder

import (
	"encoding/json"
	"fmt"
	"time"

	"cloudimage/workflow"
)

// Morning is a person's morning message as things stand.
type Morning struct {
	Person workflow.UserID
	Day    workflow.Date // the person's
	Ends   time.Time     // when that day is over, where they are
	// Missed is the day on which it should have come and did not; empty when it
	// came in time.
	Missed workflow.Date
	Rows   []Row // what is asked, the most urgent first
	More   int   // further rows, for which there was no room
	Later  int   // what is theirs and not due yet
	// Snoozed are the steps they asked not to be reminded of now.
	Snoozed []Row
	// Reviews are acting maintainers of whom it has to be asked whether they are
	// needed still.
	Reviews []Review
}

// Review is an acting maintainer of whom it is asked whether they are needed
// still, and the team they stand in for.
type Review struct {
	workflow.Standin
	Name workflow.TeamName
}

// Row is one row of a message.
type Row struct {
	workflow.Item
	Run     *workflow.Run
	Settled bool // it is no longer asked of this person, or no longer late
	Late    workflow.Lateness
	Chase   string // of a follow-up: a text that can be sent to the partner
}

// sameAs reports whether two rows ask for the same.
func (r Row) sameAs(o Row) bool { return r.Item.Run == o.Item.Run && r.Item.Move == o.Item.Move }

// Daily is a channel's daily message as things stand.
type Daily struct {
	Channel workflow.ChannelID
	Day     workflow.Date
	Missed  workflow.Date
	// Whole is set on the first business day of a week, when the message tells
	// how every run stands and says so when nothing is late.
	Whole bool
	Rows  []Row // what is late, the worst first
	More  int
	Runs  []*workflow.Run // how each stands, of a whole message
	Rest  int             // further runs
}

// Trouble is something that the operator has to know.
type Trouble struct {
	Key  string // the same for the same trouble
	Text string
	Over bool
}

// about is what is kept of a message: which steps are meant. How they stand is
// read when it is drawn.
type about struct {
	Day    workflow.Date   `json:"day"`
	Ends   time.Time       `json:"ends,omitzero"`
	Missed workflow.Date   `json:"missed,omitempty"`
	Whole  bool            `json:"whole,omitempty"`
	Items  []workflow.Item `json:"items,omitempty"`
	More   int             `json:"more,omitempty"`
}

func (a about) String() string {
	raw, err := json.Marshal(a)
	if err != nil {
		panic("reminder: strings and numbers cannot fail to encode: " + err.Error())
	}
	return string(raw)
}

func readAbout(text string) (a about, err error) {
	if err = json.Unmarshal([]byte(text), &a); err != nil {
		err = fmt.Errorf("read what a message is about: %w", err)
	}
	return a, err
}
