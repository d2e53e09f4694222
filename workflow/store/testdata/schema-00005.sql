CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
CREATE TABLE definitions (
    hash     TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    source   TEXT NOT NULL,
    added_at TEXT NOT NULL,
    CONSTRAINT definitions_added_at CHECK (length(added_at) = 24)
) STRICT;
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
) STRICT;
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
) STRICT, WITHOUT ROWID;
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
) STRICT;
CREATE TABLE requests (
    id  TEXT NOT NULL PRIMARY KEY,
    run TEXT NOT NULL,
    at  TEXT NOT NULL,
    CONSTRAINT requests_at CHECK (length(at) = 24)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_at ON requests (at);
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
) STRICT, WITHOUT ROWID;
CREATE INDEX todos_due ON todos (person, (due_at = ''), due_at, since, run, kind, step, listing, field, stage);
CREATE TABLE "counters" (
    name  TEXT    NOT NULL,
    value INTEGER NOT NULL,
    CONSTRAINT counters_id PRIMARY KEY (name),
    CONSTRAINT counters_name CHECK (name IN ('run', 'pulse', 'office', 'todos'))
) STRICT;
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
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tracked_place ON tracked (project, number, (track = 'merge-request')) WHERE number > 0;
CREATE INDEX tracked_behind ON tracked (since) WHERE written < wanted;
CREATE INDEX tracked_note ON tracked (note_at) WHERE note_at <> '';
CREATE TABLE polls (
    project TEXT NOT NULL,
    kind    TEXT NOT NULL,
    known   TEXT NOT NULL,
    at      TEXT NOT NULL,
    CONSTRAINT polls_id PRIMARY KEY (project, kind),
    CONSTRAINT polls_kind CHECK (kind IN ('issue', 'merge-request')),
    CONSTRAINT polls_known CHECK (length(known) = 24),
    CONSTRAINT polls_at CHECK (length(at) = 24)
) STRICT, WITHOUT ROWID;
CREATE TABLE "office" (
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT office_key PRIMARY KEY (kind, key),
    CONSTRAINT office_kinds CHECK (kind IN ('away', 'standin', 'person', 'channel', 'fact', 'handle'))
) STRICT, WITHOUT ROWID;
CREATE TABLE listings (
    id        TEXT    NOT NULL,
    revision  INTEGER NOT NULL,
    published TEXT    NOT NULL,
    body      TEXT    NOT NULL,
    CONSTRAINT listings_id PRIMARY KEY (id),
    CONSTRAINT listings_revision CHECK (revision > 0),
    CONSTRAINT listings_published CHECK (length(published) IN (0, 27))
) STRICT;
CREATE TABLE publications (
    listing TEXT NOT NULL,
    version TEXT NOT NULL,
    at      TEXT NOT NULL,
    run     TEXT NOT NULL,
    person  TEXT NOT NULL,
    CONSTRAINT publications_id PRIMARY KEY (listing, version, run),
    CONSTRAINT publications_version CHECK (length(version) IN (0, 27)),
    CONSTRAINT publications_at CHECK (length(at) = 24)
) STRICT, WITHOUT ROWID;
CREATE TABLE releases (
    version  TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    CONSTRAINT releases_version PRIMARY KEY (version),
    CONSTRAINT releases_width CHECK (length(version) = 27),
    CONSTRAINT releases_revision CHECK (revision > 0)
) STRICT;
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
) STRICT, WITHOUT ROWID;
CREATE INDEX owed_due ON owed (due_at);
CREATE INDEX owed_open ON owed (listing, due_at) WHERE met_at = '';
CREATE TABLE "clocks" (
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at  TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    CONSTRAINT clocks_key PRIMARY KEY (kind, subject),
    CONSTRAINT clocks_kinds CHECK (kind IN ('run', 'morning', 'daily', 'watch')),
    CONSTRAINT clocks_subjects CHECK (subject <> ''),
    CONSTRAINT clocks_due CHECK (length(due_at) = 24),
    CONSTRAINT clocks_sent CHECK (length(sent_at) IN (0, 24))
) STRICT, WITHOUT ROWID;
CREATE INDEX clocks_due ON clocks (due_at);
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
) STRICT;
CREATE INDEX builds_due ON builds (due_at, created, id) WHERE due_at <> '';
CREATE INDEX builds_open ON builds (created, id) WHERE state IN ('running', 'stuck', 'clearing');
CREATE INDEX builds_done ON builds (listing, created, id) WHERE state = 'done';
CREATE INDEX builds_plan ON builds (plan, created, id);
CREATE INDEX builds_run ON builds (run, created, id);
CREATE INDEX builds_created ON builds (created, id);
CREATE INDEX builds_request ON builds (request);
CREATE TABLE "messages" (
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
) STRICT;
CREATE INDEX messages_run ON messages (run, kind);
CREATE INDEX messages_pending ON messages (since) WHERE shown < wanted OR recall = 1;
CREATE INDEX messages_redraw ON messages (redraw_at) WHERE redraw_at <> '';
INSERT INTO goose_db_version (id, version_id, is_applied, tstamp) VALUES (1, 0, 1, '2026-11-26 07:49:29');
INSERT INTO goose_db_version (id, version_id, is_applied, tstamp) VALUES (2, 1, 1, '2026-11-26 07:49:29');
INSERT INTO goose_db_version (id, version_id, is_applied, tstamp) VALUES (3, 2, 1, '2026-11-26 07:49:29');
INSERT INTO goose_db_version (id, version_id, is_applied, tstamp) VALUES (4, 3, 1, '2026-11-26 07:49:29');
INSERT INTO goose_db_version (id, version_id, is_applied, tstamp) VALUES (5, 4, 1, '2026-11-26 07:49:29');
INSERT INTO goose_db_version (id, version_id, is_applied, tstamp) VALUES (6, 5, 1, '2026-11-26 07:49:29');
INSERT INTO definitions (hash, name, source, added_at) VALUES ('hash-of-launch', 'launch', 'name: launch
', '2026-03-03T09:00:00.000Z');
INSERT INTO counters (name, value) VALUES ('office', 0);
INSERT INTO counters (name, value) VALUES ('pulse', 0);
INSERT INTO counters (name, value) VALUES ('run', 2);
INSERT INTO counters (name, value) VALUES ('todos', 1);
INSERT INTO requests (id, run, at) VALUES ('request-1', 'r62hhdtl4fzsb', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-10', 'r62hhdtl4fzsb', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-11', '', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-12', '', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-13', '', '2026-03-03T09:01:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-14', '', '2026-03-03T09:01:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-15', 'r62hhdtl4fzsb', '2026-03-03T09:01:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-2', 'rbrpidpramedh', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-3', 'r62hhdtl4fzsb', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-4', 'r62hhdtl4fzsb', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-5', 'r62hhdtl4fzsb', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-6', 'r62hhdtl4fzsb', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-7', 'r62hhdtl4fzsb', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-8', 'r62hhdtl4fzsb', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-9', 'r62hhdtl4fzsb', '2026-03-03T09:00:00.000Z');
INSERT INTO runs (id, number, process, definition, state, partner, partner_key, owner, channel, version, started_at, ended_at, body) VALUES ('r62hhdtl4fzsb', 1, 'launch', 'hash-of-launch', 'running', 'DigitalOcean', 'digitalocean', 'U0ANA', 'C0CARDS', 18, '2026-03-03T09:00:00.000Z', '', '{"id":"r62hhdtl4fzsb","number":1,"process":"launch","hash":"hash-of-launch","state":"running","partner":"DigitalOcean","provider":"aws","listings":[{"id":"ce-image","edition":"CE","delivery":"image","provider":"aws"},{"id":"ee-image","edition":"EE","delivery":"image","provider":"aws"}],"facts":{"launch-target":"2026-04-03","link-s1":"https://example.com/1"},"owner":"U0ANA","leads":{"om":"U0OMAR","pm":"U0MAYA","sp":"U0ANA"},"channel":"C0CARDS","opener":"U0ANA","started":"2026-03-03T09:00:00Z","stages":{"build":{"status":"locked"},"scope":{"status":"open","opened":"2026-03-03T09:00:00Z"},"tell":{"status":"locked"}}}');
INSERT INTO runs (id, number, process, definition, state, partner, partner_key, owner, channel, version, started_at, ended_at, body) VALUES ('rbrpidpramedh', 2, 'launch', 'hash-of-launch', 'running', 'It''s "quoted"', 'it''s "quoted"', 'U0ANA', 'C0CARDS', 8, '2026-03-03T09:00:00.000Z', '', '{"id":"rbrpidpramedh","number":2,"process":"launch","hash":"hash-of-launch","state":"running","partner":"It''s \"quoted\"","provider":"aws","listings":[{"id":"ce-image","edition":"CE","delivery":"image","provider":"aws"}],"facts":{"launch-target":"2026-04-03"},"owner":"U0ANA","leads":{"om":"U0OMAR","pm":"U0MAYA","sp":"U0ANA"},"channel":"C0CARDS","opener":"U0ANA","started":"2026-03-03T09:00:00Z","stages":{"build":{"status":"locked"},"scope":{"status":"open","opened":"2026-03-03T09:00:00Z"},"tell":{"status":"locked"}}}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 'b1', '', 'locked', '', '', 1, '{"key":"b1","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 'b2', '', 'locked', '', '', 1, '{"key":"b2","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 'b3', '', 'locked', '', '', 1, '{"key":"b3","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 'b4', '', 'locked', '', '2026-03-31T17:00:00.000Z', 1, '{"key":"b4","status":"locked","version":1,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 'b4', 'ce-image', 'locked', '', '2026-03-31T17:00:00.000Z', 1, '{"key":"b4@ce-image","status":"locked","version":1,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 'b4', 'ee-image', 'locked', '', '2026-03-31T17:00:00.000Z', 15, '{"key":"b4@ee-image","status":"locked","version":15,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 's1', '', 'done', '', '2026-03-04T17:00:00.000Z', 11, '{"key":"s1","status":"done","version":11,"due":"2026-03-04T17:00:00Z","planned":true,"evidence":{"link":"https://example.com/1"},"actor":"U0ANA","at":"2026-03-03T09:00:00Z","opened":"2026-03-03T09:00:00Z","kept":{"actor":"U0ANA","at":"2026-03-03T09:00:00Z"}}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 's2', '', 'open', 'U0OMAR', '2026-03-05T17:00:00.000Z', 14, '{"key":"s2","status":"open","version":14,"assignee":"U0OMAR","due":"2026-03-05T17:00:00Z","planned":true,"helpers":[{"user":"U0MAYA","field":"link","by":"U0ANA","at":"2026-03-03T09:00:00Z"}],"waiting":{"for":"a quota","ticket":"T-1","promised":"2026-03-03","by":"U0OMAR","since":"2026-03-03T09:00:00Z","chaser":"U0OMAR"},"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 's3', '', 'open', '', '2026-03-06T17:00:00.000Z', 6, '{"key":"s3","status":"open","version":6,"due":"2026-03-06T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 's4', '', 'open', '', '2026-03-07T17:00:00.000Z', 7, '{"key":"s4","status":"open","version":7,"due":"2026-03-07T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 's5', '', 'open', '', '2026-03-08T17:00:00.000Z', 8, '{"key":"s5","status":"open","version":8,"due":"2026-03-08T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 't1', '', 'locked', '', '', 1, '{"key":"t1","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 't2', '', 'locked', '', '', 1, '{"key":"t2","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 't3', '', 'locked', '', '', 1, '{"key":"t3","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 't4', '', 'locked', '', '', 1, '{"key":"t4","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('r62hhdtl4fzsb', 't5', '', 'locked', '', '', 1, '{"key":"t5","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 'b1', '', 'locked', '', '', 1, '{"key":"b1","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 'b2', '', 'locked', '', '', 1, '{"key":"b2","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 'b3', '', 'locked', '', '', 1, '{"key":"b3","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 'b4', '', 'locked', '', '2026-03-31T17:00:00.000Z', 1, '{"key":"b4","status":"locked","version":1,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 'b4', 'ce-image', 'locked', '', '2026-03-31T17:00:00.000Z', 1, '{"key":"b4@ce-image","status":"locked","version":1,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 's1', '', 'open', '', '2026-03-04T17:00:00.000Z', 4, '{"key":"s1","status":"open","version":4,"due":"2026-03-04T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 's2', '', 'open', '', '2026-03-05T17:00:00.000Z', 5, '{"key":"s2","status":"open","version":5,"due":"2026-03-05T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 's3', '', 'open', '', '2026-03-06T17:00:00.000Z', 6, '{"key":"s3","status":"open","version":6,"due":"2026-03-06T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 's4', '', 'open', '', '2026-03-07T17:00:00.000Z', 7, '{"key":"s4","status":"open","version":7,"due":"2026-03-07T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 's5', '', 'open', '', '2026-03-08T17:00:00.000Z', 8, '{"key":"s5","status":"open","version":8,"due":"2026-03-08T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 't1', '', 'locked', '', '', 1, '{"key":"t1","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 't2', '', 'locked', '', '', 1, '{"key":"t2","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 't3', '', 'locked', '', '', 1, '{"key":"t3","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 't4', '', 'locked', '', '', 1, '{"key":"t4","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('rbrpidpramedh', 't5', '', 'locked', '', '', 1, '{"key":"t5","status":"locked","version":1}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 1, 'run.started', '2026-03-03T09:00:00.000Z', 'U0ANA', '', '', '{"seq":1,"type":"run.started","at":"2026-03-03T09:00:00Z","actor":"U0ANA","start":{"id":"r62hhdtl4fzsb","number":1,"process":"launch","hash":"hash-of-launch","partner":"DigitalOcean","provider":"aws","listings":[{"id":"ce-image","edition":"CE","delivery":"image","provider":"aws"}],"target":"2026-04-03","owner":"U0ANA","leads":{"om":"U0OMAR","pm":"U0MAYA","sp":"U0ANA"},"channel":"C0CARDS"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 10, 'step.reopened', '2026-03-03T09:00:00.000Z', 'U0ANA', 's1', '', '{"seq":10,"type":"step.reopened","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s1","due":"2026-03-04T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 11, 'step.done', '2026-03-03T09:00:00.000Z', 'U0ANA', 's1', '', '{"seq":11,"type":"step.done","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s1","evidence":{"link":"https://example.com/1"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 12, 'step.assigned', '2026-03-03T09:00:00.000Z', 'U0ANA', 's2', '', '{"seq":12,"type":"step.assigned","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s2","user":"U0OMAR"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 13, 'step.help-asked', '2026-03-03T09:00:00.000Z', 'U0ANA', 's2', '', '{"seq":13,"type":"step.help-asked","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s2","user":"U0MAYA","field":"link"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 14, 'step.waiting', '2026-03-03T09:00:00.000Z', 'U0OMAR', 's2', '', '{"seq":14,"type":"step.waiting","at":"2026-03-03T09:00:00Z","actor":"U0OMAR","step":"s2","user":"U0OMAR","text":"a quota","date":"2026-03-03","evidence":{"ticket":"T-1"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 15, 'listing.joined', '2026-03-03T09:00:00.000Z', 'U0ANA', '', '', '{"seq":15,"type":"listing.joined","at":"2026-03-03T09:00:00Z","actor":"U0ANA","listing":{"id":"ee-image","edition":"EE","delivery":"image","provider":"aws"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 16, 'run.planned', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":16,"type":"run.planned","at":"2026-03-03T09:00:00Z","plan":{"b4@ee-image":"2026-03-31T17:00:00Z"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 17, 'note.added', '2026-03-03T09:00:00.000Z', 'U0ANA', '', '', '{"seq":17,"type":"note.added","at":"2026-03-03T09:00:00Z","actor":"U0ANA","text":"a note"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 18, 'note.added', '2026-03-03T09:01:00.000Z', 'U0ANA', '', '', '{"seq":18,"type":"note.added","at":"2026-03-03T09:01:00Z","actor":"U0ANA","text":"not shown yet"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 2, 'run.planned', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":2,"type":"run.planned","at":"2026-03-03T09:00:00Z","plan":{"b4":"2026-03-31T17:00:00Z","b4@ce-image":"2026-03-31T17:00:00Z"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 3, 'stage.opened', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":3,"type":"stage.opened","at":"2026-03-03T09:00:00Z","stage":"scope"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 4, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's1', '', '{"seq":4,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s1","due":"2026-03-04T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 5, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's2', '', '{"seq":5,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s2","due":"2026-03-05T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 6, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's3', '', '{"seq":6,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s3","due":"2026-03-06T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 7, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's4', '', '{"seq":7,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s4","due":"2026-03-07T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 8, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's5', '', '{"seq":8,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s5","due":"2026-03-08T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('r62hhdtl4fzsb', 9, 'step.done', '2026-03-03T09:00:00.000Z', 'U0ANA', 's1', '', '{"seq":9,"type":"step.done","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s1"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('rbrpidpramedh', 1, 'run.started', '2026-03-03T09:00:00.000Z', 'U0ANA', '', '', '{"seq":1,"type":"run.started","at":"2026-03-03T09:00:00Z","actor":"U0ANA","start":{"id":"rbrpidpramedh","number":2,"process":"launch","hash":"hash-of-launch","partner":"It''s \"quoted\"","provider":"aws","listings":[{"id":"ce-image","edition":"CE","delivery":"image","provider":"aws"}],"target":"2026-04-03","owner":"U0ANA","leads":{"om":"U0OMAR","pm":"U0MAYA","sp":"U0ANA"},"channel":"C0CARDS"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('rbrpidpramedh', 2, 'run.planned', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":2,"type":"run.planned","at":"2026-03-03T09:00:00Z","plan":{"b4":"2026-03-31T17:00:00Z","b4@ce-image":"2026-03-31T17:00:00Z"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('rbrpidpramedh', 3, 'stage.opened', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":3,"type":"stage.opened","at":"2026-03-03T09:00:00Z","stage":"scope"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('rbrpidpramedh', 4, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's1', '', '{"seq":4,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s1","due":"2026-03-04T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('rbrpidpramedh', 5, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's2', '', '{"seq":5,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s2","due":"2026-03-05T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('rbrpidpramedh', 6, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's3', '', '{"seq":6,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s3","due":"2026-03-06T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('rbrpidpramedh', 7, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's4', '', '{"seq":7,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s4","due":"2026-03-07T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('rbrpidpramedh', 8, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's5', '', '{"seq":8,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s5","due":"2026-03-08T17:00:00Z"}');
INSERT INTO office (kind, key, body) VALUES ('away', 'U0OMAR', '{"by":"U0MAYA","since":"2026-03-03T09:00:00Z","until":"2026-03-06T09:00:00Z","day":"2026-03-06","set":"U0ANA"}');
INSERT INTO office (kind, key, body) VALUES ('channel', 'C0CARDS', '{"no_daily":true}');
INSERT INTO office (kind, key, body) VALUES ('fact', 'our-logos', '"https://example.com/logos"');
INSERT INTO office (kind, key, body) VALUES ('handle', 'U0ANA', '{"wants":"ana_g","code":"k3y","until":"2026-03-04T09:00:00Z"}');
INSERT INTO office (kind, key, body) VALUES ('person', 'U0ANA', '{"morning":"08:15"}');
INSERT INTO office (kind, key, body) VALUES ('standin', 'pm/U0ANA', '{"team":"pm","user":"U0ANA","set":"U0ANA","since":"2026-03-03T09:00:00Z"}');
INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ('daily', 'C0CARDS', '2026-03-03T09:00:00.000Z', '');
INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ('morning', 'U0ANA', '2026-03-04T09:00:00.000Z', '2026-03-03T09:00:00.000Z');
INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ('morning', 'U0MAYA', '2026-03-03T09:00:00.000Z', '');
INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ('morning', 'U0OMAR', '2026-03-03T09:00:00.000Z', '');
INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ('run', 'r62hhdtl4fzsb', '2026-03-06T17:00:00.000Z', '');
INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ('run', 'rbrpidpramedh', '2026-03-04T17:00:00.000Z', '');
INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ('watch', 'sources', '2026-03-03T10:00:00.000Z', '');
INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ('watch', 'work', '2026-03-03T09:01:00.000Z', '');
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('r62hhdtl4fzsb', 'U0ANA', 'do', 's3', '', '', '', '', '2026-03-06T17:00:00.000Z', '2026-03-03T09:00:00.000Z', 0, '', 0);
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('r62hhdtl4fzsb', 'U0ANA', 'do', 's4', '', '', '', '', '2026-03-07T17:00:00.000Z', '2026-03-03T09:00:00.000Z', 0, '', 0);
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('r62hhdtl4fzsb', 'U0ANA', 'do', 's5', '', '', '', '', '2026-03-08T17:00:00.000Z', '2026-03-03T09:00:00.000Z', 0, '', 0);
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('r62hhdtl4fzsb', 'U0MAYA', 'answer', 's2', '', 'link', '', '', '', '2026-03-03T09:00:00.000Z', 0, '', 0);
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('r62hhdtl4fzsb', 'U0OMAR', 'chase', 's2', '', '', '', '', '', '2026-03-03T09:00:00.000Z', 0, '9999-01-01T00:00:00.000Z', 0);
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('rbrpidpramedh', 'U0ANA', 'do', 's1', '', '', '', '', '2026-03-04T17:00:00.000Z', '2026-03-03T09:00:00.000Z', 0, '', 0);
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('rbrpidpramedh', 'U0ANA', 'do', 's2', '', '', '', '', '2026-03-05T17:00:00.000Z', '2026-03-03T09:00:00.000Z', 0, '', 0);
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('rbrpidpramedh', 'U0ANA', 'do', 's3', '', '', '', '', '2026-03-06T17:00:00.000Z', '2026-03-03T09:00:00.000Z', 0, '', 0);
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('rbrpidpramedh', 'U0ANA', 'do', 's4', '', '', '', '', '2026-03-07T17:00:00.000Z', '2026-03-03T09:00:00.000Z', 0, '', 0);
INSERT INTO todos (run, person, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed) VALUES ('rbrpidpramedh', 'U0ANA', 'do', 's5', '', '', '', '', '2026-03-08T17:00:00.000Z', '2026-03-03T09:00:00.000Z', 0, '', 0);
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('build.p1', '', 'build', '', 'C0CARDS', '', 2, 0, 0, 0, '', '2026-03-03T09:01:00.000Z', '', '', 0, '', 'p1', 0, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('log.b1.1.1', '', 'log', '', 'C0CARDS', '', 1, 0, 0, 0, '', '2026-03-03T09:01:00.000Z', '', '', 0, '', '{"build":"b1","step":1,"attempt":1}', 0, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('morning.U0ANA', '', 'morning', 'U0ANA', '', '', 1, 0, 1, 0, '', '2026-03-03T09:00:00.000Z', '', '', 0, '', '[]', 0, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('operator.stuck', '', 'operator', '', 'C0OPS', '', 1, 0, 1, 0, '', '2026-03-03T09:00:00.000Z', '', '', 0, '', '{}', 0, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('r62hhdtl4fzsb.U0ANA', 'r62hhdtl4fzsb', 'dm', 'U0ANA', 'C1', '1.0', 18, 17, 8, 8, 'digest', '2026-03-03T09:01:00.000Z', '', '', 0, '', '', 0, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('r62hhdtl4fzsb.U0MAYA', 'r62hhdtl4fzsb', 'dm', 'U0MAYA', 'C1', '1.0', 18, 17, 13, 13, 'digest', '2026-03-03T09:01:00.000Z', '', '', 0, '', '', 0, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('r62hhdtl4fzsb.U0OMAR', 'r62hhdtl4fzsb', 'dm', 'U0OMAR', 'C1', '1.0', 18, 17, 12, 12, 'digest', '2026-03-03T09:01:00.000Z', '', '', 0, '', '', 0, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('r62hhdtl4fzsb.card', 'r62hhdtl4fzsb', 'card', '', 'C1', '1.0', 18, 17, 0, 0, 'digest', '2026-03-03T09:01:00.000Z', '', '', 0, '', '', 0, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('r62hhdtl4fzsb.story.14', 'r62hhdtl4fzsb', 'story', '', 'C0CARDS', '', 14, 0, 0, 0, '', '2026-03-03T09:00:00.000Z', '', '', 0, '', '', 14, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('r62hhdtl4fzsb.story.15', 'r62hhdtl4fzsb', 'story', '', 'C0CARDS', '', 16, 0, 0, 0, '', '2026-03-03T09:00:00.000Z', '', '', 0, '', '', 15, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('rbrpidpramedh.U0ANA', 'rbrpidpramedh', 'dm', 'U0ANA', 'C1', '1.0', 8, 8, 8, 8, 'digest', '2026-03-03T09:00:00.000Z', '', '', 0, '', '', 0, 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall, redraw_at) VALUES ('rbrpidpramedh.card', 'rbrpidpramedh', 'card', '', 'C1', '1.0', 8, 8, 0, 0, 'digest', '2026-03-03T09:00:00.000Z', '', '', 0, '', '', 0, 0, '');
INSERT INTO listings (id, revision, published, body) VALUES ('aws', 1, '000017.000005.000000.000000', '{"id":"aws","edition":"CE","delivery":"image","provider":"aws","partner":"aws","published":"17.5.0","at":"2026-03-03T09:01:00Z","added":"2026-03-03T09:01:00Z"}');
INSERT INTO publications (listing, version, at, run, person) VALUES ('aws', '000017.000005.000000.000000', '2026-03-03T09:01:00.000Z', '', 'U0ANA');
INSERT INTO releases (version, revision, body) VALUES ('000017.000005.000001.000000', 1, '{"version":"17.5.1","seen":"2026-03-03T09:00:00Z","state":"passed","kind":"security","published":"2026-03-03T09:00:00Z","next":"17.5.2"}');
INSERT INTO owed (version, listing, kind, run, since, due_at, met_at, met_by, late, ours, partners, nobodys, cause) VALUES ('000017.000005.000001.000000', 'aws', 'security', '', '2026-03-03T09:00:00.000Z', '2026-03-04T09:00:00.000Z', '', '', 0, 0, 0, 0, '');
INSERT INTO builds (id, plan, run, listing, state, due_at, revision, created, request, held_by, held_at, body) VALUES ('b1', 'p1', 'r62hhdtl4fzsb', 'aws', 'stuck', '2026-03-03T09:01:00.000Z', 2, 1, 'request-14', '', '', '{"id":"b1","plan":"p1","order":{"run":"r62hhdtl4fzsb","listing":"aws","name":"AWS EE","edition":"EE","architecture":"amd64","version":"17.5.1","package":{"edition":"","version":"","distribution":"","architecture":"","url":"","sha256":""},"provider":"aws","account":"","region":"eu-west-1","regions":["eu-west-1"],"base":{"id":"","name":"","made":"0001-01-01T00:00:00Z"},"machine":"","image":"","by":"U0ANA","at":"2026-03-03T09:01:00Z","channel":"C0CARDS"},"state":"stuck","steps":[{"name":"launch","role":"builder","phase":1,"state":"pending","attempt":1,"due":"2026-03-03T09:01:00Z"},{"name":"install","phase":2,"state":"failed","attempt":1,"due":"2026-03-03T09:01:00Z","fault":{"class":"script-failed","said":"exit status 1"},"log":"it''s \"quoted\""}]}');
INSERT INTO builds (id, plan, run, listing, state, due_at, revision, created, request, held_by, held_at, body) VALUES ('b2', 'p1', 'r62hhdtl4fzsb', 'aws', 'running', '2026-03-03T09:01:00.000Z', 1, 2, 'request-14', '', '', '{"id":"b2","plan":"p1","order":{"run":"r62hhdtl4fzsb","listing":"aws","name":"AWS EE","edition":"EE","architecture":"amd64","version":"17.5.1","package":{"edition":"","version":"","distribution":"","architecture":"","url":"","sha256":""},"provider":"aws","account":"","region":"eu-west-1","regions":["eu-west-1"],"base":{"id":"","name":"","made":"0001-01-01T00:00:00Z"},"machine":"","image":"","by":"U0ANA","at":"2026-03-03T09:01:00Z","channel":"C0CARDS"},"state":"running","steps":[{"name":"launch","role":"builder","phase":1,"state":"pending","attempt":1,"due":"2026-03-03T09:01:00Z"},{"name":"install","phase":2,"state":"pending","attempt":1,"due":"2026-03-03T09:01:00Z"}]}');
