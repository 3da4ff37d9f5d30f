/** Pushes of one branch are put in order by the commit that each moved it from. */
export const sql = `
ALTER TABLE runs ADD COLUMN before_sha TEXT;
CREATE INDEX runs_by_before ON runs (project_id, ref, before_sha) WHERE before_sha IS NOT NULL;
`
