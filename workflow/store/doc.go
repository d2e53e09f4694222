// Package store keeps runs in SQLite, or in PostgreSQL where several replicas
// share them. One SQL text serves both.
//
// # Vocabulary
//
//   - A piece of work is what one caller wants done: a run changed, a message
//     noted as shown. Work is decided first, in memory, and written after that.
//   - The writer is the one goroutine that writes. It takes whatever work queued
//     while its last commit ran and does it in one transaction: a batch. Callers
//     are answered when their batch is on disk.
//   - Work is refused when its own decision says no; nothing of it is written
//     and its neighbours in the batch do not notice. Work fails when the
//     database does.
//   - A definition is kept with the first run that is started with it and is
//     found by its hash for as long as there is a run that keeps it.
//   - A timer is the moment at which a run next becomes overdue.
//   - A message is a card or a direct message that shows a run. It is behind
//     while the version it shows is below the version it is wanted at.
//
// # Promises
//
//   - When [Store.Create], [Store.Update] or a message's note returns without an
//     error, what it did is on disk.
//   - A request id changes something once, whatever is retried.
//   - A run, its events, its timer and what has to be shown of it change
//     together or not at all.
//   - What is handed out belongs to the caller; a change to it changes nothing
//     here.
//
// Less formally: decide, write, commit, answer; others speak.
package store
