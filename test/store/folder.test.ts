import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockFolder, openDatabase } from '../../src/store/open.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const unusable = expect.objectContaining({
  failure: expect.objectContaining({ code: 'data-folder', remedy: expect.stringContaining('HONE_DATA') }),
})

it.each([
  ['a file', (at: string) => at],
  ['below a file', (at: string) => join(at, 'data')],
])('%s is no data folder, and that is said in words', (_, dataOf) => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  expect(() => lockFolder(dataOf(file))).toThrow(unusable)
  expect(() => openDatabase(join(dataOf(file), 'hone.sqlite'))).toThrow(unusable)
})

it('a folder that the kernel does not let anybody make is refused, and quickly', () => {
  expect(() => lockFolder('/proc/hone')).toThrow(unusable)
})

it('folders above that are missing are made', () => {
  const unlock = lockFolder(join(folder, 'a', 'b'))
  expect(unlock).not.toBeNull()
  unlock?.()
})
