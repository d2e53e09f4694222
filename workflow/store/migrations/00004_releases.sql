-- The listings that are live, the releases that were seen, and what is owed to the
-- customers of a listing because of a release.
--
-- A version is kept as text of fixed width, so that it sorts; '' stands for none.

-- +goose Up
CREATE TABLE listings (
    id        TEXT    NOT NULL,
    revision  INTEGER NOT NULL,
    published TEXT    NOT NULL,
    body      TEXT    NOT NULL,
    CONSTRAINT listings_id PRIMARY KEY (id),
    CONSTRAINT listings_revision CHECK (revision > 0),
    CONSTRAINT listings_published CHECK (length(published) IN (0, 27))
) /*sqlite: STRICT */;

-- What was live, since when, and by which run; by is who said so where it was no
-- run.
CREATE TABLE publications (
    listing TEXT NOT NULL,
    version TEXT NOT NULL,
    at      TEXT NOT NULL,
    run     TEXT NOT NULL,
    person  TEXT NOT NULL,
    CONSTRAINT publications_id PRIMARY KEY (listing, version, run),
    CONSTRAINT publications_version CHECK (length(version) IN (0, 27)),
    CONSTRAINT publications_at CHECK (length(at) = 24)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE releases (
    version  TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    CONSTRAINT releases_version PRIMARY KEY (version),
    CONSTRAINT releases_width CHECK (length(version) = 27),
    CONSTRAINT releases_revision CHECK (revision > 0)
) /*sqlite: STRICT */;

CREATE TABLE owed (
    version  TEXT    NOT NULL,
    listing  TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    run      TEXT    NOT NULL,
    since    TEXT    NOT NULL,
    due_at   TEXT    NOT NULL,
    met_at   TEXT    NOT NULL,
    met_by   TEXT    NOT NULL,
    late     INTEGER NOT NULL,
    ours     INTEGER NOT NULL,
    partners INTEGER NOT NULL,
    nobodys  INTEGER NOT NULL,
    cause    TEXT    NOT NULL,
    CONSTRAINT owed_id PRIMARY KEY (listing, version, run),
    CONSTRAINT owed_version CHECK (length(version) = 27),
    CONSTRAINT owed_since CHECK (length(since) = 24),
    CONSTRAINT owed_due_at CHECK (length(due_at) = 24),
    CONSTRAINT owed_met_at CHECK (length(met_at) IN (0, 24))
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX owed_due ON owed (due_at);
CREATE INDEX owed_open ON owed (listing, due_at) WHERE met_at = '';

-- A watch is when the sources of releases are asked, or the work for listings is
-- looked at.
CREATE TABLE clocks_new (
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at  TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    CONSTRAINT clocks_key PRIMARY KEY (kind, subject),
    CONSTRAINT clocks_kinds CHECK (kind IN ('run', 'morning', 'daily', 'watch')),
    CONSTRAINT clocks_subjects CHECK (subject <> ''),
    CONSTRAINT clocks_due CHECK (length(due_at) = 24),
    CONSTRAINT clocks_sent CHECK (length(sent_at) IN (0, 24))
) /*sqlite: STRICT, WITHOUT ROWID */;

INSERT INTO clocks_new (kind, subject, due_at, sent_at) SELECT kind, subject, due_at, sent_at FROM clocks;

DROP TABLE clocks;
ALTER TABLE clocks_new RENAME TO clocks;

CREATE INDEX clocks_due ON clocks (due_at);
