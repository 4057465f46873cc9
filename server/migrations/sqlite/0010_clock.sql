-- What this server knows of its own clock: when it last worked at a time that was believed, and when a person last said that
-- the machine's clock is right.
ALTER TABLE instance ADD COLUMN seen_ms INTEGER;
ALTER TABLE instance ADD COLUMN confirmed_ms INTEGER;
-- When it last found out, by a phone's cursor, that an older copy of its file had been put back.
ALTER TABLE instance ADD COLUMN rolled_back_ms INTEGER;

UPDATE instance SET seen_ms = (
    SELECT max(ms) FROM (SELECT max(received_ms) AS ms FROM audit UNION ALL SELECT max(last_seen_ms) FROM devices)
);
