-- Version 2: records that were merged.

-- The former id of a record that was merged into another: reading it leads there.
-- Chains are never longer than one step.
CREATE TABLE merged (
  type TEXT    NOT NULL,
  id   INTEGER NOT NULL,
  into_id INTEGER NOT NULL,
  PRIMARY KEY (type, id)
) WITHOUT ROWID;
CREATE INDEX merged_into ON merged (type, into_id);
