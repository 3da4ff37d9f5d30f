import type { Flow } from '../../flow/flow.ts'
import { isModuleBase } from '../../knowledge/layers.ts'
import type { Module } from '../../names/module.ts'
import type { Names } from '../../names/names.ts'
import { reachableIn } from '../../names/reachable.ts'
import { classOf, type Scope } from '../../names/scope.ts'
import type { Structure, TextPatch } from '../types.ts'
import type { Work } from '../work.ts'
import type { Chain } from './chain.ts'
import { growsImages } from './classify.ts'
import { numberIn } from './copy.ts'
import { addChains, listChains } from './find.ts'
import { functionalChains } from './functional.ts'
import { groupAt, hidden } from './groups.ts'
import { growPatches } from './grow.ts'
import { moduleChains } from './module.ts'
import { shrinkPatches } from './shrink.ts'

/** At most three more: the study that grew a LeNet-5 went from three to six convolutions. */
const MORE = 3
/** Models of two halves that have to fit one another: the halves by their names. */
const JUDGE = /discrim|(^|_)net_?d$|(^|_)critic|^d(_?net|_?model)?$/i
const MAKER = /generator|(^|_)net_?g$|(^|_)gen(_|$)|^g(_?net|_?model)?$/i
const DECODER = /autoencoder|(^|_)vae(_|$)|decoder|^decode$/i
const OF_DATA = /data|batch|train|test|val|image|text|seq|flow|label|word/i

/** The numbers of convolutions and dense layers that may change; none where the work does not last. */
export function structuresOf(flow: Flow, work: Work): Structure[] {
  const { names } = flow
  const calls = names.modules.reduce((sum, module) => sum + module.calls.length, 0)
  const scopes = names.modules.reduce((sum, module) => sum + module.scopes.length, 0)
  if (!work.spend(calls / 8 + scopes * 4) || isPaired(names.modules)) return []
  const reachable = reachableIn(names)
  const structures = names.modules.flatMap((module) => {
    if (module.problem) return []
    const chains = [
      ...addChains(names, module, work),
      ...listChains(names, module, work),
      ...functionalChains(names, module, work),
      ...moduleChains(names, module, work),
    ].filter(
      ({ scope, ...chain }) =>
        reachable({ scope, main: false }) && !isPart(names, scope) && !isMirrored(flow, { ...chain, scope }),
    )
    return chains.flatMap((chain) => {
      // Each number of layers is written on its own.
      if (!work.spend(chain.ops.length * 2)) return []
      return [...structureOf(flow, chain, 'conv'), ...structureOf(flow, chain, 'dense')]
    })
  })
  return work.exhausted ? [] : structures
}

/** Whether a program has a generator beside a discriminator, or a decoder. */
function isPaired(modules: readonly Module[]): boolean {
  const named = modules
    .flatMap((module) => module.scopes.flatMap(namesIn))
    .filter((name) => !OF_DATA.test(name))
  const has = (pattern: RegExp) => named.some((name) => pattern.test(name))
  return has(DECODER) || (has(JUDGE) && has(MAKER))
}

/** What a scope is called, and what it makes. */
function namesIn(scope: Scope): string[] {
  const made = [...scope.bindings].filter(([, bindings]) =>
    bindings.some(({ kind }) => kind === 'value' || kind === 'part'),
  )
  return [scope.name, ...made.map(([name]) => name), ...scope.attributes.keys()]
}

/** Whether another model builds this one: a block of it, which may stand in a branch or more than once. */
function isPart(names: Names, scope: Scope): boolean {
  const owner = classOf(scope)
  if (!owner) return false
  return names.callersOf(owner).some((site) => {
    const around = classOf(site.scope)
    const bases = around && around !== owner ? names.externalBases(around) : []
    return bases.some((base) => isModuleBase(base) && base !== 'lightning.LightningModule')
  })
}

/** Layers that get narrower and wider again, or images that grow: a decoder follows. */
function isMirrored(flow: Flow, chain: Chain): boolean {
  if (chain.ops.some(({ callee }) => growsImages(callee))) return true
  const widths = chain.ops.flatMap(({ kind, call, spec }) => {
    const output = kind === 'dense' && call && spec?.output
    const value = output
      ? call.args.find((one, at) =>
          one.name === null ? at === output[1] : output[0].split(' ').includes(one.name),
        )
      : null
    const width = value && numberIn(flow, chain, value.value)
    return width ? [width] : []
  })
  const inner = widths.slice(0, -1)
  const least = Math.min(...inner)
  const mirrored = inner.length > 2 && inner.every((width, at) => width === inner.at(-1 - at))
  return mirrored && inner[0] !== least
}

function structureOf(flow: Flow, chain: Chain, kind: 'conv' | 'dense'): Structure[] {
  const places = hidden(chain, kind)
  const [first] = places
  const last = places.at(-1)
  const group = last === undefined ? null : groupAt(chain.ops, last)
  const head = first === undefined ? null : chain.ops[first]
  if (!group || !head?.call) return []
  const value = places.length
  const variants: Record<string, TextPatch[]> = {}
  let low = value
  for (let less = 1; less < value && less <= MORE; less++) {
    const patches = shrinkPatches(flow, chain, kind, less)
    if (!patches) break
    variants[String(value - less)] = patches
    low = value - less
  }
  let high = value
  for (let more = 1; more <= MORE; more++) {
    const patches = growPatches(flow, chain, group, more)
    if (!patches) break
    variants[String(value + more)] = patches
    high = value + more
  }
  if (low === high) return []
  const { start, end, line } = head.call
  const name = kind === 'conv' ? 'conv_blocks' : 'dense_layers'
  return [{ name, value, module: chain.module, span: { start, end, line }, low, high, variants }]
}
