import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { LABEL } from '../../src/containers/executor.ts'
import { cacheVolume } from '../../src/domain/retention.ts'
import type { AttemptView, RunView, TrialView } from '../../src/http/contract.ts'
import { openDatabase } from '../../src/store/open.ts'
import { git } from '../helpers/git.ts'
import type { World } from './world.ts'

/** What a run came to, without what differs by nature: ids, times, commits, containers. */
export interface Outcome {
  end: unknown
  trials: unknown[]
  /** Without the tweaks where trainings are side by side: which of these found nothing to train depends on which training ended first. */
  jobs: string[]
  /** Of each trial: `name split step value`, in their order. */
  metrics: string[][]
  /** Of each trial, of each of its attempts, the lines. */
  logs: string[][][]
  /** Of each trial, of each of its attempts, how many lines it is known to have printed at least, whatever its log says. */
  printed: number[][]
  /** Commits on the run's branch, tags of the trials, and the paths of files that the run left. */
  traces: string[]
  /** Message ids, each as often as it was delivered. */
  mails: string[]
  /** Attempts after the first. */
  restarts: number
}

/** @param heard names of containers that were seen to print something, from outside of the server */
export async function outcomeOf(
  world: World,
  run: RunView,
  heard: ReadonlySet<string> = new Set(),
): Promise<Outcome> {
  const { server } = world
  const trials = await Promise.all(run.trials.map(({ id }) => server.trial(id)))
  const logs = await Promise.all(
    run.trials.map(({ attempts }) =>
      Promise.all(attempts.map(async ({ id }) => linesOf(await server.api<string>(`/attempts/${id}/log`)))),
    ),
  )
  return {
    end: { state: run.state, best: run.best, bestTrial: run.bestTrial, conclusion: run.conclusion },
    trials: trials.map(({ number, state, values, metric, seed, diff, origin }) => {
      return { number, state, values, metric, seed, diff, origin }
    }),
    jobs: run.jobs
      .flatMap(({ key, name, state }) => (name === 'tweak' && world.inParallel ? [] : [`${key} ${state}`]))
      .sort(),
    metrics: trials.map(metricsOf),
    logs,
    printed: trials.map((trial) =>
      trial.attempts.map((attempt) =>
        Math.max(printedBy(attempt, trial), Number(heard.has(attempt.container))),
      ),
    ),
    traces: tracesOf(world, run),
    mails: world.post.delivered
      .map(({ messageId = '' }) => messageId)
      .filter((id) => id.startsWith(`<run-${run.id}.`)),
    restarts: run.trials.reduce((sum, { attempts }) => sum + attempts.length - 1, 0),
  }
}

const linesOf = (text: string) => text.split('\n').slice(0, -1)

/**
 * The line that a metric was read from, and the epochs that are in a checkpoint, which the training's runtime tells beside the log:
 * the script prints one line at the end of each.
 */
export function printedBy(
  { id, report }: Pick<AttemptView, 'id' | 'report'>,
  { metrics }: Pick<TrialView, 'metrics'>,
): number {
  const lines = metrics.flatMap(({ attemptId, source, line }) =>
    attemptId === id && source === 'log' && line !== null ? [line] : [],
  )
  const epochs = (report?.checkpoint?.step ?? 0) - (report?.resumed?.step ?? 0)
  return Math.max(0, epochs, ...lines)
}

const metricsOf = ({ metrics }: TrialView) =>
  metrics.map(({ name, split, step, value, decisive }) =>
    [name, split, step, value, decisive ? 'decisive' : ''].join(' '),
  )

function tracesOf({ paths }: World, run: RunView): string[] {
  const workspace = paths.workspace(run.id)
  const subjects = git(workspace, 'log', '--format=%s', 'HEAD').split('\n')
  const tags = git(workspace, 'for-each-ref', '--format=%(refname:short)', 'refs/tags').split('\n')
  const state = git(workspace, 'status', '--porcelain')
  const files = [workspace, join(paths.artifacts, `run-${run.id}`)].flatMap((folder) =>
    !existsSync(folder)
      ? []
      : (readdirSync(folder, { recursive: true }) as string[]).filter(
          (name) => !name.startsWith('.git/') || name.endsWith('.lock'),
        ),
  )
  return [`branch ${subjects.length}`, ...tags, state, ...files.sort()]
}

/** Containers and volumes on the engine that no run needs any more, and folders of the data folder that belong to none. */
export async function leftovers(world: World): Promise<string[]> {
  const { docker, instance, project, paths } = world
  // On an engine of the world's own nothing at all may be left, whoever made it.
  const filters: Record<string, string[]> = world.setup.ownEngine
    ? {}
    : { label: [`${LABEL.instance}=${instance}`] }
  const containers = await docker.listContainers({ all: true, filters })
  const volumes = await docker.listVolumes({ filters })
  const cache = cacheVolume(instance, project.id)
  const folders = readdirSync(paths.workspaces).filter((name) => !/^run-\d+$/.test(name))
  return [
    ...containers.map(({ Names, Id }) => `container ${Names[0] ?? Id}`),
    ...(volumes.Volumes ?? []).filter(({ Name }) => Name !== cache).map(({ Name }) => `volume ${Name}`),
    ...folders.map((name) => `folder ${name}`),
  ]
}

/** What SQLite itself finds wrong with the database; `ok` when nothing. */
export function integrity({ paths }: World): string {
  const db = openDatabase(paths.database)
  try {
    return String(db.pragma('integrity_check', { simple: true }))
  } finally {
    db.close()
  }
}
