/** People, their tokens and sessions, and the record of what they did. The owner is no row: a session without a token is theirs. */
export const sql = `
CREATE TABLE users (
  id INTEGER CONSTRAINT users_pk PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE CONSTRAINT users_name_unique UNIQUE,
  role TEXT NOT NULL CONSTRAINT users_role CHECK (role IN ('admin', 'viewer')),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
  id INTEGER CONSTRAINT tokens_pk PRIMARY KEY,
  user_id INTEGER NOT NULL CONSTRAINT tokens_user_fk REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL COLLATE NOCASE,
  hash TEXT NOT NULL CONSTRAINT tokens_hash_unique UNIQUE,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  ends_at INTEGER,
  CONSTRAINT tokens_name_unique UNIQUE (user_id, name)
) STRICT;

CREATE TABLE sessions (
  hash TEXT NOT NULL CONSTRAINT sessions_pk PRIMARY KEY,
  token_id INTEGER CONSTRAINT sessions_token_fk REFERENCES tokens (id) ON DELETE CASCADE,
  ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_token ON sessions (token_id, ends_at);
INSERT INTO sessions (hash, token_id, ends_at)
  SELECT json_each.key, NULL, json_each.value FROM meta, json_each(meta.value) WHERE meta.key = 'sessions';
DELETE FROM meta WHERE key = 'sessions';

CREATE TABLE audit (
  id INTEGER CONSTRAINT audit_pk PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  user TEXT,
  token TEXT,
  via TEXT,
  address TEXT,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX audit_by_action ON audit (action, id);
CREATE INDEX audit_by_user ON audit (user, id);
`
