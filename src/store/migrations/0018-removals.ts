/** Projects that were deleted and whose files are still to go; what makes the deletion of their rows quick; keys of badges. */
export const sql = `
CREATE TABLE removals (
  project_id INTEGER CONSTRAINT removals_pk PRIMARY KEY,
  name TEXT COLLATE NOCASE,
  run_ids TEXT NOT NULL CONSTRAINT removals_runs_json CHECK (json_valid(run_ids)),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX runs_by_best_trial ON runs (best_trial_id);
CREATE INDEX runs_by_rerun ON runs (rerun_of);
CREATE INDEX jobs_by_project ON jobs (project_id);
CREATE INDEX events_by_project ON events (project_id) WHERE project_id IS NOT NULL;
ALTER TABLE projects ADD COLUMN badge_turns INTEGER NOT NULL DEFAULT 0;
`
