// Package drivesim plays Google Drive for one service account: the token endpoint
// that its key is used at, and the part of the Drive API, version 3, that finds,
// reads and copies files. It is written from Google's documentation and knows nothing of
// who uses it. Tests and the demo run Google's own client against it.
//
// A file is a document, a folder or anything else, in a shared drive or in
// somebody's My Drive. The account sees what is shared with it. It is as strict as Google in
// what is easily forgotten: scopes, supportsAllDrives, and the fields of an
// answer, of which there are those that were asked for. Each document has a page that
// a person can read. A fault makes it fail as Google and networks do.
//
// Sources: https://developers.google.com/workspace/drive/api/reference/rest/v3
// and https://developers.google.com/identity/protocols/oauth2/service-account
package drivesim
