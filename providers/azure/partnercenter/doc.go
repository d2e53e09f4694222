// Package partnercenter brings versions of a virtual machine offer to the preview of
// Microsoft's marketplace and on to customers, through the Product Ingestion API of
// Partner Center.
//
// # Vocabulary
//
//   - A product is an offer, and has plans. Publishers call them by external ids, and the
//     API by durable ones: "product/<guid>", "plan/<guid>/<guid>".
//   - A resource is one part of a product, with a schema. All of them together are a tree,
//     of which there are three: the draft, which people and we edit, the preview, and
//     what is live.
//   - A technical configuration is the resource of a plan that lists its versions. The
//     list is sent whole: what is not in it is dropped.
//   - A configure request is resources as they are to be. It makes a job. With a
//     submission among them it goes on to the preview, or from there to live, and its job
//     lasts as long as that.
//   - A product is locked while a job or a submission of anybody goes on.
//
// # The rules of this package
//
//   - A resource is kept as it was read. What we know of it is changed in it, and what we
//     do not know is sent back as it came.
//   - A version that is in the draft, or live, is in what is sent.
//   - That a request is about to be sent is remembered before it is, and its job as soon
//     as it is known. Without an answer nothing is sent again before it was looked whether
//     it was taken. The lock of the product keeps two of them apart.
//   - What is in the way and is not ours is named and left alone.
//   - Nothing goes live beside the version that was signed.
//   - A token goes to the configured endpoint only, and is shown nowhere.
//
// The stand-in for the API is azuresim/ingestsim.
package partnercenter
