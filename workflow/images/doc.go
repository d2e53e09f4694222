// Package images makes machine images and gets them to customers: it plans a
// [Build], follows it step by step through a [Cloud] and keeps what is known of it
// in a [Book]. Everything a step does is found again by a key of its own, so that
// whatever happens in between, it can be done again and is done once.
package images
