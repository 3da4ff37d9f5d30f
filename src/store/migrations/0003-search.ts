/** Where a trial's values come from, repeats with other seeds, trials given up early, and what the search knows. */
export const sql = `
ALTER TABLE trials ADD COLUMN origin TEXT NOT NULL DEFAULT 'the sampler';
ALTER TABLE trials ADD COLUMN repeats INTEGER;
ALTER TABLE trials ADD COLUMN seed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trials ADD COLUMN pruning TEXT;
UPDATE trials SET origin = 'your own values' WHERE number = 0;
UPDATE trials SET seed = ifnull((SELECT settings ->> '$.seed' FROM runs WHERE runs.id = trials.run_id), 0);
ALTER TABLE runs ADD COLUMN outlook TEXT;
UPDATE runs SET settings = json_patch(
  '{"parallel":1,"sampler":"quasi-random","pruner":"none","confirm":0,"stopAtTarget":false,"giveUp":0}', settings);
`
