import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { type TarEntry, tarOf } from '../tar.ts'
import { TRAINING_USER } from './executor.ts'

/** Nothing else: whatever lies on PYTHONPATH could stand in the way of a module of the user's. */
const PACKED = /^hone\/(sitecustomize|_hone\/\w+)\.py$/

/** Where the Python runtime lies in every training container. */
const RUNTIME_PATH = '/opt/hone'

/** What the runtime writes: JSON lines, see docker/runtime/hone/_hone/events.py. */
export const EVENTS_PATH = `${RUNTIME_PATH}/run/events.jsonl`

/** The last lines that the script printed, see docker/runtime/hone/_hone/printed.py. */
export const PRINTED_PATH = `${RUNTIME_PATH}/run/printed.log`

/** What runs a script with the runtime in it: `python3 -u -m _hone script.py`. */
export const LAUNCHER = ['python3', '-u', '-m', '_hone']

/** Where the trainings of a project keep what they download. */
export const CACHE_PATH = `${RUNTIME_PATH}/cache`

/** Python loads the runtime by itself with these; a script's own PYTHONPATH has to stay behind this one. */
export const runtimeEnv: Record<string, string> = {
  PYTHONPATH: RUNTIME_PATH,
  PYTHONUNBUFFERED: '1',
  HONE_EVENTS: EVENTS_PATH,
  HONE_CACHE: CACHE_PATH,
}

/**
 * The Python runtime as a tar stream to unpack at `/`, with the folders that a training writes to.
 * @param folder docker/runtime of the installation
 */
export function runtimeArchive(folder: string): Readable {
  const entries: TarEntry[] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
    if (!entry.isFile() || !PACKED.test(path)) continue
    entries.push([{ name: `opt/${path}`, mode: 0o644 }, readFileSync(join(folder, path))])
  }
  // An image that a user brings need not have them, and a new volume belongs to root.
  for (const name of ['checkpoints/', 'workspace/', 'opt/hone/run/', 'opt/hone/cache/']) {
    entries.push([{ name, type: 'directory', mode: 0o755, ...TRAINING_USER }])
  }
  return tarOf(entries)
}
