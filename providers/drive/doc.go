// Package drive makes a partnership's Google Doc: a copy of a template, in a
// folder, by a service account of Google's.
//
// A document is known by a key, which the copy carries as an app property. So it
// is found again whatever people call it and wherever they move it, and nobody
// has to keep its id. Find looks for it; Create makes it, and does not look:
// whoever wants one document for a key looks first, and again when Create says that
// it does not know whether it made one.
//
// The service account sees what is shared with its address and nothing else: the
// template, to read, and the folder, to write. It owns no storage, so the folder
// is in a shared drive.
//
// Errors are sentences for an operator, and name the address to share with.
// Nothing that is sent is logged, and the key prints as [secret].
package drive
