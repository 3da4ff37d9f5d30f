/** Ended runs take less room, and what pages ask for is found by an index. */
export const sql = `
ALTER TABLE runs ADD COLUMN compacted_at INTEGER;
ALTER TABLE deliveries ADD COLUMN payload_packed INTEGER NOT NULL DEFAULT 0;
CREATE TABLE packed_metrics (
  attempt_id INTEGER CONSTRAINT packed_metrics_pk PRIMARY KEY
    CONSTRAINT packed_metrics_attempt_fk REFERENCES attempts (id),
  data BLOB NOT NULL
) STRICT;
CREATE INDEX runs_to_compact ON runs (ended_at) WHERE compacted_at IS NULL AND ended_at IS NOT NULL;
CREATE INDEX runs_by_project ON runs (project_id, id);
CREATE INDEX runs_with_data ON runs (project_id, number) WHERE data IS NOT NULL AND data <> '[]';
CREATE INDEX deliveries_by_project ON deliveries (project_id, id);
`
