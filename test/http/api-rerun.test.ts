import { describe, expect, it } from 'vitest'
import { nextMessageId } from '../../src/domain/mail.ts'
import { RunSummary, RunView } from '../../src/http/contract.ts'
import { aDetection } from '../helpers/detections.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()
const again = (id: number, body: unknown = {}) => api.post(`/runs/${id}/rerun`, body)

/** With its mail sent, and a detection. */
function ended() {
  const made = api.full()
  const { store } = api.hone
  store.runs.update(made.run.id, { detection: aDetection() })
  store.runs.transition(made.run.id, 'exhausted', { kind: 'budget', reason: '1 of 1 trials spent' })
  const [mail] = store.mails.list({ runId: made.run.id })
  if (mail) store.mails.markSent(mail)
  return made
}

describe('POST /runs/:id/rerun', () => {
  it('makes a run of the same commit that says which one it repeats', async () => {
    const { run } = ended()
    const response = await again(run.id, { from: 'train', settings: { trials: 7, target: 0.9 } })
    expect(response.status).toBe(201)
    const made = RunSummary.parse(await response.json())
    expect(made).toMatchObject({ number: 2, sha: run.sha, trialBudget: 7, target: 0.9, trigger: 'api' })
    const view = RunView.parse(await (await api.get(`/runs/${made.id}`)).json())
    expect(view.rerun).toEqual({ run: run.id, number: 1, from: 'train' })
    expect(view.neighbours).toEqual({ before: { id: run.id, number: 1 }, after: null })
    const before = RunView.parse(await (await api.get(`/runs/${run.id}`)).json())
    expect(before).toMatchObject({ rerun: null, neighbours: { before: null, after: { number: 2 } } })
  })

  it('sends the mails again, as new ones', async () => {
    const { run } = ended()
    const { store } = api.hone
    const [before] = store.mails.list({ runId: run.id })
    expect((await again(run.id, { from: 'notify' })).status).toBe(200)
    const [mail] = store.mails.list({ runId: run.id })
    expect(mail).toMatchObject({ state: 'pending', sentAt: null, tries: 0, text: before?.text })
    expect(mail?.messageId).toBe(nextMessageId(before?.messageId ?? ''))
    await again(run.id, { from: 'notify' })
    expect(store.mails.list({ runId: run.id })[0]?.messageId).toBe(mail?.messageId)
  })

  it('sends the mails again to all, however many they are', async () => {
    const { run } = ended()
    const { mails } = api.hone.store
    const about = { runId: run.id, kind: 'budget' as const, subject: '', text: '', html: '', attachments: [] }
    for (let n = 0; n < 120; n++)
      mails.insert({ ...about, messageId: `<${run.id}.${n}@hone>`, to: `${n}@a.org` })
    const all = () => mails.list({ runId: run.id, limit: 1000 })
    for (const mail of all()) mails.markSent(mail)
    await again(run.id, { from: 'notify' })
    expect(new Set(all().map(({ state }) => state))).toEqual(new Set(['pending']))
    expect(all()).toHaveLength(121)
  })

  it.each([
    [{ from: 'tweak' }, 400, 'bad-request'],
    [{ settings: { trials: 0 } }, 400, 'bad-settings'],
    [{ settings: { sampler: 'best' } }, 400, 'bad-settings'],
    [{ settings: { target: 2000 } }, 400, 'bad-settings'],
    [{ from: 'notify', settings: { trials: 3 } }, 400, 'bad-request'],
    [{ form: 'train' }, 400, 'bad-request'],
  ])('refuses %j', async (body, status, code) => {
    const { run } = ended()
    expect(await errorOf(again(run.id, body), status)).toMatchObject({ code })
  })

  it.each([{}, { from: 'train' }, { from: 'notify' }])('refuses %j while the run is alive', async (body) => {
    const { run } = api.full()
    const error = await errorOf(again(run.id, body), 409)
    expect(error).toMatchObject({ code: 'run-alive', remedy: expect.stringContaining('cancel it') })
  })

  it('refuses mails where there are none', async () => {
    const { project } = api.full()
    const { store } = api.hone
    const run = store.runs.list({ projectId: project.id })[0]
    if (!run) throw new Error('full() makes a run')
    const other = store.runs.insert({ ...run, trigger: 'manual' })
    store.runs.transition(other.id, 'cancelled')
    expect(await errorOf(again(other.id, { from: 'notify' }), 409)).toMatchObject({ code: 'no-mails' })
    expect(await errorOf(again(other.id, { from: 'train' }), 409)).toMatchObject({ code: 'no-detection' })
  })
})

describe('the Message-ID of a mail that is sent again', () => {
  it('counts on', () => {
    expect(nextMessageId('<run-1.target.ab@h.hone>')).toBe('<run-1.target.ab.again-1@h.hone>')
    expect(nextMessageId('<run-1.target.ab.again-9@h.hone>')).toBe('<run-1.target.ab.again-10@h.hone>')
  })
})
