import { describe, expect, test } from 'vitest'
import { testStore } from './support.ts'

describe('events', () => {
  test('are replayed after a cursor, of all or of one run', () => {
    const { store, project, run } = testStore()
    const { id } = project()
    const [a, b] = [run(id, '1'), run(id, '2')]
    store.runs.progress(a.id, 'one')
    store.runs.progress(b.id, 'two')
    store.runs.progress(a.id, 'three')
    const all = store.events.after(0)
    expect(all.map((event) => event.id)).toEqual([...all.map((event) => event.id)].sort((x, y) => x - y))
    expect(store.events.lastId()).toBe(all.at(-1)?.id)
    const ofA = store.events.after(a.id, { runId: a.id }).filter(({ type }) => type === 'progress')
    expect(ofA.map(({ data }) => data)).toEqual([{ text: 'one' }, { text: 'three' }])
    expect(store.events.after(ofA[0]?.id ?? 0, { runId: a.id }).map(({ data }) => data)).toEqual([
      { text: 'three' },
    ])
    expect(store.events.after(0, { limit: 2 }).length).toBe(2)
    expect(store.events.after(store.events.lastId())).toEqual([])
  })

  test('are told of once, after the commit, when they can be read', () => {
    const { store, project, run } = testStore()
    const { id } = run(project().id)
    store.events.flush()
    const seen: number[] = []
    const end = store.events.subscribe(() => seen.push(store.events.lastId()))
    const before = store.events.lastId()
    store.transaction(() => {
      store.runs.progress(id, 'a')
      store.transaction(() => store.runs.progress(id, 'b'))
      expect(seen).toEqual([])
    })
    expect(seen).toEqual([before + 2])
    store.transaction(() => {})
    expect(seen.length).toBe(1)
    end()
    store.transaction(() => store.runs.progress(id, 'c'))
    expect(seen.length).toBe(1)
  })

  test('are told of without a transaction too', async () => {
    const { store, project, run } = testStore()
    const { id } = run(project().id)
    store.events.flush()
    const told = new Promise<void>((resolve) => store.events.subscribe(() => resolve()))
    store.runs.progress(id, 'a')
    await told
  })

  test('go with a transaction that is rolled back', () => {
    const { store, project, run } = testStore()
    const { id } = run(project().id)
    const before = store.events.lastId()
    const work = () =>
      store.transaction(() => {
        store.runs.progress(id, 'a')
        throw new Error('no')
      })
    expect(work).toThrow('no')
    expect(store.events.lastId()).toBe(before)
  })

  test('have ids that never come again', () => {
    const { store, db, project, run } = testStore()
    const { id } = run(project().id)
    store.runs.progress(id, 'a')
    const last = store.events.lastId()
    db.exec('DELETE FROM events')
    store.runs.progress(id, 'b')
    expect(store.events.lastId()).toBe(last + 1)
  })
})

test('a transaction is never asynchronous', () => {
  const { store } = testStore()
  expect(() => store.transaction(async () => {})).toThrow('cannot return a promise')
})
