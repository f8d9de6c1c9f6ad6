-- As they are, not hashed: they sign.
CREATE TABLE signing (
    subscriber     TEXT PRIMARY KEY REFERENCES subscriber (id) ON DELETE CASCADE,
    secret         TEXT NOT NULL,
    previous       TEXT,
    previous_until INTEGER,
    CHECK ((previous IS NULL) = (previous_until IS NULL))
) STRICT, WITHOUT ROWID;
