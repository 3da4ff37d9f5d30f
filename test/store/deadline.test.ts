import { expect, it } from 'vitest'
import { startRun } from '../../src/chain/intake.ts'
import { createProject } from '../../src/chain/projects.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'

it('a run has a deadline from the moment it runs, so that what it waits for cannot hold it for ever', () => {
  const store = createStore(openDatabase(':memory:'), () => 1000)
  const { project } = createProject(store, { name: 'p', settings: { runTimeLimit: 2 } })
  const first = { name: 'git-import' as const, key: 'git-import', input: {} }
  const run = startRun(
    store,
    project,
    { ref: 'refs/heads/main', sha: 'a'.repeat(40), trigger: 'push' },
    { first },
  )
  expect(run.deadline).toBeNull()
  expect(store.runs.transition(run.id, 'running').deadline).toBe(1000 + 2 * 60_000)
  store.close()
})
