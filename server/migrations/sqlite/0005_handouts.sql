-- Named lists that left the program: who took which, when and why, and which households stood on which line. Ids and numbers
-- only; the words are the reason's own, and hold no long numbers.
CREATE TABLE handouts (
    -- As printed on every page.
    number INTEGER PRIMARY KEY,
    -- Names this handout in the audit; numbers may come again after a restore from backup, this does not.
    id BLOB NOT NULL UNIQUE,
    commune BLOB NOT NULL,
    member BLOB NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('helped', 'doors')),
    -- The area of a list of doors; the helper whose list of people it is.
    subject BLOB NOT NULL,
    route BLOB,
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    with_phones INTEGER NOT NULL,
    people_count INTEGER NOT NULL,
    -- The households in the order of the lines, 16 bytes each.
    lines BLOB NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX handouts_by_commune ON handouts (commune, number);

CREATE TRIGGER handouts_are_never_changed BEFORE UPDATE ON handouts BEGIN SELECT RAISE(ABORT, 'handouts are append-only'); END;
CREATE TRIGGER handouts_are_never_deleted BEFORE DELETE ON handouts BEGIN SELECT RAISE(ABORT, 'handouts are append-only'); END;
