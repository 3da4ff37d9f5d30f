import type { Context, Kernel } from './context.ts'
import type { SizeVar } from './sizes.ts'
import type { LayerSize } from './types.ts'

/** Odd sizes keep the middle of a filter on a point of the image; larger ones than 7 are rare since VGG. */
const ODD = [3, 5, 7]

export interface KernelVerdict {
  kernel: Kernel
  size: LayerSize | null
  reason: string | null
}

/** Which sizes each filter may have so that no image shrinks to nothing. */
export function kernelVerdicts(context: Context): KernelVerdict[] {
  const kernels = [...context.kernels.values()]
  const known = context.spaces.knownSizes()
  const open = kernels.filter((kernel) => reasonOf(kernel) === null)
  const measured = (kernel: Kernel) => kernel.spaces.every((space) => known.has(space))
  const cap = largest(
    context,
    open.filter((kernel) => kernel.shrinks && measured(kernel)),
  )
  return kernels.map((kernel): KernelVerdict => {
    const reason = reasonOf(kernel)
    if (reason !== null) return { kernel, size: null, reason }
    const [main, ...rest] = kernel.literals
    const value = main?.value ?? 1
    const limit = !kernel.shrinks ? 7 : measured(kernel) ? cap : value
    const choices = [...new Set([...ODD.filter((size) => size <= Math.max(limit, value)), value])].sort(
      (a, b) => a - b,
    )
    if (!main || choices.length < 2) {
      return { kernel, size: null, reason: 'another filter may not fit the size of what goes in' }
    }
    const ties = rest.map(({ origin }) => ({ origin, times: 1, why: 'the filter stays square' }))
    const { callee } = kernel.layer
    return { kernel, size: { origin: main.origin, role: 'kernel_size', callee, ties, choices }, reason: null }
  })
}

function reasonOf(kernel: Kernel): string | null {
  if (kernel.reason !== null) return kernel.reason
  if (kernel.literals.some((one) => one.reason !== null)) return kernel.literals[0]?.reason ?? null
  if (kernel.literals.every(({ value }) => value < 2)) return 'a filter of one point only mixes channels'
  if (kernel.literals.some(({ value }) => value !== kernel.literals[0]?.value))
    return 'its height and width differ'
  if (!kernel.shrinks) return null
  return kernel.spaces.find((space) => space.fixed !== null)?.fixed ?? null
}

/** The largest size that all these filters may have at once. */
function largest(context: Context, kernels: readonly Kernel[]): number {
  for (const size of ODD.toReversed()) {
    const sizes = new Map<SizeVar, number>()
    for (const { literals } of kernels) for (const one of literals) sizes.set(one, Math.max(size, one.value))
    if (context.spaces.fits(sizes)) return size
  }
  return 0
}
