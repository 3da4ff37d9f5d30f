import { describe, expect, it } from 'vitest'
import { fakeExecutor } from '../../../src/containers/fake.ts'
import { WINNER_LABEL } from '../../../src/domain/winner.ts'
import { addressOf, engineAdmin, imageViews } from '../../../src/main/admin/engine.ts'
import { START, testStore } from '../../store/support.ts'

const image = (name: string, labels: Record<string, string> = {}, createdAt = 1) => ({
  ...{ id: `sha256:${name}`, names: name === '' ? [] : [name], labels, bytes: 10, createdAt, used: false },
})

describe('images', () => {
  it('say of what kind they are, and when a run trained in them last', () => {
    const runs = [
      { trainedIn: 'hone/a:1', endedAt: 50 },
      { trainedIn: 'hone/a:1', endedAt: 70 },
      { trainedIn: 'hone/b:1', endedAt: null },
      { trainedIn: null, endedAt: 90 },
    ]
    const views = imageViews(
      [
        image('', {}, 3),
        image('hone/w:1', { [WINNER_LABEL.winner]: 'x', [WINNER_LABEL.instance]: 'abcd' }, 9),
        image('hone/w:2', { [WINNER_LABEL.winner]: 'x', [WINNER_LABEL.instance]: 'efgh' }, 8),
        image('hone/c:1', {}, 2),
        image('hone/a:1'),
        image('hone/b:1'),
      ],
      ['hone/a:1'],
      runs,
      100,
      'abcd',
    )
    expect(views.map(({ names, kind, lastUsedAt }) => [names[0], kind, lastUsedAt])).toEqual([
      ['hone/b:1', 'older', 100],
      ['hone/a:1', 'library', 70],
      ['hone/w:1', 'winner', null],
      ['hone/w:2', 'other', null],
      [undefined, 'older', null],
      ['hone/c:1', 'other', null],
    ])
  })
})

describe('the address', () => {
  it.each([
    [null, 'the default socket of this machine'],
    ['unix:///run/docker.sock', 'unix:///run/docker.sock'],
    ['ssh://ada:secret@build-1', 'ssh://ada:***@build-1'],
    ['build-1:2375', 'build-1:2375'],
  ])('of %s is %s', (host, shown) => {
    expect(addressOf(host)).toBe(shown)
  })
})

describe('an engine', () => {
  const { store } = testStore()
  const executor = fakeExecutor({ program: async function* () {} })
  const config = { dockerHost: null, parallel: 2 }
  const admin = engineAdmin({
    store,
    executor,
    images: { current: async () => [] },
    config,
    instance: 'abcd',
  })

  it('that answers tells what it is', async () => {
    expect(await admin.engine()).toMatchObject({
      away: null,
      facts: { version: 'fake', storageDriver: 'memory' },
    })
    expect(await admin.capacity()).toMatchObject({ cpus: 4, parallel: 2 })
  })

  it('that is away is an answer, too, with since when', async () => {
    executor.away = true
    store.engineAway.set({ since: START - 5000, awayMs: 5000 })
    const answer = await admin.engine()
    expect(answer).toMatchObject({ facts: null, images: [], away: { since: START - 5000 } })
    expect(answer.away?.message).not.toBe('')
    expect(await admin.capacity()).toBeNull()
  })
})
