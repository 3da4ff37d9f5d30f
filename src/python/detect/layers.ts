import type { Family } from '../../domain/detection.ts'
import { Flow } from '../flow/flow.ts'
import { modelFamily } from '../knowledge/families.ts'
import { type LayerKind, layerOf } from '../knowledge/layers.ts'
import { Dynamic } from '../names/dynamic.ts'
import type { CallSite } from '../names/module.ts'
import { lastPart, type Made, type Program, type Shown, shown } from './program.ts'

/** The layers that a program builds. */
export interface Layers {
  count: Record<LayerKind, number>
  first: Partial<Record<LayerKind, Shown>>
  /** Whole models of a library, such as `torchvision.models.resnet18`. */
  models: { family: Family; at: Shown }[]
}

export function layersOf(program: Program): Layers {
  const count: Layers['count'] = {
    conv: 0,
    recurrent: 0,
    attention: 0,
    graph: 0,
    dense: 0,
    embedding: 0,
  }
  const layers: Layers = { count, first: {}, models: [] }
  const dynamic = new Dynamic(program.names)
  const flow = new Flow(program.names)
  for (const made of program.calls) {
    const { callee, site } = made
    const lookup = callee === null || callee === 'getattr' ? dynamic.lookup(site) : null
    if (lookup && typeof lookup.in === 'string') {
      const names = lookup.keys.length > 0 ? lookup.keys : ['get_model']
      for (const name of names) addModel(layers, made, `${lookup.in}.${name}`, null)
    }
    if (callee === null) {
      const base = extendedLayer(program, site)
      if (base) {
        count[base] += program.times(site)
        layers.first[base] ??= shown(made)
      }
      continue
    }
    // A name that is defined nowhere is a layer that the file has lost: exported notebooks have such.
    const kind = layerOf(/^[A-Z]\w*$/.test(callee) ? `torch.nn.${callee}` : callee)
    if (kind) {
      count[kind] += lastPart(callee) === 'MLP' ? 2 : program.times(site)
      layers.first[kind] ??= shown(made)
    } else addModel(layers, made, callee, () => namedBy(flow, site))
  }
  addNamed(program, layers)
  return layers
}

/** What a class of the repository extends, where it is a layer: `class Layer(nn.Linear)`. */
function extendedLayer({ names }: Program, { call, scope }: CallSite): LayerKind | null {
  const referent = names.referent(call.callee, scope)
  if (referent?.kind !== 'own' || referent.scope.kind !== 'class') return null
  for (const base of names.externalBases(referent.scope)) {
    const kind = layerOf(base)
    if (kind) return kind
  }
  return null
}

/** Layers whose class is handed on by name, where no other tells the network: `{'lstm': nn.LSTM}`, `layer=GCNConv`. */
function addNamed(program: Program, { count, first }: Layers): void {
  const plain = count.conv + count.recurrent + count.attention === 0
  for (const module of program.names.modules) {
    for (const scope of module.scopes) {
      if (count.graph > 0 || !program.runs({ scope, main: false })) continue
      for (const node of [...scope.reads.values(), ...scope.mainReads.values()]) {
        const referent = program.names.referent(node, scope)
        if (referent?.kind !== 'external' || !/\.[A-Z]\w*$/.test(referent.name)) continue
        const kind = layerOf(referent.name)
        if (first[kind ?? 'dense'] || !(kind === 'graph' || (kind === 'recurrent' && plain))) continue
        first[kind] = { module, node }
        count[kind] += 1
      }
    }
  }
}

function addModel(layers: Layers, made: Made, name: string, given: (() => string | null) | null): void {
  const family = modelFamily(name, given)
  if (family) layers.models.push({ family, at: shown(made) })
}

/** The string among the arguments of a call that names a model. */
function namedBy(flow: Flow, { call, scope }: CallSite): string | null {
  for (const { value } of call.args) {
    for (const { literal } of flow.origins(value, scope)) {
      const text = literal.kind === 'string' ? literal.value : null
      // The first argument of torch.hub.load is where the model is kept.
      if (text && !/^(pytorch\/vision|facebookresearch\/\w+|huggingface\/)/.test(text)) return text
    }
  }
  return null
}
