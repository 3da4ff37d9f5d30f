import { z } from 'zod'
import { DataMounts } from './data.ts'
import type { ModelKind } from './detection.ts'
import type { ForbiddenHint } from './forbidden.ts'
import { Patterns } from './glob.ts'
import { Hint } from './hints.ts'
import { directionOf, isFraction } from './metric.ts'

const SIZE = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?|b)?$/i
const POWER: Record<string, number> = { '': 0, k: 1, m: 2, g: 3, t: 4 }

/** `'4g'`, `'512m'`, `'1.5GiB'` or a number of bytes -> bytes; null when it is no size. */
export function parseSize(text: string | number): number | null {
  if (typeof text === 'number') return wholeBytes(text)
  const match = SIZE.exec(text.trim())
  if (!match) return null
  return wholeBytes(Math.round(Number(match[1]) * 1024 ** (POWER[match[2]?.toLowerCase() ?? ''] ?? 0)))
}

const wholeBytes = (bytes: number) => (Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null)

const size = z
  .union([z.string(), z.number()])
  .refine((value) => parseSize(value) !== null, { error: "expected a size such as '4g' or '512m'" })

/** Less than the engine keeps of a container's output. */
const MAX_LOG_BYTES = 128 * 1024 ** 2

const minutes = z
  .number()
  .positive()
  .max(60 * 24 * 30)
const email = z.email()

export const SAMPLERS = ['gaussian-process', 'quasi-random', 'random', 'grid', 'plain'] as const
export const PRUNERS = ['auto', 'halving', 'median', 'none'] as const

/** What a project, a repository's hone.yaml, or one run may set. */
export const Settings = z.strictObject({
  /** The metric that decides, by the name it has in the log. */
  metric: z.string().min(1).max(100),
  direction: z.enum(['maximize', 'minimize']),
  /** The value of the metric to reach. */
  target: z.number(),
  /** Budget: trainings at most, trial 0 included. */
  trials: z.int().min(1).max(10_000),
  /** Minutes that one training may take. */
  timeLimit: minutes,
  /** Minutes that the whole run may take. */
  runTimeLimit: minutes,
  /** Minutes without any sign of life after which a training is stopped, and started again. */
  silentLimit: minutes,
  /** Minutes of training in all, summed over the trials of a run. */
  trainingBudget: minutes.optional(),
  /** Trainings of one run at the same time; HONE_PARALLEL bounds those of all runs together. */
  parallel: z.int().min(1).max(64),
  /** What proposes the next values. */
  sampler: z.enum(SAMPLERS),
  /** What ends a hopeless training early; `auto` takes the one that suits the number of trials. */
  pruner: z.enum(PRUNERS),
  /** Trainings with other seeds that have to meet the target too before it counts as reached. */
  confirm: z.int().min(0).max(10),
  /** Ends a training as soon as an epoch of it meets the target, instead of letting it finish. */
  stopAtTarget: z.boolean(),
  /** The run ends when the chance to reach the target in what is left falls below this; 0: never. */
  giveUp: z.number().min(0).max(1),
  /** Restarts of one trial after crashes. */
  restarts: z.int().min(0).max(100),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  memory: size.optional(),
  cpus: z.number().positive().max(1024).optional(),
  /** Of the container's /dev/shm, through which a loader's processes hand over their batches. */
  shm: size,
  /** Graphics cards of one training; else one where the engine has some and the framework can use it. */
  gpus: z.int().min(0).max(64).optional(),
  /** Whether the training container may use the network; `auto`: when something in the source is seen to use it. */
  network: z.union([z.boolean(), z.literal('auto')]),
  /** Folders and volumes of the host that trainings may read. */
  data: DataMounts,
  /** Whether the winner of a run that met its target is kept as an image, too. */
  keepImage: z.boolean(),
  /** Bytes of log kept for one attempt; the middle of a longer one is cut. */
  logLimit: size.refine((value) => (parseSize(value) ?? 0) <= MAX_LOG_BYTES, {
    error: 'must be at most 128m',
  }),
  /** Branches that start runs; `*` stands for any characters. */
  branches: z.array(z.string().min(1)).min(1),
  /** A newer push to the same branch cancels a run that is already going. */
  cancelRunning: z.boolean(),
  mail: z.array(email).max(20),
  submodules: z.boolean(),
  lfs: z.boolean(),
})
export type Settings = z.infer<typeof Settings>

export const defaultSettings: Settings = {
  metric: 'accuracy',
  direction: 'maximize',
  target: 0.8,
  trials: 20,
  timeLimit: 60,
  runTimeLimit: 60 * 24,
  silentLimit: 15,
  parallel: 1,
  sampler: 'gaussian-process',
  pruner: 'auto',
  confirm: 1,
  stopAtTarget: false,
  giveUp: 0.01,
  restarts: 5,
  seed: 0,
  shm: '1g',
  network: 'auto',
  data: [],
  keepImage: true,
  logLimit: '16m',
  branches: ['main', 'master'],
  cancelRunning: false,
  mail: [],
  submodules: false,
  lfs: false,
}

