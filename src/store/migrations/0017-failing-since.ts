/** For how long a job has failed, whatever it failed of. */
export const sql = `
ALTER TABLE jobs ADD COLUMN failing_since INTEGER;
`
