import type { Running } from '../../src/chain/contract.ts'
import type { Analysis } from '../../src/python/analyse.ts'
import type { Needs } from '../../src/python/needs/needs.ts'
import { mayNameNeeds, readNeeds } from '../../src/python/needs/read.ts'
import { includedBy } from '../../src/python/needs/requirements-file.ts'
import type { JobContext } from '../context.ts'

const MAX_FILE_BYTES = 256 * 1024
const MAX_FILES = 50

/** A file of the commit. */
export interface Listed {
  path: string
  size: number
}

/** What the repository says that a training needs: its files, and the cells of a notebook. */
export async function needsOf(
  context: JobContext & Running,
  { entry, installs }: Analysis,
  listed: readonly Listed[],
): Promise<Needs> {
  const texts = await readFiles(context, listed)
  const needs = readNeeds(entry, (path) => texts.get(path) ?? null)
  const named = new Set(needs.requirements.map(({ name }) => name))
  return {
    ...needs,
    requirements: [...needs.requirements, ...installs.filter(({ name }) => !named.has(name))],
  }
}

/** The files that may say what is needed, and those that they include. */
async function readFiles({ git, paths, run }: JobContext & Running, listed: readonly Listed[]) {
  const texts = new Map<string, string>()
  const readable = new Map(
    listed.filter(({ size }) => size <= MAX_FILE_BYTES).map((file) => [file.path, file]),
  )
  let wanted = [...readable.keys()].filter(mayNameNeeds).slice(0, MAX_FILES)
  while (wanted.length > 0 && texts.size < MAX_FILES) {
    const contents = await git.readFiles(paths.workspace(run.id), run.sha, wanted)
    for (const [path, bytes] of contents) texts.set(path, textOf(bytes))
    const included = [...contents].flatMap(([path, bytes]) =>
      path.endsWith('.txt') ? includedBy(path, textOf(bytes)) : [],
    )
    wanted = [...new Set(included)].filter((path) => readable.has(path) && !texts.has(path))
  }
  return texts
}

/** PowerShell's `pip freeze > requirements.txt` writes UTF-16. */
export const textOf = (bytes: Buffer): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8')
