// Package releases reads what others say of releases of the product: the package
// index that offers them, the posts that announce them, the version service that
// knows what is urgent, and the tags of the repository. Each is a source of
// [cloudimage/workflow/maintenance], which believes none of them alone.
//
// # Vocabulary
//
//   - An index is the list of packages of one distribution and one architecture
//     in a Debian repository. A stanza is a package in it, the root is the address
//     below which the repository is, the pool where the packages are.
//   - A feed is a list of posts in the format Atom, the newest first.
//   - A fix is what a post lists in its table of security fixes, or under a
//     heading with the number of a CVE. Its severity is what the table says, or
//     what its CVSS score means, whichever is graver.
//   - A pattern says which tags name releases, and what in a name is the version,
//     the edition and the rebuild.
//   - The [Web] is how sources are reached: with which limits, and where a redirect
//     may lead.
//
// # The rules of this package
//
//   - What is read was written by others. It is bounded in time, in size as it
//     comes and in size as it is unpacked, and what does not have the form that it
//     is documented to have is an error and never half a truth: a package without
//     a checksum is no package, a severity that nobody heard of is no opinion.
//   - What was read before something went wrong is returned beside the error,
//     where it can stand alone.
//   - Every failure of a source is an [*Error]. It says which source it was and
//     what happened, without what follows the question mark of an address.
//   - Nothing is retried. Whoever watches asks again.
//
// The stand-in for all of it is in releasesim.
package releases
