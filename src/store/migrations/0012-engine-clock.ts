/** When a container ran by its engine's clock, apart from how long its attempt took by Hone's. */
export const sql = `
ALTER TABLE attempts ADD COLUMN engine_started_at INTEGER;
ALTER TABLE attempts ADD COLUMN engine_ended_at INTEGER;
`
