package drive

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/api/drive/v3"
)

// The kinds of files that matter here.
const (
	aFolder   = "application/vnd.google-apps.folder"
	aShortcut = "application/vnd.google-apps.shortcut"
)

// Check tells whether documents can be made: that Google takes the key, and that the
// template and the folder are there and shared with the service account as
// they have to be. It makes nothing.
func (c *Client) Check(ctx context.Context) error {
	if err := c.checkTemplate(ctx); err != nil {
		return err
	}
	return c.checkFolder(ctx)
}

func (c *Client) checkTemplate(ctx context.Context) error {
	f, err := c.look(ctx, c.template)
	switch {
	case errors.Is(err, ErrMissing):
		return &Error{ErrMissing, fmt.Sprintf("the template %s is not in Google Drive, or is not shared: open it, press Share, and add %s as a viewer", c.template, c.account)}
	case err != nil:
		return err
	case f.Trashed:
		return &Error{ErrMissing, fmt.Sprintf("the template %s is in the trash; restore it, or name another", c.template)}
	case f.MimeType == aFolder || f.MimeType == aShortcut:
		return &Error{ErrInvalid, fmt.Sprintf("the template %s is a folder or a shortcut; give the link of the document itself", c.template)}
	case f.Capabilities == nil || !f.Capabilities.CanCopy:
		return &Error{ErrDenied, fmt.Sprintf("%s may not copy the template %s: in its sharing settings, let viewers download, print and copy", c.account, c.template)}
	}
	return nil
}

func (c *Client) checkFolder(ctx context.Context) error {
	f, err := c.look(ctx, c.folder)
	switch {
	case errors.Is(err, ErrMissing):
		return &Error{ErrMissing, fmt.Sprintf("the folder %s is not in Google Drive, or is not shared: open it, press Share, and add %s as a content manager", c.folder, c.account)}
	case err != nil:
		return err
	case f.Trashed:
		return &Error{ErrMissing, fmt.Sprintf("the folder %s is in the trash; restore it, or name another", c.folder)}
	case f.MimeType != aFolder:
		return &Error{ErrInvalid, fmt.Sprintf("%s is no folder; give the link of a folder", c.folder)}
	case f.Capabilities == nil || !f.Capabilities.CanAddChildren:
		return &Error{ErrDenied, fmt.Sprintf("%s may not put documents into the folder %s: press Share and make it a content manager", c.account, c.folder)}
	case f.DriveId == "":
		return &Error{ErrFull, fmt.Sprintf("the folder %s is in somebody's My Drive, where a service account has no room for documents; move it into a shared drive, or name one there", c.folder)}
	}
	return nil
}

// look reads what a file is and what may be done with it.
func (c *Client) look(ctx context.Context, id string) (*drive.File, error) {
	return call(ctx, c.reading, true, func(api *drive.Service) (*drive.File, error) {
		return api.Files.Get(id).Context(ctx).SupportsAllDrives(true).
			Fields("id,mimeType,trashed,driveId,capabilities(canCopy,canAddChildren)").Do()
	})
}
