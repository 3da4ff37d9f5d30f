import type { Evidence, Framework } from '../domain/detection.ts'
import type { Call, Module } from './module.ts'
import { type PythonProject, resolverOf } from './project.ts'

/** Top-level packages, by what they mean. */
const PACKAGES: Record<string, Framework> = {
  sklearn: 'sklearn',
  torch: 'pytorch',
  torchvision: 'pytorch',
  lightning: 'pytorch',
  pytorch_lightning: 'pytorch',
  keras: 'keras',
  tensorflow: 'keras',
  tf_keras: 'keras',
  xgboost: 'xgboost',
  lightgbm: 'lightgbm',
}

/** The names that hone.yaml may use. */
export const FRAMEWORK_NAMES: Record<string, Framework> = {
  ...PACKAGES,
  'scikit-learn': 'sklearn',
  pytorch: 'pytorch',
  tf: 'keras',
  xgb: 'xgboost',
  lgbm: 'lightgbm',
}

/** Parts of sklearn that prepare or score: alone they train nothing. */
const SKLEARN_HELPERS = new Set([
  ...['base', 'compose', 'datasets', 'decomposition', 'exceptions', 'feature_extraction', 'impute'],
  ...['feature_selection', 'inspection', 'metrics', 'model_selection', 'pipeline', 'preprocessing', 'utils'],
])

const FIT = new Set(['fit', 'partial_fit', 'fit_generator', 'train_on_batch', 'fit_predict'])
const TRAIN_FUNCTIONS: Record<string, Framework> = {
  'xgboost.train': 'xgboost',
  'xgboost.cv': 'xgboost',
  'lightgbm.train': 'lightgbm',
  'lightgbm.cv': 'lightgbm',
  'sklearn.model_selection.cross_val_score': 'sklearn',
  'sklearn.model_selection.cross_validate': 'sklearn',
}

const frameworkOf = (dotted: string): Framework | null => {
  const [top = ''] = dotted.split('.')
  return Object.hasOwn(PACKAGES, top) ? (PACKAGES[top] ?? null) : null
}

const isHelper = (dotted: string) => {
  const [top, part = ''] = dotted.split('.')
  return top === 'sklearn' && SKLEARN_HELPERS.has(part)
}

const evidence = (module: Module, line: number, why: string): Evidence => ({
  file: module.path,
  line,
  text: (module.lines[line - 1] ?? '').trim(),
  why,
})

/** A framework that a file uses. `model`: it builds a model, rather than preparing or scoring data. */
export interface Use {
  framework: Framework
  model: boolean
  evidence: Evidence
}

/** The frameworks that one file imports; own modules of the same name are not taken for them. */
export function usesOf(project: PythonProject, path: string): Use[] {
  const module = project.tryModule(path)
  if (!module) return []
  const uses: Use[] = []
  const add = (dotted: string, line: number, bare: boolean) => {
    const framework = frameworkOf(dotted)
    if (!framework) return
    const model = framework === 'sklearn' ? !bare && !isHelper(dotted) : true
    uses.push({ framework, model, evidence: evidence(module, line, `imports ${dotted}`) })
  }
  for (const imported of module.imports) {
    if (imported.level > 0 || project.resolve(path, imported).length > 0) continue
    const dotted = [imported.module, imported.name ?? []].flat().join('.')
    add(dotted, imported.line, dotted === 'sklearn')
  }
  const resolve = resolverOf(module)
  for (const call of module.calls) {
    const [argument] = call.positional
    const callee = resolve(call.callee)
    if (/^(importlib\.import_module|__import__)$/.test(callee) && argument?.kind === 'string') {
      add(argument.text, call.line, argument.text === 'sklearn')
    }
    // After a bare `import sklearn` only the use shows which part is meant.
    if (/^sklearn\.\w+\.\w/.test(callee) && !isHelper(callee)) add(callee, call.line, false)
  }
  return uses
}

/** A call that trains; `framework` where the call itself says which. */
export interface Training {
  framework: Framework | null
  evidence: Evidence
  scope: string[]
}

export function trainingsOf(project: PythonProject, path: string): Training[] {
  const module = project.tryModule(path)
  if (!module) return []
  const resolve = resolverOf(module)
  const made = new Map<string, string>()
  for (const { name, value } of module.bindings) {
    if (value.kind === 'call') made.set(name, resolve(value.callee))
  }
  return module.calls.flatMap((call): Training[] => {
    const found = trainingOf(call, resolve, made)
    if (!found) return []
    return [{ ...found, scope: call.scope, evidence: evidence(module, call.line, found.why) }]
  })
}

function trainingOf(call: Call, resolve: (dotted: string) => string, made: Map<string, string>) {
  const callee = resolve(call.callee)
  const known = Object.hasOwn(TRAIN_FUNCTIONS, callee) ? TRAIN_FUNCTIONS[callee] : undefined
  if (known) return { framework: known, why: `calls ${callee}()` }
  const parts = call.callee.split('.')
  const method = parts.at(-1) ?? ''
  if (parts.length < 2) return null
  if (method === 'backward') return { framework: 'pytorch' as const, why: 'calls backward()' }
  if (!FIT.has(method)) return null
  const receiver = parts.slice(0, -1).join('.')
  const maker = receiver.endsWith('()')
    ? resolve(receiver.slice(0, -2))
    : (made.get(parts.at(-2) ?? '') ?? '')
  const search = /^sklearn\.(pipeline\.|model_selection\.\w*Search)/.test(maker)
  if (isHelper(maker) && !search) return null
  const framework = search ? null : frameworkOf(maker)
  return { framework, why: `calls ${method}()` }
}
