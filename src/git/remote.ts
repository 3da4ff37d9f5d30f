import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { initRepository, making, putInPlace } from './repository.ts'
import { git, type Runner } from './run.ts'

/** Pushes come in over HTTP; `core.hooksPath` holds against one of the user's own that would switch the hook off. */
const CONFIG = {
  'http.receivepack': 'true',
  'core.hooksPath': 'hooks',
  'receive.denyNonFastForwards': 'false',
  'uploadpack.allowAnySHA1InWant': 'true',
}

async function writeHook(gitDir: string, hook: string): Promise<void> {
  const file = join(gitDir, 'hooks', 'post-receive')
  if ((await readFile(file, 'utf8').catch(() => null)) === hook) return
  await mkdir(join(gitDir, 'hooks'), { recursive: true })
  await writeFile(`${file}.new`, hook)
  await chmod(`${file}.new`, 0o755)
  await rename(`${file}.new`, file)
}

/** Makes the bare repository that people push to, and brings its hook up to date. */
export async function initRemote(runner: Runner, path: string, hook: string): Promise<void> {
  if (
    !(await stat(join(path, 'HEAD')).then(
      () => true,
      () => false,
    ))
  ) {
    await initRepository(runner, making(path), { bare: true, branch: 'main', config: CONFIG })
    await putInPlace(path)
  }
  await writeHook(path, hook)
}

/** @throws GitFailed */
export async function heads(runner: Runner, url: string): Promise<Record<string, string>> {
  const text = await git(runner, ['ls-remote', '--quiet', '--heads', '--', url])
  const lines = text.split('\n').filter((line) => line !== '')
  return Object.fromEntries(lines.map((line) => line.split('\t').reverse() as [string, string]))
}
