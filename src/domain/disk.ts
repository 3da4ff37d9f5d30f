import { type HoneError, unavailable } from './failure.ts'
import type { Disk } from './retention.ts'

/** How full the disks are, as far as that can be asked. */
export interface Disks {
  /** The data folder's. */
  data: Disk | null
  /** The engine's: images, containers and volumes. Null where it runs on another machine. */
  engine: Disk | null
}

/** Below this many bytes SQLite, logs and containers are at risk. */
export const DISK_RESERVE = 1024 ** 3

const PLACES = [
  {
    part: 'disk',
    place: 'data',
    where: 'in the data folder',
    remedy: 'Free some space where HONE_DATA lies',
  },
  {
    part: 'engine-disk',
    place: 'engine',
    where: "on the Docker engine's disk",
    // Not `docker system prune`: it takes ended containers, too, and with them results that are not kept yet.
    remedy: 'Free some space there, for example with `docker image prune`',
  },
] as const

export const DISK_PARTS = PLACES.map(({ part }) => part)

/** What is wrong with the disks, one error a disk: trainings wait until it is mended. Pure. */
export function lowDisks(disks: Disks): { part: string; error: HoneError }[] {
  return PLACES.flatMap(({ part, place, where, remedy }) => {
    const disk = disks[place]
    if (disk === null || disk.free >= DISK_RESERVE) return []
    const message = `Only ${Math.round(disk.free / 1024 ** 2)} MB are free ${where}: new trainings wait for space.`
    const advice = `${remedy}, or remove what ended runs left with \`hone gc\`. Trainings go on by themselves.`
    return [{ part, error: unavailable('disk-low', message, advice) }]
  })
}
