import { type HoneError, userError } from '../domain/failure.ts'
import type { AskedPackage, ImageLayer } from '../domain/image.ts'
import { normaliseName } from '../domain/packages.ts'
import type { BuildOutput } from './build-output.ts'

const NO_NETWORK =
  /Retrying \(Retry|Max retries exceeded|Temporary failure in name resolution|Could not resolve host|Connection (?:refused|reset|timed out)|Network is unreachable|Temporary failure resolving/
const NO_VERSION = 'Could not find a version that satisfies the requirement '
const VERSIONS = ' (from versions: '
const OTHER_PYTHON = /ERROR: Ignored the following versions that require a different python version: (.*)/
const CONFLICT = /ResolutionImpossible|conflicting dependencies|Cannot install .{0,2000} because/
const NO_BUILD =
  /Failed to build installable wheels for [^(\n]{0,200}\(([\w.-]+)|Failed (?:to build|building wheel for) ['"]?([\w.-]+)|Could not build wheels for ([\w.-]+)/
const BROKEN_SOURCE =
  /metadata-generation-failed|subprocess-exited-with-error|Getting requirements to build wheel|BackendUnavailable/
const GIT = /(?:git clone|git fetch|git checkout) .{0,2000}did not run successfully|fatal: .*/
const INVALID = /ERROR: Invalid requirement: (.*)/

/**
 * Why pip could not install what a repository asks for, as something that its owner can mend.
 * @param output the end of what the build printed, and the package that pip looked at last
 * @returns null when it is no fault of the repository, as where no network is
 */
export function pipFailure(
  { tail: output, collecting }: Pick<BuildOutput, 'tail' | 'collecting'>,
  layer: ImageLayer,
): HoneError | null {
  const { requirement, versions } = noVersion(output) ?? {}
  const detail = output
  if (requirement !== undefined && versions !== undefined) {
    if (versions === 'none' && NO_NETWORK.test(output)) return null
    const asked = placeOf(requirement, layer)
    if (versions === 'none') {
      return userError(
        'no-package',
        `${bare(requirement)} is not on PyPI, or not for this Python and processor.`,
        `${asked ? `Correct the line in ${asked.file}` : 'Correct its name'}, or bring a \`Dockerfile\` that installs it.`,
        { ...asked, detail },
      )
    }
    const name = /^[\w.-]+/.exec(requirement)?.[0] ?? requirement
    const all = versions.split(', ')
    const final = all.filter((version) => /^[\d.]+$/.test(version))
    const known = final.length > 0 ? final : all
    const older = OTHER_PYTHON.test(output) ? ' of this Python' : ''
    return userError(
      'no-version',
      `${bare(requirement)} cannot be had${older || " for the image's Python"}: of ${name} there are ${shown(known)}.`,
      `Write \`${name}\` without a version to take what suits, or one of these; for another Python bring a \`Dockerfile\`.`,
      { ...asked, detail },
    )
  }
  if (CONFLICT.test(output)) {
    const lines = output.split('\n').filter((line) => /requested|depends on|requires/.test(line))
    const names = lines.flatMap((line) => line.match(/\w[\w.-]*/g) ?? [])
    const reasons = lines.map((line) =>
      line
        .trim()
        .replace(/^The user requested \(constraint\) (.*)$/, '$1 is held, by the image or a constraint')
        .replace(/^The user requested (.*)$/, 'the repository asks for $1'),
    )
    return userError(
      'requirements-conflict',
      `The packages do not go together: ${reasons.join('; ') || 'pip finds no versions that do'}.`,
      'Loosen one of these versions. To have another version of what the image holds, name it in the same file.',
      { ...names.map((name) => placeOf(name, layer)).find((place) => place !== undefined), detail },
    )
  }
  const invalid = INVALID.exec(output)?.[1]
  if (invalid !== undefined) {
    return userError('requirements', `pip cannot read ${invalid}`, 'Correct the line and push again.', {
      ...placeOf(invalid.replaceAll(/['"]/g, ''), layer),
      detail,
    })
  }
  if (NO_NETWORK.test(output)) return null
  const built = NO_BUILD.exec(output)
  if (built || BROKEN_SOURCE.test(output)) {
    const name = built?.[1] ?? built?.[2] ?? built?.[3] ?? collecting ?? ''
    return userError(
      'package-build',
      `${name || 'A package'} is published as source only, or not for the image's Python, and cannot be built there.`,
      'Take another version of it, which has a wheel for that Python, or bring a `Dockerfile` with a compiler or an older Python.',
      { ...placeOf(name, layer), detail },
    )
  }
  if (GIT.test(output) && layer.packages.some(({ text }) => text.includes('git+'))) {
    const place = layer.packages.find(({ text }) => text.includes('git+'))
    return userError(
      'no-package',
      'A package comes from a git repository that cannot be read.',
      'See whether its address and branch are right and everybody may read it.',
      { ...(place ? { file: place.file, line: place.line } : {}), detail },
    )
  }
  return null
}

/** What pip could not find, and which versions there are: the words between others, which no pattern can read in a time that is bounded. */
function noVersion(output: string): { requirement: string; versions: string } | null {
  for (const line of output.split('\n')) {
    const start = line.indexOf(NO_VERSION)
    const middle = start === -1 ? -1 : line.indexOf(VERSIONS, start + NO_VERSION.length)
    const end = middle === -1 ? -1 : line.indexOf(')', middle + VERSIONS.length)
    if (end === -1) continue
    return {
      requirement: line.slice(start + NO_VERSION.length, middle).slice(0, NAME_CHARACTERS),
      versions: line.slice(middle + VERSIONS.length, end),
    }
  }
  return null
}

function placeOf(
  requirement: string,
  { packages }: ImageLayer,
): Pick<AskedPackage, 'file' | 'line'> | undefined {
  const nameOf = (text: string) => normaliseName(/^[\w.-]*\w/.exec(text.trim())?.[0] ?? text)
  const found = packages.find(({ text }) => nameOf(text) === nameOf(requirement))
  return found && { file: found.file, line: found.line }
}

/** Without what asks for it: `(from x)`. */
const bare = (requirement: string) => requirement.replace(/\s*\(from .*$/, '')

const SHOWN = 6
/** Longer than any requirement that a person writes. */
const NAME_CHARACTERS = 1000
const shown = (versions: readonly string[]) =>
  versions.length <= SHOWN
    ? versions.join(', ')
    : `${versions[0]} to ${versions.at(-1)} (${versions.length} versions)`
