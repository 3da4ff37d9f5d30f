import { stat } from 'node:fs/promises'
import { userError } from '../domain/failure.ts'
import { initRepository, making, putInPlace } from './repository.ts'
import { git, type Runner } from './run.ts'

/**
 * A bare repository with one commit that holds a folder as it is now, what its .gitignore names left out. The folder
 * itself is only read; a `.git` in it is passed over.
 * @returns the commit
 */
export async function snapshot(runner: Runner, folder: string, repository: string): Promise<string> {
  const there = await stat(folder).catch(() => null)
  if (!there?.isDirectory()) {
    throw userError(
      'no-folder',
      there ? `${folder} is a file, not a folder.` : `There is no folder ${folder}.`,
      'Name the folder that the training script lies in.',
    )
  }
  const gitDir = await initRepository(runner, making(repository), { bare: true, branch: 'main', config: {} })
  const call = { gitDir, workTree: folder, env: { GIT_INDEX_FILE: `${gitDir}/index` } }
  await git(runner, ['add', '--all', '--', '.'], call)
  await git(
    runner,
    ['commit', '--quiet', '--allow-empty', '--no-verify', '--message', 'The folder as it is'],
    call,
  )
  const sha = (await git(runner, ['rev-parse', 'HEAD'], call)).trim()
  await putInPlace(repository)
  return sha
}
