CREATE TABLE subscriber (
    id  TEXT PRIMARY KEY,
    doc TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    seq        INTEGER PRIMARY KEY,
    subscriber TEXT NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    id         TEXT NOT NULL,
    name       TEXT,
    doc        TEXT NOT NULL,
    UNIQUE (subscriber, kind, id),
    UNIQUE (subscriber, kind, name)
) STRICT;

CREATE TABLE audio_content (
    subscriber TEXT NOT NULL,
    kind       TEXT NOT NULL DEFAULT 'audio' CHECK (kind = 'audio'),
    audio      TEXT NOT NULL,
    content    BLOB NOT NULL,
    PRIMARY KEY (subscriber, audio),
    FOREIGN KEY (subscriber, kind, audio) REFERENCES record (subscriber, kind, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE token (
    id         TEXT PRIMARY KEY,
    hash       BLOB NOT NULL UNIQUE,
    subscriber TEXT REFERENCES subscriber (id) ON DELETE CASCADE,
    revoked_at INTEGER,
    doc        TEXT NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE trigger (
    seq           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    subscriber    TEXT NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    workflow      TEXT NOT NULL,
    workflow_name TEXT NOT NULL,
    uri           TEXT NOT NULL,
    device        TEXT,
    class         TEXT NOT NULL CHECK (class IN ('interactive', 'durable')),
    trigger       TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('queued', 'dialing', 'started', 'ended')),
    epoch         INTEGER NOT NULL DEFAULT 0,
    node          TEXT,
    lease_until   INTEGER,
    attempts      INTEGER NOT NULL DEFAULT 0,
    accepted_at   INTEGER NOT NULL,
    not_before    INTEGER NOT NULL,
    not_after     INTEGER NOT NULL,
    fire_at       INTEGER,
    retry_of      TEXT,
    started_at    INTEGER,
    ended_at      INTEGER,
    outcome       TEXT,
    reason        TEXT,
    CHECK ((state = 'ended') = (outcome IS NOT NULL)),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK (state <> 'started' OR started_at IS NOT NULL)
) STRICT;

CREATE INDEX trigger_due ON trigger (class, not_before, seq) WHERE state = 'queued';

CREATE INDEX trigger_old ON trigger (not_after) WHERE state = 'queued';

CREATE INDEX trigger_lease ON trigger (lease_until) WHERE state = 'dialing';

CREATE INDEX trigger_order ON trigger (workflow, device, class, seq)
    WHERE device IS NOT NULL AND state IN ('queued', 'dialing');

CREATE INDEX trigger_history ON trigger (subscriber, seq);

CREATE INDEX trigger_live ON trigger (subscriber, seq) WHERE state <> 'ended';

CREATE INDEX trigger_started ON trigger (node, seq) WHERE state = 'started';

CREATE INDEX trigger_ended ON trigger (ended_at) WHERE state = 'ended';

CREATE UNIQUE INDEX trigger_occurrence ON trigger (subscriber, workflow, fire_at) WHERE fire_at IS NOT NULL;

CREATE UNIQUE INDEX trigger_retried ON trigger (retry_of) WHERE retry_of IS NOT NULL;

CREATE TABLE attempt (
    trigger TEXT NOT NULL REFERENCES trigger (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    doc     TEXT NOT NULL,
    PRIMARY KEY (trigger, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    subscriber  TEXT NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    trigger     TEXT NOT NULL REFERENCES trigger (id) ON DELETE CASCADE,
    until       INTEGER NOT NULL,
    PRIMARY KEY (subscriber, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_trigger ON idempotency (trigger);

CREATE INDEX idempotency_until ON idempotency (until);

CREATE TABLE schedule (
    subscriber TEXT NOT NULL,
    kind       TEXT NOT NULL DEFAULT 'workflow' CHECK (kind = 'workflow'),
    workflow   TEXT NOT NULL,
    next_at    INTEGER,
    past       INTEGER NOT NULL,
    PRIMARY KEY (subscriber, workflow),
    FOREIGN KEY (subscriber, kind, workflow) REFERENCES record (subscriber, kind, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX schedule_due ON schedule (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE transcript (
    trigger TEXT NOT NULL REFERENCES trigger (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (trigger, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX transcript_at ON transcript (at);

CREATE TABLE analytics (
    seq          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    subscriber   TEXT NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    workflow     TEXT,
    instance     TEXT,
    user         TEXT,
    source       TEXT NOT NULL,
    category     TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content      TEXT NOT NULL
) STRICT;

CREATE INDEX analytics_history ON analytics (subscriber, seq);

CREATE INDEX analytics_instance ON analytics (instance);

CREATE INDEX analytics_at ON analytics (at);

CREATE TABLE signing (
    subscriber     TEXT PRIMARY KEY REFERENCES subscriber (id) ON DELETE CASCADE,
    secret         TEXT NOT NULL,
    previous       TEXT,
    previous_until INTEGER,
    CHECK ((previous IS NULL) = (previous_until IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    subscriber TEXT REFERENCES subscriber (id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    token      TEXT,
    event_type TEXT NOT NULL,
    action     TEXT NOT NULL,
    user       TEXT,
    data       TEXT NOT NULL
) STRICT;

CREATE INDEX audit_history ON audit (subscriber, seq);

CREATE INDEX audit_at ON audit (at);
