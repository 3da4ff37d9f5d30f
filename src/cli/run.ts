import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { startRun } from '../chain/intake.ts'
import { checkSettings, createProject } from '../chain/projects.ts'
import type { Config } from '../config.ts'
import { clean, oneLine } from '../domain/clean.ts'
import { userError } from '../domain/failure.ts'
import { PROJECT_NAME } from '../domain/project.ts'
import { mountOf } from '../domain/setting-text.ts'
import type { Settings } from '../domain/settings.ts'
import { firstJob, openHone } from '../main.ts'
import { namedBy, optionOf } from './project/open.ts'
import { untilStopped } from './serve.ts'
import { short, style } from './style.ts'
import { watchRun } from './watch.ts'

export interface RunOptions {
  target?: number
  trials?: number
  metric?: string
  /** `source:path`, as of `docker run -v`. */
  data?: string[]
  json?: boolean
}

/**
 * The chain on a local folder as it is now, committed or not, without a server. Each folder has a data folder of its
 * own, so that a server or another run beside it is not in the way.
 * @returns the exit code: 0 target met, 1 not met, 2 error
 */
export async function runFolder(config: Config, folder: string, options: RunOptions): Promise<number> {
  const path = resolve(folder)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw userError(
      'no-folder',
      `There is no folder ${path}.`,
      'Name the folder that the training script lies in.',
    )
  }
  const overrides = overridesOf(options)
  const id = createHash('sha256').update(path).digest('hex').slice(0, 8)
  const name = PROJECT_NAME.test(basename(path)) ? basename(path) : 'folder'
  const data = join(config.data, 'local', `${name}-${id}`)
  const source = join(data, 'source')
  const hone = await openHone({ ...config, data }, { listen: false })
  try {
    const sha = await hone.git.snapshot(path, source)
    const { store, engine } = hone
    const project =
      store.projects.byName(name) ?? createProject(store, { name, repoUrl: `file://${source}` }).project
    const request = { ref: 'refs/heads/main', sha, trigger: 'manual' as const, overrides }
    const run = startRun(store, project, request, { first: firstJob })
    const watching = watchRun(store, run.id, {
      print: console.log,
      json: options.json ?? false,
      mailbox: hone.mailbox,
    })
    const stopped = untilStopped().then(() => 'stopped' as const)
    if ((await Promise.race([watching, stopped])) === 'stopped') {
      engine.cancel(run.id)
      await watching
    }
    return summarise(hone.store, run.id, options, hone.paths.trialArtifacts)
  } finally {
    await hone.stop()
  }
}

const overridesOf = ({ target, trials, metric, data }: RunOptions): Partial<Settings> =>
  namedBy(optionOf, () =>
    checkSettings({
      ...(target === undefined ? {} : { target }),
      ...(trials === undefined ? {} : { trials }),
      ...(metric === undefined ? {} : { metric }),
      ...(data === undefined ? {} : { data: data.map(mountOf) }),
    }),
  )

function summarise(
  store: Awaited<ReturnType<typeof openHone>>['store'],
  runId: number,
  options: RunOptions,
  artifacts: (runId: number, trial: number) => string,
): number {
  const run = store.runs.get(runId)
  const best = run.bestTrialId === null ? null : store.trials.get(run.bestTrialId)
  const code = run.state === 'succeeded' ? 0 : run.state === 'exhausted' ? 1 : 2
  if (options.json) {
    const { metric, target } = run.settings
    const result = best && { trial: best.number, value: best.metric, values: best.values, diff: best.diff }
    console.log(
      JSON.stringify({ result: run.state, metric, target, best: result, conclusion: run.conclusion }),
    )
    return code
  }
  if (best) {
    console.log(
      `\n${style.bold(`Best: ${oneLine(run.settings.metric)} ${short(best.metric as number)}`)} in trial ${best.number}`,
    )
    console.log(best.diff === '' ? style.dim('with your own values') : clean(best.diff))
    const models = artifacts(run.id, best.number)
    if (existsSync(models)) console.log(style.dim(`Model files: ${models}`))
  }
  return code
}
