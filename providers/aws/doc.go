// Package aws makes machine images in an account of AWS and brings them to customers,
// as public images and as versions of products of its marketplace. It is a
// [cloudimage/workflow/images.Cloud].
//
// # Vocabulary
//
//   - A machine is an EC2 instance, an image an AMI. An image has snapshots, which hold
//     its disks.
//   - The home region is the one in which images are built. The marketplace takes them
//     from us-east-1 only, and is reached there only.
//   - The protection is "block public access for AMIs", a setting of an account in a
//     region. A declarative policy of the organization can fix it.
//   - A product is an entity of the Marketplace Catalog. It changes by change sets, one
//     at a time; one that is not over is in flight.
//   - An action is one operation of a service, written as policies do: "ec2:RunInstances".
//
// # The rules of this package
//
//   - A method looks before it makes, and makes one thing. The client library repeats
//     nothing by itself; whoever calls asks again.
//   - What is made is found again: by a tag with the key of its step, by a token made of
//     the key, by the name of an image, by the comment of a command, by the name of a
//     change set. Tags come with the call that makes a thing, never after it.
//   - What is not found although it was just made is waited for, for two minutes.
//   - No answer to a call that changes something leaves its outcome unknown, and says
//     so. No answer to a call that reads is nothing.
//   - Calls are paced before AWS has to: at four fifths of what it publishes, so that
//     people in the console are not in our way, nor we in theirs.
//   - What AWS says is shown in its words, without keys, signatures and the encoded part
//     of a refusal.
//
// The stand-in for AWS is in awssim.
package aws
