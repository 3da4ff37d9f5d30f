import type { Hyperparameter, LeftAlone, Site, Tie } from '../../domain/detection.ts'
import { normaliseName, priorFor } from '../../search/priors.ts'
import { Flow, keyOf, type Origin } from '../flow/flow.ts'
import { type LayerSize, layersOf } from '../layers/index.ts'
import type { Names } from '../names/names.ts'
import { reachableIn } from '../names/reachable.ts'
import type { NumberLiteral } from '../syntax/tree.ts'
import { exchangeableCalls, joinActivations } from './classes.ts'
import { elementsOf } from './elements.ts'
import { DECLARED, limitsOf, within } from './limits.ts'
import { namedUses } from './named.ts'
import { protectionOf } from './protection.ts'
import { structureOf } from './structure.ts'
import { uniqueNames } from './unique.ts'
import { type Use, usesOf } from './uses.ts'
import { usesWordVectors } from './word-vectors.ts'

/** A literal with all that is known of it. */
interface Candidate {
  origin: Origin
  uses: Use[]
}

export interface Found {
  hyperparameters: Hyperparameter[]
  leftAlone: LeftAlone[]
}

/**
 * The values in the source that the search may change, in the order of the source, the entry's file first; and what
 * looks like one and is left alone, with the reason.
 * @param args the script's arguments
 */
export function findHyperparameters(names: Names, args: readonly string[]): Found {
  const flow = new Flow(names, args)
  const reachable = reachableIn(names)
  const layers = layersOf(names, flow)
  const candidates = new Map<string, Candidate>()
  for (const use of [...usesOf(flow, reachable), ...namedUses(flow, reachable, args)].flatMap(elementsOf)) {
    const key = keyOf(use.origin)
    const known = candidates.get(key)
    if (known) known.uses.push(use)
    else candidates.set(key, { origin: use.origin, uses: [use] })
  }

  const frozen = new Map(layers.frozen.map((one) => [keyOf(one.origin), one]))
  const tied = new Set(layers.sizes.flatMap((size) => size.ties.map((tie) => keyOf(tie.origin))))
  const sizes = new Map(layers.sizes.map((size) => [keyOf(size.origin), size]))
  const vectors = usesWordVectors(names)
  const limits = limitsOf(flow)
  const found: Draft[] = []
  const leftAlone: LeftAlone[] = []
  const leave = (origin: Origin, name: string, reason: string) => leftAlone.push(left(origin, name, reason))

  for (const [key, { origin, uses }] of candidates) {
    if (tied.has(key)) continue
    const reason = protectionOf(origin, uses)
    if (reason) {
      if (isWorthSaying(origin, uses)) leave(origin, nameOf(origin, uses), reason)
      continue
    }
    const stuck = frozen.get(key)
    if (stuck) {
      leave(origin, stuck.name, stuck.reason)
      continue
    }
    const size = sizes.get(key)
    if (size?.role === 'embedding_dim' && vectors) {
      leave(origin, nameOf(origin, uses), 'published word vectors may have this size')
      continue
    }
    const held = size && reasonOfTies(size, candidates)
    if (held) {
      leave(origin, nameOf(origin, uses), held)
      continue
    }
    // A size of noise or of a code stands in many shapes: only layers tell which of them agree.
    if (!size && LATENT.test(normaliseName(nameOf(origin, uses)))) {
      leave(origin, nameOf(origin, uses), 'other sizes may depend on it')
      continue
    }
    const draft = size ? sized(size, uses) : drafted(origin, uses)
    const declared = limits.get(key)
    const distribution = draft && declared ? within(draft.distribution, declared) : draft?.distribution
    if (draft && distribution) found.push({ ...draft, distribution })
    else if (draft) leave(origin, nameOf(origin, uses), DECLARED)
  }
  for (const [key, size] of sizes) {
    if (candidates.has(key) || tied.has(key)) continue
    const draft = sized(size, [])
    if (draft) found.push(draft)
  }
  for (const [key, one] of frozen) if (!candidates.has(key)) leave(one.origin, one.name, one.reason)

  const structures = layers.structures.map(structureOf)
  const classes = exchangeableCalls(flow, reachable)
  const order = new Map(names.modules.map((module, index) => [module.path, index]))
  const rank = (file: string) => order.get(file) ?? order.size
  const inOrder = (a: { file: string; start: number }, b: { file: string; start: number }) =>
    rank(a.file) - rank(b.file) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start)
  const drafts = [...joinActivations(found.sort(inOrder)), ...structures, ...classes].sort(inOrder)
  const hyperparameters = uniqueNames(drafts, (draft) => draft.name)
  const groups = new Map<string, string>()
  for (const { draft, name } of hyperparameters) {
    for (const use of draft.uses ?? []) if (use.callee) groups.set(`${use.group} ${use.name}`, name)
  }
  return {
    hyperparameters: hyperparameters.map(({ draft, name }) => finished(draft, name, groups)),
    leftAlone: leftAlone.sort((a, b) => rank(a.file) - rank(b.file) || a.line - b.line),
  }
}

