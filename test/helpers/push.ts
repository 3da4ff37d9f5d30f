import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

export async function git(cwd: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false']
  return exec('git', [...identity, ...args], {
    cwd,
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
  })
}

/** A repository with one commit, from a folder or from file contents. */
export async function repositoryOf(content: string | Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hone-repo-'))
  if (typeof content === 'string') await cp(content, folder, { recursive: true })
  else {
    for (const [path, text] of Object.entries(content)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
  }
  await git(folder, 'init', '--quiet', '--initial-branch=main')
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message', 'Train')
  return folder
}

/** Pushes to Hone's own remote as a person does. @returns what the remote end printed, and the run's id from it */
export async function pushTo(gitRemote: string, token: string, content: string | Record<string, string>) {
  const folder = await repositoryOf(content)
  try {
    const url = gitRemote.replace('://', `://anyone:${token}@`)
    const { stderr } = await git(folder, 'push', '--force', url, 'HEAD:refs/heads/main')
    const runId = Number(/\/runs\/(\d+)/.exec(stderr)?.[1])
    return { said: stderr, runId }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
