import type { DistributionView, HyperparameterView } from '../../src/http/contract.ts'
import { formatParameter } from './format.ts'

/** `0.0001 – 0.1, log`, `one of relu, tanh`, `always 0.05`. Pure. */
export function describeDistribution(distribution: DistributionView): string {
  if (distribution.type === 'categorical') {
    const [first, ...others] = distribution.choices.map(formatParameter)
    return others.length === 0 ? `always ${first}` : `one of ${[first, ...others].join(', ')}`
  }
  const { type, low, high, log } = distribution
  return `${formatParameter(low)} – ${formatParameter(high)}${type === 'int' ? ', whole' : ''}${log ? ', log' : ''}`
}

/** `lines 21, 24 and model.py:7`: where it changes too. Pure. */
export function describeTies({ file, ties }: Pick<HyperparameterView, 'file' | 'ties'>): string {
  const lines = [...new Set(ties.filter((tie) => tie.file === file).map(({ line }) => line))]
  const own = lines.length === 0 ? [] : [`line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}`]
  const others = new Set(ties.filter((tie) => tie.file !== file).map((tie) => `${tie.file}:${tie.line}`))
  return [...own, ...others].join(' and ')
}
