import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Git's own settings of this machine have no part in a test. */
export const gitTestEnvironment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  LC_ALL: 'C',
}

/** Runs git in a folder. @returns what it printed, trimmed */
export const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: folder, env: gitTestEnvironment, stdio: ['ignore', 'pipe', 'pipe'] })
    .toString()
    .trim()

/** A new folder under the system's temporary one, without symbolic links in its path. */
export const temporaryFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'hone-test-')))
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })

export type TestFile = string | Buffer | { link: string } | { executable: string }

/** Writes the files and commits all that changed. @returns the commit's id */
export function commitFiles(folder: string, files: Record<string, TestFile>, message = 'A change'): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(file, content)
    else if ('link' in content) symlinkSync(content.link, file)
    else {
      writeFileSync(file, content.executable)
      chmodSync(file, 0o755)
    }
  }
  git(folder, 'add', '--all', '--force')
  git(folder, 'commit', '--quiet', '--allow-empty', '-m', message)
  return git(folder, 'rev-parse', 'HEAD')
}

/** A repository with one commit on `main`. */
export function makeRepository(
  folder: string,
  files: Record<string, TestFile>,
): { path: string; sha: string } {
  mkdirSync(folder, { recursive: true })
  git(folder, 'init', '--quiet', '--initial-branch=main')
  git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  return { path: folder, sha: commitFiles(folder, files, 'First commit') }
}
