-- Where the issue tracker has the items of runs, how far its projects were read,
-- and more that the office knows.

-- +goose Up
CREATE TABLE tracked (
    run      TEXT    NOT NULL REFERENCES runs (id),
    fact     TEXT    NOT NULL,
    track    TEXT    NOT NULL,
    url      TEXT    NOT NULL,
    project  TEXT    NOT NULL,
    number   INTEGER NOT NULL,
    wanted   INTEGER NOT NULL,
    written  INTEGER NOT NULL,
    since    TEXT    NOT NULL,
    retry_at TEXT    NOT NULL,
    note_at  TEXT    NOT NULL,
    held_by  TEXT    NOT NULL,
    held_at  TEXT    NOT NULL,
    failures INTEGER NOT NULL,
    reason   TEXT    NOT NULL,
    memory   TEXT    NOT NULL,
    CONSTRAINT tracked_id PRIMARY KEY (run, fact),
    CONSTRAINT tracked_track CHECK (track IN ('issue', 'related-issue', 'merge-request', 'document')),
    CONSTRAINT tracked_number CHECK ((number > 0) = (project <> '')),
    CONSTRAINT tracked_since CHECK (length(since) = 24),
    CONSTRAINT tracked_retry_at CHECK (length(retry_at) IN (0, 24)),
    CONSTRAINT tracked_note_at CHECK (length(note_at) IN (0, 24)),
    CONSTRAINT tracked_held_at CHECK (length(held_at) IN (0, 24))
) /*sqlite: STRICT, WITHOUT ROWID */;

-- An issue shows one run.
CREATE UNIQUE INDEX tracked_place ON tracked (project, number, (track = 'merge-request')) WHERE number > 0;
CREATE INDEX tracked_behind ON tracked (since) WHERE written < wanted;
CREATE INDEX tracked_note ON tracked (note_at) WHERE note_at <> '';

-- The moment up to which the changes of a project are known, by the tracker's
-- clock.
CREATE TABLE polls (
    project TEXT NOT NULL,
    kind    TEXT NOT NULL,
    known   TEXT NOT NULL,
    at      TEXT NOT NULL,
    CONSTRAINT polls_id PRIMARY KEY (project, kind),
    CONSTRAINT polls_kind CHECK (kind IN ('issue', 'merge-request')),
    CONSTRAINT polls_known CHECK (length(known) = 24),
    CONSTRAINT polls_at CHECK (length(at) = 24)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE office_new (
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT office_key PRIMARY KEY (kind, key),
    CONSTRAINT office_kinds CHECK (kind IN ('away', 'standin', 'person', 'channel', 'fact', 'handle'))
) /*sqlite: STRICT, WITHOUT ROWID */;

INSERT INTO office_new (kind, key, body) SELECT kind, key, body FROM office;

DROP TABLE office;
ALTER TABLE office_new RENAME TO office;
