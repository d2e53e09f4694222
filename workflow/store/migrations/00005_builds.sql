-- The builds of images, and the messages that tell of them.

-- +goose Up

-- Created orders builds as they were made: those of a plan rise by it, and two that
-- were made at once by different replicas may share one. Request is what they were
-- made by; '' for one that is never seen.
CREATE TABLE builds (
    id       TEXT    NOT NULL,
    plan     TEXT    NOT NULL,
    run      TEXT    NOT NULL,
    listing  TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    due_at   TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    created  INTEGER NOT NULL,
    request  TEXT    NOT NULL,
    held_by  TEXT    NOT NULL,
    held_at  TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    CONSTRAINT builds_id PRIMARY KEY (id),
    CONSTRAINT builds_names CHECK (id <> '' AND plan <> ''),
    CONSTRAINT builds_state CHECK (state IN ('running', 'stuck', 'done', 'clearing', 'abandoned')),
    CONSTRAINT builds_due_at CHECK (length(due_at) IN (0, 24)),
    CONSTRAINT builds_revision CHECK (revision > 0),
    CONSTRAINT builds_order CHECK (created > 0),
    CONSTRAINT builds_held_at CHECK (length(held_at) IN (0, 24))
) /*sqlite: STRICT */;

CREATE INDEX builds_due ON builds (due_at, created, id) WHERE due_at <> '';
CREATE INDEX builds_open ON builds (created, id) WHERE state IN ('running', 'stuck', 'clearing');
CREATE INDEX builds_done ON builds (listing, created, id) WHERE state = 'done';
CREATE INDEX builds_plan ON builds (plan, created, id);
CREATE INDEX builds_run ON builds (run, created, id);
CREATE INDEX builds_created ON builds (created, id);
CREATE INDEX builds_request ON builds (request);

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
    CONSTRAINT messages_key PRIMARY KEY (id),
    CONSTRAINT messages_kind CHECK (CASE kind
        WHEN 'card'     THEN run <> '' AND person = ''  AND seq = 0
        WHEN 'dm'       THEN run <> '' AND person <> '' AND seq = 0
        WHEN 'story'    THEN run <> '' AND person = ''  AND seq > 0
        WHEN 'morning'  THEN run = ''  AND person <> '' AND seq = 0
        WHEN 'daily'    THEN run = ''  AND person = ''  AND seq = 0
        WHEN 'operator' THEN run = ''  AND person = ''  AND seq = 0
        WHEN 'build'    THEN run = ''  AND person = ''  AND seq = 0
        WHEN 'log'      THEN run = ''  AND person = ''  AND seq = 0
        ELSE FALSE END),
    CONSTRAINT messages_since CHECK (length(since) = 24),
    CONSTRAINT messages_attempted CHECK (length(attempted) IN (0, 24)),
    CONSTRAINT messages_retry_at CHECK (length(retry_at) IN (0, 24)),
    CONSTRAINT messages_recall CHECK (recall IN (0, 1)),
    CONSTRAINT messages_redraw_at CHECK (length(redraw_at) IN (0, 24))
) /*sqlite: STRICT */;

INSERT INTO messages_new (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures,
    reason, about, seq, recall, redraw_at)
SELECT id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures,
    reason, about, seq, recall, redraw_at FROM messages;

DROP TABLE messages;
ALTER TABLE messages_new RENAME TO messages;

CREATE INDEX messages_run ON messages (run, kind);
CREATE INDEX messages_pending ON messages (since) WHERE shown < wanted OR recall = 1;
CREATE INDEX messages_redraw ON messages (redraw_at) WHERE redraw_at <> '';