/** What hone.yaml may say: how to train and when to stop; not who gets mail or which branches count. */
export const RepositorySettings = Settings.pick({
  metric: true,
  direction: true,
  target: true,
  trials: true,
  timeLimit: true,
  runTimeLimit: true,
  silentLimit: true,
  trainingBudget: true,
  parallel: true,
  sampler: true,
  pruner: true,
  confirm: true,
  stopAtTarget: true,
  giveUp: true,
  restarts: true,
  seed: true,
  memory: true,
  cpus: true,
  shm: true,
  gpus: true,
  network: true,
})
  .partial()
  .extend({
    /** What of the files that the training wrote is kept, besides models. */
    artifacts: Patterns.optional(),
    /** One of Hone's images, or `Dockerfile`. */
    image: z.string().min(1).optional(),
    /** The script to run, relative to the repository's root. */
    entry: z.string().min(1).optional(),
    /** Arguments for the script. */
    args: z.array(z.union([z.string(), z.number()]).transform(String)).optional(),
    framework: z.string().optional(),
    /** What may become of single hyperparameters, by their names. */
    hyperparameters: z.record(z.string().min(1).max(200), Hint).optional(),
    /** Values that must not come together, by hyperparameter names. */
    forbidden: z
      .array(z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])))
      .max(1000)
      .transform((all) => all.map((values): ForbiddenHint => ({ values, line: null })))
      .optional(),
    env: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
        z.union([z.string(), z.number(), z.boolean()]).transform(String),
      )
      .optional(),
  })
  .strict()
export type RepositorySettings = z.infer<typeof RepositorySettings>

type Layer = Partial<Settings> | undefined

/**
 * The later ones win: defaults, then the project's, then hone.yaml's, then the run's own. Where none says otherwise, the
 * direction is the metric's, and what is minimised has the target 0: it gets as low as the budget allows.
 */
export function resolveSettings(...layers: Layer[]): Settings {
  const known = Object.keys(Settings.shape)
  const said: Record<string, unknown> = {}
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer ?? {})) {
      if (value !== undefined && known.includes(key)) said[key] = value
    }
  }
  const { metric = defaultSettings.metric } = said
  const direction = said.direction ?? directionOf(String(metric))
  const target = direction === 'minimize' ? 0 : defaultSettings.target
  return asFraction(Settings.parse({ ...defaultSettings, direction, target, ...said }))
}

/** The metric that follows from the source, as a layer below all others; nothing where one of them sets a metric. */
export const detectedObjective = (
  metric: ModelKind['metric'],
  layers: readonly Layer[],
): Partial<Settings> =>
  layers.some((layer) => layer?.metric !== undefined)
    ? {}
    : { metric: metric.name, direction: metric.direction }

/**
 * What hone.yaml may have of these: it is pushed code, so it may lower what its project sets, but not raise it.
 * @returns the repository's settings, held within the project's
 */
export function withinProject(
  own: RepositorySettings,
  project: Partial<Settings> | undefined,
): RepositorySettings {
  const lower = (mine: number | undefined, limit: number | undefined) =>
    mine !== undefined && limit !== undefined ? Math.min(mine, limit) : mine
  const smaller = (mine: Settings['memory'], limit: Settings['memory']) =>
    mine !== undefined && limit !== undefined && (parseSize(mine) ?? 0) > (parseSize(limit) ?? 0)
      ? limit
      : mine
  return {
    ...own,
    network: project?.network === false ? false : own.network,
    memory: smaller(own.memory, project?.memory),
    shm: smaller(own.shm, project?.shm),
    cpus: lower(own.cpus, project?.cpus),
    gpus: lower(own.gpus, project?.gpus),
    timeLimit: lower(own.timeLimit, project?.timeLimit),
    runTimeLimit: lower(own.runTimeLimit, project?.runTimeLimit),
    silentLimit: lower(own.silentLimit, project?.silentLimit),
    trainingBudget: lower(own.trainingBudget, project?.trainingBudget),
    parallel: lower(own.parallel, project?.parallel),
  }
}

/** A target of 90 for an accuracy is meant as 90 %; one just above 1 can never be met, and is left so. */
const asFraction = (settings: Settings): Settings =>
  isFraction(settings.metric) && settings.target >= 2 && settings.target <= 100
    ? { ...settings, target: Number((settings.target / 100).toPrecision(12)) }
    : settings

/** Whether a value of the metric meets the target. */
export const meetsTarget = (value: number, settings: Pick<Settings, 'target' | 'direction'>) =>
  settings.direction === 'maximize' ? value >= settings.target : value <= settings.target

/** Whether `a` is better than `b`; anything is better than null. */
export const isBetter = (a: number, b: number | null, direction: Settings['direction']) =>
  b === null || (direction === 'maximize' ? a > b : a < b)
