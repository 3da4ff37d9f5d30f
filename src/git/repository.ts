import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { git, type Runner } from './run.ts'

/**
 * Overrides what a repository's .gitattributes ask for: every file is kept byte for byte, and shown as text where it is.
 * This file has precedence over all others.
 */
const ATTRIBUTES = '* -text -eol -crlf -ident -working-tree-encoding -export-ignore -export-subst !diff'

/** Where the half-made one lies until it is complete. */
export const making = (folder: string) => `${folder}.making`

/** Makes a repository without templates in a new folder. @returns its git directory */
export async function initRepository(
  runner: Runner,
  folder: string,
  options: { bare: boolean; branch: string; config: Record<string, string>; lfs?: boolean },
): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(dirname(folder), { recursive: true })
  const kind = options.bare ? ['--bare'] : []
  await git(runner, ['init', ...kind, '--template=', `--initial-branch=${options.branch}`, '--', folder])
  const gitDir = options.bare ? folder : join(folder, '.git')
  for (const [key, value] of Object.entries(options.config)) {
    await git(runner, ['config', '--local', key, value], { gitDir })
  }
  await mkdir(join(gitDir, 'info'), { recursive: true })
  await writeFile(join(gitDir, 'info', 'attributes'), `${ATTRIBUTES}${options.lfs ? '' : ' -filter'}\n`)
  return gitDir
}

/** Puts what was made in its place at once, so that it is there wholly or not at all. */
export async function putInPlace(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await rename(making(folder), folder)
}
