/** Runs of a project by branch, state and author, the newest first. */
export const sql = `
CREATE INDEX runs_by_ref ON runs (project_id, ref, id);
CREATE INDEX runs_by_project_state ON runs (project_id, state, id);
CREATE INDEX runs_by_author ON runs (project_id, author, id) WHERE author IS NOT NULL;
`
