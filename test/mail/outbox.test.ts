import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Mail } from '../../src/domain/mail.ts'
import { SendFailed } from '../../src/mail/contract.ts'
import { backOffMs, MOST_REFUSALS } from '../../src/mail/outbox.ts'
import { mailSender } from '../../src/mail/send.ts'
import { smtpAnswer, smtpServer, type TestSmtp } from '../helpers/smtp.ts'
import { away, refused, START, scripted, world } from './outbox-world.ts'

describe('drain', () => {
  test('sends each mail once, in order', async () => {
    const { sender, sent } = scripted()
    const { add, box, store } = world(sender)
    for (const to of ['a@x', 'b@x', 'c@x']) add(to)
    await Promise.all([box.drain(), box.drain()])
    await box.drain()
    expect(sent).toEqual(['a@x', 'b@x', 'c@x'])
    expect(store.mails.pendingCount()).toBe(0)
    expect(store.mails.byId(1)).toMatchObject({ state: 'sent', sentAt: START, tries: 1 })
  })

  test('waits for a server that is away, longer each time, and says so until it is back', async () => {
    const { sender, sent, failures } = scripted(away(), away(), away())
    const { add, box, clock, health, store } = world(sender)
    add('a@x')
    add('b@x')
    for (const wait of [1000, 2000, 4000]) {
      await box.drain()
      expect(health.problems()).toEqual([
        { part: 'mail', since: START, message: 'The server is away', remedy: 'Start it' },
      ])
      const left = failures.length
      clock.now += wait - 1
      await box.drain()
      expect(failures.length).toBe(left)
      clock.now += 1
    }
    expect(store.mails.byId(1)).toMatchObject({ state: 'pending', error: 'The server is away' })
    await box.drain()
    expect(sent.sort()).toEqual(['a@x', 'b@x'])
    expect(health.problems()).toEqual([])
  })

  test('gives a mail up that is refused for good again and again, and sends it when asked to', async () => {
    const { sender, sent } = scripted(...Array.from({ length: MOST_REFUSALS.permanent }, refused))
    const { add, box, clock, store, logged } = world(sender)
    add('a@x')
    for (let n = 0; n < MOST_REFUSALS.permanent; n++) {
      expect(store.mails.byId(1)).toMatchObject({ state: 'pending', refusals: n })
      await box.drain()
      clock.now += backOffMs(n)
    }
    expect(store.mails.byId(1)).toMatchObject({ state: 'failed', error: 'No such user' })
    expect(logged.at(-1)).toBe('mail given up')
    expect(store.mails.nextDue()).toBe(null)
    clock.now += 86_400_000
    await box.drain()
    expect(sent).toEqual([])
    store.mails.sendAgain(store.mails.byId(1) as Mail)
    await box.drain()
    expect(sent).toEqual(['a@x'])
    expect(store.mails.byId(1)).toMatchObject({ state: 'sent', error: null })
  })

  test('a server that is away, or refuses for now, is no reason to give a mail up soon', async () => {
    const later = () => new SendFailed('Greylisted', { kind: 'refused', permanent: false, remedy: 'Wait' })
    const failures = Array.from({ length: 50 }, (_, n) => (n % 2 ? later() : away()))
    const { sender, sent } = scripted(...failures)
    const { add, box, clock, store } = world(sender)
    add('a@x')
    for (let n = 0; n < 50; n++) {
      await box.drain()
      clock.now += 300_000
    }
    expect(store.mails.byId(1)).toMatchObject({ state: 'pending', tries: 50, refusals: 25 })
    await box.drain()
    expect(sent).toEqual(['a@x'])
  })

  test.each([
    ['an hour back', -3_600_000],
    ['three hours ahead', 10_800_000],
  ])('a clock that is set %s keeps no mail back', async (_, jump) => {
    const { sender, sent } = scripted(refused(), away())
    const { add, box, clock } = world(sender)
    add('a@x')
    add('b@x')
    await box.drain()
    clock.now += jump
    await box.drain()
    expect(sent.toSorted()).toEqual(['a@x', 'b@x'])
  })

  test('does not hold up other mails for one that is refused', async () => {
    const { sender, sent } = scripted(refused(), null, null)
    const { add, box, clock, health, store, logged } = world(sender)
    add('a@x')
    add('b@x')
    await box.drain()
    expect(sent).toEqual(['b@x'])
    expect(health.problems()).toEqual([])
    expect(store.mails.byId(1)).toMatchObject({ state: 'pending', tries: 1, error: 'No such user' })
    expect(logged).toEqual(['mail not sent'])
    clock.now += 1000
    await box.drain()
    expect(sent).toEqual(['b@x', 'a@x'])
    expect(store.mails.byId(1)).toMatchObject({ state: 'sent', error: null })
  })
})

