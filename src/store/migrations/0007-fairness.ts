/** Jobs know their project, so that the next one is found without a look at every run; what a training holds is kept. */
export const sql = `
ALTER TABLE attempts ADD COLUMN slot TEXT;
ALTER TABLE jobs ADD COLUMN project_id INTEGER CONSTRAINT jobs_project_fk REFERENCES projects (id);
ALTER TABLE jobs ADD COLUMN claimed_at INTEGER;
ALTER TABLE jobs ADD COLUMN waiting_since INTEGER;
UPDATE jobs SET project_id = (SELECT project_id FROM runs WHERE runs.id = jobs.run_id), claimed_at = started_at;
CREATE INDEX jobs_queued ON jobs (project_id, name, id, run_after) WHERE state = 'queued';
CREATE INDEX jobs_due ON jobs (name, run_after) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (project_id, name) WHERE state = 'running';
CREATE INDEX jobs_served ON jobs (project_id, name, claimed_at);
CREATE INDEX jobs_kept_waiting ON jobs (project_id, name, id) WHERE state = 'queued' AND failure IS NOT NULL;
`
