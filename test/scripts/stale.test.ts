import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { load } from './load.ts'

const { listFiles, stampOf, readStamp, writeStamp } = await load('stamp')
const { isStale } = await load('build')
const { matchesLock } = await load('dependencies')
const { isNewEnough } = await load('node')
const { stepsFor } = await load('index')

describe('the stamp of sources', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hone-stamp-'))
    mkdirSync(join(folder, 'src', 'node_modules'), { recursive: true })
    write('src/a.ts', 'a', 1)
    write('src/b.ts', 'b', 1)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (path: string, text: string, seconds: number) => {
    writeFileSync(join(folder, path), text)
    utimesSync(join(folder, path), seconds, seconds)
  }
  const stamp = () => stampOf(listFiles(folder, ['src', 'missing.json']))

  it('stays the same while nothing changes', () => {
    expect(stamp()).toBe(stamp())
  })

  it.each([
    ['a file written again', () => write('src/a.ts', 'a', 2)],
    ['another size within the same time', () => write('src/a.ts', 'aa', 1)],
    ['a new file', () => write('src/c.ts', 'c', 1)],
    ['a file removed', () => rmSync(join(folder, 'src/b.ts'))],
  ])('changes with %s', (_, change) => {
    const before = stamp()
    change()
    expect(stamp()).not.toBe(before)
  })

  it('does not look into node_modules', () => {
    const before = stamp()
    write('src/node_modules/x.js', 'x', 1)
    expect(stamp()).toBe(before)
  })

  it('is kept in a file; a missing one is no stamp', () => {
    expect(readStamp(join(folder, 'dist', '.stamp'))).toBeNull()
    writeStamp(join(folder, 'dist', '.stamp'), 'abc')
    expect(readStamp(join(folder, 'dist', '.stamp'))).toBe('abc')
  })
})

it.each([
  [{ hasSources: true, hasOutput: true, built: 'x', now: 'x' }, false],
  [{ hasSources: true, hasOutput: true, built: 'x', now: 'y' }, true],
  [{ hasSources: true, hasOutput: true, built: null, now: 'y' }, true],
  [{ hasSources: true, hasOutput: false, built: 'x', now: 'x' }, true],
  [{ hasSources: false, hasOutput: false, built: null, now: 'y' }, false],
])('%j: stale is %s', (half, stale) => {
  expect(isStale(half)).toBe(stale)
})

describe('node_modules against the lock file', () => {
  const lock = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/other-os': { version: '1.0.0', integrity: 'sha512-o', optional: true },
  }
  const a = { version: '1.0.0', integrity: 'sha512-a' }

  it('fits without the optional packages of other systems', () => {
    expect(matchesLock(lock, { 'node_modules/a': a })).toBe(true)
  })

  it.each([
    ['a missing package', {}],
    ['another version', { 'node_modules/a': { ...a, version: '1.0.1' } }],
    ['other content', { 'node_modules/a': { ...a, integrity: 'sha512-b' } }],
    ['a package too many', { 'node_modules/a': a, 'node_modules/z': a }],
  ])('does not fit with %s', (_, installed) => {
    expect(matchesLock(lock, installed)).toBe(false)
  })
})

it.each([
  ['20.19.0', true],
  ['20.20.2', true],
  ['24.0.0', true],
  ['20.18.9', false],
  ['18.20.4', false],
])('Node %s for >=20.19: %s', (version, enough) => {
  expect(isNewEnough(version, '>=20.19')).toBe(enough)
})

describe('what a command needs', () => {
  const names = (...args: string[]) => stepsFor(args).map((step) => step.name)

  it('is an engine and the base image for those that train', () => {
    for (const command of ['demo', 'serve', 'run']) {
      expect(names(command)).toEqual(expect.arrayContaining(['Docker engine', 'base image']))
    }
    expect(names('images', 'base')).toContain('Docker engine')
    expect(names('images', 'base')).not.toContain('base image')
  })

  it('is no engine for the others, and none for help', () => {
    for (const args of [['doctor'], ['project', 'add', 'demo'], [], ['demo', '--help'], ['--version']]) {
      expect(names(...args)).not.toContain('Docker engine')
    }
  })
})
