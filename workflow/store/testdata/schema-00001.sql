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
CREATE TABLE timers (
    run    TEXT NOT NULL REFERENCES runs (id),
    kind   TEXT NOT NULL,
    due_at TEXT NOT NULL,
    PRIMARY KEY (run, kind),
    CONSTRAINT timers_kind CHECK (kind IN ('overdue')),
    CONSTRAINT timers_due_at CHECK (length(due_at) = 24)
) STRICT, WITHOUT ROWID;
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
) STRICT;
CREATE INDEX messages_run ON messages (run);
CREATE INDEX messages_pending ON messages (since) WHERE shown < wanted;
CREATE TABLE counters (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL,
    CONSTRAINT counters_name CHECK (name IN ('run', 'pulse'))
) STRICT;
INSERT INTO goose_db_version (id, version_id, is_applied, tstamp) VALUES (1, 0, 1, '2026-11-20 14:53:48');
INSERT INTO goose_db_version (id, version_id, is_applied, tstamp) VALUES (2, 1, 1, '2026-11-20 14:53:48');
INSERT INTO definitions (hash, name, source, added_at) VALUES ('hash-of-launch', 'launch', 'name: launch
', '2026-03-03T09:00:00.000Z');
INSERT INTO counters (name, value) VALUES ('pulse', 0);
INSERT INTO counters (name, value) VALUES ('run', 2);
INSERT INTO requests (id, run, at) VALUES ('request-1', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-10', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-11', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-2', 'run_ujjeo6xazyws4rh2yte4tmkkwd', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-3', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-4', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-5', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-6', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-7', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-8', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO requests (id, run, at) VALUES ('request-9', 'run_nbk5wcqjwbtjezm6fxzininc4v', '2026-03-03T09:00:00.000Z');
INSERT INTO runs (id, number, process, definition, state, partner, partner_key, owner, channel, version, started_at, ended_at, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 1, 'launch', 'hash-of-launch', 'running', 'DigitalOcean', 'digitalocean', 'U0ANA', 'C0CARDS', 18, '2026-03-03T09:00:00.000Z', '', '{"id":"run_nbk5wcqjwbtjezm6fxzininc4v","number":1,"process":"launch","hash":"hash-of-launch","state":"running","partner":"DigitalOcean","provider":"aws","listings":[{"id":"ce-image","edition":"CE","delivery":"image","provider":"aws"},{"id":"ee-image","edition":"EE","delivery":"image","provider":"aws"}],"facts":{"launch-target":"2026-04-03","link-s1":"https://example.com/1"},"owner":"U0ANA","leads":{"om":"U0OMAR","pm":"U0MAYA","sp":"U0ANA"},"channel":"C0CARDS","opener":"U0ANA","started":"2026-03-03T09:00:00Z","stages":{"build":{"status":"locked"},"scope":{"status":"open","opened":"2026-03-03T09:00:00Z"},"tell":{"status":"locked"}}}');
INSERT INTO runs (id, number, process, definition, state, partner, partner_key, owner, channel, version, started_at, ended_at, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 2, 'launch', 'hash-of-launch', 'running', 'It''s "quoted"', 'it''s "quoted"', 'U0ANA', 'C0CARDS', 8, '2026-03-03T09:00:00.000Z', '', '{"id":"run_ujjeo6xazyws4rh2yte4tmkkwd","number":2,"process":"launch","hash":"hash-of-launch","state":"running","partner":"It''s \"quoted\"","provider":"aws","listings":[{"id":"ce-image","edition":"CE","delivery":"image","provider":"aws"}],"facts":{"launch-target":"2026-04-03"},"owner":"U0ANA","leads":{"om":"U0OMAR","pm":"U0MAYA","sp":"U0ANA"},"channel":"C0CARDS","opener":"U0ANA","started":"2026-03-03T09:00:00Z","stages":{"build":{"status":"locked"},"scope":{"status":"open","opened":"2026-03-03T09:00:00Z"},"tell":{"status":"locked"}}}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 'b1', '', 'locked', '', '', 1, '{"key":"b1","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 'b2', '', 'locked', '', '', 1, '{"key":"b2","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 'b3', '', 'locked', '', '', 1, '{"key":"b3","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 'b4', '', 'locked', '', '2026-03-31T17:00:00.000Z', 1, '{"key":"b4","status":"locked","version":1,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 'b4', 'ce-image', 'locked', '', '2026-03-31T17:00:00.000Z', 1, '{"key":"b4@ce-image","status":"locked","version":1,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 'b4', 'ee-image', 'locked', '', '2026-03-31T17:00:00.000Z', 15, '{"key":"b4@ee-image","status":"locked","version":15,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 's1', '', 'done', '', '2026-03-04T17:00:00.000Z', 11, '{"key":"s1","status":"done","version":11,"due":"2026-03-04T17:00:00Z","planned":true,"evidence":{"link":"https://example.com/1"},"actor":"U0ANA","at":"2026-03-03T09:00:00Z","opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 's2', '', 'open', 'U0OMAR', '2026-03-05T17:00:00.000Z', 14, '{"key":"s2","status":"open","version":14,"assignee":"U0OMAR","due":"2026-03-05T17:00:00Z","planned":true,"helpers":[{"user":"U0MAYA","field":"link","by":"U0ANA","at":"2026-03-03T09:00:00Z"}],"waiting":{"for":"a quota","ticket":"T-1","promised":"2026-03-03","by":"U0OMAR","since":"2026-03-03T09:00:00Z","chaser":"U0OMAR"},"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 's3', '', 'open', '', '2026-03-06T17:00:00.000Z', 6, '{"key":"s3","status":"open","version":6,"due":"2026-03-06T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 's4', '', 'open', '', '2026-03-07T17:00:00.000Z', 7, '{"key":"s4","status":"open","version":7,"due":"2026-03-07T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 's5', '', 'open', '', '2026-03-08T17:00:00.000Z', 8, '{"key":"s5","status":"open","version":8,"due":"2026-03-08T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 't1', '', 'locked', '', '', 1, '{"key":"t1","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 't2', '', 'locked', '', '', 1, '{"key":"t2","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 't3', '', 'locked', '', '', 1, '{"key":"t3","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 't4', '', 'locked', '', '', 1, '{"key":"t4","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 't5', '', 'locked', '', '', 1, '{"key":"t5","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 'b1', '', 'locked', '', '', 1, '{"key":"b1","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 'b2', '', 'locked', '', '', 1, '{"key":"b2","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 'b3', '', 'locked', '', '', 1, '{"key":"b3","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 'b4', '', 'locked', '', '2026-03-31T17:00:00.000Z', 1, '{"key":"b4","status":"locked","version":1,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 'b4', 'ce-image', 'locked', '', '2026-03-31T17:00:00.000Z', 1, '{"key":"b4@ce-image","status":"locked","version":1,"due":"2026-03-31T17:00:00Z","planned":true}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 's1', '', 'open', '', '2026-03-04T17:00:00.000Z', 4, '{"key":"s1","status":"open","version":4,"due":"2026-03-04T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 's2', '', 'open', '', '2026-03-05T17:00:00.000Z', 5, '{"key":"s2","status":"open","version":5,"due":"2026-03-05T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 's3', '', 'open', '', '2026-03-06T17:00:00.000Z', 6, '{"key":"s3","status":"open","version":6,"due":"2026-03-06T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 's4', '', 'open', '', '2026-03-07T17:00:00.000Z', 7, '{"key":"s4","status":"open","version":7,"due":"2026-03-07T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 's5', '', 'open', '', '2026-03-08T17:00:00.000Z', 8, '{"key":"s5","status":"open","version":8,"due":"2026-03-08T17:00:00Z","planned":true,"opened":"2026-03-03T09:00:00Z"}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 't1', '', 'locked', '', '', 1, '{"key":"t1","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 't2', '', 'locked', '', '', 1, '{"key":"t2","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 't3', '', 'locked', '', '', 1, '{"key":"t3","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 't4', '', 'locked', '', '', 1, '{"key":"t4","status":"locked","version":1}');
INSERT INTO steps (run, step, listing, status, assignee, due_at, version, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 't5', '', 'locked', '', '', 1, '{"key":"t5","status":"locked","version":1}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 1, 'run.started', '2026-03-03T09:00:00.000Z', 'U0ANA', '', '', '{"seq":1,"type":"run.started","at":"2026-03-03T09:00:00Z","actor":"U0ANA","start":{"id":"run_nbk5wcqjwbtjezm6fxzininc4v","number":1,"process":"launch","hash":"hash-of-launch","partner":"DigitalOcean","provider":"aws","listings":[{"id":"ce-image","edition":"CE","delivery":"image","provider":"aws"}],"target":"2026-04-03","owner":"U0ANA","leads":{"om":"U0OMAR","pm":"U0MAYA","sp":"U0ANA"},"channel":"C0CARDS"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 10, 'step.reopened', '2026-03-03T09:00:00.000Z', 'U0ANA', 's1', '', '{"seq":10,"type":"step.reopened","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s1","due":"2026-03-04T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 11, 'step.done', '2026-03-03T09:00:00.000Z', 'U0ANA', 's1', '', '{"seq":11,"type":"step.done","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s1","evidence":{"link":"https://example.com/1"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 12, 'step.assigned', '2026-03-03T09:00:00.000Z', 'U0ANA', 's2', '', '{"seq":12,"type":"step.assigned","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s2","user":"U0OMAR"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 13, 'step.help-asked', '2026-03-03T09:00:00.000Z', 'U0ANA', 's2', '', '{"seq":13,"type":"step.help-asked","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s2","user":"U0MAYA","field":"link"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 14, 'step.waiting', '2026-03-03T09:00:00.000Z', 'U0OMAR', 's2', '', '{"seq":14,"type":"step.waiting","at":"2026-03-03T09:00:00Z","actor":"U0OMAR","step":"s2","user":"U0OMAR","text":"a quota","date":"2026-03-03","evidence":{"ticket":"T-1"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 15, 'listing.joined', '2026-03-03T09:00:00.000Z', 'U0ANA', '', '', '{"seq":15,"type":"listing.joined","at":"2026-03-03T09:00:00Z","actor":"U0ANA","listing":{"id":"ee-image","edition":"EE","delivery":"image","provider":"aws"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 16, 'run.planned', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":16,"type":"run.planned","at":"2026-03-03T09:00:00Z","plan":{"b4@ee-image":"2026-03-31T17:00:00Z"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 17, 'note.added', '2026-03-03T09:00:00.000Z', 'U0ANA', '', '', '{"seq":17,"type":"note.added","at":"2026-03-03T09:00:00Z","actor":"U0ANA","text":"a note"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 18, 'note.added', '2026-03-03T09:00:00.000Z', 'U0ANA', '', '', '{"seq":18,"type":"note.added","at":"2026-03-03T09:00:00Z","actor":"U0ANA","text":"not shown yet"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 2, 'run.planned', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":2,"type":"run.planned","at":"2026-03-03T09:00:00Z","plan":{"b4":"2026-03-31T17:00:00Z","b4@ce-image":"2026-03-31T17:00:00Z"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 3, 'stage.opened', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":3,"type":"stage.opened","at":"2026-03-03T09:00:00Z","stage":"scope"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 4, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's1', '', '{"seq":4,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s1","due":"2026-03-04T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 5, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's2', '', '{"seq":5,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s2","due":"2026-03-05T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 6, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's3', '', '{"seq":6,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s3","due":"2026-03-06T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 7, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's4', '', '{"seq":7,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s4","due":"2026-03-07T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 8, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's5', '', '{"seq":8,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s5","due":"2026-03-08T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 9, 'step.done', '2026-03-03T09:00:00.000Z', 'U0ANA', 's1', '', '{"seq":9,"type":"step.done","at":"2026-03-03T09:00:00Z","actor":"U0ANA","step":"s1"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 1, 'run.started', '2026-03-03T09:00:00.000Z', 'U0ANA', '', '', '{"seq":1,"type":"run.started","at":"2026-03-03T09:00:00Z","actor":"U0ANA","start":{"id":"run_ujjeo6xazyws4rh2yte4tmkkwd","number":2,"process":"launch","hash":"hash-of-launch","partner":"It''s \"quoted\"","provider":"aws","listings":[{"id":"ce-image","edition":"CE","delivery":"image","provider":"aws"}],"target":"2026-04-03","owner":"U0ANA","leads":{"om":"U0OMAR","pm":"U0MAYA","sp":"U0ANA"},"channel":"C0CARDS"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 2, 'run.planned', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":2,"type":"run.planned","at":"2026-03-03T09:00:00Z","plan":{"b4":"2026-03-31T17:00:00Z","b4@ce-image":"2026-03-31T17:00:00Z"}}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 3, 'stage.opened', '2026-03-03T09:00:00.000Z', '', '', '', '{"seq":3,"type":"stage.opened","at":"2026-03-03T09:00:00Z","stage":"scope"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 4, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's1', '', '{"seq":4,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s1","due":"2026-03-04T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 5, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's2', '', '{"seq":5,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s2","due":"2026-03-05T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 6, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's3', '', '{"seq":6,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s3","due":"2026-03-06T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 7, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's4', '', '{"seq":7,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s4","due":"2026-03-07T17:00:00Z"}');
INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 8, 'step.opened', '2026-03-03T09:00:00.000Z', '', 's5', '', '{"seq":8,"type":"step.opened","at":"2026-03-03T09:00:00Z","step":"s5","due":"2026-03-08T17:00:00Z"}');
INSERT INTO timers (run, kind, due_at) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v', 'overdue', '2026-03-05T17:00:00.000Z');
INSERT INTO timers (run, kind, due_at) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd', 'overdue', '2026-03-04T17:00:00.000Z');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v.U0ANA', 'run_nbk5wcqjwbtjezm6fxzininc4v', 'dm', 'U0ANA', 'C1', '1.0', 18, 17, 8, 8, 'digest', '2026-03-03T09:00:00.000Z', '', '', 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v.U0MAYA', 'run_nbk5wcqjwbtjezm6fxzininc4v', 'dm', 'U0MAYA', 'C1', '1.0', 18, 17, 13, 13, 'digest', '2026-03-03T09:00:00.000Z', '', '', 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v.U0OMAR', 'run_nbk5wcqjwbtjezm6fxzininc4v', 'dm', 'U0OMAR', 'C1', '1.0', 18, 17, 12, 12, 'digest', '2026-03-03T09:00:00.000Z', '', '', 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason) VALUES ('run_nbk5wcqjwbtjezm6fxzininc4v.card', 'run_nbk5wcqjwbtjezm6fxzininc4v', 'card', '', 'C1', '1.0', 18, 17, 0, 0, 'digest', '2026-03-03T09:00:00.000Z', '', '', 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd.U0ANA', 'run_ujjeo6xazyws4rh2yte4tmkkwd', 'dm', 'U0ANA', 'C1', '1.0', 8, 8, 8, 8, 'digest', '2026-03-03T09:00:00.000Z', '', '', 0, '');
INSERT INTO messages (id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason) VALUES ('run_ujjeo6xazyws4rh2yte4tmkkwd.card', 'run_ujjeo6xazyws4rh2yte4tmkkwd', 'card', '', 'C1', '1.0', 8, 8, 0, 0, 'digest', '2026-03-03T09:00:00.000Z', '', '', 0, '');
