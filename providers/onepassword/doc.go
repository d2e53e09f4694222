// Package onepassword reads secrets out of 1Password, so that none has to lie in
// a file or in the environment of a server.
//
// A reference says where a secret is: op://vault/item/[section/]field, each part
// by its name or its id. A source is a way to 1Password: a Connect server of the
// company's own, or 1Password's servers with the token of a service account. A
// Resolver asks a source, and keeps what it is told in memory for a while and
// nowhere else. A Secret is what it answers: a value that prints as [secret]
// wherever it is printed.
//
// Errors are sentences for an operator. They name the reference and the cure,
// and never the value.
package onepassword
