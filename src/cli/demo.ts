import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createProject } from '../chain/projects.ts'
import type { Config } from '../config.ts'
import { userError } from '../domain/failure.ts'
import { emlName } from '../mail/send.ts'
import { type Hone, openHone } from '../main.ts'
import { packageRoot } from '../paths.ts'
import { bestTrial } from '../search/stop.ts'
import { hashOf, newSecret } from '../secrets.ts'
import { endingLines, openingLines } from './demo-words.ts'
import { announce, untilStopped } from './serve.ts'
import { style } from './style.ts'
import { watchRun } from './watch.ts'

const exec = promisify(execFile)
/** What each example can reach, and starts clearly under. */
const TARGETS: Record<string, number> = { 'digits-sklearn': 0.97, 'digits-pytorch': 0.97 }
const OTHER_TARGET = 0.9
const TRIALS = 40

/**
 * Starts Hone, pushes an example to its own git remote with a real `git push`, and shows the chain until the mail.
 * @returns the exit code: with `once` 0 when the target was met, else 1
 */
export async function demo(config: Config, example: string, once: boolean): Promise<number> {
  const folder = join(packageRoot, 'examples', example)
  if (!existsSync(folder)) {
    const known = readdirSync(join(packageRoot, 'examples')).join(', ')
    throw userError('no-example', `There is no example '${example}'.`, `Take one of: ${known}.`)
  }
  const target = TARGETS[example] ?? OTHER_TARGET
  const places = { data: config.data, cwd: process.cwd(), port: config.port }
  console.log(openingLines({ example, target, trials: TRIALS, ...places }).join('\n'))
  const hone = await openHone(config, { listen: true })
  try {
    announce(hone.url, hone.newToken)
    const runId = await pushExample(hone, example, folder)
    console.log(`${style.bold('Run')}        ${style.cyan(`${hone.url}/runs/${runId}`)}\n`)
    const stopped = new AbortController()
    const signal = untilStopped().then(() => stopped.abort())
    await watchRun(hone.store, runId, {
      ...{ print: console.log, json: false, mailbox: hone.mailbox },
      signal: stopped.signal,
    })
    if (stopped.signal.aborted && hone.engine.cancel(runId)) {
      console.log('Stopped: the run is cancelled, its training and its container are ended.')
    } else if (!stopped.signal.aborted) {
      console.log(['', ...endingLines({ ...endOf(hone, runId), ...places, once })].join('\n'))
      if (!once) await signal
    }
    return hone.store.runs.get(runId).state === 'succeeded' || !once ? 0 : 1
  } finally {
    await hone.stop()
  }
}

async function pushExample(hone: Hone, example: string, folder: string): Promise<number> {
  const { store } = hone
  const token = newSecret()
  const target = TARGETS[example] ?? OTHER_TARGET
  const project =
    store.projects.byName(example) ??
    createProject(store, { name: example, settings: { target, trials: TRIALS } }).project
  store.projects.update(project.id, { pushTokenHash: hashOf(token) })
  const remote = `${hone.localUrl}/git/${example}.git`
  const work = await mkdtemp(join(tmpdir(), 'hone-demo-'))
  let sha: string
  try {
    await cp(folder, work, { recursive: true })
    await git(work, ['init', '--quiet', '--initial-branch=main'])
    await git(work, ['add', '--all'])
    await git(work, ['commit', '--quiet', '--message', `Train ${example}`])
    sha = (await git(work, ['rev-parse', 'HEAD'])).stdout.trim()
    console.log(`${style.bold('$')} git push --force ${remote} main`)
    const url = remote.replace('://', `://demo:${token}@`)
    const { stderr } = await git(work, ['push', '--force', url, 'HEAD:refs/heads/main'])
    const said = stderr.split('\n').filter((line) => line.startsWith('remote:'))
    console.log(style.dim(said.map((line) => line.trimEnd()).join('\n')))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  const run = store.runs.ofPush(project.id, 'refs/heads/main', sha)
  if (!run) throw new Error('the push made no run')
  return run.id
}

const git = (cwd: string, args: string[]) =>
  exec(
    'git',
    ['-c', 'user.name=Hone demo', '-c', 'user.email=demo@localhost', '-c', 'commit.gpgsign=false', ...args],
    {
      cwd,
    },
  )

/** What the run came to, for its last lines. */
function endOf({ store, mailbox, url, newToken: token }: Hone, runId: number) {
  const run = store.runs.get(runId)
  const trials = store.trials.ofRun(runId)
  const mails = store.mails.list({ runId }).map((mail) => ({
    ...{ subject: mail.subject, to: mail.to },
    file: mailbox === null ? null : join(mailbox, emlName(mail)),
  }))
  return { run, best: bestTrial(trials, run.settings), first: trials[0], mails, url, token }
}
