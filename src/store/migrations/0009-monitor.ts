/** What an attempt has to remember beyond its container: when it may start, its /dev/shm, for how long it has been silent. */
export const sql = `
ALTER TABLE attempts ADD COLUMN not_before INTEGER;
ALTER TABLE attempts ADD COLUMN shm_bytes INTEGER;
ALTER TABLE attempts ADD COLUMN silent_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN usage TEXT;
UPDATE runs SET settings = json_patch('{"silentLimit":15}', settings);
`
