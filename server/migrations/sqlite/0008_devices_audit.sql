-- When a phone's present token was given or last proved good, to a day: one that is not heard of for long is let in no more.
ALTER TABLE devices ADD COLUMN active_ms INTEGER NOT NULL DEFAULT 0;
UPDATE devices SET active_ms = max(created_ms, last_seen_ms);
-- Of one that was enrolled again and has not come in since, nobody knows when that was: it gets its time from now on.
UPDATE devices SET active_ms = unixepoch() * 1000 WHERE last_seen_ms = 0;

-- Số kiểm tra: the number that a new phone shows, to be compared with the one on the screen of who invited. NULL for phones
-- from before there were numbers.
ALTER TABLE devices ADD COLUMN check_number INTEGER;
-- Who said that it is the right phone, and when; NULL while nobody has. Somebody at the server's own keyboard has no id.
ALTER TABLE devices ADD COLUMN checked_by BLOB;
ALTER TABLE devices ADD COLUMN checked_ms INTEGER;

-- How many people a list named that somebody read.
ALTER TABLE audit ADD COLUMN people INTEGER;
-- SHA-256 of the hash of the line before and of what this line says (`store/audit.rs`). NULL for lines from before the chain.
ALTER TABLE audit ADD COLUMN hash BLOB;

-- The end of the chain, so that lines that are missing at its end are noticed.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    -- The last line from before the chain, 0 when there is none.
    starts_after INTEGER NOT NULL,
    -- The last line and its hash.
    number INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

INSERT INTO audit_head (one, starts_after, number, hash)
SELECT 1, coalesce(max(number), 0), coalesce(max(number), 0), zeroblob(32) FROM audit;
