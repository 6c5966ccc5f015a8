-- The file of a local portal, version 1.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- Every record of every object type. properties is a JSON object of texts;
-- times are Unix milliseconds; archived_at is set while a record lies in the bin.
CREATE TABLE objects (
  type        TEXT    NOT NULL,
  id          INTEGER NOT NULL,
  properties  TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  archived_at INTEGER
);
CREATE UNIQUE INDEX objects_id ON objects (type, id);
CREATE INDEX objects_archived ON objects (type, id) WHERE archived_at IS NOT NULL;
CREATE INDEX companies_domain ON objects (json_extract(properties, '$.domain') COLLATE NOCASE)
  WHERE type = 'company';

-- Addresses of live contacts, primary and secondary: the key is the promise that
-- no two contacts share one.
CREATE TABLE addresses (
  email TEXT PRIMARY KEY,
  id    INTEGER NOT NULL
) WITHOUT ROWID;

-- Addresses of contacts in the bin; several may have had the same one.
CREATE TABLE archived_addresses (
  email TEXT    NOT NULL,
  id    INTEGER NOT NULL,
  PRIMARY KEY (email, id)
) WITHOUT ROWID;

-- Values of unique properties of live records.
CREATE TABLE unique_values (
  type     TEXT    NOT NULL,
  property TEXT    NOT NULL,
  value    TEXT    NOT NULL,
  id       INTEGER NOT NULL,
  PRIMARY KEY (type, property, value)
) WITHOUT ROWID;

-- One row a direction of a pair, so an association is two rows. types lists its
-- association types: "279", or "user:28" where HubSpot did not define the type.
CREATE TABLE associations (
  from_type TEXT    NOT NULL,
  from_id   INTEGER NOT NULL,
  to_type   TEXT    NOT NULL,
  to_id     INTEGER NOT NULL,
  types     TEXT    NOT NULL,
  PRIMARY KEY (from_type, from_id, to_type, to_id)
) WITHOUT ROWID;

-- What an update replaced: the former text of each property it changed.
CREATE TABLE history (
  type   TEXT    NOT NULL,
  id     INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  former TEXT    NOT NULL,
  PRIMARY KEY (type, id, at)
) WITHOUT ROWID;

-- Definitions beside HubSpot's own. definition is a property as the API returns
-- it, rules is a list of validation rules.
CREATE TABLE properties (
  type       TEXT NOT NULL,
  name       TEXT NOT NULL,
  definition TEXT NOT NULL,
  rules      TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (type, name)
) WITHOUT ROWID;

-- Labels that users defined, one row a direction.
CREATE TABLE labels (
  from_type TEXT    NOT NULL,
  to_type   TEXT    NOT NULL,
  type_id   INTEGER NOT NULL,
  inverse   INTEGER NOT NULL,
  name      TEXT    NOT NULL,
  label     TEXT    NOT NULL,
  PRIMARY KEY (from_type, to_type, type_id)
) WITHOUT ROWID;

CREATE TABLE owners (
  id       INTEGER PRIMARY KEY,
  owner    TEXT    NOT NULL
);

-- What the query planner should expect of a portal that has grown: many records a
-- type, few companies a domain. Without it, a look-up by domain reads every
-- company.
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('objects', 'objects_id', '1000000 100000 1'),
  ('objects', 'objects_archived', '10000 1000 1'),
  ('objects', 'companies_domain', '100000 1');
ANALYZE sqlite_schema;
