-- The first schema: processes, runs and their history, the requests that were
-- answered, the clocks that are set, and the messages that show runs.
--
-- Columns beside a body repeat what SQL has to search for; the body, JSON read
-- whole in Go, is the truth. Times are text of fixed width in UTC, so that they
-- sort; '' stands for no time.

-- +goose Up
CREATE TABLE definitions (
    hash     TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    source   TEXT NOT NULL,
    added_at TEXT NOT NULL,
    CONSTRAINT definitions_added_at CHECK (length(added_at) = 24)
) /*sqlite: STRICT */;

CREATE TABLE runs (
    id          TEXT    NOT NULL PRIMARY KEY,
    number      INTEGER NOT NULL,
    process     TEXT    NOT NULL,
    definition  TEXT    NOT NULL REFERENCES definitions (hash),
    state       TEXT    NOT NULL,
    partner     TEXT    NOT NULL,
    partner_key TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    started_at  TEXT    NOT NULL,
    ended_at    TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    CONSTRAINT runs_number UNIQUE (number),
    CONSTRAINT runs_number_positive CHECK (number > 0),
    CONSTRAINT runs_state CHECK (state IN ('proposed', 'running', 'complete', 'cancelled')),
    CONSTRAINT runs_version CHECK (version > 0),
    CONSTRAINT runs_started_at CHECK (length(started_at) = 24),
    CONSTRAINT runs_ended_at CHECK (length(ended_at) IN (0, 24))
) /*sqlite: STRICT */;

CREATE INDEX runs_open ON runs (number) WHERE state IN ('proposed', 'running');

CREATE TABLE steps (
    run      TEXT    NOT NULL REFERENCES runs (id),
    step     TEXT    NOT NULL,
    listing  TEXT    NOT NULL,
    status   TEXT    NOT NULL,
    assignee TEXT    NOT NULL,
    due_at   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (run, step, listing),
    CONSTRAINT steps_status CHECK (status IN ('locked', 'open', 'done', 'skipped', 'waived')),
    CONSTRAINT steps_due_at CHECK (length(due_at) IN (0, 24))
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE events (
    run     TEXT    NOT NULL REFERENCES runs (id),
    seq     INTEGER NOT NULL,
    type    TEXT    NOT NULL,
    at      TEXT    NOT NULL,
    actor   TEXT    NOT NULL,
    step    TEXT    NOT NULL,
    listing TEXT    NOT NULL,
    body    TEXT    NOT NULL,
    PRIMARY KEY (run, seq),
    CONSTRAINT events_seq CHECK (seq > 0),
    CONSTRAINT events_at CHECK (length(at) = 24)
) /*sqlite: STRICT */;

CREATE TABLE requests (
    id  TEXT NOT NULL PRIMARY KEY,
    run TEXT NOT NULL,
    at  TEXT NOT NULL,
    CONSTRAINT requests_at CHECK (length(at) = 24)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX requests_at ON requests (at);

CREATE TABLE timers (
    run    TEXT NOT NULL REFERENCES runs (id),
    kind   TEXT NOT NULL,
    due_at TEXT NOT NULL,
    PRIMARY KEY (run, kind),
    CONSTRAINT timers_kind CHECK (kind IN ('overdue')),
    CONSTRAINT timers_due_at CHECK (length(due_at) = 24)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX timers_due ON timers (due_at);

CREATE TABLE messages (
    id        TEXT    NOT NULL PRIMARY KEY,
    run       TEXT    NOT NULL REFERENCES runs (id),
    kind      TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    channel   TEXT    NOT NULL,
    ts        TEXT    NOT NULL,
    wanted    INTEGER NOT NULL,
    shown     INTEGER NOT NULL,
    news      INTEGER NOT NULL,
    posted    INTEGER NOT NULL,
    digest    TEXT    NOT NULL,
    since     TEXT    NOT NULL,
    attempted TEXT    NOT NULL,
    retry_at  TEXT    NOT NULL,
    failures  INTEGER NOT NULL,
    reason    TEXT    NOT NULL,
    CONSTRAINT messages_kind CHECK (kind IN ('card', 'dm')),
    CONSTRAINT messages_person CHECK ((kind = 'dm') = (person <> '')),
    CONSTRAINT messages_since CHECK (length(since) = 24),
    CONSTRAINT messages_attempted CHECK (length(attempted) IN (0, 24)),
    CONSTRAINT messages_retry_at CHECK (length(retry_at) IN (0, 24))
) /*sqlite: STRICT */;

CREATE INDEX messages_run ON messages (run);
CREATE INDEX messages_pending ON messages (since) WHERE shown < wanted;

CREATE TABLE counters (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL,
    CONSTRAINT counters_name CHECK (name IN ('run', 'pulse'))
) /*sqlite: STRICT */;

INSERT INTO counters (name, value) VALUES ('run', 0), ('pulse', 0);
