// Package ingestsim is Microsoft Partner Center's Product Ingestion API for virtual
// machine offers, in one process over real HTTP. A program connects by asking it for
// what it would ask https://graph.microsoft.com for.
//
// # Vocabulary
//
//   - A [Server] is one publisher's account, and an http.Handler for everything below
//     /rp/product-ingestion/.
//   - A product is an offer, and has plans. It consists of resources, each with a schema
//     and a durable id, and is in up to three places: draft, preview and live.
//   - A configure request is resources as they are to be, and makes a job. It changes
//     the draft only. With a submission among its resources it goes on to preview, and
//     a submission with the id of the preview's goes on to live; the job then lasts as
//     long as the submission does.
//   - A submission to live keeps its id from preview, so that it is there twice.
//   - A technical configuration is what a plan's machines are made of. Its list of
//     versions is declarative: a version that is not in it is dropped without a word.
//     [State] remembers it; see [Dropped].
//   - A [Call] is the record of one request. A [Fault] is an answer in place of the true
//     one, before the effect or after it.
//   - Time is what [Options.Now] says. What takes time is stages with the moments at
//     which they end; [Times] says how long each is.
//
// # The rules of this package
//
//   - It is written from what Microsoft documents, never from a client of ours. It
//     imports the standard library only. What is not documented is said where it is done.
//   - What does not fit its schema is refused at once, and so is a product that someone
//     changes. What is merely wrong lets its job fail later.
//   - [Check] and [CheckConfigure] hold a payload to the schemas without a server.
//   - Nothing sleeps and nothing runs in the background.
//   - Whatever is sent, the answer is one that the service could give.
//   - No header and no signature of an address is kept or shown.
//
// # What people and other processes see
//
// A page at /_ingestsim/ shows what there is, and every control of a [Server] can be
// used over HTTP below it: see [Server.Controls].
//
// # What it leaves out
//
// Making products, the resources that have nothing to do with images or texts (prices,
// logos, customer leads, resellers, test drives), audiences that change without a
// submission, the end of a whole product's sale, and schemas that are no longer
// documented.
package ingestsim
