-- Đối chiếu: whether a row of a provider's list is a resident, as somebody decided once. The id is derived from both and
-- names nobody (`domain::holders::decision_id`).
CREATE TABLE holder_decisions (
    id BLOB PRIMARY KEY,
    commune BLOB NOT NULL,
    is_same INTEGER NOT NULL CHECK (is_same IN (0, 1)),
    member BLOB NOT NULL,
    decided_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX holder_decisions_by_commune ON holder_decisions (commune);
