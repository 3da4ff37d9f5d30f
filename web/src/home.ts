import type { ProjectOverview, RunInShort, RunPointView } from '../../src/http/contract/overview.ts'
import type { HealthPartView, RunSummary } from '../../src/http/contract.ts'
import { formatNumber, plural } from './format.ts'

/** What the first page says of runs and projects. All of it is pure. */

type Goal = Pick<RunSummary, 'target' | 'direction'>

/** How far the best value is from the target: `0.0378 short of 0.95`, `target 0.95 met`. */
export function goalWords({ best, met, target, direction }: Goal & Pick<RunSummary, 'best' | 'met'>): string {
  const goal = formatNumber(target)
  if (best === null) return `target ${goal}`
  if (met !== 'no') return `target ${goal} met${DOUBTS[met]}`
  return `${formatNumber(Math.abs(target - best))} ${direction === 'maximize' ? 'short of' : 'above'} ${goal}`
}

const DOUBTS = {
  yes: '',
  unconfirmed: ', not confirmed by another seed',
  refuted: ', but not with every seed',
} as const

/** A value that a project's card shows, against the target of its own run; `number`: of an earlier run. */
export interface Shown {
  best: number
  met: RunPointView['met']
  target: number
  number: number | null
}

const shownOf = ({ best, met, target, number }: RunPointView): Shown => ({
  ...{ best: best as number, met, target, number },
})

/**
 * The values that a project's card shows: the last run's, and the newest that reached its target where the last has not.
 * Before the last run has a value and where none ever reached its target, the newest value there is. Pure.
 */
export function shownValues({ last, history }: Pick<ProjectOverview, 'last' | 'history'>): Shown[] {
  if (last === null) return []
  const { best, met, target } = last
  const own: Shown[] = best === null ? [] : [{ best, met, target, number: null }]
  if (met === 'yes') return own
  const before = history.filter((point) => point.id !== last.id && point.best !== null)
  const reached = before.findLast((point) => point.met === 'yes')
  const other = reached ?? (own.length === 0 ? before.at(-1) : undefined)
  return [...own, ...(other ? [shownOf(other)] : [])]
}

/** Of a sparkline: places in percent of its width and height, from the upper left. */
export interface Spark {
  points: { id: number; x: number; y: number; met: boolean; title: string }[]
  targetY: number
  label: string
}

/** Free above and below, so that no point is cut, in percent. */
const MARGIN = 10

/** The best values of runs over time with their target; null where none has a value. */
export function sparkOf(history: readonly RunPointView[], goal: Goal & { metric: string }): Spark | null {
  const known = history.filter((point): point is RunPointView & { best: number } => point.best !== null)
  const values = known.map(({ best }) => best)
  if (values.length === 0) return null
  const low = Math.min(...values, goal.target)
  const span = Math.max(...values, goal.target) - low
  const heightOf = (value: number) =>
    span === 0 ? 50 : 100 - MARGIN - ((value - low) / span) * (100 - 2 * MARGIN)
  const widthOf = (index: number) => (known.length === 1 ? 50 : 2 + (index / (known.length - 1)) * 96)
  return {
    points: known.map(({ id, number, best, met }, index) => ({
      id,
      x: widthOf(index),
      y: heightOf(best),
      met: met === 'yes',
      title: `#${number}: ${formatNumber(best)}`,
    })),
    targetY: heightOf(goal.target),
    label: sparkWords(known, history.length - known.length, goal),
  }
}

function sparkWords(
  known: readonly { best: number; met: RunPointView['met'] }[],
  without: number,
  goal: Goal & { metric: string },
): string {
  const values = known.map(({ best }) => best)
  const [lowest, highest] = [Math.min(...values), Math.max(...values)].map(formatNumber)
  const met = known.filter(({ met }) => met === 'yes').length
  const range = lowest === highest ? lowest : `${lowest} to ${highest}`
  return [
    `best ${goal.metric} of the last ${plural(values.length, 'run')}: ${range}`,
    `the last ${formatNumber(values.at(-1) as number)}`,
    `target ${formatNumber(goal.target)}, met by ${met === 0 ? 'none' : met}`,
    ...(without > 0 ? [`${plural(without, 'more run')} without a value`] : []),
  ].join('; ')
}

/** What a run is at: `train: trials 4 and 5`, `detect-model`. */
export function workWords({
  jobs,
  training,
  state,
}: Pick<RunInShort, 'jobs' | 'training' | 'state'>): string {
  const running = [...new Set(jobs.filter((job) => job.state === 'running').map(({ name }) => name))]
  if (running.length === 0) {
    const next = jobs.find((job) => job.state === 'queued')
    return next ? `${next.name} is next` : state
  }
  const list = training.map(String)
  const trials =
    list.length > 1 ? `trials ${list.slice(0, -1).join(', ')} and ${list.at(-1)}` : `trial ${list[0]}`
  return running.map((name) => (name === 'train' && list.length > 0 ? `train: ${trials}` : name)).join(', ')
}

/** The steps of the start that are done, in their order. */
export interface Done {
  made: boolean
  connected: boolean
  ran: boolean
}

export const doneOf = (project: Pick<ProjectOverview, 'last' | 'delivery'> | undefined): Done => ({
  made: project !== undefined,
  connected: project !== undefined && (project.delivery !== null || project.last !== null),
  ran: project !== undefined && project.last !== null,
})

/** The project that the start is about: the newest, while none has a run. */
export function startingOf(projects: readonly ProjectOverview[]): ProjectOverview | undefined {
  if (projects.some(({ last }) => last !== null)) return undefined
  return projects.toSorted((one, other) => other.createdAt - one.createdAt || other.id - one.id)[0]
}

/** What stands before the time at which a part was seen to work last. */
const SEEN: Record<string, string> = { engine: 'answered', mail: 'last one', webhook: 'received' }
const NAMES: Record<string, string> = {
  engine: 'Docker engine',
  disk: 'Disk',
  'engine-disk': 'Disk of the engine',
  mail: 'Mail',
  webhook: 'Pushes and webhooks',
}
const STATES = { ok: 'ok', warn: 'look at it', bad: 'wrong' } as const

/** How a part stands, in a word or two. */
export const stateOfPart = ({ part, state }: Pick<HealthPartView, 'part' | 'state'>) =>
  state === 'idle' ? (part === 'mail' ? 'not set up' : 'nothing yet') : STATES[state]

export const partName = ({ part }: Pick<HealthPartView, 'part'>) => NAMES[part] ?? part
export const seenWord = ({ part }: Pick<HealthPartView, 'part'>) => SEEN[part] ?? 'seen'
