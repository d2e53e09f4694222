package main

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scenarios in testdata/scenarios are the product's promises, in words that
// a process owner can read. They run the assembly that `serve` runs, against a
// strict Slack, on a clock that stands still. The words are:
//
// Before the first act:
//
//	slack no-user-groups           this Slack has no user groups on its plan
//	slack without METHOD...        this Slack lacks these methods
//	slack scopes SCOPE...          the app was given these scopes and no other
//	config FILE                    the configuration; also before "restarts"
//
// Who, and where:
//
//	as NAME                        who acts from here on
//	in CHANNEL                     where; "dm" is the conversation with the bot
//	under the card                 in the thread of the channel's newest card, until the next "in"
//	opens                          the person looks at the bot's Home tab, until the next "in"
//
// What a person does. With "! " before it, it must not be possible:
//
//	runs COMMAND...                types a command
//	clicks BUTTON [near WORDS]     in the modal, else Home, else the newest message that has it
//	chooses menu OPTION [near WORDS]  picks from the menu without a name, as on the card
//	fills LABEL VALUE...           in the modal; @FILE takes the value from a file
//	submits                        the modal, which is taken
//	submits anyway                 the modal, which may be refused
//	closes                         all modals
//	says WORDS                     posts a message; under the card, a reply
//	invites WHO                    into the channel; the bot is "cloudimage"
//	partnership NAME               starts one: CE and EE image, by hand, to launch on 15 January 2027
//	maintenance NAME KIND [WHEN]   begins one, of CE and EE image: a release, security or fix of that time
//	does PARTNER STEP...           types "done" for each step, and gives evidence of the right kind
//
// What a person sees. With "! " before it, they must not:
//
//	sees WORDS                     in the modal, else on Home, else in the channel; @FILE as above
//	told WORDS                     in the modal, else in the newest message only they see
//	gets FILE [WORDS]              the channel has a file of that name; the newest has the words
//	                               in it, or in its title or what is said of it to who cannot see it
//	refused LABEL WORDS            under a field of the modal
//	modal                          there is a modal at all
//	cards N                        the channel has exactly N cards
//	messages N                     the channel has exactly N messages of the bot, cards included
//	waits WORDS                    until they see the words, for what takes real time
//
// What happens around them:
//
//	advance 2 days | 2 business days | 3h | to 2026-12-01T09:00:00Z
//	again N                        the next act reaches the bot N times
//	fails METHOD N HOW             the next N calls go wrong: 429, 500, an error code, or
//	                               "stored" for one that is carried out and then answered with 500
//	groups HANDLE NAME...          a user group has other members from here on
//	leaves NAME                    the person's account is deactivated
//	restarts                       stops the program and starts it again
//	stops                          stops the program; only time passes then, until
//	starts                         it is started again
//
// In GitLab:
//
//	gitlab                         before the first act: there is a GitLab, and the bot has a token
//	there NAME DOES...             somebody acts in it: ticks TEXT, unticks TEXT, comments WORDS,
//	                               comments-internally WORDS, writes-code NAME (the code given to
//	                               whoever says to be NAME), assigns NAME, dates DAY, closes, reopens,
//	                               labels LABEL, unlabels LABEL, locks, hides, reveals, moves PROJECT, deletes,
//	                               appends WORDS, replaces OLD NEW, rewrites WORDS,
//	                               writes TITLE TEXT (a merge request), approves, merges
//	gitlab at WHERE                from here on: the issue, the marketing issue, or 'acme/omnibus!1'
//	gitlab down | refuses | up     it answers with 502, or not at all; and again
//	gitlab storm N                 the next N calls are too many
//	gitlab loses METHOD PATH       the next such call is carried out, and its answer lost
//	gitlab expires | renews        the token is not taken any more; another is given
//	issue WORDS | closed           what is looked at says the words: its title, its fields, its text
//	noted WORDS                    somebody wrote the words there
//	notes N                        the bot wrote exactly N notes there
//	issues [PROJECT] N             there are exactly N issues
//	calls [METHOD PATH] N          N calls at most since the last count
//	reads                          prints it, for who writes a scenario
//
// Releases:
//
//	releases [without SOURCE...]   before the first act: tags, packages, announcements and the
//	                               version-service are watched; 17.4.0, 17.4.1 and 17.5.0 are out
//	publishes VERSION... [security | critical] [CE | EE]  all at once, several in one post
//	tags NAME...                   only tags are made
//	offers VERSION... [CE | EE] [amd64 | arm64]  only packages are offered
//	announces VERSION... [release | critical] [security] [teaser]  only a post is written
//	dangerous VERSION...           the version service says that it fixes security
//	source NAME HOW                down, gone, slow, wrong, cut, huge, elsewhere, spoiled; up again
//	lists PARTNER EDITION VERSION [PROVIDER] [DELIVERY] [ARCHITECTURE]  adds a listing by the form
//	looks                          ten minutes pass, so that the sources are asked
//
// In the cloud:
//
//	cloud [REGION...]              before the first act: there is an AWS with one account
//	aws WHAT...                    blocks REGION [policy], quota REGION N, crowd REGION (its quota is full), denies ACTION, allows ACTION,
//	                               fails OPERATION REGION|any N CODE [WORDS], loses OPERATION REGION|any N (it is
//	                               carried out, and the answer lost), breaks capture|copy REGION N [WORDS],
//	                               lacks TYPE N, finds WORDS (the scan), rejects CODE..., server-fault,
//	                               submission PRODUCT NAME DURATION (somebody else's), cancels (ours),
//	                               version PRODUCT TITLE..., old DAYS (the base image), newer (base image), private REGION
//	inside SCRIPT FAULT            what goes wrong in machines, until "inside well"; see guestsim
//	there-are N WHAT               machines (also those that are gone), running, images, snapshots, public,
//	                               deprecated, blocked (regions), submissions, versions
//
// What is left behind:
//
//	count METHOD N                 exactly N successful calls of a method since the last count
//	pings channel|here|everyone    something the bot sent calls all of them
//	kept WORDS                     the database holds the words
//	logged WORDS                   the operator's log says so
//	look                           prints the screen, for who writes a scenario
//
// Each act settles before the next.
func TestScenarios(t *testing.T) {
	t.Parallel()
	words := maps.Clone(scenarioWords)
	maps.Copy(words, trackerWords)
	maps.Copy(words, releaseWords)
	maps.Copy(words, cloudWords)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "scenarios"),
		Setup:               setUpScenario,
		Cmds:                words,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
	})
}

func setUpScenario(env *testscript.Env) error {
	w := newWorld(env.WorkDir)
	env.Values[worldKey{}] = w
	env.Defer(func() {
		if err := w.end(); err != nil {
			env.T().Fatal("end:", err)
		}
	})
	acme, err := filepath.Abs(filepath.Join("..", "..", "workflow", "process", "testdata", "acme.yaml"))
	env.Setenv("ACME", acme)
	return err
}
