package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"

	_ "embed"

	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// slackManifest is the Slack app, as it is pasted into Slack.
//
//go:embed manifest.yaml
var slackManifest []byte

type manifestCmd struct{}

// Run prints the manifest.
func (manifestCmd) Run(console *console) error {
	_, err := console.out.Write(slackManifest)
	return err
}

type processCmd struct {
	Check processCheckCmd `cmd:"" help:"Say what is wrong in a process file, with line and cure."`
	Show  processShowCmd  `cmd:"" help:"Print a process as a tree. Without a file: the shipped ones."`
}

type processCheckCmd struct {
	File string `arg:"" help:"The process file." type:"path"`
}

// Run checks one file.
func (c processCheckCmd) Run(console *console) error {
	defs, err := process.LoadFiles([]string{c.File})
	if err != nil {
		return err
	}
	def := defs[len(defs)-1]
	for _, d := range defs {
		if src, err := os.ReadFile(c.File); err == nil && d.Source == string(src) {
			def = d
		}
	}
	steps := 0
	for _, s := range def.Stages {
		steps += len(s.Steps)
	}
	fmt.Fprintf(console.out, "%s is fine: %s, %d stages, %d steps.\n", c.File, def.Name, len(def.Stages), steps)
	return nil
}

type processShowCmd struct {
	File string `arg:"" optional:"" help:"The process file." type:"path"`
}

// Run prints a process, or those that ship.
func (c processShowCmd) Run(console *console) error {
	if c.File != "" {
		src, err := os.ReadFile(c.File)
		if err != nil {
			return fmt.Errorf("read process file: %w", err)
		}
		def, err := process.Load(c.File, src)
		if err != nil {
			return err
		}
		return process.Tree(console.out, def)
	}
	defs, err := process.Embedded()
	for _, def := range defs {
		err = errors.Join(err, process.Tree(console.out, def))
	}
	return err
}

type backupCmd struct {
	DB string `help:"Path of the SQLite database." default:"cloudimage.db" env:"CLOUDIMAGE_DB"`
	To string `arg:"" help:"The file to write; it must not be there yet." type:"path"`
}

// Run copies the database.
func (c backupCmd) Run(ctx context.Context, console *console) (err error) {
	if strings.HasPrefix(c.DB, "postgres://") || strings.HasPrefix(c.DB, "postgresql://") {
		return errors.New("this copies SQLite databases; PostgreSQL has pg_dump for that")
	}
	if _, err := os.Stat(c.DB); err != nil {
		return fmt.Errorf("there is no database at %s; name it with --db or CLOUDIMAGE_DB", c.DB)
	}
	days, err := newCalendars(Config{})
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{DSN: c.DB, Calendars: days, Parse: process.Load, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Backup(ctx, c.To); err != nil {
		return err
	}
	fmt.Fprintf(console.out, "%s is copied to %s.\n", c.DB, c.To)
	return nil
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(console *console) error {
	fmt.Fprintln(console.out, "cloudimage", version())
	return nil
}

// version is the module's version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v + " " + info.GoVersion
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))] + " " + info.GoVersion
		}
	}
	return "devel " + info.GoVersion
}
