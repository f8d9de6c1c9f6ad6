-- Of no account: what concerns them all.
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
