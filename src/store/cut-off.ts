import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Where a file is written before it has its name; of this process alone. */
export const partialPath = (path: string) => `${path}.${process.pid}.partial`

/**
 * Removes what processes that are gone left of files that they had not finished, and what this one did.
 * @param start path up to the number of the process
 * @param kind what follows that number
 */
export function removeCutOff(start: string, kind: RegExp): void {
  const folder = dirname(start)
  const pattern = new RegExp(`^\\.(\\d+)\\.(?:${kind.source})`)
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(basename(start))) continue
    const pid = pattern.exec(name.slice(basename(start).length))?.[1]
    if (pid !== undefined && !isAnother(Number(pid))) rmSync(join(folder, name), { force: true })
  }
}

const ABANDONED_MS = 86_400_000

/** Removes unfinished files of a folder that nobody has written to for a day: the process of one may have been on another machine. */
export function removeAbandoned(folder: string, pattern: RegExp): void {
  for (const name of readdirSync(folder).filter((one) => pattern.test(one))) {
    const path = join(folder, name)
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY
    if (Date.now() - written > ABANDONED_MS) rmSync(path, { force: true })
  }
}

/** Whether another process of this number is alive. */
function isAnother(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
