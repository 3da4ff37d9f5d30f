import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unifiedDiff } from '../../src/cli/rewrite/diff.ts'
import { writeInPlace } from '../../src/cli/rewrite/write.ts'
import { failureOf } from '../python/python.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-write-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('the diff', () => {
  it('is one that git and patch take, byte for byte', async () => {
    const before = { 'a b/train.py': bytes('# \xe9\r\nlr = 0.1\r\nend'), 'net.py': bytes('x = 1\n') }
    const after = { 'a b/train.py': bytes('# \xe9\r\nlr = 0.2\r\nend'), 'net.py': bytes('x = 2\n') }
    const diff = await unifiedDiff(before, after, false)
    expect(diff.toString('latin1')).toContain('--- a/net.py\n+++ b/net.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n')
    mkdirSync(join(folder, 'a b'))
    for (const [path, content] of Object.entries(before)) writeFileSync(join(folder, path), content)
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: diff })
    for (const [path, content] of Object.entries(after))
      expect(readFileSync(join(folder, path))).toEqual(content)
  })

  it('is coloured only where that is asked for', async () => {
    const sides = [{ a: bytes('1\n') }, { a: bytes('2\n') }] as const
    expect((await unifiedDiff(...sides, false)).includes(27)).toBe(false)
    expect((await unifiedDiff(...sides, true)).includes(27)).toBe(true)
  })
})

describe('writing in place', () => {
  const file = (name = 'train.py') => join(folder, name)
  const write = (text: string, before = 'lr = 0.1\n', name = 'train.py') =>
    writeInPlace(folder, { [name]: bytes(before) }, { [name]: bytes(text) })

  it('keeps the permissions and leaves nothing else behind', () => {
    writeFileSync(file(), 'lr = 0.1\n')
    chmodSync(file(), 0o751)
    write('lr = 0.2\n')
    expect(readFileSync(file(), 'utf8')).toBe('lr = 0.2\n')
    expect(statSync(file()).mode & 0o777).toBe(0o751)
    expect(readdirSync(folder)).toEqual(['train.py'])
  })

  it('writes what a link inside the folder points to, and the link stays one', () => {
    writeFileSync(file('real.py'), 'lr = 0.1\n')
    symlinkSync('real.py', file())
    write('lr = 0.2\n')
    expect(lstatSync(file()).isSymbolicLink()).toBe(true)
    expect(readFileSync(file('real.py'), 'utf8')).toBe('lr = 0.2\n')
  })

  it('does not write through a link that leads out', () => {
    const outside = mkdtempSync(join(tmpdir(), 'hone-outside-'))
    writeFileSync(join(outside, 'train.py'), 'lr = 0.1\n')
    symlinkSync(join(outside, 'train.py'), file())
    expect(failureOf(() => write('lr = 0.2\n')).code).toBe('outside-root')
    expect(readFileSync(join(outside, 'train.py'), 'utf8')).toBe('lr = 0.1\n')
    rmSync(outside, { recursive: true })
  })

  it('does not overwrite what has changed since, and then changes nothing at all', () => {
    writeFileSync(file('a.py'), 'x = 1\n')
    writeFileSync(file('b.py'), 'y = 9\n')
    const before = { 'a.py': bytes('x = 1\n'), 'b.py': bytes('y = 1\n') }
    const after = { 'a.py': bytes('x = 2\n'), 'b.py': bytes('y = 2\n') }
    expect(failureOf(() => writeInPlace(folder, before, after)).code).toBe('changed-meanwhile')
    expect(readFileSync(file('a.py'), 'utf8')).toBe('x = 1\n')
    expect(readdirSync(folder).sort()).toEqual(['a.py', 'b.py'])
  })
})
