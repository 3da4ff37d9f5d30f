import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compressLog, openLogFile, readLog, readTail } from '../../src/store/log-file.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-gzip-'))
  path = join(folder, 'run-1', 'attempt-1.log')
  await mkdir(dirname(path))
})
afterEach(() => rm(folder, { recursive: true }))

const MIB = 2 ** 20
const TIME = '2026-01-02T03:04:05.000000000Z'
/** With characters of one to four bytes, so that blocks and pieces end inside of some. */
const text = (number: number) => `${'é€😀x'.repeat(number % 90)} Epoch ${number} - accuracy: ${number / 7}`
const stored = (lines: number) => Array.from({ length: lines }, (_, n) => `${TIME} ${text(n)}\n`).join('')

async function pieces(limit: number): Promise<[text: string, next: number][]> {
  const found: [string, number][] = []
  for (let offset = 0; ; ) {
    const piece = await readLog(path, { offset, limit })
    if (piece.next === offset) return found
    found.push([piece.text, piece.next])
    offset = piece.next
  }
}

describe('a compressed log', () => {
  it.each([0, 1, 300, 3000])(
    'of %i lines gives the same pieces at the same offsets as before',
    async (lines) => {
      await writeFile(path, stored(lines))
      const look = async () => [
        await Promise.all([1000, 65_280, MIB].map(pieces)),
        await readTail(path, 5),
        await readTail(path, 2000),
        await readLog(path, { offset: 70_001, limit: 10 }),
        await readLog(path, { offset: 100 * MIB, limit: 10 }),
      ]
      const before = await look()
      const { size } = await stat(path)
      await compressLog(path)
      expect(existsSync(path)).toBe(false)
      expect(await look()).toEqual(before)
      if (lines === 3000) expect((await stat(`${path}.gz`)).size).toBeLessThan(size / 3)
    },
  )

  it('is one for zcat, too', async () => {
    await writeFile(path, stored(3000))
    await compressLog(path)
    expect(gunzipSync(await readFile(`${path}.gz`)).toString()).toBe(stored(3000))
    expect(execFileSync('gzip', ['-dc', `${path}.gz`], { maxBuffer: 10 * MIB }).toString()).toBe(stored(3000))
  })

  it('loses nothing when the server dies before the log itself is gone', async () => {
    await writeFile(path, stored(100))
    await copyFile(path, `${path}.copy`)
    await compressLog(path)
    await copyFile(`${path}.copy`, path)
    const both = await pieces(MIB)
    await compressLog(path)
    expect(await pieces(MIB)).toEqual(both)
    expect(existsSync(path)).toBe(false)
  })

  it('loses nothing when the server dies while it is written', async () => {
    await writeFile(path, stored(100))
    const dead = `${path}.gz.${spawnSync('true').pid}.partial`
    await writeFile(dead, 'the beginning of ano')
    const before = await pieces(MIB)
    await compressLog(path)
    expect(await pieces(MIB)).toEqual(before)
    expect(existsSync(dead)).toBe(false)
  })

  it('leaves the log, and nothing of its own, when it cannot be written', async () => {
    await writeFile(path, stored(100))
    await mkdir(`${path}.gz`)
    await expect(compressLog(path)).rejects.toMatchObject({ code: 'EISDIR' })
    expect(await readdir(dirname(path))).toEqual(['attempt-1.log', 'attempt-1.log.gz'])
    expect(await readFile(path, 'utf8')).toBe(stored(100))
  })

  it('is left alone by another process that is at it, too', async () => {
    await writeFile(path, stored(100))
    const another = `${path}.gz.${process.ppid}.partial`
    await writeFile(another, 'the beginning of ano')
    await compressLog(path)
    expect(await readFile(another, 'utf8')).toBe('the beginning of ano')
  })

  it('is written to again as if it had not been compressed', async () => {
    const log = await openLogFile(path, MIB)
    log.append({ at: TIME, text: 'one' })
    await log.close()
    await compressLog(path)
    const again = await openLogFile(path, MIB)
    expect(again.cursor).toEqual({ at: TIME, seen: 1 })
    again.append({ at: TIME, text: 'two' })
    await again.close()
    expect(await pieces(MIB)).toEqual([['one\ntwo\n', again.bytes]])
    expect(existsSync(`${path}.gz`)).toBe(false)
  })
})

it('a reader sees whole lines only, however the writer stops in between', async () => {
  const bytes = Buffer.from(stored(60))
  const file = await open(path, 'a')
  let seen = ''
  let offset = 0
  for (let at = 0; at < bytes.length; at += 7) {
    await file.write(bytes.subarray(at, at + 7))
    const piece = await readLog(path, { offset, limit: MIB })
    expect(piece.text === '' || piece.text.endsWith('\n')).toBe(true)
    expect(piece.text).not.toContain('\ufffd')
    seen += piece.text
    offset = piece.next
    const [last] = await readTail(path, 1)
    expect(last ?? '').toBe(seen.split('\n').at(-2) ?? '')
  }
  await file.close()
  expect(seen).toBe(Array.from({ length: 60 }, (_, n) => `${text(n)}\n`).join(''))
})
