package main

import (
	"context"
	"fmt"
	"log/slog"

	"cloudimage/providers/drive"
	"cloudimage/workflow/mirror"
)

// This file is about documents that are made for each run.

// Drive says from which template Google Drive makes them. It takes a service
// account, in GOOGLE_SERVICE_ACCOUNT, with which template and folder are shared.
type Drive struct {
	Template string `yaml:"template"` // the document to copy: its link, or its id
	// Folder is where copies go: its link, or its id. It has to be in a shared drive,
	// since a service account has no storage of its own.
	Folder string `yaml:"folder"`

	endpoint string // of a stand-in; empty for Google's own
}

// newDocuments makes the client; nil when no documents are made.
func newDocuments(s Settings) (mirror.Documents, error) {
	switch {
	case s.Config.Drive == nil:
		return nil, nil
	case s.GoogleKey == "":
		return nil, s.Config.noGoogleKey()
	}
	client, err := s.Config.Drive.client(s.GoogleKey, s.Logger)
	if err != nil {
		return nil, err
	}
	return driveDocuments{client}, nil
}

// noGoogleKey is that documents are to be made, and in nobody's name.
func (c Config) noGoogleKey() error {
	return c.source.at("drive", "documents are configured and there is no account for them: set GOOGLE_SERVICE_ACCOUNT to the JSON key of a service account, or take this out")
}

func (d Drive) client(key string, log *slog.Logger) (*drive.Client, error) {
	client, err := drive.New(drive.Options{Key: drive.Key(key), Template: d.Template, Folder: d.Folder, Endpoint: d.endpoint, Logger: log})
	if err != nil {
		return nil, fmt.Errorf("make documents in Google Drive: %w", err)
	}
	return client, nil
}

// driveDocuments is Google Drive as the mirror takes it.
type driveDocuments struct{ client *drive.Client }

// Find implements [mirror.Documents].
func (d driveDocuments) Find(ctx context.Context, key string) (string, bool, error) {
	doc, ok, err := d.client.Find(ctx, key)
	return doc.URL, ok, err
}

// Create implements [mirror.Documents].
func (d driveDocuments) Create(ctx context.Context, key, title string) (string, error) {
	doc, err := d.client.Create(ctx, key, title)
	return doc.URL, err
}
