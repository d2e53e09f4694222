// Package byhand is the cloud that is none: people make the image, look at it, hand it
// in and say what became of it, for whatever partner it is. It is a
// [cloudimage/workflow/images.Cloud] whose calls are questions and whose answers are
// [cloudimage/workflow/images.Answer]. What becomes of an image, and in which order, is
// the same as in a cloud with an interface.
//
// # Rules
//
//   - A step waits until somebody has reported of it. What they reported is done; nobody
//     looks whether it is so.
//   - Nothing outside is changed from here, so nothing is done twice, and nothing is left
//     over but what people are asked to remove.
package byhand
