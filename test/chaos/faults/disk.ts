import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { FaultPoint } from '../../../src/fault-points.ts'
import { dataPaths } from '../../../src/paths.ts'
import type { Fault } from '../fault.ts'
import type { World } from '../world.ts'
import { canMount, type SmallDisk, smallDisk } from './small-disk.ts'

const MIB = 2 ** 20
/** Longer than the chain waits before it tries again what the database did not take. */
const FULL_MS = 1500

const noDisk = canMount ? null : 'only root may mount a disk of its own'

const disks = new WeakMap<World['setup'], SmallDisk>()
const diskOf = ({ setup }: World): SmallDisk => {
  const disk = disks.get(setup)
  if (!disk) throw new Error('this world has no small disk')
  return disk
}

/** Lets go of the room that the database has in reserve, unless a transaction is under way. */
function takeReserve({ paths }: World): void {
  const db = new Database(paths.database, { timeout: 0 })
  try {
    db.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
}

async function heal(world: World): Promise<void> {
  await delay(FULL_MS)
  await diskOf(world).empty()
}

export const databaseDiskFull: Fault = {
  name: 'SQLite disk full',
  notAt: () => noDisk,
  restarts: false,
  repeatsMail: true,
  async prepare(setup) {
    if (noDisk) return async () => {}
    const disk = await smallDisk(32 * MIB)
    disks.set(setup, disk)
    // The database alone: with so little room for all of the data no training would be begun.
    const file = join(disk.folder, 'hone.sqlite')
    await writeFile(file, '')
    await symlink(file, dataPaths(setup.data).database)
    return disk.dispose
  },
  async inject(world) {
    takeReserve(world)
    await diskOf(world).fill()
  },
  heal,
}

const TRAINING: ReadonlySet<FaultPoint> = new Set([
  ...['container-create', 'start', 'first-line', 'mid-epoch', 'checkpoint', 'last-line', 'exit'],
] as FaultPoint[])

/** So long that an epoch's output does not fit into what a disk has given to the log's file already. */
const PADDING = 'print("." * 6000)\n'

export const logDiskFull: Fault = {
  name: 'log disk full',
  notAt: (phase) => (TRAINING.has(phase) ? noDisk : 'no log is written then'),
  restarts: false,
  async prepare(setup) {
    if (noDisk) return async () => {}
    const disk = await smallDisk(16 * MIB)
    disks.set(setup, disk)
    await symlink(disk.folder, dataPaths(setup.data).logs)
    setup.script = setup.script.replace(/^ {4}print\(.*\n/gm, (line) => `${line}    ${PADDING}`)
    return disk.dispose
  },
  inject: (world) => diskOf(world).fill(),
  heal,
}
