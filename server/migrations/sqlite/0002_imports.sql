-- Lists that were imported, a row for each area of a list. `undo` holds what was there before (names among it) and is
-- emptied when the import can no longer be undone.
CREATE TABLE imports (
    number INTEGER PRIMARY KEY,
    -- One for all areas of a list.
    batch BLOB NOT NULL,
    commune BLOB NOT NULL,
    area BLOB NOT NULL,
    member BLOB NOT NULL,
    file TEXT NOT NULL,
    counts TEXT NOT NULL,
    stamp TEXT NOT NULL,
    undo TEXT,
    imported_ms INTEGER NOT NULL,
    undone_ms INTEGER,
    UNIQUE (batch, area)
) STRICT;

CREATE INDEX imports_by_commune ON imports (commune, imported_ms);
