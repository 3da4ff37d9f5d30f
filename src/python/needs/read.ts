import { posix } from 'node:path'
import { readEnvironment } from './environment.ts'
import { type Needs, noNeeds, type ReadFile } from './needs.ts'
import { readPyproject } from './pyproject.ts'
import { readRequirements } from './requirements-file.ts'

const REQUIREMENTS = ['requirements.txt', 'requirements-train.txt', 'requirements/base.txt']
const ENVIRONMENTS = ['environment.yml', 'environment.yaml', 'conda.yml', 'conda.yaml']

/** Whether a file may say what a repository needs; others are read only where one of these includes them. */
export const mayNameNeeds = (path: string): boolean =>
  [...REQUIREMENTS, ...ENVIRONMENTS, 'pyproject.toml'].some(
    (name) => path === name || path.endsWith(`/${name}`),
  )

/**
 * What a training needs, from the nearest folder above its entry that says something: requirements.txt and
 * pyproject.toml, else environment.yml.
 * @param entry relative to the repository's root
 * @throws HoneError `user`, `requirements`, with file and line of what cannot be read
 */
export function readNeeds(entry: string, read: ReadFile): Needs {
  for (let folder = posix.dirname(entry); ; folder = posix.dirname(folder)) {
    const needs = ofFolder(folder === '.' ? '' : folder, read)
    if (needs) return needs
    if (folder === '.' || folder === '/') return noNeeds()
  }
}

function ofFolder(folder: string, read: ReadFile): Needs | null {
  const here = (names: readonly string[]) =>
    names.map((name) => posix.join(folder, name)).find((path) => read(path) !== null)
  const requirements = here(REQUIREMENTS)
  const pyproject = here(['pyproject.toml'])
  const first = requirements === undefined ? null : readRequirements(requirements, read)
  const second =
    pyproject === undefined ? null : within(folder, readPyproject(pyproject, read(pyproject) ?? ''))
  if (first || (second && !isEmpty(second))) return joined(first ?? noNeeds(), second ?? noNeeds())
  const environment = here(ENVIRONMENTS)
  return environment === undefined ? null : readEnvironment(environment, read(environment) ?? '')
}

const within = (folder: string, needs: Needs): Needs => ({
  ...needs,
  paths: needs.paths.map((path) => posix.join(folder, path).replace(/^\.$/, '')),
})

const isEmpty = ({ requirements, paths }: Needs) => requirements.length === 0 && paths.length === 0

/** Of a package that both name, the first has the word. */
function joined(first: Needs, second: Needs): Needs {
  const named = new Set(first.requirements.map(({ name }) => name))
  return {
    requirements: [...first.requirements, ...second.requirements.filter(({ name }) => !named.has(name))],
    constraints: [...first.constraints, ...second.constraints],
    options: [...first.options, ...second.options],
    paths: [...new Set([...first.paths, ...second.paths])],
  }
}
