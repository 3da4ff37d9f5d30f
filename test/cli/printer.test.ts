import { expect, it } from 'vitest'
import { chainPrinter } from '../../src/cli/printer.ts'
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
