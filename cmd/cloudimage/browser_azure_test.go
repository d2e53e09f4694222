package main

import (
	"context"
	"strings"
	"testing"
	"time"
)

// The images of a release in a browser, where the marketplace has a preview and where
// people make them: planned, brought to the preview of Azure Marketplace, refused there and
// brought again, signed and live; and one by hand beside them.
func imagesByPreviewAndByHand(t *testing.T, browser context.Context) {
	demo := startDemo(t, "--no-gitlab", "--no-aws", "--releases-addr", "127.0.0.1:0", "--azure-addr", "127.0.0.1:0")
	pictures := newPictures(t)
	at := nextMonday(time.Now()).Add(10 * time.Hour)
	later := func(w *window, d time.Duration) {
		t.Helper()
		at = at.Add(d)
		w.movesClockTo(at)
	}
	ana := openWindow(t, browser, "ana", demo.address)
	omar := openWindow(t, browser, "omar", demo.as("omar"))
	for _, w := range []*window{ana, omar} {
		w.opens("cloud-images")
	}
	omar.movesClockTo(at)
	omar.publishes("Publish release 17.6.2 (security)")
	omar.card("GitLab 17.6.2: security update, 5 listings")

	omar.asks("Build the rest…")
	omar.sees("Azure (2 images)")
	pictures.window("azure-ways", omar)
	omar.clicks("Plan…", "Azure")
	omar.sees("Azure, account …0001, which matches the configuration; built in westeurope")
	pictures.sized("azure-plan", omar, theModal, 1280, 1400)
	omar.submits()
	omar.sees("2 builds have begun")
	omar.pressID("modal-close")
	omar.until(`person.modal() === ''`)

	// The preview does not let one through.
	omar.publishes("Let the next preview fail certification")
	later(omar, 3*time.Hour)
	omar.opensThread()
	omar.hears("the preview of Azure Marketplace")
	pictures.sized("azure-preview", omar, theThread, 1280, 1300)
	later(omar, 4*time.Hour)
	omar.hears("It is not in the preview, so nobody could try it.")
	pictures.sized("azure-stuck", omar, theThread, 1280, 1300)
	pictures.sized("azure-stuck-phone", omar, theThread, 390, 844)
	omar.clicks("Try again")
	later(omar, 10*time.Hour)
	omar.hears("waits for 2 signatures")
	pictures.sized("azure-tried", omar, theThread, 1280, 1300)

	omar.asks("Review and sign…")
	omar.sees("a machine was started from the preview, and it passed")
	pictures.window("azure-sign", omar)
	omar.submits()
	omar.says("@omar signed")
	ana.asks("Review and sign…")
	ana.submits()
	ana.card("@omar signed", "@ana signed")
	later(omar, 2*time.Hour)
	omar.hears("with Azure Marketplace since")
	pictures.sized("azure-submitted", omar, theThread, 1280, 1300)
	later(omar, 60*time.Hour)
	omar.hears("live, on Azure Marketplace: gitlab_images/gitlab-")
	pictures.sized("azure-live", omar, theThread, 1280, 1300)
	omar.pressID("thread-close")

	// What no cloud makes, people do, and say so.
	omar.asks("Build the rest…")
	omar.sees("by hand")
	pictures.window("hand-take", omar)
	omar.submits()
	later(omar, time.Minute)
	omar.card("make the image")
	pictures.page("hand-card", omar, theCard)
	omar.opensThread()
	omar.hears("make the image")
	omar.clicks("Image made…", "CE image on DigitalOcean")
	omar.sees("sha256")
	pictures.window("hand-made", omar)
	if log := demo.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the program complained:\n%s", log)
	}
}
