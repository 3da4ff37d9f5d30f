import type { Origin } from '../../../src/python/flow/flow.ts'
import { type Layers, layersOf } from '../../../src/python/layers/index.ts'
import { flowOf } from '../python.ts'

export function layersIn(files: string | Record<string, string>): Layers {
  const flow = flowOf(files)
  return layersOf(flow.names, flow)
}

const textOf = ({ file, literal }: Origin) => file.text.slice(literal.start, literal.end)
const at = (origin: Origin) =>
  `${textOf(origin)}:${origin.file.place(origin.literal.start, origin.literal.end).line}`

/**
 * The sizes that may change, each as `role value:line`, then what changes with it (`times*value:line`) and the
 * choices; in the order of the source.
 */
export const sizesIn = (files: string | Record<string, string>): string[] =>
  layersIn(files)
    .sizes.toSorted((a, b) => a.origin.literal.start - b.origin.literal.start)
    .map(({ role, origin, ties, choices }) =>
      [
        `${role} ${at(origin)}`,
        ...ties
          .toSorted((a, b) => a.origin.literal.start - b.origin.literal.start)
          .map((tie) => (tie.times === 1 ? at(tie.origin) : `${tie.times}*${at(tie.origin)}`)),
        ...(choices ? [`[${choices.join(' ')}]`] : []),
      ].join(' '),
    )

/** Why each literal must stay, by `name value:line`. */
export const frozenIn = (files: string | Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    layersIn(files).frozen.map(({ name, origin, reason }) => [`${name} ${at(origin)}`, reason]),
  )
