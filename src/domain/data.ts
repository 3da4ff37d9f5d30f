import { z } from 'zod'

/** Where a training has its own files: data may lie neither in there nor around it. */
const TAKEN = [
  ...['/workspace', '/checkpoints', '/opt/hone', '/home/hone', '/tmp'],
  ...[
    '/bin',
    '/boot',
    '/dev',
    '/etc',
    '/lib',
    '/lib64',
    '/proc',
    '/root',
    '/run',
    '/sbin',
    '/sys',
    '/usr',
    '/var',
  ],
]
/** Of the host: no training has any business there, not even to read. */
const CLOSED = ['/boot', '/dev', '/etc', '/proc', '/run', '/sys', '/var/lib/docker', '/var/run']
const VOLUME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/

const isWithin = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
const isPlain = (path: string) =>
  /^(\/[^/]+)+$/.test(path) && !path.includes('\0') && !path.split('/').some((part) => /^\.\.?$/.test(part))

function wrongSource(source: string): string | null {
  if (!source.startsWith('/')) {
    return VOLUME.test(source) ? null : 'has to be an absolute folder of the host or the name of a volume'
  }
  if (source === '/') return 'is the whole host'
  if (!isPlain(source)) return "has to be a folder without '.', '..' and '//' in its path"
  const closed = CLOSED.find((folder) => isWithin(source, folder) || isWithin(folder, source))
  return closed === undefined ? null : `meets ${closed}, which is the host's own`
}

function wrongPath(path: string): string | null {
  if (!isPlain(path)) return "has to be an absolute path without '.', '..' and '//', such as '/data/cats'"
  const taken = TAKEN.find((folder) => isWithin(path, folder) || isWithin(folder, path))
  return taken === undefined ? null : `meets ${taken}, which the training container needs itself`
}

const said = (wrong: (value: string) => string | null) =>
  z
    .string()
    .transform((value) => (value.length > 1 ? value.replace(/\/$/, '') : value))
    .superRefine((value, context) => {
      const message = wrong(value)
      if (message !== null) context.addIssue({ code: 'custom', message: `'${value}' ${message}` })
    })

/** A folder of the engine's host, or a named volume, that trainings see read-only under `path`. */
export const DataMount = z.strictObject({ source: said(wrongSource), path: said(wrongPath) })
export type DataMount = z.infer<typeof DataMount>

export const DataMounts = z
  .array(DataMount)
  .max(20)
  .superRefine((mounts, context) => {
    for (const [index, { path }] of mounts.entries()) {
      const other = mounts.slice(0, index).find((one) => isWithin(one.path, path) || isWithin(path, one.path))
      if (!other) continue
      const message = `'${path}' meets '${other.path}': each data set needs a folder of its own`
      context.addIssue({ code: 'custom', path: [index, 'path'], message })
    }
  })

/** What a data set was when a run began. */
export interface DataSet extends DataMount {
  files: number
  bytes: number
  /** Files that the training's user may not read. */
  unreadable: number
  /** SHA-256 over each file's path, size and beginning. */
  content: string
  /** SHA-256 over each file's path and time of last change. */
  times: string
}

/** How a data set differs from the one that an earlier run saw under the same path. */
export interface DataChange {
  /** Number of that run. */
  run: number
  /** `rewritten`: the files have been written again, with the same names, sizes and beginnings. */
  kind: 'same' | 'rewritten' | 'changed'
}

/** Pure; null where the earlier run had no data under this path. */
export function changeOf(
  data: DataSet,
  earlier: { run: number; data: readonly DataSet[] } | null,
): DataChange | null {
  const before = earlier?.data.find(({ path }) => path === data.path)
  if (!earlier || !before) return null
  if (before.content !== data.content) return { run: earlier.run, kind: 'changed' }
  return { run: earlier.run, kind: before.times === data.times ? 'same' : 'rewritten' }
}

/** For a person; empty where there is nothing to say. */
export function changeInWords(path: string, change: DataChange | null): string {
  switch (change?.kind) {
    case 'changed':
      return `the data at ${path} changed since run ${change.run}`
    case 'rewritten':
      return `the files at ${path} were written again since run ${change.run}, with the same names and sizes`
    default:
      return ''
  }
}
