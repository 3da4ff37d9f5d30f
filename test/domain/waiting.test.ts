import { describe, expect, it } from 'vitest'
import type { Failure } from '../../src/domain/failure.ts'
import type { Job } from '../../src/domain/job.ts'
import { waitOf } from '../../src/domain/waiting.ts'

const NOW = 1_000_000
type Given = Parameters<typeof waitOf>[0][number]
const job = (more: Partial<Given> = {}): Given => ({
  ...{
    name: 'train',
    state: 'queued',
    failure: null,
    runAfter: NOW,
    waitingSince: null,
    createdAt: NOW - 60,
  },
  ...more,
})
const failure = (code: string, kind: Failure['kind'] = 'unavailable'): Failure => ({
  kind,
  code,
  message: `${code}.`,
  remedy: '',
})
const wait = (jobs: Given[], busy: string[] = []) => waitOf(jobs, () => busy, NOW)

describe('a run', () => {
  it.each([
    ['no job', []],
    [
      'a running one, whatever else is queued',
      [job({ state: 'running' }), job({ failure: failure('engine-away') })],
    ],
    ['one that a free worker takes at once', [job()]],
    ['only ended ones', [job({ state: 'done' }), job({ state: 'cancelled' })]],
  ])('with %s waits for nothing', (_, jobs) => {
    expect(wait(jobs)).toBeNull()
  })

  it.each<[string, Job['name'], string[], string]>([
    [
      'a training slot',
      'train',
      ['digits #12', 'plants #3'],
      'Waits for a training slot: digits #12 and plants #3 train now.',
    ],
    ['one run', 'train', ['digits #12', 'digits #12'], 'Waits for a training slot: digits #12 trains now.'],
    ['another worker', 'detect-model', ['a #1'], 'Waits for a worker: a #1 is at detect-model now.'],
  ])('whose turn has not come waits for a worker: %s', (_, name, busy, text) => {
    expect(wait([job({ name })], busy)).toEqual({ for: 'worker', text, since: NOW - 60, until: null })
  })

  it.each([
    ['slots-busy', 'slot'],
    ['gpus-busy', 'slot'],
    ['engine-away', 'engine'],
    ['disk-low', 'disk'],
    ['disk-full', 'disk'],
    ['engine-disk-full', 'disk'],
    ['git-host-unreachable', 'git'],
    ['something-else', 'other'],
  ])('with %s waits for: %s', (code, kind) => {
    const waiting = job({ failure: failure(code), waitingSince: NOW - 9, runAfter: NOW + 5 })
    expect(wait([waiting])).toEqual({ for: kind, text: `${code}.`, since: NOW - 9, until: NOW + 5 })
  })

  it('whose time has come is tried again now', () => {
    expect(wait([job({ failure: failure('engine-away'), runAfter: NOW })])?.until).toBeNull()
  })

  it('that failed for a reason of the system waits for the next try', () => {
    expect(
      wait([job({ failure: failure('boom', 'system'), waitingSince: NOW - 1, runAfter: NOW + 7 })]),
    ).toEqual({
      ...{ for: 'retry', text: 'train failed and is tried again: boom.', since: NOW - 1, until: NOW + 7 },
    })
  })

  it('waits for what comes first of several', () => {
    const late = job({ failure: failure('engine-away'), runAfter: NOW + 9 })
    expect(wait([late, job()], ['a #1'])?.for).toBe('worker')
  })
})
