/** The run that a run was made from, and the job from which on everything was done anew. */
export const sql = `
ALTER TABLE runs ADD COLUMN rerun_of INTEGER CONSTRAINT runs_rerun_fk REFERENCES runs (id);
ALTER TABLE runs ADD COLUMN rerun_from TEXT;
`
