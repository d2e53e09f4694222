package maintenance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/calendar"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

const (
	ana  workflow.UserID = "U0ANA"  // leads Strategic Partnerships
	omar workflow.UserID = "U0OMAR" // leads Omnibus, whose runs these are
	olu  workflow.UserID = "U0OLU"  // of Omnibus
	maya workflow.UserID = "U0MAYA" // leads Partner Marketing
	ned  workflow.UserID = "U0NED"  // of no team

	cards workflow.ChannelID = "C0CARDS"
)

// monday is when the tests' clocks begin: a Monday without holidays near it.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// office is the calendar of every team: Monday to Friday, 09:00 to 17:00 UTC.
type office struct{ *calendar.Calendar }

var _ workflow.Calendars = office{}

func newOffice(t testing.TB) office {
	c, err := calendar.New(calendar.Options{})
	must(t, err)
	return office{c}
}

func (o office) After(_ workflow.TeamID, from time.Time, n int) time.Time {
	return o.Deadline(from, n)
}

func (o office) Before(_ workflow.TeamID, target workflow.Date, n int) time.Time {
	return o.Calendar.Before(calendar.DateOf(target.Time()), n)
}

func (o office) At(_ workflow.TeamID, on workflow.Date) time.Time {
	return o.Closing(calendar.DateOf(on.Time()))
}

func (o office) Opening(_ workflow.TeamID, from time.Time, n int) time.Time {
	return o.Calendar.Opening(o.Shift(o.Date(from), n))
}

func (o office) Between(_ workflow.TeamID, from, to time.Time) int {
	return o.Calendar.Between(from, to)
}

// town knows the people of these tests.
type town struct{}

func (town) Profile(_ context.Context, id workflow.UserID) (workflow.Profile, error) {
	return workflow.Profile{ID: id, Zone: time.UTC, Guest: id == "U0GUEST"}, nil
}

func (town) Roster(*workflow.Definition) workflow.Roster {
	team := func(who ...workflow.UserID) workflow.TeamRoster {
		return workflow.TeamRoster{Members: who, Lead: who[0]}
	}
	return workflow.Roster{Teams: map[workflow.TeamID]workflow.TeamRoster{
		"strategic-partnerships": team(ana), "omnibus": team(omar, olu), "partner-marketing": team(maya),
	}}
}

// news is all that the sources say, and which of them are silent.
type news struct {
	mu       sync.Mutex
	tags     []workflow.Tag
	packages []workflow.Package
	posts    []workflow.Announcement
	opinions map[workflow.Version]workflow.Opinion // by what was asked with
	failing  map[string]bool
	asked    map[string]int
}

var errSilent = errors.New("it does not answer")

func (n *news) ask(source string) error {
	n.asked[source]++
	if n.failing[source] {
		return errSilent
	}
	return nil
}

func (n *news) Tags(context.Context) ([]workflow.Tag, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ask(sourceTags); err != nil {
		return nil, err
	}
	return slices.Clone(n.tags), nil
}

func (n *news) Packages(_ context.Context, of []workflow.Version) ([]workflow.Package, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ask(sourcePackages); err != nil {
		return nil, err
	}
	var out []workflow.Package
	for _, p := range n.packages {
		if slices.Contains(of, p.Version) {
			out = append(out, p)
		}
	}
	return out, nil
}

func (n *news) Announcements(context.Context) ([]workflow.Announcement, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ask(sourceAnnouncements); err != nil {
		return nil, err
	}
	return slices.Clone(n.posts), nil
}

func (n *news) Opinion(_ context.Context, of workflow.Version) (workflow.Opinion, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ask(sourceOpinions); err != nil {
		return workflow.Opinion{}, err
	}
	o, ok := n.opinions[of]
	if !ok {
		return workflow.Opinion{}, errSilent
	}
	return o, nil
}

// world is a watcher with sources and a real store.
type world struct {
	testing.TB
	*news
	at       atomic.Int64
	store    *store.Store
	book     Book // store, unless a test puts something before it
	service  *workflow.Service
	watch    *Service
	options  Options
	requests int
}

// gitlab is the product of these tests: two editions, each from one package.
func gitlab() Product {
	return Product{Name: "GitLab", Editions: []string{"CE", "EE"}, Packages: []Wanted{
		{Edition: "CE", Distribution: "noble", Architecture: "amd64"},
		{Edition: "EE", Distribution: "noble", Architecture: "amd64"},
	}}
}

