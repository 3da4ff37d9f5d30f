import type { Chain, Op } from './chain.ts'

/** A convolution or dense layer with what belongs to it, in the order they are applied. */
export interface Group {
  main: Op
  ops: Op[]
}

const hasActivation = ({ call }: Op) => call?.args.some(({ name }) => name === 'activation') ?? false

/** The layer at a place with its own normalisation, activation and dropout. */
export function groupAt(ops: readonly Op[], at: number): Group | null {
  const main = ops[at]
  if (!main) return null
  const found = [main]
  let active = hasActivation(main)
  let pooled = false
  for (const op of ops.slice(at + 1)) {
    // Some pool before they activate.
    if (op.kind === 'pool' && !active && !pooled) {
      pooled = true
      continue
    }
    if (op.kind !== 'norm' && op.kind !== 'activation' && op.kind !== 'dropout') break
    if (pooled && active) break
    found.push(op)
    active ||= op.kind === 'activation'
  }
  // What follows the pool belongs to it where no activation came.
  if (!active && pooled) return groupWithoutPool(ops, at)
  return { main, ops: found }
}

function groupWithoutPool(ops: readonly Op[], at: number): Group | null {
  const end = ops.findIndex((op, index) => index > at && !/^(norm|activation|dropout)$/.test(op.kind))
  const [main, ...rest] = ops.slice(at, end === -1 ? undefined : end)
  return main ? { main, ops: [main, ...rest] } : null
}

/** Places of the layers of a kind but the last of a model, which gives its outputs. */
export function hidden({ ops }: Chain, kind: 'conv' | 'dense'): number[] {
  const last = ops.findLastIndex((op) => op.kind === 'conv' || op.kind === 'dense' || op.kind === 'weighted')
  return ops.flatMap((op, at) => (op.kind === kind && at !== last ? [at] : []))
}
