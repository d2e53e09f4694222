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
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// crashAt and crashKeepingAt name the database of a process that changes a run,
// or keeps letters, until it is killed.
const (
	crashAt        = "CLOUDIMAGE_TEST_CRASH"
	crashKeepingAt = "CLOUDIMAGE_TEST_CRASH_KEEPING"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(crashAt); dsn != "" {
		writeUntilKilled(dsn)
	}
	if dsn := os.Getenv(crashKeepingAt); dsn != "" {
		keepUntilKilled(dsn)
	}
	os.Exit(m.Run())
}

// writeUntilKilled prints each note that was answered.
func writeUntilKilled(dsn string) {
	untilKilled(dsn, func(s *bundle, run workflow.RunID, caller, n int) (string, error) {
		text := fmt.Sprintf("%d-%d", caller, n)
		_, err := s.Update(context.Background(), run, workflow.RequestID(text), s.note(text))
		return text, err
	})
}

// untilKilled has 16 callers write to one run of a new store, one number after
// the other from 1, and prints what was answered as the run and what write calls
// it. It prints a failure as "error" and never takes it for an answer.
func untilKilled(dsn string, write func(s *bundle, run workflow.RunID, caller, n int) (string, error)) {
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
			for n := 1; ; n++ {
				written, err := write(s, r.ID, caller, n)
				out.Lock()
				if err != nil {
					fmt.Println("error", err)
				} else {
					fmt.Println(r.ID, written)
				}
				out.Unlock()
			}
		}()
	}
	select {}
}

func TestWhatWasAnsweredSurvivesAKill(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		answered := killed(t, crashAt+"="+o.DSN)
		var id workflow.RunID
		texts := map[string]bool{}
		for _, line := range answered {
			run, text, _ := strings.Cut(line, " ")
			id, texts[text] = workflow.RunID(run), true
		}

		s := open(t, o)
		r, err := s.Run(context.Background(), id)
		must(t, err)
		events, err := s.Events(context.Background(), id, 0, 1000000)
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
		for text := range texts {
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

// killed runs this program with a variable of the environment, kills it after 500
// lines and returns all that it wrote.
func killed(t *testing.T, env string) (lines []string) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), env)
	stdout, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	scanner := bufio.NewScanner(stdout)
	for scanner.Scan() {
		if strings.HasPrefix(scanner.Text(), "error ") {
			t.Error(scanner.Text())
		}
		if lines = append(lines, scanner.Text()); len(lines) == 500 {
			must(t, cmd.Process.Kill()) // and read on: what it had answered counts
		}
	}
	must(t, scanner.Err())
	if err := cmd.Wait(); err == nil || len(lines) < 500 {
		t.Fatalf("the process ended by itself after %d lines", len(lines))
	}
	return lines
}

// keepUntilKilled prints each letter that was kept: of 16 people, each of whom
// gets one after the other about a step of theirs.
func keepUntilKilled(dsn string) {
	untilKilled(dsn, func(s *bundle, run workflow.RunID, person, n int) (string, error) {
		request, l := nthLetter(run, person, n)
		return fmt.Sprint(person, " ", n), s.Keep(context.Background(), request, l)
	})
}

// nthLetter is about its number, and the next is due as many hours from the
// start.
func nthLetter(run workflow.RunID, person, n int) (workflow.RequestID, workflow.Letter) {
	l := letter(workflow.UserID(fmt.Sprint("U", person)), strconv.Itoa(n),
		workflow.Item{Run: run, Move: workflow.Move{Kind: workflow.MoveDo, Key: workflow.StepKey{Step: "s1"}}})
	l.Next = start.Add(time.Duration(n) * time.Hour)
	return workflow.RequestID(fmt.Sprintf("%d-%d", person, n)), l
}

func TestLettersAreKeptOnceWhateverHappens(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		answered := map[int]int{}
		var id workflow.RunID
		for _, line := range killed(t, crashKeepingAt+"="+o.DSN) {
			var person, n int
			if _, err := fmt.Sscan(line, &id, &person, &n); err != nil {
				t.Fatal(line, err)
			}
			answered[person] = max(answered[person], n)
		}
		s := open(t, o)
		s.request.Store(1000000)
		kept := 0
		check := func(person, least int) int {
			t.Helper()
			m, err := s.Message(ctx, store.MessageID(fmt.Sprint("morning.U", person)))
			must(t, err)
			n, err := strconv.Atoi(m.About)
			must(t, err)
			c := s.clockOf(workflow.MorningClock, fmt.Sprint("U", person))
			if n < least || n > least+1 || !c.Due.Equal(start.Add(time.Duration(n)*time.Hour)) {
				t.Errorf("person %d was told of letter %d, has the clock %v and letter %d", person, least, c.Due, n)
			}
			return n
		}
		for person, least := range answered {
			n := check(person, least)
			kept += n
			// Whoever was not answered does it again, and it is done once.
			request, l := nthLetter(id, person, n)
			l.About, l.Next = "again", start
			must(t, s.Keep(ctx, request, l))
			check(person, n)
		}
		events, err := s.Events(ctx, id, 0, 1000000)
		must(t, err)
		reminders := 0
		for _, e := range events {
			if e.Type == workflow.StepReminded {
				reminders++
			}
		}
		r, err := s.Run(ctx, id)
		must(t, err)
		_, l := nthLetter(id, 0, 1)
		r.Remind(start, "U0", l.Items[0].Move)
		if want := kept * len(r.Emitted()); reminders != want {
			t.Errorf("%d letters are kept with %d reminders, want %d", kept, reminders, want)
		}
	})
}
