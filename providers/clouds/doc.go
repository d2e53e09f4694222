// Package clouds is what every [cloudimage/workflow/images.Cloud] needs and none should
// have of its own: what is remembered from one call to the next, how errors are told
// apart, what things are labelled with, and how what a cloud says is made fit to be
// shown. It knows no cloud.
package clouds
