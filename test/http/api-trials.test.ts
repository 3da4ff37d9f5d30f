import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TrialView } from '../../src/http/contract.ts'
import { aSource, scriptOf } from '../helpers/sources.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()

describe('trials', () => {
  const folderOf = (runId: number) => api.hone.deps.paths.trialArtifacts(runId, 0)
  const put = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }

  it('are shown with metrics, evidence and diff', async () => {
    const { trial, attempt, run } = api.full()
    const view = TrialView.parse(await (await api.get(`/trials/${trial.id}`)).json())
    expect(view).toMatchObject({
      runId: run.id,
      values: { lr: 0.1 },
      metrics: [{ attemptId: attempt.id, value: 0.75, evidence: 'Test accuracy: 0.75', decisive: false }],
      artifacts: [],
    })
    const diff = await api.get(`/trials/${trial.id}/diff`)
    expect(diff.headers.get('content-type')).toBe('text/x-diff; charset=utf-8')
    expect(await diff.text()).toBe('--- a\n+++ b\n')
    await errorOf(api.get('/trials/999999'), 404)
    await errorOf(api.get('/trials/999999/diff'), 404)
  })

  it('give their artifacts, in folders too', async () => {
    const { trial, run } = api.full()
    await put(join(folderOf(run.id), 'model.pt'), 'weights')
    await put(join(folderOf(run.id), 'plots', 'loss.svg'), '<svg onload="alert(1)"/>')
    const { artifacts } = TrialView.parse(await (await api.get(`/trials/${trial.id}`)).json())
    expect(artifacts.map(({ name, size }) => [name, size])).toEqual([
      ['model.pt', 7],
      ['plots/loss.svg', 24],
    ])
    const [model, plot] = await Promise.all(artifacts.map(({ url }) => api.get(url.replace('/api/v1', ''))))
    expect(await model?.text()).toBe('weights')
    expect(plot?.headers.get('content-type')).toBe('application/octet-stream')
    expect(plot?.headers.get('content-disposition')).toMatch(/^attachment; filename="?loss.svg"?$/)
    expect(plot?.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('say what of their files is not kept, and what has gone since', async () => {
    const { trial, run } = api.full()
    await put(join(folderOf(run.id), 'model.pt'), 'weights')
    const kept = ['model.pt', 'old.pt'].map((name) => ({ name, path: name, size: 7 }))
    api.hone.store.trials.keep(trial.id, { kept, leftOut: ['big.pt: 900 MiB, more than 512 MiB'] })
    const { leftOut } = TrialView.parse(await (await api.get(`/trials/${trial.id}`)).json())
    expect(leftOut).toEqual(['big.pt: 900 MiB, more than 512 MiB', 'old.pt: removed since'])
  })

  it('give nothing outside their folder', async () => {
    const { trial, run } = api.full()
    const outside = join(api.hone.folder, 'outside.txt')
    await put(outside, 'secret')
    await put(join(folderOf(run.id), 'model.pt'), 'weights')
    await symlink(outside, join(folderOf(run.id), 'link.txt'))
    await symlink(api.hone.folder, join(folderOf(run.id), 'away'))
    const { artifacts } = TrialView.parse(await (await api.get(`/trials/${trial.id}`)).json())
    expect(artifacts.map(({ name }) => name)).toEqual(['model.pt'])
    for (const bad of [
      'link.txt',
      'away/outside.txt',
      '../../../outside.txt',
      '/etc/passwd',
      'x\0',
      '.',
      '',
    ]) {
      const response = await api.get(`/trials/${trial.id}/artifacts/${encodeURIComponent(bad)}`)
      expect({ bad, status: response.status }).toEqual({ bad, status: 404 })
    }
  })

  it('have logs, read in pieces by byte offset', async () => {
    const { run, attempt } = api.full()
    const path = `/attempts/${attempt.id}/log`
    const empty = await api.get(path)
    expect([empty.status, await empty.text(), empty.headers.get('x-next-offset')]).toEqual([200, '', '0'])

    await put(api.hone.deps.paths.attemptLog(run.id, attempt.id), 'epoch 1\nepoch 2\n')
    const first = await api.get(`${path}?limit=8`)
    expect(first.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect([await first.text(), first.headers.get('x-next-offset')]).toEqual(['epoch 1\n', '8'])
    const rest = await api.get(`${path}?offset=8`)
    expect([await rest.text(), rest.headers.get('x-next-offset')]).toEqual(['epoch 2\n', '16'])
    await errorOf(api.get(`${path}?offset=x`), 400)
    await errorOf(api.get('/attempts/999999/log'), 404)
  })

  it('give a log of any size as a download', async () => {
    const { run, attempt } = api.full()
    const text = 'a line of a long log\n'.repeat(150_000)
    await put(api.hone.deps.paths.attemptLog(run.id, attempt.id), text)
    const response = await api.get(`/attempts/${attempt.id}/log?download`)
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="?attempt-\d+.log"?$/)
    expect(await response.text()).toBe(text)
  })
})

describe('the patch between two trials', () => {
  it('starts from trial 0, or from the one that is named, and comes as a file', async () => {
    const { hone } = api
    const { run, project } = api.full()
    const source = await aSource(hone.deps, run)
    const add = async (number: number, lr: number) => {
      const made = await source.commit(number, scriptOf({ learning_rate_init: lr }))
      return hone.store.trials.insert({
        ...{ runId: run.id, number, values: { lr }, origin: '', repeats: null, seed: 0 },
        ...made,
      })
    }
    const [first, second] = [await add(11, 0.01), await add(12, 0.002)]
    const text = async (query: string) => (await api.get(`/trials/${second.id}/diff${query}`)).text()
    expect(await text('')).toContain('-    learning_rate_init=0.5,\n+    learning_rate_init=0.002,')
    expect(await text('?against=11')).toContain(
      '-    learning_rate_init=0.01,\n+    learning_rate_init=0.002,',
    )
    expect(await text('?against=12')).toBe('')

    const { headers } = await api.get(`/trials/${second.id}/diff?download&against=11`)
    const name = `${project.name}-run-${run.number}-trial-12-from-11.patch`
    expect(headers.get('content-disposition')).toBe(`attachment; filename=${name}`)

    const missing = await errorOf(api.get(`/trials/${second.id}/diff?against=99`), 404)
    expect(missing.message).toBe('Trial 99 of this run does not exist.')
    await errorOf(api.get(`/trials/${second.id}/diff?against=x`), 400)

    await rm(source.workspace, { recursive: true })
    expect(await text('')).toContain('+    learning_rate_init=0.002,')
    const gone = await errorOf(api.get(`/trials/${first.id}/diff?against=12`), 410)
    expect(gone.code).toBe('source-removed')
  })
})
