import {
  appendFile,
  copyFile,
  type FileHandle,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogFile, openLogFile, readLog, readTail } from '../../src/store/log-file.ts'
import { cutNotice, parseNotice } from '../../src/store/log-notice.ts'
import { scanLog } from '../../src/store/log-scan.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-log-'))
  path = join(folder, 'run-1', 'attempt-1.log')
})
afterEach(() => rm(folder, { recursive: true }))

const MIB = 2 ** 20
const time = (second: number) => new Date(second * 1000).toISOString().replace('Z', '000000Z')
const line = (number: number) => ({ at: time(number), text: `line ${number}` })

async function write(limit: number, from: number, to: number) {
  const log = await openLogFile(path, limit)
  for (let number = from; number < to; number++) log.append(line(number))
  await log.close()
  return log
}
const all = async () => (await readLog(path, { offset: 0, limit: 100 * MIB })).text

describe('a log file', () => {
  it('stores lines with their times, and tells its size', async () => {
    const log = await openLogFile(path, MIB)
    log.append({ at: time(0), text: 'grün' })
    log.append({ at: time(1), text: '' })
    await log.close()
    await log.close()
    const stored = await readFile(path, 'utf8')
    expect(stored).toBe(`${time(0)} grün\n${time(1)} \n`)
    expect(log.bytes).toBe(Buffer.byteLength(stored))
  })

  it('writes while it is open', async () => {
    const log = await openLogFile(path, MIB)
    log.append(line(0))
    await expect.poll(() => all()).toBe('line 0\n')
    await log.close()
  })

  it('is its own cursor', async () => {
    expect((await write(MIB, 0, 0)).cursor).toBeNull()
    await write(MIB, 0, 3)
    const log = await openLogFile(path, MIB)
    expect(log.cursor).toEqual({ at: time(2), seen: 1 })
    log.append({ at: time(2), text: 'same time' })
    expect(log.cursor).toEqual({ at: time(2), seen: 2 })
    await log.close()
    expect((await write(MIB, 0, 0)).cursor).toEqual({ at: time(2), seen: 2 })
    expect(await all()).toBe('line 0\nline 1\nline 2\nsame time\n')
  })

  it('cuts off a half-written last line when it is opened', async () => {
    await write(MIB, 0, 2)
    await appendFile(path, `${time(2)} lin`)
    const log = await openLogFile(path, MIB)
    expect(log.cursor).toEqual({ at: time(1), seen: 1 })
    log.append(line(2))
    await log.close()
    expect(await all()).toBe('line 0\nline 1\nline 2\n')
  })

  it('gives what it stored', async () => {
    await write(4 * MIB, 0, 20_000)
    const log = await openLogFile(path, 4 * MIB)
    const stored: string[] = []
    for await (const text of log.stored()) stored.push(text)
    expect(stored).toEqual(Array.from({ length: 20_000 }, (_, number) => `line ${number}`))
    await log.close()
  })

  it('tells of an error at the next line and at the end', async () => {
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    const handle = {
      appendFile: () => Promise.reject(full),
      close: () => Promise.resolve(),
    } as unknown as FileHandle
    const log = new LogFile(handle, MIB, scanLog(Buffer.alloc(0), MIB))
    log.append({ at: time(0), text: 'x'.repeat(300_000) })
    await new Promise(setImmediate)
    expect(() => log.append(line(1))).toThrow(full)
    await expect(log.close()).rejects.toBe(full)
  })

  it('writes nothing after what could not be written, so that no line is left out', async () => {
    const written: string[] = []
    let full = true
    const handle = {
      async appendFile(data: string) {
        if (full) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
        written.push(data)
      },
      close: () => Promise.resolve(),
    } as unknown as FileHandle
    const log = new LogFile(handle, MIB, scanLog(Buffer.alloc(0), MIB))
    log.append({ at: time(0), text: 'x'.repeat(300_000) })
    log.append(line(1))
    const closed = log.close()
    await Promise.resolve()
    full = false
    await expect(closed).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(written).toEqual([])
  })

  it('cannot be made below a file', async () => {
    await writeFile(join(folder, 'run-1'), '')
    await expect(openLogFile(path, MIB)).rejects.toMatchObject({ code: 'EEXIST' })
  })
})

