import { createHash } from 'node:crypto'
import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compressLog, openLogFile, readLog } from '../../../src/store/log-file.ts'
import { openDatabase } from '../../../src/store/open.ts'
import { canMount, type SmallDisk, smallDisk } from './small-disk.ts'

const MIB = 2 ** 20

describe.skipIf(!canMount)('a small disk', () => {
  let disk: SmallDisk
  beforeEach(async () => {
    disk = await smallDisk(2 * MIB)
  })
  afterEach(() => disk.dispose())

  test('takes not a byte more once it is filled, and does again once it is emptied', async () => {
    const file = join(disk.folder, 'a')
    await disk.fill()
    await expect(writeFile(file, 'x')).rejects.toMatchObject({ code: 'ENOSPC' })
    await disk.empty()
    await writeFile(file, Buffer.alloc(MIB))
  })

  test('the database on it refuses a change and keeps what it has, and takes changes again', async () => {
    const db = openDatabase(join(disk.folder, 'hone.sqlite'))
    const insert = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)')
    insert.run('before', 'x')
    db.pragma('wal_checkpoint(TRUNCATE)')
    await disk.fill()
    expect(() => insert.run('while', 'x')).toThrow(Database.SqliteError)
    expect(db.prepare('SELECT key FROM meta').pluck().all()).toEqual(['before'])
    await disk.empty()
    insert.run('after', 'x')
    expect(db.prepare('SELECT key FROM meta ORDER BY key DESC').pluck().all()).toEqual(['before', 'after'])
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    db.close()
  })

  test('a log is compressed on it wholly, or stays as it is', async () => {
    const PAGE = 4096
    const path = join(disk.folder, 'attempt-1.log')
    const random = createHash('shake256', { outputLength: 8 * PAGE })
      .update('a log')
      .digest('hex')
    const write = (length: number) =>
      writeFile(path, `2026-01-01T00:00:00.000000000Z ${random.slice(0, length)}\n`)
    /** Of its compressed form only the very end comes to lie on another page of the disk. */
    const lengthThatCrosses = async () => {
      for (let length = PAGE; length < random.length; length += 16) {
        await write(length)
        await compressLog(path)
        const { size } = await stat(`${path}.gz`)
        await rm(`${path}.gz`)
        if (size % PAGE > 0 && size % PAGE < 20) return { length, pages: Math.floor(size / PAGE) }
      }
      throw new Error('no such length')
    }
    const { length, pages } = await lengthThatCrosses()
    await write(length)
    await disk.fill(pages * PAGE)
    await expect(compressLog(path)).rejects.toMatchObject({ code: 'ENOSPC' })
    await disk.empty()
    const { text } = await readLog(path, { offset: 0, limit: MIB })
    expect(text).toBe(`${random.slice(0, length)}\n`)
  })

  test('a log on it has every line once, however often it was full', async () => {
    const path = join(disk.folder, 'logs', 'attempt-1.log')
    const at = (number: number) => new Date(number * 1000).toISOString().replace('Z', '000000Z')
    const lines = Array.from({ length: 2000 }, (_, n) => ({
      at: at(n),
      text: `line ${n} ${'x'.repeat(200)}`,
    }))
    /** As the one that follows a container's log does: on from where the file ends. */
    const writeOn = async (to: number) => {
      const log = await openLogFile(path, 10 * MIB)
      const from = lines.findIndex((line) => line.at === log.cursor?.at) + 1
      try {
        for (const line of lines.slice(from, to)) log.append(line)
      } finally {
        await log.close()
      }
    }
    await writeOn(300)
    for (const to of [700, 701, 2000]) {
      await disk.fill()
      await expect(writeOn(to)).rejects.toMatchObject({ code: 'ENOSPC' })
      await disk.empty()
      await writeOn(to - 100)
    }
    await writeOn(lines.length)
    const { text } = await readLog(path, { offset: 0, limit: 10 * MIB })
    expect(text).toBe(lines.map((line) => `${line.text}\n`).join(''))
  })
})
