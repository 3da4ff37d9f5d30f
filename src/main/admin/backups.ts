import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeBackup } from '../../cli/backup.ts'
import { HoneError, toFailure } from '../../domain/failure.ts'
import type { AdminDeps } from '../../http/api/admin/deps.ts'
import type { BackupsView } from '../../http/contract.ts'

/** The newest stay: they lie on the disk that they are to help against the loss of. */
const KEPT = 3
const NAME = /^hone-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.tar\.gz$/

interface Surroundings {
  now: () => number
  logger: { error(about: object, text: string): void }
  /** What lies on the disk is another size now. */
  onWritten: () => void
}

/** What the page Admin asks of backups: those that were made there, in a folder of the data folder. */
export function backupAdmin(data: string, { now, logger, onWritten }: Surroundings): AdminDeps['backups'] {
  const folder = join(data, 'backups')
  let makingSince: number | null = null
  let failure: BackupsView['failure'] = null

  const files = async (): Promise<BackupsView['files']> => {
    const names = (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name))
    const found = await Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs } = await stat(join(folder, name))
        return { name, bytes: size, madeAt: Math.round(mtimeMs) }
      }),
    )
    return found.toSorted((a, b) => (a.name < b.name ? 1 : -1))
  }

  async function make(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const time = new Date(now()).toISOString().slice(0, 19).replaceAll(':', '-')
    await writeBackup(data, join(folder, `hone-${time}Z.tar.gz`), true)
    for (const { name } of (await files()).slice(KEPT)) await rm(join(folder, name), { force: true })
  }

  return {
    list: async () => ({ folder, makingSince, failure, files: await files() }),
    start() {
      if (makingSince !== null) throw running()
      makingSince = now()
      failure = null
      make()
        .catch((error: unknown) => {
          logger.error({ err: error }, 'no backup')
          const { message, remedy } = toFailure(error)
          failure = { message, remedy }
        })
        .finally(() => {
          makingSince = null
          onWritten()
        })
    },
    async find(name) {
      if (!NAME.test(name)) return null
      const path = join(folder, name)
      return stat(path).then(
        () => path,
        () => null,
      )
    },
  }
}

const running = () =>
  new HoneError({
    ...{ kind: 'user', code: 'backup-running', message: 'A backup is being made already.' },
    remedy: 'Wait for its end; it is listed then.',
  })
