-- Version 2: records that were merged, addresses that were forgotten.

-- The former id of a record that was merged into another: reading it leads there.
-- Chains are never longer than one step. absorbed is 1 for the record that was
-- merged into the other, 0 for the former id of the record that it was merged
-- into, so that a record counts its merges.
CREATE TABLE merged (
  type TEXT    NOT NULL,
  id   INTEGER NOT NULL,
  into_id INTEGER NOT NULL,
  absorbed INTEGER NOT NULL,
  PRIMARY KEY (type, id)
) WITHOUT ROWID;
CREATE INDEX merged_into ON merged (type, into_id);

-- Addresses that were permanently deleted, as hashes: the file can tell that an
-- address is one of them, and cannot list them.
CREATE TABLE forgotten (
  address BLOB PRIMARY KEY
) WITHOUT ROWID;

-- Property groups beside HubSpot's own; definition is a group as the API returns it.
CREATE TABLE property_groups (
  type       TEXT NOT NULL,
  name       TEXT NOT NULL,
  definition TEXT NOT NULL,
  PRIMARY KEY (type, name)
) WITHOUT ROWID;

-- Custom object types, archived ones among them; definition is a store.ObjectType.
CREATE TABLE object_types (
  type       TEXT PRIMARY KEY,
  definition TEXT NOT NULL
) WITHOUT ROWID;
