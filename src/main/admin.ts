import type { GarbageOptions } from '../../jobs/monitor/garbage.ts'
import type { Config } from '../config.ts'
import type { AdminDeps } from '../http/api/admin/deps.ts'
import type { DockerImages } from '../images/docker-images.ts'
import { backupAdmin } from './admin/backups.ts'
import { dataAdmin } from './admin/data.ts'
import { engineAdmin } from './admin/engine.ts'
import { mailAdmin } from './admin/mail.ts'

interface Parts {
  garbage: GarbageOptions
  images: Pick<DockerImages, 'current'>
  url: () => string
  now: () => number
  logger: { error(about: object, text: string): void }
}

/** What the page Admin asks of the surroundings, put together for the HTTP side. */
export function adminDeps(config: Config, { garbage, images, url, now, logger }: Parts): AdminDeps {
  const { store, executor, instance } = garbage
  const { forget, ...data } = dataAdmin(garbage, now)
  return {
    ...engineAdmin({ store, executor, images, config, instance }),
    ...data,
    mail: mailAdmin(config, { now, url }),
    backups: backupAdmin(config.data, { now, logger, onWritten: forget }),
  }
}
