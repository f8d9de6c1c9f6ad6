CREATE TABLE subscriber (
    id  TEXT PRIMARY KEY,
    doc TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What people change: one document each. `seq` is the order in which they were made.
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
