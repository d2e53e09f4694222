// Package conformance is what every cloud has to pass, whoever's it is: the suite builds
// an image from a release to customers with the real engine and a real store, and does on
// the way what happens in the world. It is for tests.
//
// What it promises of a [cloudimage/workflow/images.Cloud]:
//
//   - What is begun twice is made once.
//   - A process that ends at any moment, and of whose last calls nothing was kept, is gone
//     on after by another that knows nothing but what is on disk.
//   - What was given up at any moment leaves nothing behind.
//   - Too many calls, a fault of the server and a lost answer go by themselves, and make
//     nothing twice; what may not be done is a person's, in words, and goes on from there.
//   - No secret is in an error, in a log, or in what people are told.
package conformance
