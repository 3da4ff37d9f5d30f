import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { patchBetweenRuns } from '../../src/http/api/run-diff.ts'
import { RunSummary } from '../../src/http/contract.ts'
import { aSource, scriptOf } from '../helpers/sources.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()

/** Two runs of a project, each with the source of a trial that it has made its best. */
async function twoRuns() {
  const { project } = api.hone.project({ name: api.name })
  const { store, paths } = api.hone.deps
  const make = async (hidden: number, more: string) => {
    const answer = await api.post(`/projects/${project.name}/runs`, { sha: 'a'.repeat(40) })
    const run = store.runs.get(RunSummary.parse(await answer.json()).id)
    const source = await aSource({ paths }, run, scriptOf({}, more))
    const { sha, diff } = await source.commit(1, scriptOf({ hidden }, more))
    const about = { runId: run.id, origin: 'x', repeats: null, seed: 0 }
    const trial = store.trials.insert({ ...about, number: 1, values: { hidden }, sha, diff })
    store.trials.transition(trial.id, 'running')
    store.trials.transition(trial.id, 'completed', { metric: 0.9 })
    return run
  }
  return [await make(10, ''), await make(99, '# second\n')] as const
}

const diff = async (of: number, query: string) => (await api.get(`/runs/${of}/diff${query}`)).text()

describe('GET /runs/:id/diff', () => {
  it('leads from the best source of one run to that of another, or to the commits alone', async () => {
    const [first, second] = await twoRuns()
    const patch = await diff(second.id, `?against=${first.id}`)
    expect(patch).toContain('-    hidden_layer_sizes=(10,),\n+    hidden_layer_sizes=(99,),')
    expect(patch).toContain('+# second')
    expect(await diff(first.id, `?against=${second.id}`)).toContain('-# second')
    // Both rows of this test have the same commit in the database.
    expect(await diff(second.id, `?against=${first.id}&of=commit`)).toBe('')
    expect(await diff(second.id, `?against=${second.id}`)).toBe('')
  })

  it('is refused where it is too large', async () => {
    const [first, second] = await twoRuns()
    const tooLarge = patchBetweenRuns(api.hone.deps, [first, second], 'best', { maxBytes: 100 })
    await expect(tooLarge).rejects.toMatchObject({ status: 413, code: 'diff-too-large' })
  })

  it('says what is wrong', async () => {
    const [first, second] = await twoRuns()
    const path = `/runs/${second.id}/diff?against=${first.id}`
    expect(await errorOf(api.get(`${path}&of=x`), 400)).toMatchObject({ code: 'bad-parameter' })
    await errorOf(api.get(`/runs/${second.id}/diff`), 404)
    await errorOf(api.get(`/runs/${second.id}/diff?against=999999`), 404)
    api.name = `${api.name}-other`
    const { run: other } = api.full()
    expect(await errorOf(api.get(`/runs/${other.id}/diff?against=${first.id}`), 409)).toMatchObject({
      code: 'other-project',
    })
    rmSync(api.hone.deps.paths.workspace(first.id), { recursive: true })
    expect(await errorOf(api.get(path), 410)).toMatchObject({
      code: 'source-removed',
      message: expect.stringContaining('run 1'),
    })
  })
})
