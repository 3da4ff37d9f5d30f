import type { VersionHint } from '../../domain/detection.ts'
import { type Advice, LIGHTNING_HOOKS } from '../knowledge/versions.ts'
import { CALL_RULES } from '../knowledge/versions-calls.ts'
import { NAME_RULES } from '../knowledge/versions-names.ts'
import type { Module } from '../names/module.ts'
import { lookUp, type Scope } from '../names/scope.ts'
import type { Call, Expr, Span } from '../syntax/tree.ts'
import { dottedName, keywordOf, stringOf } from '../syntax/walk.ts'
import { contains } from './depends.ts'
import { evidenceAt, evidenceAtLine } from './evidence.ts'
import { callsOf, lastPart, type Program } from './program.ts'

const LIMIT = 50

/** What a program does in a way that only older versions of its libraries know, in the order of the source. */
export function versionsOf(program: Program): VersionHint[] {
  const found = new Map<string, VersionHint>()
  const add = (module: Module, span: Span | number, advice: Advice, subject: string) => {
    const fill = (text: string) => text.replaceAll('{}', `\`${subject}\``)
    const why = fill(advice.why)
    const { change, runsOn } = advice
    const seen = typeof span === 'number' ? evidenceAtLine(module, span, why) : evidenceAt(module, span, why)
    const key = `${seen.file}:${seen.line}:${advice.why}`
    if (found.size < LIMIT && !found.has(key)) found.set(key, { ...seen, change: fill(change), runsOn })
  }
  for (const module of program.names.modules) {
    namesIn(program, module, add)
    hooksIn(program, module, add)
    oldItems(program, module, add)
  }
  for (const { callee, site, module } of program.calls) {
    if (callee !== null)
      callRules(callee, site.call, (advice, subject) => add(module, site.call, advice, subject))
  }
  accuracyKeys(program, add)
  return [...found.values()].sort((a, b) => (a.file === b.file ? a.line - b.line : 0))
}

type Add = (module: Module, span: Span | number, advice: Advice, subject: string) => void

function namesIn(program: Program, module: Module, add: Add): void {
  const check = (name: string, span: Span | number) => {
    for (const rule of NAME_RULES) if (rule.pattern.test(name)) add(module, span, rule, name)
  }
  for (const imported of module.imports) {
    const { level, name, scope, line } = imported
    // Imported from one place or another: the script itself takes care of the versions.
    const either =
      (scope.bindings.get(imported.alias) ?? []).filter(({ kind }) => kind === 'import').length > 1
    const own = either || level > 0 || program.names.project.resolve(module.path, imported).length > 0
    if (own || !program.runs({ scope, main: false })) continue
    check(name === null || name === '*' ? imported.module : `${imported.module}.${name}`, line)
  }
  for (const scope of module.scopes) {
    if (!program.runs({ scope, main: false })) continue
    for (const read of [...scope.reads.values(), ...scope.mainReads.values()]) {
      const spelt = speltName(program, read, scope)
      if (spelt) check(spelt, read)
    }
  }
}

/** A dotted name with the import of its first part in place: `tf.Session` -> `tensorflow.Session`. */
function speltName(program: Program, value: Expr, scope: Scope): string | null {
  const [first = '', ...rest] = dottedName(value)?.split('.') ?? []
  if (rest.length === 0) return null
  const binding = lookUp(first, scope)?.bindings.find(({ kind }) => kind === 'import')
  if (binding?.kind !== 'import' || program.names.referent(value, scope)?.kind !== 'external') return null
  const { module, name, alias } = binding.import
  const base = name === null ? (alias === module.split('.')[0] ? alias : module) : `${module}.${name}`
  return [base, ...rest].join('.')
}

function callRules(callee: string, call: Call, add: (advice: Advice, subject: string) => void): void {
  for (const rule of CALL_RULES) {
    if (!rule.callee.test(callee) || (rule.when && !rule.when(call))) continue
    if (!rule.keyword) {
      add(rule, lastPart(callee))
      continue
    }
    for (const argument of call.args) {
      if (argument.name === null || !rule.keyword.test(argument.name)) continue
      if (!rule.value || rule.value.test(stringOf(argument.value) ?? '')) add(rule, argument.name)
    }
  }
}

function hooksIn(program: Program, module: Module, add: Add): void {
  for (const scope of module.scopes) {
    if (!LIGHTNING_HOOKS.test(scope.name) || scope.parent?.kind !== 'class' || !scope.node) continue
    if (!program.names.externalBases(scope.parent).includes('lightning.LightningModule')) continue
    const advice = {
      why: 'defines {}(), which Lightning 2.0 no longer calls',
      change: `define \`on_${scope.name}\`, and keep the outputs in an attribute`,
      runsOn: 'lightning 1',
    }
    add(module, scope.node, advice, scope.name)
  }
}

/** `loss.data[0]`. */
function oldItems(program: Program, module: Module, add: Add): void {
  if (!program.imported.has('torch')) return
  for (const scope of module.scopes) {
    for (const [name, read] of [...scope.reads, ...scope.mainReads]) {
      if (!name.endsWith('.data') || !/loss|err|cost/i.test(name)) continue
      const line = module.lines[read.line - 1] ?? ''
      if (!line.includes(`${name}[0]`)) continue
      const advice = {
        why: 'takes {}[0] of a tensor without dimensions, an error since PyTorch 0.5',
        change: `write \`${name.replace(/\.data$/, '')}.item()\``,
        runsOn: 'pytorch 0.4',
      }
      add(module, read, advice, name)
    }
  }
}

/** `history['acc']` and `monitor='val_acc'`, where the metric is given as `accuracy`. */
function accuracyKeys(program: Program, add: Add): void {
  const metrics = callsOf(program, /^(keras\.Model|\*)\.compile$/).flatMap(
    ({ site }) => keywordOf(site.call, 'metrics') ?? [],
  )
  const given = (name: string) => metrics.some((value) => contains(value, (one) => stringOf(one) === name))
  if (!given('accuracy') || given('acc')) return
  const advice = {
    why: 'reads {}, which is called `accuracy` since Keras 2.3',
    change: 'write `accuracy` and `val_accuracy`, or give the metric as `acc`',
    runsOn: 'keras 2.2',
  }
  for (const module of program.names.modules) {
    for (const { value, line } of module.strings) {
      if (!/^(val_)?acc$/.test(value)) continue
      const text = module.lines[line - 1] ?? ''
      if (/\[\s*['"](val_)?acc['"]|monitor\s*=\s*['"]val_acc/.test(text)) {
        add(module, line, advice, value)
      }
    }
  }
}
