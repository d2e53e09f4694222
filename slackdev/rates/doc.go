// Package rates is how often an app may call the methods of Slack's Web API,
// and a meter that counts how often it does.
//
// # Vocabulary
//
//   - A [Tier] is one of the four groups into which Slack sorts its methods, by
//     how many calls a minute an app may make of each in one workspace. A few
//     methods are special: they have rules of their own.
//   - A [Limit] is what holds for one method.
//   - A [Meter] counts calls and says which of them Slack would have refused.
//   - A call that asks for no page, of a method that has pages, gets less: Slack
//     says so and gives no figure. Here it counts as two.
//
// Slack tolerates bursts and does not say how long. Here a minute's calls may
// all come at once, and five messages may come at once in a channel: what is
// refused is what exceeds the figure within any minute, or five messages within
// any five seconds.
//
// The package is pure: it is given the time.
package rates
