import { execFile } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { systemError, unavailable } from '../../domain/failure.ts'
import type { Listed } from '../../python/select.ts'

const exec = promisify(execFile)

/** Names that may matter; `selectFiles` decides. A data set of a million images is not printed. */
const PATTERNS = [
  ...['*.py', '*.ipynb', '*.yaml', '*.yml', '*.json', '*.toml', '*.cfg', '*.ini', '*.sh'],
  ...['readme*', 'makefile', 'gnumakefile', 'dockerfile*', 'procfile', 'mlproject'],
].map((name) => `:(glob,icase)**/${name}`)

/**
 * The files of a folder that a commit of it would hold: what its .gitignore names, links, and repositories in it left out.
 * Neither the folder's own repository nor its settings are looked at, so that nothing in them runs.
 * @throws HoneError `no-git`, `folder-unreadable`
 */
export async function listFolder(folder: string): Promise<Listed[]> {
  const temporary = mkdtempSync(join(tmpdir(), 'hone-inspect-'))
  try {
    const gitDir = emptyRepository(temporary)
    const options = [`--git-dir=${gitDir}`, `--work-tree=${folder}`, '-c', 'core.fsmonitor=false']
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...PATTERNS]
    const { stdout } = await exec('git', [...options, ...list], { cwd: folder, maxBuffer: 2 ** 28 })
    return stdout.split('\0').flatMap((path) => listed(folder, path))
  } catch (error) {
    throw gitError(folder, error as Error & { code?: unknown; stderr?: string })
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** As little as git takes for a repository. */
function emptyRepository(folder: string): string {
  for (const name of ['objects', 'refs']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n')
  return folder
}

function listed(folder: string, path: string): Listed[] {
  if (path === '' || path.endsWith('/')) return []
  const there = lstatSync(join(folder, path), { throwIfNoEntry: false })
  return there?.isFile() ? [{ path, size: there.size }] : []
}

function gitError(folder: string, error: Error & { code?: unknown; stderr?: string }): Error {
  if (error.code === 'ENOENT') {
    return unavailable('no-git', 'git is not installed.', 'Debian, Ubuntu: apt-get install git', error)
  }
  const said = error.stderr?.trim().split('\n').at(-1) ?? error.message
  return systemError(
    'folder-unreadable',
    `The files of ${folder} cannot be listed: ${said}`,
    'Check that the folder may be read.',
    error,
  )
}
