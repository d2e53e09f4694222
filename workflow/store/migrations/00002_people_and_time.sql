-- What is so of people across runs, the clocks of people and channels beside
-- those of runs, what every person has to do, and messages that show more than
-- one run.

-- +goose Up

-- Kinds: a person who is away, a person who stands in for a team, the
-- preferences of a person and of a channel.
CREATE TABLE office (
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT office_id PRIMARY KEY (kind, key),
    CONSTRAINT office_kind CHECK (kind IN ('away', 'standin', 'person', 'channel'))
) /*sqlite: STRICT, WITHOUT ROWID */;

-- The subject of a run's clock is its id, of a morning's a person, of a daily
-- message's a channel.
CREATE TABLE clocks (
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at  TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    CONSTRAINT clocks_id PRIMARY KEY (kind, subject),
    CONSTRAINT clocks_kind CHECK (kind IN ('run', 'morning', 'daily')),
    CONSTRAINT clocks_subject CHECK (subject <> ''),
    CONSTRAINT clocks_due_at CHECK (length(due_at) = 24),
    CONSTRAINT clocks_sent_at CHECK (length(sent_at) IN (0, 24))
) /*sqlite: STRICT, WITHOUT ROWID */;

INSERT INTO clocks (kind, subject, due_at, sent_at)
SELECT 'run', run, due_at, '' FROM timers WHERE kind = 'overdue';

DROP TABLE timers;

CREATE INDEX clocks_due ON clocks (due_at);

CREATE TABLE todos (
    run         TEXT    NOT NULL REFERENCES runs (id),
    person      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    step        TEXT    NOT NULL,
    listing     TEXT    NOT NULL,
    field       TEXT    NOT NULL,
    stage       TEXT    NOT NULL,
    covered     TEXT    NOT NULL,
    due_at      TEXT    NOT NULL,
    since       TEXT    NOT NULL,
    reminded    INTEGER NOT NULL,
    quiet_until TEXT    NOT NULL,
    snoozed     INTEGER NOT NULL,
    CONSTRAINT todos_id PRIMARY KEY (run, person, kind, step, listing, field, stage),
    CONSTRAINT todos_person CHECK (person <> ''),
    CONSTRAINT todos_due_at CHECK (length(due_at) IN (0, 24)),
    CONSTRAINT todos_since CHECK (length(since) IN (0, 24)),
    CONSTRAINT todos_reminded CHECK (reminded >= 0),
    CONSTRAINT todos_quiet_until CHECK (length(quiet_until) IN (0, 24)),
    CONSTRAINT todos_snoozed CHECK (snoozed IN (0, 1))
) /*sqlite: STRICT, WITHOUT ROWID */;

-- The order in which a person's are read: the soonest due first, no date last, and
-- what has been theirs longest before what is new.
CREATE INDEX todos_due ON todos (person, (due_at = ''), due_at, since, run, kind, step, listing, field, stage);

CREATE TABLE messages_new (
    id        TEXT    NOT NULL,
    run       TEXT    NOT NULL,
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
    about     TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    recall    INTEGER NOT NULL,
    redraw_at TEXT    NOT NULL DEFAULT '',
    CONSTRAINT messages_id PRIMARY KEY (id),
    CONSTRAINT messages_kind CHECK (CASE kind
        WHEN 'card'     THEN run <> '' AND person = ''  AND seq = 0
        WHEN 'dm'       THEN run <> '' AND person <> '' AND seq = 0
        WHEN 'story'    THEN run <> '' AND person = ''  AND seq > 0
        WHEN 'morning'  THEN run = ''  AND person <> '' AND seq = 0
        WHEN 'daily'    THEN run = ''  AND person = ''  AND seq = 0
        WHEN 'operator' THEN run = ''  AND person = ''  AND seq = 0
        ELSE FALSE END),
    CONSTRAINT messages_since CHECK (length(since) = 24),
    CONSTRAINT messages_attempted CHECK (length(attempted) IN (0, 24)),
    CONSTRAINT messages_retry_at CHECK (length(retry_at) IN (0, 24)),
    CONSTRAINT messages_recall CHECK (recall IN (0, 1)),
    CONSTRAINT messages_redraw_at CHECK (length(redraw_at) IN (0, 24))
) /*sqlite: STRICT */;

INSERT INTO messages_new (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures,
    reason, about, seq, recall)
SELECT id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures,
    reason, '', 0, 0 FROM messages;

DROP TABLE messages;
ALTER TABLE messages_new RENAME TO messages;

CREATE INDEX messages_run ON messages (run, kind);
CREATE INDEX messages_pending ON messages (since) WHERE shown < wanted OR recall = 1;
CREATE INDEX messages_redraw ON messages (redraw_at) WHERE redraw_at <> '';

-- 'office' is held by who changes the office. 'todos' says by which rules the
-- todos of the open runs were written; 0 for none.
CREATE TABLE counters_new (
    name  TEXT    NOT NULL,
    value INTEGER NOT NULL,
    CONSTRAINT counters_id PRIMARY KEY (name),
    CONSTRAINT counters_name CHECK (name IN ('run', 'pulse', 'office', 'todos'))
) /*sqlite: STRICT */;

INSERT INTO counters_new (name, value) SELECT name, value FROM counters;
INSERT INTO counters_new (name, value) VALUES ('office', 0), ('todos', 0);

DROP TABLE counters;
ALTER TABLE counters_new RENAME TO counters;
