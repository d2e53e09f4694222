// Package reminder decides who is told what, and when: the one message a person
// gets in the morning, the one a channel gets each day, and what the operator
// hears when something that was due was not sent.
//
// # Words
//
// A clock is a time of day that is kept for a person or a channel. When it has
// run out, what there is to say is composed from the runs as they are, and kept
// together with the clock's next time in one transaction: it is said once,
// whatever happens, and what could not be said in time is said in one message
// afterwards. What is kept is which steps are meant; how they stand is read
// again whenever the message is drawn.
//
// A person's morning is 09:30 where they are, on the working days of their team.
// Nobody is written to outside their hours.
package reminder
