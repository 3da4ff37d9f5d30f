import { type HoneError, userError } from '../../domain/failure.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import { type Names, namesOf } from '../names/names.ts'
import type { Project } from '../project.ts'
import { isAside, isNever } from './entry-names.ts'
import { type UnknownFit, unknownFits } from './unknown-fits.ts'

/** Why nothing trains, in words for the person who pushed it. */

/** Scripts that are looked at for a reason. */
const LOOKED_AT = 60
const SHOWN = 5

/**
 * No script of a repository trains, as far as Hone knows.
 * @returns `estimator-unknown` where one trains a class whose name is likely misspelt, else `no-training-found`
 */
export function noTraining(project: Project): HoneError {
  const found = project.paths
    .filter((path) => !isNever(path) && !isAside(path))
    .slice(0, LOOKED_AT)
    .flatMap((path) => unknownFits(namesOf(project, path)).map((unknown) => ({ path, unknown })))
  const misspelt = found.find(({ unknown }) => unknown.near !== null)
  if (misspelt) return estimatorUnknown(misspelt.unknown, misspelt.path)
  const shown = project.paths.slice(0, SHOWN).join(', ')
  const more = project.paths.length > SHOWN ? ` and ${project.paths.length - SHOWN} more` : ''
  const [seen] = found
  return userError(
    'no-training-found',
    `No script trains a model: Hone looked for fit(), backward(), xgb.train() and the like in ${shown}${more}.${seen ? ` ${said(seen.unknown)}` : ''}`,
    seen
      ? remedyOf(seen.unknown, seen.path)
      : 'Name the script with `entry:` in hone.yaml if there is one, and push again.',
  )
}

/**
 * The script to run trains nothing that Hone knows.
 * @param isNamed hone.yaml names the script: to name it is then no remedy
 * @returns `estimator-unknown` where it trains a class whose name is likely misspelt, else `no-training-found`
 */
export function untrained(names: Names, entry: string, isNamed: boolean): HoneError {
  const [seen] = unknownFits(names)
  if (seen && seen.near !== null) return estimatorUnknown(seen, entry)
  const other = isNamed
    ? 'Correct `entry:` in hone.yaml if another script trains, or name the framework with `framework:`.'
    : 'Name the script that trains with `entry:` in hone.yaml, or its framework with `framework:`.'
  return userError(
    'no-training-found',
    `${entry} trains no model with a framework that Hone knows.${seen ? ` ${said(seen)}` : ''}`,
    seen ? remedyOf(seen, entry) : other,
    seen ? {} : { file: entry },
  )
}

const estimatorUnknown = (unknown: UnknownFit, entry: string): HoneError =>
  userError(
    'estimator-unknown',
    `Hone knows no ${unknown.name} in ${unknown.module}: did you mean ${unknown.near}?`,
    remedyOf(unknown, entry),
    unknown.named,
  )

/** `train.py:20 calls fit() of MLPClasifier, which Hone does not know.` */
const said = ({ called, method, name }: UnknownFit): string =>
  `${called.file}:${called.line} calls ${method}() of ${name}, which Hone does not know.`

/** Both lines together make Hone train it whatever it calls. */
function remedyOf({ name, module }: UnknownFit, entry: string): string {
  const framework = frameworkOfName(module)
  const told = framework ? `\`framework: ${framework}\`` : 'its framework as `framework:`'
  return `Correct the name and push again; if ${name} is right, write \`entry: ${entry}\` and ${told} into hone.yaml.`
}
