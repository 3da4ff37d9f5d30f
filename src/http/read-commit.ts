import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Message and author of a commit in a bare repository. @throws when it is not there */
export async function readCommit(
  repository: string,
  sha: string,
): Promise<{ message: string; author: string | null }> {
  const { stdout } = await promisify(execFile)(
    'git',
    [
      '-c',
      `safe.directory=${repository}`,
      `--git-dir=${repository}`,
      'log',
      '-1',
      '--no-show-signature',
      '--encoding=UTF-8',
      '--format=%an%x00%B',
      sha,
      '--',
    ],
    { maxBuffer: 16 * 1024 * 1024 },
  )
  const [author = '', message = ''] = stdout.split('\0')
  return { message: message.trimEnd(), author: author || null }
}
