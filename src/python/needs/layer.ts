import type { ImageContents, ImageLayer } from '../../domain/image.ts'
import { normaliseName, packageOf } from '../../domain/packages.ts'
import { linuxEnvironment, markerHolds } from './markers.ts'
import type { Needs } from './needs.ts'
import type { Requirement } from './requirement.ts'
import { satisfies } from './version.ts'

/** Names under which a framework is also published: the same modules, so that a second one would stand in its way. */
const ALSO: Record<string, string> = {
  'tensorflow-cpu': 'tensorflow',
  'tensorflow-gpu': 'tensorflow',
  'tensorflow-intel': 'tensorflow',
  'tf-nightly': 'tensorflow',
  sklearn: 'scikit-learn',
  'opencv-python-headless': 'opencv-python',
  pil: 'pillow',
}

const sameAs = (name: string): string => ALSO[name] ?? name

/** Gigabytes, or fitted to one another: what else a repository needs must not bring others. */
const HELD =
  /^(torch|torchvision|torchaudio|tensorflow(-cpu)?|keras|tf-keras|jax|jaxlib|flax|lightning|pytorch-lightning|transformers|xgboost|lightgbm|catboost|scikit-learn)$/

/** Built for one version of another: with a new one of that, they come anew, too. */
const FITTED: Record<string, string[]> = {
  torch: ['torchvision', 'torchaudio'],
  tensorflow: ['keras', 'tf-keras'],
  jax: ['jaxlib', 'flax', 'optax'],
}

/** Another version of what is fitted may need another one of what it is fitted to. */
const fittedTo = (name: string) => Object.keys(FITTED).filter((base) => FITTED[base]?.includes(name))

/** Builds of one version for a processor or a graphics card, of which the image has the one that fits. */
const BUILD = /\+(cpu|cu\d+|rocm[\d.]+)\b/g

/** Libraries of Debian without which a package is installed but cannot be imported. */
const SYSTEM: Record<string, string[]> = {
  'opencv-python': ['libgl1', 'libglib2.0-0t64'],
  'opencv-contrib-python': ['libgl1', 'libglib2.0-0t64'],
  xgboost: ['libgomp1'],
  lightgbm: ['libgomp1'],
  pydot: ['graphviz'],
  graphviz: ['graphviz'],
  pytesseract: ['tesseract-ocr'],
  pydub: ['ffmpeg'],
  pyaudio: ['portaudio19-dev', 'gcc', 'python3-dev'],
}

/**
 * What has to be installed on an image for a repository.
 * @returns null when the image has all of it
 */
export function layerFor(needs: Needs, contents: ImageContents): ImageLayer | null {
  const environment = linuxEnvironment(contents.python, contents.machine)
  const asked = needs.requirements.filter(({ marker }) => !marker || markerHolds(marker, environment))
  const missing = withFitted(
    asked.filter((requirement) => !isThere(requirement, contents)),
    asked,
    contents,
  )
  if (missing.length === 0 && needs.paths.length === 0) return null
  const missed = new Set(missing.flatMap(({ name }) => [sameAs(name ?? ''), ...fittedTo(name ?? '')]))
  const kept = Object.entries(contents.packages)
    .filter(([name]) => HELD.test(name) && !missed.has(sameAs(name)))
    .map(([name, version]) => `${name}==${version}`)
  // What is there and bounded stays bounded: what is missing might bring another version of it.
  const bounds = asked.filter(
    (one) => one.name !== null && !one.url && one.specifier !== '' && !missing.includes(one),
  )
  if (missing.length === 0) return { packages: [], ...bare, paths: needs.paths.toSorted() }
  return {
    packages: missing.map((one) => ({ text: textFor(one), file: one.file, line: one.line })),
    options: [...new Set(needs.options)],
    constraints: [...kept, ...[...needs.constraints, ...bounds].map(boundOf)].filter(uniqueNames()),
    system: [...new Set(missing.flatMap(systemFor))].sort(),
    paths: needs.paths.toSorted(),
  }
}

const bare = { options: [], constraints: [], system: [] }

function withFitted(missing: Requirement[], asked: readonly Requirement[], { packages }: ImageContents) {
  const names = new Set(missing.map(({ name }) => name))
  const fitted = missing.flatMap(({ name, file, line }) =>
    (FITTED[sameAs(name ?? '')] ?? [])
      .filter((other) => packages[other] !== undefined && !names.has(other))
      .map(
        (other): Requirement =>
          asked.find((one) => one.name === other) ?? {
            ...{ name: other, extras: [], specifier: '', url: null, marker: null },
            ...{ text: other, file, line },
          },
      ),
  )
  return [...missing, ...fitted]
}

/** Whether an image has what is asked for: the package in a version that will do, without extras. */
function isThere({ name, extras, specifier, url }: Requirement, { packages }: ImageContents): boolean {
  if (name === null || url !== null) return false
  const version = packages[name] ?? packages[sameAs(name)]
  if (version === undefined) return false
  if (extras.some((extra) => !HARMLESS_EXTRAS.has(`${name}[${extra}]`))) return false
  return specifier === '' || satisfies(version, specifier.replaceAll(BUILD, '')) === true
}

/** Extras that ask for what the image's variant decides. */
const HARMLESS_EXTRAS = new Set([
  'tensorflow[and-cuda]',
  'jax[cpu]',
  'transformers[torch]',
  'accelerate[torch]',
  'transformers[sentencepiece]',
])

/** Names that are published no longer stand for those of today. */
const textFor = ({ name, text }: Requirement): string =>
  name === 'sklearn' || name === 'tensorflow-gpu' || name === 'pil'
    ? text.replace(/^[A-Za-z][\w.-]*/, ALSO[name] as string)
    : text

const boundOf = ({ name, specifier, marker }: Requirement) =>
  `${sameAs(name ?? '')}${specifier}${marker ? ` ; ${marker}` : ''}`

/** Two constraints for one package are two conditions for pip; the image's own says it all. */
function uniqueNames(): (line: string) => boolean {
  const seen = new Set<string>()
  return (line) => {
    const name = normaliseName(/^[\w.-]*\w/.exec(line)?.[0] ?? line)
    if (seen.has(name)) return false
    seen.add(name)
    return true
  }
}

const systemFor = ({ name, url }: Requirement): string[] => [
  ...(url?.startsWith('git+') ? ['git'] : []),
  ...(SYSTEM[name ?? ''] ?? []),
]

/**
 * A layer with only what the program imports, for where the rest cannot be had: lists of all that was ever installed
 * somewhere are long, old, and mostly not needed.
 * @param imported names of the modules that the program imports
 * @returns null when nothing would be left out
 */
export function leanLayer(layer: ImageLayer, imported: readonly string[]): ImageLayer | null {
  const packages = layer.packages.filter(({ text }) => isImported(text, imported))
  return packages.length === layer.packages.length ? null : { ...layer, packages }
}

/** Whether a requirement brings one of these modules, as far as names tell. */
export function isImported(text: string, imported: readonly string[]): boolean {
  const name = sameAs(normaliseName(/^[\w.-]*\w/.exec(text)?.[0] ?? text))
  return imported.some((dotted) => {
    const [top = dotted] = dotted.split('.')
    const named = [top, packageOf(top) ?? top].map((one) => sameAs(normaliseName(one)))
    return named.includes(name) || (top === 'cv2' && name.startsWith('opencv-'))
  })
}
