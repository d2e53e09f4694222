package bot

import (
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
)

// print is short for what a payload says was done: two actions of different
// content have different prints. Keys end in it, so that a server which counts
// its envelopes from one after a restart, or sends one and the same trigger with
// everything, has nobody's click taken for a copy of another's. Of Slack's own
// triggers and envelopes none comes twice with a different print.
func (p *payload) print() string {
	h := fnv.New128a()
	add := func(parts ...string) {
		for _, s := range parts {
			h.Write([]byte(s))
			h.Write([]byte{0})
		}
	}
	add(p.Type, p.UserID, p.User.ID, p.ChannelID, p.Channel.ID, p.Container.ChannelID, p.Container.MessageTS,
		p.Command, p.Text, p.CallbackID, p.ResponseURL,
		p.Event.Type, p.Event.Text, p.Event.Tab, string(p.Event.User), string(p.Event.Channel))
	for _, a := range p.Actions {
		add(a.ActionID, a.ActionTS, a.Value, a.SelectedOption.Value)
	}
	if p.View != nil {
		add(p.View.ID, p.View.Hash, p.View.PrivateMetadata)
		if p.View.State != nil {
			// What cannot be encoded is left out, as it is of no form of ours.
			answers, _ := json.Marshal(p.View.State)
			h.Write(answers)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:10])
}
