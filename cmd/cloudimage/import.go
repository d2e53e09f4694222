package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/listingfile"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// largestImport is how much of a file is read, in bytes.
const largestImport = listingfile.MaxBytes + 1

type importCmd struct {
	inputs
	DB   string `help:"Path of the SQLite database, or a postgres:// URL." default:"cloudimage.db" env:"CLOUDIMAGE_DB"`
	File string `arg:"" help:"The file, .yaml or .csv; docs/listings.md explains it." type:"path"`
}

// Run takes all listings of a file, or none.
func (c importCmd) Run(ctx context.Context, console *console) (err error) {
	info, err := os.Stat(c.File)
	switch {
	case err != nil:
		return fmt.Errorf("the file of listings cannot be read: %w", err)
	case info.Size() >= largestImport:
		return fmt.Errorf("%s has more than %d MB; split it", c.File, listingfile.MaxBytes>>20)
	}
	src, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("the file of listings cannot be read: %w", err)
	}
	log := slog.New(slog.DiscardHandler)
	s, err := common{inputs: c.inputs}.settings(log)
	if err != nil {
		return err
	}
	list, err := readListings(s, time.Now)(c.File, src)
	if err != nil {
		return err
	}
	days, err := newCalendars(s.Config)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{DSN: c.DB, Calendars: days, Parse: process.Load, Logger: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	// What the file says is the key: the same listing is never there twice. So the same
	// file can be read again, after somebody has changed what it says.
	who := workflow.Who{Request: workflow.RequestID("import:" + rand.Text())}
	byName := map[workflow.ProcessName]*workflow.Definition{}
	for _, d := range s.Processes {
		byName[d.Name] = d
	}
	service := workflow.NewService(workflow.Options{Store: db, Library: db, Calendars: days, Processes: byName})
	upkeep, err := newMaintenance(s, db, service)
	if err != nil {
		return err
	}
	if upkeep == nil {
		return errors.New("no process is about releases, so there are no listings to keep current; one with \"subject: catalyst\" has to be there")
	}
	added, err := upkeep.Import(ctx, who, list)
	if err != nil {
		return err
	}
	fmt.Fprintf(console.out, "%d listings of %s are in the catalogue, %d of them new. The bot opens the work for them when it runs.\n", len(list), c.File, added)
	return nil
}

// readListings reads files of listings for the processes there are.
func readListings(s Settings, now func() time.Time) func(name string, src []byte) ([]workflow.Listed, error) {
	var teams []workflow.TeamID
	for _, p := range s.Processes {
		if p.Subject == workflow.SubjectCatalyst {
			for _, t := range p.Teams {
				teams = append(teams, t.ID)
			}
		}
	}
	return func(name string, src []byte) ([]workflow.Listed, error) {
		return listingfile.Parse(name, src, listingfile.Options{Editions: s.Config.Product.Editions, Teams: teams, Now: now()})
	}
}
