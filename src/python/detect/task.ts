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
import { calledName, dottedName, keywordOf, positionalOf, stringOf, walk } from '../syntax/walk.ts'
import { contains } from './depends.ts'
import type { Trained } from './estimators.ts'
import { callsOf, isKnown, lastPart, type Made, type Program } from './program.ts'
import { givesWords } from './words.ts'

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
  if (callsOf(program, /^setfit\./).length > 0) return 'classification'
  const [ready] = callsOf(program, /^tensorflow\.(estimator|contrib)\.[\w.]*(Classifier|Regressor)$/)
  if (ready?.callee) return /Classifier$/.test(ready.callee) ? 'classification' : 'regression'
  const estimators = trained.flatMap(({ task }) => task ?? [])
  if (estimators.length > 0) return commonest(estimators)
  const objective = objectives(program)
  if (objective.length > 0 && trained.length > 0) return commonest(objective)
  const task = networkTask(program)
  if (trained.length > 0) {
    return task ?? (trained.some(({ family: one }) => one === 'boosting') ? 'regression' : 'other')
  }
  if (task === 'classification' && sortsParts(program, family)) return 'other'
  if (task === 'regression' && family === 'cnn' && has(program, UPSAMPLES)) return 'other'
  return task ?? (family === 'gaussian-process' ? 'regression' : 'other')
}

function networkTask(program: Program): Task | null {
  const flow = new Flow(program.names)
  const losses = program.calls.flatMap((made) => lossesOf(made, flow))
  if (losses.length > 0) return commonest(losses)
  const handed = handedLosses(program)
  if (handed.length > 0) return commonest(handed)
  const measured = fromMetrics(program)
  if (measured) return measured
  if (names(program, /^(log_?)?softmax$|^logsumexp$/i) || hasLogOfRest(program)) return 'classification'
  return isSquared(program) ? 'regression' : null
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
  if (givesWords(program)) return true
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
  /^(PixelShuffle|depth_to_space|UpSampling2D|Upsample|UpsamplingBilinear2d|Conv(olution)?2DTranspose|ConvTranspose2d|Deconvolution2D|conv2d_transpose)$/
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
    for (const scope of module.scopes)
      if (program.runs({ scope, main: false }))
        for (const [key, value] of pairsIn(scope)) if (OBJECTIVE_NAMES.has(key)) note(value, scope)
    for (const store of module.stores)
      if (OBJECTIVE_NAMES.has(store.name) && program.runs(store)) note(store.value, store.scope)
  }
  return found
}

/** Parameters in a list of pairs: `[('objective', 'binary:logistic')]`. */
function pairsIn(scope: Scope): [string, Expr][] {
  return [...scope.bindings.values()].flat().flatMap((binding): [string, Expr][] => {
    if (binding.kind !== 'value' || binding.value.kind !== 'sequence') return []
    return binding.value.elements.flatMap((pair): [string, Expr][] => {
      if (pair.kind !== 'sequence' || pair.elements.length !== 2) return []
      const [key, value] = pair.elements
      const name = stringOf(key)
      return name !== null && value ? [[name, value]] : []
    })
  })
}

/** Names such as `quantile` and `absolute` are losses only where a framework has them. */
const isLoss = (callee: string): boolean =>
  isKnown(callee) || /loss|error|entropy|mse|mae|nll|bce|criterion/i.test(lastPart(callee))

/** The sum of squared weights, which TensorFlow calls a loss. */
const isPenalty = (callee: string): boolean => /^tensorflow\..*\bl2_loss$/.test(callee)

/** Losses that are written here, and those handed on by their name: `jax.vmap(jaxopt.loss.multiclass_logistic_loss)`. */
function handedLosses(program: Program): Task[] {
  const found = program.calls.flatMap(({ callee, site }): Task[] => {
    const name = callee === null ? calledName(site.call).replace(/_(on|with|for|and)_\w+$|_fn$/, '') : ''
    return [taskOfLoss(name)].filter((task) => task !== null)
  })
  for (const { scopes } of program.names.modules) {
    for (const scope of scopes) {
      if (!program.runs({ scope, main: false })) continue
      for (const read of [...scope.reads.values(), ...scope.mainReads.values()]) {
        const referent = program.names.referent(read, scope)
        const task =
          referent?.kind === 'external' && isKnown(referent.name) ? taskOfLoss(lastPart(referent.name)) : null
        if (task) found.push(task)
      }
    }
  }
  return found
}

/** The mean of a squared difference, written by hand. */
const isSquared = (program: Program): boolean =>
  program.calls.some(({ callee, site }) => {
    const value = site.call.args[0]?.value
    if (!/(^|\.)(reduce_)?mean$/.test(callee ?? '') || !value) return false
    const base = value.kind === 'operation' && value.operator === '**' ? value.operands[0] : null
    const squared = value.kind === 'call' && calledName(value) === 'square' ? value.args[0]?.value : base
    return squared?.kind === 'operation' && squared.operator === '-'
  })

/** `log(1 - p)`, as in a cross entropy of two classes that is written by hand. */
const hasLogOfRest = (program: Program): boolean =>
  program.calls.some(({ site: { call } }) => {
    const value = calledName(call) === 'log' ? call.args[0]?.value : null
    const first = value?.kind === 'operation' && value.operator === '-' ? value.operands[0] : null
    return first?.kind === 'number' && first.value === 1
  })

function lossesOf({ callee, site }: Made, flow: Flow): Task[] {
  const own = callee === null || !isLoss(callee) || isPenalty(callee) ? null : taskOfLoss(lastPart(callee))
  const compiled = calledName(site.call) === 'compile' ? positionalOf(site.call) : []
  const given = keywordOf(site.call, 'loss') ?? keywordOf(site.call, 'loss_fn') ?? compiled[1]
  const named = given
    ? [...walk(given)].flatMap(
        (one) => taskOfLoss(stringOf(one) ?? dottedName(one)?.split('.').at(-1) ?? '') ?? [],
      )
    : []
  if (given && named.length === 0) {
    for (const { literal } of flow.origins(given, site.scope))
      named.push(...[taskOfLoss(stringOf(literal) ?? '')].filter((task) => task !== null))
  }
  return [...(own ? [own] : []), ...named]
}

function reported(program: Program) {
  return program.calls.flatMap(({ callee, site }) => {
    const own = callee === null ? null : metricOf(lastPart(callee))
    const given = ['metrics', 'scoring', 'eval_metric', 'metric'].flatMap(
      (name) => keywordOf(site.call, name) ?? [],
    )
    // Keras takes optimiser, loss and metrics by their places too.
    const [, , placed] = calledName(site.call) === 'compile' ? positionalOf(site.call) : []
    if (placed) given.push(placed)
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
