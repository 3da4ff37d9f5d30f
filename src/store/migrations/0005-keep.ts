/** What a run's data sets were, the image of its winner and that of its trainings, and which files of a trial were kept. */
export const sql = `
ALTER TABLE runs ADD COLUMN data TEXT;
ALTER TABLE runs ADD COLUMN image TEXT;
ALTER TABLE runs ADD COLUMN trained_in TEXT;
ALTER TABLE trials ADD COLUMN artifacts TEXT;
UPDATE runs SET settings = json_patch('{"shm":"1g","data":[],"keepImage":false}', settings);
`
