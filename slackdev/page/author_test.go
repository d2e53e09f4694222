package page_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Messages that the app posts under other names stand apart, each with its emoji
// or, where that would be a picture of another server, with an initial.
func anotherName(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	said := func(ts, name string, icons obj) obj {
		return obj{"ts": "1764066000.00010" + ts, "user": bot, "bot": true, "text": "hello", "username": name, "icons": icons}
	}
	plainly := said("5", "", nil)
	ws.set("messages C0ONE", obj{"messages": []obj{
		said("1", "Gardener", obj{"emoji": ":seedling:"}), said("2", "Gardener", obj{"emoji": ":seedling:"}), said("3", "Gardener", obj{"emoji": ":rose:"}),
		said("4", "Ana <b>Pereira</b>", obj{"image_48": "https://x.example/p.png"}), plainly,
		said("6", "Nobody", obj{"emoji": ":of_our_own:"}),
	}})
	p := open(t, b, ws, "as="+ana+"&channel=C0ONE", 1200, 900)
	type shown struct{ Name, Face string }
	got := value[[]shown](p, `[...document.querySelectorAll('[data-testid="message"]')].map((one) => ({Name: one.querySelector('.message-author')?.innerText ?? '', Face: one.querySelector('.avatar')?.innerText ?? ''}))`)
	want := []shown{{"Gardener", "🌱"}, {"", ""}, {"Gardener", "🌹"}, {"Ana <b>Pereira</b>", "A<"}, {"Demo App", ""}, {"Nobody", "N"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names and faces (-want +got):\n%s", diff)
	}
	if n := value[int](p, `document.querySelectorAll('button.message-author').length`); n != 1 {
		t.Errorf("%d authors have a profile", n)
	}
	if n := value[int](p, `document.querySelectorAll('.message-head .app-badge').length`); n != 5 {
		t.Errorf("%d messages say that an app posted them", n)
	}
}
