import type { Flow } from '../flow/flow.ts'
import { isHeldOut } from '../knowledge/protected.ts'
import type { CallSite, Module } from '../names/module.ts'
import type { Call } from '../syntax/tree.ts'
import { keywordOf, positionalOf, stringOf, walk } from '../syntax/walk.ts'
import type { Use } from './uses.ts'

/** What a call works on, as the source has it: its first argument, or the part of the data that a keyword names. */
export function subjectOf(module: Module, call: Call): string {
  for (const name of ['subset', 'split']) {
    const part = stringOf(keywordOf(call, name))
    if (part !== null && isHeldOut(part)) return part
  }
  const train = keywordOf(call, 'train')
  if (train?.kind === 'constant' && train.value === false) return 'test'
  const [first] = positionalOf(call)
  return first ? module.file.text.slice(first.start, Math.min(first.end, first.start + 60)) : ''
}

/** The innermost name that a place is part of the value of: `train_data` of `train_data = load(batch_size=8)`. */
export function nameAt(module: Module, offset: number): string {
  let best: Module['spans'][number] | null = null
  for (const span of module.spans) {
    if (span.start > offset || span.end <= offset) continue
    if (!best || span.end - span.start < best.end - best.start) best = span
  }
  return best?.name ?? ''
}

const AUGMENTATION = /^keras\.preprocessing\.image\.ImageDataGenerator$|^torchvision\.transforms\./
const OF_TRAINING = /train|aug|(^|_)tr(_|$)/i

/** Why the arguments of a call must stay, whoever else takes them; null where nothing speaks against a change. */
export function vetoOf(module: Module, callee: string, call: Call, subject: string): string | null {
  const dropped = keywordOf(call, 'drop_last') ?? keywordOf(call, 'drop_remainder')
  if (dropped?.kind === 'constant' && dropped.value === true && isHeldOut(subject)) {
    return 'it decides how much of the held-out data is counted'
  }
  if (!AUGMENTATION.test(callee)) return null
  const shared = 'the held-out data may go through it too'
  if (callee.startsWith('keras.')) return keywordOf(call, 'validation_split') ? shared : null
  return OF_TRAINING.test(nameAt(module, call.start)) ? null : shared
}

const EVALUATION = /\.(fit|fit_generator|evaluate|evaluate_generator)$/

/** The values that an evaluation counts its steps by: `validation_steps=n // batch_size`. */
export function stepUses(flow: Flow, callee: string, { call, scope }: CallSite, group: string): Use[] {
  const [, method = ''] = EVALUATION.exec(callee) ?? []
  if (method === '') return []
  const names = method.startsWith('fit') ? ['validation_steps'] : ['steps']
  const steps = names.flatMap((name) => keywordOf(call, name) ?? [])
  return steps.flatMap((value) =>
    [...walk(value)]
      .filter((part) => part.kind === 'name' || part.kind === 'attribute')
      .flatMap((part) => flow.origins(part, scope))
      .map((origin): Use => {
        const veto = 'the evaluation counts its steps by it'
        return { origin, name: 'steps', callee, group, subject: '', vain: null, veto }
      }),
  )
}
