import type { Expr } from '../syntax/tree.ts'
import { bindName, frameOf, type Runner } from './runner.ts'
import { type Frame, UNKNOWN, type Value } from './values.ts'

/** The only literal that a value comes from, where running the program does not tell. */
export function followed(runner: Runner, value: Expr, frame: Frame): Value {
  const origins = runner.flow.origins(value, frame.scope)
  if (!runner.work.look(8 + origins.length)) return UNKNOWN
  const [origin, more] = origins
  if (!origin || more) return UNKNOWN
  const { literal } = origin
  if (literal.kind === 'number' && !literal.float)
    return { kind: 'size', size: [runner.sizes.literal(origin)] }
  if (literal.kind === 'string' && literal.value !== null) return { kind: 'text', value: literal.value }
  if (literal.kind === 'constant') return { kind: 'constant', value: literal.value }
  if (literal.kind !== 'sequence' || !origin.scope || literal.elements.length > 64) return UNKNOWN
  const inner = frameOf(origin.scope, runner.modules.get(origin.file.path) ?? null, null)
  const list: Value = { kind: 'list', values: literal.elements.map((one) => runner.evaluate(one, inner)) }
  for (const name of origin.names) bindName(runner.work, list, name)
  return list
}
