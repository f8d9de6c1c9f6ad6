CREATE TABLE transcript (
    trigger TEXT NOT NULL REFERENCES trigger (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (trigger, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX transcript_at ON transcript (at);

-- Not bound to triggers: it outlives them.
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
