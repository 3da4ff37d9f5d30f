import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type HoneError, userError } from '../domain/failure.ts'
import type { RepositorySettings } from '../domain/settings.ts'
import { LIMITS, selectFiles } from '../python/select.ts'
import { closed, tooLarge } from '../python/source/text.ts'
import { type EditableFile, openSource } from '../python/source.ts'
import { listFolder } from './sources/folder.ts'
import { openClosure, pathIn, rootOf } from './sources/script.ts'
import { isOwnFile } from './sources/tree.ts'

/** A folder, or a script with what it imports, as the analysis takes it. */
export interface Sources {
  /** Absolute; the files' paths are relative to it. */
  root: string
  files: EditableFile[]
  /** The bytes of a file that was read. */
  bytes(path: string): Buffer | undefined
  /** hone.yaml, and the script as its entry when one was named. */
  hints: RepositorySettings
  /** The script that was named; null for a folder. */
  script: string | null
}

const SETTINGS = ['hone.yaml', 'hone.yml']
const SETTINGS_BYTES = 64 * 2 ** 10
const SCRIPT_BYTES = 2 ** 20

/**
 * What there is to analyse at a path: a folder's files, or a script or notebook with what it may import.
 * @param root of a script: the folder that its imports and paths are relative to; found when it is left out
 * @throws HoneError `path-missing`, `path-unreadable`, `no-script`, `too-many-files`, `hone-yaml`, `no-git`
 */
export async function loadSources(path: string, root?: string): Promise<Sources> {
  const there = look(path)
  if (there.isDirectory()) return loadFolder(realpathSync(path))
  if (!there.isFile() || !/\.(py|ipynb)$/.test(path)) {
    throw userError(
      'no-script',
      `${path} is neither a folder nor a Python script nor a notebook.`,
      'Name a folder, a `.py` file or a `.ipynb` file.',
    )
  }
  const script = realpathSync(path)
  return loadScript(script, root === undefined ? rootOf(script) : realpathSync(root))
}

async function loadFolder(root: string): Promise<Sources> {
  const { open, bytes } = reader(root)
  const hints = await settingsOf(root)
  const files = selectFiles(await listFolder(root)).map(({ path }) => open(path))
  return { root, files, bytes, hints, script: null }
}

async function loadScript(file: string, root: string): Promise<Sources> {
  const entry = pathIn(root, file)
  const { open, bytes } = reader(root)
  const settings = await settingsOf(root)
  // What hone.yaml says about another script does not hold for this one.
  const { args, framework, hyperparameters, ...others } = settings
  const mine = settings.entry === undefined || join('/', settings.entry) === join('/', entry)
  const files = openClosure(root, entry, open)
  return { root, files, bytes, hints: { ...(mine ? settings : others), entry }, script: entry }
}

function reader(root: string) {
  const read = new Map<string, Buffer>()
  return {
    bytes: (path: string) => read.get(path),
    open(path: string): EditableFile {
      const full = join(root, path)
      try {
        const { size } = statSync(full)
        const limit = path.endsWith('.ipynb') ? LIMITS.notebook : SCRIPT_BYTES
        if (size > limit) return closed(path, tooLarge(path, size, limit))
        const bytes = readFileSync(full)
        read.set(path, bytes)
        return openSource(path, bytes)
      } catch (error) {
        if (typeof (error as { code?: unknown }).code !== 'string') throw error
        return closed(path, unreadable(path, error as Error))
      }
    },
  }
}

async function settingsOf(root: string): Promise<RepositorySettings> {
  const name = SETTINGS.find((name) => isOwnFile(root, name))
  if (!name) return {}
  const full = join(root, name)
  if (statSync(full).size > SETTINGS_BYTES) {
    const remedy = 'Keep settings in it, and data elsewhere.'
    throw userError('hone-yaml', `${name} is larger than 64 KiB.`, remedy, { file: name })
  }
  const { parseHoneYaml } = await import('../domain/hone-yaml.ts')
  return parseHoneYaml(readFileSync(full, 'utf8'))
}

/** @throws HoneError `path-missing`, `path-unreadable` */
function look(path: string): Stats {
  try {
    return statSync(path)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unreadable(path, error as Error)
    throw userError(
      'path-missing',
      `There is no file or folder ${path}.`,
      `Check the path; it is taken from ${resolve('.')}.`,
    )
  }
}

const unreadable = (path: string, error: Error): HoneError =>
  userError(
    'path-unreadable',
    `${path} cannot be read: ${error.message.replace(/,.*$/, '')}.`,
    'Check its permissions.',
    { file: path },
  )