test('backOffMs goes from a second to five minutes', () => {
  expect([0, 1, 2, 8, 9, 1000].map(backOffMs)).toEqual([1000, 2000, 4000, 256_000, 300_000, 300_000])
})

describe('start and stop', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('sends a mail when it is committed, not before', async () => {
    const { sender, sent } = scripted()
    const { add, box, store } = world(sender)
    box.start()
    store.transaction(() => {
      add('a@x')
      expect(sent).toEqual([])
    })
    await vi.waitFor(() => expect(sent).toEqual(['a@x']))
    expect(() =>
      store.transaction(() => {
        add('b@x')
        throw new Error('rolled back')
      }),
    ).toThrow('rolled back')
    await box.stop()
    expect(sent).toEqual(['a@x'])
  })

  test('sends what an earlier server left, and tries again by itself', async () => {
    const { sender, sent } = scripted(away())
    const { add, box, clock, store } = world(sender)
    add('a@x')
    box.start()
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1))
    expect(store.mails.byId(1)?.tries).toBe(1)
    clock.now += 1000
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent).toEqual(['a@x'])
    await box.stop()
  })

  test('tries a server that is away once more when asked to, and then waits longer', async () => {
    const { sender, sent, failures } = scripted(away(), away())
    const { add, box, clock } = world(sender)
    add('a@x')
    add('b@x')
    box.start()
    await vi.waitFor(() => expect(failures.length).toBe(1))
    box.tryNow()
    await vi.waitFor(() => expect(failures.length).toBe(0))
    clock.now += 1999
    await box.drain()
    expect(sent).toEqual([])
    box.tryNow()
    await box.drain()
    expect(sent).toEqual(['a@x'])
    clock.now += 1
    await box.drain()
    expect(sent).toEqual(['a@x', 'b@x'])
    await box.stop()
  })

  test('does not send a mail again and again when its sending cannot be written down', async () => {
    const { sender, sent } = scripted()
    const { add, box, clock, store, health, logged, errors } = world(sender)
    add('a@x')
    const full = Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' })
    const markSent = vi.spyOn(store.mails, 'markSent').mockImplementationOnce(() => {
      throw full
    })
    box.start()
    await vi.waitFor(() => expect(logged).toEqual(['the outbox failed']))
    expect(errors).toEqual([full])
    expect(sent).toEqual(['a@x'])
    expect(health.problems()[0]?.message).toContain('disk is full')
    clock.now += 1000
    await vi.advanceTimersByTimeAsync(1000)
    expect(markSent).toHaveBeenCalledTimes(2)
    expect(store.mails.pendingCount()).toBe(0)
    expect(health.problems()).toEqual([])
    await box.stop()
  })

  test('stop lets the mail in hand be sent, and begins no other', async () => {
    const sent: string[] = []
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const { add, box, store } = world({
      accepted: 'sent',
      async send({ to }) {
        await held
        sent.push(to)
      },
    })
    add('a@x')
    add('b@x')
    box.start()
    const stopping = box.stop()
    release()
    await stopping
    expect(sent).toEqual(['a@x'])
    expect(store.mails.byId(1)?.state).toBe('sent')
    expect(store.mails.byId(2)?.state).toBe('pending')
  })

  test('stop does not wait for ever', async () => {
    const { add, box, store } = world({
      accepted: 'sent',
      send: (_, signal) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
    })
    add('a@x')
    box.start()
    const stopping = box.stop()
    await vi.advanceTimersByTimeAsync(5000)
    await stopping
    expect(store.mails.byId(1)).toMatchObject({ state: 'pending', tries: 0 })
  })
})