// newWorld is a world whose process says of releases what the words after "releases:"
// say; none for what is shipped.
func newWorld(t testing.TB, policy string, change ...func(*Options)) *world {
	t.Helper()
	w := &world{TB: t, news: &news{opinions: map[workflow.Version]workflow.Opinion{}, failing: map[string]bool{}, asked: map[string]int{}}}
	w.at.Store(monday.UnixNano())
	db, err := store.Open(t.Context(), store.Options{
		DSN: filepath.Join(t.TempDir(), "cloudimage.db"), Calendars: newOffice(t), Parse: process.Load, Now: w.clock,
		Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	w.store, w.book = db, db
	w.service = workflow.NewService(workflow.Options{
		Store: db, Library: db, Directory: town{}, Calendars: newOffice(t), Processes: processes(t, policy), Now: w.clock,
	})
	w.options = Options{
		Service: w.service, Book: db, Process: "image-maintenance", Product: gitlab(), Channel: cards, Now: w.clock, Logger: slog.New(slog.DiscardHandler),
		Sources: Sources{Tags: w.news, Packages: w.news, Announcements: w.news},
	}
	for _, c := range change {
		c(&w.options)
	}
	w.restarts()
	return w
}

func processes(t testing.TB, policy string) map[workflow.ProcessName]*workflow.Definition {
	t.Helper()
	defs, err := process.Embedded()
	must(t, err)
	out := map[workflow.ProcessName]*workflow.Definition{}
	for _, d := range defs {
		if d.Subject == workflow.SubjectCatalyst && policy != "" {
			source := strings.Replace(d.Source, "\nreleases: { concern: highest-minor }\n", "\nreleases: "+policy+"\n", 1)
			d, err = process.Load(string(d.Name), []byte(source))
			must(t, err)
		}
		out[d.Name] = d
	}
	return out
}

// restarts makes a watcher that remembers nothing but what is kept.
func (w *world) restarts() { w.watch = New(w.options) }

func (w *world) clock() time.Time { return time.Unix(0, w.at.Load()).UTC() }

func (w *world) advance(d time.Duration) { w.at.Add(int64(d)) }

// who is a person with a request of their own.
func (w *world) who(id workflow.UserID) workflow.Who {
	w.requests++
	return workflow.Who{User: id, Request: workflow.RequestID(fmt.Sprintf("request-%d", w.requests))}
}

// lists adds listings that have a version: "aws ee 17.5.0", "azure ce", "aws ee 17.5.0
// follows 17.5".
func (w *world) lists(texts ...string) {
	w.Helper()
	var list []workflow.Listed
	for _, text := range texts {
		list = append(list, listing(text))
	}
	_, err := w.watch.Add(w.Context(), w.who(omar), list)
	must(w, err)
}

func listing(text string) workflow.Listed {
	words := strings.Fields(text)
	l := workflow.Listed{Listing: workflow.Listing{Partner: words[0], Edition: strings.ToUpper(words[1]), Delivery: workflow.Image, Provider: workflow.Manual}}
	if len(words) > 2 {
		l.Published = version(words[2])
	}
	if len(words) > 4 {
		l.Branch, _ = workflow.ParseBranch(words[4])
	}
	l.ID = workflow.ListedID(l.Partner, l.Edition, l.Delivery, l.Architecture)
	return l
}

func version(s string) workflow.Version {
	v, ok := workflow.ParseVersion(s)
	if !ok {
		panic(s + " is no version")
	}
	return v
}

// tagged tags a version now in both editions.
func (w *world) tagged(v string) {
	for _, e := range []string{"CE", "EE"} {
		w.tags = append(w.tags, workflow.Tag{Name: v + "+" + strings.ToLower(e) + ".0", Version: version(v), Edition: e, At: w.clock()})
	}
}

// packaged offers the packages of a version, of both editions unless some are named.
func (w *world) packaged(v string, editions ...string) {
	if len(editions) == 0 {
		editions = []string{"CE", "EE"}
	}
	for _, e := range editions {
		w.packages = append(w.packages, packageOf(v, e))
	}
}

func packageOf(v, edition string) workflow.Package {
	return workflow.Package{Edition: edition, Version: version(v), Distribution: "noble", Architecture: "amd64",
		URL: "https://packages.example/" + edition + "/" + v, SHA256: fmt.Sprintf("%064x", len(v))}
}

// post is a whole post about versions without security fixes, now.
func (w *world) post(versions ...string) workflow.Announcement {
	p := workflow.Announcement{Title: "Patch Release: " + strings.Join(versions, ", "), URL: "https://releases.example/" + versions[0],
		At: w.clock(), Kind: workflow.AnnouncesPatch, Whole: true}
	for _, v := range versions {
		p.Versions = append(p.Versions, version(v))
	}
	return p
}

// releases publishes versions now: tagged, packaged and announced without fixes.
func (w *world) releases(versions ...string) {
	for _, v := range versions {
		w.tagged(v)
		w.packaged(v)
	}
	w.posts = append([]workflow.Announcement{w.post(versions...)}, w.posts...)
}

// secures publishes versions now that fix something.
func (w *world) secures(versions ...string) {
	w.releases(versions...)
	w.posts[0].Fixes = true
}

// pass lets the sources be asked and the work be opened, twice: as often as it takes
// to come to rest.
func (w *world) pass() {
	w.Helper()
	for range 2 {
		must(w, w.watch.Look(w.Context()))
		must(w, w.watch.Reconcile(w.Context()))
	}
}

// began is a world that has been watched since 17.5.0, which its listings have.
func began(t testing.TB, policy string, listings ...string) *world {
	w := newWorld(t, policy)
	w.releases("17.5.0")
	w.pass()
	w.lists(listings...)
	w.advance(24 * time.Hour)
	return w
}

// release is the record of a version.
func (w *world) release(v string) workflow.Release {
	w.Helper()
	all, err := w.store.Releases(w.Context())
	must(w, err)
	for _, r := range all {
		if r.Version == version(v) {
			return r
		}
	}
	w.Fatalf("no release %s was seen", v)
	return workflow.Release{}
}

// runs are the open runs, by their names for people.
func (w *world) open() []*workflow.Run {
	w.Helper()
	open, err := w.store.Open(w.Context(), 1000)
	must(w, err)
	slices.Reverse(open)
	return open
}

// about is the newest run about a version.
func (w *world) about(v string) *workflow.Run {
	w.Helper()
	r := w.release(v)
	if len(r.Runs) == 0 {
		w.Fatalf("%s, which is %s, has no run", v, r.State)
	}
	run, err := w.store.Run(w.Context(), r.Runs[len(r.Runs)-1])
	must(w, err)
	return run
}

// lanes are the open lanes of a run, sorted.
func lanes(r *workflow.Run) string {
	var out []string
	for _, id := range r.OpenLanes() {
		out = append(out, strings.TrimSuffix(string(id), "-image"))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// does changes a run in the name of a person.
func (w *world) does(who workflow.UserID, id workflow.RunID, change func(workflow.Act, *workflow.Run) error) *workflow.Run {
	w.Helper()
	run, err := w.store.Update(w.Context(), id, w.who(who).Request, func(r *workflow.Run) error {
		return change(workflow.Act{Actor: who, At: w.clock(), Reason: "because"}, r)
	})
	must(w, err)
	return run
}

// publishes lets a listing go live with what a run is about.
func (w *world) publishes(id workflow.RunID, listing workflow.ListingID) *workflow.Run {
	w.Helper()
	return w.does(omar, id, func(act workflow.Act, r *workflow.Run) error {
		if _, missing := r.Signatures(); missing > 0 {
			for _, who := range []workflow.UserID{omar, ana} {
				by := act
				by.Actor = who
				if err := r.Sign(by, ""); err != nil {
					return err
				}
			}
		}
		return r.Done(act, workflow.StepKey{Step: "update-image", Listing: listing}, 0, map[workflow.FieldID]string{"image-id": "ami-1"})
	})
}

// listed is a listing as the catalogue has it.
func (w *world) listed(id workflow.ListingID) workflow.Listed {
	w.Helper()
	l, err := w.watch.Listed(w.Context(), id)
	must(w, err)
	return l
}

// owed is what is owed, in words: "17.5.1 aws-ee release", with "met" when it is.
func (w *world) owed() (out []string) {
	w.Helper()
	all, err := w.store.Owed(w.Context(), "0001-01-01")
	must(w, err)
	for _, o := range all {
		s := o.Version.String() + " " + strings.TrimSuffix(string(o.Listing), "-image") + " " + string(o.Kind)
		if !o.Met.IsZero() {
			s += " met"
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// events is how many events all runs have, and rows how often the records of releases
// and listings were written.
func (w *world) written() string {
	w.Helper()
	events, rows := int64(0), int64(0)
	must(w, w.store.Each(w.Context(), func(r *workflow.Run) error { events += r.Version; return nil }))
	releases, err := w.store.Releases(w.Context())
	must(w, err)
	for _, r := range releases {
		rows += r.Revision
	}
	return fmt.Sprintf("%d events, %d revisions, %v", events, rows, w.owed())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
