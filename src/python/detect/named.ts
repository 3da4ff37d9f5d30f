import type { Family } from '../../domain/detection.ts'
import { isModuleBase, layerOf } from '../knowledge/layers.ts'
import type { Scope } from '../names/scope.ts'
import { dottedName } from '../syntax/walk.ts'
import { evidenceAt } from './evidence.ts'
import type { Program, Verdict } from './program.ts'

/** Names that authors give to a network or a layer of their own, where its parts alone tell too little. */
const NAMES: readonly [Family, RegExp][] = [
  [
    'diffusion',
    /(gaussian|latent|score)_?diffusion|diffusion_?(model|unet|process|trainer)|^(ddpm|ddim)|(ddpm|ddim)$/,
  ],
  [
    'gnn',
    /^(dense_?|sparse_?|sp_?)?graph_?(conv|att|sage|iso|neural|net|encoder)|^(gcn|gat|gin|gnn|rgcn|ggnn|mpnn|stgcn)(?![a-z])|(gcn|gnn|gat_?(layer|conv|net|v2)|message_?passing)/,
  ],
  ['autoencoder', /(^|_)(\w{0,4}vae)(?![a-z])|vae$|auto_?encoder/],
]

/**
 * The family that the name of a network of the repository tells: `class GraphConvolution(nn.Module)`.
 * @param families those that count
 */
export function ownNetwork(program: Program, families: readonly Family[]): Verdict {
  const made = new Set<Scope>()
  for (const { callee, site, module } of program.calls) {
    if (callee !== null) continue
    const referent = program.names.referent(site.call.callee, site.scope)
    const scope = referent?.kind === 'own' ? referent.scope : null
    if (scope?.kind !== 'class' || made.has(scope)) continue
    made.add(scope)
    const family = familyOfName(scope.name, families)
    if (!family || !(isNetwork(program, scope) || WHOLE.test(snake(scope.name)))) continue
    return { family, evidence: [evidenceAt(module, site.call, `makes a network called ${scope.name}`)] }
  }
  const fitted = families.includes('autoencoder') ? fittedByName(program) : null
  return fitted ?? chosen(program, families, made)
}

/** Says all, whatever the class extends. */
const WHOLE = /(^|_)(vae|auto_?encoder)$/

/** `autoencoder.fit(...)`, where nothing else is fitted. */
function fittedByName(program: Program): Verdict | null {
  const fits = program.trainings.filter(({ callee }) => /^(keras\..*|\*)\.fit(_generator)?$/.test(callee))
  const named = fits.every(({ site: { call } }) => {
    const object = call.callee.kind === 'attribute' ? dottedName(call.callee.object) : null
    return object !== null && WHOLE.test(snake(object.split('.').at(-1) ?? ''))
  })
  const [first] = fits
  return first && named
    ? {
        family: 'autoencoder',
        evidence: [evidenceAt(first.module, first.site.call, 'trains an autoencoder')],
      }
    : null
}

/** Networks that are chosen when the program runs, such as from a dict: most of them have to be called so. */
function chosen(program: Program, families: readonly Family[], made: ReadonlySet<Scope>): Verdict {
  const networks = program.names.modules
    .flatMap(({ scopes }) => scopes)
    .filter(
      (scope) =>
        scope.kind === 'class' &&
        !made.has(scope) &&
        program.runs({ scope, main: false }) &&
        isNetwork(program, scope),
    )
  const named = networks.flatMap((scope) => {
    const family = familyOfName(scope.name, families)
    return family ? [{ family, scope }] : []
  })
  const [first] = named
  if (!first?.scope.node || named.length * 2 < networks.length) return { family: null, evidence: [] }
  const { family, scope } = first
  const evidence = evidenceAt(scope.module, first.scope.node, `defines a network called ${scope.name}`)
  return { family, evidence: [evidence] }
}

const familyOfName = (name: string, families: readonly Family[]): Family | null =>
  NAMES.find(([family, pattern]) => families.includes(family) && pattern.test(snake(name)))?.[0] ?? null

const isNetwork = (program: Program, scope: Scope): boolean =>
  program.names.externalBases(scope).some((base) => isModuleBase(base) || layerOf(base) !== null)

/** `GraphConvolution` -> `graph_convolution`. */
const snake = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
