// Package listingfile reads and writes files that list the listings of a
// catalogue: to bring many of them in at once, pasted into a form or named on a
// command line, and to take them out again. docs/listings.md is the reference of
// the form.
//
// # Vocabulary
//
//   - A listing file is YAML or CSV. Both have the same keys, which are the words
//     of the glossary in package workflow; in a CSV a key is the name of a column.
//   - An entry is one listing as the file has it: texts that know their place. It
//     knows nothing of which form the file has.
//   - A [Problem] is one thing wrong in a file: where it is, what is wrong and
//     what to do. A file is read to its end, so that all of its problems are told
//     at once.
//   - A guard is the apostrophe before a cell that a spreadsheet would take for a
//     formula. Writing sets it and reading takes it away.
//
// # The rules of reading
//
//   - All or nothing: a file with a problem gives no listings.
//   - Strict: an unknown key, one given twice, a word that is none of those that
//     may be there, and a listing given twice are problems, never a guess.
//   - No problem repeats what looks like a secret.
//   - Space around a value is no part of it, and every line ends in a line feed.
//   - Sizes are bounded, so that no file makes its reader hang: see [MaxBytes] and
//     [MaxListings].
//
// # Shape
//
// yaml.go and csv.go make entries of a file; listing.go makes listings of the
// entries and checks them; write.go is the way back.
package listingfile
