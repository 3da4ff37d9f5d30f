import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commitFiles, makeRepository } from '../helpers/git.ts'
import { type SwitchableOrigin, switchableOrigin } from './faults/git-origin.ts'

/** A repository that the server fetches from, over real HTTP by git's own backend. */
export interface GitOrigin extends Omit<SwitchableOrigin, 'close'> {
  /** Commits on `main`. @returns the commit's id */
  commit(files: Record<string, string>, message: string): string
  dispose(): Promise<void>
}

export async function gitOrigin(files: Record<string, string>): Promise<GitOrigin> {
  const folder = await mkdtemp(join(tmpdir(), 'hone-origin-'))
  makeRepository(folder, files)
  const { close, ...origin } = await switchableOrigin(folder)
  return {
    ...origin,
    commit: (changed, message) => commitFiles(folder, changed, message),
    async dispose() {
      await close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
