import { type RunState, runMachine } from './run.ts'

/** How long what ended runs leave is kept. */
export interface Retention {
  /** Newest ended runs of each project. */
  runs: number
  days: number
  /** Of a disk, 0 .. 1: above it the oldest ended runs go earlier. */
  diskShare: number
}

export interface RetainedRun {
  id: number
  projectId: number
  number: number
  state: RunState
  /** ms since the epoch. */
  endedAt: number | null
  /** The tag that it trains, or trained, in. */
  trainedIn: string | null
  /** Whether it came to a trial whose source differs from the commit's, which pages compare. */
  hasChanges: boolean
}

/** `place`: the disk that it takes room on. `bytes`: null where nobody asked. */
interface Common {
  name: string
  bytes: number | null
  place: 'data' | 'engine'
}
export type Leaving = Common &
  (
    | { kind: 'workspace' | 'logs'; runId: number }
    | { kind: 'artifacts'; runId: number; best: boolean }
    /** `mirror`: of a repository. `cache`: of downloads. Both come back by themselves. */
    | { kind: 'mirror' | 'cache'; projectId: number }
    /** One that Hone built; `current`: it would be built today. One without a name has its id as the only tag. */
    | {
        kind: 'image'
        tags: string[]
        createdAt: number
        used: boolean
        current: boolean
        unnamed?: boolean
      }
  )

export interface Removal {
  leaving: Leaving
  /** In words for a person. */
  reason: string
}

export interface Disk {
  total: number
  free: number
}

/** The volume of a project's downloads. */
export const cacheVolume = (instance: string, projectId: number) => `hone-${instance}-cache-${projectId}`

/** Null for any other volume. */
export function projectOfCache(instance: string, volume: string): number | null {
  const id = Number(/-cache-(\d+)$/.exec(volume)?.[1])
  return cacheVolume(instance, id) === volume ? id : null
}

/** Since the end of a run: its last lines are written by then, and nobody follows it any more. */
export const COMPACT_AFTER_MS = 3_600_000

/** What a cancelled run was at has stopped by then, a git that is in the way of it too. */
const STOPPED_AFTER_MS = 600_000

const DAY_MS = 86_400_000
/** Superseded images are large, and building one again takes a minute. */
const IMAGE_DAYS = 7
/** A build that is under way makes unnamed ones, too. */
const UNNAMED_DAYS = 1

/**
 * What goes. Never what belongs to a run that is alive, nor the workspace and files of a winner, nor anything of a project's newest run;
 * what belongs to no known run stays, too. Pure.
 * @param disks what each holds; null: unknown
 */
export function garbageOf(
  leavings: readonly Leaving[],
  runs: readonly RetainedRun[],
  retention: Retention,
  disks: Record<Common['place'], Disk | null>,
  now: number,
): Removal[] {
  const facts = factsOf(runs, retention, now)
  const removals = leavings.flatMap((leaving): Removal[] => {
    const reason = facts.reasonFor(leaving)
    return reason === null ? [] : [{ leaving, reason }]
  })
  for (const place of ['data', 'engine'] as const) {
    const disk = disks[place]
    if (disk === null) continue
    const going = new Set(removals.map(({ leaving }) => leaving))
    let over = disk.total - disk.free - disk.total * retention.diskShare
    for (const leaving of going) if (leaving.place === place) over -= leaving.bytes ?? 0
    const more = leavings
      .filter((leaving) => leaving.place === place && !going.has(leaving) && facts.mayGoEarly(leaving))
      .toSorted((a, b) => facts.lastUse(a) - facts.lastUse(b))
    for (const leaving of more) {
      if (over <= 0) break
      removals.push({ leaving, reason: `the disk is more than ${share(retention.diskShare)} full` })
      over -= leaving.bytes ?? 0
    }
  }
  return removals
}

const share = (value: number) => `${Math.round(value * 100)} %`

