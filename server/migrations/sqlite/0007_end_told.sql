-- When a phone that was shut out first came in afterwards, and so was told; NULL while it has not.
ALTER TABLE devices ADD COLUMN end_told_ms INTEGER;
