import { posix } from 'node:path'
import { type HoneError, userError } from '../../src/domain/failure.ts'
import type { ImageContents } from '../../src/domain/image.ts'
import { packageOf } from '../../src/domain/packages.ts'
import type { ImageChoice } from '../../src/images/plan.ts'
import { goneModule } from '../../src/python/knowledge/gone-modules.ts'
import type { ImportedModule } from '../../src/python/needs/imports.ts'

const top = (dotted: string) => dotted.split('.')[0] ?? dotted

/** Imports that an image cannot meet. @param paths of the repository's files */
function absent(imports: readonly ImportedModule[], { modules }: ImageContents, paths: readonly string[]) {
  // The runtime has stand-ins for IPython in notebooks.
  const inNotebook = imports.some(({ file }) => file.endsWith('.ipynb'))
  const there = new Set(inNotebook ? [...modules, 'IPython'] : modules)
  // Reached in a way that only the running script knows: `sys.path`, a compiled extension.
  const own = new Set(paths.flatMap((path) => path.split('/').map((part) => part.replace(/\..*$/, ''))))
  const found = new Map<string, ImportedModule>()
  for (const one of imports) {
    const gone = packageOf(top(one.module)) === null && isElsewhere(one.module)
    if ((there.has(top(one.module)) && !gone) || own.has(top(one.module))) continue
    if (!found.has(top(one.module))) found.set(top(one.module), one)
  }
  return [...found.values()]
}

/** A module that only a service has, beside others of its package that are public. */
const isElsewhere = (module: string) => /^google\.colab\b/.test(module)

/**
 * What is imported in any case and installed nowhere. Pure.
 * @param entry relative to the repository's root
 * @returns null when nothing is missing
 */
export function missingPackages(
  imports: readonly ImportedModule[],
  contents: ImageContents,
  paths: readonly string[],
  image: ImageChoice,
  entry: string,
): HoneError | null {
  const missing = absent(
    imports.filter(({ certain }) => certain),
    contents,
    paths,
  )
  const [first, ...others] = missing
  if (!first) return null
  const { file, line } = first
  const names = missing.map(({ module }) => top(module)).join(', ')
  return userError(
    'missing-package',
    `${file} imports ${names}, which ${image.name === 'Dockerfile' ? 'the image of the Dockerfile' : `the image ${image.name}`} does not have and nothing installs.`,
    remedyFor(missing, image, needsFile(paths, entry)),
    { file, line, ...(others.length > 0 ? { detail: missing.map(placeOf).join('\n') } : {}) },
  )
}

/** The file to write it to: the nearest that is there, else requirements.txt in the root. */
function needsFile(paths: readonly string[], entry: string): string {
  for (let folder = posix.dirname(entry); ; folder = posix.dirname(folder)) {
    const known = ['requirements.txt', 'pyproject.toml', 'environment.yml', 'environment.yaml']
      .map((name) => posix.join(folder, name))
      .find((path) => paths.includes(path))
    if (known !== undefined) return known
    if (folder === '.' || folder === '/') return 'requirements.txt'
  }
}

const placeOf = ({ file, line, module, text }: ImportedModule) => {
  const named = packageOf(top(module))
  return `${file}:${line}: ${text}${named === null ? '' : `\n    pip install ${named}`}`
}

function remedyFor(missing: readonly ImportedModule[], image: ImageChoice, file: string): string {
  const gone = missing.flatMap(({ module }) => goneModule(module) ?? [])
  const packages = missing.flatMap(({ module }) => (goneModule(module) ? [] : (packageOf(top(module)) ?? [])))
  const unknown = missing.filter(({ module }) => !goneModule(module) && packageOf(top(module)) === null)
  const lines = packages.map((name) => `\`${name}\``).join(' and ')
  const add =
    image.name === 'Dockerfile'
      ? `Install ${lines} in the Dockerfile`
      : file.endsWith('.txt')
        ? `Add the ${packages.length === 1 ? 'line' : 'lines'} ${lines} to ${file}`
        : `Add ${lines} to the dependencies in ${file}`
  return [
    ...(packages.length > 0 ? [`${add}, and push again.`] : []),
    ...gone,
    ...(unknown.length > 0
      ? [
          `${unknown.map(({ module }) => `\`${top(module)}\``).join(', ')}: commit it if it is yours, or add its package to ${image.name === 'Dockerfile' ? 'the Dockerfile' : file}.`,
        ]
      : []),
  ].join(' ')
}

/** What is missing where the program may never come, a line each. Pure. */
export function mayBeMissing(
  imports: readonly ImportedModule[],
  contents: ImageContents,
  paths: readonly string[],
): string[] {
  return absent(
    imports.filter(({ certain }) => !certain),
    contents,
    paths,
  ).map(
    ({ file, line, module }) =>
      `${file}:${line} imports ${module}, which the image does not have: if the training comes there, it needs \`${packageOf(top(module)) ?? top(module)}\` in requirements.txt.`,
  )
}
