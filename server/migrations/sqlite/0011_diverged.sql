-- Areas in which a phone, by what it last said, does not have what the server has, also after it has asked for all anew.
ALTER TABLE devices ADD COLUMN diverged INTEGER NOT NULL DEFAULT 0;
