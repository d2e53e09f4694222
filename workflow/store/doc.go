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
//   - A clock is the moment at which time next does something: to a run, or that
//     a person's morning message or a channel's daily one is due. One that was
//     only started runs out at once, and is to be planned by whoever reads it.
//   - A todo is what a run wants of a person, kept beside the run so that a
//     morning need not read every run.
//   - The office is what is so of people across runs. Runs follow it in the
//     transaction that changes it.
//   - A build is the making of an image. It is kept whole, beside its run, and
//     the run changes with it.
//   - A message shows a run, tells an event of one, tells a person, a channel or
//     the operator of many, or tells of builds. It is behind while the version it
//     shows is below the version it is wanted at, or while it is to be taken away.
//     A message that is not of one run counts its own versions. One that fades
//     falls behind at a moment although nothing has changed.
//
// # Promises
//
//   - When [Store.Create], [Store.Update], [Store.UpdateOffice], [Store.Keep] or
//     a message's note returns without an error, what it did is on disk.
//   - A request id changes something once, whatever is retried.
//   - A run, its events, its clock, its todos and what has to be shown of it
//     change together or not at all. So do a letter and its reminders, and a
//     build and its run.
//   - What is handed out belongs to the caller; a change to it changes nothing
//     here.
//
// What many runs share, such as a person's clock or morning message, is written
// once at the end of a batch and in one order, so that replicas do not wait for
// each other in a circle.
//
// Less formally: decide, write, commit, answer; others speak.
package store
