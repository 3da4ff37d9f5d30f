import { resolveSettings } from '../../src/domain/settings.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'

export const START = 1_700_000_000_000

/** A store in memory whose clock stands still until it is moved. */
export function testStore() {
  const clock = { now: START }
  const db = openDatabase(':memory:')
  const store = createStore(db, () => clock.now)
  const project = (name = 'digits') =>
    store.projects.insert({ name, repoUrl: null, secret: 's', pushTokenHash: 'h', settings: { target: 0.9 } })
  const run = (
    projectId: number,
    sha = 'a'.repeat(40),
    trigger: 'push' | 'poll' | 'manual' | 'api' = 'push',
  ) =>
    store.runs.insert({
      projectId,
      ref: 'refs/heads/main',
      sha,
      trigger,
      author: null,
      message: null,
      overrides: {},
      settings: resolveSettings(),
    })
  return { clock, db, store, project, run }
}

/** A run with a running trial and attempt. */
export function testAttempt() {
  const world = testStore()
  const run = world.run(world.project().id)
  const trial = world.store.trials.insert({
    runId: run.id,
    number: 0,
    values: { lr: 0.1 },
    origin: 'your own values',
    repeats: null,
    seed: 0,
    sha: 'b',
    diff: '',
  })
  const attempt = world.store.attempts.insert({
    trialId: trial.id,
    number: 1,
    container: 'c',
    deadline: START + 1,
  })
  return { ...world, runRow: run, trial, attempt }
}