/** Why a literal that changes with a layer's size must not change; null when none speaks against it. */
function reasonOfTies(size: LayerSize, candidates: ReadonlyMap<string, Candidate>): string | null {
  for (const { origin } of size.ties) {
    const { uses = [] } = candidates.get(keyOf(origin)) ?? {}
    // What a layer takes in is what the tie is for.
    const others = uses.filter(({ callee }) => callee === null || !LAYERS.test(callee))
    const reason = protectionOf(origin, others)
    if (reason) return `it has to be equal to another size, which is ${reason}`
  }
  return null
}

/** A hyperparameter whose name and condition are not settled. */
export interface Draft extends Omit<Hyperparameter, 'condition'> {
  /** The parameter that it is, normalised. */
  role?: string
  uses?: Use[]
  wants?: { name: string; values: readonly (string | number | boolean)[] } | null
}

function finished(draft: Draft, name: string, groups: ReadonlyMap<string, string>): Hyperparameter {
  const { uses = [], wants = null, role: _, ...rest } = draft
  const other = wants && uses.map((use) => groups.get(`${use.group} ${wants.name}`)).find((found) => found)
  const condition = wants && other && other !== name ? { name: other, values: [...wants.values] } : null
  return { ...rest, name, condition }
}

const nameOf = (origin: Origin, uses: readonly Use[]) => origin.names[0] ?? uses[0]?.name ?? ''

/** Texts that nothing names are messages and paths; tables are data. */
function isWorthSaying({ literal, names }: Origin, uses: readonly Use[]): boolean {
  if (literal.kind === 'sequence' || (literal.kind === 'constant' && literal.value === null)) return false
  return literal.kind === 'number' || names.length > 0 || uses.some((use) => !use.name.startsWith('#'))
}

function left(origin: Origin, name: string, reason: string): LeftAlone {
  const { file, literal } = origin
  const text = file.text.slice(literal.start, Math.min(literal.end, literal.start + 60))
  return {
    name: name.startsWith('#') ? text : name,
    file: file.path,
    line: siteOf(origin).line,
    text,
    reason,
  }
}

const LAYERS = /^(torch\.nn|torch_geometric|keras\.layers|flax|haiku|equinox|jax)\./
const LATENT = /^(z|nz|code|noise|latents?|encoding)(_?(dim|dims|size|shape))?$/

export const siteOf = ({ file, literal }: Origin): Site => file.place(literal.start, literal.end)

function drafted(origin: Origin, uses: readonly Use[]): Draft | null {
  const { literal } = origin
  if (literal.kind === 'sequence') return null
  const { value } = literal
  if (value === null) return null
  const float = literal.kind === 'number' && literal.float
  // What takes a value tells more than what it is called.
  const ranked = [...uses].sort((a, b) => Number(a.callee === null) - Number(b.callee === null))
  const meanings = ranked.flatMap((use) => [
    { name: use.name, use },
    ...(use.callee === null ? origin.names.map((name) => ({ name, use })) : []),
  ])
  for (const { name, use } of meanings) {
    const prior = priorFor(name, use.callee, { value, float })
    if (!prior) continue
    return {
      ...siteOf(origin),
      name: nameOf(origin, [use]),
      role: normaliseName(name),
      value,
      distribution: prior.distribution,
      source: prior.prior.source,
      influence: prior.prior.influence,
      ties: [],
      variants: null,
      uses: [...uses],
      wants: prior.prior.condition ?? null,
    }
  }
  return null
}

function sized(size: LayerSize, uses: readonly Use[]): Draft | null {
  const { origin, role, callee, ties, choices } = size
  const { value, float } = origin.literal as NumberLiteral
  const prior = priorFor(role, callee, { value, float })
  if (!prior) return null
  const allowed = choices && [...new Set([...choices, value])].sort((a, b) => a - b)
  if (allowed && allowed.length < 2) return null
  return {
    ...siteOf(origin),
    name: origin.names[0] ?? uses.find((use) => !use.name.startsWith('#'))?.name ?? role,
    value,
    distribution: allowed ? { type: 'categorical', choices: allowed } : prior.distribution,
    source: prior.prior.source,
    influence: prior.prior.influence,
    ties: ties.map((tie): Tie => ({ ...siteOf(tie.origin), times: tie.times, why: tie.why })),
    variants: null,
    uses: [...uses],
  }
}
