// Package azure makes machine images in a subscription of Azure and brings them to
// customers, as versions of a gallery and as versions of offers on its marketplace. It
// is a [cloudimage/workflow/images.Cloud].
//
// # Vocabulary
//
//   - The account is a subscription. It belongs to a tenant, in whose directory we are.
//   - A machine is a virtual machine, in the resource group of its build, which is
//     named for the build and goes with all that is in it.
//   - An image is a version in a gallery: "gallery/definition/17.5.100". The definition
//     is for an edition and an architecture, is made by people, and says what kind of
//     machine its images start. A version has a home, the region that it was captured
//     in, and is copied by the gallery itself to the regions that are its targets.
//   - An operation is what a call has begun and what goes on after its answer. Its token
//     is kept; what it comes to is seen in the resource too.
//   - An offer has plans, and an order names one of them: "offer/plan". Package
//     partnercenter knows how they change.
//   - An action is what a role allows: "Microsoft.Compute/virtualMachines/write".
//
// # The rules of this package
//
//   - A method looks before it makes, and makes one thing. The client library repeats
//     nothing by itself; whoever calls asks again.
//   - What is made is found again by its name, which is made of the build and the
//     attempt, and it is ours if a tag says so. Tags come with the call that makes a
//     thing, never after it.
//   - A token that is not known any more is no fault: the resource says how it stands.
//   - No answer to a call that changes something leaves its outcome unknown, and says
//     so. No answer to a call that reads is nothing.
//   - Who is told to wait asks nothing of that kind until the time has passed.
//   - Tokens go to the servers that are configured, and nowhere else.
//   - What Azure says is shown in its words, without secrets.
//
// The stand-in for Azure is in azuresim.
package azure
