import type { Patch } from '../../domain/detection.ts'
import type { Structure } from '../layers/index.ts'
import type { Draft } from './find.ts'

const SOURCE =
  'One layer fewer up to three more, as in the study that grew a LeNet-5 from three to six convolution layers'

/** A number of layers as a hyperparameter: its site is the first layer of the kind. */
export function structureOf({ name, value, module, span, low, high, variants }: Structure): Draft {
  const patches = Object.entries(variants).map(([count, edits]): [string, Patch[]] => [
    count,
    edits.map((edit) => {
      const { file } = edit.module
      const place = (start: number, end: number) => {
        const { start: from, end: to } = file.place(start, end)
        return { start: from, end: to }
      }
      const pieces = edit.pieces.map((piece) =>
        typeof piece === 'string' ? piece : place(piece.start, piece.end),
      )
      return { file: file.path, ...place(edit.start, edit.end), pieces }
    }),
  ])
  return {
    ...module.file.place(span.start, span.end),
    name,
    value,
    distribution: { type: 'int', low, high, log: false },
    source: SOURCE,
    influence: 3,
    ties: [],
    variants: Object.fromEntries(patches),
  }
}
