-- When a member left an area: what they made before that is still taken from their phone.
CREATE TABLE member_left (
    member BLOB NOT NULL,
    area BLOB NOT NULL,
    left_ms INTEGER NOT NULL,
    PRIMARY KEY (member, area)
) STRICT, WITHOUT ROWID;

-- People credited to a member, by area: taken from the areas' figures, to tell a phone of areas that it does not hold.
CREATE TABLE credits (
    area BLOB NOT NULL,
    member BLOB NOT NULL,
    commune BLOB NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (area, member)
) STRICT, WITHOUT ROWID;

CREATE INDEX credits_by_member ON credits (member, commune);
