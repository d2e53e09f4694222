// Package commands is what a person may ask of cloudimage, one file to a verb.
// It knows no chat system and no SQL: a [Request] comes in, a [Reply] goes out,
// and what is between is the workflow service.
//
// The same verb serves a typed command, a button and a submitted form. A
// request that names its run, step and answers is done at once; one that lacks
// something is answered with the [Page] to choose from or the [Form] to fill
// in, which lead back to the same verb. So nobody has to type an id, and
// everything that can be clicked can be typed.
//
// The verbs are a table, [Desk.Verbs]; help is printed from it and unknown
// words are matched against it.
package commands
