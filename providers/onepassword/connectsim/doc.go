// Package connectsim plays a 1Password Connect server: the part of its API that
// reads. It is written from 1Password's own description of the API, version
// 1.7.1, and knows nothing of who uses it. Tests and the demo run the client of
// 1Password's against it.
//
// A vault holds items, an item fields and files, in sections or in none. One
// token opens it; a vault may be out of that token's scope. A fault makes it
// fail as servers and networks do, until it is mended.
//
// Source: https://github.com/1Password/connect/blob/main/docs/openapi/spec.yaml
package connectsim
