import type { Flow } from '../flow/flow.ts'
import type { Names } from '../names/names.ts'
import { runProgram } from './program.ts'
import { reportOf } from './report.ts'
import { structuresOf } from './structure/index.ts'
import type { Layers } from './types.ts'

export type { Frozen, LayerSize, Layers, Range, Role, Structure, TextPatch, Tied } from './types.ts'

/** Which layer sizes of a program may change, what changes with them, and which numbers of layers may change. */
export function layersOf(names: Names, flow: Flow): Layers {
  const machine = runProgram(names, flow)
  if (!machine) return { sizes: [], frozen: [], structures: [] }
  return { ...reportOf(machine), structures: structuresOf(flow, machine.work) }
}
