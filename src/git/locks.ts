import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Removes the lock files that a git process left when it was killed. Only for repositories that this process alone
 * works on, and only while none of its own git processes runs there.
 */
export async function removeStaleLocks(gitDir: string): Promise<void> {
  const top = await readdir(gitDir)
  const below = await readdir(join(gitDir, 'refs'), { recursive: true }).catch(() => [])
  const locks = [...top, ...below.map((name) => join('refs', name))].filter((name) => name.endsWith('.lock'))
  await Promise.all(locks.map((name) => rm(join(gitDir, name), { force: true })))
}
