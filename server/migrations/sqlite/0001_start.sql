-- Ids are 16 bytes, installs hexadecimal text, times milliseconds since 1970 (UTC).

CREATE TABLE instance (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    -- 128 random bits, hexadecimal; changes when the database was restored from a backup.
    epoch TEXT NOT NULL,
    restored_ms INTEGER,
    -- The server's own clock for the documents that it writes itself.
    clock TEXT NOT NULL
) STRICT;

CREATE TABLE scopes (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('commune', 'figures', 'area')),
    commune BLOB NOT NULL,
    -- The newest number given to a document of this scope.
    seq INTEGER NOT NULL DEFAULT 0,
    -- How many documents were ever accepted.
    accepted INTEGER NOT NULL DEFAULT 0,
    digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX scopes_by_commune ON scopes (commune);

-- An id is global: a document lives in one scope, and only the server knows in which.
CREATE TABLE documents (
    id BLOB PRIMARY KEY,
    scope BLOB NOT NULL REFERENCES scopes (id),
    kind TEXT NOT NULL,
    seq INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX documents_by_seq ON documents (scope, seq);
CREATE INDEX documents_by_kind ON documents (scope, kind);

-- Invites and devices are known by the SHA-256 of their secret only.
CREATE TABLE invites (
    code_hash BLOB PRIMARY KEY,
    member BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    redeemed_by TEXT,
    redeemed_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    id BLOB PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    member BLOB NOT NULL,
    install TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL,
    unsent INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    app TEXT NOT NULL DEFAULT '',
    -- 'left' or 'lost'; NULL while the device may come in.
    revoked TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX devices_by_member ON devices (member);

-- Who changed what and when. Never what it said.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    member BLOB,
    install TEXT NOT NULL,
    action TEXT NOT NULL,
    document BLOB,
    scope BLOB,
    seq INTEGER,
    received_ms INTEGER NOT NULL
) STRICT;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
