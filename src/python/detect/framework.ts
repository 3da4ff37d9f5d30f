import { FRAMEWORKS, type Framework } from '../../domain/detection.ts'
import { userError } from '../../domain/failure.ts'
import { isTransformersModel } from '../knowledge/families.ts'
import { FRAMEWORK_NAMES } from '../knowledge/libraries.ts'
import { isTabular, type Trained } from './estimators.ts'
import { callsOf, type Made, type Program } from './program.ts'

/**
 * The framework that hone.yaml names.
 * @throws HoneError `framework-unknown`
 */
export function hintedFramework(named: string | undefined): Framework | null {
  if (named === undefined) return null
  const name = named.trim().toLowerCase()
  const framework = Object.hasOwn(FRAMEWORK_NAMES, name) ? FRAMEWORK_NAMES[name] : undefined
  if (framework) return framework
  throw userError(
    'framework-unknown',
    `hone.yaml names the framework '${named}', which Hone does not know.`,
    `Use one of ${FRAMEWORKS.join(', ')}, or take the line out: Hone then goes by the imports.`,
    { file: 'hone.yaml' },
  )
}

/** Where several train as many models, the one whose image holds the most. */
const PRECEDENCE: readonly Framework[] = [
  'keras',
  'transformers',
  'lightning',
  'pytorch',
  'jax',
  'catboost',
  'xgboost',
  'lightgbm',
  'statsmodels',
  'scikit-learn',
]

/**
 * The framework that trains the program's models; null when none that is known does. Of scikit-learn and its like, the
 * one that trains the most models or trains most often.
 */
export function trainedFramework(program: Program, trained: readonly Trained[]): Framework | null {
  const neural = neuralFramework(program)
  if (neural) return neural
  const models = new Map<Framework, number>()
  const times = new Map<Framework, number>()
  for (const { framework } of program.trainings) if (framework) models.set(framework, 0)
  for (const one of trained) {
    models.set(one.framework, (models.get(one.framework) ?? 0) + 1)
    times.set(one.framework, (times.get(one.framework) ?? 0) + one.times)
  }
  const leads = (counts: ReadonlyMap<Framework, number>, framework: Framework) =>
    counts.has(framework) && counts.get(framework) === Math.max(...counts.values())
  return PRECEDENCE.find((framework) => leads(models, framework) || leads(times, framework)) ?? null
}

function neuralFramework(program: Program): Framework | null {
  const named = new Set(
    program.trainings.flatMap(({ framework }) => (framework && !isTabular(framework) ? framework : [])),
  )
  if (named.has('pytorch') || named.has('keras')) {
    const model = callsOf(program, /^transformers\./).some(
      (made) => made.callee && isTransformersModel(made.callee) && !isCopiedFrom(made),
    )
    const other = program.imported.has('diffusers') || named.has('lightning')
    if (model && !other) return 'transformers'
  }
  return PRECEDENCE.find((framework) => named.has(framework)) ?? unnamed(program)
}

/** A model that only its weights are taken from: of the name it is bound to nothing but `state_dict` is used. */
function isCopiedFrom({ site }: Made): boolean {
  const bound = [...site.scope.bindings].find(([, bindings]) =>
    bindings.some((binding) => binding.kind === 'value' && binding.value === site.call),
  )
  if (!bound) return false
  const [name] = bound
  const reads = [...site.scope.reads.keys()].filter((read) => read.startsWith(`${name}.`))
  return reads.length > 0 && reads.every((read) => /\.(state_dict|config)$/.test(read))
}

/** `fit` on an unknown object: what builds networks here trains them. */
function unnamed(program: Program): Framework | null {
  if (!program.trainings.some(({ framework }) => framework === null)) return null
  const built = callsOf(program, /^(keras\.(Sequential|Model|layers|applications)|tflearn)\b/)
  return built.length > 0 ? 'keras' : null
}