describe('a log over its limit', () => {
  const LIMIT = 200_000

  it('keeps head and tail and says in between what it cut', async () => {
    await write(LIMIT, 0, 20_000)
    expect((await stat(path)).size).toBeLessThanOrEqual(LIMIT)
    const lines = (await all()).split('\n').slice(0, -1)
    const at = lines.findIndex((text) => text.startsWith('[hone]'))
    const head = lines.slice(0, at)
    const tail = lines.slice(at + 1)
    expect(head).toEqual(head.map((_, index) => `line ${index}`))
    expect(tail).toEqual(tail.map((_, index) => `line ${20_000 - tail.length + index}`))
    expect(head.length).toBeGreaterThan(2000)
    expect(tail.length).toBeGreaterThan(2000)
    const missing = 20_000 - head.length - tail.length
    expect(lines[at]).toMatch(/^\[hone\] \d+\.\d kB \([\d,]+ lines\) not kept: the log limit is 195\.3 KiB$/)
    expect(parseNotice(lines[at] as string)?.lines).toBe(missing)
  })

  it('has no notice while all fits', async () => {
    await write(LIMIT, 0, 4500)
    expect(await all()).toBe(Array.from({ length: 4500 }, (_, number) => `line ${number}\n`).join(''))
  })

  it('goes on after a crash from the end of its head', async () => {
    const log = await openLogFile(path, LIMIT)
    for (let number = 0; number < 20_000; number++) log.append(line(number))
    await expect.poll(async () => (await stat(path)).size).toBe(log.bytes)
    const crashed = join(folder, 'crashed.log')
    await copyFile(path, crashed)
    await log.close()
    await copyFile(crashed, path)
    const again = await openLogFile(path, LIMIT)
    const next = Number((await readTail(path, 1))[0]?.slice('line '.length)) + 1
    expect(again.cursor).toEqual({ at: time(next - 1), seen: 1 })
    for (let number = next; number < 20_000; number++) again.append(line(number))
    await again.close()
    const once = await all()
    await rm(path)
    await write(LIMIT, 0, 20_000)
    expect(once).toBe(await all())
  })

  it('goes on after it was closed as if it had not been', async () => {
    await write(LIMIT, 0, 10_000)
    const log = await openLogFile(path, LIMIT)
    expect(log.cursor).toEqual({ at: time(9999), seen: 1 })
    for (let number = 10_000; number < 20_000; number++) log.append(line(number))
    await log.close()
    const twice = (await all()).split('\n')
    await rm(path)
    await write(LIMIT, 0, 20_000)
    const once = (await all()).split('\n')
    const noNotice = (text: string) => !text.startsWith('[hone]')
    expect(twice.filter(noNotice)).toEqual(once.filter(noNotice))
    const lines = (texts: string[]) => parseNotice(texts.find((text) => !noNotice(text)) as string)?.lines
    expect(lines(twice)).toBe(lines(once))
  })

  it('is not changed by opening and closing', async () => {
    await write(LIMIT, 0, 20_000)
    const before = await readFile(path)
    await (await openLogFile(path, LIMIT)).close()
    expect(before.equals(await readFile(path))).toBe(true)
  })

  it('follows on from its head when lines of the same time were cut', async () => {
    const log = await openLogFile(path, LIMIT)
    log.append(line(0))
    for (let number = 0; number < 20_000; number++) log.append({ at: time(1), text: `piece ${number}` })
    await log.close()
    const again = await openLogFile(path, LIMIT)
    const seen = (again.cursor?.seen ?? 0) + 1
    expect((await all()).split('\n')[seen - 1]).toBe(`piece ${seen - 2}`)
    for (let number = seen - 1; number < 20_000; number++)
      again.append({ at: time(1), text: `piece ${number}` })
    await again.close()
    expect(await readTail(path, 1)).toEqual(['piece 19999'])
  })
})

describe('reading a log', () => {
  it('is empty when there is no file', async () => {
    expect(await readLog(path, { offset: 0, limit: 10 })).toEqual({ text: '', next: 0 })
    expect(await readTail(path, 3)).toEqual([])
  })

  it('gives whole lines piece by piece, whatever the size of a piece', async () => {
    await write(MIB, 0, 300)
    const whole = await all()
    for (const limit of [1, 10, 37, 1000]) {
      let text = ''
      let offset = 0
      for (;;) {
        const piece = await readLog(path, { offset, limit })
        if (piece.next === offset) break
        expect(piece.text).toMatch(/^(line \d+\n)+$/)
        text += piece.text
        offset = piece.next
      }
      expect(text).toBe(whole)
    }
  })

  it('never gives a half line', async () => {
    await writeFile(join(folder, 'a.log'), `${time(0)} whole\n${time(1)} hal`)
    const { text, next } = await readLog(join(folder, 'a.log'), { offset: 0, limit: 1000 })
    expect(text).toBe('whole\n')
    expect(await readLog(join(folder, 'a.log'), { offset: next, limit: 1000 })).toEqual({ text: '', next })
    expect(await readTail(join(folder, 'a.log'), 5)).toEqual(['whole'])
  })

  it('begins with the next line when the offset is inside one, and ends at the end', async () => {
    await write(MIB, 0, 3)
    expect((await readLog(path, { offset: 5, limit: 1000 })).text).toBe('line 1\nline 2\n')
    const size = (await stat(path)).size
    expect(await readLog(path, { offset: size + 100, limit: 1000 })).toEqual({ text: '', next: size })
  })

  it('gives the last lines', async () => {
    await write(4 * MIB, 0, 10_000)
    expect(await readTail(path, 2)).toEqual(['line 9998', 'line 9999'])
    expect(await readTail(path, 0)).toEqual([])
    const many = await readTail(path, 5000)
    expect(many).toHaveLength(5000)
    expect(many[0]).toBe('line 5000')
    expect(await readTail(path, 20_000)).toHaveLength(10_000)
  })
})

it.each([
  [
    { bytes: 83_100_000, lines: 1_204_332 },
    16 * MIB,
    '83.1 MB (1,204,332 lines) not kept: the log limit is 16 MiB',
  ],
  [{ bytes: 12, lines: 1 }, 1000, '12 B (1 line) not kept: the log limit is 1000 bytes'],
  [{ bytes: 2_500_000_000, lines: 2 }, 1536, '2.5 GB (2 lines) not kept: the log limit is 1.5 KiB'],
])('says %o as one line that can be read again', (cut, limit, text) => {
  expect(cutNotice(cut, limit)).toBe(`[hone] ${text}`)
  expect(parseNotice(cutNotice(cut, limit))).toEqual(cut)
})
