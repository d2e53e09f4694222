// Package bot is Slack's door to cloudimage. Two Socket Mode connections bring
// envelopes; each is decoded, answered by the commands package, acknowledged,
// and only then spoken about. The publisher draws what is shown in Slack from
// what is stored, and nothing else does.
//
// # One envelope
//
// A [Bot] takes an envelope from a socket at once and puts it into its own
// queue. A worker decodes it into an [Incoming] (pure), drops it when it was
// seen before, refuses it when it comes from elsewhere, and turns it into a
// commands.Request. What the request changes is on disk before the envelope is
// acknowledged; what it says is said afterwards. A worker that panics answers
// with an apology and lives on.
//
// # What is shown
//
// Every message that shows a run is a row of the store with the version it
// shows and the version it should show. The [Publisher] draws each row that is
// behind, from the run as it is at that moment. It is woken by commits and
// looks once a second besides, so a lost call, a refusal, a full rate limit or a
// crash all heal the same way: the row is still behind.
//
// # What takes long
//
// A reply may have more to work out than an acknowledgement can wait for, such as
// what a cloud says. It is shown at once as far as it is known, and the rest is worked
// out beside the workers and takes its place. It counts as under way until then.
//
// # Files
//
// A picture or a table is an answer, and not kept: it is sent after the
// acknowledgement, once, with its words. When Slack's answer to that is lost,
// the person is told to look, since a file cannot be found by its metadata as a
// post can. A log goes along with the message that a step of a build has failed,
// after that is noted as posted.
//
// # Servers that are not Slack's
//
// The bot can be pointed at a stand-in. What such a server says in its own way
// is brought into Slack's form by [foreignAnswer], and what it lacks is done
// without: people it cannot look up count as members of its workspace, a modal
// it cannot change is opened anew, a message it cannot delete is emptied. Of
// Slack itself nothing of the kind is ever assumed; see [IsSlack].
//
// # Words
//
// Reply text is made of typed parts (workflow.Text); the view package prints
// them. [explain] is the only place that turns an error into words for people.
package bot
