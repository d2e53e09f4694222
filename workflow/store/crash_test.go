package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// crashAt names the database of a process that writes until it is killed.
const crashAt = "CLOUDIMAGE_TEST_CRASH"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(crashAt); dsn != "" {
		writeUntilKilled(dsn)
	}
	os.Exit(m.Run())
}

// writeUntilKilled prints each note that was answered, from many callers.
func writeUntilKilled(dsn string) {
	s, err := bundled(options(dsn))
	if err != nil {
		fmt.Println("error", err)
		return
	}
	r, err := s.Create(context.Background(), s.next(), s.begin("DigitalOcean"))
	if err != nil {
		fmt.Println("error", err)
		return
	}
	var out sync.Mutex
	for caller := range 16 {
		go func() {
			for i := 0; ; i++ {
				text := fmt.Sprintf("%d-%d", caller, i)
				if _, err := s.Update(context.Background(), r.ID, workflow.RequestID(text), s.note(text)); err != nil {
					fmt.Println("error", err)
				}
				out.Lock()
				fmt.Println(r.ID, text)
				out.Unlock()
			}
		}()
	}
	select {}
}

func TestWhatWasAnsweredSurvivesAKill(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		self, err := os.Executable()
		must(t, err)
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), crashAt+"="+o.DSN)
		stdout, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		lines := bufio.NewScanner(stdout)
		answered := map[string]bool{}
		var id workflow.RunID
		for lines.Scan() {
			run, text, _ := strings.Cut(lines.Text(), " ")
			if run == "error" {
				t.Error(text)
			}
			id = workflow.RunID(run)
			answered[text] = true
			if len(answered) == 500 {
				must(t, cmd.Process.Kill()) // and read on: what it had answered counts
			}
		}
		must(t, lines.Err())
		if err := cmd.Wait(); err == nil || len(answered) < 500 {
			t.Fatalf("the process ended by itself after %d answers", len(answered))
		}

		s := open(t, o)
		r, err := s.Run(context.Background(), id)
		must(t, err)
		events, err := s.Events(context.Background(), id, 1000000)
		must(t, err)
		if int64(len(events)) != r.Version {
			t.Errorf("the run is at version %d and has %d events", r.Version, len(events))
		}
		kept := map[string]int{}
		for _, e := range events {
			if e.Type == workflow.NoteAdded {
				kept[e.Text]++
			}
		}
		for text := range answered {
			if kept[text] != 1 {
				t.Errorf("note %s was answered and is there %d times", text, kept[text])
			}
		}
		// Repeating what was answered, or was about to be, does it once.
		for caller := range 16 {
			last := 0
			for text := range kept {
				c, i, _ := strings.Cut(text, "-")
				if n, _ := strconv.Atoi(i); c == strconv.Itoa(caller) {
					last = max(last, n)
				}
			}
			text := fmt.Sprintf("%d-%d", caller, last)
			got, err := s.Update(context.Background(), id, workflow.RequestID(text), s.note(text))
			if err != nil || got.Version != r.Version {
				t.Errorf("repeating %s: version %d, %v, want %d", text, got.Version, err, r.Version)
			}
		}
	})
}

func TestCopyOfTheFilesWhileItWrites(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := options(sqlite(t))
	s := open(t, o)
	r := s.create("DigitalOcean")
	for range 200 {
		r = s.update(r.ID, s.note("answered"))
	}
	// With no commit under way, the files are what a power cut leaves.
	busy := occupy(s, r.ID)
	dir := t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		from, err := os.Open(o.DSN + suffix)
		must(t, err)
		to, err := os.Create(filepath.Join(dir, "copy.db"+suffix))
		must(t, err)
		_, err = io.Copy(to, from)
		must(t, err)
		must(t, from.Close())
		must(t, to.Close())
	}
	busy.end(t)
	copied := open(t, options(filepath.Join(dir, "copy.db")))
	got, err := copied.Run(ctx, r.ID)
	if err != nil || got.Version != r.Version {
		t.Errorf("the copy has version %d, %v, want %d", got.Version, err, r.Version)
	}
	var answer = make(chan int64, 1)
	must(t, copied.Peek(ctx, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'", answer))
	if <-answer != 1 {
		t.Error("the copy is damaged")
	}
}
