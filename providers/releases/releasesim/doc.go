// Package releasesim is where a product's releases can be seen, in one process over
// real HTTP: the Debian repositories that offer its packages, the feeds that announce
// it, and the version service that says what is urgent. A reader of the real ones
// connects by changing nothing but the address.
//
// # Vocabulary
//
//   - A [Server] is all of these at one address, and an http.Handler. Repositories
//     are at /gitlab/<package>/ubuntu/<distribution>, feeds at /releases/, the version
//     service at /check.json, and a page for people at /.
//   - A version is written 18.5.0, and 18.5.0+1 for its first rebuild. An edition is
//     CE or EE, and its package is named for the product and for it: gitlab-ee.
//   - Each part can be changed alone: [Server.AddPackages] offers packages,
//     [Server.Announce] writes a [Post], [Server.SetSecurity] tells the version
//     service. [Server.Publish] does all of it, as a [Release]; who hears of it from
//     [Server.OnPublish] can add the tags, which are kept elsewhere.
//   - A [Fault] is something that goes wrong with a request; a [Call] is the record
//     of one.
//
// # The rules of this package
//
//   - It is written from what Debian and GitLab document and publish, never from a
//     reader of ours. What could not be verified is said where it is done.
//   - Answers can be asked for conditionally, by ETag and by time, as the real
//     ones can.
//   - Nothing sleeps: what is slow waits for [Server.Release] or for the caller to
//     give up.
//
// # What it leaves out
//
// Signatures of repositories, other formats of packages, the tags.
package releasesim
