import { describe, expect, it } from 'vitest'
import { healthParts, type Surroundings } from '../../src/domain/health-parts.ts'

const GIB = 1024 ** 3
const NOW = 1_000_000

const all = (change: Partial<Surroundings> = {}): Surroundings => ({
  problems: [],
  facts: {
    engine: { version: '28.1.1', at: NOW - 4000 },
    disks: { data: { total: 100 * GIB, free: 40 * GIB }, engine: null },
  },
  mail: { pending: 0, failed: 0, lastSentAt: NOW - 9000 },
  mailbox: null,
  delivery: { event: 'push', outcome: 'run', reason: null, receivedAt: NOW - 7000, project: 'digits' },
  now: NOW,
  ...change,
})

const part = (name: string, change: Partial<Surroundings> = {}) =>
  healthParts(all(change)).find((one) => one.part === name)

describe('the parts of the surroundings', () => {
  it('are told with what is known when nothing is wrong', () => {
    expect(healthParts(all()).map(({ part, state, text, seenAt }) => [part, state, text, seenAt])).toEqual([
      ['engine', 'ok', 'Docker 28.1.1 answers.', NOW - 4000],
      ['disk', 'ok', '40.0 GiB of 100.0 GiB are free in the data folder.', null],
      ['mail', 'ok', 'Mails are sent; none waits.', NOW - 9000],
      ['webhook', 'ok', 'The last push received was for digits.', NOW - 7000],
    ])
  })

  it('say so where nothing is known yet', () => {
    const mail = { pending: 0, failed: 0, lastSentAt: null }
    const parts = healthParts(all({ facts: {}, delivery: null, mail }))
    expect(parts.map(({ part, state }) => [part, state])).toEqual([
      ['engine', 'idle'],
      ['disk', 'idle'],
      ['mail', 'ok'],
      ['webhook', 'idle'],
    ])
    expect(parts[2]?.text).toBe('No mail was sent yet; none waits.')
  })

  it('have the words, the remedy and the time of a problem in place of their own', () => {
    const problem = { part: 'engine', since: 5, message: 'It is away.', remedy: 'Start it.' }
    const odd = { part: 'clock', since: 6, message: 'It jumps.', remedy: 'Set it.' }
    const parts = healthParts(all({ problems: [odd, problem] }))
    expect(parts[0]).toEqual({
      part: 'engine',
      state: 'bad',
      text: 'It is away.',
      remedy: 'Start it.',
      since: 5,
      seenAt: NOW - 4000,
    })
    expect(parts.at(-1)).toMatchObject({ part: 'clock', state: 'bad', since: 6 })
    expect(parts).toHaveLength(5)
  })

  it('name the disk of the engine where it is another one', () => {
    const data = { total: 100 * GIB, free: 40 * GIB }
    const disks = (engine: { total: number; free: number }) => ({ facts: { disks: { data, engine } } })
    expect(part('engine-disk', disks(data))).toBeUndefined()
    expect(part('engine-disk', disks({ total: 50 * GIB, free: 2 * GIB }))?.text).toBe(
      "2.0 GiB of 50.0 GiB are free on the Docker engine's disk.",
    )
  })

  it('warn of an engine that was not heard for a minute', () => {
    const at = NOW - 61_000
    expect(part('engine', { facts: { engine: { version: null, at } } })).toMatchObject({
      state: 'warn',
      text: 'The Docker engine has not answered for a while.',
      since: at,
    })
  })

  it.each([
    [{ pending: 1, failed: 0, lastSentAt: null }, null, 'ok', /^No mail was sent yet; one waits\.$/],
    [{ pending: 2, failed: 1, lastSentAt: null }, null, 'warn', /^A mail was given up; 2 wait\.$/],
    [{ pending: 0, failed: 3, lastSentAt: null }, '/m', 'warn', /^3 mails were given up; none waits\.$/],
    [{ pending: 0, failed: 0, lastSentAt: 5 }, '/m', 'idle', /only written to `\/m`/],
  ] as const)('tell of mails %j, mailbox %j', (mail, mailbox, state, text) => {
    const found = part('mail', { mail, mailbox })
    expect(found?.state).toBe(state)
    expect(found?.text).toMatch(text)
    expect(found?.remedy === null).toBe(state === 'ok')
  })

  it('tell of a wrong signature until a right one comes', () => {
    const badSignature = { project: 'plants', at: NOW - 100 }
    expect(part('webhook', { facts: { badSignature } })).toMatchObject({ state: 'warn', since: NOW - 100 })
    const delivery = { ...all().delivery, receivedAt: NOW - 50 } as Surroundings['delivery']
    expect(part('webhook', { facts: { badSignature }, delivery })?.state).toBe('ok')
  })

  it('tell of a push that was refused', () => {
    const delivery = {
      ...all().delivery,
      outcome: 'refused',
      reason: '100 runs wait.',
    } as Surroundings['delivery']
    expect(part('webhook', { delivery })).toMatchObject({
      state: 'warn',
      text: 'The last push, for digits, was refused: 100 runs wait.',
    })
  })
})
