import { capacityOf } from '../../src/domain/slots.ts'
import type { AdminDeps } from '../../src/http/api/admin/deps.ts'

const GIB = 1024 ** 3
const CAPACITY = capacityOf({ cpus: 16, memoryBytes: 64 * GIB, gpus: ['0', '1'] }, 4)
const DISKS = {
  data: { total: 200 * GIB, free: 80 * GIB },
  engine: { total: 500 * GIB, free: 31 * GIB },
}

/** Surroundings as the page Admin asks for them, without an engine, a mail server or a disk. */
export const someSurroundings = (change: Partial<AdminDeps> = {}): AdminDeps => ({
  engine: async () => ({
    address: 'the default socket of this machine',
    away: null,
    facts: {
      ...{ version: '28.3.2', host: 'build-1', system: 'Debian GNU/Linux 13', storageDriver: 'overlay2' },
      ...{ cpus: 16, memoryBytes: 64 * GIB, gpus: ['0', '1'], imageCount: 23 },
    },
    images: [],
  }),
  capacity: async () => CAPACITY,
  knownCapacity: async () => CAPACITY,
  disks: async () => DISKS,
  dataUse: async () => ({
    retention: { runs: 200, days: 90, diskShare: 0.95 },
    folder: '/srv/hone',
    parts: [{ name: 'logs', what: 'What trainings printed', bytes: 3 * GIB }],
    at: 1_700_000_000_000,
  }),
  cleanUp: async () => ({ removed: [], failed: [], freedBytes: 0, compacted: 0 }),
  mail: {
    settings: {
      server: null,
      user: null,
      secure: false,
      from: 'Hone <hone@localhost>',
      to: [],
      folder: '/srv/hone/mailbox',
    },
    sendTest: async () => ({ ok: true, said: '250 OK', remedy: '' }),
  },
  backups: {
    list: async () => ({ folder: '/srv/hone/backups', makingSince: null, failure: null, files: [] }),
    start: () => {},
    find: async () => null,
  },
  ...change,
})
