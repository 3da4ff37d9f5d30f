import type { Job } from '../domain/job.ts'
import type { Project } from '../domain/project.ts'
import { type Run, runMachine } from '../domain/run.ts'
import type { NewestDelivery } from '../store/deliveries.ts'
import type { RecentRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { bestOf, metOf } from './best.ts'
import type { OverviewView, ProjectOverview, RunInShort, RunPointView } from './contract/overview.ts'
import { Remembered } from './remembered.ts'
import { jobView, projectView, runSummary } from './views.ts'

/** Runs of a project that its curve goes over. */
const HISTORY = 20
/** Runs that have not ended and are told one by one. */
const LISTED = 60

/** Of each job those that run, the first that is queued, the last, and the last that was not cancelled: a chain is drawn from no more. Pure. */
export function jobsInShort<Known extends Pick<Job, 'id' | 'name' | 'state'>>(
  jobs: readonly Known[],
): Known[] {
  const wanted = new Set(jobs.filter(({ state }) => state === 'running'))
  for (const name of new Set(jobs.map((job) => job.name))) {
    const own = jobs.filter((job) => job.name === name)
    const ends = [
      own.find(({ state }) => state === 'queued'),
      own.at(-1),
      own.findLast(({ state }) => state !== 'cancelled'),
    ]
    for (const job of ends) if (job) wanted.add(job)
  }
  return jobs.filter((job) => wanted.has(job))
}

function runInShort(store: Store, run: Run, base: string): RunInShort {
  const results = store.trials.results(run.id)
  const failure = run.conclusion?.failure
  const lost = failure
    ? store.trials
        .ofRun(run.id)
        .filter((trial) => trial.failure?.code === failure.code && trial.failure.message === failure.message)
    : []
  return {
    ...runSummary(store, run, base, results),
    jobs: jobsInShort(store.jobs.ofRun(run.id)).map(jobView),
    trials: lost.slice(0, 1).map((trial) => ({ failure: trial.failure })),
    training: results.filter(({ state }) => state === 'running').map(({ number }) => number),
  }
}

const received = ({ event, outcome, reason, receivedAt }: NewestDelivery) => ({
  ...{ event, outcome, reason, receivedAt },
})

/**
 * What the dashboard's first page shows. What is told of ended runs is remembered until an event of theirs, so that an
 * answer looks only at what has not ended.
 */
export function overview(store: Store, base: () => string): () => OverviewView {
  const ended = new Remembered<RunInShort>()
  const bests = new Remembered<Pick<RunPointView, 'best' | 'met'>>()

  /** @param alive of this answer: what goes on is told both of its project and in a list */
  function inShort(run: Run, alive: Map<number, RunInShort>): RunInShort {
    if (runMachine.isFinal(run.state))
      return ended.get(run.id, store.events.lastOfRun(run.id), () => runInShort(store, run, base()))
    const known = alive.get(run.id) ?? runInShort(store, run, base())
    alive.set(run.id, known)
    return known
  }

  function point(recent: RecentRun): RunPointView {
    const { id, number, sha, state, bestTrialId, target, createdAt } = recent
    const value = bests.get(id, store.events.lastOfRun(id), () => {
      const run = { state, bestTrialId, settings: recent }
      const trials = store.trials.results(id)
      return { best: bestOf(run, trials)?.metric ?? null, met: metOf(run, trials) }
    })
    return { id, number, sha, state, ...value, target, createdAt }
  }

  function ofProject(project: Project, alive: Map<number, RunInShort>): ProjectOverview {
    const { settings: _, ...view } = projectView(project, base())
    const recent = store.runs.recent(project.id, HISTORY)
    const [last] = recent
    const delivery = store.deliveries.newest(project.id)
    return {
      ...view,
      last: last ? inShort(store.runs.get(last.id), alive) : null,
      history: recent
        .filter(({ metric, direction }) => metric === last?.metric && direction === last.direction)
        .map(point)
        .reverse(),
      delivery: delivery && received(delivery),
    }
  }

  return () => {
    const alive = new Map<number, RunInShort>()
    const ids = store.runs.aliveIds()
    const listed = ids.slice(0, LISTED).map((id) => inShort(store.runs.get(id), alive))
    return {
      projects: store.projects.all().map((project) => ofProject(project, alive)),
      now: listed.filter(({ waits }) => waits === null),
      waits: listed.filter(({ waits }) => waits !== null),
      more: ids.length - listed.length,
    }
  }
}
