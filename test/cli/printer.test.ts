import { expect, it } from 'vitest'
import { chainPrinter } from '../../src/cli/printer.ts'
import type { StoredEvent } from '../../src/domain/event.ts'
import { userError } from '../../src/domain/failure.ts'
import { dataPaths } from '../../src/paths.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { aDetectedRun, aProject, aRunningTrial } from '../helpers/factories.ts'

it('says where a mail lies that was written to a folder', () => {
  const store = createStore(openDatabase(':memory:'))
  const world = { store, paths: dataPaths('unused'), pass: () => {} }
  const run = aDetectedRun(world, aProject(world))
  const mail = { runId: run.id, kind: 'failed', messageId: '<a@b>', to: 'ada@example.org', subject: 'failed' }
  store.mails.insert({ ...mail, text: '', html: '', attachments: [] })
  for (const due of store.mails.due()) store.mails.markSent(due, 'written')
  const lines = (mailbox: string | null) => {
    const print = chainPrinter(store, run.id, mailbox)
    return store.events.after(0, { runId: run.id }).flatMap((event) => print(event) ?? [])
  }
  expect(lines('/srv/hone/mailbox').at(-1)).toMatch(
    /to ada@example.org: failed .*\(written to \/srv\/hone\/mailbox\)/,
  )
  expect(lines(null).at(-1)).toContain('(written to the mailbox folder)')
  store.close()
})

it('has no control characters of what a training, a remote or a mail server said', () => {
  const store = createStore(openDatabase(':memory:'))
  const world = { store, paths: dataPaths('unused'), pass: () => {} }
  const run = aDetectedRun(world, aProject(world))
  const print = chainPrinter(store, run.id)
  const HOSTILE = 'one\u001b]0;owned\u0007\u001b[2J\r\ntwo'
  const failure = { ...userError('x', HOSTILE, HOSTILE).failure, file: HOSTILE }
  aRunningTrial(world, run, 0, { values: { name: 'tanh' } })
  store.endRun(run.id, 'failed', { kind: 'failed', reason: HOSTILE, failure })
  const told: [StoredEvent['type'], Record<string, unknown>][] = [
    ['job', { name: 'train', key: 'train:0', state: 'queued', failure }],
    ['job', { name: 'train', key: 'train:0', state: 'failed', failure }],
    ['trial', { number: 1, state: 'queued', values: { name: HOSTILE, new: HOSTILE } }],
    ['trial', { number: 1, state: 'failed', failure }],
    ['attempt', { number: 1, state: 'lost', failure }],
    ['progress', { text: HOSTILE }],
    ['mail', { to: 'ada@example.org', error: HOSTILE }],
    ['mail', { to: 'ada@example.org', subject: HOSTILE, state: 'sent' }],
    ['run', { number: 1, state: 'succeeded' }],
    ['run', { number: 1, state: 'exhausted' }],
    ['run', { number: 1, state: 'failed' }],
  ]
  for (const [type, data] of told) {
    const line = print({ id: 1, type, runId: run.id, data, at: 0 } as StoredEvent)
    expect(line, `${type} ${data.state}`).toContain('one two')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f]/)
  }
  store.close()
})

it('tells of a training with another seed as that, not as a new trial', () => {
  const store = createStore(openDatabase(':memory:'))
  const world = { store, paths: dataPaths('unused'), pass: () => {} }
  const run = aDetectedRun(world, aProject(world))
  const print = chainPrinter(store, run.id)
  const end = (number: number, metric: number, change = {}) => {
    const { trial } = aRunningTrial(world, run, number, change)
    store.trials.transition(trial.id, 'completed', { metric })
  }
  end(0, 0.4)
  end(1, 0.96, { values: { hidden: 64 } })
  end(2, 0.98, { values: { hidden: 64 }, repeats: 1, seed: 7 })
  const lines = store.events.after(0, { runId: run.id }).flatMap((event) => print(event) ?? [])
  const of = (trial: number) => lines.filter((line) => line.includes(`trial ${trial}:`))
  expect(of(1).at(-1)).toContain('(best so far)')
  expect(of(2)[0]).toContain('the values of trial 1 with another seed, 7')
  expect(of(2).at(-1)).toContain('0.98')
  expect(of(2).at(-1)).not.toContain('best so far')
  store.close()
})
