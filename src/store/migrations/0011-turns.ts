/** Turns are counted, since a time is not later than another where the clock was set back in between; and what pages ask for. */
export const sql = `
ALTER TABLE jobs RENAME COLUMN claimed_at TO turn;
CREATE INDEX jobs_turns ON jobs (turn) WHERE turn IS NOT NULL;
DROP INDEX runs_to_compact;
CREATE INDEX runs_to_compact ON runs (id, ended_at) WHERE compacted_at IS NULL AND ended_at IS NOT NULL;
CREATE INDEX runs_alive ON runs (project_id, id) WHERE state IN ('queued', 'running');
`