test('without a server a mail is written, not sent, and can be sent later', async () => {
  const { sender, sent } = scripted()
  const { add, box, store } = world({ ...sender, accepted: 'written' })
  add('a@x')
  await box.drain()
  expect(store.mails.byId(1)).toMatchObject({ state: 'written', sentAt: START })
  expect(store.events.after(0).at(-1)?.data).toMatchObject({ state: 'written' })
  expect(store.mails.sendAgain(store.mails.byId(1) as Mail)).toBe(true)
  await box.drain()
  expect(sent).toEqual(['a@x', 'a@x'])
})

describe('with a real server', () => {
  const servers: TestSmtp[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close()
  })
  const server = async (options: Parameters<typeof smtpServer>[0]) => {
    const made = await smtpServer(options)
    servers.push(made)
    return made
  }
  const sending = (smtpUrl: string) =>
    mailSender({ smtpUrl, from: 'hone@x.org', mailbox: '/nonexistent', data: '/' })

  test('refusing, then accepting: one mail', async () => {
    const answers = [smtpAnswer(451, 'Not now'), smtpAnswer(550, 'Never')]
    const smtp = await server({
      accept: () => {
        const answer = answers.shift()
        if (answer) throw answer
      },
    })
    const { add, box, clock, store } = world(sending(smtp.url))
    add('a@x.org')
    for (const wait of [0, 1000, 2000, 4000]) {
      clock.now += wait
      await box.drain()
    }
    expect(smtp.mails.map(({ messageId }) => messageId)).toEqual(['<a@x.org>'])
    expect(store.mails.byId(1)).toMatchObject({ state: 'sent', tries: 3 })
  })

  test('the answer lost after the data: the same mail, byte for byte', async () => {
    const arrived: string[] = []
    const smtp = await server({
      accept: (_, bytes) => {
        arrived.push(bytes.toString('latin1'))
        if (arrived.length === 1) smtp.drop()
      },
    })
    const { add, box, clock, store } = world(sending(smtp.url))
    add('a@x.org', [
      {
        filename: 'chart.png',
        contentType: 'image/png',
        content: 'iVBORw0=',
        encoding: 'base64',
        cid: 'c@hone',
      },
      { filename: 'best.diff', contentType: 'text/x-diff', content: '+alpha = 1' },
    ])
    await box.drain()
    expect(store.mails.byId(1)).toMatchObject({ state: 'pending', tries: 1 })
    clock.now += 1000
    await box.drain()
    expect(arrived).toHaveLength(2)
    expect(arrived[1]).toBe(arrived[0])
    expect(arrived[0]).toContain('Message-ID: <a@x.org>')
    expect(arrived[0]).toMatch(/^Content-Type: multipart\/mixed;/m)
    expect(store.mails.byId(1)).toMatchObject({ state: 'sent', tries: 2 })
  })

  test('down, then back: the mails that waited arrive', async () => {
    const first = await smtpServer()
    await first.close()
    const { add, box, clock, health } = world(sending(first.url))
    add('a@x.org')
    add('b@x.org')
    await box.drain()
    expect(health.problems()[0]?.message).toContain('cannot be reached')
    const smtp = await server({ port: Number(new URL(first.url).port) })
    clock.now += 1000
    await box.drain()
    expect(smtp.mails.map(({ to }) => to?.[0]?.address).sort()).toEqual(['a@x.org', 'b@x.org'])
    expect(health.problems()).toEqual([])
  })
})
