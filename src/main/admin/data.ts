import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { compactEnded } from '../../../jobs/monitor/compact.ts'
import { findGarbage, type GarbageOptions, removeGarbage } from '../../../jobs/monitor/garbage.ts'
import type { AdminDeps } from '../../http/api/admin/deps.ts'
import type { CleanUpView, DataUseView } from '../../http/contract.ts'
import { compressLog } from '../../store/log-file.ts'

/** Sizes are those of a minute ago at most: to look at all files takes a while. */
const KNOWN_FOR_MS = 60_000

const PARTS = [
  { name: 'hone.sqlite', what: 'The database, with its log of changes and copies from before an upgrade' },
  { name: 'logs', what: 'What trainings printed' },
  { name: 'artifacts', what: 'Models and other files that trainings left' },
  { name: 'workspaces', what: 'The source of runs' },
  { name: 'mirrors', what: 'Copies of repositories elsewhere; they come back by themselves' },
  { name: 'git', what: "Repositories of Hone's own git remote" },
  { name: 'mailbox', what: 'Mails that were written while no mail server was set' },
  { name: 'backups', what: 'Backups that were made on this page' },
] as const

/** What the page Admin asks of the data folder. */
export function dataAdmin(
  garbage: GarbageOptions,
  now: () => number,
): Pick<AdminDeps, 'dataUse' | 'cleanUp' | 'disks'> & { forget: () => void } {
  const { paths, retention, store } = garbage
  let known: { at: number; parts: Promise<DataUseView['parts']> } | null = null
  let cleaning: Promise<CleanUpView> | null = null

  const sizes = () => {
    if (known === null || Math.abs(now() - known.at) > KNOWN_FOR_MS)
      known = { at: now(), parts: sizesOf(paths.data) }
    return known
  }

  async function clean(): Promise<CleanUpView> {
    const answer: CleanUpView = { removed: [], failed: [], freedBytes: 0, compacted: 0 }
    // The garbage first: on a full disk nothing can be written before some of it is gone.
    await removeGarbage(
      garbage,
      await findGarbage(garbage, true),
      ({ leaving: { name } }, why) => answer.failed.push({ name, why }),
      ({ leaving: { kind, name, bytes }, reason }) => {
        answer.removed.push({ kind, name, bytes, reason })
        answer.freedBytes += bytes ?? 0
      },
    )
    answer.compacted = await compactEnded({ store, paths, compressLog }, (run, why) =>
      answer.failed.push({ name: run === null ? 'the database' : `run ${run}`, why }),
    )
    return answer
  }

  /** The sizes are others now. */
  const forget = () => {
    known = null
  }

  return {
    forget,
    disks: garbage.disks,
    async dataUse() {
      const { at, parts } = sizes()
      return { retention, folder: paths.data, parts: await parts, at }
    },
    /** Calls at the same time share one. */
    cleanUp() {
      cleaning ??= clean().finally(() => {
        cleaning = null
        forget()
      })
      return cleaning
    },
  }
}

async function sizesOf(folder: string): Promise<DataUseView['parts']> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    PARTS.map(async ({ name, what }) => {
      const own = names.filter((each) => each === name || (name === 'hone.sqlite' && each.startsWith(name)))
      const bytes = await Promise.all(own.map((each) => bytesOf(join(folder, each))))
      return { name, what, bytes: bytes.reduce((sum, one) => sum + one, 0) }
    }),
  )
}

/** Of a file, or of all files below a folder; what goes away meanwhile counts nothing, and no link is followed. */
async function bytesOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => null)
  if (found?.isFile()) return found.size
  if (!found?.isDirectory()) return 0
  let bytes = 0
  for (const name of await readdir(path).catch(() => [])) bytes += await bytesOf(join(path, name))
  return bytes
}
