package drive

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/api/drive/v3"
	"google.golang.org/api/googleapi"
)

// property is the app property that a document carries its key in.
const property = "cloudimage"

// longestKey is how long a key may be, in bytes: Google gives a property 124
// with its name.
const longestKey = 124 - len(property)

// Document is a document in Google Drive.
type Document struct {
	ID  string
	URL string // where a person opens it
}

// fieldsOf is what is asked for of a document.
const fieldsOf = "id,webViewLink"

// Find looks for the document of a key. What is in the trash does not count. Of
// several it is the oldest; the log says that there are more. When Google did
// not look everywhere that is an error, for a document that is there might have been missed.
func (c *Client) Find(ctx context.Context, key string) (Document, bool, error) {
	if err := checkKey(key); err != nil {
		return Document{}, false, err
	}
	q := fmt.Sprintf("appProperties has { key='%s' and value='%s' } and trashed = false", property, quote(key))
	var found []*drive.File
	for page := ""; ; {
		list, err := call(ctx, c.reading, true, func(api *drive.Service) (*drive.FileList, error) {
			return api.Files.List().Context(ctx).Q(q).PageToken(page).PageSize(100).OrderBy("createdTime").
				Corpora("allDrives").SupportsAllDrives(true).IncludeItemsFromAllDrives(true).
				Fields("nextPageToken,incompleteSearch,files(" + fieldsOf + ")").Do()
		})
		if err != nil {
			return Document{}, false, err
		}
		if list.IncompleteSearch {
			return Document{}, false, &Error{ErrUnavailable, "Google Drive did not look through all shared drives this time; it may later"}
		}
		found = append(found, list.Files...)
		if page = list.NextPageToken; page == "" {
			break
		}
	}
	if len(found) == 0 {
		return Document{}, false, nil
	}
	if len(found) > 1 {
		c.log.Warn("there are several documents of one partnership; the oldest is used", "key", key, "documents", len(found), "used", found[0].Id)
	}
	return document(found[0]), true, nil
}

// Create copies the template into the folder, with a title, and gives the copy its key.
// It does not look for one that is there. ErrUnknown says that one may have been made.
func (c *Client) Create(ctx context.Context, key, title string) (Document, error) {
	if err := checkKey(key); err != nil {
		return Document{}, err
	}
	if title = strings.TrimSpace(title); title == "" {
		return Document{}, &Error{ErrInvalid, "a document needs a title"}
	}
	file, err := call(ctx, c.writing, false, func(api *drive.Service) (*drive.File, error) {
		return api.Files.Copy(c.template, &drive.File{Name: title, Parents: []string{c.folder}, AppProperties: map[string]string{property: key}}).
			Context(ctx).SupportsAllDrives(true).Fields(googleapi.Field(fieldsOf)).Do()
	})
	if err == nil {
		return document(file), nil
	}
	if errors.Is(err, ErrMissing) || errors.Is(err, ErrDenied) {
		// Google does not say which of the two it means, and there is time to ask.
		if why := c.Check(ctx); errors.Is(why, ErrMissing) || errors.Is(why, ErrDenied) {
			return Document{}, why
		}
	}
	return Document{}, err
}

func checkKey(key string) error {
	if key == "" || len(key) > longestKey {
		return &Error{ErrInvalid, fmt.Sprintf("a document's key has 1 to %d bytes, and this has %d", longestKey, len(key))}
	}
	return nil
}

// quote is a value in a query, without its quotation marks.
func quote(value string) string {
	return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value)
}

func document(f *drive.File) Document {
	d := Document{ID: f.Id, URL: f.WebViewLink}
	if d.URL == "" {
		d.URL = "https://docs.google.com/document/d/" + f.Id + "/edit"
	}
	return d
}
