import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { recordAround } from '../../src/chain/record.ts'
import type { NewAuditEntry } from '../../src/store/audit.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore, type Store } from '../../src/store/store.ts'

const ENTRY: NewAuditEntry = {
  ...{ user: 'ada', token: null, via: null, address: null },
  ...{ action: 'backup made', subject: 'hone.tar' },
}
const broken = new Error('database is locked')
let store: Store
let warned: ReturnType<typeof vi.spyOn>
beforeEach(() => {
  store = createStore(openDatabase(':memory:'))
  warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  store.close()
})
const rows = () => store.audit.list({ limit: 9 }).map(({ subject }) => subject)

it('says what came of the work', async () => {
  expect(await recordAround(store, ENTRY, async () => 3)).toBe(3)
  const work = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOSPC' }))
  await expect(recordAround(store, ENTRY, work)).rejects.toThrow('no')
  expect(rows()).toEqual(['hone.tar: failed (ENOSPC)', 'hone.tar'])
})

it('a row that cannot be completed neither hides the error of the work nor makes one of what was done', async () => {
  vi.spyOn(store.audit, 'settle').mockImplementation(() => {
    throw broken
  })
  expect(await recordAround(store, ENTRY, async () => 3)).toBe(3)
  const work = () => Promise.reject(new Error('the work’s own'))
  await expect(recordAround(store, ENTRY, work)).rejects.toThrow('the work’s own')
  expect(rows()).toEqual(['hone.tar: asked for', 'hone.tar: asked for'])
  expect(warned.mock.calls).toEqual([[broken], [broken]])
})
