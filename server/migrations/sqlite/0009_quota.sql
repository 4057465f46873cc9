-- What each member has had stored on a day (UTC+7), so that no phone can fill those of its colleagues.
CREATE TABLE quota (
    member BLOB NOT NULL,
    -- As 2026-11-30.
    day TEXT NOT NULL,
    documents INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;
