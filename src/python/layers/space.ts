import type { SizeVar } from './sizes.ts'

/** Padding of one dimension: `same` keeps the size but for the stride. */
export type Padding = 'same' | 'valid' | readonly number[]

/** A convolution or pooling: one number for each spatial dimension. */
export interface SpaceStep {
  kernel: readonly number[]
  /** The literals of the kernel, where it may change. */
  literals: readonly SizeVar[] | null
  stride: readonly number[]
  padding: Padding
}

/** Height and width (or length) of a tensor: known, or by what was done to the one before. */
export interface Space {
  before: Space | null
  step: SpaceStep | null
  /** Where it is known from the source. */
  known: readonly number[] | null
  /** Something outside depends on the size. */
  fixed: string | null
}

/** The size of one dimension after a step; less than 1 when it does not fit. */
export function sizeAfter(size: number, kernel: number, stride: number, padding: 'same' | number): number {
  if (padding === 'same') return Math.ceil(size / stride)
  return Math.floor((size + 2 * padding - kernel) / stride) + 1
}

/** All spaces of a program, in the order they are made. */
export class Spaces {
  private readonly all: Space[] = []

  known(sizes: readonly number[] | null): Space {
    return this.add({ before: null, step: null, known: sizes, fixed: null })
  }

  after(before: Space | null, step: SpaceStep): Space {
    return this.add({ before, step, known: null, fixed: null })
  }

  private add(space: Space): Space {
    this.all.push(space)
    return space
  }

  /** Something depends on this size: no kernel before it that changes it may change. */
  fix(space: Space | null, reason: string): void {
    for (let at = space; at && at.fixed === null; at = at.before) at.fixed = reason
  }

  /** The convolutions, each with the space that it makes. */
  *steps(): Generator<{ space: Space; step: SpaceStep }> {
    for (const space of this.all) if (space.step) yield { space, step: space.step }
  }

  /** Sizes as they are with these kernels; null where they are not known. */
  private sizesWith(kernels: ReadonlyMap<SizeVar, number>): Map<Space, readonly number[] | null> {
    const sizes = new Map<Space, readonly number[] | null>()
    for (const space of this.all) {
      const before = space.before ? (sizes.get(space.before) ?? null) : null
      const { step } = space
      if (!step || !before) {
        sizes.set(space, space.known)
        continue
      }
      sizes.set(
        space,
        before.map((size, at) => {
          const literal = step.literals?.[at] ?? step.literals?.[0]
          const kernel = (literal && kernels.get(literal)) ?? step.kernel[at] ?? step.kernel[0] ?? 1
          const stride = step.stride[at] ?? step.stride[0] ?? 1
          const { padding } = step
          const pads =
            padding === 'same' ? padding : padding === 'valid' ? 0 : (padding[at] ?? padding[0] ?? 0)
          return sizeAfter(size, kernel, stride, pads)
        }),
      )
    }
    return sizes
  }

  /** Whether every size that is known stays at least 1 with these kernels. */
  fits(kernels: ReadonlyMap<SizeVar, number>): boolean {
    return [...this.sizesWith(kernels).values()].every((sizes) => sizes?.every((size) => size >= 1) ?? true)
  }

  /** The spaces whose size is known. */
  knownSizes(): Map<Space, readonly number[]> {
    const known = new Map<Space, readonly number[]>()
    for (const [space, sizes] of this.sizesWith(new Map())) if (sizes) known.set(space, sizes)
    return known
  }
}
