import type { Family, ModelKind, Task } from '../../domain/detection.ts'
import { Flow } from '../flow/flow.ts'
import {
  METRIC_DEFAULTS,
  metricOf,
  OBJECTIVE_NAMES,
  taskOfHead,
  taskOfLoss,
  taskOfObjective,
} from '../knowledge/tasks.ts'
import type { Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { calledName, dottedName, keywordOf, stringOf, walk } from '../syntax/walk.ts'
import { contains } from './depends.ts'
import type { Trained } from './estimators.ts'
import { callsOf, lastPart, type Made, type Program } from './program.ts'

/** Families whose training neither sorts into classes nor estimates a number. */
const OTHER: ReadonlySet<Family> = new Set<Family>([
  'gan',
  'autoencoder',
  'diffusion',
  'reinforcement',
  'clustering',
])

export function taskOf(program: Program, family: Family | null, trained: readonly Trained[]): Task {
  if (family !== null && OTHER.has(family)) return 'other'
  const heads = program.calls.flatMap(({ callee }) =>
    callee?.startsWith('transformers.') ? (taskOfHead(callee) ?? []) : [],
  )
  if (heads[0]) return heads[0]
  const estimators = trained.flatMap(({ task }) => task ?? [])
  if (estimators.length > 0) return commonest(estimators)
  const objective = objectives(program)
  if (objective.length > 0 && trained.length > 0) return commonest(objective)
  const losses = program.calls.flatMap(lossesOf)
  const task = losses.length > 0 ? commonest(losses) : fromMetrics(program)
  if (task === 'classification' && trained.length === 0 && sortsParts(program, family)) return 'other'
  if (task === null && trained.some(({ family: one }) => one === 'boosting')) return 'regression'
  return task ?? (names(program, /^(log_?)?softmax$|^logsumexp$/i) ? 'classification' : 'other')
}

function fromMetrics(program: Program): Task | null {
  const metrics = reported(program)
  return metrics.length > 0 ? commonest(metrics.map(({ task }) => task)) : null
}

const has = (program: Program, name: RegExp): boolean =>
  program.calls.some(({ callee }) => callee !== null && name.test(lastPart(callee)))

/** Whether a function of a library is named, called or not: `stax.serial(Dense(10), LogSoftmax)`. */
const names = (program: Program, name: RegExp): boolean =>
  program.names.modules.some(({ scopes }) =>
    scopes.some(
      (scope) =>
        program.runs({ scope, main: false }) &&
        [...scope.reads.keys(), ...scope.mainReads.keys()].some((read) => name.test(lastPart(read))),
    ),
  )

/**
 * Whether a loss of classes sorts the parts of an output rather than the whole input: the pixels of an image, the next
 * words of a text.
 */
function sortsParts(program: Program, family: Family | null): boolean {
  if (family === 'cnn') return has(program, UPSAMPLES) || callsOf(program, WHOLE_IMAGE).length > 0
  if (family !== 'rnn' && family !== 'transformer' && family !== 'mixed') return false
  const decodes = program.calls.some(({ site }) => keywordOf(site.call, 'initial_state') !== null)
  return (
    decodes ||
    has(program, /^(multinomial|TransformerDecoder\w*|Transformer|WikiText\w*|PennTreebank)$/) ||
    perplexity(program)
  )
}

const UPSAMPLES =
  /^(UpSampling2D|Upsample|UpsamplingBilinear2d|Conv(olution)?2DTranspose|ConvTranspose2d|Deconvolution2D|conv2d_transpose)$/
const WHOLE_IMAGE =
  /^(segmentation_models|segmentation_models_pytorch|torchvision\.models\.(segmentation|detection))\./

/** `exp(loss)`, as a language model is measured. */
const perplexity = (program: Program): boolean =>
  program.calls.some(
    ({ site }) =>
      calledName(site.call) === 'exp' &&
      site.call.args.some(({ value }) => contains(value, (one) => /loss|nll/i.test(dottedName(one) ?? ''))),
  )

function commonest(tasks: readonly Task[]): Task {
  const count = (task: Task) => tasks.filter((one) => one === task).length
  const order: Task[] = ['classification', 'regression', 'other']
  return order.reduce((best, task) => (count(task) > count(best) ? task : best))
}

/** What boosters are told to optimise, in parameter dicts and arguments. */
function objectives(program: Program): Task[] {
  const found: Task[] = []
  const flow = new Flow(program.names)
  const note = (value: Expr, scope: Scope) => {
    for (const { literal } of flow.origins(value, scope)) {
      const task = taskOfObjective(stringOf(literal) ?? '')
      if (task) found.push(task)
    }
  }
  for (const { site } of program.calls) {
    for (const { name, value } of site.call.args)
      if (name && OBJECTIVE_NAMES.has(name)) note(value, site.scope)
  }
  for (const module of program.names.modules) {
    for (const place of module.dicts) {
      if (!program.runs(place)) continue
      for (const { key, value } of place.dict.entries) {
        if (OBJECTIVE_NAMES.has(stringOf(key) ?? '')) note(value, place.scope)
      }
    }
    for (const store of module.stores)
      if (OBJECTIVE_NAMES.has(store.name) && program.runs(store)) note(store.value, store.scope)
  }
  return found
}

function lossesOf({ callee, site }: Made): Task[] {
  const own = callee === null ? null : taskOfLoss(lastPart(callee))
  const given = keywordOf(site.call, 'loss') ?? keywordOf(site.call, 'loss_fn')
  const named = given
    ? [...walk(given)].flatMap(
        (one) => taskOfLoss(stringOf(one) ?? dottedName(one)?.split('.').at(-1) ?? '') ?? [],
      )
    : []
  return [...(own ? [own] : []), ...named]
}

function reported(program: Program) {
  return program.calls.flatMap(({ callee, site }) => {
    const own = callee === null ? null : metricOf(lastPart(callee))
    const given = ['metrics', 'scoring', 'eval_metric', 'metric'].flatMap(
      (name) => keywordOf(site.call, name) ?? [],
    )
    const named = given.flatMap((value) =>
      [...walk(value)].flatMap((one) => metricOf(stringOf(one) ?? '') ?? []),
    )
    return [...(own ? [own] : []), ...named]
  })
}

/** The metric that follows from the task: the one the program reports, where it reports one of its task. */
export function metricFor(program: Program, family: Family | null, task: Task): ModelKind['metric'] {
  if (family === 'reinforcement') return { name: 'reward', direction: 'maximize' }
  const own = reported(program).filter((metric) => metric.task === task)
  const preferred = task === 'classification' ? own.find(({ name }) => name === 'accuracy') : undefined
  const chosen = preferred ?? own[0]
  if (chosen) return { name: chosen.name, direction: chosen.direction }
  return METRIC_DEFAULTS[task]
}