function factsOf(runs: readonly RetainedRun[], retention: Retention, now: number) {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const isAlive = ({ state }: RetainedRun) => !runMachine.isFinal(state)
  const ended = new Map<number, RetainedRun[]>()
  for (const run of runs.filter((run) => !isAlive(run)).toSorted((a, b) => b.number - a.number)) {
    const list = ended.get(run.projectId)
    if (list) list.push(run)
    else ended.set(run.projectId, [run])
  }
  /** 0: the newest of its project that has ended. */
  const rank = new Map(
    [...ended.values()].flatMap((list) => list.map((run, index) => [run.id, index] as const)),
  )
  const daysSince = (time: number) => (now - time) / DAY_MS
  const ofProject = (id: number) => runs.filter(({ projectId }) => projectId === id)
  const using = (tags: readonly string[]) =>
    runs.filter(({ trainedIn }) => trainedIn && tags.includes(trainedIn))
  const latest = (some: readonly RetainedRun[]) => Math.max(...some.map(({ endedAt }) => endedAt ?? now))
  /** Nobody wants the result, and there is nothing in its workspace but what is in its repository. */
  const isDropped = ({ state, hasChanges, endedAt }: RetainedRun) =>
    (state === 'cancelled' || state === 'superseded') &&
    !hasChanges &&
    now - (endedAt ?? now) > STOPPED_AFTER_MS
  const needsImage = (run: RetainedRun) => isAlive(run) || rank.get(run.id) === 0

  /** Whether the policy may touch it at all. */
  function mayGo(leaving: Leaving): boolean {
    switch (leaving.kind) {
      case 'image':
        return !leaving.used && !leaving.current && !using(leaving.tags).some(needsImage)
      case 'mirror':
      case 'cache':
        return ofProject(leaving.projectId).every((run) => !isAlive(run))
      default: {
        const run = byId.get(leaving.runId)
        if (run === undefined || isAlive(run)) return false
        if (leaving.kind === 'artifacts' && !leaving.best) return true
        if (leaving.kind === 'workspace' && isDropped(run)) return true
        if (rank.get(run.id) === 0) return false
        return run.state !== 'succeeded' || leaving.kind === 'logs'
      }
    }
  }

  /** On a full disk: not what somebody may still be looking at, nor what another Hone may train in. */
  function mayGoEarly(leaving: Leaving): boolean {
    const isForeign = leaving.kind === 'image' && using(leaving.tags).length === 0
    return mayGo(leaving) && daysSince(lastUse(leaving)) > (isForeign ? IMAGE_DAYS : 1)
  }

  /** ms since the epoch. */
  function lastUse(leaving: Leaving): number {
    switch (leaving.kind) {
      case 'image': {
        const users = using(leaving.tags)
        return users.length > 0 ? latest(users) : leaving.createdAt
      }
      case 'mirror':
      case 'cache':
        return latest(ofProject(leaving.projectId))
      default:
        return byId.get(leaving.runId)?.endedAt ?? now
    }
  }

  function reasonFor(leaving: Leaving): string | null {
    if (!mayGo(leaving)) return null
    const days = daysSince(lastUse(leaving))
    const old = days > retention.days
    switch (leaving.kind) {
      case 'image':
        if (leaving.unnamed) return days > UNNAMED_DAYS ? 'it has no name, and nothing is made from it' : null
        // What none of this Hone's runs trained in may be another Hone's.
        if (using(leaving.tags).length > 0 && days > IMAGE_DAYS)
          return `no run has trained in it for ${IMAGE_DAYS} days`
        return old ? `older than ${retention.days} days, and no run trains in it` : null
      case 'mirror':
      case 'cache':
        return old ? `its project has had no run for ${retention.days} days` : null
      default:
        if (leaving.kind === 'artifacts' && !leaving.best) return 'not of the best trial'
        if (leaving.kind === 'workspace' && isDropped(byId.get(leaving.runId) as RetainedRun))
          return 'its run was cancelled before it changed anything'
        if ((rank.get(leaving.runId) ?? 0) >= retention.runs)
          return `its run is not among the last ${retention.runs} of its project`
        return old ? `its run ended more than ${retention.days} days ago` : null
    }
  }
  return { mayGoEarly, lastUse, reasonFor }
}
