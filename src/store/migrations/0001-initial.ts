export const sql = `
CREATE TABLE meta (
  key TEXT NOT NULL CONSTRAINT meta_pk PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE projects (
  id INTEGER CONSTRAINT projects_pk PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE CONSTRAINT projects_name_unique UNIQUE,
  repo_url TEXT,
  secret TEXT NOT NULL,
  push_token_hash TEXT NOT NULL,
  settings TEXT NOT NULL CONSTRAINT projects_settings_json CHECK (json_valid(settings)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE runs (
  id INTEGER CONSTRAINT runs_pk PRIMARY KEY,
  project_id INTEGER NOT NULL CONSTRAINT runs_project_fk REFERENCES projects (id),
  number INTEGER NOT NULL,
  ref TEXT NOT NULL,
  sha TEXT NOT NULL,
  "trigger" TEXT NOT NULL,
  state TEXT NOT NULL,
  author TEXT,
  message TEXT,
  overrides TEXT NOT NULL,
  settings TEXT NOT NULL,
  detection TEXT,
  best_trial_id INTEGER CONSTRAINT runs_best_trial_fk REFERENCES trials (id),
  conclusion TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  deadline INTEGER,
  CONSTRAINT runs_number_unique UNIQUE (project_id, number)
) STRICT;
CREATE UNIQUE INDEX runs_one_for_a_push ON runs (project_id, ref, sha) WHERE "trigger" IN ('push', 'poll');
CREATE INDEX runs_by_state ON runs (state);

CREATE TABLE deliveries (
  id INTEGER CONSTRAINT deliveries_pk PRIMARY KEY,
  project_id INTEGER NOT NULL CONSTRAINT deliveries_project_fk REFERENCES projects (id),
  delivery_id TEXT NOT NULL,
  event TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  run_id INTEGER CONSTRAINT deliveries_run_fk REFERENCES runs (id),
  payload BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  CONSTRAINT deliveries_once UNIQUE (project_id, delivery_id)
) STRICT;
CREATE INDEX deliveries_by_run ON deliveries (run_id);

CREATE TABLE jobs (
  id INTEGER CONSTRAINT jobs_pk PRIMARY KEY,
  run_id INTEGER NOT NULL CONSTRAINT jobs_run_fk REFERENCES runs (id),
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  input TEXT NOT NULL,
  output TEXT,
  failure TEXT,
  tries INTEGER NOT NULL DEFAULT 0,
  run_after INTEGER NOT NULL,
  owner TEXT,
  lease_until INTEGER,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  CONSTRAINT jobs_key_once UNIQUE (run_id, key)
) STRICT;
CREATE INDEX jobs_claimable ON jobs (state, run_after);

CREATE TABLE trials (
  id INTEGER CONSTRAINT trials_pk PRIMARY KEY,
  run_id INTEGER NOT NULL CONSTRAINT trials_run_fk REFERENCES runs (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  "values" TEXT NOT NULL,
  sha TEXT NOT NULL,
  diff TEXT NOT NULL,
  metric REAL,
  failure TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  CONSTRAINT trials_number_unique UNIQUE (run_id, number)
) STRICT;

CREATE TABLE attempts (
  id INTEGER CONSTRAINT attempts_pk PRIMARY KEY,
  trial_id INTEGER NOT NULL CONSTRAINT attempts_trial_fk REFERENCES trials (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  container TEXT NOT NULL CONSTRAINT attempts_container_unique UNIQUE,
  exit_code INTEGER,
  signal TEXT,
  out_of_memory INTEGER NOT NULL DEFAULT 0,
  failure TEXT,
  deadline INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  CONSTRAINT attempts_number_unique UNIQUE (trial_id, number)
) STRICT;
CREATE INDEX attempts_by_state ON attempts (state);

CREATE TABLE metrics (
  id INTEGER CONSTRAINT metrics_pk PRIMARY KEY,
  attempt_id INTEGER NOT NULL CONSTRAINT metrics_attempt_fk REFERENCES attempts (id),
  name TEXT NOT NULL,
  split TEXT NOT NULL,
  value REAL,
  step INTEGER,
  source TEXT NOT NULL,
  evidence TEXT NOT NULL,
  line INTEGER,
  decisive INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX metrics_once ON metrics (attempt_id, source, ifnull(line, 0), name, split);

CREATE TABLE mails (
  id INTEGER CONSTRAINT mails_pk PRIMARY KEY,
  run_id INTEGER NOT NULL CONSTRAINT mails_run_fk REFERENCES runs (id),
  kind TEXT NOT NULL,
  message_id TEXT NOT NULL CONSTRAINT mails_message_id_unique UNIQUE,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  html TEXT NOT NULL,
  attachments TEXT NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_at INTEGER NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  CONSTRAINT mails_once UNIQUE (run_id, kind, recipient)
) STRICT;
CREATE INDEX mails_due ON mails (state, next_try_at);

CREATE TABLE events (
  id INTEGER CONSTRAINT events_pk PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER CONSTRAINT events_run_fk REFERENCES runs (id),
  project_id INTEGER CONSTRAINT events_project_fk REFERENCES projects (id),
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_run ON events (run_id, id);
`
