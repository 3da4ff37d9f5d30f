import { expect, it } from 'vitest'
import { DISK_RESERVE, lowDisks } from '../../src/domain/disk.ts'

it('advises nothing that would remove containers', () => {
  const full = { total: 100 * DISK_RESERVE, free: DISK_RESERVE - 1 }
  const [data, engine, ...others] = lowDisks({ data: full, engine: full }).map(({ error }) => error.failure)
  expect(others).toEqual([])
  expect(data?.remedy).toContain('where HONE_DATA lies')
  expect(engine?.remedy).toMatch(/`docker image prune`.*`hone gc`/)
  expect(engine?.remedy).not.toContain('system prune')
  expect(lowDisks({ data: { ...full, free: DISK_RESERVE }, engine: null })).toEqual([])
})
