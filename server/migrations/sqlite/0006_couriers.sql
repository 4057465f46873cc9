-- Capsules: the key that opens them, and which phones may have made them.
ALTER TABLE instance ADD COLUMN capsule_secret BLOB;

-- A phone tells the hash of a secret of its own; only who has the secret can make a capsule in its name.
CREATE TABLE couriers (
    hash BLOB PRIMARY KEY,
    device BLOB NOT NULL REFERENCES devices (id),
    told_ms INTEGER NOT NULL,
    -- 1 when the phone has said that it stamps anew what was sealed under this one.
    void INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX couriers_by_device ON couriers (device, told_ms);
