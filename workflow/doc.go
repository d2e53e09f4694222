// Package workflow is the domain of cloudimage: processes as data, runs of
// them, who may do what, and when it is due. It is pure: it imports the
// standard library only, takes the present time as an argument and reaches the
// outside through the small interfaces it declares.
//
// # Glossary
//
// These words mean the same in YAML keys, SQL columns, Slack text and code.
//
//   - A process ([Definition]) is a definition: stages, steps, teams, gates,
//     deadlines and standards ("done means"). Two ship with the product.
//   - A run ([Run]) is one execution of a process for one subject: a
//     partnership with the listings it launches, or a catalyst with the
//     listings it concerns. It keeps the definition it was started with.
//   - Stages and steps are the ordered parts of a process. "after" locks a
//     stage or a step until others are complete. "needs" names what must be
//     true before a step's irreversible act (going live, merging). An
//     "optional" step is not needed until someone asks for it and never blocks
//     a stage. "per: listing" makes one lane per listing. "when" makes a
//     substep an action that exists only in a situation, such as waiting on
//     the partner. The project owner may waive any step, with a reason.
//   - A team must; its lead answers for it. The owner of a run is the person
//     responsible for it; the assignee of a step is the person who will do it;
//     a helper was asked for one text or answer and has rights to just that;
//     the actor is the person who did something.
//   - An acting maintainer ([Standin]) stands in for a team, for a scope, with a
//     reason and an end: a date, or a condition in words with a day on which it
//     is reviewed. Hand back ends it before.
//   - A cover ([Cover]) acts for a person who is away, until they are back. What
//     the cover does, history keeps as theirs, for the person ([Event.For]).
//   - The office ([Office]) holds what is so of people across runs: covers,
//     acting maintainers, and what reaches whom. Open runs follow it.
//   - A move is what a run wants of a person now; a todo is a move with what
//     decides when they are reminded of it.
//   - A partner is a cloud partner; its contacts are people named in the
//     partnership document and kept as facts.
//   - A listing is one product on a partner's marketplace: edition, delivery
//     (image or omnibus-package), provider and architecture. It exists from the
//     moment its image is live.
//   - The launch has a target date first, and an agreed date once the
//     partner's product lead has confirmed one.
//   - A catalyst is what a maintenance run is about: a release, a security update
//     or a fix of the image. The promise is that every listing is live within so
//     many business days of it; it never pauses.
//   - The catalogue is all listings that are live ([Listed]), and owed ([Owed]) is that
//     the customers of one are to have a version by a day. Runs come and go.
//   - A version ([Version]) may have rebuilds; a branch ([Branch]) is a minor version.
//     A release ([Release]) is a version that was seen, with what its sources say of it
//     and how it is judged. A ruling is what a person said of it.
//   - A release policy ([ReleasePolicy]) says which releases concern a listing. In a
//     quiet time ([Quiet]) only security updates are worked on.
//   - A newer release supersedes a run: its open lanes go to the run about that one.
//   - A sign-off ([SignOff]) is that different people sign what goes live; a signature
//     ([Signature]) lapses when that changes.
//   - A build is the making of one image, and its way to customers where that was
//     ordered. Its steps are found again by their keys, and made once. An order is what
//     one is to do, as a person confirmed it; a plan is the orders that are confirmed
//     together, with what stands in their way.
//   - An image is what a build makes: a copy of it in each region. A publication is
//     getting it to customers: public, or as a version of a product on a marketplace.
//     A run knows of a build by a mark ([BuildMark]) on the lane that it is for.
//   - A leftover is what a build made in a cloud and no build owns any more.
//   - The board is how every listing stands, the worst first; service levels are how
//     well the promise was kept.
//   - A wait is a step's wait for the partner. The step's own date pauses
//     meanwhile, and the partner's clock runs; the chaser follows up. Our part is
//     what we had in hand, and not the partner.
//   - Lateness is the business days since a deadline was missed, each of them
//     ours, the partner's or nobody's.
//   - A ladder is who is told, rung by rung, while a partner is silent or a
//     person was reminded in vain.
//   - A reminder is one message that names what is asked of a person; three are
//     given at most, until it changes hands or gets another date. A snooze keeps
//     them from the person for a while, for a reason.
//   - A story is what the thread under a card tells of the run.
//   - A clock is a time of day that is kept for a person or a channel, and a
//     letter is what comes of it when it has run out: a message, or nothing.
//   - A fact is something a run knows by name because a step's evidence said
//     so: the issue, the vault item, the agreed launch date.
//   - The tracker is where issues and merge requests are: GitLab. An item
//     ([TrackedItem]) is an issue or a merge request that a run keeps there.
//   - The mirror is what our part of an issue's text says of the run, and what
//     people do there, told to the run.
//   - A tick ([Tick]) is a box that somebody ticked in an issue. It completes the
//     step if they may do that and nothing is missing; else it is a proposal.
//   - Trouble ([Trouble]) is why an item is not in step with its run. Repair is a
//     person's decision to write our part anew.
//   - An outsider ([Outsider]) is somebody in the tracker, known here or not. A
//     handle ([Handle]) is a person's name there, once they have confirmed it.
//   - A document is copied once from a template, and is people's from then on.
//   - An event is what happened. Events are only ever appended; replaying them
//     rebuilds the run.
//   - The card is the one message that always shows a run's present state. It
//     is for reading; people act from direct messages and modals, where they
//     see only what they may do.
//
// # Shape
//
// A [Run] changes only by [Run.apply] of an [Event]; each action (Done, Skip,
// Assign and so on) checks what it is about to do, emits its event and then
// settles the gates, which emits the events that follow from it. [Service] is
// the one door for callers: it looks up the person and the teams, asks
// [Authorize], and changes the run inside [Store.Update]. What time
// does by itself is [Run.Tick].
package workflow
