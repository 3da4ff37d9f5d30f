import { SLOTS_BUSY } from '../domain/slots.ts'

/** What the trainings of a run ask of the engine, as text to compare. */
const asks = (run: string) =>
  `json_array(json_extract(${run}.settings, '$.memory'), json_extract(${run}.settings, '$.cpus'), ` +
  `ifnull(json_extract(${run}.detection, '$.gpus'), 0))`

/**
 * Which job a worker takes next, as one statement. Of the names that it may take:
 *
 * 1. a running one whose owner's lease has run out: somebody else was at it already;
 * 2. else the oldest due job of the project whose turn it is: of those with a due job the one with the fewest running
 *    jobs of these names; among equals the one that was served longest ago, one that never was before all; then the oldest job.
 *
 * So a project with many runs gets what the others leave, and no project waits for more than one turn of each other. A
 * job that had to wait for something keeps its place in its project, and its claim does not count as a turn. Behind one
 * that waits for a slot those of the project wait, too, that ask for as much: they would only be refused as well. Whether one
 * that asks for something else may overtake it is decided by `refusal`.
 *
 * The work is one look into an index for each project and name, however many jobs are queued; see `jobs_queued`.
 *
 * Parameters: `names`, `exclusive` (of a run) and `inProject` (exclusive of a project) as JSON arrays, `owner`, `now`, `leaseMs`.
 */
export const CLAIM = `
UPDATE jobs SET state = 'running', owner = @owner, lease_until = @now + @leaseMs,
  started_at = ifnull(started_at, @now), turn = (SELECT ifnull(max(served.turn), 0) + 1 FROM jobs AS served WHERE served.turn IS NOT NULL)
WHERE id = coalesce(
  (SELECT id FROM jobs
   WHERE state = 'running' AND name IN (SELECT value FROM json_each(@names)) AND lease_until < @now AND owner <> @owner
   ORDER BY id LIMIT 1),
  (SELECT first.id
   FROM projects AS project CROSS JOIN json_each(@names) AS wanted CROSS JOIN jobs AS first
   WHERE first.id = (
     SELECT job.id FROM jobs AS job INDEXED BY jobs_queued
     WHERE job.state = 'queued' AND job.project_id = project.id AND job.name = wanted.value AND job.run_after <= @now
       AND NOT (job.name IN (SELECT value FROM json_each(@exclusive)) AND EXISTS (
         SELECT 1 FROM jobs AS other
         WHERE other.run_id = job.run_id AND other.name = job.name AND other.state = 'running'))
       AND NOT (job.name IN (SELECT value FROM json_each(@inProject)) AND EXISTS (
         SELECT 1 FROM jobs AS other
         WHERE other.project_id = job.project_id AND other.name = job.name AND other.state = 'running'))
       AND NOT EXISTS (
         SELECT 1 FROM jobs AS ahead CROSS JOIN runs AS its ON its.id = ahead.run_id
         WHERE ahead.state = 'queued' AND ahead.failure IS NOT NULL AND ahead.project_id = project.id
           AND ahead.name = wanted.value AND ahead.id < job.id AND ahead.run_after > @now
           AND json_extract(ahead.failure, '$.code') = '${SLOTS_BUSY}'
           AND ${asks('its')} = (SELECT ${asks('own')} FROM runs AS own WHERE own.id = job.run_id))
     ORDER BY job.id LIMIT 1)
   ORDER BY
     (SELECT count(*) FROM jobs AS busy
      WHERE busy.state = 'running' AND busy.project_id = project.id
        AND busy.name IN (SELECT value FROM json_each(@names))),
     (SELECT ifnull(max((
        SELECT max(served.turn) FROM jobs AS served
        WHERE served.project_id = project.id AND served.name = one.value)), 0)
      FROM json_each(@names) AS one),
     first.id
   LIMIT 1))
RETURNING *`

/** When the next queued job of these names becomes due after a time; parameters: `names`, `after`. */
export const NEXT_DUE = `
SELECT min((
  SELECT job.run_after FROM jobs AS job
  WHERE job.state = 'queued' AND job.name = wanted.value AND job.run_after > @after
  ORDER BY job.run_after LIMIT 1)) AS at
FROM json_each(@names) AS wanted`
